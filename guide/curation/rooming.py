"""The records of the exhibitions and of the Center: order, colour, address, what is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.halling import choosable_halls, is_hall
from guide.curation.pages import Tongue, Way, chain_of, ways_of
from guide.curation.queries import tongues
from guide.curation.record_forms import (
    house_sheet_in,
    moved,
    room_sheet_in,
    rows_in,
    values_of_house,
    values_of_room,
)
from guide.curation.record_pages import (
    CONFIDENCES,
    Changed,
    Choosable,
    FactRow,
    InTongue,
    Typed,
    differences,
)
from guide.exhibits import publishing
from guide.exhibits.exchange import bring_in, center_sheet, exhibition_sheet
from guide.exhibits.model import Accent, Center, Exhibit, Exhibition
from guide.exhibits.revisions import By, Cause, keep, latest_number
from guide.exhibits.sheets import CenterSheet, ExhibitionSheet
from guide.exhibits.words import Passage, first_in
from guide.web.forms import Posted
from guide.web.pages import render
from guide.web.session import SAFE, Db

router = APIRouter()
ROOMS = "/staff/exhibitions"
ROOM = ROOMS + "/{exhibition}"
HOUSE = "/staff/center"
DONE = frozenset({"saved", "closed", "reopened", "put-back"})
KIND_OF_ROOM, KIND_OF_HOUSE = "exhibition", "center"


@dataclass(frozen=True)
class ListedRoom:
    """An exhibition in the list."""

    slug: str
    name: Passage
    accent: str
    count: int
    closed: str


@dataclass(frozen=True)
class RoomsPage(OfficePage):
    """The exhibitions in the order of the rooms, and the Center."""

    template: ClassVar[str] = "curation/rooms.html"

    rooms: tuple[ListedRoom, ...]


@dataclass(frozen=True)
class RoomPage(OfficePage):
    """The record of an exhibition or of the Center, whose `kind` is "center"."""

    template: ClassVar[str] = "curation/room.html"

    kind: str
    slug: str
    name: Passage
    version: int
    ways: tuple[Way, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    address: tuple[InTongue, ...]
    facts: tuple[FactRow, ...]
    halls: tuple[Choosable, ...]
    closed: str
    removed: str
    changed: tuple[Changed, ...] = ()
    problem: str = ""
    done: str = ""
    accents: tuple[str, ...] = tuple(Accent)
    confidences: tuple[str, ...] = CONFIDENCES
    of_exhibition: bool = False


def room_in_path(request: Request, db: Db, _curator: Curator, exhibition: str) -> Exhibition:
    """Find the exhibition that the address names; others who change it wait."""
    query = select(Exhibition).where(Exhibition.slug == exhibition)
    query = query.options(selectinload(Exhibition.texts))
    found = db.scalar(query if request.method in SAFE else query.with_for_update())
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def house(request: Request, db: Db, _curator: Curator) -> Center:
    """Find the Center; others who change it wait."""
    query = select(Center).options(selectinload(Center.texts))
    found = db.scalar(query if request.method in SAFE else query.with_for_update())
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


RoomInPath = Annotated[Exhibition, Depends(room_in_path)]
House = Annotated[Center, Depends(house)]


@router.api_route(ROOMS, methods=READ, name="curation.rooms")
def list_rooms(request: Request, db: Db, curator: Curator) -> Response:
    """List the exhibitions."""
    frame = OfficeFrame.around(request, curator, AREA)
    counts = dict(
        db.execute(
            select(Exhibit.exhibition_id, func.count())
            .where(Exhibit.removed_at.is_(None))
            .group_by(Exhibit.exhibition_id)
        ).all()
    )
    there = select(Exhibition).where(Exhibition.removed_at.is_(None))
    rooms = db.scalars(there.order_by(Exhibition.position, Exhibition.slug))
    page = RoomsPage(
        frame,
        tuple(
            ListedRoom(
                one.slug,
                first_in(one.names, chain_of(frame)) or Passage(one.slug, "zxx"),
                one.accent,
                counts.get(one.id, 0),
                frame.moment(one.closed_at) if one.closed_at else "",
            )
            for one in rooms
        ),
    )
    return render(request, page)


@router.api_route(ROOM, methods=READ, name="curation.room")
def show_room(
    request: Request, db: Db, curator: Curator, room: RoomInPath, done: str = ""
) -> Response:
    """Show the record of an exhibition."""
    values = values_of_room(exhibition_sheet(room))
    page = _page(request, db, curator, room, values, done=done if done in DONE else "")
    return render(request, page)


@router.post(ROOM, name="curation.room.save")
def save_room(
    request: Request, db: Db, curator: Curator, room: RoomInPath, fields: Posted
) -> Response:
    """Save the record of an exhibition; visitors see it at once."""
    return _saved(request, db, curator, room, fields)


@router.post(ROOM + "/closure", name="curation.closure.create")
def close(request: Request, db: Db, curator: Curator, room: RoomInPath) -> Response:
    """Say that an exhibition is over; its pages stay and say so."""
    at = datetime.now(UTC)
    if room.closed_at is None:
        room.close(at)
        _keep_room(db, room, curator, at, "exhibition.closed")
    return _again(request, room, "closed")


@router.post(ROOM + "/closure/end", name="curation.closure.end")
def reopen(request: Request, db: Db, curator: Curator, room: RoomInPath) -> Response:
    """Say that an exhibition goes on."""
    at = datetime.now(UTC)
    if room.closed_at is not None:
        room.reopen()
        _keep_room(db, room, curator, at, "exhibition.reopened")
    return _again(request, room, "reopened")


@router.api_route(HOUSE, methods=READ, name="curation.house")
def show_house(
    request: Request, db: Db, curator: Curator, center: House, done: str = ""
) -> Response:
    """Show the record of the Center: its address, and what is known of it."""
    values = values_of_house(center_sheet(center))
    page = _page(request, db, curator, center, values, done=done if done in DONE else "")
    return render(request, page)


@router.post(HOUSE, name="curation.house.save")
def save_house(
    request: Request, db: Db, curator: Curator, center: House, fields: Posted
) -> Response:
    """Save the record of the Center; visitors see it at once."""
    return _saved(request, db, curator, center, fields)


def _saved(
    request: Request,
    db: Session,
    curator: Person,
    owner: Exhibition | Center,
    fields: Mapping[str, str],
) -> Response:
    before, shown = _record(owner)
    values = moved(fields, fields.get("move", ""))
    if fields.get("version") != str(_version(db, owner)):
        theirs = differences(shown, values)
        page = _page(request, db, curator, owner, values, problem="stale", changed=theirs)
        return render(request, page, HTTPStatus.CONFLICT)
    tags = [one.tag for one in tongues(db)]
    sheet: ExhibitionSheet | CenterSheet | None
    if isinstance(before, ExhibitionSheet):
        sheet, errors = room_sheet_in(values, before, tags)
        if sheet is not None and not is_hall(db, sheet.hall):
            sheet, errors = None, {"hall": "unknown"}
    else:
        sheet, errors = house_sheet_in(values, before, tags)
    if sheet is None:
        page = _page(request, db, curator, owner, values, problem="unreadable", errors=errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if sheet != before:
        at = datetime.now(UTC)
        key = (KIND_OF_ROOM, owner.slug, "") if isinstance(owner, Exhibition) else HOUSE_KEY
        bring_in(db, {key: sheet}, at, Cause.SAVED, By(curator.id))
        _write_down(db, owner, "record.saved", curator, at)
    return _again(request, owner, "saved")


HOUSE_KEY = (KIND_OF_HOUSE, "", "")


def _record(
    owner: Exhibition | Center,
) -> tuple[ExhibitionSheet | CenterSheet, Mapping[str, str]]:
    if isinstance(owner, Exhibition):
        room = exhibition_sheet(owner)
        return room, values_of_room(room)
    sheet = center_sheet(owner)
    return sheet, values_of_house(sheet)


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    owner: Exhibition | Center,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    changed: tuple[Changed, ...] = (),
    problem: str = "",
    done: str = "",
) -> RoomPage:
    frame = OfficeFrame.around(request, curator, AREA)
    languages = tongues(db)
    typed = Typed(values, [Tongue.of(one) for one in languages])
    closed = owner.closed_at if isinstance(owner, Exhibition) else None
    removed = owner.removed_at if isinstance(owner, Exhibition) else None
    slug = publishing.slug_of(owner)
    return RoomPage(
        frame,
        kind=publishing.word_of(owner),
        slug=slug,
        name=first_in(owner.names, chain_of(frame)) or Passage(slug, "zxx"),
        version=_version(db, owner),
        ways=ways_of(languages, publishing.states_of(db, owner), ""),
        values={**dict.fromkeys(_blank(owner), ""), **values},
        errors=errors or {},
        address=typed.in_tongues("address"),
        facts=typed.facts(rows_in(values, "fact")),
        halls=choosable_halls(db, frame),
        closed=frame.moment(closed) if closed else "",
        removed=frame.moment(removed) if removed else "",
        changed=changed,
        problem=problem,
        done=done,
    )


def _blank(owner: Exhibition | Center) -> Mapping[str, str]:
    """Return the fields of its form: a form that lacks some is shown with them empty."""
    if isinstance(owner, Exhibition):
        return values_of_room(exhibition_sheet(owner))
    return values_of_house(center_sheet(owner))


def _version(db: Session, owner: Exhibition | Center) -> int:
    return latest_number(db, publishing.word_of(owner), owner.id, "")


def _keep_room(db: Session, room: Exhibition, curator: Person, at: datetime, deed: str) -> None:
    db.flush()
    said = (KIND_OF_ROOM, room.id, "", exhibition_sheet(room).model_dump(mode="json"))
    keep(db, said, Cause.SAVED, at, By(curator.id))
    _write_down(db, room, deed, curator, at)


def _write_down(
    db: Session, owner: Exhibition | Center, deed: str, curator: Person, at: datetime
) -> None:
    subject = f"{publishing.word_of(owner)}:{publishing.slug_of(owner)}"
    db.add(AuditEntry.of(account_of(db, curator), deed, subject, at))


def _again(request: Request, owner: Exhibition | Center, done: str) -> Response:
    if isinstance(owner, Exhibition):
        path = request.app.url_path_for("curation.room", exhibition=owner.slug)
    else:
        path = request.app.url_path_for("curation.house")
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
