"""The embedded database as a file: copied, checked, put in place of another."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from guide.db import BUSY_MS
from guide.durable import sync, sync_folder
from guide.upkeep.refusal import UpkeepError

BESIDE = ("-wal", "-shm", "-journal")
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
PRIMARY = 0xFF
"""The part of an SQLite result code that names the kind of error."""


class DamagedDatabaseError(UpkeepError):
    """SQLite found the database file damaged."""

    def __init__(self, finding: str) -> None:
        super().__init__(
            f"The database is damaged ({finding}). Do not try to mend it: "
            "bring back the newest backup with: guide restore FILE"
        )


class DatabaseInUseError(UpkeepError):
    """Something else has the database open."""

    def __init__(self) -> None:
        super().__init__("Another program has the database open. Stop it first.")


def copy_out(connection: Connection, to: Path) -> dict[str, int]:
    """Copy a database in use into one self-contained file; return the rows of each table.

    Raise DamagedDatabaseError when the copy does not pass quick_check.
    """
    source = connection.connection.driver_connection
    if not isinstance(source, sqlite3.Connection):
        raise TypeError("only SQLite can be copied as a file")
    with closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        check(copy)
        return _count_rows(copy)


def check(connection: sqlite3.Connection) -> None:
    """Raise DamagedDatabaseError with SQLite's first finding, if it has any."""
    (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise DamagedDatabaseError(finding)


def settle(file: Path) -> None:
    """Bring all that was written into the one file, check it, and sync it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        check(connection)
    with file.open("rb+") as settled:
        sync(settled)


def put_in_place(file: Path, present: Path) -> None:
    """Put a settled database where the present one is: at every moment one of them is whole.

    A log left beside the file would be played into the new database, so the present one is
    first emptied of its log; that fails with DatabaseInUseError while anyone has it open.
    """
    with closing(sqlite3.connect(present, timeout=BUSY_MS / 1000)) as old:
        old.isolation_level = None
        with told_plainly():
            (mode,) = old.execute("PRAGMA journal_mode = DELETE").fetchone()
            if mode != "delete":
                raise DatabaseInUseError
            old.execute("BEGIN EXCLUSIVE")
        _replace(file, present)


def put_in_place_of_damaged(file: Path, present: Path, aside: Path) -> None:
    """Keep the damaged database and its log in a folder, as they are, and replace them."""
    aside.mkdir(mode=0o700, parents=True)
    for kept in (present, *_beside(present)):
        if kept.exists():
            shutil.copy2(kept, aside / kept.name)
    sync_folder(aside)
    _replace(file, present)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn SQLite's errors of damage and of use into sentences; others pass."""
    try:
        yield
    except (sqlite3.DatabaseError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & PRIMARY
        if code in DAMAGE:
            raise DamagedDatabaseError(str(cause)) from error
        if code in IN_USE:
            raise DatabaseInUseError from error
        raise


def _count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' "
        "AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name"
    ).fetchall()
    count = "SELECT count(*) FROM "
    return {name: connection.execute(f'{count}"{name}"').fetchone()[0] for (name,) in tables}


def _replace(file: Path, present: Path) -> None:
    for one in _beside(present):
        one.unlink(missing_ok=True)
    sync_folder(present.parent)
    file.replace(present)
    sync_folder(present.parent)


def _beside(present: Path) -> list[Path]:
    return [present.with_name(present.name + end) for end in BESIDE]
