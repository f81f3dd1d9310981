"""What planners and guides find on their desks."""

from datetime import UTC, datetime, timedelta

import pytest

from guide.tours.model import Party, State
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked

SOON = datetime.now(UTC) + timedelta(days=3)
MARKED = (Party("organisation", {"en": "Zanzibar Marker Society"}),)
SLOT = {"starts_at": SOON, "ends_at": SOON + timedelta(hours=1), "parties": MARKED}


def finds(desk: Desk) -> bool:
    return "Zanzibar Marker Society" in desk.phone.get("/staff").text


def test_a_planner_finds_what_is_to_be_settled(leyla: Desk, booked: Booked) -> None:
    booked(**SLOT)

    assert finds(leyla)


@pytest.mark.parametrize("state", [State.CANCELLED, State.COMPLETED])
def test_what_is_over_waits_for_nobody(leyla: Desk, booked: Booked, state: State) -> None:
    booked(planner=leyla, state=state, **SLOT)

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


def test_a_request_without_a_day_waits_too(leyla: Desk, booked: Booked) -> None:
    booked(state=State.REQUESTED, **{**SLOT, "starts_at": None, "ends_at": None})

    assert finds(leyla)
