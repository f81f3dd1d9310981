"""Where the time of a walk went, from its events: what stands in a table must add up.

Moments are rounded to the minute, counted from the beginning, and not how long something
took: so that the minutes of stops, walking and pauses are those of the whole visit.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guide.tours.walking.events import TRUSTED_CLOCK, Kind, WalkEvent
from guide.tours.walking.walk import Ending

A_DAYS_WORK = timedelta(hours=12)
"""What a phone says to have happened longer before the visit was no moment of it."""

WALKING, PAUSE = 0, -1
"""What time is spent on that is spent at no stop; stops are named by their numbers."""


@dataclass(frozen=True)
class Moment:
    """An event and when it happened, as far as that can be believed."""

    at: datetime
    event: WalkEvent
    clock_was_wrong: bool


@dataclass
class Measured:
    """What was taken down of a walk. `spent` is in minutes; `here` says where a note was made.

    `began` and `ended` are None while nobody has said so.
    """

    moments: list[Moment]
    began: datetime | None = None
    ended: datetime | None = None
    spent: Counter[int] = field(default_factory=Counter[int])
    seen: list[int] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    here: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Sequence[WalkEvent], planned: datetime | None) -> "Measured":
        """Measure the walk of a tour that was planned to begin at an instant."""
        found = cls(sorted(_moments(events, planned), key=lambda one: (one.at, one.event.seq)))
        found._measure()
        return found

    @property
    def total(self) -> int | None:
        """The minutes from beginning to end."""
        known = self.began and self.ended
        return self._minute(self.ended) if known and self.ended else None

    @property
    def counts(self) -> list[tuple[datetime, int]]:
        """When guests were counted, and how many they were."""
        return [
            (one.at, one.event.number)
            for one in self.moments
            if one.event.kind == Kind.COUNTED and one.event.number is not None
        ]

    def _minute(self, at: datetime) -> int:
        since = at - self.began if self.began else timedelta()
        return int(since.total_seconds() / 60 + 0.5)

    def _measure(self) -> None:
        self.began = next(
            (one.at for one in self.moments if one.event.kind in {Kind.STARTED, Kind.ARRIVED}),
            None,
        )
        ending = Ending()
        for one in sorted(self.moments, key=lambda one: one.event.seq):
            ending.take(one.event, one.at)
        if ending.at:
            self.ended = max(ending.at, self.began or ending.at)
        doing, before, since = WALKING, WALKING, self.began
        for one in self.moments:
            at = min(one.at, self.ended) if self.ended else one.at
            if since and at > since:
                self.spent[doing] += self._minute(at) - self._minute(since)
                since = at
            doing, before = self._next(one, doing, before)
            self.here[one.event.seq] = before if doing == PAUSE else doing
        if self.ended and since and self.ended > since:
            self.spent[doing] += self._minute(self.ended) - self._minute(since)

    def _next(self, moment: Moment, doing: int, before: int) -> tuple[int, int]:
        """Say what time is spent on after a moment, and on what it was before a pause."""
        event = moment.event
        match event.kind:
            case Kind.ARRIVED if event.stop_id is not None:
                self.skipped.discard(event.stop_id)
                if event.stop_id not in self.seen:
                    self.seen.append(event.stop_id)
                return event.stop_id, event.stop_id
            case Kind.LEFT:
                return WALKING, WALKING
            case Kind.FINISHED if moment.at == self.ended:
                return WALKING, WALKING
            case Kind.PAUSED if doing != PAUSE:
                return PAUSE, doing
            case Kind.RESUMED if doing == PAUSE:
                return before, before
            case Kind.SKIPPED if event.stop_id is not None and event.stop_id != doing:
                self.skipped.add(event.stop_id)
        return doing, before


def _moments(events: Iterable[WalkEvent], planned: datetime | None) -> Iterator[Moment]:
    """Say when each happened: what came together keeps its order, whatever the clock did."""
    latest: dict[object, datetime] = {}
    for event in events:
        at = event.happened_at
        believed = min(at, event.received_at + TRUSTED_CLOCK)
        if planned:
            believed = max(believed, min(planned - A_DAYS_WORK, event.received_at))
        is_wrong = event.has_wrong_clock or believed != at
        batch = event.account_id, event.received_at
        believed = latest[batch] = max(believed, latest.get(batch, believed))
        yield Moment(believed, event, is_wrong)
