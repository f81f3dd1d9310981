"""What somebody may know of some days: tours that they can open, and times of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from guide.tours.access import Reader, books_the_house_for, exists_for, names_are_open_to
from guide.tours.days import Span
from guide.tours.model import Tour
from guide.tours.queries import closures_between, slots_between, tours_on
from guide.tours.slots import bounds
from guide.tours.stops import Closure


@dataclass(frozen=True)
class Agenda:
    """Tours, of which some have `readable` names; times of others; what is closed.

    Of a tour that cannot be opened nothing is read but when it begins and ends.
    """

    tours: Sequence[Tour]
    readable: frozenset[int]
    booked: Sequence[tuple[datetime, datetime]]
    closures: Sequence[Closure]

    def within(self, days: Span, zone: ZoneInfo) -> "Agenda":
        """Return what of it is on some of the days."""
        begins, ends = bounds(days.first, days.last, zone)
        return Agenda(
            [tour for tour in self.tours if _is_on(tour, days, (begins, ends))],
            self.readable,
            [slot for slot in self.booked if slot[0] < ends and slot[1] > begins],
            [one for one in self.closures if one.starts_at < ends and one.ends_at > begins],
        )


def agenda_of(  # noqa: PLR0913 (who asks, for when, and what of it)
    db: Session,
    who: Reader,
    days: Span,
    zone: ZoneInfo,
    only: ColumnElement[bool] | None = None,
    *,
    load: Sequence[ORMOption],
) -> Agenda:
    """Find what somebody may know of some days, or what of it is `only` of one kind.

    Of one kind there are no times of others.
    """
    when = bounds(days.first, days.last, zone)
    wanted = [exists_for(who), *(() if only is None else (only,))]
    tours = tours_on(db, days, when, *wanted, load=load)
    booked = slots_between(db, *when, books_the_house_for(who)) if only is None else []
    closures = closures_between(db, *when)
    return Agenda(tours, readable_among(db, who, tours), booked, closures)


def readable_among(db: Session, who: Reader, tours: Sequence[Tour]) -> frozenset[int]:
    """Return the numbers of the tours whose names somebody may read."""
    numbers = [tour.id for tour in tours]
    readable = select(Tour.id).where(Tour.id.in_(numbers), names_are_open_to(who))
    return frozenset(db.scalars(readable))


def _is_on(tour: Tour, days: Span, when: tuple[datetime, datetime]) -> bool:
    if tour.starts_at and tour.ends_at:
        return tour.starts_at < when[1] and tour.ends_at > when[0]
    first, last = tour.date or "", tour.last_date or tour.date or ""
    return first <= days.last.isoformat() and last >= days.first.isoformat()
