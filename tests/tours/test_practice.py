"""The tour to try: one of today that the sample guide can walk, whenever the guide is tried."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from guide.accounts.appointing import open_samples
from guide.accounts.model import Account, StaffSession
from guide.accounts.queries import account_with_email
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.tours.model import State, Tour
from guide.tours.people import Duty, TourStaff
from guide.tours.practice import LEADS, OF_EACH_ROOM, Practice
from tests import make
from tests.accounts.conftest import PASSWORD, Desk
from tests.conftest import client_of
from tests.tours.conftest import stored

BAKU = ZoneInfo("Asia/Baku")


@pytest.fixture
def secret(guide: TestClient) -> str:
    assert isinstance(guide.app, FastAPI)
    found: str = guide.app.state.secret
    return found


@pytest.fixture
def _samples(museum: Database) -> None:
    with museum.writing() as db:
        open_samples(db, PASSWORD, datetime.now(UTC))


def prepared(museum: Database, secret: str, at: datetime | None = None) -> Practice | None:
    with museum.writing() as db:
        return Practice.prepared(db, secret, at or datetime.now(UTC), BAKU)


def sample_guide(guide: TestClient, museum: Database) -> Desk:
    assert isinstance(guide.app, FastAPI)
    token = fresh_token()
    with museum.writing() as db:
        account = account_with_email(db, LEADS)
        assert isinstance(account, Account)
        db.add(StaffSession.of(account, hashed(token), datetime.now(UTC)))
        return Desk(client_of(guide.app), account.id, token)


@pytest.mark.usefixtures("_samples")
def test_the_sample_guide_walks_it_and_its_guests_have_a_page(
    guide: TestClient, museum: Database, secret: str
) -> None:
    practice = prepared(museum, secret)
    assert practice

    tour = stored(museum, practice.tour)
    rooms = [stop.room and stop.room.slug for stop in tour.stops]
    assert tour.state == State.CONFIRMED
    assert len(rooms) == OF_EACH_ROOM * len(set(rooms)) == 8
    desk = sample_guide(guide, museum)
    walk = desk.phone.get(f"/staff/tours/{tour.id}/walk").json()
    assert [one["name"] for one in walk["guests"]] == ["Sample guest"]
    assert len(walk["stops"]) == 8
    page = guide.get(f"/d/{practice.token}")
    assert page.status_code == HTTPStatus.OK
    assert "Sample delegation" in page.text


@pytest.mark.usefixtures("_samples")
def test_it_is_there_once_until_it_is_over(museum: Database, secret: str) -> None:
    now = datetime.now(UTC)
    first = prepared(museum, secret, now)
    assert prepared(museum, secret, now + timedelta(minutes=5)) == first
    assert first

    with museum.writing() as db:
        over = db.get_one(Tour, first.tour)
        over.depart(now)
        over.complete(now)
    second = prepared(museum, secret, now)
    later = prepared(museum, secret, now + timedelta(days=1))

    assert second
    assert later
    assert len({one.tour for one in (first, second, later)}) == 3
    assert len({one.token for one in (first, second, later)}) == 3


@pytest.mark.usefixtures("_samples")
def test_a_tour_that_somebody_planned_for_the_sample_guide_is_not_it(
    museum: Database, secret: str
) -> None:
    with museum.writing() as db:
        leads = account_with_email(db, LEADS)
        assert leads
        tour = make.tour(state=State.CONFIRMED, ends_at=datetime.now(UTC) + timedelta(days=9))
        tour.staff = [TourStaff(account_id=leads.id, duty=Duty.GUIDE)]
        db.add(tour)
        db.flush()
        planned = tour.id

    practice = prepared(museum, secret)

    assert practice
    assert practice.tour != planned


def test_without_the_sample_accounts_there_is_none(museum: Database, secret: str) -> None:
    assert prepared(museum, secret) is None
    with museum.reading() as db:
        assert db.scalar(select(Tour.id)) is None


@pytest.mark.usefixtures("_samples")
def test_a_house_that_shows_nothing_has_none(museum: Database, secret: str) -> None:
    with museum.writing() as db:
        db.execute(update(Exhibit).values(removed_at=datetime.now(UTC)))

    assert prepared(museum, secret) is None
