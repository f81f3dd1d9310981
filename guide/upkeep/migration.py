"""A migration in one explicit transaction, on either database."""

import sqlite3

from sqlalchemy import Connection, Engine, text

from guide.db import Database, migrate
from guide.upkeep.refusal import UpkeepError

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(4921)")  # any number that only we use


class DanglingRowsError(UpkeepError):
    """A migration would leave rows that point at nothing; it was taken back."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The migration was taken back: rows of {table} would point at nothing. "
            "Nothing was changed; please report this."
        )


def migrate_whole(database: Database) -> None:
    """Bring the schema up to date, all or nothing; two processes take turns.

    SQLite obeys foreign keys while a migration rebuilds a table, and would delete what
    points at it; so they rest, which can only be said outside a transaction, and are
    checked before the commit (sqlite.org/lang_altertable.html, section 7).
    """
    if not isinstance(database.writer, Engine):
        raise TypeError("a migration needs a database of its own, not a borrowed transaction")
    with database.writer.connect() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            with connection.begin():
                connection.execute(ONE_AT_A_TIME)
                migrate(connection)
            return
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                migrate(connection)
                _refuse_dangling_rows(connection)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _refuse_dangling_rows(connection: Connection) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if dangling is not None:
        raise DanglingRowsError(dangling[0])
