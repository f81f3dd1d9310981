"""The moves of a tour as deeds: for whoever may, if nothing stands against them, in the trail.

Each raises 404 for whoever may not, and IllegalMoveError from a state that does not lead there.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from guide.tours.access import (
    OpenTour,
    exists_for,
    require_decidable,
    require_readable,
)
from guide.tours.deeds import write_down
from guide.tours.model import State
from guide.tours.readiness import require_confirmable
from guide.tours.walking.events import Kind
from guide.tours.walking.record import Sent, happened_now, take_down


def confirm(db: Session, found: OpenTour, at: datetime) -> None:
    """Say that a tour takes place; raise ClashError for what stands against it by now."""
    require_decidable(found)
    found.tour.require(State.CONFIRMED)
    require_confirmable(db, found.tour, exists_for(found.who))
    found.tour.confirm()
    write_down(db, found.tour, "tour.confirmed", found.who, at)


def cancel(db: Session, found: OpenTour, at: datetime) -> None:
    """Say that a tour does not take place; calendars are told."""
    require_decidable(found)
    found.tour.cancel()
    write_down(db, found.tour, "tour.cancelled", found.who, at)


def depart(db: Session, found: OpenTour, at: datetime, secret: str) -> None:
    """Say that the guests are on their way; for whoever leads the tour, or may decide."""
    _happened(db, found, (Kind.STARTED, State.UNDER_WAY), at, secret)


def complete(db: Session, found: OpenTour, at: datetime, secret: str) -> None:
    """Say that the guests have left; for whoever leads the tour, or may decide."""
    _happened(db, found, (Kind.FINISHED, State.COMPLETED), at, secret)


def _happened(
    db: Session, found: OpenTour, what: tuple[Kind, State], at: datetime, secret: str
) -> None:
    require_readable(found)
    kind, to = what
    found.tour.require(to)
    take_down(db, found.tour, [happened_now(kind, at)], Sent(found.who, at, at), secret)
