"""Clearing up: what lay in a bin for thirty days, and files that nothing names."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, union_all
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.exhibits import bin as bin_
from guide.exhibits.pictures import ExhibitPicture, ExhibitRecording
from guide.media.cabinet import Cabinet
from guide.media.model import MediaFile

IN_THE_BIN = timedelta(days=bin_.DAYS)
UNNAMED = timedelta(hours=24)
"""How long a file may lie there that nothing names: whoever sent it has given up by then."""

SECONDS_AT_FIRST = 60
"""Whoever comes when the guide has just started does not wait for it to clear up."""
SECONDS_BETWEEN = 3_600
TABLES = (ExhibitPicture, ExhibitRecording)

Sweep = Callable[[datetime], None]
"""What another room clears up, when it is told what time it is."""


class Clearing:
    """Clears up once an hour. Several processes may; what one has removed the others miss."""

    def __init__(
        self, database: Database, cabinet: Cabinet, others: Sequence[Sweep] = ()
    ) -> None:
        self.database = database
        self.cabinet = cabinet
        self.others = others

    def clear(self, now: datetime) -> None:
        """Empty the bin of what is old, then sweep the files that nothing names."""
        with self.database.reading() as db:
            due = bin_.next_to_go(db)
            is_due = bool((due and due <= now) or _named_by_nothing(db) or _old_in_bin(db, now))
        if is_due:
            with self.database.writing() as db:
                for one in bin_.empty(db, now):
                    subject = f"{one.kind}:{one.thing.slug}"
                    db.add(AuditEntry.of(None, "bin.emptied", subject, now))
                _empty_the_bin(db, now)
        self._sweep(now)
        for sweep in self.others:
            sweep(now)

    async def keep_clearing(self, closing: asyncio.Event) -> None:
        """Clear up until the guide closes; what could not be removed is removed later."""
        seconds = SECONDS_AT_FIRST
        while not await _closes_within(closing, seconds):
            with suppress(Exception):
                await run_in_threadpool(self.clear, datetime.now(UTC))
            seconds = SECONDS_BETWEEN

    def _sweep(self, now: datetime) -> None:
        old = [hash_ for hash_, put in self.cabinet.store.kept() if put < now - UNNAMED]
        if not old:
            return
        with self.database.reading() as db:
            named = set(db.scalars(select(MediaFile.hash)))
        self.cabinet.discard(hash_ for hash_ in old if hash_ not in named)


async def _closes_within(closing: asyncio.Event, seconds: int) -> bool:
    with suppress(TimeoutError):
        return await asyncio.wait_for(closing.wait(), seconds)
    return False


def _old_in_bin(db: Session, now: datetime) -> list[int]:
    return [
        number
        for one in TABLES
        for number in db.scalars(select(one.id).where(one.removed_at < now - IN_THE_BIN))
    ]


def _named_by_nothing(db: Session) -> list[str]:
    named = union_all(*(select(one.media_hash) for one in TABLES))
    return list(db.scalars(select(MediaFile.hash).where(MediaFile.hash.not_in(named))))


def _empty_the_bin(db: Session, now: datetime) -> None:
    for one in TABLES:
        db.execute(delete(one).where(one.removed_at < now - IN_THE_BIN))
    db.execute(delete(MediaFile).where(MediaFile.hash.in_(_named_by_nothing(db))))
