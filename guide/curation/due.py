"""Publishing what was planned, when its time has come."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from guide.curation.deeds import publish_due
from guide.db import Database
from guide.exhibits.drafts import Draft
from guide.web.edition import LOOK_SECONDS, Watch


class DuePublisher:
    """Looks twice a second whether a planned publication is due.

    The database is asked for the next one only when something was planned or published, which
    raises the edition, and when one is due. Several processes may look: one of them publishes.
    A publication that was due while no guide ran is made up for at the start.
    """

    def __init__(self, database: Database, watch: Watch) -> None:
        self.database = database
        self.watch = watch
        self._next: datetime | None = None
        self._known_at = -1

    def look(self, now: datetime) -> None:
        """Publish what is due."""
        if self._known_at != self.watch.number:
            number = self.watch.number
            with self.database.reading() as db:
                self._next = db.scalar(select(func.min(Draft.due_at)))
            self._known_at = number
        if self._next is not None and self._next <= now:
            with self.database.writing() as db:
                publish_due(db, now)
            self._known_at = -1

    async def keep_looking(self, closing: asyncio.Event) -> None:
        """Look until the guide closes; what could not be published stays due."""
        while not closing.is_set():
            with suppress(Exception):
                await run_in_threadpool(self.look, datetime.now(UTC))
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), LOOK_SECONDS)
