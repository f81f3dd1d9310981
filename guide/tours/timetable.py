"""The timetable: when a delegation stands where, from the minutes of the stops and the way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from guide.tours.stops import Place, TourStop

Ways = Mapping[tuple[Place, Place], int]
"""Minutes on foot between two halls, both ways round; what nobody has measured is not there."""

ASSUMED_WALK = 2
"""Minutes between two places whose way nobody has measured; a plan says that it is assumed."""


@dataclass(frozen=True)
class Walk:
    """Minutes on foot to the next stop, measured by somebody or assumed."""

    minutes: int
    is_assumed: bool


NO_WALK = Walk(0, is_assumed=False)


@dataclass(frozen=True)
class Leg:
    """A stop in its place in time: minutes from the beginning, and the walk that follows it."""

    stop: TourStop
    begins: int
    ends: int
    walk: Walk


@dataclass(frozen=True)
class Stay:
    """A time without a break in one place, of one stop or several that follow each other."""

    place: Place
    begins: int
    ends: int
    stops: tuple[TourStop, ...]

    def between(self, starts_at: datetime) -> tuple[datetime, datetime]:
        """Return when it begins and ends in a tour that starts at an instant."""
        return starts_at + minutes(self.begins), starts_at + minutes(self.ends)


def minutes(count: int) -> timedelta:
    """Return minutes as a time."""
    return timedelta(minutes=count)


def legs(stops: Sequence[TourStop], ways: Ways) -> tuple[Leg, ...]:
    """Put stops, in their order, into time."""
    found: list[Leg] = []
    begins = 0
    for stop, following in zip_longest(stops, stops[1:]):
        walk = walk_between(stop.place, following.place, ways) if following else NO_WALK
        found.append(Leg(stop, begins, begins + stop.minutes, walk))
        begins += stop.minutes + walk.minutes
    return tuple(found)


def walk_between(here: Place, there: Place, ways: Ways) -> Walk:
    """Return the walk from one place to another; within one place there is none."""
    if here == there:
        return NO_WALK
    if (here, there) in ways:
        return Walk(ways[here, there], is_assumed=False)
    return Walk(ASSUMED_WALK, is_assumed=True)


def total(timetable: Sequence[Leg]) -> int:
    """Return the minutes from the first stop to the end of the last."""
    return timetable[-1].ends if timetable else 0


def stays(timetable: Iterable[Leg]) -> Iterator[Stay]:
    """Put stops that follow each other in one place together."""
    some: list[Leg] = []
    for leg in timetable:
        if some and leg.stop.place != some[0].stop.place:
            yield _stay(some)
            some = []
        some.append(leg)
    if some:
        yield _stay(some)


def _stay(some: Sequence[Leg]) -> Stay:
    stops = tuple(leg.stop for leg in some)
    return Stay(stops[0].place, some[0].begins, some[-1].ends, stops)
