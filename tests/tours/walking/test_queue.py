"""The queue of a phone against a model: whatever the way does, each entry once and in order.

A phone sends from its oldest unacknowledged entry on; what it sends may be lost, doubled,
overtaken or answered in vain; the guide may crash before or after it commits. Two tabs share
one queue, another guide walks the same tour, and the tour may end in between.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from guide.accounts.model import Role
from guide.accounts.permissions import Person
from guide.db import Database
from guide.tours.model import State, Tour
from guide.tours.people import Duty, TourStaff
from guide.tours.queries import whole_tour
from guide.tours.walking.entries import MOST_AT_ONCE, Entry
from guide.tours.walking.events import Kind
from guide.tours.walking.queries import events_of
from guide.tours.walking.record import Sent, take_down
from tests import make
from tests.accounts.conftest import Desk

SECRET = "a secret of this test"  # noqa: S105 (it guards nothing)
AT = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)


class CrashError(Exception):
    """The guide ends before it commits."""


@dataclass
class Queue:
    """What a phone has taken down: all of it, and what nobody has acknowledged."""

    who: Person
    written: list[str] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Request:
    """What one tab has sent."""

    queue: Queue
    entries: tuple[Entry, ...]


class Walk(RuleBasedStateMachine):
    """Two guides with a phone each; any tab sends whenever it likes."""

    museum: Database
    people: tuple[Person, Person]

    def __init__(self) -> None:
        super().__init__()
        staff = [TourStaff(account_id=who.id, duty=Duty.GUIDE) for who in self.people]
        with self.museum.writing() as db:
            tour = make.tour(state=State.CONFIRMED, staff=staff, reference=uuid4().hex[:20])
            db.add(tour)
            db.flush()
            self.tour = tour.id
        self.queues = [Queue(who) for who in self.people]
        self.sent: list[Request] = []
        self.answers: list[tuple[Queue, list[str]]] = []

    @rule(phone=st.integers(0, 1), number=st.integers(0, 20))
    def take_down(self, phone: int, number: int) -> None:
        queue = self.queues[phone]
        entry = Entry(key=uuid4(), kind=Kind.COUNTED, at=AT, number=number)
        queue.written.append(str(entry.key))
        queue.waiting.append(entry)

    @rule(phone=st.integers(0, 1))
    def finish(self, phone: int) -> None:
        queue = self.queues[phone]
        entry = Entry(key=uuid4(), kind=Kind.FINISHED, at=AT)
        queue.written.append(str(entry.key))
        queue.waiting.append(entry)

    @rule(phone=st.integers(0, 1))
    def send(self, phone: int) -> None:
        """Any tab, whether or not another one has just done so."""
        queue = self.queues[phone]
        if queue.waiting:
            self.sent.append(Request(queue, tuple(queue.waiting[:MOST_AT_ONCE])))

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 99), again=st.booleans())
    def arrive(self, which: int, again: bool) -> None:
        """Let any request arrive, early or late; it may arrive once more."""
        request = self.sent[which % len(self.sent)]
        self.answers.append((request.queue, self._kept(request)))
        if not again:
            self.sent.remove(request)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 99))
    def lose(self, which: int) -> None:
        self.sent.pop(which % len(self.sent))

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 99))
    def crash(self, which: int) -> None:
        """End the guide in the middle of a request."""
        request = self.sent.pop(which % len(self.sent))
        with suppress(CrashError), self._writing(request) as db:
            db.flush()
            raise CrashError

    @precondition(lambda self: self.answers)
    @rule(which=st.integers(0, 99), is_heard=st.booleans())
    def answer(self, which: int, is_heard: bool) -> None:
        queue, keys = self.answers.pop(which % len(self.answers))
        if is_heard:
            queue.acknowledged.update(keys)
            queue.waiting = [one for one in queue.waiting if str(one.key) not in keys]

    @invariant()
    def each_is_kept_once_in_the_order_of_its_phone(self) -> None:
        with self.museum.reading() as db:
            events = events_of(db, self.tour)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        for queue in self.queues:
            kept = [event.key for event in events if event.account_id == queue.who.id]
            assert kept == queue.written[: len(kept)]
            assert queue.acknowledged <= set(kept)

    def teardown(self) -> None:
        """Let every phone come home and send what is left."""
        for queue in self.queues:
            while queue.waiting:
                keys = self._kept(Request(queue, tuple(queue.waiting[:MOST_AT_ONCE])))
                queue.waiting = [one for one in queue.waiting if str(one.key) not in keys]
        with self.museum.reading() as db:
            events = events_of(db, self.tour)
        for queue in self.queues:
            kept = [event.key for event in events if event.account_id == queue.who.id]
            assert kept == queue.written

    def _kept(self, request: Request) -> list[str]:
        with self._writing(request):
            pass
        return [str(entry.key) for entry in request.entries]

    @contextmanager
    def _writing(self, request: Request) -> Iterator[Session]:
        with self.museum.writing() as db:
            tour = db.scalars(whole_tour(self.tour).with_for_update(of=Tour)).one()
            take_down(db, tour, request.entries, Sent(request.queue.who, AT, AT), SECRET)
            yield db


def agree(museum: Database, desks: tuple[Desk, Desk], runs: int) -> None:
    """Run the machine so many times on the database of a test."""
    people = tuple(
        Person(one.number, "Guide", "", "en", frozenset({Role.GUIDE}), 0, "") for one in desks
    )
    machine = type("WalkHere", (Walk,), {"museum": museum, "people": people})
    how = settings(
        max_examples=runs,
        stateful_step_count=30,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=how)


def test_the_queue_agrees_with_a_model(museum: Database, nigar: Desk, elvin: Desk) -> None:
    agree(museum, (nigar, elvin), 25)


@pytest.mark.long
def test_the_queue_agrees_with_a_model_two_thousand_times(
    museum: Database, nigar: Desk, elvin: Desk
) -> None:
    agree(museum, (nigar, elvin), 2_000)
