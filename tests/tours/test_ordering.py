"""Stops change places: by steps, to a place, by numbers."""

import pytest

from guide.tours.ordering import (
    NoSuchPlaceError,
    NumbersTwiceError,
    by_numbers,
    moved,
    stepped,
)


@pytest.mark.parametrize(
    ("one", "place", "order"),
    [("a", 3, "bcad"), ("d", 1, "dabc"), ("b", 2, "abcd"), ("a", 4, "bcda")],
)
def test_one_is_moved_and_the_others_keep_their_order(one: str, place: int, order: str) -> None:
    assert "".join(moved("abcd", one, place)) == order


@pytest.mark.parametrize("place", [0, -1, 5, 999])
def test_a_place_that_there_is_not_is_refused(place: int) -> None:
    with pytest.raises(NoSuchPlaceError):
        moved("abcd", "a", place)


@pytest.mark.parametrize(
    ("one", "steps", "order"), [("b", 1, "acbd"), ("b", -1, "bacd"), ("c", 2, "abdc")]
)
def test_one_goes_up_or_down_and_stays_at_the_ends(one: str, steps: int, order: str) -> None:
    assert "".join(stepped("abcd", one, steps)) == order
    assert "".join(stepped("abcd", "a", -1)) == "abcd"
    assert "".join(stepped("abcd", "d", 1)) == "abcd"


def test_steps_to_a_place_are_the_same_as_going_there() -> None:
    twice = stepped(stepped("abcd", "a", 1), "a", 1)

    assert twice == moved("abcd", "a", 3) == by_numbers("abcd", {"a": 9, "d": 10})[:4]


def test_numbers_may_have_gaps() -> None:
    assert "".join(by_numbers("abc", {"a": 30, "b": 4, "c": 7})) == "bca"


def test_a_number_that_is_there_twice_is_refused_by_its_name() -> None:
    with pytest.raises(NumbersTwiceError) as refused:
        by_numbers("abcd", {"a": 2, "b": 2, "c": 3, "d": 4})

    assert refused.value.numbers == {2}
