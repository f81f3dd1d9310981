"""How far a delegation has come: the events of a tour, read in their order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guide.tours.walking.events import MOVES, Kind, WalkEvent

NOTHING = timedelta()
STANDING_ENDS = frozenset({Kind.ARRIVED, Kind.LEFT, Kind.PAUSED, Kind.FINISHED})


@dataclass
class Ending:
    """When a walk ended, of what several phones say of it, heard in the order of `seq`.

    Whoever brought the guests to the last stop has the last word. Of others the first counts,
    until then, and only when nobody else brings the guests to a stop after that. `at` is None
    while nobody has said so.
    """

    at: datetime | None = None
    _by: int | None = None
    _came: datetime | None = None
    _led_by: int | None = None

    def take(self, event: WalkEvent, at: datetime) -> None:
        """Hear of an event, and when it happened."""
        who = event.account_id
        is_theirs = who == self._led_by
        match event.kind:
            case Kind.STARTED if self._came is None:
                self._came, self._led_by = at, who
            case Kind.ARRIVED if self._came is None or at >= self._came:
                self._came, self._led_by = at, who
                if self.at and self.at < at and self._by != who:
                    self.at = None
            case Kind.FINISHED if is_theirs or (
                self.at is None and (self._came is None or at >= self._came)
            ):
                self.at, self._by = at, who


@dataclass
class Walk:
    """Where a delegation is, what it has seen, and how long it stood where.

    Stops are named by their numbers in the table. Of two guides the one who was heard last
    says where the delegation is. `seq` is the last event, `moved` the last that followers
    are told of; 0 before there is any.
    """

    stop: int | None = None
    is_on_the_way: bool = False
    is_paused: bool = False
    seen: list[int] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    counts: list[int] = field(default_factory=list)
    stayed: dict[int, timedelta] = field(default_factory=dict)
    started_at: datetime | None = None
    led_by: int | None = None
    seq: int = 0
    moved: int = 0
    _since: datetime | None = None
    _ending: Ending = field(default_factory=Ending)

    @classmethod
    def of(cls, events: Iterable[WalkEvent]) -> "Walk":
        """Read the events of one tour, in the order of `seq`."""
        walk = cls()
        for event in events:
            walk._take(event)
        return walk

    @property
    def count(self) -> int | None:
        """How many guests were counted last, None when nobody has counted."""
        return self.counts[-1] if self.counts else None

    @property
    def finished_at(self) -> datetime | None:
        """When it ended, None while nobody has said so."""
        return self._ending.at

    def _take(self, event: WalkEvent) -> None:
        self.seq = event.seq
        at = event.happened_at
        self._ending.take(event, at)
        if event.kind in MOVES:
            self.moved, self.led_by = event.seq, event.account_id
        is_no_end = event.kind == Kind.FINISHED and at != self.finished_at
        if event.kind in STANDING_ENDS and not is_no_end:
            self._stand(at)
        match event.kind:
            case Kind.STARTED:
                self.started_at = self.started_at or at
            case Kind.ARRIVED if event.stop_id is not None:
                self._arrive(event.stop_id, at)
            case Kind.LEFT | Kind.PAUSED:
                self.is_on_the_way = self.is_on_the_way or event.kind == Kind.LEFT
                self.is_paused = event.kind == Kind.PAUSED
            case Kind.SKIPPED if event.stop_id not in {None, self.stop}:
                self.skipped.add(event.stop_id)
            case Kind.COUNTED if event.number is not None:
                self.counts.append(event.number)
            case Kind.RESUMED if self.is_paused:
                self.is_paused = False
                self._since = None if self.is_on_the_way else at

    def _arrive(self, stop: int, at: datetime) -> None:
        self.started_at = self.started_at or at
        self.stop, self.is_on_the_way, self.is_paused = stop, False, False
        self.skipped.discard(stop)
        if stop not in self.seen:
            self.seen.append(stop)
        self._since = at

    def _stand(self, until: datetime) -> None:
        """Add the time since the last move to the stop where the delegation is."""
        if self.stop is not None and self._since is not None:
            stayed = max(until - self._since, NOTHING)
            self.stayed[self.stop] = self.stayed.get(self.stop, NOTHING) + stayed
        self._since = None


def next_stop(walk: Walk, stops: Sequence[int]) -> int | None:
    """Return the stop after the one where the delegation is, among stops in their order."""
    here = stops.index(walk.stop) + 1 if walk.stop in stops else 0
    return next((stop for stop in stops[here:] if stop not in walk.skipped), None)


def minutes_stayed(walk: Walk) -> Mapping[int, int]:
    """Return how many whole minutes the delegation stood at each stop, rounded."""
    return {stop: round(stayed.total_seconds() / 60) for stop, stayed in walk.stayed.items()}
