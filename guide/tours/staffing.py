"""Who leads a tour, who is in charge of it, and who interprets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Annotated, ClassVar, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Role
from guide.accounts.office import OfficeFrame, zone_of
from guide.accounts.permissions import Planner
from guide.languages.queries import all_languages
from guide.tours import deeds
from guide.tours.access import OpenTour
from guide.tours.model import Tour
from guide.tours.naming import OTHER_LANGUAGES, language_name
from guide.tours.overview import TOUR
from guide.tours.pages import AREA, TourHead, TourPage
from guide.tours.people import (
    Duty,
    Interpreter,
    Mode,
    SpokenLanguage,
    TourInterpreter,
    TourStaff,
)
from guide.tours.person_forms import MaybeLine
from guide.tours.promises import ChangeableTour
from guide.tours.queries import colleagues
from guide.tours.requesting import (
    Option,
    seen_version,
    spoken_options,
)
from guide.tours.slots import EndsTooEarlyError, NoSuchTimeError, TimeSlot, day_of
from guide.tours.tour_forms import MaybeTime
from guide.web.forms import LARGEST_NUMBER, Posted, Rejected, read
from guide.web.pages import Choice, render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
INTERPRETER_ROWS = 3
ASKED = ("interpreter", "from", "to", "mode", "sets", "begins", "ends")
"""The fields of an interpreter of the form, each with the number of its row."""


@dataclass(frozen=True)
class Colleague:
    """Somebody who can be chosen, and the languages in which they can lead.

    Who `has_left` was chosen before, and can only be taken out any more.
    """

    field: str
    name: str
    languages: tuple[str, ...]
    is_chosen: bool
    has_left: bool


@dataclass(frozen=True)
class InterpreterRow:
    """An interpreter of the form; `error` names the field that cannot be taken."""

    number: int
    values: Mapping[str, str]
    error: str = ""


@dataclass(frozen=True)
class AtWork:
    """An interpreter of a tour, in words; `hours` are empty for the whole of it."""

    name: str
    languages: tuple[str, str]
    mode: str
    hours: str
    sets: str


@dataclass(frozen=True)
class Team:
    """Who leads a tour, who is in charge of it and who interprets, as it is stored."""

    guides: tuple[str, ...]
    planners: tuple[str, ...]
    interpreters: tuple[AtWork, ...]

    @classmethod
    def of(cls, tour: Tour, frame: OfficeFrame) -> Self:
        """Name the team of a tour."""
        named = {
            duty: tuple(one.account.name for one in tour.staff if one.duty == duty)
            for duty in Duty
        }
        interpreters = tuple(_at_work(one, frame) for one in tour.interpreters)
        return cls(named[Duty.GUIDE], named[Duty.PLANNER], interpreters)


@dataclass(frozen=True)
class StaffPage(TourPage):
    """Who leads, who is in charge, who interprets; to be chosen.

    Beside a form that came too late stand `theirs`: the team as it is now.
    """

    template: ClassVar[str] = "tours/staff.html"

    guides: tuple[Colleague, ...]
    planners: tuple[Colleague, ...]
    rows: tuple[InterpreterRow, ...]
    interpreters: tuple[Option, ...]
    languages: tuple[Option, ...]
    problem: str = ""
    done: str = ""
    theirs: Team | None = None
    modes: tuple[str, ...] = tuple(Mode)


class _RowForm(BaseModel):
    """One interpreter at work."""

    interpreter: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
    mode: Mode
    sets: Annotated[MaybeLine, StringConstraints(max_length=80)] = ""
    begins: MaybeTime = None
    ends: MaybeTime = None


@router.api_route(TOUR + "/staff", methods=READ, name="tours.staff")
def show(
    request: Request, db: Db, _planner: Planner, found: ChangeableTour, done: str = ""
) -> Response:
    """Show who can be chosen, and who is."""
    done = done if done == "saved" else ""
    values = _values(found.tour, zone_of(request))
    return render(request, _page(request, db, found, values, done=done))


@router.post(TOUR + "/staff", name="tours.staff.save")
def save(
    request: Request, db: Db, _planner: Planner, found: ChangeableTour, fields: Posted
) -> Response:
    """Choose who leads, who is in charge and who interprets; two at once are told."""
    if seen_version(fields.get("version", "")) != found.tour.version:
        page = _page(request, db, found, fields, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    rows, errors = _interpreters_in(db, found.tour, fields, zone_of(request))
    if errors:
        page = _page(request, db, found, fields, errors=errors, problem="unreadable")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    found.tour.change(found.tour.version)
    changed = _fill(db, found.tour, fields, rows)
    deeds.keep_in_charge(found.tour, found.who)
    at = datetime.now(UTC)
    deeds.write_down(db, found.tour, "tour.staffed", found.who, at, changed)
    path = request.app.url_path_for("tours.staff", tour_id=str(found.tour.id))
    return RedirectResponse(f"{path}?done=saved", HTTPStatus.SEE_OTHER)


def spoken_by_account(db: Session) -> dict[int, tuple[str, ...]]:
    """Return the languages in which each of the staff can lead, by account."""
    found: dict[int, tuple[str, ...]] = {}
    query = select(SpokenLanguage).order_by(SpokenLanguage.account_id, SpokenLanguage.language)
    for one in db.scalars(query):
        found[one.account_id] = (*found.get(one.account_id, ()), one.language)
    return found


def _fill(
    db: Session, tour: Tour, fields: Mapping[str, str], rows: list[TourInterpreter]
) -> list[str]:
    """Put the chosen ones in, of those who can be chosen or were before."""
    changed = []
    for duty, role in ((Duty.GUIDE, Role.GUIDE), (Duty.PLANNER, Role.PLANNER)):
        offered = {one.id for one in colleagues(db, role)}
        before = {one.account_id for one in tour.staff if one.duty == duty}
        chosen = {id_ for id_ in offered | before if f"{duty}-{id_}" in fields}
        if chosen != before:
            changed.append(str(duty))
        tour.staff = [
            one for one in tour.staff if one.duty != duty or one.account_id in chosen
        ] + [TourStaff(account_id=id_, duty=duty) for id_ in sorted(chosen - before)]
    if [_told(one) for one in tour.interpreters] != [_told(one) for one in rows]:
        tour.interpreters = rows
        changed.append("interpreters")
    return changed


def _told(one: TourInterpreter) -> tuple[object, ...]:
    return (
        *(one.interpreter_id, one.from_language, one.to_language),
        *(one.mode, one.whisper_sets, one.starts_at, one.ends_at),
    )


def _interpreters_in(
    db: Session, tour: Tour, fields: Mapping[str, str], zone: ZoneInfo
) -> tuple[list[TourInterpreter], dict[int, str]]:
    """Read the interpreters of the form, or by row the field that cannot be taken."""
    known = set(db.scalars(select(Interpreter.id)))
    tags = {*OTHER_LANGUAGES, *(one.tag for one in all_languages(db))}
    found: list[TourInterpreter] = []
    errors: dict[int, str] = {}
    for number in range(INTERPRETER_ROWS):
        said = {name: fields.get(f"{name}-{number}", "") for name in ASKED}
        if not said["interpreter"]:
            continue
        form = read(_RowForm, said)
        if isinstance(form, Rejected):
            errors[number] = next(iter(form.errors))
            continue
        wrong = [name for name in ("from", "to") if said[name] not in tags]
        if form.interpreter not in known or wrong:
            errors[number] = wrong[0] if wrong else "interpreter"
            continue
        try:
            starts_at, ends_at = _hours(tour, form, zone)
        except (NoSuchTimeError, EndsTooEarlyError):
            errors[number] = "ends"
            continue
        found.append(
            TourInterpreter(
                interpreter_id=form.interpreter,
                from_language=said["from"],
                to_language=said["to"],
                mode=form.mode,
                whisper_sets=form.sets,
                starts_at=starts_at,
                ends_at=ends_at,
            )
        )
    return found, errors


def _hours(
    tour: Tour, form: _RowForm, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """Return when an interpreter works: the whole tour, or some of its day."""
    if form.begins is None and form.ends is None:
        return None, None
    if tour.starts_at is None or tour.ends_at is None:
        raise NoSuchTimeError
    day: date = day_of(tour.starts_at, zone)
    first: time = form.begins or tour.starts_at.astimezone(zone).time()
    last: time = form.ends or tour.ends_at.astimezone(zone).time()
    slot = TimeSlot.on(day, first, last, zone)
    return slot.starts_at, slot.ends_at


def _values(tour: Tour, zone: ZoneInfo) -> dict[str, str]:
    values = {f"{one.duty}-{one.account_id}": "1" for one in tour.staff}
    for number, one in enumerate(tour.interpreters):
        values |= {
            f"interpreter-{number}": str(one.interpreter_id),
            f"from-{number}": one.from_language,
            f"to-{number}": one.to_language,
            f"mode-{number}": one.mode,
            f"sets-{number}": one.whisper_sets,
            f"begins-{number}": _clock(one.starts_at, zone),
            f"ends-{number}": _clock(one.ends_at, zone),
        }
    return values


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}" if at else ""


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    found: OpenTour,
    values: Mapping[str, str],
    *,
    errors: Mapping[int, str] | None = None,
    problem: str = "",
    done: str = "",
) -> StaffPage:
    frame = OfficeFrame.around(request, found.who, AREA)
    tongues = [Choice(one.tag, one.endonym, one.direction) for one in all_languages(db)]
    chosen = {one.interpreter_id for one in found.tour.interpreters}
    register = select(Interpreter).order_by(Interpreter.name, Interpreter.id)
    return StaffPage(
        frame,
        TourHead.of(found, frame),
        guides=tuple(_offered(db, found.tour, Role.GUIDE, values, frame)),
        planners=tuple(_offered(db, found.tour, Role.PLANNER, values, frame)),
        rows=tuple(
            InterpreterRow(
                number,
                {name: values.get(f"{name}-{number}", "") for name in ASKED},
                (errors or {}).get(number, ""),
            )
            for number in range(INTERPRETER_ROWS)
        ),
        interpreters=tuple(
            Option(str(one.id), f"{one.name} ({_languages(one.languages, frame)})")
            for one in db.scalars(register)
            if one.retired_at is None or one.id in chosen
        ),
        languages=spoken_options(tongues, frame),
        problem=problem,
        done=done,
        theirs=Team.of(found.tour, frame) if problem == "stale" else None,
    )


def _at_work(one: TourInterpreter, frame: OfficeFrame) -> AtWork:
    languages = (one.from_language, one.to_language)
    first, last = (language_name(tag, frame.lang) for tag in languages)
    hours = [_clock(at, frame.zone) for at in (one.starts_at, one.ends_at)]
    return AtWork(
        one.interpreter.name,
        (first, last),
        one.mode,
        "–".join(hours) if any(hours) else "",
        one.whisper_sets,
    )


def _offered(
    db: Session,
    tour: Tour,
    role: Role,
    values: Mapping[str, str],
    frame: OfficeFrame,
) -> Iterator[Colleague]:
    """Offer who is here in a role, and after them whoever was chosen and has left."""
    spoken = spoken_by_account(db)
    of_tour = (one.account for one in tour.staff if one.duty == Duty(role))
    left = [account for account in of_tour if not account.serves_as(role)]
    for account in (*colleagues(db, role), *left):
        field = f"{role}-{account.id}"
        tags = spoken.get(account.id, ())
        names = tuple(language_name(tag, frame.lang) for tag in tags)
        yield Colleague(field, account.name, names, field in values, account in left)


def _languages(tags: Sequence[str], frame: OfficeFrame) -> str:
    return ", ".join(language_name(tag, frame.lang) for tag in tags)
