"""A route through the whole house in some minutes, made from what is on show.

Every exhibition, in the order of the house, gets a stop as long as there is time for one
each, and then its share of the minutes. Within an exhibition what its curator put first is
chosen first. Walking counts.
"""

from collections.abc import Iterable, Sequence

from guide.tours.stops import Place, TourStop
from guide.tours.timetable import Ways, legs, total

LENGTHS = (20, 40, 60, 90)
"""Minutes of the routes that are offered."""

Shelf = Sequence[TourStop]
"""What is on show in one exhibition, in its order, as stops that are not yet in any route."""


def spread(shelves: Iterable[Shelf], ways: Ways, most: int) -> list[TourStop]:
    """Choose stops from every exhibition so that they take no more than some minutes."""
    shelves = [list(shelf) for shelf in shelves if shelf]
    chosen = _one_each(shelves, ways, most)
    while (more := _next(shelves, chosen, ways, most)) is not None:
        shelf, stop = more
        chosen[shelf].append(stop)
    return _in_order(shelves, chosen)


def without_closed(stops: Iterable[TourStop], closed: frozenset[Place]) -> list[TourStop]:
    """Leave out what stands where nobody may go; nowhere in particular is the whole house."""
    if Place() in closed:
        return []
    return [stop for stop in stops if not (closed & _places(stop))]


def _places(stop: TourStop) -> set[Place]:
    room = stop.room
    return {stop.place} | ({Place("exhibition", room.id)} if room else set())


def _one_each(shelves: Sequence[Shelf], ways: Ways, most: int) -> list[list[TourStop]]:
    """Take of each exhibition the first that leaves time for one of each that follows."""
    shortest = [[min(shelf, key=lambda stop: stop.minutes)] for shelf in shelves]
    chosen: list[list[TourStop]] = [[] for _ in shelves]
    for number, shelf in enumerate(shelves):
        following = shortest[number + 1 :]
        if not _fits([*chosen[:number], shortest[number], *following], shelves, ways, most):
            following = []
        for stop in shelf:
            if _fits([*chosen[:number], [stop], *following], shelves, ways, most):
                chosen[number] = [stop]
                break
    return chosen


def _next(
    shelves: Sequence[Shelf], chosen: Sequence[list[TourStop]], ways: Ways, most: int
) -> tuple[int, TourStop] | None:
    """Find the next stop: of the exhibition that has had the fewest minutes so far."""
    by_share = sorted(range(len(shelves)), key=lambda n: sum(one.minutes for one in chosen[n]))
    for number in by_share:
        for stop in shelves[number]:
            if any(stop is one for one in chosen[number]):
                continue
            tried = [[*some, stop] if n == number else some for n, some in enumerate(chosen)]
            if _fits(tried, shelves, ways, most):
                return number, stop
    return None


def _fits(
    chosen: Sequence[list[TourStop]], shelves: Sequence[Shelf], ways: Ways, most: int
) -> bool:
    return total(legs(_in_order(shelves, chosen), ways)) <= most


def _in_order(shelves: Sequence[Shelf], chosen: Sequence[Sequence[TourStop]]) -> list[TourStop]:
    return [
        stop
        for shelf, some in zip(shelves, chosen, strict=False)
        for stop in shelf
        if any(stop is one for one in some)
    ]
