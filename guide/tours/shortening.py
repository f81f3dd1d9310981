"""Making a route shorter: what is left out is proposed, and left out only when confirmed.

What could be left out goes before what should not, and what must be seen never goes. Among
equals the last goes first. At the end whatever still fits is put back, the most important
first and among equals the earliest, so that no stop is given up for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from guide.tours.stops import Priority, TourStop
from guide.tours.timetable import Ways, legs, total

FIRST_TO_GO = (Priority.COULD, Priority.SHOULD)


@dataclass(frozen=True)
class Shortening:
    """A proposal: what stays, what goes, both in their order, and the minutes that remain.

    When `fits` is false, what must be seen takes longer than the time that there is.
    """

    kept: tuple[TourStop, ...]
    dropped: tuple[TourStop, ...]
    minutes: int
    fits: bool


def shortened(stops: Sequence[TourStop], ways: Ways, most: int) -> Shortening:
    """Propose what to leave out so that a route takes no more than some minutes."""
    gone: list[TourStop] = []
    for stop in _first_to_go(stops):
        if _minutes(stops, gone, ways) <= most:
            break
        gone.append(stop)
    for stop in reversed(list(gone)):
        rest = [one for one in gone if one is not stop]
        if _minutes(stops, rest, ways) <= most:
            gone = rest
    minutes = _minutes(stops, gone, ways)
    return Shortening(
        kept=_without(stops, gone),
        dropped=tuple(stop for stop in stops if _is_among(stop, gone)),
        minutes=minutes,
        fits=minutes <= most,
    )


def _first_to_go(stops: Sequence[TourStop]) -> list[TourStop]:
    backwards = list(reversed(stops))
    return [stop for word in FIRST_TO_GO for stop in backwards if stop.priority == word]


def _minutes(stops: Sequence[TourStop], gone: Sequence[TourStop], ways: Ways) -> int:
    return total(legs(_without(stops, gone), ways))


def _without(stops: Sequence[TourStop], gone: Sequence[TourStop]) -> tuple[TourStop, ...]:
    return tuple(stop for stop in stops if not _is_among(stop, gone))


def _is_among(stop: TourStop, some: Sequence[TourStop]) -> bool:
    return any(stop is one for one in some)
