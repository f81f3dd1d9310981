"""What the calendar shows: of a tour a line, of a day its board, of others only times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame, OfficePage
from guide.exhibits.words import Passage
from guide.tours.board import Mark
from guide.tours.model import Level, Tour
from guide.tours.naming import language_name, name_of
from guide.tours.pages import chain_of, clock, day_in_words, slot_in_words
from guide.tours.people import Duty
from guide.tours.places import House
from guide.tours.slots import day_of
from guide.tours.stops import Closure


@dataclass(frozen=True)
class Stay:
    """Where a tour stands from when to when, in words; `stops` is how many, 0 for none yet."""

    kind: str
    place: Passage | None
    when: str
    stops: int
    words: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Line:
    """A tour in a list: what it is called, when, who leads it, how it stands."""

    id: str
    mark: Mark | None
    name: Passage
    reference: str
    day: str
    slot: str
    state: str
    guides: tuple[str, ...]
    languages: tuple[str, ...]
    is_confidential: bool
    stays: tuple[Stay, ...] = ()

    @classmethod
    def of(
        cls,
        tour: Tour,
        frame: OfficeFrame,
        mark: Mark | None = None,
        stays: Iterable[Stay] = (),
    ) -> Self:
        """Show a tour that can be opened; its name is that of its party, never a person's."""
        return cls(
            id=str(tour.id),
            mark=mark,
            name=name_of(tour, chain_of(frame)),
            reference=tour.reference,
            day=day_in_words(tour, frame),
            slot=slot_in_words(tour, frame),
            state=tour.state,
            guides=tuple(one.account.name for one in tour.staff if one.duty == Duty.GUIDE),
            languages=tuple(language_name(tag, frame.lang) for tag in tour.languages),
            is_confidential=tour.level >= Level.RESTRICTED,
            stays=tuple(stays),
        )


@dataclass(frozen=True)
class Closed:
    """What is closed from when to when, in words; no place is the whole house."""

    id: str
    place: Passage | None
    when: str
    reason: str

    @classmethod
    def of(cls, closure: Closure, house: House, frame: OfficeFrame) -> Self:
        """Show a closure."""
        return cls(
            str(closure.id),
            house.name_of(closure.place, chain_of(frame)),
            _span(closure.starts_at, closure.ends_at, frame),
            closure.reason,
        )


@dataclass(frozen=True)
class Clash:
    """Two tours in one place at once, in words."""

    one: str
    other: str
    place: Passage | None
    when: str
    minutes: int


@dataclass(frozen=True)
class Promised:
    """Somebody who is promised to two tours at once; `who` leads them, or interprets."""

    one: str
    other: str
    who: str
    interprets: bool
    when: str


@dataclass(frozen=True)
class Shown:
    """A tour as it stands in a cell of the board, or that the house is booked (no mark)."""

    mark: Mark | None
    stay: Stay


@dataclass(frozen=True)
class BoardCell:
    """A cell of the board."""

    rows: int
    shown: tuple[Shown, ...]
    clashes: tuple[Clash, ...]
    is_shut: bool


@dataclass(frozen=True)
class BoardRow:
    """A row of the board; the clock stands at each half hour."""

    clock: str
    is_hour: bool
    cells: tuple[BoardCell, ...]


@dataclass(frozen=True)
class Column:
    """A place above its column: a hall or exhibition by name, others by what they are."""

    kind: str
    name: Passage | None


@dataclass(frozen=True)
class DayBoard:
    """The board of a day, in words."""

    columns: tuple[Column, ...]
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True)
class Day:
    """A day among others: what it is called, where it leads, what takes place.

    `count` leaves out what was cancelled; `more` are those that are not named for want of room.
    """

    iso: str
    path: str
    weekday: str
    number: str
    words: str
    is_chosen: bool
    is_today: bool
    is_outside: bool
    count: int
    lines: tuple[Line, ...]
    more: int
    booked: tuple[str, ...]
    closed: tuple[Closed, ...]
    clashes: int = 0


@dataclass(frozen=True)
class ViewLink:
    """A way to look at the calendar."""

    view: str
    path: str
    is_here: bool


@dataclass(frozen=True)
class Guide:
    """A guide whose tours can be shown."""

    id: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class Top:
    """What stands above every view: which one it is, what it shows, and where others are.

    `back` and `onward` are empty where the calendar ends. `guides` are there for planners.
    `is_wrong` when the address named no day.
    """

    view: str
    day: str
    title: str
    views: tuple[ViewLink, ...]
    back: str
    onward: str
    today: str
    whose: str
    everybodys: str
    mine: str
    guides: tuple[Guide, ...]
    is_planner: bool
    is_wrong: bool


@dataclass(frozen=True)
class CalendarPage(OfficePage):
    """What every view of the calendar has."""

    top: Top


@dataclass(frozen=True)
class DayPage(CalendarPage):
    """One day: the week that it is in above, its board, its tours beside that."""

    template: ClassVar[str] = "tours/day.html"

    week: tuple[Day, ...]
    board: DayBoard | None
    lines: tuple[Line, ...]
    undated: tuple[Line, ...]
    booked: tuple[str, ...]
    closed: tuple[Closed, ...]
    clashes: tuple[Clash, ...]
    promised: tuple[Promised, ...]

    @property
    def count_of_clashes(self) -> int:
        """How many clashes there are, of places and of people."""
        return len(self.clashes) + len(self.promised)


@dataclass(frozen=True)
class WeekPage(CalendarPage):
    """The days of a week."""

    template: ClassVar[str] = "tours/week.html"

    week: tuple[Day, ...]


@dataclass(frozen=True)
class MonthPage(CalendarPage):
    """The weeks of a month, four to six."""

    template: ClassVar[str] = "tours/month.html"

    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Day, ...], ...]


def _span(begins: datetime, ends: datetime, frame: OfficeFrame) -> str:
    """Write from when to when; the day once, when it is one."""
    is_one_day = day_of(begins, frame.zone) == day_of(ends, frame.zone)
    till = clock(ends, frame) if is_one_day else f" {frame.moment(ends)}"
    return f"{frame.moment(begins)}{'–' if is_one_day else ' –'}{till}"
