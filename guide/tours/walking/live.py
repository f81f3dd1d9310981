"""What a walking phone shows of a tour: fetched when it is looked at, kept nowhere on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.exhibits.model import Exhibit, Exhibition, ExhibitText, WrittenText
from guide.exhibits.words import first_in
from guide.tours.access import OpenTour
from guide.tours.model import State, Tour
from guide.tours.naming import name_of
from guide.tours.pages import chain_of, clock, day_in_words
from guide.tours.people import Side, TourPerson, in_precedence
from guide.tours.queries import ways_on_foot
from guide.tours.readiness import published_texts, thing_of
from guide.tours.stops import TourStop
from guide.tours.timetable import Leg, legs, minutes
from guide.tours.walking.walk import Walk

MOST_POINTS = 3
"""Things to say at a stop that a guide takes in at a glance."""


READ_BY_VISITORS = select(ExhibitText.exhibit_id).where(ExhibitText.published_at.is_not(None))


@dataclass(frozen=True)
class Now:
    """Where the delegation is. It names stops by their numbers, and who leads there.

    `account` is whoever asks, since a phone may have changed hands. `count` is None while
    nobody has counted. `stops` lists the route in its order, so that a phone sees when there
    is another one, and `added` says by which entries the phone called those that were added.
    Times are instants (ISO 8601).
    """

    account: int
    seq: int
    state: State
    stop: str
    on_the_way: bool
    paused: bool
    seen: tuple[str, ...]
    skipped: tuple[str, ...]
    count: int | None
    started_at: datetime | None
    finished_at: datetime | None
    led_by: str
    stops: tuple[str, ...]
    added: Mapping[str, str]

    @classmethod
    def of(cls, found: OpenTour, walk: Walk) -> "Now":
        """Say how far a tour has come."""
        tour = found.tour
        return cls(
            account=found.who.id,
            seq=walk.seq,
            state=tour.state,
            stop=str(walk.stop or ""),
            on_the_way=walk.is_on_the_way,
            paused=walk.is_paused,
            seen=tuple(map(str, walk.seen)),
            skipped=tuple(map(str, sorted(walk.skipped))),
            count=walk.count,
            started_at=walk.started_at or tour.departed_at,
            finished_at=walk.finished_at or tour.completed_at,
            led_by=_staff_names(tour).get(walk.led_by or 0, ""),
            stops=tuple(str(stop.id) for stop in in_order(tour)),
            added={one.added_by: str(one.id) for one in tour.stops if one.added_by},
        )


@dataclass(frozen=True)
class Stop:
    """A stop as its guide sees it; `leave_at` is when the plan has it end."""

    stop: str
    name: str
    lang: str
    room: str
    accent: str
    priority: str
    minutes: int
    leave_at: datetime | None
    leave: str
    points: tuple[str, ...]
    exhibit: str


@dataclass(frozen=True)
class Guest:
    """Somebody of the delegation, as a guide must know them."""

    name: str
    lang: str
    address: str
    position: str
    say: str
    role: str
    no_photograph: bool


@dataclass(frozen=True)
class Choice:
    """An exhibit that can be added to the route."""

    exhibit: str
    name: str
    room: str


@dataclass(frozen=True)
class LiveTour:
    """All that the walking page shows of a tour, names among it."""

    account: int
    who: str
    csrf: str
    tour: int
    name: str
    expected: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    day: str
    slot: str
    guests: tuple[Guest, ...]
    contacts: tuple[tuple[str, str], ...]
    talking_points: str
    avoid: str
    stops: tuple[Stop, ...]
    exhibits: tuple[Choice, ...]
    now: Now

    @classmethod
    def of(cls, db: Session, found: OpenTour, frame: OfficeFrame, walk: Walk) -> "LiveTour":
        """Show a tour to somebody who walks it, in the language of the office."""
        tour, brief = found.tour, found.tour.brief
        contacts = (
            ("contact", brief.contact),
            ("security", brief.security_contact),
            *((one.interpreter.name, one.interpreter.contact) for one in tour.interpreters),
        )
        slot = tour.starts_at and tour.ends_at
        return cls(
            account=found.who.id,
            who=found.who.name,
            csrf=frame.form_token,
            tour=tour.id,
            name=name_of(tour, chain_of(frame)).text,
            expected=tour.people,
            starts_at=tour.starts_at,
            ends_at=tour.ends_at,
            day=day_in_words(tour, frame),
            slot=f"{clock(tour.starts_at, frame)}–{clock(tour.ends_at, frame)}"
            if slot and tour.starts_at and tour.ends_at
            else "",
            guests=tuple(_guests(tour, frame)),
            contacts=tuple((who, how) for who, how in contacts if how),
            talking_points=brief.talking_points,
            avoid=brief.to_avoid,
            stops=tuple(_stops(db, tour, frame)),
            exhibits=tuple(_exhibits(db, frame)),
            now=Now.of(found, walk),
        )


def _staff_names(tour: Tour) -> dict[int, str]:
    """Return the names of those who lead or plan a tour, by their numbers."""
    return {one.account_id: one.account.name for one in tour.staff}


def in_order(tour: Tour) -> list[TourStop]:
    """List the stops by their position, those added on the way in their places."""
    return sorted(tour.stops, key=lambda stop: (stop.position, stop.id))


def _guests(tour: Tour, frame: OfficeFrame) -> Iterator[Guest]:
    for person in in_precedence(tour.persons, Side.GUEST):
        name = person.name_in(frame.lang)
        position = first_in(person.positions, chain_of(frame))
        yield Guest(
            name,
            _language_of(person, name, frame),
            person.short_address,
            position.text if position else "",
            person.pronunciation,
            person.role,
            no_photograph=person.do_not_photograph,
        )


def _language_of(person: TourPerson, name: str, frame: OfficeFrame) -> str:
    return person.name_language if name == person.name_official else frame.lang


def _stops(db: Session, tour: Tour, frame: OfficeFrame) -> Iterator[Stop]:
    stops = in_order(tour)
    texts = published_texts(db, (thing for stop in stops if (thing := thing_of(stop))))
    planned = legs([stop for stop in stops if not stop.added_by], ways_on_foot(db))
    ends = {leg.stop.id: _ends(tour, leg) for leg in planned}
    chain = chain_of(frame)
    for stop in stops:
        thing, leave = thing_of(stop), ends.get(stop.id)
        name = stop.name_in(chain)
        room = stop.room and first_in(stop.room.names, chain)
        yield Stop(
            stop=str(stop.id),
            name=name.text,
            lang=name.language,
            room=room.text if room and stop.exhibit else "",
            accent=stop.room.accent if stop.room else "",
            priority=stop.priority,
            minutes=stop.minutes,
            leave_at=leave,
            leave=clock(leave, frame) if leave else "",
            points=tuple(
                islice(_points(stop, texts[thing] if thing else {}, chain), MOST_POINTS)
            ),
            exhibit=stop.exhibit.slug if stop.exhibit else "",
        )


def _ends(tour: Tour, leg: Leg) -> datetime | None:
    return tour.starts_at + minutes(leg.ends) if tour.starts_at else None


def _points(
    stop: TourStop, texts: Mapping[str, WrittenText], chain: Sequence[str]
) -> Iterator[str]:
    """Say what was noted for the stop, then what visitors read of it, in one language."""
    yield from (line.strip() for line in stop.note.splitlines() if line.strip())
    text = next((texts[tag] for tag in chain if tag in texts), None)
    if text:
        yield from (words for words in (text.hook, *text.look_for) if words)


def _exhibits(db: Session, frame: OfficeFrame) -> Iterator[Choice]:
    query = (
        select(Exhibit.slug, Exhibit.names, Exhibition.names)
        .join(Exhibition, Exhibit.exhibition_id == Exhibition.id)
        .where(
            Exhibit.id.in_(READ_BY_VISITORS),
            Exhibit.withdrawn_at.is_(None),
            Exhibition.closed_at.is_(None),
            Exhibition.removed_at.is_(None),
        )
        .order_by(Exhibition.position, Exhibit.position)
    )
    chain = chain_of(frame)
    for slug, names, room in db.execute(query):
        name, of = first_in(names, chain), first_in(room, chain)
        yield Choice(slug, name.text if name else slug, of.text if of else "")
