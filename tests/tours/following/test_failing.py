"""While people follow: other processes, lost connections, stalled readers, ends."""

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from guide.db import Database
from guide.tours.following.hub import event
from tests.e2e.server import LOOPBACK, Server
from tests.tours.following.conftest import Reading, Served, Visit, wait_for
from tests.tours.walking.conftest import entry

SOON = 5.0
AT_ONCE = 2.0
LISTENING = (
    "SELECT pid FROM pg_stat_activity "
    "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
)
GUIDES = 2
"""How many listen in these tests: the one that is walked with, and the one that tells."""

KIB = 1_024


@pytest.fixture
def process(museum: Database, tmp_path: Path) -> Iterator[Server]:
    """The same museum, served by a process of its own."""
    address = museum.writer.engine.url.render_as_string(hide_password=False)
    server = Server.start(tmp_path / "process", address)
    try:
        server.wait_until_ready()
        yield server
    finally:
        if server.process.poll() is None:
            server.end()


def listeners(museum: Database) -> list[int]:
    with museum.reading() as db:
        return list(db.scalars(text(LISTENING)))


def test_what_one_process_takes_down_another_tells(
    process: Server, visit: Visit, reading: Reading
) -> None:
    page = reading(process.port, f"{visit.address}/events")
    assert page.told()["seq"] == 0
    began = monotonic()

    visit.guide.send(entry("arrived", stop=visit.stops[1]))

    assert page.told()["exhibit_slug"] == "kamancha"
    assert monotonic() - began < SOON


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_postgresql_tells_other_processes(
    elsewhere: Served, visit: Visit, museum: Database
) -> None:
    elsewhere.hub.look_seconds = 3_600
    wait_for(lambda: len(listeners(museum)) == GUIDES)
    page = elsewhere.follow(visit.address)
    page.told()

    visit.guide.send(entry("started"))

    assert page.told()["seq"] == 1


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_while_nobody_tells_the_hub_looks_by_itself_and_listens_again(
    elsewhere: Served, visit: Visit, museum: Database
) -> None:
    wait_for(lambda: len(listeners(museum)) == GUIDES)
    page = elsewhere.follow(visit.address)
    page.told()
    cut = set(listeners(museum))
    with museum.writing() as db:
        for pid in cut:
            db.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    began = monotonic()

    visit.guide.send(entry("started"))

    assert page.told()["seq"] == 1
    assert monotonic() - began < SOON
    wait_for(lambda: len(set(listeners(museum)) - cut) == GUIDES)
    elsewhere.hub.look_seconds = 3_600
    visit.guide.send(entry("arrived", stop=visit.stops[0]))
    assert page.told()["seq"] == 2
    visit.guide.send(entry("arrived", stop=visit.stops[1]))
    assert page.told()["seq"] == 3


def test_a_database_that_is_away_for_a_moment_loses_nothing(
    elsewhere: Served, visit: Visit, museum: Database
) -> None:
    elsewhere.hub.look_seconds = 0.05
    page = elsewhere.follow(visit.address)
    page.told()
    with museum.writing() as db:
        db.execute(text("ALTER TABLE tour_links RENAME TO mislaid"))
    wait_for(lambda: elsewhere.hub.failures > 1)
    with museum.writing() as db:
        db.execute(text("ALTER TABLE mislaid RENAME TO tour_links"))

    visit.guide.send(entry("started"))

    assert page.told()["seq"] == 1


def test_the_end_of_the_server_ends_every_stream_at_once(
    process: Server, visit: Visit, reading: Reading
) -> None:
    pages = [reading(process.port, f"{visit.address}/events?phone={n}") for n in range(50)]
    for page in pages:
        page.told()
    began = monotonic()

    code = process.end()

    assert monotonic() - began < AT_ONCE
    assert all(page.has_ended() for page in pages)
    assert code in {0, -15}
    complaints = process.complained.read_text()
    assert "Traceback" not in complaints
    assert "ERROR" not in complaints


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_several_workers_tell_and_end_as_one_does(
    visit: Visit, museum: Database, tmp_path: Path, reading: Reading
) -> None:
    address = museum.writer.engine.url.render_as_string(hide_password=False)
    server = Server.start(tmp_path / "workers", address, "--workers", "2")
    try:
        server.wait_until_ready()
        path = f"{visit.address}/events"
        pages = [reading(server.port, f"{path}?phone={n}") for n in range(20)]
        for page in pages:
            page.told()

        visit.guide.send(entry("started"))

        assert [page.told()["seq"] for page in pages] == [1] * 20
        began = monotonic()
        server.process.terminate()
        assert all(page.has_ended() for page in pages)
        assert monotonic() - began < AT_ONCE
    finally:
        server.end()
    assert "Traceback" not in server.complained.read_text()


def test_the_next_server_knows_where_the_delegation_is(
    process: Server, visit: Visit, museum: Database, tmp_path: Path, reading: Reading
) -> None:
    page = reading(process.port, f"{visit.address}/events")
    page.told()
    visit.guide.send(entry("arrived", stop=visit.stops[2]))
    before = page.fields()
    process.end()
    visit.guide.send(entry("noted", text="while nothing was served"))

    address = museum.writer.engine.url.render_as_string(hide_password=False)
    again = Server.start(tmp_path / "process", address)
    try:
        again.wait_until_ready()
        after = reading(
            again.port, f"{visit.address}/events", **{"Last-Event-ID": before["id"]}
        )
        assert after.fields()["data"] == before["data"]
    finally:
        again.end()


def test_a_guide_that_closes_ends_what_lasts(served: Served, visit: Visit) -> None:
    page = served.follow(visit.address)
    page.told()

    served.server.should_exit = True

    assert page.has_ended()


@pytest.mark.parametrize(
    "readers", [pytest.param(100), pytest.param(500, marks=pytest.mark.long)]
)
def test_who_does_not_read_is_let_go_and_nothing_grows(
    served: Served, visit: Visit, readers: int
) -> None:
    with ExitStack() as stalled:
        for _ in range(readers):
            stalled.enter_context(deaf(served.port, f"{visit.address}/events"))
        page = served.follow(visit.address)
        page.told()
        wait_for(lambda: served.hub.count == readers + 1, 60)
        before = memory()
        (followed,) = served.hub.visits.values()
        told = event(b": " + b"x" * 16 * KIB + b"\n\n")
        for _ in range(1_000):
            served.now(lambda: followed.tell(told))
            while page.lines() == [":"]:
                pass  # a beat came between
            if served.hub.count == 1:
                break

        assert served.hub.count == 1
        assert memory() - before < 128 * KIB * readers
        visit.guide.send(entry("started"))
        assert page.told()["seq"] == 1


def deaf(port: int, path: str) -> socket.socket:
    """Follow, and read nothing."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * KIB)
    opened.connect((LOOPBACK, port))
    opened.sendall(f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode())
    return opened


def memory() -> int:
    """Return the resident memory of this process in bytes."""
    pages = int(Path(f"/proc/{os.getpid()}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def test_a_phone_that_has_gone_is_forgotten(served: Served, visit: Visit) -> None:
    page = served.follow(visit.address)
    page.told()
    page.leave()
    wait_for(lambda: served.hub.count == 0)

    assert served.hub.visits == {}
