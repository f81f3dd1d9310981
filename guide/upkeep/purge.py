"""Purging: the persons of tours whose days are over, what they left, and old backups."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from guide.db import Database
from guide.durable import sweep, write_whole
from guide.media.cabinet import Cabinet
from guide.settings import Settings
from guide.tours.forgetting.forgetting import Forgetting, Forgotten
from guide.tours.forgetting.retention import Retention
from guide.tours.forgetting.tombstones import Tombstones
from guide.tours.given import give_what_comes_after, write_down

SECONDS_AT_FIRST = 60
"""`guide serve` has purged before it served."""
SECONDS_BETWEEN = 3_600
SWEPT = "forgotten.swept"
"""A file that says how long the tombstones were when the database was last written anew."""
OWN_BACKUP = re.compile(r"before-.+-(\d{8}T\d{6}\.\d{6})Z(\.tar)?")


@dataclass(frozen=True)
class Purged:
    """What was forgotten, and how many backups of our own were deleted."""

    forgotten: Forgotten
    backups: int


class Purging:
    """Purges once an hour; several processes may."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.cabinet = Cabinet.locked(settings)
        self.retention = Retention.of(settings)
        self._forgetting = forgetting_of(settings, database)

    def would_purge(self, now: datetime) -> Purged:
        """Count what a purge would do now; nothing is written or deleted."""
        return Purged(self._forgetting.would_forget(now), len(self._old_backups(now)))

    def purge(self, now: datetime) -> Purged:
        """Forget what is due, with its files; delete old backups and half-done work."""
        write_down(self.database, self.settings.data_dir)
        give_what_comes_after(self.database, self.settings.data_dir)
        forgotten = self._forgetting.forget_due(now)
        self.cabinet.discard(forgotten.files)
        for folder in self._work_places():
            sweep(folder)
        old = self._old_backups(now)
        for path in old:
            _delete(path)
        return Purged(forgotten, len(old))

    def sweep(self) -> bool:
        """Leave nothing of what was forgotten in the bytes of SQLite's files, if there may be.

        Return False when somebody still reads from the log: it is to be done again. Only for
        the process that serves, or while none does.
        """
        swept, length = self.settings.data_dir / SWEPT, self._forgetting.tombstones.length
        if swept.exists() and swept.read_text() == str(length):
            return True
        if not overwrite(self.database):
            return False
        write_whole(swept, str(length).encode())
        return True

    async def keep_purging(self, closing: asyncio.Event) -> None:
        """Purge until the guide closes; what could not be purged is purged later."""
        seconds = SECONDS_AT_FIRST
        while not await _closes_within(closing, seconds):
            is_done = await run_in_threadpool(self.purge_quietly, datetime.now(UTC))
            seconds = SECONDS_BETWEEN if is_done else SECONDS_AT_FIRST

    def purge_quietly(self, now: datetime) -> bool:
        """Purge and sweep; say whether that is done. Why not is in the log, but not of whom."""
        try:
            self.purge(now)
            return self.sweep()
        except Exception as failed:  # noqa: BLE001 (whatever it is, the next purge comes)
            structlog.get_logger().error("purge failed", kind=type(failed).__name__)
            return False

    def _work_places(self) -> Iterator[Path]:
        """Name the folders in which files are made that may name persons."""
        data = self.settings.data_dir
        yield from (data, data / "backups", data / "media", self.cabinet.folder)
        if self.settings.sqlite_file:
            yield self.settings.sqlite_file.parent

    def _old_backups(self, now: datetime) -> list[Path]:
        """List the backups of our own that are older than anything may be kept."""
        oldest = self.retention.oldest_backup(now)
        there = (self.settings.data_dir / "backups").glob("before-*")
        return sorted(path for path in there if (at := _made_at(path)) and at < oldest)


def forgetting_of(settings: Settings, database: Database) -> Forgetting:
    """Return what forgets the persons of tours in a database, by the settings."""
    return Forgetting(database, Retention.of(settings), Tombstones(settings.data_dir))


def overwrite(database: Database) -> bool:
    """Write SQLite's file anew, and cut its log off; False while somebody reads from the log.

    `secure_delete` overwrites what is deleted, but not the copies that remain in pages where
    rows were moved about: of 150 of 300 tours that were forgotten, up to 29 copies of names
    were still there, and none after VACUUM (`docs/adr/0018-forgetting.md`). The connection is
    the one that writes, so that no two of this process do it at once. PostgreSQL looks after
    its own pages.
    """
    if not isinstance(database.writer, Engine) or database.writer.dialect.name != "sqlite":
        return True
    with database.writer.connect() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError("only SQLite has one file")
        driver.execute("VACUUM")
        is_busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def _made_at(path: Path) -> datetime | None:
    told = OWN_BACKUP.fullmatch(path.name)
    if told is None:
        return None
    return datetime.strptime(told[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


async def _closes_within(closing: asyncio.Event, seconds: int) -> bool:
    with suppress(TimeoutError):
        return await asyncio.wait_for(closing.wait(), seconds)
    return False
