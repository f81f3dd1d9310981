"""The database: engines that keep their promises, one transaction for each unit of work.

SQLite is opened as `docs/adr/0002-sqlite.md` says: WAL, full sync, BEGIN said by us, one
writing connection in the process. The same code runs on PostgreSQL.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Self

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

BUSY_MS = 5_000
WAL_RESET_FIXED = (3, 51, 3)

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY_MS}",
    "trusted_schema = OFF",
    "secure_delete = ON",
)


EVERYWHERE: Mapping[str, Any] = {
    "hide_parameters": True,
    "json_serializer": partial(json.dumps, ensure_ascii=False),
}
"""What every engine is made with: values stay out of errors, and JSON is written as letters,
which takes half the room and half the time to read that `\\u` escapes do."""


READERS: Mapping[str, Any] = {
    "pool_size": 10,
    "max_overflow": 30,
    "pool_timeout": BUSY_MS / 1000,
}
"""Connections for as many threads as a process has, and no longer a wait than a writer's."""


class Base(DeclarativeBase):
    """Every table, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class _Utc(TypeDecorator[datetime]):
    """An instant: stored as UTC, read back aware; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, _dialect: Dialect
    ) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


Instant = Annotated[datetime, mapped_column(_Utc)]
"""A moment in UTC, as a mapped column: `printed_at: Mapped[Instant | None]`."""


class ForkedError(RuntimeError):
    """A database connection was taken into a forked process, which would destroy the file."""


class Database:
    """Where work begins and ends: `reading` never writes, `writing` commits on return."""

    def __init__(self, reader: Engine | Connection, writer: Engine | Connection) -> None:
        self.reader = reader
        self.writer = writer
        self._reading = sessionmaker(reader, join_transaction_mode="create_savepoint")
        self._to_tell: list[Callable[[], None]] = []
        self._writing = sessionmaker(writer, join_transaction_mode="create_savepoint")

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a database by its address, `sqlite:///…` or `postgresql+psycopg://…`."""
        if make_url(url).get_backend_name() != "sqlite":
            engine = create_engine(url, pool_pre_ping=True, **READERS, **EVERYWHERE)
            return cls(engine, engine)
        # One writing connection: writers queue fairly here, not at the file's lock.
        writer = create_engine(
            url, pool_size=1, max_overflow=0, pool_timeout=BUSY_MS / 1000, **EVERYWHERE
        )
        reader = create_engine(url, **READERS, **EVERYWHERE)
        _open_as_promised(writer, begin="BEGIN IMMEDIATE", pragmas=PRAGMAS)
        _open_as_promised(reader, begin="BEGIN", pragmas=(*PRAGMAS, "query_only = ON"))
        return cls(reader, writer)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read in one consistent view; nothing can be written."""
        with self._reading() as db:
            yield db

    @contextmanager
    def rows(self) -> Iterator[Connection]:
        """Read rows alone, in one consistent view, in half the time that a session takes."""
        if isinstance(self.reader, Connection):
            yield self.reader
        else:
            with self.reader.connect() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Write in one transaction: returning commits, raising rolls back."""
        with self._writing() as db, db.begin():
            yield db
        for tell in self._to_tell:
            tell()

    def after_writing(self, tell: Callable[[], None]) -> None:
        """Have something told after each commit, which it must not make look like a failure."""
        self._to_tell.append(tell)

    def close(self) -> None:
        """Let every connection go."""
        for engine in (self.reader, self.writer):
            if isinstance(engine, Engine):
                engine.dispose()


def _open_as_promised(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    """Set the pragmas on every connection, and let SQLAlchemy, not sqlite3, say BEGIN."""

    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        record.info["pid"] = os.getpid()

    @event.listens_for(engine, "checkout")
    def _(_connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info["pid"] != os.getpid():
            raise ForkedError("open a Database of your own in a new process")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def migrate(connection: Connection) -> None:
    """Bring the schema up to date, in the transaction of this connection."""
    command.upgrade(_alembic(connection), "head")


def schema_revision(connection: Connection) -> str | None:
    """Return the schema's revision, None for a database that has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """Return the revision that this version of the guide works with."""
    head = ScriptDirectory.from_config(_alembic()).get_current_head()
    if head is None:
        raise RuntimeError("guide/migrations holds no revision")
    return head


def is_known_revision(revision: str) -> bool:
    """Say whether this version of the guide knows a schema's revision."""
    return any(
        r.revision == revision for r in ScriptDirectory.from_config(_alembic()).walk_revisions()
    )


def is_reachable(db: Session) -> bool:
    """Ask the database the smallest question there is."""
    return bool(db.scalar(text("SELECT 1")))


def _alembic(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
