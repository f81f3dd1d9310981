"""What somebody who plans or leads tours finds on their desk: the tours that come."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from guide.accounts.desk import Task
from guide.accounts.model import Role
from guide.accounts.permissions import Person
from guide.settings import Settings
from guide.tours.access import exists_for, is_theirs
from guide.tours.model import State, Tour
from guide.tours.naming import name_of
from guide.tours.slots import bounds, day_of

AHEAD = timedelta(days=14)
"""How far a desk looks."""

UNSETTLED = (State.REQUESTED, State.PLANNED)
COMING = (State.PLANNED, State.CONFIRMED, State.UNDER_WAY)


def tasks(request: Request, db: Session, person: Person) -> Iterator[Task]:
    """Bring the tours of today and of the next two weeks, then requests that wait.

    A guide sees those that they lead; a planner those that are to be settled, and their own.
    """
    if not person.is_any_of(Role.GUIDE, Role.PLANNER):
        return
    settings: Settings = request.app.state.settings
    zone, now = ZoneInfo(settings.timezone), datetime.now(UTC)
    today = day_of(now, zone)
    begins, _ = bounds(today, today, zone)
    chain = (person.language, "en", "az")
    coming = Tour.starts_at.between(begins, now + AHEAD) & Tour.state.in_(COMING)
    undated = Tour.starts_at.is_(None) & Tour.state.in_(UNSETTLED)
    query = (
        select(Tour)
        .where(exists_for(person), or_(coming, undated))
        .where(or_(is_theirs(person), Tour.state.in_(UNSETTLED)))
        .order_by(Tour.starts_at.is_(None), Tour.starts_at, Tour.id)
    )
    for tour in db.scalars(query):
        path = request.app.url_path_for("tours.tour", tour_id=str(tour.id))
        is_today = tour.starts_at is not None and day_of(tour.starts_at, zone) == today
        yield Task(
            "today" if is_today else "soon",
            f"tour-{tour.state}",
            name_of(tour, chain),
            path,
            since=tour.starts_at or tour.made_at,
        )
