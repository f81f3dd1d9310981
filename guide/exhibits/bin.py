"""The bin: what was removed can be put back for thirty days.

Words and vocabularies are then deleted. Exhibits and exhibitions never are: printed codes
answer for them, scans and revisions belong to them. They go into the archive, where they can
still be put back (`docs/office.md`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.glossary import ENTRIES, Entry
from guide.exhibits.model import Exhibit, Exhibition

DAYS = 30
"""How long something lies in the bin."""

Thing = Exhibit | Exhibition | Entry

KINDS: Mapping[str, type[Any]] = {
    "exhibit": Exhibit,
    "exhibition": Exhibition,
    **ENTRIES,
}
"""What can be put into the bin, by the name of its kind of sheet."""


class NotEmptyError(Exception):
    """The exhibition has exhibits that are not in the bin."""


@dataclass(frozen=True)
class Binned:
    """Something in the bin, and since when."""

    kind: str
    thing: Thing
    since: datetime

    def days_left(self, now: datetime) -> int:
        """Return the days for which it lies there still, the present one too; 0: no more."""
        return max(0, -((now - self.since - timedelta(days=DAYS)) // timedelta(days=1)))

    @property
    def is_for_ever(self) -> bool:
        """Say whether it is never deleted."""
        return not isinstance(self.thing, Entry)


def in_bin(db: Session) -> list[Binned]:
    """List what was removed, the last first."""
    found = list(_removed(db))
    return sorted(found, key=lambda one: (one.since, one.kind, one.thing.slug), reverse=True)


def thing_called(db: Session, kind: str, slug: str) -> Thing | None:
    """Find something that can be put into the bin, or is there; other writers wait."""
    model = KINDS.get(kind)
    if model is None:
        return None
    query = select(model).filter_by(slug=slug).with_for_update(of=model)
    if model is Exhibit:
        query = query.options(selectinload(Exhibit.exhibition))
    found: Thing | None = db.scalar(query)
    return found


def remove(db: Session, thing: Thing, at: datetime) -> None:
    """Put something into the bin; raises NotEmptyError."""
    if isinstance(thing, Exhibition):
        inside = Exhibit.exhibition_id == thing.id, Exhibit.removed_at.is_(None)
        if db.scalar(select(exists().where(*inside))):
            raise NotEmptyError
    thing.remove(at)
    db.flush()


def put_back(db: Session, thing: Thing) -> list[Thing]:
    """Take something out of the bin, and the exhibition with its exhibit; return what came."""
    came = [thing]
    if isinstance(thing, Exhibit) and thing.exhibition.removed_at:
        came.insert(0, thing.exhibition)
    for one in came:
        one.put_back()
    db.flush()
    return came


def next_to_go(db: Session) -> datetime | None:
    """Return when the next thing is to be deleted."""
    oldest = [db.scalar(select(func.min(model.removed_at))) for model in ENTRIES.values()]
    return min((one + timedelta(days=DAYS) for one in oldest if one), default=None)


def empty(db: Session, now: datetime) -> list[Binned]:
    """Delete the words and vocabularies that have lain there for thirty days."""
    over = [one for one in _removed(db) if not one.is_for_ever and not one.days_left(now)]
    for one in over:
        db.delete(one.thing)
    db.flush()
    return over


def _removed(db: Session) -> Iterator[Binned]:
    for kind, model in KINDS.items():
        for thing in db.scalars(select(model).where(model.removed_at.is_not(None))):
            yield Binned(kind, thing, thing.removed_at)
