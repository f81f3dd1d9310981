"""Halls, the plan and routes as forms, and what each says as an entry of its file."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from guide.exhibits.hall_sheets import HallEntry, MarkEntry, RouteEntry, WayEntry

PLACE = ("start", "top", "width", "height")
"""A hall's rectangle on the plan, in the order of its file."""
FIELDS = ("floor", "capacity", *(f"place-{side}" for side in PLACE))
"""The fields of a hall but for its names and the ways to others."""
MOST_MARKS, MOST_STOPS = 40, 60
EMPTY_STOPS = 3
"""Rows that stand empty below the stops of a route."""
STOP = re.compile(r"stop-(\d{1,2})")
MARK = re.compile(r"mark-(\d{1,2})-what")
TAKEN = frozenset({"new", "plan", "order"})
"""Words of addresses, which no hall or route may be called by."""

Values = Mapping[str, str]
Errors = dict[str, str]
Entry = TypeVar("Entry", HallEntry, RouteEntry)


def values_of_hall(entry: HallEntry, ways: Mapping[str, int]) -> dict[str, str]:
    """Return the values of the form of a hall; `ways` are the minutes to the others."""
    values = {f"names-{tag}": name for tag, name in entry.names.items()}
    values |= {"floor": str(entry.floor), "capacity": str(entry.capacity or "")}
    values |= {
        f"place-{side}": str(said)
        for side, said in zip(PLACE, entry.place or (), strict=bool(entry.place))
    }
    return values | {f"way-{slug}": str(minutes) for slug, minutes in ways.items()}


def hall_in(values: Values, slug: str, tags: Iterable[str]) -> tuple[HallEntry | None, Errors]:
    """Read the form of a hall; return the entry, or none and the faults by field."""
    place = [_number(values.get(f"place-{side}", "")) for side in PLACE]
    capacity = values.get("capacity", "").strip()
    said = {
        "slug": slug,
        "names": _names(values, tags),
        "floor": _number(values.get("floor", "")),
        "capacity": _number(capacity) if capacity else None,
        "place": place if any(one != "" for one in place) else None,
    }
    return _taken(HallEntry, said)


def ways_in(
    values: Values, slug: str, others: Iterable[str]
) -> tuple[tuple[WayEntry, ...], Errors]:
    """Read the minutes from a hall to the others; those left empty are not known."""
    ways: list[WayEntry] = []
    errors: Errors = {}
    for other in others:
        typed = values.get(f"way-{other}", "").strip()
        if not typed:
            continue
        try:
            ways.append(WayEntry(between=(slug, other), minutes=_as_int(typed)))
        except ValueError:
            errors[f"way-{other}"] = "minutes"
    return tuple(ways), errors


def values_of_marks(marks: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the values of the form of the marks on the plan."""
    values: dict[str, str] = {}
    for number, mark in enumerate(marks):
        values |= {
            f"mark-{number}-what": str(mark["what"]),
            f"mark-{number}-floor": str(mark["floor"]),
            f"mark-{number}-start": str(mark["at"][0]),
            f"mark-{number}-top": str(mark["at"][1]),
        }
    return values


def mark_rows(values: Values) -> list[int]:
    """List the numbers of the marks that a form has, in their order."""
    found = {int(said[1]) for name in values if (said := MARK.fullmatch(name))}
    return sorted(found)[:MOST_MARKS]


def marks_in(values: Values) -> tuple[tuple[MarkEntry, ...], Errors]:
    """Read the marks; a row that names nothing is none."""
    marks: list[MarkEntry] = []
    errors: Errors = {}
    for row in mark_rows(values):
        what = values.get(f"mark-{row}-what", "")
        if not what:
            continue
        sides = [_number(values.get(f"mark-{row}-{side}", "")) for side in ("start", "top")]
        floor = _number(values.get(f"mark-{row}-floor", ""))
        try:
            marks.append(MarkEntry.model_validate({"what": what, "floor": floor, "at": sides}))
        except ValidationError:
            errors[f"mark-{row}"] = "place"
    return tuple(marks), errors


def values_of_route(entry: RouteEntry) -> dict[str, str]:
    """Return the values of the form of a route."""
    values = {f"names-{tag}": name for tag, name in entry.names.items()}
    values |= {"minutes": str(entry.minutes)}
    return values | {f"stop-{number}": slug for number, slug in enumerate(entry.stops)}


def stop_rows(values: Values) -> list[int]:
    """List the numbers of the stops that a form has, and of a few empty ones after them."""
    found = {int(said[1]) for name in values if (said := STOP.fullmatch(name))}
    named = sorted(row for row in found if values.get(f"stop-{row}"))[:MOST_STOPS]
    after = max(named, default=-1) + 1
    return [*named, *range(after, after + EMPTY_STOPS)]


def with_stop_moved(values: Values, move: str) -> dict[str, str]:
    """Change the places of two stops: `move` is "up-2" or "down-0"."""
    way, _, typed = move.partition("-")
    rows = [row for row in stop_rows(values) if values.get(f"stop-{row}")]
    named = [str(row) for row in rows]
    if way not in STEPS or typed not in named:
        return dict(values)
    place = named.index(typed)
    other = place + STEPS[way]
    if not 0 <= other < len(rows):
        return dict(values)
    one, two = f"stop-{rows[place]}", f"stop-{rows[other]}"
    return {**values, one: values[two], two: values[one]}


def route_in(
    values: Values, slug: str, tags: Iterable[str], exhibits: Iterable[str]
) -> tuple[RouteEntry | None, Errors]:
    """Read a route of one stop at least; return the entry, or none and the faults by field."""
    rows = [row for row in stop_rows(values) if values.get(f"stop-{row}")]
    known = set(exhibits)
    unknown = {f"stop-{n}": "unknown" for n in rows if values[f"stop-{n}"] not in known}
    said = {
        "slug": slug,
        "names": _names(values, tags),
        "minutes": _number(values.get("minutes", "")),
        "stops": [values[f"stop-{row}"] for row in rows],
    }
    entry, errors = _taken(RouteEntry, said)
    wrong = unknown if rows else {"stops": "none"}
    return (None if wrong else entry), errors | wrong


def reordered(slugs: list[str], move: str) -> list[str]:
    """Move one of the slugs by a place: `move` is "up-small-hall" or "down-small-hall"."""
    way, _, slug = move.partition("-")
    if way not in STEPS or slug not in slugs:
        return slugs
    place = slugs.index(slug)
    other = place + STEPS[way]
    if not 0 <= other < len(slugs):
        return slugs
    moved = list(slugs)
    moved[place], moved[other] = moved[other], moved[place]
    return moved


STEPS = {"up": -1, "down": 1}


def free_slug(wanted: str, word: str, taken: Iterable[str]) -> str:
    """Return a slug that nothing has: the wanted one, or with a number after it."""
    known = {*taken, *TAKEN}
    first = wanted or word
    slug, number = first, 2
    while slug in known:
        slug, number = f"{first}-{number}", number + 1
    return slug


def name_of(values: Values) -> str:
    """Return the first name that a form gives, for an address to be made of."""
    order = ("names-en", "names-az", *sorted(n for n in values if n.startswith("names-")))
    return next((said for one in order if (said := values.get(one, "").strip())), "")


def _taken(kind: type[Entry], said: Mapping[str, Any]) -> tuple[Entry | None, Errors]:
    try:
        return kind.model_validate(said), {}
    except ValidationError as bad:
        return None, {str(one["loc"][0]): one["type"] for one in bad.errors()}


def _names(values: Values, tags: Iterable[str]) -> dict[str, str]:
    said = {tag: values.get(f"names-{tag}", "").strip() for tag in tags}
    return {tag: name for tag, name in said.items() if name}


def _number(typed: str) -> int | str:
    try:
        return _as_int(typed)
    except ValueError:
        return typed.strip()


def _as_int(typed: str) -> int:
    if not re.fullmatch(r"-?\d{1,6}", typed.strip(), re.ASCII):
        raise ValueError(typed)
    return int(typed)
