"""The edition of what visitors read: raised by the database, watched by every process.

Whatever a process keeps in memory of the content it keeps for one edition. Triggers raise
the number in the transaction of every change (`docs/adr/0008-the-press.md`); each process
looks twice a second, so a change is seen everywhere within a second.
"""

import asyncio
from contextlib import suppress
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
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


class Watch:
    """Knows the edition as this process last saw it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.number = 0

    def look(self) -> None:
        """See which edition it is now."""
        with self.database.reading() as db:
            self.number = edition(db)

    async def keep_looking(self, closing: asyncio.Event) -> None:
        """Look until the guide closes; what is kept stays while the database is away."""
        while not closing.is_set():
            with suppress(SQLAlchemyError):
                await run_in_threadpool(self.look)
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), LOOK_SECONDS)


Value = TypeVar("Value")


class KeptForEdition(Generic[Value]):
    """A small store of what was read, thrown away when the edition moves on."""

    def __init__(self, watch: Watch, most: int) -> None:
        self.watch = watch
        self.most = most
        self._edition = 0
        self._kept: dict[str, Value] = {}

    def get(self, key: str) -> Value | None:
        """Return what is kept in this edition."""
        return self._kept.get(key) if self._edition == self.watch.number else None

    def keep(self, key: str, value: Value, edition: int) -> None:
        """Keep what was read while the watch said `edition`, unless it has moved on."""
        if edition != self.watch.number:
            return
        if self._edition != edition or len(self._kept) >= self.most:
            self._kept, self._edition = {}, edition
        self._kept[key] = value
