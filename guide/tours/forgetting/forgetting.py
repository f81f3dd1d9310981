"""Forgetting the persons of tours: each tour in one transaction, whole or not at all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.db import Database
from guide.tours.forgetting.emptying import (
    Emptied,
    counts_of,
    empty,
    with_something_left,
    words_of,
)
from guide.tours.forgetting.model import TourHold
from guide.tours.forgetting.retention import Retention
from guide.tours.forgetting.tombstones import Graveyard, Tombstone, Tombstones
from guide.tours.model import Tour, subject_of
from guide.tours.people import TourPerson
from guide.tours.queries import WHOLE, whole_tour


@dataclass(frozen=True)
class Forgotten:
    """How many tours were forgotten, how many of each kind went, and the files that go now."""

    tours: int
    counts: Mapping[str, int]
    files: frozenset[str] = frozenset()


class Forgetting:
    """Forgets what is due. Several processes may; what one has forgotten the others pass over.

    A tour is due when its days are over and nobody holds it; when the tombstones say that it
    was forgotten already, and a backup has brought it back; and when something came after it
    was forgotten. One of which a source alone tells is due only when it holds more.
    """

    def __init__(
        self, database: Database, retention: Retention, tombstones: Tombstones
    ) -> None:
        self.database = database
        self.retention = retention
        self.tombstones = tombstones

    def would_forget(self, now: datetime) -> Forgotten:
        """Count what forget_due would do now; nothing is written."""
        counts: Counter[str] = Counter()
        with self.database.reading() as db:
            due = self._due(db, now)
            for tour in due:
                counts.update(counts_of(db, tour))
        return Forgotten(len(due), counts)

    def forget_due(self, now: datetime) -> Forgotten:
        """Forget what is due now; whoever is stopped leaves each tour whole or forgotten."""
        self._remember_what_was_forgotten()
        with self.database.reading() as db:
            due = [tour.id for tour in self._due(db, now)]
        counts: Counter[str] = Counter()
        files: set[str] = set()
        tours = 0
        for number in due:
            with self.database.writing() as db:
                db.execute(select(Tour.id).where(Tour.id == number).with_for_update())
                tour = _as_it_is_now(db, number)
                if not self._is_due(db, tour, now):
                    continue
                at = self.tombstones.read().when(tour) or now
                emptied = forget(db, tour, now, self.tombstones, forgotten_at=at)
            tours += 1
            counts.update(emptied.counts)
            files |= emptied.files
        return Forgotten(tours, counts, frozenset(files))

    def _due(self, db: Session, now: datetime) -> list[Tour]:
        held, buried = _holds(db), self.tombstones.read()
        left = with_something_left(db)
        with_persons = set(db.scalars(select(TourPerson.tour_id).distinct()))
        forgotten = set(db.scalars(select(Tour.id).where(Tour.forgotten_at.is_not(None))))
        numbers = forgotten & (left | with_persons)
        for tour in db.scalars(select(Tour).where(Tour.forgotten_at.is_(None))):
            if self._has_its_time_come(tour, held.get(tour.id), buried, now):
                numbers.add(tour.id)
        query = select(Tour).where(Tour.id.in_(numbers)).order_by(Tour.id).options(*WHOLE)
        return [
            tour
            for tour in db.scalars(query)
            if _is_first_time(tour) or tour.id in left or any(words_of(tour).values())
        ]

    def _is_due(self, db: Session, tour: Tour, now: datetime) -> bool:
        """Say the same of a tour that nobody else can change now."""
        hold = db.scalar(select(TourHold.at).where(TourHold.tour_id == tour.id))
        has_come = tour.forgotten_at is not None or self._has_its_time_come(
            tour, hold, self.tombstones.read(), now
        )
        return has_come and (_is_first_time(tour) or bool(counts_of(db, tour)))

    def _has_its_time_come(
        self, tour: Tour, held: datetime | None, graveyard: Graveyard, now: datetime
    ) -> bool:
        """Say whether a tour goes; a hold stops it, unless it was forgotten since that hold."""
        at = graveyard.when(tour)
        if at and (held is None or held < at):
            return True
        return held is None and self.retention.is_over(tour, now)

    def _remember_what_was_forgotten(self) -> None:
        """Have a tombstone for each forgotten tour, also of those that a backup says are."""
        with self.database.reading() as db:
            forgotten = db.scalars(select(Tour).where(Tour.forgotten_at.is_not(None)))
            told = [
                Tombstone.of(one, one.forgotten_at) for one in forgotten if one.forgotten_at
            ]
        self.tombstones.add(told)


def forget(  # noqa: PLR0913 (each is asked for)
    db: Session,
    tour: Tour,
    now: datetime,
    tombstones: Tombstones,
    *,
    by: Account | None = None,
    forgotten_at: datetime | None = None,
) -> Emptied:
    """Forget the persons of a tour that nobody else can change now.

    The tombstone is on the disk before the transaction ends: whoever is stopped in between
    has the tour forgotten by the next who looks.
    """
    emptied = empty(db, _as_it_is_now(db, tour.id), now)
    tour.forget(forgotten_at or now)
    told = [f"{name}:{count}" for name, count in emptied.counts.items()]
    db.add(AuditEntry.of(by, "tour.forgotten", subject_of(tour), now, told))
    db.flush()
    tombstones.add([Tombstone.of(tour, now)])
    return emptied


def _as_it_is_now(db: Session, number: int) -> Tour:
    """Read a tour that is locked, in a statement after the one that has waited for the lock.

    PostgreSQL would join the waiting one's row with others as they were before it waited.
    """
    query = whole_tour(number).execution_options(populate_existing=True)
    return db.scalars(query).one()


def _holds(db: Session) -> dict[int, datetime]:
    return {hold.tour_id: hold.at for hold in db.scalars(select(TourHold))}


def _is_first_time(tour: Tour) -> bool:
    return tour.forgotten_at is None and not tour.is_only_told
