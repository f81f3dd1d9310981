"""A server that is killed while a curator writes: nothing acknowledged is lost, or half."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import pytest

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import form_token, fresh_token, hashed
from guide.db import Database
from guide.exhibits import publishing
from guide.exhibits.publishing import TextOf
from guide.exhibits.revisions import Cause, revisions_of
from tests import make
from tests.conftest import Copy
from tests.curation.conftest import address
from tests.e2e.server import LOOPBACK, Server

ENOUGH = 8
"""Saves that were acknowledged, after which the server is killed in the middle of the next."""
NUMBER = re.compile(r"Sentence (\d+)")


@dataclass
class Curator:
    """Somebody who saves the same text again and again, each time with a higher number."""

    port: int
    token: str
    secret: str
    number: int
    version: str
    enough: Event = field(default_factory=Event)
    acknowledged: int = 0

    def write(self, deed: str) -> None:
        """Save or publish until the server is gone; `number` is the last that was answered."""
        csrf = form_token(self.secret, hashed(self.token), "salt")
        connection = HTTPConnection(LOOPBACK, self.port, timeout=10)
        try:
            while self.acknowledged < 50 * ENOUGH:
                said = {
                    "hook": f"Sentence {self.number + 1}",
                    "story": f"Sentence {self.number + 1}",
                }
                form = {"csrf": csrf, "version": self.version, "name": "Tar", **said}
                answer = self._ask(connection, f"{address()}/{deed}", form)
                self.version = answer or next_after(self.version)
                self.number += 1
                self.acknowledged += 1
                if self.acknowledged == ENOUGH:
                    self.enough.set()
        except (OSError, HTTPException):
            pass
        finally:
            self.enough.set()
            connection.close()

    def _ask(self, connection: HTTPConnection, path: str, form: dict[str, str]) -> str:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "Cookie": f"staff={self.token}",
        }
        connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status in {200, 303}, (answer.status, body[:200])
        return str(json.loads(body)["version"]) if answer.status == 200 else ""


def next_after(version: str) -> str:
    """Publishing leaves no draft, and one revision more."""
    return f"{int(version.partition('.')[0]) + 1}.0"


def text_in(database: Database) -> TextOf:
    with database.reading() as db:
        owner = publishing.owner_of(db, "exhibit", "tar")
        assert owner
        return publishing.text_of(db, owner, "en")


def sentence(words: str) -> int:
    found = NUMBER.fullmatch(words)
    return int(found[1]) if found else 0


def one_round(location: str, data_dir: Path, token: str, deed: str, number: int) -> int:
    """Kill a server in the middle of a deed; return the last number that was acknowledged."""
    server = Server.start(data_dir, location)
    server.wait_until_ready()
    database = Database.open(location)
    version = text_in(database).version
    database.close()
    secret = (data_dir / "secret").read_text().strip()
    curator = Curator(server.port, token, secret, number, version)
    with ThreadPoolExecutor(1) as office:
        writing = office.submit(curator.write, deed)
        curator.enough.wait(60)
        server.process.kill()
        server.process.wait()
        writing.result()
    assert curator.acknowledged >= ENOUGH
    return curator.number


def rounds(count: int, deed: str, location: str, tmp_path: Path) -> None:
    token = fresh_token()
    database = Database.open(location)
    with database.writing() as db:
        account = make.account(Role.CURATOR)
        db.add(account)
        db.add(StaffSession.of(account, hashed(token), datetime.now(UTC)))
    number = 0
    for _ in range(count):
        number = one_round(location, tmp_path / "data", token, deed, number)
        text = text_in(database)
        told = text.newest if deed == "draft" else text.shown
        written = sentence(told.hook)
        assert number <= written <= number + 1
        assert told.story == told.hook
        number = written
    if deed == "publication":
        with database.reading() as db:
            published = [
                sentence(one.manuscript.hook)
                for one in revisions_of(db, *text.key)
                if one.cause == Cause.PUBLISHED
            ]
        assert published == list(range(number, 0, -1))
    database.close()


DEEDS = pytest.mark.parametrize("deed", ["draft", "publication"])


@DEEDS
def test_a_kill_loses_nothing_that_was_acknowledged(
    copied: Copy, tmp_path: Path, deed: str
) -> None:
    rounds(1, deed, copied("starter"), tmp_path)


@pytest.mark.long
@DEEDS
def test_twenty_kills_lose_nothing_that_was_acknowledged(
    copied: Copy, tmp_path: Path, deed: str
) -> None:
    rounds(20, deed, copied("starter"), tmp_path)
