"""Taking down what happened: each entry once, in order, and what follows from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from guide.accounts.permissions import Person
from guide.accounts.tokens import keyed
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.model import UnknownCodeError, WithdrawnError
from guide.qr.queries import followed
from guide.tours.deeds import write_down
from guide.tours.model import State, Tour
from guide.tours.stops import Priority, TourStop
from guide.tours.walking.entries import Entry
from guide.tours.walking.events import Kind, WalkEvent, WalkNote
from guide.tours.walking.queries import last_seq, walk_of

CHANNEL = "walks"
"""What PostgreSQL tells other processes on: the number of a tour that has moved."""

MINUTES_OF_ADDED = 3
OVER = frozenset({State.COMPLETED, State.CANCELLED})
WALKED = frozenset({State.CONFIRMED, State.UNDER_WAY}) | OVER
CODE_PATH = "/q/"


class KeyReusedError(Exception):
    """An entry with this key was taken already, and said something else."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class NotConfirmedError(Exception):
    """Nobody walks a tour that is not confirmed."""


class ForgottenError(Exception):
    """Of a tour that was forgotten nothing more is kept: `keys` are those that are not."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(*keys)
        self.keys = keys


@dataclass(frozen=True)
class Sent:
    """Who sent a batch, and when: by the phone's clock and by ours."""

    who: Person
    sent_at: datetime
    received_at: datetime

    @property
    def clock_off(self) -> int:
        """Seconds that the phone's clock is behind ours, as exactly as a request is fast."""
        return round((self.received_at - self.sent_at).total_seconds())


def take_down(
    db: Session, tour: Tour, entries: Sequence[Entry], sent: Sent, secret: str
) -> list[WalkEvent]:
    """Keep entries in their order, each once; return the events that they are.

    The tour's row is locked by whoever opened it, so that two phones take turns. Raises
    KeyReusedError, and NotConfirmedError before the tour is confirmed.
    """
    if tour.state not in WALKED:
        raise NotConfirmedError
    known = _known(db, tour, entries)
    seq = last_seq(db, tour.id)
    moved = False
    for entry in entries:
        key, digest = str(entry.key), _digest(entry, secret)
        if key in known:
            if known[key].digest != digest:
                raise KeyReusedError(key)
            continue
        seq += 1
        known[key] = _kept(db, tour, entry, sent, (seq, digest))
        moved = True
    if moved:
        tell_others(db, tour.id)
    return [known[str(one.key)] for one in entries]


def take_down_sent(
    db: Session, tour: Tour, entries: Sequence[Entry], sent: Sent, secret: str
) -> list[WalkEvent]:
    """Take down what phones and other systems send, which may say something of a person.

    Raises ForgottenError for what comes after a tour was forgotten, and as `take_down`.
    """
    if tour.forgotten_at:
        known = _known(db, tour, entries)
        if late := [key for one in entries if (key := str(one.key)) not in known]:
            raise ForgottenError(late)
    return take_down(db, tour, entries, sent, secret)


def happened_now(kind: Kind, at: datetime) -> Entry:
    """Return the entry of something that somebody says in the office, not on a walk."""
    return Entry(key=uuid4(), kind=kind, at=at)


def tell_others(db: Session, tour_id: int) -> None:
    """Tell the other processes, when this is committed, that a tour has moved."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_notify(CHANNEL, str(tour_id))))


def _known(db: Session, tour: Tour, entries: Iterable[Entry]) -> dict[str, WalkEvent]:
    """Find the events that some entries are already, by their keys."""
    keys = [str(one.key) for one in entries]
    query = select(WalkEvent).where(WalkEvent.tour_id == tour.id, WalkEvent.key.in_(keys))
    return {event.key: event for event in db.scalars(query)}


def _digest(entry: Entry, secret: str) -> str:
    """Say what an entry says, and no more: fields that a later version adds change nothing."""
    return keyed(secret, "walk", entry.model_dump_json(exclude_defaults=True))


def _kept(
    db: Session, tour: Tour, entry: Entry, sent: Sent, place: tuple[int, str]
) -> WalkEvent:
    stop = _stop_of(tour, entry.stop)
    event = WalkEvent(
        tour_id=tour.id,
        seq=place[0],
        key=str(entry.key),
        digest=place[1],
        kind=entry.kind,
        at=entry.at,
        received_at=sent.received_at,
        clock_off=sent.clock_off,
        is_late=tour.state in OVER,
        account_id=sent.who.id,
        stop_id=stop.id if stop else None,
        number=entry.number,
        tag=entry.tag,
        note=WalkNote(text=entry.text) if entry.text else None,
    )
    if entry.kind == Kind.ADDED:
        event.stop_id = _added(db, tour, entry).id
    db.add(event)
    db.flush()
    _move(db, tour, event, sent)
    return event


def _move(db: Session, tour: Tour, event: WalkEvent, sent: Sent) -> None:
    """Let the tour depart or end when that is what happened; what comes late moves nothing."""
    at = event.happened_at
    if event.kind in {Kind.STARTED, Kind.ARRIVED, Kind.FINISHED} and (
        tour.state == State.CONFIRMED
    ):
        tour.depart(at)
        write_down(db, tour, "tour.departed", sent.who, sent.received_at)
    if event.kind == Kind.FINISHED and tour.state == State.UNDER_WAY:
        tour.complete(at)
        write_down(db, tour, "tour.completed", sent.who, sent.received_at)


def _stop_of(tour: Tour, told: str | None) -> TourStop | None:
    """Find a stop by its number or by the entry that added it; None for one that is gone."""
    if told is None:
        return None
    return next((stop for stop in tour.stops if told in {str(stop.id), stop.added_by}), None)


def _added(db: Session, tour: Tour, entry: Entry) -> TourStop:
    """Put something into the route, after the stop where the delegation is.

    It is a change as any other: whoever has the route as it was is told that it moved.
    """
    thing = _thing_of(db, entry)
    here = walk_of(db, tour.id).stop
    place = next((stop.position for stop in tour.stops if stop.id == here), 0)
    for stop in tour.stops:
        if stop.position > place:
            stop.position += 1
    made = TourStop(
        tour_id=tour.id,
        position=place + 1,
        exhibit=thing if isinstance(thing, Exhibit) else None,
        exhibition=thing if isinstance(thing, Exhibition) else None,
        names={} if thing else {"zxx": entry.code or entry.exhibit},
        minutes=(isinstance(thing, Exhibit) and thing.minutes) or MINUTES_OF_ADDED,
        priority=Priority.SHOULD,
        note="",
        added_by=str(entry.key),
    )
    tour.stops.insert(_index(tour.stops, place), made)
    tour.version += 1
    db.flush()
    return made


def _index(stops: Iterable[TourStop], place: int) -> int:
    return sum(1 for stop in stops if stop.position <= place)


def _thing_of(db: Session, entry: Entry) -> Exhibit | Exhibition | None:
    """Find what was scanned, typed or chosen; None when it leads nowhere, and it is kept."""
    if not entry.code:
        return db.scalar(select(Exhibit).where(Exhibit.slug == entry.exhibit))
    try:
        found = followed(db, entry.code.rpartition(CODE_PATH)[2])
    except (UnknownCodeError, WithdrawnError):
        return None
    if found.exhibit_id:
        return db.get(Exhibit, found.exhibit_id)
    return db.get(Exhibition, found.exhibition_id)
