"""New exhibitions, and the order of all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.pages import Tongue
from guide.curation.queries import tongues
from guide.curation.record_forms import MOVES, slug_of_name
from guide.curation.record_pages import InTongue, Typed
from guide.exhibits.exchange import bring_in, exhibition_sheet
from guide.exhibits.model import SOURCE_LANGUAGE, Accent, Exhibition
from guide.exhibits.revisions import By, Cause, keep
from guide.exhibits.sheets import SLUG, ExhibitionSheet
from guide.languages.model import Language
from guide.qr.registry import mint_for, things_called
from guide.web.forms import Posted, readable
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
ROOMS = "/staff/exhibitions"
KIND = "exhibition"
NOT_A_ROOM = frozenset({"new", "glossary", "vocabularies", "halls", "routes", "media"})
"""Slugs that addresses and the folders of content use for something else."""
LONGEST_SLUG = 60


@dataclass(frozen=True)
class NewRoomPage(OfficePage):
    """Asks what a new exhibition is called, and where it stands."""

    template: ClassVar[str] = "curation/new_room.html"

    values: Mapping[str, str]
    errors: Mapping[str, str]
    names: tuple[InTongue, ...]
    accents: tuple[str, ...] = tuple(Accent)


@router.api_route(ROOMS + "/new", methods=READ, name="curation.room.new")
def ask_for_room(request: Request, db: Db, curator: Curator) -> Response:
    """Ask what a new exhibition is called."""
    values = {"position": str(_next_position(db)), "accent": Accent.MADDER}
    return render(request, _page(request, db, curator, values, {}))


@router.post(ROOMS + "/new", name="curation.room.create")
def add_room(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Add an exhibition that no visitor sees before it has something to show, with a code."""
    sheet, errors = _sheet_in(fields, tongues(db))
    slug = fields.get("slug", "").strip()
    if sheet and not slug:
        slug = slug_of_name(sheet.names[SOURCE_LANGUAGE])
    if slug and (wrong := _wrong_slug(db, slug)):
        errors["slug"] = wrong
    elif sheet and not slug:
        errors["slug"] = "unfit"
    if sheet is None or errors:
        page = _page(request, db, curator, fields, errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    at = datetime.now(UTC)
    bring_in(db, {(KIND, slug, ""): sheet}, at, Cause.SAVED, By(curator.id))
    mint_for(db, things_called(db, KIND, slug), at)
    _write_down(db, slug, "exhibition.added", curator, at)
    parts = {"kind": KIND, "slug": slug, "language": SOURCE_LANGUAGE}
    path = request.app.url_path_for("curation.text", **parts)
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


@router.post(ROOMS + "/{exhibition}/place", name="curation.place.create")
def move_room(
    request: Request, db: Db, curator: Curator, exhibition: str, fields: Posted
) -> Response:
    """Let an exhibition change its place with the one before or after it."""
    query = select(Exhibition).where(Exhibition.removed_at.is_(None)).with_for_update()
    rooms = list(db.scalars(query.order_by(Exhibition.position, Exhibition.slug)))
    at = next((n for n, one in enumerate(rooms) if one.slug == exhibition), None)
    if at is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    other = at + MOVES.get(fields.get("move", ""), 0)
    if other != at and 0 <= other < len(rooms):
        rooms[at], rooms[other] = rooms[other], rooms[at]
        _number(db, rooms, curator, datetime.now(UTC))
        _write_down(db, exhibition, "exhibition.moved", curator, datetime.now(UTC))
    path = request.app.url_path_for("curation.rooms")
    return RedirectResponse(f"{path}#{exhibition}", HTTPStatus.SEE_OTHER)


def _number(db: Session, rooms: list[Exhibition], curator: Person, at: datetime) -> None:
    """Give the exhibitions the places in which they stand."""
    for place, room in enumerate(rooms, 1):
        if room.position != place:
            room.position = place
            db.flush()
            said = (KIND, room.id, "", exhibition_sheet(room).model_dump(mode="json"))
            keep(db, said, Cause.SAVED, at, By(curator.id))


def _sheet_in(
    fields: Mapping[str, str], languages: list[Language]
) -> tuple[ExhibitionSheet | None, dict[str, str]]:
    names, errors = dict[str, str](), dict[str, str]()
    for one in languages:
        try:
            name = " ".join(readable(fields.get(f"name-{one.tag}", "")).split())
        except ValueError:
            errors[f"name-{one.tag}"] = "unreadable"
            continue
        if name:
            names[one.tag] = name
    if SOURCE_LANGUAGE not in names:
        errors[f"name-{SOURCE_LANGUAGE}"] = "missing"
    position = fields.get("position", "").strip()
    said = {
        "position": int(position) if re.fullmatch(r"\d{1,4}", position, re.ASCII) else 0,
        "accent": fields.get("accent", ""),
        "names": names or {SOURCE_LANGUAGE: "?"},
    }
    try:
        sheet = ExhibitionSheet.model_validate(said)
    except ValidationError as bad:
        places = (
            ("name" if one["loc"][0] == "names" else one["loc"][0], one) for one in bad.errors()
        )
        errors |= {
            "-".join(map(str, (name, *one["loc"][1:]))): one["type"] for name, one in places
        }
        return None, errors
    return (None if errors else sheet), errors


def _wrong_slug(db: Session, slug: str) -> str:
    """Say what is wrong with a slug: "unfit" or "taken", nothing if it will do."""
    if not re.fullmatch(SLUG, slug) or len(slug) > LONGEST_SLUG or slug in NOT_A_ROOM:
        return "unfit"
    return "taken" if things_called(db, KIND, slug) else ""


def _next_position(db: Session) -> int:
    return max(db.scalars(select(Exhibition.position)), default=0) + 1


def _page(
    request: Request,
    db: Session,
    curator: Person,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> NewRoomPage:
    frame = OfficeFrame.around(request, curator, AREA)
    shown = {name: values.get(name, "") for name in ("slug", "position", "accent")}
    names = Typed(values, [Tongue.of(one) for one in tongues(db)]).in_tongues("name")
    return NewRoomPage(frame, shown, errors, names)


def _write_down(db: Session, slug: str, deed: str, curator: Person, at: datetime) -> None:
    db.add(AuditEntry.of(account_of(db, curator), deed, f"{KIND}:{slug}", at))
