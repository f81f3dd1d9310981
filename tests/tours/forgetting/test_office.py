"""The page that says when persons are forgotten: who may hold them, and forget them now."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

from guide.db import Database
from guide.settings import Settings
from guide.tours.forgetting.model import TourHold
from guide.tours.model import Level, State
from guide.tours.paper_pages import Kind
from guide.tours.people import Duty, TourStaff
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked, stored
from tests.tours.forgetting.conftest import Marked
from tests.tours.forgetting.marked import MARK
from tests.tours.forgetting.test_forgetting import every_row, trail
from tests.tours.test_nothing_leaks import paths

REASON = "A court asks for it"


@pytest.fixture
def over(marked: Marked, leyla: Desk) -> int:
    """A closed visit that is over and that Leyla is in charge of."""
    return marked(
        staff=[TourStaff(account_id=leyla.number, duty=Duty.PLANNER)],
        level=Level.CLOSED,
        state=State.COMPLETED,
    )


def post(desk: Desk, tour: int, to: str, **fields: str) -> HTTPStatus:
    answer = desk.phone.post(f"/staff/tours/{tour}/{to}", data={**desk.form, **fields})
    return HTTPStatus(answer.status_code)


def test_a_planner_holds_a_tour_by_name_and_reason_and_lets_it_go(
    museum: Database, leyla: Desk, over: int
) -> None:
    assert post(leyla, over, "hold", reason=REASON) is HTTPStatus.SEE_OTHER
    page = leyla.phone.get(f"/staff/tours/{over}/forgetting").text
    assert REASON in page
    assert "Aysel" in page  # whose name every account of a test has
    with museum.reading() as db:
        assert db.get_one(TourHold, over).account_id == leyla.number

    assert post(leyla, over, "hold/removal") is HTTPStatus.SEE_OTHER
    with museum.reading() as db:
        assert db.get(TourHold, over) is None
    deeds = [entry for entry in trail(museum) if entry[0] != "tour.opened"]
    assert deeds == [("tour.held", []), ("tour.hold-lifted", [])]


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "x" * 501])
def test_a_hold_needs_a_reason_that_can_be_read(
    museum: Database, leyla: Desk, over: int, reason: str
) -> None:
    answer = leyla.phone.post(
        f"/staff/tours/{over}/hold", data={**leyla.form, "reason": reason}
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'aria-invalid="true"' in answer.text
    with museum.reading() as db:
        assert db.get(TourHold, over) is None


def test_of_two_who_hold_it_the_second_reads_the_reason_of_the_first(
    leyla: Desk, over: int
) -> None:
    post(leyla, over, "hold", reason=REASON)
    answer = leyla.phone.post(
        f"/staff/tours/{over}/hold", data={**leyla.form, "reason": "Another reason"}
    )
    assert answer.status_code == HTTPStatus.CONFLICT
    assert REASON in answer.text
    assert "Another reason" in answer.text


def test_forgetting_now_is_asked_twice_and_leaves_no_page_with_a_word(
    museum: Database, guide: TestClient, leyla: Desk, over: int
) -> None:
    assert post(leyla, over, "forgetting") is HTTPStatus.UNPROCESSABLE_ENTITY
    assert MARK in every_row(museum)

    assert post(leyla, over, "forgetting", sure="yes") is HTTPStatus.SEE_OTHER

    assert MARK not in every_row(museum)
    today = stored(museum, over).forgotten_at
    assert today
    pages = [path for path in paths(guide, over) if f"/tours/{over}" in path]
    assert len(pages) > 5
    for path in pages:
        answer = leyla.phone.get(path)
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, path
        assert MARK not in answer.text, path
    assert "were forgotten on" in leyla.phone.get(f"/staff/tours/{over}").text
    assert post(leyla, over, "forgetting", sure="yes") is HTTPStatus.CONFLICT
    assert post(leyla, over, "hold", reason=REASON) is HTTPStatus.CONFLICT
    assert post(leyla, over, "hold/removal") is HTTPStatus.SEE_OTHER


@pytest.mark.parametrize("paper", Kind)
def test_papers_of_a_forgotten_tour_are_still_printed(
    leyla: Desk, over: int, paper: Kind
) -> None:
    post(leyla, over, "forgetting", sure="yes")
    post(leyla, over, "papers/address")
    answer = leyla.phone.get(f"/staff/tours/{over}/papers/{paper}.pdf?languages=en")
    assert answer.status_code == HTTPStatus.OK
    assert answer.content.startswith(b"%PDF")


def test_what_is_held_or_to_come_is_not_forgotten_now(
    museum: Database, leyla: Desk, over: int, booked: Booked
) -> None:
    post(leyla, over, "hold", reason=REASON)
    assert post(leyla, over, "forgetting", sure="yes") is HTTPStatus.CONFLICT
    soon = datetime.now(UTC) + timedelta(days=2)
    later = booked(
        planner=leyla,
        state=State.CONFIRMED,
        starts_at=soon,
        ends_at=soon + timedelta(hours=1),
        date=soon.date().isoformat(),
    )
    assert post(leyla, later, "forgetting", sure="yes") is HTTPStatus.CONFLICT
    assert stored(museum, later).forgotten_at is None
    assert stored(museum, over).forgotten_at is None


def test_only_planners_who_may_read_the_names_may_hold_or_forget(
    museum: Database, orkhan: Desk, nigar: Desk, marked: Marked
) -> None:
    lead = [TourStaff(account_id=nigar.number, duty=Duty.GUIDE)]
    tour = marked(staff=lead, level=Level.RESTRICTED)
    for desk in (orkhan, nigar):  # another planner, and the guide who leads it
        for to in ("forgetting", "hold", "hold/removal"):
            assert post(desk, tour, to, sure="yes", reason=REASON) is HTTPStatus.NOT_FOUND, to
        assert desk.phone.get(f"/staff/tours/{tour}/forgetting").status_code == 404
    assert stored(museum, tour).forgotten_at is None


def test_a_phone_that_brings_a_note_late_is_refused_and_nothing_is_kept(
    museum: Database, leyla: Desk, over: int
) -> None:
    post(leyla, over, "forgetting", sure="yes")
    moment = datetime.now(UTC).isoformat()
    key = "019ac000-0000-7000-8000-000000000000"
    entry = {"key": key, "kind": "noted", "at": moment, "tag": "question", "text": MARK}
    body = {"account": leyla.number, "sent_at": moment, "entries": [entry]}
    headers = {"x-csrf-token": leyla.form["csrf"]}
    for _ in range(2):
        answer = leyla.phone.post(f"/staff/tours/{over}/events", json=body, headers=headers)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert answer.json()["keys"] == [key]
    assert MARK not in every_row(museum)
    assert key not in every_row(museum)


def test_settings_refuse_days_that_would_forget_at_once() -> None:
    with pytest.raises(ValueError, match="retention_days"):
        Settings(retention_days=0)
