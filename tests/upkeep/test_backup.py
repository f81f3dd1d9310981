"""A backup is one whole file, or there is none."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from guide.db import Database, newest_revision
from guide.settings import Settings
from guide.upkeep.archive import (
    BackupExistsError,
    BackupNotWrittenError,
    open_archive,
)
from guide.upkeep.backup import NothingToBackUpError, back_up
from guide.upkeep.postgres import ProgramMissingError
from tests.conftest import OPENING_DAY, settings_for
from tests.make import language
from tests.upkeep.guides import sqlite_guide, store

BACK_UP_FOR_EVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from guide.db import Database
from guide.settings import Settings
from guide.upkeep.backup import back_up

settings = Settings(data_dir=Path(sys.argv[1]), database_url=None)
database = Database.open(settings.database)
print("ready", flush=True)
number = 0
while True:
    number += 1
    to = Path(sys.argv[2]) / f"{sys.argv[3]}-{number}.tar"
    back_up(settings, database, to, at=datetime.now(UTC))
"""


@pytest.mark.usefixtures("postgres_programs")
def test_says_what_it_holds(settings: Settings, database: Database, tmp_path: Path) -> None:
    store(settings, "ab/carpet.jpg", b"a carpet")
    with database.writing() as db:
        db.add_all([language("az"), language("en")])

    manifest = back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)

    assert manifest.schema_revision == newest_revision()
    assert manifest.rows["languages"] == 2
    assert manifest.rows["exhibits"] == 0
    assert manifest.made_at == OPENING_DAY
    assert manifest.media == ["media/ab/carpet.jpg"]
    assert manifest.members["media/ab/carpet.jpg"].size == len(b"a carpet")


@pytest.mark.usefixtures("postgres_programs")
def test_can_be_read_with_tar_alone(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    store(settings, "carpet.jpg", b"a carpet")

    back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)

    with tarfile.open(tmp_path / "guide.tar") as tar:
        kind = "sqlite3" if settings.sqlite_file else "dump"
        assert tar.getnames() == [f"database.{kind}", "media/carpet.jpg", "manifest.json"]
        told = tar.extractfile("manifest.json")
        assert told is not None
        assert json.load(told)["format"] == 1


@pytest.mark.usefixtures("postgres_programs")
def test_holds_no_secret(settings: Settings, database: Database, tmp_path: Path) -> None:
    kept_in_file = settings.model_copy(update={"secret_key": None}).secret()

    back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)

    written = (tmp_path / "guide.tar").read_bytes()
    assert kept_in_file.encode() not in written
    assert b"a key for tests" not in written


def test_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")
    before = os.umask(0)
    try:
        back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)
    finally:
        os.umask(before)
        database.close()

    assert (tmp_path / "guide.tar").stat().st_mode & 0o777 == 0o600


def test_holds_what_is_committed_while_others_write(tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")
    with database.writing() as db:
        db.add(language("az"))
    with database.writing() as db:
        db.add(language("en"))
        db.flush()
        manifest = back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)
    database.close()

    assert manifest.rows["languages"] == 1


def test_holds_a_database_that_needs_no_other_file(tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")
    with database.writing() as db:
        db.add(language("az"))
    back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)
    database.close()

    with open_archive(tmp_path / "guide.tar") as archive:
        archive.extract("database.sqlite3", tmp_path / "copy")

    with closing(sqlite3.connect(f"file:{tmp_path / 'copy'}?immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT tag FROM languages").fetchall() == [("az",)]


def test_leaves_out_links(tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")
    store(settings, "carpet.jpg", b"a carpet")
    (settings.data_dir / "media/link").symlink_to("/etc/passwd")

    manifest = back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)
    database.close()

    assert manifest.media == ["media/carpet.jpg"]


def test_never_replaces_an_older_one(tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")
    (tmp_path / "guide.tar").write_text("the older one")

    with pytest.raises(BackupExistsError, match="there already"):
        back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)
    database.close()

    assert (tmp_path / "guide.tar").read_text() == "the older one"


def test_names_the_folder_that_is_missing(tmp_path: Path) -> None:
    settings, database = sqlite_guide(tmp_path / "data")

    with pytest.raises(BackupNotWrittenError, match=r"nowhere/guide\.tar cannot be written"):
        back_up(settings, database, tmp_path / "nowhere/guide.tar", at=OPENING_DAY)
    database.close()


def test_refuses_a_database_without_tables(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path / "data")
    database = Database.open(settings.database)

    with pytest.raises(NothingToBackUpError):
        back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)
    database.close()

    assert not (tmp_path / "guide.tar").exists()


def test_names_the_program_that_is_missing(
    settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if settings.sqlite_file:
        back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)
        return  # SQLite needs no program at all

    with pytest.raises(ProgramMissingError, match="pg_dump was not found"):
        back_up(settings, database, tmp_path / "guide.tar", at=OPENING_DAY)


def test_a_killed_backup_leaves_no_half_file(tmp_path: Path) -> None:
    assert _kill_backups(20, tmp_path) > 0


@pytest.mark.long
def test_two_hundred_killed_backups_leave_no_half_file(tmp_path: Path) -> None:
    assert _kill_backups(200, tmp_path) > 0


def _kill_backups(times: int, tmp_path: Path) -> int:
    """Kill that many backups at any moment; return how many whole files they left."""
    settings, database = sqlite_guide(tmp_path / "data")
    for number in range(20):
        store(settings, f"{number}.jpg", os.urandom(200_000))
    database.close()
    target = tmp_path / "backups"
    target.mkdir()
    for turn in range(times):
        _kill_one(settings, target, turn)
    whole = list(target.glob("*.tar"))
    for backup in whole:
        with open_archive(backup) as archive:
            archive.verify()
    assert len(list(target.glob(".guide-working-*/lock"))) <= 1, "leftovers are swept"
    return len(whole)


def _kill_one(settings: Settings, target: Path, turn: int) -> None:
    words = [BACK_UP_FOR_EVER, str(settings.data_dir), str(target), str(turn)]
    with subprocess.Popen(  # noqa: S603 (our own Python)
        [sys.executable, "-c", *words], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        try:
            child.wait(timeout=random.uniform(0, 0.2))  # noqa: S311 (any moment will do)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
