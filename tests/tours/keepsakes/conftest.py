"""A tour under way whose guide keeps what guests leave."""

import base64
import re
from io import BytesIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image, ImageDraw
from sqlalchemy import select

from guide.db import Database
from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.keepsakes.vault import Vault
from tests.accounts.conftest import Desk
from tests.tours.walking.conftest import Phone, walked, walking

__all__ = ["walked", "walking"]

BOOK, GIFTS = "guest-book", "gifts"
HIDDEN = re.compile(r'name="(key|seen)" value="([^"]*)"')


@pytest.fixture
def vault(guide: TestClient) -> Vault:
    assert isinstance(guide.app, FastAPI)
    found: Vault = guide.app.state.vault
    return found


def ink(size: tuple[int, int] = (640, 384)) -> bytes:
    """Draw a stroke on white paper, as the pad does."""
    paper = Image.new("RGB", size, "white")
    ImageDraw.Draw(paper).line((40, 40, size[0] - 40, size[1] - 40), fill="black", width=4)
    made = BytesIO()
    paper.save(made, "PNG")
    return made.getvalue()


def letters(body: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(body).decode()


def asked(desk: Desk, path: str) -> dict[str, str]:
    """Open a form; return the key and what it was filled from, as its hidden fields say."""
    answer = desk.phone.get(path)
    assert answer.status_code == 200, answer.text
    return dict(HIDDEN.findall(answer.text))


def send(desk: Desk, path: str, photograph: bytes | None = None, /, **said: str) -> Response:
    name = "" if photograph is None else "IMG_1.jpg"  # as browsers do where none is chosen
    files = {"file": (name, photograph or b"", "image/jpeg")}
    form = {**desk.form, "publish": "no", "direction": "given", **said}
    return desk.phone.post(path, data=form, files=files)


def keep(walked: Phone, what: str, photograph: bytes | None = None, /, **said: str) -> Response:
    """Open the form, fill it and send it."""
    path = f"{walked.path}/{what}"
    return send(walked.desk, path, photograph, **{**asked(walked.desk, path), **said})


def pages(museum: Database) -> list[GuestBookPage]:
    with museum.reading() as db:
        return list(db.scalars(select(GuestBookPage).order_by(GuestBookPage.id)))


def gifts(museum: Database) -> list[Gift]:
    with museum.reading() as db:
        return list(db.scalars(select(Gift).order_by(Gift.id)))


def stored(vault: Vault) -> set[str]:
    return {hash_ for hash_, _ in vault.cabinet.store.kept()}


def whole(vault: Vault, hash_: str | None) -> bytes:
    """Read the master of a file as it lies there."""
    assert hash_
    size = vault.cabinet.store.size(hash_, "master.jpg")
    assert size
    return b"".join(vault.cabinet.store.read(hash_, "master.jpg", 0, size))
