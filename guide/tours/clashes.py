"""Clashes: what stands against a tour at the time at which it is to take place.

A clash is with somebody else's tour, with a closure, or with the time itself. It stands in
the way of confirming unless somebody lets it stand, by name and with a reason. Times that
touch do not clash; near ones are said, and stand in nobody's way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, not_, select, true
from sqlalchemy.orm import Session

from guide.accounts.model import Role
from guide.exhibits.halls import Hall
from guide.tours.diary import Override
from guide.tours.model import Tour
from guide.tours.people import Duty, TourInterpreter, TourStaff
from guide.tours.queries import binding_between, closures_between, halls_by_id, ways_on_foot
from guide.tours.stops import Closure, Place, TourStop
from guide.tours.timetable import Stay, Ways, legs, minutes, stays, total

NEAR = minutes(5)
"""Two delegations that come so close in one place see each other (`tours.md`, section 1)."""

FAR = timedelta(days=1)
"""So far from its slot nobody is bound by a tour: no early interpreter, no long stop."""

HOUSE_BOOKED = "house-booked"
"""All that is found of a tour that whoever looks cannot open."""


@dataclass(frozen=True)
class Finding:
    """Something that stands against a tour, or is left to do before it.

    `word` names what (`tours/_findings.html`), `key` the same thing again when it is looked
    for later. What `blocks` must be settled before the tour is confirmed; what `binds` holds
    even after that: no change breaks what was promised.
    """

    word: str
    key: str
    blocks: bool = True
    binds: bool = False
    other: Tour | None = None
    who: str = ""
    place: Place = field(default_factory=Place)
    language: str = ""
    stops: tuple[TourStop, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    count: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What a tour is held against: other confirmed tours, closures, halls and the ways.

    Of tours that are only `booked` nothing is found but when they are.
    """

    others: Sequence[Tour]
    closures: Sequence[Closure]
    halls: Mapping[int, Hall]
    ways: Ways
    booked: Sequence[Tour] = ()

    @classmethod
    def of(
        cls, db: Session, tour: Tour, openable: ColumnElement[bool] | None = None
    ) -> "Surroundings":
        """Look around a tour that has a slot, as everything is now.

        Of tours that are not `openable` no more is seen than that the house is booked.
        """
        halls, ways = halls_by_id(db), ways_on_foot(db)
        if tour.starts_at is None or tour.ends_at is None:
            return cls((), (), halls, ways)
        begins, ends = _reach(tour, ways)
        closures = closures_between(db, begins, ends)
        known = true() if openable is None else openable
        begins, ends = begins - FAR, ends + FAR
        others = binding_between(db, begins, ends, known, but=tour.id)
        booked = binding_between(db, begins, ends, not_(known), but=tour.id)
        return cls(others, closures, halls, ways, booked)


class ClashError(Exception):
    """Something stands against a tour that nobody has let stand."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__([one.word for one in findings])
        self.findings = findings


def clashes_of(tour: Tour, around: Surroundings) -> Iterator[Finding]:
    """Find what stands against a tour that has a slot, the worst first."""
    if tour.starts_at is None or tour.ends_at is None:
        return
    yield from double_promised(tour, around.others, around.ways)
    yield from _in_one_place(tour, around)
    yield from _closed(tour, around)
    yield from _too_many(tour, around.halls)
    yield from _too_long(tour, around.ways)
    yield from _booked(tour, around)


def booked_key(other: Tour) -> str:
    """Return the key of another tour as a whole, for whoever cannot open it."""
    return f"{HOUSE_BOOKED}:{other.id}"


def let_as_a_whole(keys: Iterable[str]) -> list[int]:
    """Return the numbers of other tours that are let stand whatever the two have in common."""
    parts = (key.partition(":") for key in keys)
    return [int(number) for word, _, number in parts if word == HOUSE_BOOKED]


def overridden(db: Session, tour: Tour) -> dict[str, Override]:
    """Return what somebody lets stand of a tour, by its key."""
    query = select(Override).where(Override.tour_id == tour.id)
    return {one.key: one for one in db.scalars(query)}


def double_promised(tour: Tour, others: Iterable[Tour], ways: Ways) -> Iterator[Finding]:
    """Find guides and interpreters of a tour who are elsewhere at the time."""
    guides = {one.account_id: one.account.name for one in who_can_lead(tour)}
    for other in others:
        meeting = _common(_time(tour, ways), _time(other, ways))
        if meeting is None:
            continue
        for account, name in guides.items():
            if any(one.account_id == account for one in guides_of(other)):
                yield _with(other, "guide-busy", f"guide:{account}:{other.id}", meeting, name)
    for ours in tour.interpreters:
        for other in others:
            yield from _interpreter_elsewhere(tour, ours, other, ways)


def guides_of(tour: Tour) -> list[TourStaff]:
    """Return who was chosen to lead a tour, whether they are still here or not."""
    return [one for one in tour.staff if one.duty == Duty.GUIDE]


def who_can_lead(tour: Tour) -> list[TourStaff]:
    """Return those of the guides of a tour who are here and guides, as things are now."""
    return [one for one in guides_of(tour) if one.account.serves_as(Role.GUIDE)]


def _interpreter_elsewhere(
    tour: Tour, ours: TourInterpreter, other: Tour, ways: Ways
) -> Iterator[Finding]:
    for theirs in other.interpreters:
        if theirs.interpreter_id != ours.interpreter_id:
            continue
        meeting = _common(_at_work(tour, ours, ways), _at_work(other, theirs, ways))
        if meeting:
            key = f"interpreter:{ours.interpreter_id}:{other.id}"
            yield _with(other, "interpreter-busy", key, meeting, ours.interpreter.name)


def _in_one_place(tour: Tour, around: Surroundings) -> Iterator[Finding]:
    """Find other delegations in the same hall or exhibition, or close behind."""
    met: dict[tuple[int, Place], Finding] = {}
    for stay, our_time in _stays(tour, around.ways):
        if not stay.place.kind:
            continue
        there = list(_stays_in(stay.place, around))
        hall = around.halls.get(stay.place.id) if stay.place.kind == "hall" else None
        too_many = _too_many_with(tour, our_time, there, hall)
        for other, their_time in there:
            found = _meeting(other, stay.place, our_time, their_time, too_many)
            if found and ((other.id, stay.place) not in met or found.blocks):
                met[other.id, stay.place] = found
    yield from met.values()


Span = tuple[datetime, datetime]


def _stays_in(place: Place, around: Surroundings) -> Iterator[tuple[Tour, Span]]:
    for other in around.others:
        for stay, time in _stays(other, around.ways):
            if stay.place == place:
                yield other, time


def _too_many_with(
    tour: Tour, our_time: Span, there: Iterable[tuple[Tour, Span]], hall: Hall | None
) -> frozenset[int]:
    """Return the numbers of the tours with which a tour is more than a place holds at once.

    What is not known is not promised: without a capacity, or a number of people, no two fit.
    """
    together = [(other, both) for other, time in there if (both := _common(our_time, time))]
    if hall is None or hall.capacity is None or not tour.people:
        return frozenset(other.id for other, _ in together)
    found = {other.id for other, _ in together if not other.people}
    for _, (at, _) in together:
        present = [other for other, (begins, ends) in together if begins <= at < ends]
        if tour.people + sum(other.people or 0 for other in present) > hall.capacity:
            found |= {other.id for other in present}
    return frozenset(found)


def _meeting(
    other: Tour, place: Place, our_time: Span, their_time: Span, too_many: frozenset[int]
) -> Finding | None:
    key = f"{place.kind}:{place.id}:{other.id}"
    meeting = _common(our_time, their_time)
    if meeting and other.id in too_many:
        begins, ends = meeting
        return Finding(
            "same-place", key, binds=True, other=other, place=place, begins=begins, ends=ends
        )
    begins, ends = their_time
    if not _common(our_time, (begins - NEAR, ends + NEAR)):
        return None
    return Finding(
        "near-place",
        f"near:{key}",
        blocks=False,
        other=other,
        place=place,
        begins=begins,
        ends=ends,
    )


def _closed(tour: Tour, around: Surroundings) -> Iterator[Finding]:
    for closure in around.closures:
        shut = (closure.starts_at, closure.ends_at)
        if not closure.place.kind:
            if meeting := _common(_time(tour, around.ways), shut):
                yield _closure(closure, meeting, ())
            continue
        for ours, time in _stays(tour, around.ways):
            meeting = _common(time, shut)
            if meeting and closure.place in _places(ours):
                yield _closure(closure, meeting, ours.stops)
                break
    for stop in tour.stops:
        if stop.room and (stop.room.closed_at or stop.room.removed_at):
            key = f"over:{stop.room.id}"
            yield Finding("exhibition-over", key, place=stop.place, stops=(stop,))
        elif stop.exhibit and (stop.exhibit.off_display_at or stop.exhibit.withdrawn_at):
            yield Finding("off-display", f"display:{stop.exhibit.id}", stops=(stop,))


def _closure(closure: Closure, meeting: Span, stops: tuple[TourStop, ...]) -> Finding:
    begins, ends = meeting
    return Finding(
        "closed",
        f"closure:{closure.id}",
        binds=True,
        place=closure.place,
        stops=stops,
        begins=begins,
        ends=ends,
        reason=closure.reason,
    )


def _places(stay: Stay) -> set[Place]:
    """Return the hall of a stay and the exhibitions whose stops are in it."""
    rooms = {Place("exhibition", stop.room.id) for stop in stay.stops if stop.room}
    return {stay.place, *rooms}


def _too_many(tour: Tour, halls: Mapping[int, Hall]) -> Iterator[Finding]:
    ids = {stop.place.id for stop in tour.stops if stop.place.kind == "hall"}
    for hall in (halls[id_] for id_ in sorted(ids) if id_ in halls):
        if hall.capacity is not None and tour.people and tour.people > hall.capacity:
            place = Place("hall", hall.id)
            key = f"capacity:{hall.id}:{tour.people}"
            yield Finding("over-capacity", key, binds=True, place=place, count=hall.capacity)


def _too_long(tour: Tour, ways: Ways) -> Iterator[Finding]:
    _, ends_at = _slot(tour)
    _, needed = _time(tour, ways)
    if needed > ends_at:
        over = round((needed - ends_at).total_seconds() / 60)
        yield Finding("over-slot", f"slot:{over}", begins=needed, ends=ends_at, count=over)


def _booked(tour: Tour, around: Surroundings) -> Iterator[Finding]:
    """Say that somebody has booked the house, wherever the two are; it is not said for what."""
    for other in around.booked:
        if _common(_reach(tour, around.ways), _reach(other, around.ways)):
            begins, ends = _slot(other)
            key = booked_key(other)
            yield Finding(HOUSE_BOOKED, key, blocks=False, begins=begins, ends=ends)


def _with(other: Tour, word: str, key: str, meeting: Span, who: str) -> Finding:
    begins, ends = meeting
    return Finding(word, key, binds=True, other=other, who=who, begins=begins, ends=ends)


def _slot(tour: Tour) -> Span:
    if tour.starts_at is None or tour.ends_at is None:
        raise ValueError("only a tour with a slot is held against others")
    return tour.starts_at, tour.ends_at


def _time(tour: Tour, ways: Ways) -> Span:
    """Return when a tour takes place: its slot, and longer when its stops take longer."""
    starts_at, ends_at = _slot(tour)
    return starts_at, max(ends_at, starts_at + minutes(total(legs(tour.stops, ways))))


def _reach(tour: Tour, ways: Ways) -> Span:
    """Return when somebody is bound by a tour: its time, and the hours of its interpreters."""
    spans = [_time(tour, ways), *(_at_work(tour, one, ways) for one in tour.interpreters)]
    return min(begins for begins, _ in spans), max(ends for _, ends in spans)


def _at_work(tour: Tour, interpreter: TourInterpreter, ways: Ways) -> Span:
    starts_at, ends_at = _time(tour, ways)
    return interpreter.starts_at or starts_at, interpreter.ends_at or ends_at


def _stays(tour: Tour, ways: Ways) -> Iterator[tuple[Stay, Span]]:
    starts_at, _ = _slot(tour)
    for stay in stays(legs(tour.stops, ways)):
        yield stay, stay.between(starts_at)


def _common(one: Span, other: Span) -> Span | None:
    """Return the time that two have in common; to touch is nothing in common."""
    begins, ends = max(one[0], other[0]), min(one[1], other[1])
    return (begins, ends) if begins < ends else None
