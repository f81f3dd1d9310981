"""A cast for tours: planners and guides in browsers of their own, and strangers to a tour."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from guide.accounts.model import Role
from guide.db import Database
from guide.tours.model import Tour
from guide.tours.people import Duty, TourStaff
from guide.tours.queries import whole_tour
from tests import make
from tests.accounts.conftest import Desk, SignedIn, signed_in

__all__ = ["signed_in"]

AT = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
"""When the dullest tour begins: 11:00 in Baku."""

Booked = Callable[..., int]
"""Puts a tour into the book; returns its number."""


@pytest.fixture
def leyla(signed_in: SignedIn) -> Desk:
    """A planner."""
    return signed_in(Role.PLANNER, email="leyla@example.org")


@pytest.fixture
def orkhan(signed_in: SignedIn) -> Desk:
    """Another planner."""
    return signed_in(Role.PLANNER, email="orkhan@example.org")


@pytest.fixture
def nigar(signed_in: SignedIn) -> Desk:
    """A guide."""
    return signed_in(Role.GUIDE, email="nigar@example.org")


@pytest.fixture
def elvin(signed_in: SignedIn) -> Desk:
    """Another guide."""
    return signed_in(Role.GUIDE, email="elvin@example.org")


@pytest.fixture
def booked(museum: Database) -> Booked:
    """Put a tour into the book, led by a guide and planned by a planner when they are told."""

    def book(
        *, guide: Desk | None = None, planner: Desk | None = None, **fields: object
    ) -> int:
        serving = ((guide, Duty.GUIDE), (planner, Duty.PLANNER))
        staff = [TourStaff(account_id=desk.number, duty=duty) for desk, duty in serving if desk]
        with museum.writing() as db:
            tour = make.tour(**{"staff": staff, **fields})
            db.add(tour)
            db.flush()
            return tour.id

    return book


def stored(museum: Database, tour_id: int) -> Tour:
    """Look a tour up with everything of it, as it is now."""
    with museum.reading() as db:
        tour = db.scalar(whole_tour(tour_id))
        assert tour
        return tour
