"""The halls and the plan: what stands where, how many fit in, how far it is on foot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.hall_forms import (
    FIELDS,
    free_slug,
    hall_in,
    name_of,
    reordered,
    values_of_hall,
    ways_in,
)
from guide.curation.pages import Tongue, chain_of
from guide.curation.queries import tongues
from guide.curation.record_forms import slug_of_name
from guide.curation.record_pages import Choosable, InTongue, Typed, choosable
from guide.exhibits.hall_exchange import hall_entry, said_of_hall, write_hall, write_ways
from guide.exhibits.hall_sheets import HallEntry, WayEntry
from guide.exhibits.halls import (
    Hall,
    HallWay,
    halls_in_order,
    how_many_stand,
    minutes_between,
    stands_in,
)
from guide.exhibits.model import Exhibit
from guide.exhibits.revisions import By, Cause, keep, latest_number
from guide.exhibits.words import Passage, first_in
from guide.web.forms import Posted
from guide.web.pages import render
from guide.web.session import SAFE, Db

router = APIRouter()
HALLS = "/staff/halls"
NEW = HALLS + "/new"
HALL = HALLS + "/{hall}"
DONE = frozenset({"saved", "removed", "ordered"})


@dataclass(frozen=True)
class ListedHall:
    """A hall in the list."""

    slug: str
    name: Passage
    floor: int
    capacity: int | None
    is_on_plan: bool
    holds: int


@dataclass(frozen=True)
class HallsPage(OfficePage):
    """The halls in their order."""

    template: ClassVar[str] = "curation/halls.html"

    halls: tuple[ListedHall, ...]
    done: str = ""


@dataclass(frozen=True)
class Holding:
    """Something that names the hall as its own, and the kind of its record."""

    kind: str
    slug: str
    name: Passage


@dataclass(frozen=True)
class HallPage(OfficePage):
    """A hall, or what is asked of a new one, which has no slug yet.

    `problem` is "stale", "unreadable" or "used"; `holds` is what stands in it.
    """

    template: ClassVar[str] = "curation/hall.html"

    slug: str
    name: Passage | None
    version: int
    values: Mapping[str, str]
    errors: Mapping[str, str]
    names: tuple[InTongue, ...]
    others: tuple[Choosable, ...]
    holds: tuple[Holding, ...]
    problem: str = ""
    done: str = ""


def hall_in_path(request: Request, db: Db, _curator: Curator, hall: str) -> Hall:
    """Find the hall that the address names; others who change it wait."""
    query = select(Hall).where(Hall.slug == hall)
    found = db.scalar(query if request.method in SAFE else query.with_for_update())
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


HallInPath = Annotated[Hall, Depends(hall_in_path)]


@router.api_route(HALLS, methods=READ, name="curation.halls")
def list_halls(request: Request, db: Db, curator: Curator, done: str = "") -> Response:
    """List the halls."""
    frame = OfficeFrame.around(request, curator, AREA)
    held = how_many_stand(db)
    halls = tuple(
        ListedHall(
            one.slug,
            first_in(one.names, chain_of(frame)) or Passage(one.slug, "zxx"),
            one.floor,
            one.capacity,
            one.place is not None,
            held[one.id],
        )
        for one in halls_in_order(db)
    )
    return render(request, HallsPage(frame, halls, done if done in DONE else ""))


@router.post(HALLS + "/order", name="curation.halls.order")
def order_halls(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Move a hall up or down in the list."""
    halls = {one.slug: one for one in halls_in_order(db)}
    order = reordered(list(halls), fields.get("move", ""))
    if order != list(halls):
        for position, slug in enumerate(order, 1):
            halls[slug].position = position
        at = datetime.now(UTC)
        db.add(AuditEntry.of(account_of(db, curator), "halls.ordered", "halls:all", at))
    return _to_list(request, "ordered")


@router.api_route(NEW, methods=READ, name="curation.hall.new")
def ask_for_hall(request: Request, db: Db, curator: Curator) -> Response:
    """Ask what a new hall is called, and where it is."""
    return render(request, _page(request, db, curator, None, {"floor": "0"}))


@router.post(NEW, name="curation.hall.create")
def add_hall(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Add a hall, the last in the order."""
    halls = halls_in_order(db)
    slugs = [one.slug for one in halls]
    slug = free_slug(slug_of_name(name_of(fields)), "hall", slugs)
    entry, ways, errors = _read(db, fields, slug, slugs)
    if entry is None or errors:
        page = _page(request, db, curator, None, fields, problem="unreadable", errors=errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    hall = Hall(slug=slug)
    write_hall(hall, entry, max((one.position for one in halls), default=0) + 1)
    db.add(hall)
    db.flush()
    write_ways(db, ways)
    _keep(db, hall, "hall.added", curator, Cause.SAVED)
    return _again(request, hall)


@router.api_route(HALL, methods=READ, name="curation.hall")
def show_hall(
    request: Request, db: Db, curator: Curator, hall: HallInPath, done: str = ""
) -> Response:
    """Show a hall."""
    values = values_of_hall(hall_entry(hall), _ways_of(db, hall))
    done = done if done in DONE else ""
    return render(request, _page(request, db, curator, hall, values, done=done))


@router.post(HALL, name="curation.hall.save")
def save_hall(
    request: Request, db: Db, curator: Curator, hall: HallInPath, fields: Posted
) -> Response:
    """Save a hall; visitors see it at once."""
    if fields.get("version") != str(_version(db, hall)):
        page = _page(request, db, curator, hall, fields, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    others = [one.slug for one in halls_in_order(db) if one.id != hall.id]
    entry, ways, errors = _read(db, fields, hall.slug, others)
    if entry is None or errors:
        page = _page(request, db, curator, hall, fields, problem="unreadable", errors=errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    before = hall_entry(hall), _ways_of(db, hall)
    now = entry, {way.between[1]: way.minutes for way in ways}
    if now != before:
        write_hall(hall, entry, hall.position)
        _forget_ways(db, hall)
        write_ways(db, ways)
        _keep(db, hall, "hall.saved", curator, Cause.SAVED)
    return _again(request, hall)


@router.post(HALL + "/removal", name="curation.hall.remove")
def remove_hall(request: Request, db: Db, curator: Curator, hall: HallInPath) -> Response:
    """Take a hall away that nothing stands in; what it said is kept as a revision."""
    if stands_in(db, hall):
        values = values_of_hall(hall_entry(hall), _ways_of(db, hall))
        page = _page(request, db, curator, hall, values, problem="used")
        return render(request, page, HTTPStatus.CONFLICT)
    _keep(db, hall, "hall.removed", curator, Cause.DISCARDED)
    _forget_ways(db, hall)
    db.delete(hall)
    return _to_list(request, "removed")


def choosable_halls(db: Session, frame: OfficeFrame) -> tuple[Choosable, ...]:
    """Name the halls for a record to choose from."""
    return choosable([(one.slug, one.names) for one in halls_in_order(db)], frame)


def is_hall(db: Session, slug: str | None) -> bool:
    """Say whether a record may name this hall, which stays until it does; none is one too."""
    query = select(Hall.id).where(Hall.slug == slug).with_for_update(read=True)
    return slug is None or db.scalar(query) is not None


def _read(
    db: Session, fields: Mapping[str, str], slug: str, others: list[str]
) -> tuple[HallEntry | None, tuple[WayEntry, ...], dict[str, str]]:
    entry, errors = hall_in(fields, slug, [one.tag for one in tongues(db)])
    ways, wrong_ways = ways_in(fields, slug, others)
    return entry, ways, errors | wrong_ways


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    hall: Hall | None,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    done: str = "",
) -> HallPage:
    frame = OfficeFrame.around(request, curator, AREA)
    typed = Typed(values, [Tongue.of(one) for one in tongues(db)])
    chain = chain_of(frame)
    others = [one for one in halls_in_order(db) if hall is None or one.id != hall.id]
    fields = [*FIELDS, *(f"way-{one.slug}" for one in others)]
    return HallPage(
        frame,
        slug=hall.slug if hall else "",
        name=(first_in(hall.names, chain) or Passage(hall.slug, "zxx")) if hall else None,
        version=_version(db, hall) if hall else 0,
        values={**dict.fromkeys(fields, ""), **values},
        errors=errors or {},
        names=typed.in_tongues("names"),
        others=choosable([(one.slug, one.names) for one in others], frame),
        holds=tuple(
            Holding(
                "exhibit" if isinstance(one, Exhibit) else "exhibition",
                one.slug,
                first_in(one.names, chain) or Passage(one.slug, "zxx"),
            )
            for one in (stands_in(db, hall) if hall else ())
        ),
        problem=problem,
        done=done,
    )


def _version(db: Session, hall: Hall) -> int:
    return latest_number(db, "hall", hall.id, "")


def _ways_of(db: Session, hall: Hall) -> dict[str, int]:
    ways = minutes_between(db).items()
    return {other: minutes for (one, other), minutes in ways if one == hall.slug}


def _forget_ways(db: Session, hall: Hall) -> None:
    its = or_(HallWay.hall_id == hall.id, HallWay.other_id == hall.id)
    db.execute(delete(HallWay).where(its))
    db.flush()


def _keep(db: Session, hall: Hall, deed: str, curator: Person, cause: Cause) -> None:
    db.flush()
    at = datetime.now(UTC)
    keep(db, said_of_hall(db, hall), cause, at, By(curator.id))
    db.add(AuditEntry.of(account_of(db, curator), deed, f"hall:{hall.slug}"[:80], at))


def _again(request: Request, hall: Hall) -> Response:
    path = request.app.url_path_for("curation.hall", hall=hall.slug)
    return RedirectResponse(f"{path}?done=saved", HTTPStatus.SEE_OTHER)


def _to_list(request: Request, done: str) -> Response:
    path = request.app.url_path_for("curation.halls")
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
