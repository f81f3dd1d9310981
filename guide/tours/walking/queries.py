"""Finding what happened on tours."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from guide.tours.walking.events import WalkEvent
from guide.tours.walking.walk import Walk


def events_of(db: Session, tour_id: int) -> list[WalkEvent]:
    """List the events of a tour in their order, with what was written."""
    query = select(WalkEvent).where(WalkEvent.tour_id == tour_id).order_by(WalkEvent.seq)
    return list(db.scalars(query.options(joinedload(WalkEvent.note))))


def walk_of(db: Session, tour_id: int) -> Walk:
    """Return how far a tour has come."""
    query = select(WalkEvent).where(WalkEvent.tour_id == tour_id).order_by(WalkEvent.seq)
    return Walk.of(db.scalars(query))


def last_seq(db: Session, tour_id: int) -> int:
    """Return the number of the last event of a tour, 0 before there is any."""
    query = select(func.max(WalkEvent.seq)).where(WalkEvent.tour_id == tour_id)
    return db.scalar(query) or 0
