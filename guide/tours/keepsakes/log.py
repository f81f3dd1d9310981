"""What happened on a tour, in words: the events in their order, and the plan beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guide.accounts.office import OfficeFrame
from guide.exhibits.words import Passage
from guide.tours.model import Tour
from guide.tours.pages import chain_of, clock, partial_date
from guide.tours.slots import day_of
from guide.tours.stops import TourStop
from guide.tours.timetable import Leg, Ways, legs, minutes
from guide.tours.walking.events import Kind, WalkEvent
from guide.tours.walking.live import in_order
from guide.tours.walking.walk import Walk, minutes_stayed

SECONDS = 60


@dataclass(frozen=True)
class Line:
    """One thing that happened.

    `day` is told where it is another than that of the line before, or of the tour. A phone
    whose clock was wrong had its time `set_right` by so many minutes, forward or back.
    """

    seq: int
    kind: str
    day: str
    time: str
    who: str
    stop: Passage | None
    number: int | None
    tag: str
    note: str
    is_late: bool
    set_right: int


@dataclass(frozen=True)
class StopTold:
    """A stop as it was planned and as it was; times are on the museum's clock.

    `standing` is "seen", "skipped" or "left-out"; `minutes` are None where nothing is told.
    """

    name: Passage
    is_added: bool
    standing: str
    planned_at: str
    planned: int | None
    came_at: str
    stayed: int | None


@dataclass(frozen=True)
class Counted:
    """Guests: how many were expected, and how many were counted first and last."""

    expected: int | None
    first: int | None
    last: int | None
    times: int


@dataclass(frozen=True)
class Told:
    """A walk against its plan."""

    planned: str
    planned_minutes: int | None
    was: str
    minutes: int | None
    counted: Counted
    stops: tuple[StopTold, ...]
    has_walked: bool

    @classmethod
    def of(
        cls, tour: Tour, events: Sequence[WalkEvent], ways: Ways, frame: OfficeFrame
    ) -> "Told":
        """Tell how a tour went."""
        walk = Walk.of(events)
        started = walk.started_at or tour.departed_at
        finished = walk.finished_at or tour.completed_at
        return cls(
            planned=_span(tour.starts_at, tour.ends_at, frame),
            planned_minutes=_between(tour.starts_at, tour.ends_at),
            was=_span(started, finished, frame),
            minutes=_between(started, finished),
            counted=Counted(
                tour.people, next(iter(walk.counts), None), walk.count, len(walk.counts)
            ),
            stops=tuple(_stops(tour, walk, _arrivals(events), ways, frame)),
            has_walked=bool(events),
        )


def lines_of(
    tour: Tour, events: Iterable[WalkEvent], names: Mapping[int, str], frame: OfficeFrame
) -> Iterator[Line]:
    """Tell the events of a tour in the order of `seq`; `names` are those of accounts."""
    known = {stop.id: stop.name_in(chain_of(frame)) for stop in tour.stops}
    said = day_of(tour.starts_at, frame.zone) if tour.starts_at else None
    for event in events:
        at = event.happened_at
        day = day_of(at, frame.zone)
        yield Line(
            seq=event.seq,
            kind=event.kind,
            day=partial_date(day.isoformat(), frame) if day != said else "",
            time=clock(at, frame),
            who=names.get(event.account_id or 0, ""),
            stop=known.get(event.stop_id or 0),
            number=event.number,
            tag=event.tag or "",
            note=event.note.text if event.note else "",
            is_late=event.is_late,
            set_right=round(event.clock_off / SECONDS) if event.has_wrong_clock else 0,
        )
        said = day


def _stops(
    tour: Tour, walk: Walk, arrivals: Mapping[int, datetime], ways: Ways, frame: OfficeFrame
) -> Iterator[StopTold]:
    stops = in_order(tour)
    planned = {
        leg.stop.id: leg for leg in legs([one for one in stops if not one.added_by], ways)
    }
    stayed = minutes_stayed(walk)
    for stop in stops:
        leg, came = planned.get(stop.id), arrivals.get(stop.id)
        yield StopTold(
            name=stop.name_in(chain_of(frame)),
            is_added=bool(stop.added_by),
            standing=_standing(stop, walk),
            planned_at=_begins(tour, leg, frame),
            planned=stop.minutes if leg else None,
            came_at=clock(came, frame) if came else "",
            stayed=stayed.get(stop.id),
        )


def _standing(stop: TourStop, walk: Walk) -> str:
    if stop.id in walk.seen:
        return "seen"
    return "skipped" if stop.id in walk.skipped else "left-out"


def _arrivals(events: Iterable[WalkEvent]) -> dict[int, datetime]:
    """Return when the delegation first came to each stop."""
    found: dict[int, datetime] = {}
    for event in events:
        if event.kind == Kind.ARRIVED and event.stop_id is not None:
            found.setdefault(event.stop_id, event.happened_at)
    return found


def _begins(tour: Tour, leg: Leg | None, frame: OfficeFrame) -> str:
    if leg is None or tour.starts_at is None:
        return ""
    return clock(tour.starts_at + minutes(leg.begins), frame)


def _between(begins: datetime | None, ends: datetime | None) -> int | None:
    if begins is None or ends is None:
        return None
    return max(0, round((ends - begins).total_seconds() / SECONDS))


def _span(begins: datetime | None, ends: datetime | None, frame: OfficeFrame) -> str:
    """Write from when to when, as far as it is known: "11:00–12:20", "11:00–"."""
    if begins is None:
        return ""
    return f"{clock(begins, frame)}–{clock(ends, frame) if ends else ''}"
