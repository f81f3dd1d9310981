"""Two who confirm at once, in processes of their own: one of them is told of the other."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from guide.accounts.model import Role
from guide.db import Database
from guide.exhibits.halls import Hall
from guide.tours.model import State, Tour
from guide.tours.people import Duty, Interpreter, SpokenLanguage, TourInterpreter, TourStaff
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.tours.conftest import AT

KINDS = ("guide", "interpreter", "hall")
ONE_OF_TWO = Counter({"303 False": 1, "409 True": 1})


class Confirmer:
    """A process that confirms what it is told to."""

    def __init__(self, url: str, folder: Path, desk: Desk) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(  # noqa: S603 (ourselves)
            [sys.executable, "-m", "tests.tours.confirming", url, str(folder)],
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        self.tell(desk.token)
        assert self.hear() == "ready"

    def tell(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """Return the next answer; what the log says on the same pipe is passed over."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line[:4] in {"303 ", "409 ", "read", "503 ", "500 ", "404 "}:
                return line.strip()
        raise AssertionError("the process has ended")

    def end(self) -> None:
        assert self.process.stdin
        with self.process:  # closes what we talk through, and waits
            self.process.stdin.close()


@pytest.fixture
def two(museum: Database, signed_in: SignedIn, tmp_path: Path) -> Iterator[list[Confirmer]]:
    """Two planners in processes of their own, on the database of this test."""
    engine = museum.writer.engine
    url = engine.url.render_as_string(hide_password=False)
    desks = [signed_in(Role.PLANNER, email=f"{name}@example.org") for name in ("one", "two")]
    found = [Confirmer(url, tmp_path / f"data-{n}", desk) for n, desk in enumerate(desks, 1)]
    yield found
    for one in found:
        one.end()


def pair(museum: Database, number: int, kind: str, guides: list[int]) -> list[int]:
    """Plan two tours on a day of their own that want the same guide, interpreter or hall."""
    begins = AT + timedelta(days=number)
    with museum.writing() as db:
        hall = db.scalars(select(Hall)).one()
        interpreter = db.scalars(select(Interpreter)).one()
        tours: list[Tour] = []
        for guide in (guides[0], guides[0] if kind == "guide" else guides[1]):
            tour = make.tour(
                starts_at=begins,
                ends_at=begins + timedelta(hours=1),
                staff=[TourStaff(account_id=guide, duty=Duty.GUIDE)],
                stops=[make.stop(names={"en": "Meeting"}, hall_id=None)],
                people=15,
            )
            if kind == "hall":
                tour.stops = [make.stop(hall_id=hall.id)]
            if kind == "interpreter":
                tour.interpreters = [
                    TourInterpreter(
                        interpreter_id=interpreter.id,
                        from_language="en",
                        to_language="az",
                        mode="consecutive",
                    )
                ]
            tours.append(tour)
        db.add_all(tours)
        db.flush()
        return [tour.id for tour in tours]


def confirm_at_once(
    museum: Database, two: list[Confirmer], guides: list[int], rounds: int
) -> Counter[bool]:
    """Have pairs confirmed at once; count how often exactly one of two was."""
    found: Counter[bool] = Counter()
    for number, kind in zip(range(rounds), cycle(KINDS), strict=False):
        ids = pair(museum, number, kind, guides)
        for one, tour_id in zip(two, ids, strict=True):
            one.tell(str(tour_id))
        said = Counter(one.hear() for one in two)
        with museum.reading() as db:
            states = db.scalars(select(Tour.state).where(Tour.id.in_(ids))).all()
        is_right = said == ONE_OF_TWO and sorted(states) == [State.CONFIRMED, State.PLANNED]
        found[is_right] += 1
    return found


@pytest.fixture
def guides(museum: Database, nigar: Desk, elvin: Desk) -> list[int]:
    """Two guides who speak the guests' language, an interpreter, and a hall for twenty."""
    both = [nigar.number, elvin.number]
    with museum.writing() as db:
        db.add_all(SpokenLanguage(account_id=one, language="en") for one in both)
        db.add(Interpreter(name="Mei", languages=["en", "az"]))
        db.add(Hall(slug="hall", position=1, floor=0, capacity=20, names={"en": "Hall"}))
    return both


def test_exactly_one_of_two_is_confirmed(
    museum: Database, two: list[Confirmer], guides: list[int]
) -> None:
    assert confirm_at_once(museum, two, guides, rounds=24) == {True: 24}


@pytest.mark.long
def test_exactly_one_of_two_is_confirmed_two_hundred_times(
    museum: Database, two: list[Confirmer], guides: list[int]
) -> None:
    assert confirm_at_once(museum, two, guides, rounds=200) == {True: 200}
