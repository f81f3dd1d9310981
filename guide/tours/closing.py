"""When a hall, an exhibition or the whole house cannot be visited: said, and taken back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame, OfficePage, zone_of
from guide.accounts.permissions import Person, Planner
from guide.tours.calendar_pages import Closed
from guide.tours.days import day_in
from guide.tours.pages import AREA, chain_of
from guide.tours.places import house_of
from guide.tours.queries import closures_after
from guide.tours.slots import NoSuchTimeError, instant
from guide.tours.stops import Closure, Place
from guide.web.forms import Line, Number, Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
CLOSURES = "/staff/tours/closures"
DONE = frozenset({"closed", "reopened"})
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d(:00)?", re.ASCII)
HOUSE = "house"
FIELDS = ("place", "begins", "ends", "reason")


def _moment(typed: object) -> object:
    """Take a day of this century and a time, as a browser sends them."""
    if not isinstance(typed, str) or not MOMENT.fullmatch(typed):
        raise ValueError("it is no time")
    return typed


Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A time on the museum's clock; which instant that is, its zone says."""


class ClosureForm(BaseModel):
    """What is closed, from when to when, and why."""

    place: str
    begins: Moment
    ends: Moment
    reason: Line


@dataclass(frozen=True)
class Closable:
    """What can be closed: its name in a form, its name for people, empty for the house."""

    value: str
    name: str
    language: str


@dataclass(frozen=True)
class ClosuresPage(OfficePage):
    """What is closed now and later, and a form for more."""

    template: ClassVar[str] = "tours/closures.html"

    closures: tuple[Closed, ...]
    places: tuple[Closable, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    done: str = ""


def closure_in_path(db: Db, _planner: Planner, closure_id: Number) -> Closure:
    """Find the closure that the address names."""
    closure = db.get(Closure, closure_id, with_for_update=True)
    if closure is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return closure


ClosureInPath = Annotated[Closure, Depends(closure_in_path)]


@router.api_route(CLOSURES, methods=READ, name="tours.closures")
def list_closures(
    request: Request, db: Db, planner: Planner, done: str = "", day: str = ""
) -> Response:
    """Show what is closed now and later."""
    values = {"begins": f"{day}T10:00", "ends": f"{day}T18:00"} if day_in(day) else {}
    page = _page(request, db, planner, values, {}, done if done in DONE else "")
    return render(request, page)


@router.post(CLOSURES, name="tours.closures.add")
def close(request: Request, db: Db, planner: Planner, fields: Posted) -> Response:
    """Say that something cannot be visited for a time."""
    at = datetime.now(UTC)
    closure = _read(db, fields, zone_of(request), at)
    if isinstance(closure, Rejected):
        page = _page(request, db, planner, fields, closure.errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    db.add(closure)
    db.flush()
    _write_down(db, planner, "closure.added", closure, at)
    return _to_list(request, "closed")


@router.post(CLOSURES + "/{closure_id}/removal", name="tours.closures.remove")
def reopen(request: Request, db: Db, planner: Planner, closure: ClosureInPath) -> Response:
    """Take back that something cannot be visited."""
    _write_down(db, planner, "closure.removed", closure, datetime.now(UTC))
    db.delete(closure)
    return _to_list(request, "reopened")


def _read(
    db: Session, fields: Mapping[str, str], zone: ZoneInfo, at: datetime
) -> Closure | Rejected:
    form = read(ClosureForm, fields)
    errors = dict(form.errors) if isinstance(form, Rejected) else {}
    places = {_value(place): place for place in (Place(), *house_of(db).order)}
    place = places.get(fields.get("place", ""))
    if place is None:
        errors["place"] = "unknown"
    if isinstance(form, Rejected) or place is None:
        return Rejected(fields, errors)
    instants: dict[str, datetime] = {}
    for name, said in (("begins", form.begins), ("ends", form.ends)):
        try:
            instants[name] = instant(said.date(), said.time(), zone)
        except NoSuchTimeError:
            errors[name] = "skipped"
    if not errors and instants["ends"] <= instants["begins"]:
        errors["ends"] = "too-early"
    elif not errors and instants["ends"] <= at:
        errors["ends"] = "over"
    if errors:
        return Rejected(fields, errors)
    return Closure(
        hall_id=place.id if place.kind == "hall" else None,
        exhibition_id=place.id if place.kind == "exhibition" else None,
        starts_at=instants["begins"],
        ends_at=instants["ends"],
        reason=form.reason,
    )


def _page(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    planner: Person,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    done: str = "",
) -> ClosuresPage:
    frame = OfficeFrame.around(request, planner, AREA)
    house = house_of(db)
    closures = closures_after(db, datetime.now(UTC))
    named = [(place, house.name_of(place, chain_of(frame))) for place in house.order]
    return ClosuresPage(
        frame,
        closures=tuple(Closed.of(one, house, frame) for one in closures),
        places=tuple(
            Closable(_value(place), name.text, name.language) for place, name in named if name
        ),
        values={**dict.fromkeys(FIELDS, ""), **values},
        errors=errors,
        done=done,
    )


def _value(place: Place) -> str:
    """Return what a form calls a place: house, hall-3, exhibition-1."""
    return f"{place.kind}-{place.id}" if place.kind else HOUSE


def _write_down(
    db: Session, planner: Person, deed: str, closure: Closure, at: datetime
) -> None:
    account = db.get_one(Account, planner.id)
    db.add(AuditEntry.of(account, deed, f"closure:{closure.id}", at))


def _to_list(request: Request, done: str) -> Response:
    path = request.app.url_path_for("tours.closures")
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
