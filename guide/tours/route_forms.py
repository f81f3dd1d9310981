"""What people may send about a route: its order, what a stop holds, and what is added."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, Field

from guide.exhibits.words import Words
from guide.tours.earlier import put
from guide.tours.model import Tour
from guide.tours.ordering import (
    NoSuchPlaceError,
    NumbersTwiceError,
    by_numbers,
    moved,
    stepped,
)
from guide.tours.stops import DEFAULT_MINUTES, MOST_MINUTES, MOST_STOPS, Priority, TourStop
from guide.web.forms import FreeWords, Line, Rejected, read

MOST_IN_ALL = 720
LARGEST_PLACE = 999

OF_A_STOP = ("number", "minutes", "priority", "note")
"""The fields that each stop has in the form; its position is asked for by a button."""
STOP_FIELD = re.compile(r"(number|minutes|priority|note|position)-(\d{1,10})", re.ASCII)
MOVE = re.compile(r"(up|down|to)-(\d{1,10})", re.ASCII)
THING = re.compile(r"(exhibit|exhibition)-(\d{1,9})", re.ASCII)
WORDS = "words-"
STEPS = {"up": -1, "down": 1}

Values = Mapping[str, str]


class StopForm(BaseModel):
    """What somebody says of a stop."""

    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    priority: Priority
    note: FreeWords


class _Number(BaseModel):
    number: Annotated[int, Field(ge=1, le=LARGEST_PLACE)]


class _Minutes(BaseModel):
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]


class _Whole(BaseModel):
    minutes: Annotated[int, Field(ge=1, le=MOST_IN_ALL)]


class _Name(BaseModel):
    name: Line


@dataclass(frozen=True)
class Sent:
    """A form of a route as it was read, ready to be written down.

    `order` are the stops that stay, by their numbers; `thing` is what is added, "exhibit" or
    "exhibition" and its number; `words` are what is added that the guide does not have.
    """

    stops: Mapping[int, StopForm]
    order: Sequence[int]
    thing: tuple[str, int] | None
    words: Words
    words_minutes: int

    @property
    def adds(self) -> int:
        """How many stops are added."""
        return bool(self.thing) + bool(self.words)

    def fill(self, tour: Tour, added: Iterable[TourStop]) -> None:
        """Write it into a tour, what is added at the end."""
        by_id = {stop.id: stop for stop in tour.stops}
        for number, said in self.stops.items():
            stop = by_id[number]
            stop.minutes, stop.priority, stop.note = said.minutes, said.priority, said.note
        put(tour, [*(by_id[number] for number in self.order), *added])


@dataclass
class _Reading:
    """A form while it is read."""

    values: Values
    ids: list[int]
    errors: dict[str, str] = field(default_factory=dict)


def values_of_route(stops: Sequence[TourStop]) -> dict[str, str]:
    """Return the values of the form of a route."""
    values: dict[str, str] = {}
    for number, stop in enumerate(stops, 1):
        values |= {
            f"number-{stop.id}": str(number),
            f"minutes-{stop.id}": str(stop.minutes),
            f"priority-{stop.id}": stop.priority,
            f"note-{stop.id}": stop.note,
        }
    return values


def route_in(values: Values, stops: Sequence[TourStop], tags: Iterable[str]) -> Sent | Rejected:
    """Read the form of a route that has these stops; `tags` are languages to name a stop in.

    What the form does not say of a stop stays as it is.
    """
    reading = _Reading({**values_of_route(stops), **values}, [stop.id for stop in stops])
    if any(number not in reading.ids for number in _named(values)):
        reading.errors["stops"] = "foreign"
    said = dict(_stops_in(reading))
    order = _order_in(reading)
    words, words_minutes = _words_in(reading, tags)
    thing = _thing_in(reading)
    sent = Sent(said, order, thing, words, words_minutes)
    if len(order) + sent.adds > MOST_STOPS:
        reading.errors["stops"] = "many"
    return Rejected(values, reading.errors) if reading.errors else sent


def minutes_in(typed: str) -> int | None:
    """Read how many minutes a route may take, up to twelve hours; None if it says none."""
    said = read(_Whole, {"minutes": typed.strip()})
    return None if isinstance(said, Rejected) else said.minutes


def lost(values: Values, stops: Sequence[TourStop]) -> int:
    """Count the stops of a form that are no longer there."""
    ids = {stop.id for stop in stops}
    return len({number for number in _named(values) if number not in ids})


def renumbered(values: Values, stops: Sequence[TourStop]) -> dict[str, str]:
    """Give stops in their order the numbers from 1, whatever was typed."""
    return {**values, **{f"number-{stop.id}": str(n) for n, stop in enumerate(stops, 1)}}


def typed_order(values: Values, stops: Sequence[TourStop]) -> list[TourStop]:
    """Put stops as near to the typed numbers as can be read, whatever is wrong with them."""

    def place(stop: TourStop) -> tuple[int, int]:
        typed = values.get(f"number-{stop.id}", "").strip()
        is_short = len(typed) <= len(str(LARGEST_PLACE))
        is_number = is_short and typed.isascii() and typed.isdecimal()
        return (int(typed) if is_number else LARGEST_PLACE + stop.position, stop.position)

    return sorted(stops, key=place)


def _named(values: Values) -> Iterator[int]:
    for name in values:
        if asked := STOP_FIELD.fullmatch(name):
            yield int(asked[2])
    for name in ("move", "remove"):
        if number := re.search(r"\d{1,10}\Z", values.get(name, ""), re.ASCII):
            yield int(number[0])


def _stops_in(reading: _Reading) -> Iterator[tuple[int, StopForm]]:
    for number in reading.ids:
        names = list(StopForm.model_fields)
        form = read(StopForm, {name: reading.values[f"{name}-{number}"] for name in names})
        if isinstance(form, Rejected):
            reading.errors |= {f"{name}-{number}": word for name, word in form.errors.items()}
        else:
            yield number, form


def _order_in(reading: _Reading) -> list[int]:
    numbers: dict[int, int] = {}
    for number in reading.ids:
        typed = read(_Number, {"number": reading.values[f"number-{number}"].strip()})
        if isinstance(typed, Rejected):
            reading.errors[f"number-{number}"] = "number"
        else:
            numbers[number] = typed.number
    if len(numbers) < len(reading.ids):
        return reading.ids
    try:
        order = by_numbers(reading.ids, numbers)
    except NumbersTwiceError as twice:
        for one, number in numbers.items():
            if number in twice.numbers:
                reading.errors[f"number-{one}"] = "twice"
        return reading.ids
    gone = reading.values.get("remove", "")
    return [one for one in _with_move(reading, order) if str(one) != gone]


def _with_move(reading: _Reading, order: list[int]) -> list[int]:
    asked = MOVE.fullmatch(reading.values.get("move", ""))
    if asked is None or int(asked[2]) not in order:
        return order
    one = int(asked[2])
    if asked[1] in STEPS:
        return stepped(order, one, STEPS[asked[1]])
    typed = read(_Number, {"number": reading.values.get(f"position-{one}", "").strip()})
    try:
        return moved(order, one, 0 if isinstance(typed, Rejected) else typed.number)
    except NoSuchPlaceError:
        reading.errors[f"position-{one}"] = "place"
        return order


def _words_in(reading: _Reading, tags: Iterable[str]) -> tuple[Words, int]:
    names: dict[str, str] = {}
    for tag in tags:
        typed = reading.values.get(WORDS + tag, "")
        if not typed.strip():
            continue
        said = read(_Name, {"name": typed})
        if isinstance(said, Rejected):
            reading.errors[WORDS + tag] = "unreadable"
        else:
            names[tag] = said.name
    typed = reading.values.get(WORDS + "minutes", "").strip()
    minutes = read(_Minutes, {"minutes": typed or str(DEFAULT_MINUTES)})
    if isinstance(minutes, Rejected):
        reading.errors[WORDS + "minutes"] = "minutes"
        return names, 0
    if not names and reading.values.get("add") == "words":
        reading.errors[WORDS + "az"] = "missing"
    return names, minutes.minutes


def _thing_in(reading: _Reading) -> tuple[str, int] | None:
    typed = reading.values.get("add", "")
    if typed in {"", "words"}:
        return None
    asked = THING.fullmatch(typed)
    if asked is None:
        reading.errors["add"] = "unknown"
        return None
    return asked[1], int(asked[2])
