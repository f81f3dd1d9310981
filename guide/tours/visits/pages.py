"""What the list of visits shows: what is looked for, what is found, and how many that are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from guide.exhibits.words import Passage
from guide.tours.calendar_pages import CalendarPage, Line


@dataclass(frozen=True)
class Option:
    """Something that a field can be narrowed to; no name where a template has its word."""

    value: str
    name: Passage | None
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """A field to narrow the list by, and what it offers."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chosen:
    """Something that is asked for, and the address of the list without it."""

    field: str
    value: str
    name: Passage | None
    path: str


@dataclass(frozen=True)
class Listed:
    """A visit in the list: how many guests, and whether somebody counted them."""

    line: Line
    guests: int | None
    is_counted: bool


@dataclass(frozen=True)
class Counted:
    """How many visits and guests of one thing; `path` leads to them, where they can be listed.

    No name and no value: nobody has told. No guests: nobody knows how many.
    """

    value: str
    name: Passage | None
    path: str
    visits: int
    guests: int | None


@dataclass(frozen=True)
class Part:
    """Totals by one kind of thing: the first few, and the others."""

    kind: str
    first: tuple[Counted, ...]
    others: tuple[Counted, ...]


@dataclass(frozen=True)
class ShownTotals:
    """How many visits and guests there are, whole and in parts; `closed` by years."""

    visits: int
    guests: int | None
    uncounted: int
    cancelled: int
    parts: tuple[Part, ...]
    closed: tuple[Counted, ...]


@dataclass(frozen=True)
class ListPage(CalendarPage):
    """Visits that are looked for, a page at a time; and how many all of them are.

    `has_more` opens the fields that narrow it. `times` lead to the coming, the past and all;
    `wider` and `bare` to the same among all, and to those of the time without what narrows
    them. `csv` and `xlsx` are empty when there is too much.
    """

    template: ClassVar[str] = "tours/list.html"

    query: str
    when: str
    first: str
    last: str
    is_wrong_period: bool
    is_too_much: bool
    fields: tuple[Field, ...]
    chosen: tuple[Chosen, ...]
    has_more: bool
    hidden: Mapping[str, str]
    times: Mapping[str, str]
    lines: tuple[Listed, ...]
    count: int
    begins: int
    nearer: str
    further: str
    wider: str
    bare: str
    totals: ShownTotals
    most_exported: int
    csv: str
    xlsx: str

    @property
    def is_narrow(self) -> bool:
        """Say whether anything besides a time is asked for."""
        return bool(self.chosen)

    @property
    def ends(self) -> int:
        """The number of the last visit of the page."""
        return self.begins + len(self.lines) - 1
