"""Holding the persons of a tour, by name and reason, and letting them go."""

from datetime import datetime

from sqlalchemy.orm import Session

from guide.accounts.permissions import Person
from guide.tours.deeds import write_down
from guide.tours.forgetting.model import TourHold
from guide.tours.model import Tour


class AlreadyHeldError(Exception):
    """Somebody holds the tour already."""


class AlreadyForgottenError(Exception):
    """There is nobody left to hold, or to forget."""


class HeldError(Exception):
    """What is held is not forgotten."""


class NotOverError(Exception):
    """A tour that is to come needs its persons."""


def hold_of(db: Session, tour: Tour) -> TourHold | None:
    """Return what holds a tour, if anything does."""
    return db.get(TourHold, tour.id)


def put_on_hold(db: Session, tour: Tour, reason: str, who: Person, at: datetime) -> None:
    """Stop the clock of a tour that nobody else can change now; the trail knows no reason.

    Raises AlreadyHeldError and AlreadyForgottenError.
    """
    if tour.forgotten_at:
        raise AlreadyForgottenError
    if hold_of(db, tour):
        raise AlreadyHeldError
    db.add(TourHold(tour_id=tour.id, at=at, account_id=who.id, reason=reason))
    write_down(db, tour, "tour.held", who, at)


def lift(db: Session, tour: Tour, who: Person, at: datetime) -> None:
    """Let the clock run again; a tour whose days are over goes with the next purge."""
    if hold := hold_of(db, tour):
        db.delete(hold)
        write_down(db, tour, "tour.hold-lifted", who, at)
