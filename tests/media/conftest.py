"""A curator who sends files."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from guide.accounts.model import Role
from guide.db import Database
from guide.exhibits.pictures import ExhibitPicture, ExhibitRecording
from guide.media.cabinet import Cabinet
from tests.accounts.conftest import Desk, SignedIn, signed_in

__all__ = ["signed_in"]

PICTURES = "/staff/exhibits/tar/pictures"
RECORDINGS = "/staff/exhibits/tar/recordings"

Sent = Callable[..., Response]


@pytest.fixture
def aysel(signed_in: SignedIn) -> Desk:
    """A curator."""
    return signed_in(Role.CURATOR, email="aysel@example.org")


@pytest.fixture
def cabinet(guide: TestClient) -> Cabinet:
    assert isinstance(guide.app, FastAPI)
    found: Cabinet = guide.app.state.cabinet
    return found


def send(
    desk: Desk, body: bytes, name: str = "photo.jpg", to: str = PICTURES, **said: str
) -> Response:
    """Send a file as a browser does."""
    files = {"file": (name, body, "application/octet-stream")}
    return desk.phone.post(to, data={**desk.form, **said}, files=files)


def send_recording(desk: Desk, body: bytes, language: str = "az") -> Response:
    return send(desk, body, "voice.mp3", RECORDINGS, language=language)


def pictures(museum: Database) -> list[ExhibitPicture]:
    with museum.reading() as db:
        return list(db.scalars(select(ExhibitPicture).order_by(ExhibitPicture.position)))


def recordings(museum: Database) -> list[ExhibitRecording]:
    with museum.reading() as db:
        return list(db.scalars(select(ExhibitRecording).order_by(ExhibitRecording.id)))


def described(desk: Desk, picture: ExhibitPicture, **said: str) -> dict[str, str]:
    """Fill the form of a picture with what is needed, and nothing more."""
    return {
        **desk.form,
        "version": str(picture.version),
        "kind": "photo",
        "alt-az": "Tar, qarşıdan",
        "alt-en": "A tar from the front",
        "credit": "A. Example",
        "licence": "CC BY 4.0",
        "focus_x": "50",
        "focus_y": "50",
        **said,
    }


def shown(desk: Desk, museum: Database, body: bytes, **said: str) -> ExhibitPicture:
    """Send a picture, describe it and show it."""
    known = {one.id for one in pictures(museum)}
    assert send(desk, body).status_code == 303
    (fresh,) = (one for one in pictures(museum) if one.id not in known)
    answer = desk.phone.post(
        f"{PICTURES}/{fresh.id}/publication", data=described(desk, fresh, **said)
    )
    assert answer.status_code == 303, answer.text
    return fresh


def heard(desk: Desk, museum: Database, body: bytes, language: str = "az") -> ExhibitRecording:
    """Send a recording, write its words down and let it be heard."""
    known = {one.id for one in recordings(museum)}
    assert send_recording(desk, body, language).status_code == 303
    (fresh,) = (one for one in recordings(museum) if one.id not in known)
    said = {
        **desk.form,
        "version": str(fresh.version),
        "transcript": "Tar simli alətdir. " * 60,
        "credit": "A. Example",
        "licence": "CC BY 4.0",
    }
    answer = desk.phone.post(f"{RECORDINGS}/{fresh.id}/publication", data=said)
    assert answer.status_code == 303, answer.text
    return fresh
