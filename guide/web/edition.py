"""The edition of what visitors read: raised by the database, watched by every process.

Whatever a process keeps in memory of the content it keeps for one edition. Triggers raise
the number in the transaction of every change (`docs/adr/0008-the-press.md`); each process
looks twice a second, so a change is seen everywhere within a second, and what is due by the
clock is seen when it is due.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from starlette.concurrency import run_in_threadpool

from guide.db import Base, Database

LOOK_SECONDS = 0.5


class Edition(Base):
    """The number of the present edition; there is one row."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


def edition(db: Session) -> int:
    """Return the number of the content's present edition."""
    return db.scalars(select(Edition.number)).one()


class NextChange(Protocol):
    """Finds when what visitors read changes by itself, because something is due."""

    def __call__(self, rows: Connection, now: datetime, /) -> datetime | None:
        """Return the next such moment after now, None when nothing is planned."""


class Watch:
    """Knows which edition it is, as this process last saw it.

    `number` counts the changes that this process has seen: of the database's edition, and of
    what was due by the clock. It looks twice a second, and whenever it has itself written.
    """

    def __init__(self, database: Database, next_change: NextChange) -> None:
        self.database = database
        self.number = 0
        self._next_change = next_change
        self._seen = 0
        self._due: datetime | None = None
        self._looked = datetime.min.replace(tzinfo=UTC)
        self._looking = Lock()
        database.after_writing(self._look_if_possible)

    def look(self) -> None:
        """See which edition it is now."""
        with self._looking, self.database.rows() as rows:
            now = datetime.now(UTC)
            seen: int = rows.execute(_NUMBER).scalar_one()
            is_due = self._due is not None and self._due <= now
            was_set_back = now < self._looked  # the clock: what is due must be found anew
            self._looked = now
            if seen == self._seen and not is_due and not was_set_back:
                return
            self._due = self._next_change(rows, now)
            self._seen = seen
            self.number += 1

    async def keep_looking(self, closing: asyncio.Event) -> None:
        """Look until the guide closes; what is kept stays while the database is away."""
        while not closing.is_set():
            await run_in_threadpool(self._look_if_possible)
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), LOOK_SECONDS)

    def _look_if_possible(self) -> None:
        with suppress(Exception):  # whatever it was, the next look may see again
            self.look()


_NUMBER = select(Edition.number)

Value = TypeVar("Value")


class KeptForEdition(Generic[Value]):
    """A small store of what was read, thrown away when the edition moves on."""

    def __init__(self, watch: Watch, most: int, read: Callable[[str], Value | None]) -> None:
        self.watch = watch
        self.most = most
        self.read = read
        self._kept: tuple[int, dict[str, Value]] = (0, {})

    def known(self, key: str) -> Value | None:
        """Return what is kept in this edition; never waits."""
        edition, kept = self._kept
        return kept.get(key) if edition == self.watch.number else None

    def get(self, key: str) -> Value | None:
        """Return what is kept, or read it; what is not there is not kept."""
        known = self.known(key)
        if known is not None:
            return known
        number = self.watch.number
        value = self.read(key)
        if value is None or number != self.watch.number:
            return value
        # The store is looked up once: another thread may begin that of a new edition meanwhile.
        edition, kept = self._kept
        if edition != number or len(kept) >= self.most:
            kept = {}
            self._kept = (number, kept)
        kept[key] = value
        return value
