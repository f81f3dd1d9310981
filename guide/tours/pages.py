"""What every page of a tour shows around its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from babel.dates import format_date, format_skeleton, format_time

from guide.accounts.office import OfficeFrame, OfficePage
from guide.exhibits.words import Passage
from guide.languages.catalogues import locale
from guide.tours.access import OpenTour
from guide.tours.model import Level, State, Tour
from guide.tours.naming import name_of, parties_in
from guide.tours.slots import day_of, is_partial_date

AREA = "tours"

HAPPENING = (State.UNDER_WAY, State.COMPLETED)
"""States in which there is something to tell of a walk, or nothing was taken down."""


def chain_of(frame: OfficeFrame) -> tuple[str, str, str]:
    """Return the languages that the office reads a name in."""
    return (frame.lang, "en", "az")


def clock(at: datetime, frame: OfficeFrame) -> str:
    """Write the time of an instant on the museum's clock: 11:00."""
    return format_time(at.astimezone(frame.zone), "HH:mm", locale=locale(frame.lang))


def day_in_words(tour: Tour, frame: OfficeFrame) -> str:
    """Write the day of a tour as exactly as it is known, nothing when it is not."""
    if tour.starts_at:
        return format_date(
            day_of(tour.starts_at, frame.zone), "d MMMM y, EEEE", locale=locale(frame.lang)
        )
    told = [partial_date(date, frame) for date in (tour.date, tour.last_date) if date]
    return " – ".join(told)


def day_of_instant(at: datetime, frame: OfficeFrame) -> str:
    """Write the day that an instant falls on in the museum's time."""
    return partial_date(day_of(at, frame.zone).isoformat(), frame)


def partial_date(told: str, frame: OfficeFrame) -> str:
    """Write a year, a month or a day in words."""
    if not is_partial_date(told):
        return told
    day = datetime.fromisoformat(f"{told}-01-01"[:10]).date()
    skeleton = {4: "y", 7: "yMMMM"}.get(len(told))
    if skeleton is None:
        return format_date(day, "d MMMM y", locale=locale(frame.lang))
    return format_skeleton(skeleton, day, locale=locale(frame.lang))


@dataclass(frozen=True)
class TourHead:
    """A tour above its pages: what it is called, how it stands, when it is, what leads on.

    `slot` is "11:00–12:20" or empty; what one `may` is of whoever looks;
    `forgotten` is the day on which its persons were, empty while they are there.
    """

    id: str
    reference: str
    name: Passage
    parties: tuple[Passage, ...]
    state: str
    level: int
    day: str
    slot: str
    version: int
    readable: bool
    may_change: bool
    may_decide: bool
    may_put_right: bool
    is_confidential: bool
    forgotten: str
    has_happened: bool

    @property
    def may_walk(self) -> bool:
        """Say whether whoever looks may walk the tour now."""
        is_walked = self.state in {State.CONFIRMED, State.UNDER_WAY}
        return self.readable and is_walked and not self.forgotten

    @property
    def may_say_who(self) -> bool:
        """Say whether whoever looks may say who comes, or who came."""
        return self.may_change or self.may_put_right

    @property
    def may_staff(self) -> bool:
        """Say whether whoever looks may choose who leads the tour."""
        return self.may_change and self.may_decide

    @classmethod
    def of(cls, found: OpenTour, frame: OfficeFrame) -> Self:
        """Show the head of a tour that somebody has open."""
        tour, chain = found.tour, chain_of(frame)
        return cls(
            id=str(tour.id),
            reference=tour.reference,
            name=name_of(tour, chain),
            parties=parties_in(tour, chain)[1:],
            state=tour.state,
            level=tour.level,
            day=day_in_words(tour, frame),
            slot=slot_in_words(tour, frame),
            version=tour.version,
            readable=found.readable,
            may_change=found.may_change,
            may_decide=found.may_decide,
            may_put_right=found.may_put_right,
            is_confidential=tour.level >= Level.RESTRICTED,
            forgotten=day_of_instant(tour.forgotten_at, frame) if tour.forgotten_at else "",
            has_happened=found.is_walked or tour.state in HAPPENING,
        )


def slot_in_words(tour: Tour, frame: OfficeFrame) -> str:
    """Write when a tour begins and ends on the museum's clock, nothing while it has no slot."""
    if tour.starts_at is None or tour.ends_at is None:
        return ""
    return f"{clock(tour.starts_at, frame)}–{clock(tour.ends_at, frame)}"


@dataclass(frozen=True)
class TourPage(OfficePage):
    """A page of one tour; `at` is the tab that is open."""

    head: TourHead
