"""What the page of scans shows: bars with their numbers beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, Field

from guide.accounts.office import OfficePage
from guide.exhibits.words import Passage

AREA = "statistics"
FULL = 100
"""How long the longest bar is."""


@dataclass(frozen=True)
class Bar:
    """A number and the bar that stands for it; `length` is out of `FULL`, `place` its turn."""

    name: Passage
    scans: int
    length: float
    place: int

    @property
    def rest(self) -> float:
        """What is left above an upright bar."""
        return FULL - self.length


class Days(BaseModel):
    """The days that an address names, as they were typed."""

    first: str = Field(default="", alias="from")
    last: str = Field(default="", alias="to")


@dataclass(frozen=True)
class Period:
    """A time that the page offers, and whether it is shown."""

    word: str
    path: str
    is_here: bool


@dataclass(frozen=True)
class ScansPage(OfficePage):
    """The scans of some days; `peak` is the day with the most, None while there are none.

    `first` and `last` are as they were typed when `is_wrong`; then nothing is counted.
    """

    template: ClassVar[str] = "statistics/scans.html"

    first: str
    last: str
    span: str
    is_wrong: bool
    most_days: int
    periods: tuple[Period, ...]
    total: int
    days: tuple[Bar, ...]
    peak: Bar | None
    hours: tuple[Bar, ...]
    languages: tuple[Bar, ...]
    exhibitions: tuple[Bar, ...]
    exhibits: tuple[Bar, ...]


def bars(counted: Iterable[tuple[Passage, int]]) -> tuple[Bar, ...]:
    """Draw numbers as bars; the largest is as long as there is room."""
    numbers: Sequence[tuple[Passage, int]] = tuple(counted)
    largest = max((scans for _, scans in numbers), default=0) or 1
    return tuple(
        Bar(name, scans, round(FULL * scans / largest, 2), place)
        for place, (name, scans) in enumerate(numbers)
    )
