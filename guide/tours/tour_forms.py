"""What people may send about a tour: who comes, when, and how confidential it is."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field

from guide.exhibits.words import Words
from guide.tours.details import (
    MOST_LANGUAGES,
    MOST_PARTIES,
    MOST_PEOPLE,
    Details,
    is_country,
    spoken_languages,
)
from guide.tours.model import Category, Level, Party, PhotoPolicy, Tour
from guide.tours.naming import COUNTRY, ORGANISATION
from guide.tours.slots import EndsTooEarlyError, NoSuchTimeError, TimeSlot, day_of
from guide.web.forms import LongLine, Rejected, read

PARTY_ROWS = MOST_PARTIES
LANGUAGE_ROWS = MOST_LANGUAGES
Values = Mapping[str, str]


def _or_none(typed: object) -> object:
    return None if isinstance(typed, str) and not typed.strip() else typed


def _day(typed: object) -> object:
    """Take a day of this calendar; years far off are slips of a finger."""
    if isinstance(typed, str) and not re.fullmatch(r"20\d\d-\d\d-\d\d", typed, re.ASCII):
        raise ValueError("it is no day")
    return typed


def _clock(typed: object) -> object:
    if isinstance(typed, str) and not re.fullmatch(r"\d\d:\d\d", typed, re.ASCII):
        raise ValueError("it is no time")
    return typed


MaybeDay = Annotated[date | None, BeforeValidator(_day), BeforeValidator(_or_none)]
MaybeTime = Annotated[time | None, BeforeValidator(_clock), BeforeValidator(_or_none)]
MaybeCount = Annotated[
    Annotated[int, Field(ge=1, le=MOST_PEOPLE)] | None, BeforeValidator(_or_none)
]


class DetailsForm(BaseModel):
    """When a tour is, what kind it is, and how confidential."""

    category: Category
    level: Annotated[Level, BeforeValidator(lambda typed: int(typed) if typed else typed)]
    people: MaybeCount = None
    day: MaybeDay = None
    begins: MaybeTime = None
    ends: MaybeTime = None
    photo_policy: PhotoPolicy
    with_press: bool = False


def details_in(
    values: Values, tags: Iterable[str], zone: ZoneInfo, levels: Collection[Level]
) -> Details | Rejected:
    """Read the form of a tour.

    `tags` are the languages that a party can be named in, `levels` those that it may have.
    """
    tags = list(tags)
    form = read(DetailsForm, values)
    errors = dict(form.errors) if isinstance(form, Rejected) else {}
    parties, wrong = _parties_in(values, tags)
    languages = tuple(dict.fromkeys(_languages_in(values)))
    errors |= wrong
    errors |= dict.fromkeys(_unknown_languages(values, tags), "unknown")
    if isinstance(form, Rejected):
        return Rejected(values, errors)
    if form.level not in levels:
        errors["level"] = "planners"
    slot, fault = _slot_in(form, zone)
    errors |= fault
    if errors:
        return Rejected(values, errors)
    return Details(
        category=form.category,
        level=form.level,
        people=form.people,
        day=form.day,
        slot=slot,
        parties=parties,
        languages=languages,
        photo_policy=form.photo_policy,
        with_press=form.with_press,
    )


def values_of_tour(tour: Tour, zone: ZoneInfo) -> dict[str, str]:
    """Return the values of the form of a tour."""
    values = {
        "category": tour.category,
        "level": str(int(tour.level)),
        "people": str(tour.people or ""),
        "day": tour.date or "",
        "photo_policy": tour.photo_policy,
        "with_press": "1" if tour.with_press else "",
    }
    if tour.starts_at and tour.ends_at:
        begins, ends = (at.astimezone(zone) for at in (tour.starts_at, tour.ends_at))
        values |= {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
        values["day"] = day_of(tour.starts_at, zone).isoformat()
    for row, tag in enumerate(tour.languages):
        values[f"language-{row}"] = tag
    for row, party in enumerate(tour.parties):
        values[f"party-{row}-kind"] = party.kind
        values[f"party-{row}-code"] = party.code
        values |= {f"party-{row}-{tag}": name for tag, name in party.names.items()}
    return values


def _slot_in(form: DetailsForm, zone: ZoneInfo) -> tuple[TimeSlot | None, dict[str, str]]:
    if form.begins is None and form.ends is None:
        return None, {}
    if form.day is None:
        return None, {"day": "missing"}
    if form.begins is None or form.ends is None:
        return None, {"ends" if form.begins else "begins": "missing"}
    try:
        return TimeSlot.on(form.day, form.begins, form.ends, zone), {}
    except NoSuchTimeError:
        return None, {"begins": "skipped"}
    except EndsTooEarlyError:
        return None, {"ends": "too-early"}


def _parties_in(values: Values, tags: list[str]) -> tuple[tuple[Party, ...], dict[str, str]]:
    parties: list[Party] = []
    errors: dict[str, str] = {}
    for row in range(PARTY_ROWS):
        kind = values.get(f"party-{row}-kind", "")
        code = values.get(f"party-{row}-code", "") if kind == COUNTRY else ""
        names, wrong = _names_in(values, f"party-{row}", tags)
        errors |= wrong
        if code and not is_country(code):
            errors[f"party-{row}-code"] = "unknown"
        if not names and not code:
            continue
        if kind not in {ORGANISATION, COUNTRY}:
            errors[f"party-{row}-kind"] = "missing"
        parties.append(Party(kind, names, code))
    return tuple(parties), errors


def _names_in(values: Values, prefix: str, tags: list[str]) -> tuple[Words, dict[str, str]]:
    names: dict[str, str] = {}
    errors: dict[str, str] = {}
    for tag in tags:
        typed = values.get(f"{prefix}-{tag}", "")
        if not typed.strip():
            continue
        said = read(_Name, {"name": typed})
        if isinstance(said, Rejected):
            errors[f"{prefix}-{tag}"] = "unreadable"
        else:
            names[tag] = said.name
    return names, errors


class _Name(BaseModel):
    name: LongLine


def _languages_in(values: Values) -> Iterator[str]:
    for row in range(LANGUAGE_ROWS):
        if tag := values.get(f"language-{row}", "").strip():
            yield tag


def _unknown_languages(values: Values, tags: Iterable[str]) -> Iterator[str]:
    known = spoken_languages(tags)
    for row in range(LANGUAGE_ROWS):
        tag = values.get(f"language-{row}", "").strip()
        if tag and tag not in known:
            yield f"language-{row}"
