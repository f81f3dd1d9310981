"""A tour is taken down, and changed."""

from http import HTTPStatus

from sqlalchemy import select

from guide.db import Database
from guide.tours.model import Tour
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked, stored

ASKED = {
    "party-0-kind": "organisation",
    "party-0-en": "Friendship Association",
    "party-0-zh-Hans": "友好协会",
    "party-1-kind": "country",
    "party-1-code": "CN",
    "people": "12",
    "language-0": "zh-Hans",
    "day": "2026-12-01",
    "begins": "11:00",
    "ends": "12:20",
    "category": "official",
    "photo_policy": "ask",
    "level": "1",
}


def test_a_planner_takes_a_request_down(leyla: Desk, museum: Database) -> None:
    answer = leyla.phone.post("/staff/tours/new", data={**leyla.form, **ASKED})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    with museum.reading() as db:
        tour = db.scalars(select(Tour)).one()
    assert (tour.reference, tour.state, tour.date) == ("2026-001", "requested", "2026-12-01")
    assert [party.code for party in tour.parties] == ["", "CN"]
    assert f"{tour.starts_at:%H:%M}" == "07:00"
    shown = leyla.phone.get(answer.headers["location"]).text
    assert "Friendship Association" in shown


def test_a_form_that_cannot_be_read_comes_back_as_typed(leyla: Desk) -> None:
    asked = {**ASKED, "ends": "10:00", "people": "many"}

    answer = leyla.phone.post("/staff/tours/new", data={**leyla.form, **asked})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "友好协会" in answer.text
    assert 'id="people-error"' in answer.text


def test_two_who_change_a_tour_at_once_are_told_of_each_other(
    leyla: Desk, orkhan: Desk, booked: Booked, museum: Database
) -> None:
    number = booked()
    address = f"/staff/tours/{number}/details"
    leyla.phone.post(address, data={**leyla.form, **ASKED, "version": "1", "people": "20"})

    answer = orkhan.phone.post(address, data={**orkhan.form, **ASKED, "version": "1"})

    assert answer.status_code == HTTPStatus.CONFLICT
    said = answer.text[answer.text.index('id="people"') :]
    assert said.index("Saved meanwhile by somebody else:") < said.index("<bdi>20</bdi>")
    assert "people:" not in answer.text
    assert stored(museum, number).people == 20
