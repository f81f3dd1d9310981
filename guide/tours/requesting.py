"""A tour is asked for: who comes, when, in which languages; and is changed later."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame, OfficePage, zone_of
from guide.accounts.permissions import GuideOrPlanner, Person
from guide.languages.queries import all_languages
from guide.tours import deeds
from guide.tours.access import OpenTour
from guide.tours.model import Category, Level, PhotoPolicy, Tour
from guide.tours.naming import (
    COUNTRY,
    ORGANISATION,
    OTHER_LANGUAGES,
    countries,
    language_name,
)
from guide.tours.pages import AREA, TourHead
from guide.tours.promises import ChangeableTour
from guide.tours.tour_forms import (
    LANGUAGE_ROWS,
    PARTY_ROWS,
    details_in,
    values_of_tour,
)
from guide.web.forms import Posted, Rejected
from guide.web.pages import Choice, render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
TOURS = "/staff/tours"
NEW = TOURS + "/new"
TOUR = TOURS + "/{tour_id}"
DETAILS = TOUR + "/details"
SHOWN_AT_ONCE = 2
"""Organisations and countries whose fields lie open from the start."""
ALWAYS_ASKED = ("az", "en")
"""Languages that a party is named in first; the others are asked for below."""


@dataclass(frozen=True)
class Option:
    """Something that can be chosen from a list."""

    value: str
    name: str


@dataclass(frozen=True)
class NameField:
    """The name of a party in one language."""

    name: str
    tongue: Choice
    value: str


@dataclass(frozen=True)
class PartyRow:
    """An organisation or country of the form; `first` names are asked for at once."""

    number: int
    kind: str
    code: str
    first: tuple[NameField, ...]
    others: tuple[NameField, ...]

    @property
    def is_further(self) -> bool:
        """Say whether it is empty, and not one of the first two, which are enough for most."""
        is_empty = not self.code and not any(one.value for one in (*self.first, *self.others))
        return is_empty and self.number >= SHOWN_AT_ONCE

    @property
    def is_named_otherwise(self) -> bool:
        """Say whether one of the names that are asked for below is there."""
        return any(field.value for field in self.others)


@dataclass(frozen=True)
class DetailsPage(OfficePage):
    """Who comes and when, of a new tour (without a head) or of one that is there.

    `problem` is "unreadable" or "stale"; of a stale form `theirs` has, by field, what
    somebody else has put there meanwhile. `levels` are those that whoever looks may choose;
    where there is one, it stays.
    """

    template: ClassVar[str] = "tours/details.html"

    head: TourHead | None
    version: int
    values: Mapping[str, str]
    errors: Mapping[str, str]
    parties: tuple[PartyRow, ...]
    countries: tuple[Option, ...]
    languages: tuple[Option, ...]
    levels: tuple[int, ...]
    problem: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = tuple(Category)
    policies: tuple[str, ...] = tuple(PhotoPolicy)
    kinds: tuple[str, ...] = (ORGANISATION, COUNTRY)
    language_rows: tuple[int, ...] = tuple(range(LANGUAGE_ROWS))

    @property
    def level_stays(self) -> bool:
        """Say whether there is nothing to choose."""
        return len(self.levels) == 1

    @property
    def may_close(self) -> bool:
        """Say whether whoever looks may make the tour confidential."""
        return Level.CLOSED in self.levels


FIELDS = ("category", "level", "people", "day", "begins", "ends", "photo_policy", "with_press")
ROWS = ("party-", "language-")
"""What the fields begin with that the form has several of."""
NEW_VALUES = {"category": "official", "level": "1", "photo_policy": "unknown"}


@router.api_route(NEW, methods=READ, name="tours.new")
def ask(request: Request, db: Db, who: GuideOrPlanner, day: str = "") -> Response:
    """Ask who comes, and when."""
    values = {**NEW_VALUES, "day": day if len(day) == len("2026-11-24") else ""}
    return render(request, _page(request, db, who, None, values))


@router.post(NEW, name="tours.create")
def add(request: Request, db: Db, who: GuideOrPlanner, fields: Posted) -> Response:
    """Put a new tour into the book."""
    zone = zone_of(request)
    details = details_in(fields, _tags(db), zone, deeds.levels_for(who))
    if isinstance(details, Rejected):
        page = _page(request, db, who, None, details.values, details.errors, "unreadable")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    tour = deeds.request(db, details, who, datetime.now(UTC), zone)
    return _to_tour(request, tour, "requested")


@router.api_route(DETAILS, methods=READ, name="tours.details")
def show(request: Request, db: Db, found: ChangeableTour) -> Response:
    """Show who comes and when, to be changed."""
    values = values_of_tour(found.tour, zone_of(request))
    return render(request, _page(request, db, found.who, found, values))


@router.post(DETAILS, name="tours.details.save")
def save(request: Request, db: Db, found: ChangeableTour, fields: Posted) -> Response:
    """Change who comes and when; two who do so at once are told of each other."""
    tour, who = found.tour, found.who
    if seen_version(fields.get("version", "")) != tour.version:
        page = _stale(request, db, found, fields)
        return render(request, page, HTTPStatus.CONFLICT)
    levels = deeds.levels_for(who, tour)
    if len(levels) == 1:
        fields = {"level": str(int(levels[0])), **fields}
    details = details_in(fields, _tags(db), zone_of(request), levels)
    if isinstance(details, Rejected):
        page = _page(request, db, who, found, details.values, details.errors, "unreadable")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    tour.change(tour.version)
    if changed := details.fill(tour):
        deeds.keep_in_charge(tour, who)
        deeds.write_down(db, tour, "tour.changed", who, datetime.now(UTC), changed)
    return _to_tour(request, tour, "saved")


def seen_version(typed: str) -> int:
    """Return the version that a form was made from; one that is none is stale."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) < len(str(2**31))
    return int(typed) if is_number else -1


def _stale(
    request: Request, db: Session, found: OpenTour, fields: Mapping[str, str]
) -> DetailsPage:
    """Show what was typed, and beside each field what it holds by now, if something else."""
    now = values_of_tour(found.tour, zone_of(request))
    page = _page(request, db, found.who, found, fields, {}, "stale")
    words = {one.value: one.name for one in (*page.languages, *page.countries)}
    asked = {name for name in {*now, *fields} if name in FIELDS or name.startswith(ROWS)}
    theirs = {
        name: words.get(now.get(name, ""), now.get(name, ""))
        for name in asked
        if now.get(name, "") != fields.get(name, "")
    }
    return replace(page, theirs=theirs)


def _page(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    who: Person,
    found: OpenTour | None,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
) -> DetailsPage:
    frame = OfficeFrame.around(request, who, AREA)
    tongues = [Choice(one.tag, one.endonym, one.direction) for one in all_languages(db)]
    return DetailsPage(
        frame,
        head=TourHead.of(found, frame) if found else None,
        version=found.tour.version if found else 0,
        values={**dict.fromkeys((*FIELDS, *_rows()), ""), **values},
        errors=errors or {},
        parties=tuple(_party_row(row, values, tongues) for row in range(PARTY_ROWS)),
        countries=tuple(Option(code, name) for code, name in countries(frame.lang)),
        languages=spoken_options(tongues, frame),
        levels=deeds.levels_for(who, found.tour if found else None),
        problem=problem,
    )


def spoken_options(tongues: list[Choice], frame: OfficeFrame) -> tuple[Option, ...]:
    """Return the languages that guests may speak: those of the guide first."""
    first = [Option(one.tag, language_name(one.tag, frame.lang)) for one in tongues]
    others = [Option(tag, language_name(tag, frame.lang)) for tag in OTHER_LANGUAGES]
    return (*first, *sorted(others, key=lambda option: option.name))


def _party_row(row: int, values: Mapping[str, str], tongues: list[Choice]) -> PartyRow:
    fields = [
        NameField(f"party-{row}-{one.tag}", one, values.get(f"party-{row}-{one.tag}", ""))
        for one in tongues
    ]
    return PartyRow(
        row,
        values.get(f"party-{row}-kind", "") or (COUNTRY if row == 1 else ORGANISATION),
        values.get(f"party-{row}-code", ""),
        tuple(field for field in fields if field.tongue.tag in ALWAYS_ASKED),
        tuple(field for field in fields if field.tongue.tag not in ALWAYS_ASKED),
    )


def _rows() -> list[str]:
    return [f"language-{row}" for row in range(LANGUAGE_ROWS)]


def _tags(db: Session) -> list[str]:
    return [one.tag for one in all_languages(db)]


def _to_tour(request: Request, tour: Tour, done: str) -> Response:
    path = request.app.url_path_for("tours.tour", tour_id=str(tour.id))
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
