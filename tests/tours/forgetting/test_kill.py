"""A purge that is killed leaves each tour whole or forgotten; two at once forget each once."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.settings import Settings
from guide.tours.forgetting.model import TourHold
from guide.tours.forgetting.tombstones import Tombstones
from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.model import BRIEF, Tour
from guide.tours.queries import WHOLE
from guide.tours.reporting.model import TourReport
from guide.tours.stops import EarlierRoute
from guide.tours.walking.events import WalkEvent, WalkNote
from guide.upkeep.purge import Purging
from tests.conftest import Copy, settings_for
from tests.make import account
from tests.tours.forgetting.marked import DAY_AFTER, MARK, NUMBER_OF_NOTES, marked_tour
from tests.tours.forgetting.test_forgetting import every_row

TOURS = 12
PURGE = """
import sys
from datetime import datetime
from pathlib import Path
from guide.db import Database
from guide.media.cabinet import Cabinet
from guide.settings import Settings
from guide.upkeep.purge import Purging

settings = Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2], secret_key="a key")
database = Database.open(settings.database)
purging = Purging(settings, database)
with database.reading() as db:
    db.connection()
print("ready", flush=True)
sys.stdin.readline()
print(purging.purge(datetime.fromisoformat(sys.argv[3])).forgotten.tours, flush=True)
"""


@contextmanager
def child(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that is ready to purge when it is told to."""
    words = [PURGE, str(settings.data_dir), settings.database, DAY_AFTER.isoformat()]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 (our own Python)
        [sys.executable, "-c", *words], stdin=pipe, stdout=pipe
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield process


def told(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin
    process.stdin.write(b"now\n")
    process.stdin.flush()


def filled(copied: Copy, data_dir: Path) -> Settings:
    settings = settings_for(copied("empty"), data_dir)
    database = Database.open(settings.database)
    with database.writing() as db:
        planner = account(email="planner@example.org")
        db.add(planner)
        db.flush()
        for _ in range(TOURS):
            marked_tour(db, planner.id)
    database.close()
    return settings


def held(tour: Tour, database: Database) -> Counter[str]:
    """Count what a tour still holds of each kind."""
    with database.reading() as db:

        def count(table: type[GuestBookPage | TourReport | EarlierRoute]) -> int:
            query = select(func.count()).where(table.tour_id == tour.id)
            return db.scalar(query) or 0

        gifts = select(func.count()).where(Gift.tour_id == tour.id, Gift.giver != "")
        notes = select(func.count()).select_from(WalkNote).join(WalkEvent)
        return Counter(
            persons=len(tour.persons),
            brief=sum(bool(getattr(tour.brief, name)) for name in BRIEF),
            stops=sum(bool(stop.note) for stop in tour.stops),
            notes=db.scalar(notes.where(WalkEvent.tour_id == tour.id)) or 0,
            keepsakes=count(GuestBookPage) + (db.scalar(gifts) or 0),
            papers=count(TourReport) + count(EarlierRoute),
        )


WHOLE_ONE = Counter(persons=2, brief=16, stops=2, notes=NUMBER_OF_NOTES, keepsakes=2, papers=2)


def look_over(settings: Settings) -> int:
    """Hold every tour to all or nothing; return how many are forgotten."""
    database = Database.open(settings.database)
    forgotten = 0
    with database.reading() as db:
        tours = db.scalars(select(Tour).order_by(Tour.id).options(*WHOLE)).all()
    buried = Tombstones(settings.data_dir).read()
    for tour in tours:
        if tour.forgotten_at:
            assert held(tour, database).total() == 0
            assert buried.when(tour)
            forgotten += 1
        else:
            assert held(tour, database) == WHOLE_ONE
    database.close()
    return forgotten


def kill_in_the_middle(rounds: int, copied: Copy, tmp_path: Path) -> None:
    """Kill purges after a tombstone, each a little later in the work on a tour."""
    stopped = 0
    for turn in range(rounds):
        settings = filled(copied, tmp_path / f"turn-{turn}")
        stones = Tombstones(settings.data_dir)
        with child(settings) as process:
            began = monotonic()
            told(process)
            wanted = 1 + turn % (TOURS - 2)
            while len(stones.read().stones) < wanted and process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.001)
            took = (monotonic() - began) / wanted
            with suppress(subprocess.TimeoutExpired):
                process.wait(took * turn / rounds)
            process.kill()
        stopped += look_over(settings) < TOURS

        database = Database.open(settings.database)
        Purging(settings, database).purge(DAY_AFTER)
        assert MARK not in every_row(database)
        database.close()
        assert look_over(settings) == TOURS
    assert stopped, "none was killed in the middle"


def test_a_killed_purge_leaves_each_tour_whole_or_forgotten(
    copied: Copy, tmp_path: Path
) -> None:
    kill_in_the_middle(3, copied, tmp_path)


@pytest.mark.long
def test_twenty_killed_purges_leave_each_tour_whole_or_forgotten(
    copied: Copy, tmp_path: Path
) -> None:
    kill_in_the_middle(20, copied, tmp_path)


def test_two_purges_at_once_forget_each_tour_once(copied: Copy, tmp_path: Path) -> None:
    settings = filled(copied, tmp_path / "data")
    with child(settings) as one, child(settings) as other:
        for process in (one, other):
            told(process)
        assert one.stdout
        assert other.stdout
        done = int(one.stdout.readline()) + int(other.stdout.readline())
    assert done == TOURS
    assert look_over(settings) == TOURS
    database = Database.open(settings.database)
    with database.reading() as db:
        told_of = select(AuditEntry.subject).where(AuditEntry.deed == "tour.forgotten")
        subjects = list(db.scalars(told_of))
        assert len(subjects) == len(set(subjects)) == TOURS
        assert db.scalar(select(func.count()).select_from(TourHold)) == 0
    database.close()
