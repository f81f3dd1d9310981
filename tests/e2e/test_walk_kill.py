"""A guide that is killed while four phones take down a tour loses nothing (F1)."""

import itertools
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import form_token, fresh_token, hashed
from guide.db import Database
from guide.tours.model import State
from guide.tours.people import Duty, TourStaff
from guide.tours.walking.queries import events_of
from tests import make
from tests.accounts.conftest import HASH
from tests.conftest import Copy
from tests.e2e.server import LOOPBACK, Server

PHONES = 4
ENOUGH = 40
"""Entries of one phone in a round after which the guide is killed."""

BATCH = 3
numbers = itertools.count()


@dataclass
class LoggingPhone:
    """A phone that takes down one thing after another, and sends the oldest first."""

    account: int
    token: str
    tour: int
    secret: str = ""
    written: list[str] = field(default_factory=list)
    waiting: list[dict[str, object]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    sent_again: int = 0

    def log(self, server: Server, until: Event, kill: Server | None) -> None:
        """Take down and send until the guide is gone, or was killed."""
        connection = HTTPConnection(LOOPBACK, server.port, timeout=10)
        before = len(self.acknowledged)
        try:
            while not until.is_set():
                self._take_down()
                self._send(connection)
                if kill and len(self.acknowledged) - before >= ENOUGH:
                    break
        except (OSError, HTTPException):
            pass
        finally:
            if kill:
                kill.process.kill()
            connection.close()

    def come_home(self, server: Server) -> None:
        """Send what is left."""
        connection = HTTPConnection(LOOPBACK, server.port, timeout=10)
        while self.waiting:
            self._send(connection)
        connection.close()

    def _take_down(self) -> None:
        entry: dict[str, object] = {
            "key": str(uuid4()),
            "kind": "noted",
            "at": datetime.now(UTC).isoformat(),
            "text": f"{len(self.written)}",
        }
        self.written.append(str(entry["key"]))
        self.waiting.append(entry)

    def _send(self, connection: HTTPConnection) -> None:
        body = {
            "account": self.account,
            "sent_at": datetime.now(UTC).isoformat(),
            "entries": self.waiting[:BATCH],
        }
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"staff={self.token}",
            "X-CSRF-Token": form_token(self.secret, hashed(self.token), "salt"),
        }
        path = f"/staff/tours/{self.tour}/events"
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        told = answer.read()
        assert answer.status == 200, told
        keys = [one["key"] for one in json.loads(told)["taken"]]
        self.acknowledged += keys
        self.waiting = [one for one in self.waiting if one["key"] not in keys]


def four_phones(database: Database) -> list[LoggingPhone]:
    """Let four guides lead one confirmed tour, each with a phone."""
    with database.writing() as db:
        guides = [
            make.account(Role.GUIDE, email=f"guide-{next(numbers)}@example.org", password=HASH)
            for _ in range(PHONES)
        ]
        tokens = [fresh_token() for _ in guides]
        db.add_all(guides)
        now = datetime.now(UTC)
        db.add_all(
            StaffSession.of(who, hashed(token), now)
            for who, token in zip(guides, tokens, strict=True)
        )
        db.flush()
        staff = [TourStaff(account_id=who.id, duty=Duty.GUIDE) for who in guides]
        tour = make.tour(state=State.CONFIRMED, staff=staff)
        db.add(tour)
        db.flush()
        return [
            LoggingPhone(who.id, token, tour.id)
            for who, token in zip(guides, tokens, strict=True)
        ]


def kept_by(database: Database, phones: list[LoggingPhone]) -> dict[int, list[str]]:
    """Return the keys that the guide has, by whose they are, in its order."""
    found: dict[int, list[str]] = {phone.account: [] for phone in phones}
    with database.reading() as db:
        events = events_of(db, phones[0].tour)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        for event in events:
            found[event.account_id or 0].append(event.key)
            assert event.note
    return found


def killed(kills: int, address: str, data_dir: Path) -> Counter[str]:
    """Kill the guide so many times during one tour; nothing is lost, doubled or out of order.

    Returns how many entries were acknowledged, and how many were kept without an answer.
    """
    database = Database.open(address)
    phones = four_phones(database)
    figures: Counter[str] = Counter()
    for _ in range(kills):
        server = Server.start(data_dir, address)
        server.wait_until_ready()
        for phone in phones:
            phone.secret = (data_dir / "secret").read_text().strip()
        gone = Event()
        threads = [
            Thread(target=phone.log, args=(server, gone, None if n else server))
            for n, phone in enumerate(phones)
        ]
        for thread in threads:
            thread.start()
        server.process.wait()
        gone.set()
        for thread in threads:
            thread.join()
        kept = kept_by(database, phones)
        for phone in phones:
            here = kept[phone.account]
            assert here == phone.written[: len(here)]
            assert set(phone.acknowledged) <= set(here), "an acknowledged entry is lost"
            figures["answer lost"] += len(set(here) - set(phone.acknowledged))

    server = Server.start(data_dir, address)
    server.wait_until_ready()
    for phone in phones:
        phone.come_home(server)
    server.end()
    assert kept_by(database, phones) == {phone.account: phone.written for phone in phones}
    with database.reading() as db:
        if address.startswith("sqlite"):
            assert (
                db.scalar(select(text("(SELECT quick_check FROM pragma_quick_check)"))) == "ok"
            )
    database.close()
    figures["acknowledged"] = sum(len(phone.acknowledged) for phone in phones)
    return figures


def kill_rounds(tours: int, kills: int, address: str, data_dir: Path) -> None:
    """Kill the guide during some tours, each as often; print how much was taken down."""
    figures = sum((killed(kills, address, data_dir) for _ in range(tours)), Counter[str]())
    told = ", ".join(f"{count} {word}" for word, count in sorted(figures.items()))
    print(f"{tours * kills} kills: {told}, 0 lost, 0 doubled")  # noqa: T201 (the figure that the test is for)


def test_a_kill_while_four_phones_take_down_a_tour(copied: Copy, tmp_path: Path) -> None:
    kill_rounds(1, 3, copied("starter"), tmp_path / "data")


@pytest.mark.long
def test_a_hundred_kills_while_four_phones_take_down_a_tour(
    copied: Copy, tmp_path: Path
) -> None:
    kill_rounds(10, 10, copied("starter"), tmp_path / "data")
