"""Of what was forgotten no byte is left: database, log, files, backups (F16, T11)."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from guide.accounts.model import Role
from guide.db import Database
from guide.media.cabinet import Cabinet
from guide.media.signatures import Kind
from guide.settings import Settings
from guide.tours.links import CalendarFeed, TourLink
from guide.tours.model import BRIEF, State, TourBrief
from guide.upkeep.backup import back_up, kept_backup, restore
from guide.upkeep.purge import Purging
from tests import make
from tests.media import samples
from tests.tours.conftest import stored
from tests.tours.forgetting.marked import DAY_AFTER, KEPT_UNTIL, MARK, THEN, marked_tour
from tests.tours.forgetting.test_forgetting import every_row
from tests.upkeep.guides import sqlite_guide

MANY = 60
HOUR = timedelta(hours=1)


@pytest.fixture
def kept(tmp_path: Path) -> Settings:
    """A guide on SQLite with tours of two kinds, mixed: half of them are due."""
    settings, database = sqlite_guide(tmp_path / "data")
    cabinet = Cabinet.locked(settings)
    hashes = []
    for size in (200, 210, 220):
        picture = BytesIO(samples.picture(size=(size, size)))
        hashes.append(cabinet.take_in(Kind.PICTURE, picture, whose=f"{size}").hash)
    with database.writing() as db:
        account = make.account(Role.PLANNER)
        db.add(account)
        db.flush()
        marked_tour(db, account.id, (hashes[0], hashes[1], hashes[2]))
    for number in range(MANY):
        is_due = number % 2
        word = f"{MARK if is_due else 'Remembered'} {'x' * (number * 37 % 400)}"
        day = {} if is_due else {"date": "2027-05-01", "starts_at": None, "ends_at": None}
        with database.writing() as db:
            tour = make.tour(
                **day,
                persons=[make.person(word, contact=word) for _ in range(number % 17 + 1)],
                brief=TourBrief(**dict.fromkeys(BRIEF, word)),
                stops=[make.stop(n, names={"en": word}, note=word) for n in range(1, 9)],
            )
            db.add(tour)
    database.close()
    return settings


def files_with(settings: Settings, word: str) -> list[str]:
    """Name the files of the data folder in which a word stands."""
    every = (path for path in settings.data_dir.rglob("*") if path.is_file())
    return sorted(path.name for path in every if word.encode() in path.read_bytes())


def purged(settings: Settings) -> tuple[int, bool]:
    """Purge on the day after; return how many tours were forgotten and whether all is swept."""
    database = Database.open(settings.database)
    try:
        purging = Purging(settings, database)
        return purging.purge(DAY_AFTER).forgotten.tours, purging.sweep()
    finally:
        database.close()


def test_no_byte_is_left_in_the_database_its_log_or_the_media(kept: Settings) -> None:
    assert files_with(kept, MARK)
    masters = list((kept.data_dir / "media").rglob("*.*"))
    assert masters

    assert purged(kept) == (MANY // 2 + 1, True)

    assert files_with(kept, MARK) == []
    assert "guide.sqlite3" in files_with(kept, "Remembered")
    assert not [path for path in (kept.data_dir / "media").rglob("*") if path.is_file()]


def test_the_log_is_empty_while_the_guide_is_open_and_waits_for_whoever_reads(
    kept: Settings,
) -> None:
    database = Database.open(kept.database)
    purging = Purging(kept, database)
    with closing(sqlite3.connect(kept.data_dir / "guide.sqlite3")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tours").fetchone()
        purging.purge(DAY_AFTER)
        assert not purging.sweep()
    assert purging.sweep()
    assert files_with(kept, MARK) == []
    assert (kept.data_dir / "guide.sqlite3-wal").stat().st_size == 0
    database.close()


def test_what_a_killed_purge_has_not_swept_the_next_one_sweeps(kept: Settings) -> None:
    database = Database.open(kept.database)
    Purging(kept, database).purge(DAY_AFTER)  # and no sweep
    database.close()
    assert purged(kept) == (0, True)
    assert files_with(kept, MARK) == []


def test_own_backups_older_than_the_days_of_keeping_are_deleted(kept: Settings) -> None:
    database = Database.open(kept.database)
    old = kept_backup(kept, "0010", DAY_AFTER - timedelta(days=180, hours=1))
    young = kept_backup(kept, "restore", DAY_AFTER - timedelta(days=179))
    for path in (old, young):
        back_up(kept, database, path, THEN)
    damaged = young.parent / "before-restore-20261001T090000.000000Z"
    damaged.mkdir()
    (damaged / "guide.sqlite3").write_bytes(MARK.encode())
    carried = young.parent / "guide-2026-11-24.tar"
    carried.write_bytes(b"of somebody's own")
    purging = Purging(kept, database)

    assert purging.would_purge(DAY_AFTER).backups == 2
    assert old.exists()
    assert purging.purge(DAY_AFTER).backups == 2

    assert sorted(path.name for path in young.parent.iterdir()) == [young.name, carried.name]
    database.close()


def test_a_restored_backup_brings_nobody_back_and_opens_no_address(kept: Settings) -> None:
    """The drill: a tour is forgotten before its days are over, then an old backup returns."""
    database = Database.open(kept.database)
    with database.writing() as db:
        db.add(CalendarFeed(account_id=1, kind="all", token_hash="f" * 64, made_at=THEN))
        db.add(TourLink.made(2, "a key for tests", THEN))
    backup = kept.data_dir.parent / "guide.tar"
    back_up(kept, database, backup, THEN)
    purging = Purging(kept, database)
    assert purging.purge(DAY_AFTER).forgotten.tours == MANY // 2 + 1
    assert purging.sweep()
    database.close()

    early = KEPT_UNTIL - timedelta(days=30)  # by the clock of a machine that is behind
    restore(kept, backup, at=early)

    database = Database.open(kept.database)
    assert MARK not in every_row(database)
    assert files_with(kept, MARK) == []
    assert not [path for path in (kept.data_dir / "media").rglob("*") if path.is_file()]
    assert stored(database, 1).forgotten_at == DAY_AFTER
    assert stored(database, 1).state == State.COMPLETED
    with database.reading() as db:
        assert db.get_one(CalendarFeed, 1).revoked_at == early
        links = db.query(TourLink).all()
        assert len(links) == 2
        assert all(link.revoked_at for link in links)
    database.close()


def test_a_restored_backup_is_purged_before_it_is_served(kept: Settings) -> None:
    """As on a new machine, which has no tombstones: what is due goes while it is restored."""
    database = Database.open(kept.database)
    backup = kept.data_dir.parent / "guide.tar"
    back_up(kept, database, backup, THEN)
    database.close()
    new = Settings(data_dir=kept.data_dir.parent / "new", database_url=None)

    restore(new, backup, at=DAY_AFTER)

    assert files_with(new, MARK) == []
    assert "guide.sqlite3" in files_with(new, "Remembered")
