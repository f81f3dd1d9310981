"""Finding tours, with what their pages show."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from guide.accounts.model import Account, Role, RoleHeld
from guide.exhibits.halls import Hall, HallWay
from guide.exhibits.model import Exhibit, Exhibition
from guide.tours.days import Span
from guide.tours.model import BINDING, State, Tour
from guide.tours.people import TourInterpreter, TourStaff
from guide.tours.stops import Closure, Place, TourStop
from guide.tours.timetable import Ways

NO_DAY = "9999"
NO_BEGINNING = datetime(9999, 1, 1, tzinfo=UTC)
"""Where tours stand in order of which a day, or a time, is not known."""

WITH_STOPS = (
    selectinload(Tour.stops).options(
        joinedload(TourStop.exhibit).joinedload(Exhibit.exhibition),
        joinedload(TourStop.exhibition),
    ),
)
WITH_STAFF = (
    selectinload(Tour.staff).joinedload(TourStaff.account).selectinload(Account.held),
    selectinload(Tour.interpreters).joinedload(TourInterpreter.interpreter),
)
WHOLE = (
    *WITH_STOPS,
    *WITH_STAFF,
    selectinload(Tour.persons),
    joinedload(Tour.brief),
    joinedload(Tour.published),
)


def whole_tour(tour_id: int) -> Select[Tour]:
    """Select a tour with everything of it."""
    return select(Tour).where(Tour.id == tour_id).options(*WHOLE)


def binding_between(
    db: Session,
    starts_at: datetime,
    ends_at: datetime,
    *conditions: ColumnElement[bool],
    but: int,
) -> list[Tour]:
    """List the confirmed tours that take place in a time, but for one, with stops and staff."""
    query = select(Tour).where(Tour.state.in_(BINDING), *_meets(starts_at, ends_at))
    query = query.where(Tour.id != but, *conditions)
    query = query.order_by(Tour.starts_at, Tour.id).options(*WITH_STOPS, *WITH_STAFF)
    return list(db.scalars(query.execution_options(populate_existing=True)))


def tours_between(
    db: Session, starts_at: datetime, ends_at: datetime, *conditions: ColumnElement[bool]
) -> list[Tour]:
    """List tours of any state that take place in a time and meet conditions, in order."""
    query = select(Tour).where(*_meets(starts_at, ends_at), *conditions)
    query = query.order_by(Tour.starts_at, Tour.id).options(*WITH_STOPS, *WITH_STAFF)
    return list(db.scalars(query))


def tours_on(
    db: Session,
    days: Span,
    when: tuple[datetime, datetime],
    *conditions: ColumnElement[bool],
    load: Sequence[ORMOption],
) -> list[Tour]:
    """List tours of any state on some days, which begin and end at two instants.

    Those with a slot come first, in order; then those of which only the day is known.
    """
    last = func.coalesce(Tour.last_date, Tour.date)
    has_day_alone = and_(
        Tour.starts_at.is_(None),
        func.length(Tour.date) == len("2026-12-01"),
        Tour.date <= days.last.isoformat(),
        last >= days.first.isoformat(),
    )
    query = select(Tour).where(or_(and_(*_meets(*when)), has_day_alone), *conditions)
    query = query.order_by(Tour.starts_at.nulls_last(), Tour.date, Tour.id)
    return list(db.scalars(query.options(*load)))


def tours_after(
    db: Session,
    place: tuple[str, datetime, int] | None,
    limit: int,
    *conditions: ColumnElement[bool],
) -> list[Tour]:
    """List so many tours after a place in their order: by day, by beginning, by number.

    Those without a day come last; a place is what `place_of` says of a tour.
    """
    day, begins = func.coalesce(Tour.date, NO_DAY), func.coalesce(Tour.starts_at, NO_BEGINNING)
    query = select(Tour).where(*conditions).order_by(day, begins, Tour.id).limit(limit)
    if place is not None:
        later = and_(begins == place[1], Tour.id > place[2])
        query = query.where(
            or_(day > place[0], and_(day == place[0], or_(begins > place[1], later)))
        )
    return list(db.scalars(query))


def place_of(tour: Tour) -> tuple[str, datetime, int]:
    """Return what a tour is ordered by among all."""
    return tour.date or NO_DAY, tour.starts_at or NO_BEGINNING, tour.id


def is_on(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Whether a tour is on a day from the first to the last, as exactly as its day is known."""
    found: list[ColumnElement[bool]] = []
    if first:
        day = first.isoformat()
        end = func.coalesce(Tour.last_date, Tour.date)
        found.append(or_(end >= day, end.in_((day[:4], day[:7]))))
    if last:
        found.append(Tour.date <= last.isoformat())
    return found


def is_coming(today: date, midnight: datetime) -> ColumnElement[bool]:
    """Whether a tour is not over yet, as exactly as its day is known: 2026-12 to its end."""
    day = today.isoformat()
    last = func.coalesce(Tour.last_date, Tour.date, "")
    return or_(
        last >= day,
        last.in_((day[:4], day[:7])),
        and_(Tour.ends_at.is_not(None), Tour.ends_at > midnight),
        and_(last == "", Tour.state.not_in((State.CANCELLED, State.COMPLETED))),
    )


def slots_between(
    db: Session, starts_at: datetime, ends_at: datetime, *conditions: ColumnElement[bool]
) -> list[tuple[datetime, datetime]]:
    """List when tours that meet conditions begin and end, and nothing else of them."""
    query = select(Tour.starts_at, Tour.ends_at).where(*_meets(starts_at, ends_at), *conditions)
    slots = db.execute(query.order_by(Tour.starts_at, Tour.ends_at))
    return [(begins, ends) for begins, ends in slots if begins and ends]


def closures_between(db: Session, starts_at: datetime, ends_at: datetime) -> list[Closure]:
    """List what is closed at some time between two instants, in order."""
    query = select(Closure).where(Closure.starts_at < ends_at, Closure.ends_at > starts_at)
    return list(db.scalars(query.order_by(Closure.starts_at, Closure.id)))


def closures_after(db: Session, at: datetime) -> list[Closure]:
    """List what is closed at an instant or later, in order."""
    query = select(Closure).where(Closure.ends_at > at)
    return list(db.scalars(query.order_by(Closure.starts_at, Closure.id)))


def colleagues(db: Session, role: Role) -> list[Account]:
    """List those who hold a role and can sign in, by name; no machines."""
    query = select(Account).join(RoleHeld).where(RoleHeld.role == role)
    there = query.where(Account.disabled_at.is_(None), Account.machine_since.is_(None))
    return list(db.scalars(there.order_by(Account.name, Account.id)))


def halls_by_id(db: Session) -> dict[int, Hall]:
    """Return the halls by their number."""
    return {hall.id: hall for hall in db.scalars(select(Hall))}


def exhibitions_in_order(db: Session) -> list[Exhibition]:
    """List the exhibitions that are not in the bin, in their order."""
    there = select(Exhibition).where(Exhibition.removed_at.is_(None))
    return list(db.scalars(there.order_by(Exhibition.position, Exhibition.slug)))


def ways_on_foot(db: Session) -> Ways:
    """Return the minutes between halls that somebody has measured, both ways round."""
    found: dict[tuple[Place, Place], int] = {}
    for way in db.scalars(select(HallWay)):
        one, other = Place("hall", way.hall_id), Place("hall", way.other_id)
        found[one, other] = found[other, one] = way.minutes
    return found


def _meets(starts_at: datetime, ends_at: datetime) -> Iterable[ColumnElement[bool]]:
    """Whether a tour and a time have an instant in common; to touch is not to meet."""
    return (Tour.starts_at < ends_at, Tour.ends_at > starts_at)
