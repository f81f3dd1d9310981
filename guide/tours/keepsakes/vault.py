"""The vault: photographs and signatures of tours, which only the office opens.

Each belongs to one page or gift and has a hash of its own, so that whoever takes it away
takes nothing from anybody else. What no row names goes at once when its request ends, and
within a day when the guide was stopped in between.
"""

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from typing import BinaryIO

from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from guide.db import Database
from guide.media.cabinet import Cabinet
from guide.media.refusals import NoRoomError, RefusedFileError
from guide.media.serving import HARMLESS
from guide.media.signatures import Kind
from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.model import Tour

UNNAMED = timedelta(hours=24)
"""How long a file may lie there that nothing names."""

MASTER = "master.jpg"
SIZES = {"small": "480.jpg", "large": "960.jpg", "whole": MASTER}
"""How large a picture can be asked for; one that is narrower is sent as it is."""

LARGEST_SIGNATURE = 200_000
"""Bytes of a signature as PNG: many times what ink of one colour takes."""
LETTERS = "data:image/png;base64,"

NAMES_FILES = (GuestBookPage.picture, GuestBookPage.signature, Gift.picture)


class Vault:
    """The files, and the rows that name them."""

    def __init__(self, database: Database, cabinet: Cabinet) -> None:
        self.database = database
        self.cabinet = cabinet

    def photograph(self, whose: str, sent: BinaryIO) -> str:
        """Make a photograph clean and keep it; return its hash. Raises RefusedFileError."""
        try:
            return self.cabinet.take_in(Kind.PICTURE, sent, whose=whose).hash
        except NoRoomError:
            raise RefusedFileError("room") from None

    def signature(self, whose: str, letters: str) -> str:
        """Keep a signature, sent as the letters of a PNG. Raises RefusedFileError."""
        if len(letters) > len(LETTERS) + LARGEST_SIGNATURE * 4 // 3 + 4:
            raise RefusedFileError("signature-large")
        try:
            body = base64.b64decode(letters.removeprefix(LETTERS), validate=True)
        except (binascii.Error, ValueError):
            raise RefusedFileError("signature-broken") from None
        if not letters.startswith(LETTERS) or not body.startswith(b"\x89PNG\r\n\x1a\n"):
            raise RefusedFileError("signature-broken")
        if len(body) > LARGEST_SIGNATURE:
            raise RefusedFileError("signature-large")
        try:
            return self.photograph(f"{whose}/signature", BytesIO(body))
        except RefusedFileError as refused:
            about_us = refused.word in {"room", "busy", "slow"}
            raise RefusedFileError(refused.word if about_us else "signature-broken") from None

    def holds(self, hash_: str) -> bool:
        """Say whether a file is there."""
        return self.cabinet.store.size(hash_, MASTER) is not None

    def read(self, hash_: str, size: str) -> bytes | None:
        """Return a picture in a size; None when it is gone."""
        name, length = self._there(hash_, size)
        try:
            return b"".join(self.cabinet.store.read(hash_, name, 0, length)) if name else None
        except FileNotFoundError:
            return None

    def send(self, request: Request, hash_: str, size: str) -> Response:
        """Send a picture in a size, to be kept by nobody; raises 404."""
        name, length = self._there(hash_, size)
        if not name:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'inline; filename="{size}.jpg"',
            "Content-Length": str(length),
            "Content-Security-Policy": HARMLESS,
        }
        if request.method == "HEAD":
            return Response(media_type="image/jpeg", headers=headers)
        try:
            pieces = self.cabinet.store.read(hash_, name, 0, length)
        except FileNotFoundError:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        return StreamingResponse(pieces, headers=headers, media_type="image/jpeg")

    def _there(self, hash_: str, size: str) -> tuple[str, int]:
        """Name the file of a picture in a size, and tell its bytes; no name when it is gone."""
        store = self.cabinet.store
        names = (SIZES[size], MASTER) if size in SIZES else ()
        there = ((name, store.size(hash_, name)) for name in names)
        return next(((one, long) for one, long in there if long is not None), ("", 0))

    def clear_away(self, tour_id: int, hashes: Iterable[str]) -> None:
        """Remove those of some files of a tour that no row names, once a change is kept.

        Whoever would name one waits for the tour meanwhile, and then sees that it is gone.
        """
        with self.database.writing() as db:
            db.execute(select(Tour.id).where(Tour.id == tour_id).with_for_update())
            self.cabinet.discard(set(hashes) - named_files(db, tour_id))

    def sweep(self, now: datetime) -> None:
        """Remove what lay there for a day and no row names."""
        old = [hash_ for hash_, put in self.cabinet.store.kept() if put < now - UNNAMED]
        if not old:
            return
        with self.database.reading() as db:
            named = named_files(db)
        self.cabinet.discard(hash_ for hash_ in old if hash_ not in named)


def named_files(db: Session, tour_id: int | None = None) -> set[str]:
    """Return the hashes that the rows of a tour name, or of all tours.

    To forget a tour: take these, empty or delete its rows, and when that is kept, tell
    `Vault.clear_away`.
    """
    queries = [select(one).where(one.is_not(None)) for one in NAMES_FILES]
    if tour_id is not None:
        queries = [
            query.where(one.class_.tour_id == tour_id)
            for query, one in zip(queries, NAMES_FILES, strict=True)
        ]
    return set(db.scalars(union_all(*queries)))
