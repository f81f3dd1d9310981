"""Finding the pages of the guest book and the gifts of a tour."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.walking.events import Kind, WalkEvent


def pages_of(db: Session, tour_id: int) -> Sequence[GuestBookPage]:
    """List the pages of a tour's guest book, the first first."""
    query = select(GuestBookPage).where(GuestBookPage.tour_id == tour_id)
    return db.scalars(query.order_by(GuestBookPage.made_at, GuestBookPage.id)).all()


def gifts_of(db: Session, tour_id: int) -> Sequence[Gift]:
    """List the gifts of a tour, the first first."""
    query = select(Gift).where(Gift.tour_id == tour_id)
    return db.scalars(query.order_by(Gift.made_at, Gift.id)).all()


def noted_gifts(db: Session, tour_id: int) -> Sequence[WalkEvent]:
    """List the gifts that a guide noted on the walk and nobody has registered yet."""
    registered = select(Gift.key).where(Gift.tour_id == tour_id)
    query = (
        select(WalkEvent)
        .where(
            WalkEvent.tour_id == tour_id,
            WalkEvent.kind == Kind.GIFT,
            WalkEvent.key.not_in(registered),
        )
        .order_by(WalkEvent.seq)
        .options(joinedload(WalkEvent.note))
    )
    return db.scalars(query).all()
