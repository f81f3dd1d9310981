"""Numbers and references of tours that a restore has lost are never given again (F16)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from guide.db import Database
from guide.settings import Settings
from guide.tours import deeds
from guide.tours.given import Given, give_what_comes_after, write_down
from guide.upkeep.backup import back_up, restore
from guide.upkeep.migration import migrate_whole
from guide.upkeep.purge import Purging
from tests import make
from tests.conftest import OPENING_DAY, settings_for

BAKU = ZoneInfo("Asia/Baku")
Name = tuple[int, str]


def requested(settings: Settings, at: datetime = OPENING_DAY) -> Name:
    """Take a request down, as the office does; return the number and reference of the tour."""
    database = Database.open(settings.database)
    try:
        with database.writing() as db:
            tour = make.tour()
            tour.reference = deeds.next_reference(db, at.astimezone(BAKU).year)
            db.add(tour)
            db.flush()
            return tour.id, tour.reference
    finally:
        database.close()


def backed_up(settings: Settings, to: Path) -> Path:
    database = Database.open(settings.database)
    back_up(settings, database, to, OPENING_DAY)
    database.close()
    return to


@pytest.mark.usefixtures("postgres_programs")
def test_what_was_given_since_the_backup_is_not_given_again(
    settings: Settings, tmp_path: Path
) -> None:
    first = requested(settings)
    backup = backed_up(settings, tmp_path / "guide.tar")
    lost = [requested(settings), requested(settings)]
    next_year = requested(settings, OPENING_DAY + timedelta(days=365))

    restore(settings, backup, at=OPENING_DAY)

    assert (first, *lost) == ((1, "2026-001"), (2, "2026-002"), (3, "2026-003"))
    assert next_year == (4, "2027-001")
    assert requested(settings) == (5, "2026-004")
    assert requested(settings, OPENING_DAY + timedelta(days=365)) == (6, "2027-002")

    restore(settings, backup, at=OPENING_DAY + timedelta(hours=1))
    assert requested(settings) == (7, "2026-005")


@pytest.mark.usefixtures("postgres_programs")
def test_a_backup_without_any_tour_gives_none_again_either(
    settings: Settings, tmp_path: Path
) -> None:
    backup = backed_up(settings, tmp_path / "guide.tar")
    requested(settings)

    restore(settings, backup, at=OPENING_DAY)

    assert requested(settings) == (2, "2026-002")


def test_what_a_purge_knew_is_not_given_again_after_damage(tmp_path: Path) -> None:
    """A damaged database cannot be asked: then what the last purge has written down counts."""
    file = tmp_path / "data" / "guide.sqlite3"
    settings = settings_for(f"sqlite:///{file}", tmp_path / "data")
    restored = tmp_path / "guide.tar"
    database = Database.open(settings.database)
    migrate_whole(database)
    back_up(settings, database, restored, OPENING_DAY)
    requested(settings)
    Purging(settings, database).purge(OPENING_DAY)
    database.close()
    file.write_bytes(b"This is not a database. " * 100)

    restore(settings, restored, at=OPENING_DAY)

    assert requested(settings) == (2, "2026-002")


def test_a_restore_goes_over_a_database_of_an_earlier_release(
    settings: Settings, database: Database
) -> None:
    requested(settings)
    with database.writing() as db:
        db.execute(text("DROP TABLE given_references"))
    with database.reading() as db:
        assert Given.in_database(db) == Given(1, {2026: 1})


def test_the_file_says_no_more_than_how_far_was_given(
    settings: Settings, database: Database
) -> None:
    requested(settings)
    requested(settings, datetime(2027, 1, 2, tzinfo=UTC))
    file = settings.data_dir / "given.txt"
    file.write_text("tour 1\n2025 40\nnot a line\n")

    write_down(database, settings.data_dir)
    give_what_comes_after(database, settings.data_dir)

    assert file.read_text() == "tour 2\n2025 40\n2026 1\n2027 1\n"
    assert requested(settings, datetime(2025, 5, 1, tzinfo=UTC)) == (3, "2025-041")
