"""A server that is killed while phones scan: pages were served, scans never doubled (F2)."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, select, text

from guide.db import Database
from guide.qr.model import Code, Scan
from tests.conftest import BROWSER, Copy
from tests.e2e.server import LOOPBACK, Server

PHONES = 4
ENOUGH = 150
"""Scans of one phone after which the server is killed."""

LATE_SECONDS = 1.0
"""How late a scan may be written (docs/promises.md)."""


def scan_on(port: int, path: str, *, kill: Server | None) -> list[float]:
    """Scan until the server is gone; return when each scan was answered."""
    answered: list[float] = []
    connection = HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        while len(answered) < 10 * ENOUGH:
            connection.request("GET", path, headers=BROWSER)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 302
            answered.append(monotonic())
            if kill and len(answered) == ENOUGH:
                kill.process.kill()
    except (OSError, HTTPException):
        pass
    finally:
        connection.close()
    return answered


def one_round(address: str, code: str, data_dir: Path) -> tuple[int, int]:
    """Kill a server while it counts; return the scans answered, and those answered in time."""
    server = Server.start(data_dir, address)
    server.wait_until_ready()
    with ThreadPoolExecutor(PHONES) as phones:
        scans = [
            phones.submit(scan_on, server.port, f"/q/{code}", kill=server if first else None)
            for first in [True] + [False] * (PHONES - 1)
        ]
        answered = sorted(moment for scan in scans for moment in scan.result())
    server.process.wait()
    assert len(answered) >= ENOUGH
    killed = answered[-1]
    return len(answered), sum(moment < killed - LATE_SECONDS for moment in answered)


def rounds(count: int, address: str, tmp_path: Path) -> None:
    """Count over all rounds: PostgreSQL may finish a batch after its client was killed."""
    database = Database.open(address)
    with database.reading() as db:
        code = db.scalars(select(Code.code).limit(1)).one()
    answered = in_time = 0
    for number in range(count):
        here = one_round(address, code, tmp_path / f"data-{number}")
        answered, in_time = answered + here[0], in_time + here[1]

    with database.reading() as db:
        written = db.scalar(select(func.count()).select_from(Scan)) or 0
        if address.startswith("sqlite"):
            assert db.scalar(text("PRAGMA quick_check")) == "ok"
    database.close()
    # An answer that did not arrive may have been counted: one for each phone and round.
    assert in_time <= written <= answered + count * PHONES


def test_a_kill_while_phones_scan_loses_at_most_a_second_and_doubles_none(
    copied: Copy, tmp_path: Path
) -> None:
    rounds(2, copied("starter"), tmp_path)


@pytest.mark.long
def test_fifty_kills_while_phones_scan(copied: Copy, tmp_path: Path) -> None:
    rounds(50, copied("starter"), tmp_path)
