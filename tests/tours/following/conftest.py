"""A visit that can be followed, a guide that is served over sockets, and pages that follow."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from guide.app import create_app
from guide.db import Database
from guide.tours.following.hub import Hub
from guide.web.protocol import GuardedProtocol
from tests.accounts.conftest import Desk
from tests.conftest import BROWSER, settings_for
from tests.e2e.server import LOOPBACK, free_port
from tests.tours.test_delegation import made, on_day
from tests.tours.walking.conftest import Phone, Walking, walked, walking

__all__ = ["walked", "walking"]

PATIENCE = 10.0
"""Seconds after which a test gives up; what must be quick is measured in the test."""

Told = dict[str, Any]


def wait_for(happened: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Look until it has happened."""
    deadline = monotonic() + seconds
    while not happened():
        assert monotonic() < deadline, "it has not happened"
        sleep(0.01)


class Reader:
    """A page that follows: one stream, read as a browser reads it."""

    def __init__(self, port: int, path: str, method: str = "GET", **headers: str) -> None:
        self.connection = HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
        self.connection.request(method, path, headers=BROWSER | headers)
        self.answer: HTTPResponse = self.connection.getresponse()

    def lines(self) -> list[str]:
        """Read one block of a stream, up to its empty line."""
        block: list[str] = []
        while line := self.answer.readline():
            if line == b"\n":
                return block
            block.append(line.decode().rstrip("\n"))
        raise EOFError

    def fields(self) -> dict[str, str]:
        """Read the next event, and no comment."""
        while True:
            told = [line for line in self.lines() if not line.startswith(":")]
            if told:
                return dict(line.split(": ", 1) for line in told)

    def told(self) -> Told:
        """Read what the next event says."""
        said: Told = json.loads(self.fields()["data"])
        return said

    def has_ended(self) -> bool:
        """Read to the end: it is whole, not broken off."""
        try:
            while True:
                self.lines()
        except EOFError:
            return self.answer.isclosed()

    def leave(self) -> None:
        self.answer.close()
        self.connection.close()


Reading = Callable[..., Reader]


@pytest.fixture
def reading() -> Iterator[Reading]:
    """Open pages at a port, and leave them when the test is over."""
    with ExitStack() as pages:

        def read(port: int, path: str, **headers: str) -> Reader:
            reader = Reader(port, path, **headers)
            pages.callback(reader.leave)
            return reader

        yield read


@dataclass(frozen=True)
class Served:
    """A guide that is served by a thread of this process."""

    app: FastAPI
    server: uvicorn.Server
    pages: ExitStack

    @property
    def port(self) -> int:
        return self.server.config.port

    @property
    def hub(self) -> Hub:
        hub: Hub = self.app.state.hub
        return hub

    def read(self, path: str, method: str = "GET", **headers: str) -> Reader:
        reader = Reader(self.port, path, method, **headers)
        self.pages.callback(reader.leave)
        return reader

    def now(self, does: Callable[[], object]) -> None:
        """Have something done where streams are told."""
        loop = self.hub.loop
        assert loop
        loop.call_soon_threadsafe(does)

    def follow(self, address: str, phone: str = "", **headers: str) -> Reader:
        return self.read(f"{address}/events?phone={phone}", **headers)


@contextmanager
def serving(database: Database, data_dir: Path) -> Iterator[Served]:
    """Serve a database with the guide's own protocol until the test is over."""
    app = create_app(settings_for("sqlite://", data_dir), database)
    port = free_port()
    config = uvicorn.Config(
        app, LOOPBACK, port, http=GuardedProtocol, log_level="warning", access_log=False
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    with ExitStack() as pages:
        wait_for(lambda: server.started)
        yield Served(app, server, pages)
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture
def served(museum: Database, tmp_path: Path) -> Iterator[Served]:
    """The guide over `museum`; it looks by itself once an hour, so it must be woken."""
    with serving(museum, tmp_path / "served") as one:
        one.hub.look_seconds = 3_600
        yield one


@pytest.fixture
def elsewhere(museum: Database, tmp_path: Path) -> Iterator[Served]:
    """The same museum served on connections of its own, as another process would."""
    address = museum.writer.engine.url.render_as_string(hide_password=False)
    opened = Database.open(address)
    try:
        with serving(opened, tmp_path / "elsewhere") as one:
            yield one
    finally:
        opened.close()


@dataclass(frozen=True)
class Visit:
    """A visit that a guide walks and guests follow."""

    guide: Phone
    address: str

    @property
    def stops(self) -> list[str]:
        found: list[str] = self.guide.now()["stops"]
        return found


Visiting = Callable[..., Visit]


@pytest.fixture
def visiting(walking: Walking, museum: Database, nigar: Desk) -> Visiting:
    """Make a visit of today with an address."""

    def make(**fields: object) -> Visit:
        phone = walking(nigar, **{**on_day(0), **fields})
        return Visit(phone, made(nigar.phone, museum, phone.tour))

    return make


@pytest.fixture
def visit(visiting: Visiting) -> Visit:
    """The dullest."""
    return visiting()
