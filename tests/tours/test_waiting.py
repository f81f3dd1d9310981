"""Who has waited for a tour finds it as whoever was before them has left it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from fastapi import HTTPException
from sqlalchemy import delete, text

from guide.accounts.model import Role
from guide.accounts.permissions import Person
from guide.db import Database
from guide.tours.access import open_tour
from guide.tours.people import TourStaff
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked

WAITS = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def somebody(desk: Desk, role: Role) -> Person:
    return Person(desk.number, "", "", "en", frozenset({role}), 0, "")


def until_somebody_waits(museum: Database) -> None:
    """Return when another connection waits for a row; on SQLite it waits before it reads."""
    while museum.writer.dialect.name == "postgresql":
        with museum.reading() as db:
            if db.scalar(WAITS):
                return


def test_who_has_waited_reads_what_was_written_meanwhile(
    museum: Database, booked: Booked, leyla: Desk
) -> None:
    tour, who, begun = booked(planner=leyla), somebody(leyla, Role.PLANNER), Event()

    def wait() -> str:
        begun.set()
        with museum.writing() as db:
            return open_tour(db, who, tour, alone=True).tour.brief.notes

    with ThreadPoolExecutor(1) as other:
        with museum.writing() as db:
            open_tour(db, who, tour, alone=True).tour.brief.notes = "They come by bus."
            told = other.submit(wait)
            begun.wait()
            until_somebody_waits(museum)

        assert told.result() == "They come by bus."


def test_who_was_taken_off_it_meanwhile_has_waited_for_nothing(
    museum: Database, booked: Booked, nigar: Desk
) -> None:
    tour, who, begun = booked(guide=nigar), somebody(nigar, Role.GUIDE), Event()

    def wait() -> None:
        begun.set()
        with museum.writing() as db:
            open_tour(db, who, tour, alone=True)

    with ThreadPoolExecutor(1) as other:
        with museum.writing() as db:
            open_tour(db, who, tour, alone=True)
            db.execute(delete(TourStaff).where(TourStaff.tour_id == tour))
            told = other.submit(wait)
            begun.wait()
            until_somebody_waits(museum)

        with pytest.raises(HTTPException):
            told.result()
