"""What people do with tours; each deed is written in the trail as it is done."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.accounts.permissions import Person
from guide.tours import earlier
from guide.tours.details import Details
from guide.tours.diary import Override
from guide.tours.given import GivenReference
from guide.tours.model import Level, State, Tour, TourBrief, subject_of
from guide.tours.people import Duty, TourStaff


def next_reference(db: Session, year: int) -> str:
    """Return the next reference of a year: "2026-014"; none is given twice."""
    longest = select(func.max(func.length(Tour.reference))).where(
        Tour.reference.startswith(f"{year}-")
    )
    query = select(func.max(Tour.reference)).where(
        Tour.reference.startswith(f"{year}-"),
        func.length(Tour.reference) == longest.scalar_subquery(),
    )
    last = db.scalar(query)
    given = db.scalar(select(GivenReference.last).where(GivenReference.year == year))
    number = max(int(last.partition("-")[2]) if last else 0, given or 0) + 1
    return f"{year}-{number:03}"


def request(db: Session, details: Details, who: Person, at: datetime, zone: ZoneInfo) -> Tour:
    """Put a new tour into the book, as it is told; its reference is of the year of its day."""
    tour = Tour(parties=(), languages=[], persons=[], stops=[], interpreters=[])
    details.fill(tour)
    year = details.day or at.astimezone(zone)
    return begin(db, tour, who, at, year.year)


def begin(db: Session, tour: Tour, who: Person, at: datetime, year: int) -> Tour:
    """Put a new tour, filled by a form, into the book; whoever makes it is in charge of it.

    Guides lead what they plan themselves.
    """
    tour.reference = next_reference(db, year)
    tour.version, tour.state = 1, State.REQUESTED
    tour.made_at, tour.made_by = at, who.id
    tour.brief = tour.brief or TourBrief()
    is_planner = who.is_any_of(Role.PLANNER)
    duty = Duty.PLANNER if is_planner else Duty.GUIDE
    tour.staff = [TourStaff(account_id=who.id, duty=duty)]
    db.add(tour)
    db.flush()
    write_down(db, tour, "tour.requested", who, at)
    return tour


def levels_for(who: Person, tour: Tour | None = None) -> tuple[Level, ...]:
    """Return the levels that somebody may give a tour, a new one or one that is there.

    Guides make none confidential: the planners who are to confirm it could not open it. One
    that a planner has made so stays so.
    """
    if who.is_any_of(Role.PLANNER):
        return tuple(Level)
    if tour is not None and tour.level >= Level.RESTRICTED:
        return (Level(tour.level),)
    return (Level.PUBLIC, Level.INTERNAL)


def keep_in_charge(tour: Tour, who: Person) -> None:
    """Put whoever makes a tour confidential in charge of it, so that they can still read it."""
    is_in_charge = any(one.account_id == who.id for one in tour.staff)
    if tour.level >= Level.RESTRICTED and tour.made_by != who.id and not is_in_charge:
        tour.staff.append(TourStaff(account_id=who.id, duty=Duty.PLANNER))


def reroute(db: Session, tour: Tour, before: earlier.Told, who: Person, at: datetime) -> bool:
    """Keep the route as it was, and note what has changed; say whether anything has."""
    fields = earlier.changes(before, earlier.told(tour.stops))
    if not fields:
        return False
    tour.change(tour.version)
    earlier.keep(db, tour, before, who.id, at)
    write_down(db, tour, "tour.route.changed", who, at, fields)
    return True


def let_stand(  # noqa: PLR0913, PLR0917 (each is asked for)
    db: Session, tour: Tour, keys: Iterable[str], reason: str, who: Person, at: datetime
) -> None:
    """Let clashes stand, by their keys, by name and with a reason."""
    named = sorted(keys)
    for key in named:
        db.merge(Override(tour_id=tour.id, key=key, reason=reason, account_id=who.id, at=at))
    write_down(db, tour, "tour.overridden", who, at, named)


def write_down(  # noqa: PLR0913, PLR0917 (each is asked for)
    db: Session,
    tour: Tour,
    deed: str,
    who: Person,
    at: datetime,
    fields: Iterable[str] = (),
) -> None:
    """Write a deed in the trail: the names of what changed, never what they hold."""
    account = db.get_one(Account, who.id)
    db.add(AuditEntry.of(account, deed, subject_of(tour), at, fields))
    db.flush()
