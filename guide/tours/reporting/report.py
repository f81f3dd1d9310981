"""The report of a tour as what it says, in one language: plain data that can be kept.

It holds words and no rows of the database, and nothing of whoever reads it. What is None
or empty is not known, which is not the same as none; that there was none, somebody said.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from guide.exhibits.words import Passage
from guide.tours.papers import WRITTEN_IN, Handling

Passages = tuple[Passage, ...]


class Consent(StrEnum):
    """Whether guests let the house quote, or publish, what they said."""

    UNASKED = "unasked"
    ASKED = "asked"
    YES = "yes"
    NO = "no"


class Outcome(StrEnum):
    """What became of a stop; what nobody took down is not known."""

    SEEN = "seen"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Hours:
    """From when to when by the museum's clock, and how many minutes that is."""

    begins: time | None = None
    ends: time | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Somebody:
    """A person, with what they are; `also` is the name as officially written, if different."""

    name: Passage
    role: str
    positions: Passages = ()
    also: Passage | None = None


@dataclass(frozen=True)
class Noted:
    """What was noted; `is_late` after the visit was over, `clock_was_wrong` on the phone."""

    text: Passage
    is_late: bool = False
    clock_was_wrong: bool = False


@dataclass(frozen=True)
class Row:
    """A stop: planned and actual minutes, what became of it, what was noted there."""

    name: Passage
    outcome: Outcome
    planned: int | None = None
    was: int | None = None
    is_added: bool = False
    noted: tuple[Noted, ...] = ()

    @property
    def differs(self) -> int | None:
        """By how many minutes it took longer than planned."""
        if self.planned is None or self.was is None:
            return None
        return self.was - self.planned


@dataclass(frozen=True)
class Route:
    """Where the time went: stops, walking and pauses add up to the whole.

    `is_partial`: of some stop nobody took down when it was, so that its time is in what is
    left over.
    """

    rows: tuple[Row, ...] = ()
    walking_planned: int | None = None
    walking: int | None = None
    paused: int = 0
    planned: int | None = None
    was: int | None = None
    is_partial: bool = False
    clock_was_wrong: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Counted:
    """How many were counted, and when."""

    people: int
    at: time


@dataclass(frozen=True)
class Present:
    """A gift as the register has it, or, given or not, as it was only noted on the way."""

    is_given: bool | None
    what: Passage
    giver: str = ""
    recipient: str = ""
    moment: str = ""
    custody: str = ""
    number: str = ""
    value: str = ""


@dataclass(frozen=True)
class BookPage:
    """A page of the guest book: words as they were written, and in translation.

    `pictures` are the hashes of its photograph and signature, which only the office opens.
    """

    signatory: str = ""
    text: Passage | None = None
    translation: Passage | None = None
    publish: Consent = Consent.UNASKED
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class FollowUp:
    """What remains to be done, by whom, until when; `language` is that of the words."""

    what: str
    owner: str = ""
    by: date | None = None
    language: str = WRITTEN_IN


@dataclass(frozen=True)
class Approval:
    """Who signed which version, and when by the museum's clock."""

    number: int
    name: str
    at: datetime


@dataclass(frozen=True)
class Report:
    """What is said of a tour, in one language.

    `number` is the version, 0 while nobody has written; `signed` names the one that this
    is, if it is signed. `none` are the sections of which somebody said that there was none.
    """

    language: str
    reference: str
    level: int
    number: int
    parties: Passages
    day: date | None
    day_told: str
    planned: Hours
    actual: Hours
    languages: tuple[str, ...]
    guests: tuple[Somebody, ...]
    receiving: tuple[Somebody, ...]
    route: Route
    expected: int | None
    counted_first: Counted | None
    counted_last: Counted | None
    interests: Passage | None
    quotes: Passage | None
    quoting: Consent
    presents: tuple[Present, ...]
    book: tuple[BookPage, ...]
    photographing: str
    press_was_announced: bool
    not_photographed: Passages
    press: Passage | None
    released: Passage | None
    incidents: Passage | None
    follow_ups: tuple[FollowUp, ...]
    approvals: tuple[Approval, ...]
    press_note: str
    none: tuple[str, ...] = ()
    is_forgotten: bool = False

    @property
    def is_signed(self) -> bool:
        """Say whether this very version is signed."""
        return any(one.number == self.number for one in self.approvals)

    def kept(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        told: dict[str, Any] = SHAPE.dump_python(self, mode="json")
        return told

    @classmethod
    def of(cls, kept: object) -> "Report":
        """Return one that was kept."""
        return SHAPE.validate_python(kept)


SHAPE = TypeAdapter(Report)


@dataclass(frozen=True)
class ReportPaper:
    """A report as it is printed: once in each language, one after the other."""

    languages: tuple[str, ...]
    handling: Handling
    reports: tuple[Report, ...]
