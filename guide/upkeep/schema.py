"""The schema at the start: up to date, of this program's age, in a file that is whole."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guide.db import (
    WAL_RESET_FIXED,
    Database,
    is_known_revision,
    newest_revision,
    schema_revision,
)
from guide.settings import Settings
from guide.upkeep import sqlite_file
from guide.upkeep.backup import back_up, kept_backup
from guide.upkeep.migration import migrate_whole
from guide.upkeep.refusal import UpkeepError


class NewerDatabaseError(UpkeepError):
    """The database was last used by a newer guide than this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database was made by a newer version of the guide (its schema {revision} is "
            "not known here). Install that version again, or go back to the backup that it "
            "made before it changed the schema: guide restore FILE"
        )


@dataclass(frozen=True)
class BroughtUpToDate:
    """What happened to the schema; `before` is None for a fresh database."""

    before: str | None
    now: str
    backup: Path | None

    @property
    def changed(self) -> bool:
        """Say whether a migration ran."""
        return self.before != self.now


def bring_up_to_date(settings: Settings, database: Database, at: datetime) -> BroughtUpToDate:
    """Migrate, all or nothing; a database that already holds something is backed up first.

    Raise NewerDatabaseError, and what back_up raises.
    """
    newest = newest_revision()
    with sqlite_file.told_plainly(), database.reading() as db:
        before = schema_revision(db.connection())
    if before == newest:
        return BroughtUpToDate(before, newest, backup=None)
    backup = None
    if before is not None:
        if not is_known_revision(before):
            raise NewerDatabaseError(before)
        backup = kept_backup(settings, newest, at)
        back_up(settings, database, backup, at)
    migrate_whole(database)
    return BroughtUpToDate(before, newest, backup)


def check_integrity(database: Database) -> None:
    """Raise DamagedDatabaseError when SQLite's quick_check finds anything.

    It took 0.12 s for 201 MB (reliability, F19). PostgreSQL looks after itself.
    """
    with sqlite_file.told_plainly(), database.reading() as db:
        driver = db.connection().connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            sqlite_file.check(driver)


def sqlite_warning(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """Return a warning for an SQLite whose write-ahead log can, rarely, damage the file."""
    if version >= WAL_RESET_FIXED:
        return None
    here, fixed = (".".join(map(str, each)) for each in (version, WAL_RESET_FIXED))
    return (
        f"SQLite {here} has a rare fault that can damage a database with several writing "
        f"programs; {fixed} mends it. Run one guide serve only, and make backups."
    )
