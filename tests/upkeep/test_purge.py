"""The purge as somebody at a terminal uses it, and as the guide that serves does."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from obstore.exceptions import GenericError
from typer.testing import CliRunner

from guide.accounts.model import Role
from guide.cli import app
from guide.db import Database
from guide.durable import WORKING, working_folder
from guide.media.store import DiskStore
from guide.tours.forgetting.tombstones import Tombstones
from guide.upkeep.backup import kept_backup
from guide.upkeep.lock import only_server
from guide.upkeep.purge import Purging
from tests.conftest import Copy, settings_for
from tests.e2e.server import Server
from tests.make import account
from tests.tours.forgetting.marked import DAY_AFTER, MARK, marked_tour
from tests.tours.forgetting.test_forgetting import every_row

Guide = Callable[..., Any]
"""Runs the command with words; what comes back is typer's own result."""

LONG_AGO = (datetime.now(UTC) - timedelta(days=182)).date()
COUNTED = {
    "persons": 2,
    "brief": 16,
    "notes": 3,
    "stops": 2,
    "parties": 1,
    "interpreters": 1,
    "reasons": 1,
    "addresses": 1,
    "guest-book": 1,
    "gifts": 1,
    "reports": 1,
    "earlier-routes": 1,
}


@pytest.fixture
def location(copied: Copy) -> str:
    """The address of a database with one tour that is due."""
    address = copied("starter")
    database = Database.open(address)
    with database.writing() as db:
        planner = account(Role.PLANNER)
        db.add(planner)
        db.flush()
        marked_tour(db, planner.id, date=LONG_AGO.isoformat(), starts_at=None, ends_at=None)
    database.close()
    return address


@pytest.fixture
def run(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guide]:
    """Run the command, which writes logs as a server does; after it they are as in tests."""
    monkeypatch.setenv("GUIDE_DATABASE_URL", location)
    monkeypatch.setenv("GUIDE_DATA_DIR", str(tmp_path / "data"))
    yield lambda *words: CliRunner().invoke(app, ["purge", *words])
    structlog.reset_defaults()


def held(location: str) -> str:
    database = Database.open(location)
    try:
        return every_row(database)
    finally:
        database.close()


def test_a_dry_run_counts_the_same_and_changes_nothing(run: Guide, location: str) -> None:
    before = held(location)
    expected = json.loads(run("--dry-run", "--json").stdout)
    assert expected == {"tours": 1, **COUNTED, "backups": 0}
    told = run("--dry-run").stdout
    assert told.startswith("1 tour would be forgotten:")
    assert "persons: 2" in told
    assert held(location) == before

    assert json.loads(run("--json").stdout) == expected

    assert MARK not in held(location)
    assert run().stdout == "0 tours forgotten.\n0 old backups deleted.\n"


def test_the_days_of_keeping_can_be_set(run: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "200")
    assert json.loads(run("--json").stdout)["tours"] == 0
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "0")
    refused = run()
    assert refused.exit_code == 1
    assert "GUIDE_RETENTION_DAYS" in refused.stderr


def test_beside_a_guide_that_serves_it_leaves_the_log_to_that(
    run: Guide, tmp_path: Path, location: str
) -> None:
    run("--dry-run")  # makes the folder
    with only_server(tmp_path / "data"):
        done = run()
    assert done.exit_code == 0
    assert MARK not in held(location)
    assert ("within the hour" in done.stderr) == location.startswith("sqlite")


def test_what_is_due_goes_before_the_guide_serves(location: str, tmp_path: Path) -> None:
    server = Server.start(tmp_path / "data", location)
    server.wait_until_ready()
    try:
        assert MARK not in held(location)
        assert len(Tombstones(tmp_path / "data").read().stones) == 1
    finally:
        server.end()
    assert MARK not in server.complained.read_text()
    assert MARK not in server.printed.read_text()


class Unreachable(DiskStore):
    """One that cannot be reached today, and says so as a bucket does."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[str] = []

    def remove(self, hash_: str) -> None:
        self.asked.append(hash_)
        raise GenericError("503 SlowDown")


@pytest.fixture
def purging(copied: Copy, tmp_path: Path) -> Iterator[Purging]:
    """What purges a guide with one tour that is due, and with three files of it."""
    settings = settings_for(copied("starter"), tmp_path / "data")
    database = Database.open(settings.database)
    with database.writing() as db:
        planner = account(Role.PLANNER)
        db.add(planner)
        db.flush()
        marked_tour(db, planner.id, ("a" * 64, "b" * 64, "c" * 64))
    yield Purging(settings, database)
    database.close()


def test_a_bucket_that_fails_keeps_nothing_else_there(purging: Purging) -> None:
    store = purging.cabinet.store = Unreachable(purging.cabinet.folder)
    old = kept_backup(purging.settings, "migrate", DAY_AFTER - timedelta(days=200))
    old.write_bytes(MARK.encode())

    assert purging.purge_quietly(DAY_AFTER)

    assert sorted(store.asked) == ["a" * 64, "b" * 64, "c" * 64]
    assert not old.exists()
    assert MARK not in every_row(purging.database)


def test_a_purge_that_fails_in_any_way_is_tried_again_and_says_in_which(
    purging: Purging, capsys: pytest.CaptureFixture[str]
) -> None:
    longer_than_time = purging.settings.model_copy(update={"retention_days": 10**7})

    assert not Purging(longer_than_time, purging.database).purge_quietly(DAY_AFTER)

    assert "OverflowError" in "".join(capsys.readouterr())


def test_what_killed_processes_left_half_done_goes_too(purging: Purging) -> None:
    data = purging.settings.data_dir
    left = []
    for place in ("", "backups", "media", "media/private"):
        folder = data / place / f"{WORKING}killed"
        folder.mkdir(parents=True)
        (folder / "lock").touch()
        (folder / "sent").write_bytes(MARK.encode())
        left.append(folder)
    with working_folder(data / "media") as in_use:
        assert purging.purge_quietly(DAY_AFTER)
        assert in_use.exists()

    assert not [folder for folder in left if folder.exists()]
