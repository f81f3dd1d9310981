"""A tour is taken down, and changed."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.tours.model import Level, State, Tour
from guide.tours.people import Interpreter, TourInterpreter
from tests.accounts.conftest import Desk
from tests.tours.conftest import AT, Booked, stored

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


@pytest.fixture
def mei(museum: Database) -> int:
    """An interpreter."""
    with museum.writing() as db:
        mei = Interpreter(name="Mei", languages=["zh-Hans"])
        db.add(mei)
        db.flush()
        return mei.id


def at_work(interpreter: int, begins: int | None, ends: int | None) -> list[TourInterpreter]:
    """An interpreter at work, from and to minutes after a tour begins."""
    hours = (None if one is None else AT + timedelta(minutes=one) for one in (begins, ends))
    starts_at, ends_at = hours
    return [
        TourInterpreter(
            interpreter_id=interpreter,
            from_language="zh-Hans",
            to_language="az",
            mode="consecutive",
            starts_at=starts_at,
            ends_at=ends_at,
        )
    ]


@pytest.mark.parametrize(
    ("asked", "later"),
    [
        pytest.param({"day": "2026-12-02"}, timedelta(days=1), id="the next day"),
        pytest.param({"begins": "10:30"}, timedelta(minutes=-30), id="half an hour earlier"),
        pytest.param(
            {"day": "2026-12-03", "begins": "12:00", "ends": "13:00"},
            timedelta(days=2, hours=1),
            id="another day and hour",
        ),
        pytest.param({"ends": "12:45"}, timedelta(), id="only longer"),
    ],
)
def test_interpreters_come_as_much_later_as_the_tour(  # noqa: PLR0913, PLR0917
    leyla: Desk,
    booked: Booked,
    museum: Database,
    mei: int,
    asked: dict[str, str],
    later: timedelta,
) -> None:
    number = booked(interpreters=at_work(mei, -15, None))
    sent = {**leyla.form, **ASKED, "version": "1", **asked}

    leyla.phone.post(f"/staff/tours/{number}/details", data=sent)

    [one] = stored(museum, number).interpreters
    assert (one.starts_at, one.ends_at) == (AT - timedelta(minutes=15) + later, None)
    with museum.reading() as db:
        told = db.scalars(select(AuditEntry).where(AuditEntry.deed == "tour.changed")).one()
    assert ("interpreters" in told.fields) is (later != timedelta())


def test_without_a_time_interpreters_have_no_hours(
    leyla: Desk, booked: Booked, museum: Database, mei: int
) -> None:
    number = booked(interpreters=at_work(mei, 0, 30))
    sent = {**leyla.form, **ASKED, "version": "1", "begins": "", "ends": ""}

    leyla.phone.post(f"/staff/tours/{number}/details", data=sent)

    [one] = stored(museum, number).interpreters
    assert (one.starts_at, one.ends_at) == (None, None)


def test_an_interpreter_is_not_promised_twice_when_a_tour_is_put_off(
    leyla: Desk, booked: Booked, museum: Database, mei: int
) -> None:
    tomorrow = AT + timedelta(days=1)
    booked(
        state=State.CONFIRMED,
        starts_at=tomorrow,
        ends_at=tomorrow + timedelta(hours=1),
        interpreters=at_work(mei, None, None),
    )
    number = booked(state=State.CONFIRMED, interpreters=at_work(mei, 0, 30))
    sent = {**leyla.form, **ASKED, "version": "1", "day": "2026-12-02"}

    answer = leyla.phone.post(f"/staff/tours/{number}/details", data=sent)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Mei interprets elsewhere" in answer.text
    assert stored(museum, number).starts_at == AT


def test_what_somebody_changed_is_told_before_what_cannot_be_read(
    leyla: Desk, orkhan: Desk, booked: Booked
) -> None:
    number = booked()
    address = f"/staff/tours/{number}/details"
    leyla.phone.post(address, data={**leyla.form, **ASKED, "version": "1", "people": "20"})
    late = {**orkhan.form, **ASKED, "version": "1", "day": "soon"}

    answer = orkhan.phone.post(address, data=late)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "<bdi>20</bdi>" in answer.text


# How confidential it is.


def levels(shown: str) -> list[str]:
    """List the levels that a form offers."""
    return re.findall(r'name="level" value="(\d)"', shown)


def test_guides_are_offered_what_a_planner_can_open(
    leyla: Desk, nigar: Desk, booked: Booked
) -> None:
    draft = booked(guide=nigar)

    for page in ("new", f"{draft}/details"):
        assert levels(nigar.phone.get(f"/staff/tours/{page}").text) == ["0", "1"]
        assert levels(leyla.phone.get(f"/staff/tours/{page}").text) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("level", ["2", "3"])
def test_a_guide_makes_no_tour_that_nobody_could_confirm(
    nigar: Desk, booked: Booked, museum: Database, level: str
) -> None:
    draft = booked(guide=nigar)
    asked = {**nigar.form, **ASKED, "version": "1", "level": level}

    for page in ("new", f"{draft}/details"):
        answer = nigar.phone.post(f"/staff/tours/{page}", data=asked)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        said = answer.text[answer.text.index('id="level-error"') :]
        assert said.index("Only planners make a tour") < said.index('name="level"')
        assert "友好协会" in answer.text

    assert stored(museum, draft).level == Level.INTERNAL
    with museum.reading() as db:
        assert db.scalars(select(Tour.id)).all() == [draft]


def test_a_level_that_a_planner_has_raised_stays_when_a_guide_saves(
    leyla: Desk, nigar: Desk, booked: Booked, museum: Database
) -> None:
    draft = booked(guide=nigar)
    address = f"/staff/tours/{draft}/details"
    leyla.phone.post(address, data={**leyla.form, **ASKED, "version": "1", "level": "2"})
    asked = {name: said for name, said in ASKED.items() if name != "level"}
    asked |= {**nigar.form, "version": "2", "people": "9"}

    assert levels(nigar.phone.get(address).text) == []
    answer = nigar.phone.post(address, data=asked)
    lowered = nigar.phone.post(address, data={**asked, "version": "3", "level": "0"})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert lowered.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    tour = stored(museum, draft)
    assert (tour.level, tour.people) == (Level.RESTRICTED, 9)


def test_a_guide_who_is_late_is_told_that_a_planner_has_raised_the_level(
    leyla: Desk, nigar: Desk, booked: Booked, museum: Database
) -> None:
    draft = booked(guide=nigar)
    address = f"/staff/tours/{draft}/details"
    leyla.phone.post(address, data={**leyla.form, **ASKED, "version": "1", "level": "3"})

    answer = nigar.phone.post(address, data={**nigar.form, **ASKED, "version": "1"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "A planner has chosen this" in answer.text
    assert levels(answer.text) == []
    assert stored(museum, draft).level == Level.CLOSED
