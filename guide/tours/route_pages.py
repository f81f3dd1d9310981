"""What the page of a route shows: stops in bands of their exhibitions, times, sums, gaps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame
from guide.exhibits.words import Passage, first_in
from guide.tours.access import OpenTour
from guide.tours.finding import Addable, Wish
from guide.tours.left import LeftToDo
from guide.tours.model import Tour
from guide.tours.pages import TourPage, chain_of, clock
from guide.tours.route_forms import OF_A_STOP, WORDS, values_of_route
from guide.tours.standing import Texts
from guide.tours.stops import EarlierRoute, Priority, TourStop
from guide.tours.timetable import Leg, Ways, legs, total
from guide.web.pages import Choice

MOST_SHOWN = 20
"""Things to add that are listed at once; more are found by their names and exhibitions."""


@dataclass(frozen=True)
class Badge:
    """How the words of a stop stand in one language of the guests."""

    tongue: Choice
    word: str


@dataclass(frozen=True)
class StopRow:
    """A stop as its row shows it; `values` and `errors` are of its fields.

    `clock` is empty while nobody knows when the tour begins. `gone` says why it cannot be
    seen, if so: "off-display", "withdrawn" or "closed".
    """

    id: str
    number: int
    clock: str
    name: Passage
    kind: str
    gone: str
    badges: tuple[Badge, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    walk: int
    walk_is_assumed: bool
    is_first: bool
    is_last: bool
    is_open: bool


@dataclass(frozen=True)
class Band:
    """Stops that follow each other in one exhibition, or in none."""

    name: Passage | None
    accent: str
    minutes: int
    rows: tuple[StopRow, ...]


@dataclass(frozen=True)
class Sums:
    """Minutes of a route against those of its slot, 0 while it has none."""

    stops: int
    walking: int
    all: int
    slot: int
    leaves: str
    slot_ends: str
    count: int

    @property
    def over(self) -> int:
        """Minutes more than there are."""
        return max(self.all - self.slot, 0) if self.slot else 0

    @classmethod
    def of(cls, timetable: Sequence[Leg], tour: Tour, frame: OfficeFrame) -> Self:
        """Add up a timetable."""
        walking, all_ = sum(leg.walk.minutes for leg in timetable), total(timetable)
        leaves = tour.starts_at + timedelta(minutes=all_) if tour.starts_at else None
        return cls(
            stops=all_ - walking,
            walking=walking,
            all=all_,
            slot=slot_minutes(tour),
            leaves=clock(leaves, frame) if leaves else "",
            slot_ends=clock(tour.ends_at, frame) if tour.ends_at else "",
            count=len(timetable),
        )


@dataclass(frozen=True)
class Shown:
    """A stop in a list that only shows it."""

    name: Passage
    minutes: int
    clock: str = ""
    priority: str = ""


@dataclass(frozen=True)
class AddableRow:
    """Something to add; `value` is what its button sends."""

    value: str
    name: Passage
    room: Passage | None
    minutes: int
    has_audio: bool


@dataclass(frozen=True)
class EarlierRow:
    """A route that the tour had before."""

    id: str
    when: str
    who: str
    stops: int
    minutes: int


@dataclass(frozen=True)
class Choosable:
    """Something to choose from a list."""

    value: str
    name: Passage


@dataclass(frozen=True)
class WordField:
    """A field for the name, in one language, of what the guide does not have."""

    name: str
    tongue: Choice
    value: str


@dataclass(frozen=True)
class Adding:
    """What can be added, what was looked for, and how many more there are.

    `tongues` are what the guests speak; `is_said` when free words have come back.
    """

    wish: Wish
    rows: tuple[AddableRow, ...]
    more: int
    exhibitions: tuple[Choosable, ...]
    halls: tuple[Choosable, ...]
    words: tuple[WordField, ...]
    words_minutes: str
    tongues: tuple[Choice, ...]
    is_said: bool


@dataclass(frozen=True)
class Templates:
    """What a route can be made from."""

    lengths: tuple[int, ...]
    visitors: tuple[Choosable, ...]
    tours: tuple[Choosable, ...]


@dataclass(frozen=True)
class RoutePage(TourPage):
    """The route of a tour, to be changed by whoever may.

    `search` is what stands behind the address so that a wish outlives a change. `problem` is
    "stale", "unreadable" or "moved-on"; of a stale form `now` are the stops that are there
    instead, and `lost` counts those that it still had.
    `shorter` is how many minutes "Shorten to" proposes.
    """

    template: ClassVar[str] = "tours/route.html"

    left: LeftToDo | None
    bands: tuple[Band, ...]
    sums: Sums
    adding: Adding | None
    templates: Templates
    earlier: tuple[EarlierRow, ...]
    search: str
    shorter: str
    done: str = ""
    problem: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    now: tuple[Shown, ...] = ()
    lost: int = 0
    priorities: tuple[str, ...] = tuple(Priority)

    @property
    def fault(self) -> str:
        """What is wrong with the route as a whole, if not with one of its fields."""
        return self.errors.get("stops", "") or self.errors.get("add", "")

    @property
    def latest(self) -> EarlierRow | None:
        """The route before the last change."""
        return self.earlier[0] if self.earlier else None


@dataclass(frozen=True)
class ProposalPage(TourPage):
    """What a route would be, to be confirmed: "template" or "shorter" of `what` somebody asked.

    `dropped` is what would go; of a template all that is there now. `problem` is "empty",
    "unknown", "minutes", "stale", "nothing" or "musts" (what must be seen is too long).
    """

    template: ClassVar[str] = "tours/route_proposal.html"

    kind: str
    what: str
    kept: tuple[Shown, ...]
    dropped: tuple[Shown, ...]
    sums: Sums
    fits: bool
    problem: str = ""

    @property
    def may_confirm(self) -> bool:
        """Say whether there is anything to confirm."""
        return bool(self.kept if self.kind == "template" else self.dropped)


class Printing:
    """Makes the rows of a route for one reader; nothing that may name a person for others."""

    def __init__(self, found: OpenTour, frame: OfficeFrame, tongues: Sequence[Choice]) -> None:
        self.tour, self.readable = found.tour, found.readable
        self.frame, self.chain = frame, chain_of(frame)
        self._tongues = {one.tag: one for one in tongues}

    def tongue(self, tag: str) -> Choice:
        """Return a language, also one that the guide does not have."""
        return self._tongues.get(tag) or Choice(tag, tag, "ltr")

    def name(self, stop: TourStop) -> Passage:
        """Return what a stop is called, nothing of free words that are not for the reader."""
        is_free = stop.room is None
        if is_free and not self.readable:
            return Passage("", self.frame.lang)
        return stop.name_in(self.chain)

    def shown(self, stops: Sequence[TourStop], ways: Ways) -> tuple[Shown, ...]:
        """List stops to look at."""
        return tuple(
            Shown(self.name(leg.stop), leg.stop.minutes, self.at(leg), leg.stop.priority)
            for leg in legs(stops, ways)
        )

    def at(self, leg: Leg) -> str:
        """Write when a stop begins."""
        start = self.tour.starts_at
        return clock(start + timedelta(minutes=leg.begins), self.frame) if start else ""

    def bands(
        self,
        timetable: Sequence[Leg],
        texts: Texts,
        values: Mapping[str, str],
        errors: Mapping[str, str],
    ) -> Iterator[Band]:
        """Put stops into bands; `values` are those of the form, typed or as they are."""
        said = {**values_of_route([leg.stop for leg in timetable]), **values}
        numbered = list(enumerate(timetable, 1))
        for _, some in groupby(numbered, lambda one: _room_id(one[1].stop)):
            in_band = list(some)
            stops = [leg.stop for _, leg in in_band]
            room = stops[0].room
            yield Band(
                name=self._named(room.names, room.slug) if room else None,
                accent=room.accent if room else "",
                minutes=sum(stop.minutes for stop in stops),
                rows=tuple(
                    self._row(number, leg, len(timetable), texts, said, errors)
                    for number, leg in in_band
                ),
            )

    def addable(self, one: Addable) -> AddableRow:
        """Show something that can be added."""
        stop, room = one.stop, one.stop.room
        kind = "exhibit" if stop.exhibit_id else "exhibition"
        return AddableRow(
            value=f"{kind}-{stop.exhibit_id or stop.exhibition_id}",
            name=stop.name_in(self.chain),
            room=self._named(room.names, room.slug) if room and stop.exhibit_id else None,
            minutes=stop.minutes,
            has_audio=one.has_audio,
        )

    def choosable(self, value: str, names: Mapping[str, str]) -> Choosable:
        """Show something to choose."""
        return Choosable(value, self._named(names, value))

    def earlier(self, route: EarlierRoute, who: str) -> EarlierRow:
        """Show a route that the tour had."""
        return EarlierRow(
            id=str(route.id),
            when=self.frame.moment(route.at),
            who=who,
            stops=len(route.stops),
            minutes=sum(stop["minutes"] for stop in route.stops),
        )

    def word_fields(self, values: Mapping[str, str]) -> tuple[WordField, ...]:
        """Ask for a name in Azerbaijani, English, and what the guests speak."""
        return tuple(
            WordField(WORDS + tag, self.tongue(tag), values.get(WORDS + tag, ""))
            for tag in word_tags(self.tour)
        )

    def _named(self, names: Mapping[str, str], otherwise: str) -> Passage:
        return first_in(names, self.chain) or Passage(otherwise, "zxx")

    def _row(  # noqa: PLR0913, PLR0917 (a leg in its place, and what is said of it)
        self,
        number: int,
        leg: Leg,
        count: int,
        texts: Texts,
        said: Mapping[str, str],
        errors: Mapping[str, str],
    ) -> StopRow:
        stop = leg.stop
        fields = (*OF_A_STOP, "position")
        values = {name: said.get(f"{name}-{stop.id}", "") for name in fields}
        wrong = {name: errors.get(f"{name}-{stop.id}", "") for name in fields}
        if not self.readable:
            values["note"] = ""
        return StopRow(
            id=str(stop.id),
            number=number,
            clock=self.at(leg),
            name=self.name(stop),
            kind=_kind(stop),
            gone=_gone(stop),
            badges=tuple(
                Badge(self.tongue(tag), word)
                for tag, word in texts.standings(stop, self.tour.languages)
            ),
            values=values,
            errors=wrong,
            walk=leg.walk.minutes,
            walk_is_assumed=leg.walk.is_assumed,
            is_first=number == 1,
            is_last=number == count,
            is_open=any(wrong[name] for name in ("note", "priority", "position")),
        )


def slot_minutes(tour: Tour) -> int:
    """Return how many minutes a tour has, 0 while it has no time."""
    if tour.starts_at is None or tour.ends_at is None:
        return 0
    return int((tour.ends_at - tour.starts_at).total_seconds()) // 60


def word_tags(tour: Tour) -> tuple[str, ...]:
    """Return the languages in which a stop of free words can be named."""
    return tuple(dict.fromkeys(("az", "en", *tour.languages)))


def _kind(stop: TourStop) -> str:
    if stop.exhibit_id:
        return "exhibit"
    return "exhibition" if stop.exhibition_id else "words"


def _gone(stop: TourStop) -> str:
    exhibit, room = stop.exhibit, stop.room
    if exhibit and exhibit.withdrawn_at:
        return "withdrawn"
    if exhibit and exhibit.off_display_at:
        return "off-display"
    return "closed" if room and (room.closed_at or room.removed_at) else ""


def _room_id(stop: TourStop) -> int:
    return stop.room.id if stop.room else 0
