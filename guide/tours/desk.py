"""What somebody who plans or leads tours finds on their desk: tours that come, and reports."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from guide.accounts.desk import Task
from guide.accounts.model import Role
from guide.accounts.office import frame_in
from guide.accounts.permissions import Person
from guide.settings import Settings
from guide.tours.access import exists_for, is_led_by, is_theirs, names_are_open_to
from guide.tours.model import State, Tour
from guide.tours.naming import name_of
from guide.tours.reporting.model import TourReport
from guide.tours.slots import bounds, day_of

AHEAD = timedelta(days=14)
"""How far a desk looks."""
BACK = timedelta(days=30)
"""How long a tour that has ended waits on a desk for its report."""

UNSETTLED = (State.REQUESTED, State.PLANNED)
WALKED = (State.CONFIRMED, State.UNDER_WAY)


def tasks(request: Request, db: Session, person: Person) -> Iterator[Task]:
    """Bring the tours of today and of the next two weeks, requests that wait, and reports."""
    if person.is_any_of(Role.GUIDE, Role.PLANNER):
        yield from _tours(request, db, person)
        yield from _reports(request, db, person)


def _tours(request: Request, db: Session, person: Person) -> Iterator[Task]:
    """Bring tours that come; one of today leads whoever leads it straight to the walk.

    A guide sees those that they lead; a planner all that are to be settled, however far off
    they are, and their own.
    """
    settings: Settings = request.app.state.settings
    zone, now = ZoneInfo(settings.timezone), datetime.now(UTC)
    today = day_of(now, zone)
    begins, _ = bounds(today, today, zone)
    chain = (person.language, "en", "az")
    is_ahead = or_(Tour.starts_at.is_(None), Tour.starts_at >= begins)
    unsettled = and_(Tour.state.in_(UNSETTLED), is_ahead)
    soon = Tour.starts_at.between(begins, now + AHEAD)
    coming = and_(Tour.state.in_(WALKED), soon, is_theirs(person))
    query = (
        select(Tour, is_led_by(person.id))
        .where(exists_for(person), or_(unsettled, coming))
        .order_by(Tour.starts_at.is_(None), Tour.starts_at, Tour.id)
    )
    for tour, leads in db.execute(query):
        is_today = tour.starts_at is not None and day_of(tour.starts_at, zone) == today
        is_walk = is_today and leads and tour.state in WALKED
        yield Task(
            "today" if is_today else "soon",
            "walk" if is_walk else f"tour-{tour.state}",
            name_of(tour, chain),
            _walk(request, person, tour) if is_walk else _path(request, "tours.tour", tour),
            since=tour.starts_at or tour.made_at,
        )


def _reports(request: Request, db: Session, person: Person) -> Iterator[Task]:
    """Bring reports that nobody has written to whoever may, then those that nobody has signed.

    Only planners sign; what a guide has written waits for them.
    """
    now, chain = datetime.now(UTC), (person.language, "en", "az")
    is_written = exists().where(TourReport.tour_id == Tour.id)
    is_signed = exists().where(TourReport.tour_id == Tour.id, TourReport.signed_at.is_not(None))
    theirs = and_(is_theirs(person), ~is_written)
    waits = ~is_signed if person.is_any_of(Role.PLANNER) else theirs
    ended = Tour.state == State.COMPLETED, Tour.completed_at.between(now - BACK, now)
    query = (
        select(Tour, is_written)
        .where(*ended, Tour.forgotten_at.is_(None), names_are_open_to(person), waits)
        .order_by(is_written, Tour.completed_at, Tour.id)
    )
    for tour, written in db.execute(query):
        kind = "report-unsigned" if written else "report-unwritten"
        path = _path(request, "tours.report", tour)
        yield Task("reports", kind, name_of(tour, chain), path, since=tour.completed_at)


def _path(request: Request, name: str, tour: Tour) -> str:
    return str(request.app.url_path_for(name, tour_id=str(tour.id)))


def _walk(request: Request, person: Person, tour: Tour) -> str:
    shell = request.app.url_path_for("tours.walk.shell", lang=frame_in(person.language).lang)
    return f"{shell}#{tour.id}"
