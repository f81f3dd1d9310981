"""A schema is of one version or of the next, and never between."""

import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from guide.db import WAL_RESET_FIXED, Database, newest_revision
from guide.settings import PACKAGE, Settings
from guide.upkeep.archive import open_archive
from guide.upkeep.migration import DanglingRowsError, migrate_whole
from guide.upkeep.schema import (
    BroughtUpToDate,
    NewerDatabaseError,
    bring_up_to_date,
    check_integrity,
    sqlite_warning,
)
from guide.upkeep.sqlite_file import DamagedDatabaseError
from tests import make
from tests.conftest import OPENING_DAY, settings_for
from tests.upkeep.guides import sqlite_guide

TABLES = 60

NEXT_MIGRATION = f"""
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{newest_revision()}"

def upgrade():
    for number in range({TABLES}):
        op.create_table(f"later_{{number}}", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("exhibitions", recreate="auto") as table:
        table.add_column(sa.Column("later", sa.String(9), nullable=True))
        table.alter_column("accent", type_=sa.String(20))
"""

BRING_UP_TO_DATE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from guide.db import Database
from guide.settings import Settings
from guide.upkeep.schema import bring_up_to_date

settings = Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2])
database = Database.open(settings.database)
print("ready", flush=True)
done = bring_up_to_date(settings, database, at=datetime.now(UTC))
print(done.before, done.now, done.backup, flush=True)
"""


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """A copy of the program with one more migration."""
    release = tmp_path / "next-release"
    shutil.copytree(PACKAGE, release / "guide", ignore=shutil.ignore_patterns("__pycache__"))
    (release / "guide/migrations/versions/next.py").write_text(NEXT_MIGRATION)
    return release


def started(release: Path, settings: Settings) -> subprocess.Popen[str]:
    words = [BRING_UP_TO_DATE, str(settings.data_dir), settings.database]
    child = subprocess.Popen(  # noqa: S603 (our own Python)
        [sys.executable, "-c", *words],
        cwd=release,
        env={**os.environ, "PYTHONPATH": str(release)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def with_an_exhibit(database: Database) -> None:
    with database.writing() as db:
        db.add(make.exhibit())


def test_a_fresh_database_is_made_without_a_backup(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'data/new.sqlite3'}", tmp_path / "data")
    database = Database.open(settings.database)

    done = bring_up_to_date(settings, database, at=OPENING_DAY)
    database.close()

    assert done == BroughtUpToDate(before=None, now=newest_revision(), backup=None)
    assert done.changed


def test_a_second_time_changes_nothing(settings: Settings, database: Database) -> None:
    done = bring_up_to_date(settings, database, at=OPENING_DAY)

    assert not done.changed
    assert done.backup is None


def test_a_newer_database_is_refused(settings: Settings, database: Database) -> None:
    with database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'newer'"))

    with pytest.raises(NewerDatabaseError, match="newer version of the guide"):
        bring_up_to_date(settings, database, at=OPENING_DAY)


@pytest.mark.usefixtures("postgres_programs")
def test_the_next_release_backs_up_and_keeps_every_row(
    settings: Settings, database: Database, next_release: Path
) -> None:
    with_an_exhibit(database)
    database.close()

    with started(next_release, settings) as child:
        told, _ = child.communicate()

    before, now, backup = told.split()
    assert (before, now) == (newest_revision(), "next")
    assert Path(backup).name.startswith("before-next-")
    with open_archive(Path(backup)) as archive:
        assert archive.manifest.schema_revision == newest_revision()
        assert archive.manifest.rows["exhibits"] == 1
    with database.reading() as db:
        query = "SELECT count(*) FROM exhibits JOIN exhibitions x ON x.id = exhibition_id"
        assert db.scalar(text(f"{query} WHERE later IS NULL")) == 1


def test_a_migration_leaves_foreign_keys_on(tmp_path: Path) -> None:
    _, database = sqlite_guide(tmp_path / "data")

    migrate_whole(database)

    with database.writing() as db:
        assert db.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_a_migration_that_leaves_dangling_rows_is_taken_back(tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")
    database.close()
    with closing(sqlite3.connect(settings.data_dir / "guide.sqlite3")) as careless:
        careless.execute(
            "INSERT INTO codes (code, exhibit_id, minted_at) VALUES ('ab12n', 77, '2026-11-24')"
        )
        careless.commit()

    with pytest.raises(DanglingRowsError, match="rows of codes"):
        migrate_whole(database)
    database.close()


def test_a_killed_migration_leaves_the_old_schema_or_the_next(
    tmp_path: Path, next_release: Path
) -> None:
    _kill_migrations(20, tmp_path, next_release)


@pytest.mark.long
def test_two_hundred_killed_migrations_leave_the_old_schema_or_the_next(
    tmp_path: Path, next_release: Path
) -> None:
    _kill_migrations(200, tmp_path, next_release)


def _kill_migrations(times: int, tmp_path: Path, release: Path) -> None:
    """Kill migrations at moments that are spread over the whole of one."""
    old, database = sqlite_guide(tmp_path / "old")
    with_an_exhibit(database)
    database.close()
    took = _migrate_in_a_child(_copy_of(old, tmp_path / "whole"), release, patience=60)
    for turn in range(times):
        settings = _copy_of(old, tmp_path / f"turn-{turn}")
        _migrate_in_a_child(settings, release, patience=took * turn / times)

        found = schema_of(settings.data_dir / "guide.sqlite3")
        assert found in [(newest_revision(), 0, False), ("next", TABLES, True)]
        shutil.rmtree(settings.data_dir)


def _copy_of(old: Settings, data_dir: Path) -> Settings:
    shutil.copytree(old.data_dir, data_dir)
    return Settings(data_dir=data_dir, database_url=f"sqlite:///{data_dir / 'guide.sqlite3'}")


def _migrate_in_a_child(settings: Settings, release: Path, patience: float) -> float:
    """Kill the child when patience ends; return the seconds that it worked."""
    with started(release, settings) as child:
        began = time.monotonic()
        assert child.stdout is not None
        select.select([child.stdout], [], [], patience)
        child.send_signal(signal.SIGKILL)
        return time.monotonic() - began


def schema_of(file: Path) -> tuple[str, int, bool]:
    """Return the revision, how many later tables there are, whether the later column is."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM exhibits").fetchone() == (1,)
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        later = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'later%'"
        (tables,) = connection.execute(later).fetchone()
        columns = [row[1] for row in connection.execute("PRAGMA table_info(exhibitions)")]
    return revision, tables, "later" in columns


def test_a_whole_database_passes(database: Database) -> None:
    check_integrity(database)


@pytest.mark.parametrize("place", [0, 100, 4096])
def test_a_damaged_database_is_found_at_the_start(place: int, tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")
    database.close()
    with (settings.data_dir / "guide.sqlite3").open("rb+") as file:
        file.seek(place)
        file.write(b"\xff" * 3000)

    with pytest.raises(DamagedDatabaseError, match="guide restore FILE"):
        check_integrity(database)
    database.close()


def test_an_old_sqlite_is_named() -> None:
    assert "SQLite 3.40.1 has a rare fault" in (sqlite_warning((3, 40, 1)) or "")


def test_a_mended_sqlite_is_not_named() -> None:
    assert sqlite_warning(WAL_RESET_FIXED) is None
