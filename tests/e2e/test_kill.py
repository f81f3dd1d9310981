"""A server that is killed while phones scan: pages were served, scans never doubled (F2)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from guide.db import Database
from guide.qr.model import Code, Scan
from guide.qr.scans import LARGEST_BATCH
from tests.conftest import BROWSER, Copy
from tests.e2e.server import LOOPBACK, Server

PHONES = 4
ENOUGH = 150
"""Scans of one phone after which the server is killed."""


def scan_on(port: int, path: str, *, kill: Server | None) -> int:
    """Scan until the server is gone; return how many scans were answered."""
    answered = 0
    connection = HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        while answered < 10 * ENOUGH:
            connection.request("GET", path, headers=BROWSER)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 302
            answered += 1
            if kill and answered == ENOUGH:
                kill.process.kill()
    except (OSError, HTTPException):
        pass
    finally:
        connection.close()
    return answered


def one_round(address: str, data_dir: Path) -> None:
    database = Database.open(address)
    with database.reading() as db:
        code = db.scalars(select(Code.code).limit(1)).one()
        before = db.scalar(select(func.count()).select_from(Scan)) or 0
    server = Server.start(data_dir, address)
    server.wait_until_ready()
    with ThreadPoolExecutor(PHONES) as phones:
        scans = [
            phones.submit(scan_on, server.port, f"/q/{code}", kill=server if first else None)
            for first in [True] + [False] * (PHONES - 1)
        ]
        answered = sum(scan.result() for scan in scans)
    server.process.wait()

    with database.reading() as db:
        written = (db.scalar(select(func.count()).select_from(Scan)) or 0) - before
        if address.startswith("sqlite"):
            assert db.scalar(text("PRAGMA quick_check")) == "ok"
    database.close()
    assert answered >= ENOUGH
    # What was answered but not yet written is lost, at most a batch being gathered and one
    # being written; an answer that did not arrive may have been counted, once for each phone.
    assert answered - 2 * LARGEST_BATCH <= written <= answered + PHONES, Counter(
        answered=answered, written=written
    )


def test_a_kill_while_phones_scan_loses_at_most_a_batch_and_doubles_none(
    copied: Copy, tmp_path: Path
) -> None:
    address = copied("starter")
    for number in range(2):
        one_round(address, tmp_path / f"data-{number}")


@pytest.mark.long
def test_fifty_kills_while_phones_scan(copied: Copy, tmp_path: Path) -> None:
    address = copied("starter")
    for number in range(50):
        one_round(address, tmp_path / f"data-{number}")
