"""When a hall, an exhibition or the whole house cannot be visited."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Role
from guide.db import Database
from guide.exhibits.halls import Hall
from guide.tours.stops import Closure, Place
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.tours.conftest import AT, Booked, stored

CLOSURES = "/staff/tours/closures"
ASKED = {
    "place": "house",
    "begins": "2099-12-01T10:00",
    "ends": "2099-12-01T18:30",
    "reason": "A holiday",
}


@pytest.fixture
def hall(museum: Database) -> int:
    with museum.writing() as db:
        made = Hall(slug="north", position=1, floor=0, names={"en": "North Hall"})
        db.add(made)
        db.flush()
        return made.id


def closures(museum: Database) -> list[Closure]:
    with museum.reading() as db:
        return list(db.scalars(select(Closure)))


def deeds(museum: Database) -> list[str]:
    with museum.reading() as db:
        query = select(AuditEntry.deed).where(AuditEntry.subject.startswith("closure:"))
        return list(db.scalars(query.order_by(AuditEntry.id)))


def test_a_planner_closes_the_house_and_opens_it_again(leyla: Desk, museum: Database) -> None:
    answer = leyla.phone.post(CLOSURES, data={**leyla.form, **ASKED})

    assert answer.headers["location"] == f"{CLOSURES}?done=closed"
    (closure,) = closures(museum)
    assert closure.place == Place()
    assert closure.starts_at == datetime(2099, 12, 1, 6, 0, tzinfo=UTC)
    assert closure.ends_at == datetime(2099, 12, 1, 14, 30, tzinfo=UTC)
    assert "1 December 2099, 10:00–18:30" in leyla.phone.get(CLOSURES).text

    answer = leyla.phone.post(f"{CLOSURES}/{closure.id}/removal", data=leyla.form)

    assert answer.headers["location"] == f"{CLOSURES}?done=reopened"
    assert closures(museum) == []
    assert deeds(museum) == ["closure.added", "closure.removed"]


def test_a_hall_and_an_exhibition_are_closed_by_name(
    leyla: Desk, museum: Database, hall: int
) -> None:
    for place in (f"hall-{hall}", "exhibition-1"):
        leyla.phone.post(CLOSURES, data={**leyla.form, **ASKED, "place": place})

    assert {one.place for one in closures(museum)} == {
        Place("hall", hall),
        Place("exhibition", 1),
    }
    assert "North Hall is closed" in leyla.phone.get(CLOSURES).text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("place", ""),
        ("place", "hall-99999"),
        ("place", "exhibition-x"),
        ("begins", ""),
        ("begins", "1999-12-31T10:00"),
        ("begins", "2026-02-30T10:00"),
        ("begins", "2099-12-01T25:00"),
        ("ends", "tomorrow"),
        ("ends", "2099-12-01T10:00"),
        ("ends", "2099-11-30T10:00"),
        ("ends", "9999-12-31T23:59"),
        ("reason", ""),
        ("reason", " "),
        ("reason", "x" * 121),
        ("reason", "a\nb\x07"),
    ],
)
def test_what_cannot_be_read_comes_back_as_typed(
    leyla: Desk, museum: Database, field: str, typed: str
) -> None:
    asked = {**ASKED, "reason": "Təmir", field: typed}

    answer = leyla.phone.post(CLOSURES, data={**leyla.form, **asked})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-error"' in answer.text
    assert field == "reason" or "Təmir" in answer.text
    assert closures(museum) == []


def test_what_is_over_already_is_not_closed(leyla: Desk, museum: Database) -> None:
    asked = {**ASKED, "begins": "2020-12-01T10:00", "ends": "2020-12-01T18:00"}

    answer = leyla.phone.post(CLOSURES, data={**leyla.form, **asked})

    assert "That is over already." in answer.text
    assert closures(museum) == []


def test_two_who_open_it_again_at_once(leyla: Desk, orkhan: Desk, museum: Database) -> None:
    leyla.phone.post(CLOSURES, data={**leyla.form, **ASKED})
    (closure,) = closures(museum)
    address = f"{CLOSURES}/{closure.id}/removal"
    orkhan.phone.post(address, data=orkhan.form)

    answer = leyla.phone.post(address, data=leyla.form)

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert deeds(museum) == ["closure.added", "closure.removed"]


def test_only_what_is_not_over_is_listed(leyla: Desk, museum: Database) -> None:
    now = datetime.now(UTC)
    with museum.writing() as db:
        for reason, hours in (("Long ago", -9), ("At this moment", -1), ("Soon", 1)):
            begins = now + timedelta(hours=hours)
            db.add(
                Closure(starts_at=begins, ends_at=begins + timedelta(hours=2), reason=reason)
            )

    seen = leyla.phone.get(CLOSURES).text

    assert "At this moment" in seen
    assert "Soon" in seen
    assert "Long ago" not in seen


def test_guides_close_nothing(nigar: Desk, museum: Database) -> None:
    assert nigar.phone.get(CLOSURES).status_code == HTTPStatus.NOT_FOUND

    answer = nigar.phone.post(CLOSURES, data={**nigar.form, **ASKED})

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert closures(museum) == []


def test_a_hall_that_is_taken_away_takes_its_closures_along(
    museum: Database, signed_in: SignedIn, booked: Booked
) -> None:
    aysel = signed_in(Role.CURATOR, email="aysel@example.org")
    with museum.writing() as db:
        hall = Hall(slug="small", position=1, floor=0, names={"en": "Small"})
        db.add(hall)
        db.flush()
        db.add(
            Closure(
                hall_id=hall.id, starts_at=AT, ends_at=AT + timedelta(hours=1), reason="Repairs"
            )
        )
        number = hall.id
    tour = booked(stops=[make.stop(names={"en": "Tea"}, hall_id=number)])

    answer = aysel.phone.post("/staff/halls/small/removal", data=aysel.form)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    with museum.reading() as db:
        assert db.scalars(select(Closure)).all() == []
    assert stored(museum, tour).stops[0].hall_id is None
