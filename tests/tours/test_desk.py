"""What planners and guides find on their desks."""

from datetime import UTC, datetime, timedelta

import pytest

from guide.db import Database
from guide.tours.model import Level, Party, State
from guide.tours.reporting.model import TourReport
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked

SOON = datetime.now(UTC) + timedelta(days=3)
MARKED = (Party("organisation", {"en": "Zanzibar Marker Society"}),)
SLOT = {"starts_at": SOON, "ends_at": SOON + timedelta(hours=1), "parties": MARKED}


NOW = datetime.now(UTC)
WALK_TODAY = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1), "parties": MARKED}
ENDED = {**SLOT, "completed_at": NOW - timedelta(days=1), "state": State.COMPLETED}


def finds(desk: Desk) -> bool:
    return "Zanzibar Marker Society" in desk.phone.get("/staff").text


def test_a_planner_finds_what_is_to_be_settled(leyla: Desk, booked: Booked) -> None:
    booked(**SLOT)

    assert finds(leyla)


@pytest.mark.parametrize("state", [State.CANCELLED, State.COMPLETED])
def test_what_is_over_waits_for_nobody(leyla: Desk, booked: Booked, state: State) -> None:
    over = {"completed_at": NOW - timedelta(days=31)} if state == State.COMPLETED else {}
    booked(planner=leyla, state=state, **over, **SLOT)

    assert not finds(leyla)


def test_a_guide_finds_their_own_tours_alone(nigar: Desk, elvin: Desk, booked: Booked) -> None:
    booked(guide=nigar, state=State.CONFIRMED, **SLOT)

    assert finds(nigar)
    assert not finds(elvin)


def test_a_closed_tour_is_on_no_desk_but_those_of_whoever_serves_it(
    leyla: Desk, orkhan: Desk, booked: Booked
) -> None:
    booked(planner=leyla, level=3, **SLOT)

    assert finds(leyla)
    assert not finds(orkhan)


@pytest.mark.parametrize("state", [State.REQUESTED, State.PLANNED])
@pytest.mark.parametrize("days", [None, 0, 3, 40])
def test_what_is_not_settled_waits_however_far_off_it_is(
    leyla: Desk, booked: Booked, state: State, days: int | None
) -> None:
    begins = None if days is None else NOW + timedelta(days=days)
    ends = begins and begins + timedelta(hours=1)
    booked(state=state, starts_at=begins, ends_at=ends, parties=MARKED)

    assert finds(leyla)


def test_what_was_not_settled_in_time_waits_no_more(leyla: Desk, booked: Booked) -> None:
    begins = NOW - timedelta(days=2)
    booked(starts_at=begins, ends_at=begins + timedelta(hours=1), parties=MARKED)

    assert not finds(leyla)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.UNDER_WAY])
def test_a_tour_of_today_leads_its_guide_straight_to_the_walk(
    nigar: Desk, leyla: Desk, booked: Booked, state: State
) -> None:
    tour = booked(guide=nigar, planner=leyla, state=state, **WALK_TODAY)

    assert f'href="/staff/walk/en#{tour}"' in nigar.phone.get("/staff").text
    assert f'href="/staff/tours/{tour}"' in leyla.phone.get("/staff").text


def test_a_draft_of_today_is_not_walked(nigar: Desk, booked: Booked) -> None:
    tour = booked(guide=nigar, state=State.PLANNED, **WALK_TODAY)

    assert f'href="/staff/tours/{tour}"' in nigar.phone.get("/staff").text


def test_a_report_waits_for_whoever_led_then_for_a_planner(
    museum: Database, nigar: Desk, elvin: Desk, orkhan: Desk, booked: Booked
) -> None:
    tour = booked(guide=nigar, **ENDED)
    path = f'href="/staff/tours/{tour}/report"'
    waits = "Nobody has written its report"
    assert path in nigar.phone.get("/staff").text
    assert waits in nigar.phone.get("/staff").text
    assert waits in orkhan.phone.get("/staff").text
    assert not finds(elvin)

    with museum.writing() as db:
        version = TourReport(tour_id=tour, number=1, made_at=NOW, words={})
        db.add(version)
    assert not finds(nigar)
    assert "Its report is not signed" in orkhan.phone.get("/staff").text

    with museum.writing() as db:
        version.signed_at = NOW
        db.add(version)
    assert not finds(orkhan)


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CLOSED])
def test_reports_that_a_planner_may_not_read_are_not_on_their_desk(
    leyla: Desk, orkhan: Desk, booked: Booked, level: Level
) -> None:
    booked(planner=leyla, level=level, **ENDED)

    assert finds(leyla)
    assert not finds(orkhan)


def test_a_report_whose_persons_are_forgotten_waits_for_nobody(
    nigar: Desk, booked: Booked
) -> None:
    booked(guide=nigar, forgotten_at=NOW, **ENDED)

    assert not finds(nigar)
