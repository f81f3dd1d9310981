"""A server that is killed while pictures come: what was acknowledged is there, whole."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from PIL import Image
from sqlalchemy import select

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import form_token, fresh_token, hashed
from guide.db import Database
from guide.exhibits.pictures import ExhibitPicture
from guide.media.model import MediaFile
from guide.media.store import DiskStore
from tests import make
from tests.conftest import Copy
from tests.e2e.server import LOOPBACK, Server
from tests.media.conftest import PICTURES

ENOUGH = 3
"""Pictures that were acknowledged, after which the server is killed in the middle of one."""

BOUNDARY = "a-boundary-that-no-picture-holds"


@dataclass
class Photographer:
    """Somebody who sends one picture after the other, no two alike."""

    port: int
    token: str
    secret: str
    enough: Event = field(default_factory=Event)
    acknowledged: list[str] = field(default_factory=list)

    def send(self) -> None:
        """Send until the server is gone; keep the number of each picture that was taken."""
        connection = HTTPConnection(LOOPBACK, self.port, timeout=30)
        try:
            while len(self.acknowledged) < 20 * ENOUGH:
                self.acknowledged.append(self._sent(connection))
                if len(self.acknowledged) == ENOUGH:
                    self.enough.set()
        except (OSError, HTTPException):
            pass
        finally:
            self.enough.set()
            connection.close()

    def _sent(self, connection: HTTPConnection) -> str:
        csrf = form_token(self.secret, hashed(self.token), "salt")
        parts = (
            b'name="csrf"\r\n\r\n' + csrf.encode(),
            b'name="file"; filename="photo.png"\r\n\r\n' + unlike_any_other(),
        )
        head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(head + part + b"\r\n" for part in parts)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": f"staff={self.token}",
        }
        connection.request("POST", PICTURES, body + f"--{BOUNDARY}--\r\n".encode(), headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 303, (answer.status, said[:200])
        path = answer.headers["Location"].partition("?")[0]
        return path.rpartition("/")[2]


def unlike_any_other() -> bytes:
    made = BytesIO()
    Image.new("RGB", (400, 300), (*os.urandom(3),)).save(made, "PNG")
    return made.getvalue()


def rounds(count: int, location: str, tmp_path: Path) -> None:
    token = fresh_token()
    database = Database.open(location)
    with database.writing() as db:
        account = make.account(Role.CURATOR)
        db.add(account)
        db.add(StaffSession.of(account, hashed(token), datetime.now(UTC)))
    data_dir = tmp_path / "data"
    acknowledged: set[str] = set()
    for _ in range(count):
        server = Server.start(data_dir, location)
        server.wait_until_ready()
        secret = (data_dir / "secret").read_text().strip()
        photographer = Photographer(server.port, token, secret)
        with ThreadPoolExecutor(1) as office:
            sending = office.submit(photographer.send)
            photographer.enough.wait(60)
            server.process.kill()
            server.process.wait()
            sending.result()
        assert len(photographer.acknowledged) >= ENOUGH
        acknowledged |= set(photographer.acknowledged)
        _is_whole(database, DiskStore(data_dir / "media"), acknowledged)
    database.close()


def _is_whole(database: Database, store: DiskStore, acknowledged: set[str]) -> None:
    """What was acknowledged is there; every row has its files, each with its bytes."""
    with database.reading() as db:
        there = {str(one) for one in db.scalars(select(ExhibitPicture.id))}
        files = db.scalars(select(MediaFile)).all()
    assert acknowledged <= there
    for file in files:
        assert store.size(file.hash, file.name) == file.bytes
        for width in file.widths:
            for ending in ("avif", "webp", "jpg"):
                assert store.size(file.hash, f"{width}.{ending}")


def test_a_kill_loses_no_picture_that_was_acknowledged(copied: Copy, tmp_path: Path) -> None:
    rounds(1, copied("starter"), tmp_path)


@pytest.mark.long
def test_twenty_kills_lose_no_picture_that_was_acknowledged(
    copied: Copy, tmp_path: Path
) -> None:
    rounds(20, copied("starter"), tmp_path)
