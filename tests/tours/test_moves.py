"""How far a tour may come, and in which order."""

import itertools
from datetime import UTC, datetime

import pytest

from guide.tours.model import (
    NEXT,
    IllegalMoveError,
    NoSlotError,
    PlanIsFixedError,
    StaleTourError,
    State,
    Tour,
)
from tests import make

NOW = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
VERBS = {
    State.PLANNED: Tour.plan,
    State.CONFIRMED: Tour.confirm,
    State.UNDER_WAY: lambda tour: tour.depart(NOW),
    State.COMPLETED: lambda tour: tour.complete(NOW),
    State.CANCELLED: Tour.cancel,
}
LEGAL = [(state, to) for state in State for to in sorted(NEXT[state])]
ILLEGAL = [
    (state, to) for state, to in itertools.product(State, VERBS) if to not in NEXT[state]
]


@pytest.mark.parametrize(("state", "to"), LEGAL)
def test_a_tour_goes_on_to_the_next_state(state: State, to: State) -> None:
    tour = make.tour(state=state)

    VERBS[to](tour)

    assert (tour.state, tour.version) == (to, 2)


@pytest.mark.parametrize(("state", "to"), ILLEGAL)
def test_every_other_move_is_refused_and_changes_nothing(state: State, to: State) -> None:
    tour = make.tour(state=state)

    with pytest.raises(IllegalMoveError):
        VERBS[to](tour)

    assert (tour.state, tour.version) == (state, 1)
    assert (tour.departed_at, tour.completed_at) == (None, None)


def test_a_tour_without_a_time_cannot_be_planned() -> None:
    tour = make.tour(state=State.REQUESTED, starts_at=None, ends_at=None)

    with pytest.raises(NoSlotError):
        tour.plan()


def test_who_has_seen_an_older_version_changes_nothing() -> None:
    tour = make.tour(version=3)

    with pytest.raises(StaleTourError):
        tour.change(2)

    assert tour.version == 3


@pytest.mark.parametrize("state", [State.UNDER_WAY, State.COMPLETED, State.CANCELLED])
def test_the_plan_of_a_tour_that_has_left_is_fixed(state: State) -> None:
    tour = make.tour(state=state)

    with pytest.raises(PlanIsFixedError):
        tour.change(1)
