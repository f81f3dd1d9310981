"""A route is made shorter: what goes first, and what never."""

import itertools

import pytest

from guide.tours.shortening import Shortening, shortened
from guide.tours.stops import Place, Priority, TourStop
from tests import make

MUST, SHOULD, COULD = Priority.MUST, Priority.SHOULD, Priority.COULD


def route(*told: tuple[int, Priority]) -> list[TourStop]:
    """Make stops of a place each, two minutes on foot from each other."""
    return [
        make.stop(number, minutes=minutes, priority=priority, hall_id=number)
        for number, (minutes, priority) in enumerate(told, 1)
    ]


def in_one_hall(*told: tuple[int, Priority]) -> list[TourStop]:
    stops = route(*told)
    for stop in stops:
        stop.hall_id = 1
    return stops


def gone(proposed: Shortening) -> list[int]:
    return [stop.position for stop in proposed.dropped]


def test_what_fits_stays_as_it_is() -> None:
    proposed = shortened(in_one_hall((10, COULD), (10, MUST)), {}, 20)

    assert (gone(proposed), proposed.minutes, proposed.fits) == ([], 20, True)


def test_what_could_be_left_out_goes_before_what_should_be_seen() -> None:
    stops = in_one_hall((5, SHOULD), (5, COULD), (5, MUST), (5, SHOULD))

    assert gone(shortened(stops, {}, 15)) == [2]
    assert gone(shortened(stops, {}, 10)) == [2, 4]
    assert gone(shortened(stops, {}, 5)) == [1, 2, 4]


def test_among_equals_the_last_goes_first() -> None:
    assert gone(shortened(in_one_hall((5, COULD), (5, COULD), (5, COULD)), {}, 10)) == [3]


def test_what_must_be_seen_never_goes() -> None:
    proposed = shortened(in_one_hall((30, MUST), (5, COULD), (30, MUST)), {}, 20)

    assert (gone(proposed), proposed.minutes, proposed.fits) == ([2], 60, False)


def test_what_still_fits_in_the_end_is_put_back() -> None:
    stops = in_one_hall((20, COULD), (3, COULD), (10, MUST))

    proposed = shortened(stops, {}, 15)

    assert (gone(proposed), proposed.minutes) == ([1], 13)


def test_walking_counts() -> None:
    stops = route((5, MUST), (5, COULD), (5, MUST))
    far = {(Place("hall", 1), Place("hall", 2)): 6, (Place("hall", 2), Place("hall", 3)): 6}

    assert shortened(stops, {}, 19).fits
    assert gone(shortened(stops, far, 19)) == [2]
    assert shortened(stops, far, 19).minutes == 12


@pytest.mark.parametrize("most", [1, 7, 12, 20, 33, 60])
def test_the_kept_and_the_dropped_are_the_route_and_the_sum_holds(most: int) -> None:
    priorities = itertools.cycle([MUST, COULD, SHOULD, COULD])
    stops = route(*((3 + n % 5, next(priorities)) for n in range(12)))

    proposed = shortened(stops, {}, most)

    together = sorted([*proposed.kept, *proposed.dropped], key=lambda stop: stop.position)
    assert together == stops
    assert proposed.fits == (proposed.minutes <= most)
    assert all(stop.priority != MUST for stop in proposed.dropped)


def test_a_route_of_nothing_needs_nothing() -> None:
    assert shortened([], {}, 5) == Shortening((), (), 0, fits=True)
