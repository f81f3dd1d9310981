"""A delegation's own page: which tour an address opens, what it shows of it, until when.

It shows the parties, the time, the stops and how far the walk has come, and nothing else of a
tour: neither persons nor notes are loaded, so that no template can name one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.tokens import hashed
from guide.exhibits.words import Passage, first_in
from guide.languages.model import Language
from guide.tours.links import TourLink
from guide.tours.model import BINDING, Level, State, Tour
from guide.tours.naming import parties_in
from guide.tours.queries import WITH_STOPS, ways_on_foot
from guide.tours.slots import bounds, day_of
from guide.tours.stops import TourStop
from guide.tours.timetable import legs, minutes
from guide.tours.walking.queries import walk_of
from guide.tours.walking.walk import Walk

THANKED_FOR = timedelta(days=30)
"""How long the page thanks the guests, after the last day of their visit."""

A_MOMENT = timedelta(microseconds=1)
"""A visit that ends at midnight ends on the day that is over then."""

WHOLE_DAY = len("2026-12-01")


@dataclass(frozen=True)
class Opening:
    """Until when a page says what: it is a programme to `over`, thanks to `gone`; in UTC."""

    over: datetime
    gone: datetime
    is_completed: bool

    @classmethod
    def of(cls, tour: Tour, zone: ZoneInfo) -> Self | None:
        """Return how a tour's page stands, None while the tour is not to be or has no day."""
        day = _last_day(tour, zone)
        if tour.state not in BINDING or day is None:
            return None
        over = bounds(day, day, zone)[1]
        gone = bounds(day, day + THANKED_FOR, zone)[1]
        return cls(over, gone, tour.state == State.COMPLETED)

    def thanks(self, at: datetime) -> bool:
        """Say whether it thanks for a visit that was."""
        return self.is_completed or at >= self.over


class Standing(StrEnum):
    """What the walk has made of a stop; PASSED is one that the group went by without seeing."""

    COMING = ""
    PASSED = "passed"
    SEEN = "seen"
    HERE = "here"


@dataclass(frozen=True)
class Sight:
    """A stop as its guests read of it: when it is planned, its name, and its exhibit.

    `stop` is its number, 0 for the name of an exhibition above its exhibits. The name is
    empty when the guide went somewhere that the house has no name for.
    """

    stop: int
    at: datetime | None
    name: Passage
    exhibit: str = ""
    standing: Standing = Standing.COMING


@dataclass(frozen=True)
class Part:
    """Stops that follow each other in one exhibition, below its name; or one in none."""

    head: Sight
    exhibition: str
    accent: str
    sights: tuple[Sight, ...]


@dataclass(frozen=True)
class Visit:
    """What a delegation's page shows of a tour, in one language.

    `seq` numbers the last move, 0 before there is any. Hours are there before the tour
    begins: then guests see the order, and never a delay.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    day: date | None
    parties: tuple[Passage, ...]
    parts: tuple[Part, ...]
    is_under_way: bool
    is_on_the_way: bool
    seq: int

    @classmethod
    def planned(cls, db: Session, tour: Tour, language: Language, zone: ZoneInfo) -> Self:
        """Show what a delegation will see, or sees, in its order."""
        walk = walk_of(db, tour.id)
        stops = in_order(tour)
        has_begun = tour.state == State.UNDER_WAY or walk.started_at is not None
        times = {} if has_begun else _times(db, tour, stops)
        told = _Telling(walk, [stop.id for stop in stops], times, language)
        shown = cls._of(tour, told, stops, zone)
        return replace(shown, starts_at=None, ends_at=None) if has_begun else shown

    @classmethod
    def seen(cls, db: Session, tour: Tour, language: Language, zone: ZoneInfo) -> Self:
        """Show what a delegation saw, in its order; the plan when nobody took it down."""
        stops = in_order(tour)
        by_number = {stop.id: stop for stop in stops}
        walk = walk_of(db, tour.id)
        seen = [by_number[number] for number in walk.seen if number in by_number]
        return cls._of(tour, _Telling(Walk(), [], {}, language), seen or stops, zone)

    @classmethod
    def _of(
        cls, tour: Tour, told: "_Telling", stops: Sequence[TourStop], zone: ZoneInfo
    ) -> Self:
        """Show a tour; of one that is closed not even from where the guests come."""
        is_closed = tour.level >= Level.CLOSED
        return cls(
            starts_at=tour.starts_at,
            ends_at=tour.ends_at,
            day=day_of(tour.starts_at, zone) if tour.starts_at else None,
            parties=() if is_closed else parties_in(tour, told.language.chain),
            parts=tuple(told.parts(stops)),
            is_under_way=tour.state == State.UNDER_WAY or told.walk.started_at is not None,
            is_on_the_way=told.walk.is_on_the_way,
            seq=told.walk.moved,
        )


def opened_by(db: Session, token: str) -> tuple[TourLink, Tour] | None:
    """Find the address that a token is for, and its tour with its stops; none if revoked."""
    query = select(TourLink, Tour).join(Tour, Tour.id == TourLink.tour_id)
    live = TourLink.token_hash == hashed(token), TourLink.revoked_at.is_(None)
    found = db.execute(query.where(*live).options(*WITH_STOPS)).first()
    return found and (found[0], found[1])


def _last_day(tour: Tour, zone: ZoneInfo) -> date | None:
    if tour.ends_at:
        return day_of(tour.ends_at - A_MOMENT, zone)
    told = tour.last_date or tour.date or ""
    return date.fromisoformat(told) if len(told) == WHOLE_DAY else None


def in_order(tour: Tour) -> list[TourStop]:
    """List the stops by their position, those added on the way in their places."""
    return sorted(tour.stops, key=lambda stop: (stop.position, stop.id))


def told_name(stop: TourStop, chain: Sequence[str]) -> Passage | None:
    """Return what guests are told that a stop is called.

    None for what a guide typed or scanned on the way and the house does not know: that may
    be anything.
    """
    is_known = stop.exhibit or stop.exhibition or not stop.added_by
    return stop.name_in(chain) if is_known else None


def _times(db: Session, tour: Tour, stops: Sequence[TourStop]) -> dict[int, datetime]:
    """Return when each stop is planned, by its number; nothing while the tour has no hour."""
    if tour.starts_at is None:
        return {}
    timetable = legs(stops, ways_on_foot(db))
    return {leg.stop.id: tour.starts_at + minutes(leg.begins) for leg in timetable}


@dataclass(frozen=True)
class _Telling:
    """How stops are told of: what the walk has made of them, when they are, in a language."""

    walk: Walk
    route: Sequence[int]
    times: dict[int, datetime]
    language: Language

    def parts(self, stops: Sequence[TourStop]) -> Iterator[Part]:
        """Put stops that follow each other in one exhibition together, below its name."""
        for _, some in groupby(stops, self._together(stops)):
            found = list(some)
            first = found[0]
            room = first.room
            yield Part(
                head=self._head(first),
                exhibition=room.slug if room else "",
                accent=room.accent if room else "",
                sights=tuple(self._sight(stop) for stop in found if stop.exhibit),
            )

    def _together(self, stops: Sequence[TourStop]) -> Callable[[TourStop], int]:
        """Return what numbers the parts: a stop that is no exhibit begins one of its own."""
        parts: dict[int, int] = {}
        number, room = 0, 0
        for stop in stops:
            here = stop.room.id if stop.room else 0
            if not stop.exhibit or here != room:
                number += 1
            parts[stop.id], room = number, here
        return lambda stop: parts[stop.id]

    def _head(self, first: TourStop) -> Sight:
        if first.exhibit:
            named = first_in(first.exhibit.exhibition.names, self.language.chain)
            return Sight(0, None, named or first.name_in(self.language.chain))
        return self._sight(first)

    def _sight(self, stop: TourStop) -> Sight:
        return Sight(
            stop=stop.id,
            at=self.times.get(stop.id),
            name=told_name(stop, self.language.chain) or Passage("", self.language.tag),
            exhibit=stop.exhibit.slug if stop.exhibit else "",
            standing=self._standing(stop.id),
        )

    def _standing(self, stop: int) -> Standing:
        here = self.walk.stop
        if stop == here:
            return Standing.HERE
        if stop in self.walk.seen:
            return Standing.SEEN
        has_come = here in self.route and self.route.index(stop) < self.route.index(here)
        return Standing.PASSED if has_come else Standing.COMING
