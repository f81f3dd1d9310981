"""Who may see a tour, its names, and that it is there at all."""

from http import HTTPStatus

import pytest
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Role
from guide.db import Database
from guide.tours.model import Party, State
from guide.tours.people import Duty
from tests.accounts.conftest import Desk, SignedIn
from tests.tours.conftest import Booked, stored

THERE, GONE = HTTPStatus.OK, HTTPStatus.NOT_FOUND
MARKED = (Party("organisation", {"en": "Zanzibar Marker Society"}),)


def status(desk: Desk, tour_id: int, page: str = "") -> int:
    return desk.phone.get(f"/staff/tours/{tour_id}{page}").status_code


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_whoever_serves_a_tour_opens_all_of_it(
    leyla: Desk, nigar: Desk, booked: Booked, level: int
) -> None:
    number = booked(guide=nigar, planner=leyla, level=level)

    for desk in (leyla, nigar):
        assert [status(desk, number), status(desk, number, "/brief")] == [THERE, THERE]


@pytest.mark.parametrize(
    ("level", "page", "brief"),
    [(0, THERE, THERE), (1, THERE, THERE), (2, THERE, GONE), (3, GONE, GONE)],
)
def test_another_planner(
    orkhan: Desk, booked: Booked, level: int, page: int, brief: int
) -> None:
    number = booked(level=level, parties=MARKED)

    assert [status(orkhan, number), status(orkhan, number, "/brief")] == [page, brief]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_guide_who_was_taken_off_their_own_request_learns_no_more_of_it(
    nigar: Desk, elvin: Desk, booked: Booked, level: int
) -> None:
    number = booked(made_by=elvin.number, guide=nigar, level=level)

    assert [status(elvin, number), status(elvin, number, "/brief")] == [GONE, GONE]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("role", [Role.GUIDE, Role.CURATOR, Role.ADMIN])
def test_nobody_else_learns_of_a_tour(
    signed_in: SignedIn, booked: Booked, level: int, role: Role
) -> None:
    stranger = signed_in(role, email="stranger@example.org")
    number = booked(level=level, parties=MARKED)

    assert status(stranger, number) == GONE
    assert "Zanzibar" not in stranger.phone.get("/staff/tours").text


def test_a_planner_who_may_not_read_names_changes_nothing(
    orkhan: Desk, booked: Booked, museum: Database
) -> None:
    number = booked(level=2)

    for page in ("details", "brief", "staff", "confirmation", "cancellation", "overrides"):
        answer = orkhan.phone.post(f"/staff/tours/{number}/{page}", data=orkhan.form)
        assert answer.status_code == GONE
    assert stored(museum, number).version == 1


def test_that_a_confidential_tour_was_opened_is_noted(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    secret, plain = booked(planner=leyla, level=3), booked(level=1)
    status(leyla, secret)
    status(leyla, plain)

    with museum.reading() as db:
        opened = select(AuditEntry).where(AuditEntry.deed == "tour.opened")
        entries = db.scalars(opened).all()
    assert [(one.subject, one.account_id) for one in entries] == [
        (f"tour:{secret}", leyla.number)
    ]


def test_whoever_makes_a_tour_confidential_stays_in_charge(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    number = booked()
    asked = {
        "category": "official",
        "photo_policy": "ask",
        "level": "3",
        "version": "1",
        "day": "2026-12-01",
        "begins": "11:00",
        "ends": "12:30",
    }
    leyla.phone.post(f"/staff/tours/{number}/details", data={**leyla.form, **asked})

    assert stored(museum, number).level == 3
    assert status(leyla, number) == THERE


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (State.REQUESTED, True),
        (State.PLANNED, True),
        (State.CONFIRMED, False),
        (State.UNDER_WAY, False),
    ],
)
def test_a_guide_changes_their_own_drafts_alone(
    nigar: Desk, booked: Booked, museum: Database, state: State, *, may: bool
) -> None:
    number = booked(guide=nigar, state=state)
    words = {"notes": "They like music.", "version": "1"}

    answer = nigar.phone.post(f"/staff/tours/{number}/brief", data={**nigar.form, **words})

    assert answer.status_code == (HTTPStatus.SEE_OTHER if may else HTTPStatus.CONFLICT)
    assert (stored(museum, number).brief.notes == "They like music.") is may


def test_a_guide_who_plans_a_tour_leads_it(nigar: Desk, museum: Database) -> None:
    asked = {"category": "school", "photo_policy": "ask", "level": "1", "day": "2026-12-01"}

    answer = nigar.phone.post("/staff/tours/new", data={**nigar.form, **asked})

    number = int(answer.headers["location"].split("?")[0].rpartition("/")[2])
    [one] = stored(museum, number).staff
    assert (one.account_id, one.duty) == (nigar.number, Duty.GUIDE)
