"""A route through the whole house is made from what is on show."""

import itertools

import pytest

from guide.exhibits.model import Exhibition
from guide.tours.spreading import LENGTHS, spread, without_closed
from guide.tours.stops import Place, TourStop
from guide.tours.timetable import legs, total
from tests import make

numbers = itertools.count(1)


def shelf(*minutes: int) -> list[TourStop]:
    """Exhibits of one exhibition as stops."""
    room = make.exhibition(f"room-{next(numbers)}")
    room.id = next(numbers)
    return [in_room(room, count) for count in minutes]


def in_room(room: Exhibition, minutes: int) -> TourStop:
    return make.stop(exhibit=make.exhibit(f"thing-{next(numbers)}", of=room), minutes=minutes)


def taken(shelves: list[list[TourStop]], stops: list[TourStop]) -> list[list[int]]:
    """Say which of each shelf were taken."""
    return [
        [n for n, stop in enumerate(shelf_) if any(stop is one for one in stops)]
        for shelf_ in shelves
    ]


@pytest.mark.parametrize("most", LENGTHS)
def test_a_route_takes_no_longer_than_was_asked_with_the_walk(most: int) -> None:
    shelves = [shelf(4, 3, 5, 8, 2), shelf(7, 2, 2), shelf(6, 9, 9), shelf(3)]

    stops = spread(shelves, {}, most)

    assert total(legs(stops, {})) <= most
    assert all(taken(shelves, stops)), "every exhibition has a stop"


def test_every_exhibition_gets_its_share() -> None:
    shelves = [shelf(5, 5, 5, 5), shelf(5, 5, 5, 5)]

    assert taken(shelves, spread(shelves, {}, 22)) == [[0, 1], [0, 1]]


def test_the_first_of_an_exhibition_gives_way_only_when_another_would_have_none() -> None:
    shelves = [shelf(14, 3), shelf(4)]

    assert taken(shelves, spread(shelves, {}, 20)) == [[0], [0]]
    assert taken(shelves, spread(shelves, {}, 12)) == [[1], [0]]


def test_when_there_is_no_time_for_all_the_first_exhibitions_are_seen() -> None:
    shelves = [shelf(5), shelf(30), shelf(5)]

    stops = spread(shelves, {}, 12)

    assert taken(shelves, stops) == [[0], [], [0]]


def test_stops_stand_in_the_order_of_the_house() -> None:
    shelves = [shelf(3, 3, 3), shelf(3, 3)]

    stops = spread(shelves, {}, 60)

    assert stops == [*shelves[0], *shelves[1]]


def test_nothing_on_show_makes_no_route() -> None:
    assert spread([], {}, 20) == []
    assert spread([[]], {}, 20) == []


def test_what_is_closed_is_left_out() -> None:
    open_, closed = shelf(3), shelf(3)
    room = closed[0].room
    assert room

    stops = [*open_, *closed]

    assert without_closed(stops, frozenset({Place("exhibition", room.id)})) == open_
    assert without_closed(stops, frozenset({Place()})) == []
    assert without_closed(stops, frozenset()) == stops
