"""Emptying the bin of what has lain there for thirty days."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.exhibits import bin as store

SECONDS_BETWEEN = 3_600


class BinEmptier:
    """Looks once an hour. Several processes may; what one has deleted the others miss."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def look(self, now: datetime) -> None:
        """Delete what is due, and write it in the trail."""
        with self.database.reading() as db:
            due = store.next_to_go(db)
        if due is None or due > now:
            return
        with self.database.writing() as db:
            for one in store.empty(db, now):
                subject = f"{one.kind}:{one.thing.slug}"
                db.add(AuditEntry.of(None, "bin.emptied", subject, now))

    async def keep_looking(self, closing: asyncio.Event) -> None:
        """Look until the guide closes; what could not be deleted stays due."""
        while not closing.is_set():
            with suppress(Exception):
                await run_in_threadpool(self.look, datetime.now(UTC))
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), SECONDS_BETWEEN)
