"""`guide serve` as its host knows it: it starts from nothing, it starts once, it ends well."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select

from guide.db import Database
from guide.qr.model import Scan
from tests.conftest import BROWSER, Copy
from tests.e2e.server import LOOPBACK, Server

pytestmark = pytest.mark.browser

CAMERA_SEES = 8
"""Pixels to a module: enough for a camera, or for what reads like one."""

Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers, and ends those that the test has not ended."""
    started: list[Server] = []

    def begin(data_dir: Path, database: str | None = None, *options: str) -> Server:
        started.append(Server.start(data_dir, database, *options))
        return started[-1]

    yield begin
    for server in started:
        with suppress(ProcessLookupError):
            server.end()


def test_it_prints_an_address_and_a_code_to_scan(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path / "data")

    server.wait_until_ready()

    printed = server.printed.read_text()
    (read,) = zxingcpp.read_barcodes(seen_in_terminal(printed))
    assert f"{server.address}/\n" in printed
    assert re.fullmatch(rf"{server.address}/q/[0-9a-z]{{5}}", read.text)
    assert opens(server, read.text.removeprefix(server.address)) == 302


def test_samples_are_let_in_only_while_the_guide_is_tried(start: Start, tmp_path: Path) -> None:
    tried = start(tmp_path / "data", None, "--demo")
    tried.wait_until_ready()
    printed = tried.printed.read_text()
    said = re.search(r"Their password +(\S+)", printed)
    assert said
    assert re.findall(r"Sample account +(\w+)@", printed) == [
        *("guide", "planner", "curator", "admin")
    ]
    assert signs_in(tried, "admin@sample.invalid", said[1]) == 303
    to_walk = re.search(rf"A tour to walk +{tried.address}(/staff/walk/en)#\d+ ", printed)
    guests = re.search(rf"Its guests' page +{tried.address}(/d/\S{{22}}) ", printed)
    assert to_walk
    assert guests
    assert [opens(tried, one[1]) for one in (to_walk, guests)] == [200, 200]
    tried.end()

    served = start(tmp_path / "data")
    served.wait_until_ready()

    assert "Sample" not in served.printed.read_text()
    assert signs_in(served, "admin@sample.invalid", said[1]) == 422


def test_a_second_server_is_refused(start: Start, tmp_path: Path) -> None:
    start(tmp_path / "data").wait_until_ready()
    second = start(tmp_path / "data")

    code = second.wait()

    complained = second.complained.read_text()
    assert code == 1
    assert str(tmp_path / "data") in complained.splitlines()[-1]
    assert "Traceback" not in complained


def test_scans_counted_just_before_the_end_are_kept(
    start: Start, copied: Copy, tmp_path: Path
) -> None:
    address = copied("starter")
    server = start(tmp_path / "data", address)
    server.wait_until_ready()

    for _ in range(5):
        opens(server, "/q/by6v1")
    server.end()

    database = Database.open(address)
    with database.reading() as db:
        assert db.scalar(select(func.count(Scan.id))) == 5
    database.close()


def signs_in(server: Server, email: str, password: str) -> int:
    """Return the status of the answer: 303 leads into the office."""
    connection = HTTPConnection(LOOPBACK, server.port, timeout=10)
    sent = urlencode({"email": email, "password": password})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/staff/session", sent, form)
    status = connection.getresponse().status
    connection.close()
    return status


def opens(server: Server, path: str) -> int:
    """Open a path as a person's phone does; return the status."""
    connection = HTTPConnection(LOOPBACK, server.port, timeout=10)
    connection.request("GET", path, headers=BROWSER)
    status = connection.getresponse().status
    connection.close()
    return status


def seen_in_terminal(printed: str) -> Image.Image:
    """Photograph the symbol that block characters draw, two modules in each, on black."""
    lines = [line for line in printed.splitlines() if set(line) & set("█▀▄")]
    seen = Image.new("L", (max(map(len, lines)) + 2, 2 * len(lines) + 2))
    for row, line in enumerate(lines):
        for column, block in enumerate(line):
            upper, lower = block in "█▀", block in "█▄"
            seen.putpixel((column + 1, 2 * row + 1), 255 * upper)
            seen.putpixel((column + 1, 2 * row + 2), 255 * lower)
    return seen.resize(
        (seen.width * CAMERA_SEES, seen.height * CAMERA_SEES), Image.Resampling.NEAREST
    )
