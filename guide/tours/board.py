"""A day as a board: a column for each place, time running down, tours where they stand.

Time is counted in instants from the beginning of the day, so that a day of 23 or 25 hours
keeps its order (`reliability.md` F12); the clock is only written beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from guide.tours.model import State, Tour
from guide.tours.stops import Closure, Place, TourStop
from guide.tours.timetable import Ways, legs, stays

STEP = timedelta(minutes=5)
"""What one row of the board is; when something begins and ends is rounded to it."""
LINE = 6
"""Rows from one line to the next: half an hour."""

HOUSE = Place("house")
"""The column of what takes the whole house, of which nothing else is told."""
OPEN = Place("open")
"""The column of tours of which it is not said yet what they see."""
ELSEWHERE = Place()

HUES = 6
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Mark:
    """What a tour is known by on the board: a letter, and one of six colours beside it."""

    letter: str
    hue: int

    @classmethod
    def numbered(cls, number: int) -> "Mark":
        """Return the mark of the first, second … tour of a day: A to Z, then AA, AB."""
        round_, place = divmod(number, len(LETTERS))
        before = Mark.numbered(round_ - 1).letter if round_ else ""
        return cls(before + LETTERS[place], number % HUES + 1)


@dataclass(frozen=True)
class Standing:
    """A tour in one place for a time; no tour (and no mark) when the house is booked."""

    tour_id: int
    mark: Mark | None
    place: Place
    begins: datetime
    ends: datetime
    stops: tuple[TourStop, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """Two tours in one place at once."""

    place: Place
    one: str
    other: str
    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        """How long, in minutes."""
        return (self.ends - self.begins) // timedelta(minutes=1)


@dataclass(frozen=True)
class Cell:
    """A stretch of a column: nothing, one that stands there, or several that share it.

    `is_shut` where the place is closed at some of that time.
    """

    rows: int
    standing: tuple[Standing, ...]
    meetings: tuple[Meeting, ...]
    is_shut: bool


@dataclass(frozen=True)
class Row:
    """Five minutes of the board: what instant is written beside it, which cells begin."""

    at: datetime | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """The places that are used on a day, in their order, and the rows of the time."""

    places: tuple[Place, ...]
    rows: tuple[Row, ...]


def marks_of(tours: Iterable[Tour]) -> dict[int, Mark]:
    """Give the tours of a day that take place their marks, in the order of their beginning."""
    there = [tour for tour in tours if tour.starts_at and tour.state != State.CANCELLED]
    return {tour.id: Mark.numbered(number) for number, tour in enumerate(there)}


def standings(tour: Tour, mark: Mark | None, ways: Ways) -> Iterator[Standing]:
    """Say where a tour stands when; while it has no stops, that it is in the house."""
    if tour.starts_at is None or tour.ends_at is None:
        return
    if not tour.stops:
        yield Standing(tour.id, mark, OPEN, tour.starts_at, tour.ends_at)
    for stay in stays(legs(tour.stops, ways)):
        begins, ends = stay.between(tour.starts_at)
        yield Standing(tour.id, mark, stay.place, begins, ends, stay.stops)


def meetings_among(all_standing: Sequence[Standing]) -> tuple[Meeting, ...]:
    """List the tours that are in one hall or exhibition at once; to touch is not to meet."""
    by_place: dict[Place, list[Standing]] = defaultdict(list)
    for standing in all_standing:
        if standing.place.kind in {"hall", "exhibition"}:
            by_place[standing.place].append(standing)
    found = [
        meeting
        for some in by_place.values()
        for one, other in combinations(some, 2)
        if (meeting := _meeting(one, other))
    ]
    return tuple(sorted(found, key=lambda meeting: (meeting.begins, meeting.one)))


def board_of(
    all_standing: Iterable[Standing],
    closures: Iterable[Closure],
    order: Sequence[Place],
    day: tuple[datetime, datetime],
) -> Board | None:
    """Put what stands somewhere on a day, from one instant to another, on a board.

    None when nothing does. `order` are the places of the house as they follow each other.
    """
    there = [one for one in all_standing if one.begins < day[1] and one.ends > day[0]]
    if not there:
        return None
    rows = {one: _rows_of(one, day) for one in there}
    first = min(begins for begins, _ in rows.values()) // LINE * LINE
    last = -(-max(ends for _, ends in rows.values()) // LINE) * LINE
    used = {one.place for one in there}
    places = tuple(place for place in (HOUSE, *order, ELSEWHERE, OPEN) if place in used)
    shut = tuple(closures)
    columns = [
        _column(
            {one: at for one, at in rows.items() if one.place == place},
            _shut_rows(place, shut, day, (first, last)),
            (first, last),
        )
        for place in places
    ]
    return Board(
        places,
        tuple(
            Row(
                day[0] + number * STEP if number % LINE == 0 else None,
                tuple(column[number] for column in columns if number in column),
            )
            for number in range(first, last)
        ),
    )


def _meeting(one: Standing, other: Standing) -> Meeting | None:
    begins, ends = max(one.begins, other.begins), min(one.ends, other.ends)
    if one.tour_id == other.tour_id or begins >= ends or not (one.mark and other.mark):
        return None
    return Meeting(one.place, one.mark.letter, other.mark.letter, begins, ends)


def _rows_of(one: Standing, day: tuple[datetime, datetime]) -> tuple[int, int]:
    """Return the rows in which something begins and ends, counted from the day's beginning."""
    begins = round((max(one.begins, day[0]) - day[0]) / STEP)
    ends = round((min(one.ends, day[1]) - day[0]) / STEP)
    return begins, max(ends, begins + 1)


def _column(
    rows: Mapping[Standing, tuple[int, int]], shut: frozenset[int], whole: tuple[int, int]
) -> dict[int, Cell]:
    """Cut a column into cells, by the rows in which they begin."""
    cells: dict[int, Cell] = {}
    free = whole[0]
    for begins, ends, some in _shared(rows):
        cells |= _empty(free, begins, shut)
        is_shut = not shut.isdisjoint(range(begins, ends))
        cells[begins] = Cell(ends - begins, some, meetings_among(some), is_shut)
        free = ends
    return cells | _empty(free, whole[1], shut)


def _shared(
    rows: Mapping[Standing, tuple[int, int]],
) -> Iterator[tuple[int, int, tuple[Standing, ...]]]:
    """Put together what has a row in common."""
    some: list[Standing] = []
    begins = ends = 0
    for one in sorted(rows, key=lambda one: (rows[one], one.begins, one.tour_id)):
        if some and rows[one][0] >= ends:
            yield begins, ends, tuple(some)
            some = []
        if not some:
            begins, ends = rows[one]
        some.append(one)
        ends = max(ends, rows[one][1])
    if some:
        yield begins, ends, tuple(some)


def _empty(begins: int, ends: int, shut: frozenset[int]) -> dict[int, Cell]:
    """Cut what is free at the lines, so that they are seen across the board."""
    cells: dict[int, Cell] = {}
    while begins < ends:
        next_ = min(ends, (begins // LINE + 1) * LINE)
        is_shut = not shut.isdisjoint(range(begins, next_))
        cells[begins] = Cell(next_ - begins, (), (), is_shut)
        begins = next_
    return cells


def _shut_rows(
    place: Place,
    closures: Iterable[Closure],
    day: tuple[datetime, datetime],
    whole: tuple[int, int],
) -> frozenset[int]:
    """Return the rows in which a place is closed, or the house that it is in."""
    found: set[int] = set()
    for closure in closures:
        if closure.place not in {Place(), place}:
            continue
        begins = (max(closure.starts_at, day[0]) - day[0]) // STEP
        ends = -((day[0] - min(closure.ends_at, day[1])) // STEP)
        found.update(range(max(begins, whole[0]), min(ends, whole[1])))
    return frozenset(found)
