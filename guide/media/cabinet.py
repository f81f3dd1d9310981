"""Takes files in: looked at, made clean, kept under the hash of what was made.

A file is kept before anything of it is written in the database. Whoever is stopped in
between leaves a file that nothing names, which is swept away after a day; never a row
without its file.
"""

import errno
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from guide.durable import working_folder
from guide.media.model import MediaFile
from guide.media.refusals import NoRoomError, RefusedFileError
from guide.media.signatures import HEAD, Kind, kind_of
from guide.media.store import PIECE, DiskStore, Store
from guide.media.workshop import Made, Workshop
from guide.settings import Settings

LARGEST = 30_000_000
"""Bytes of a picture or recording as it is sent."""

RESERVE = 500 << 20
"""Bytes that stay free for the database and its backups; below that nothing is taken in."""

FULL = (errno.ENOSPC, errno.EDQUOT)

PRIVATE = "private"
"""What the files that only the office opens are kept below, out of the reach of the others."""


@dataclass(frozen=True)
class Kept:
    """A file that is kept, and not yet written in the database."""

    hash: str
    bytes: int
    made: Made

    def row(self, db: Session, at: datetime) -> MediaFile:
        """Write it in the database, unless it is there."""
        found = db.get(MediaFile, self.hash)
        if found is None:
            fresh = MediaFile(
                hash=self.hash,
                name=self.made.name,
                bytes=self.bytes,
                width=self.made.width,
                height=self.made.height,
                widths=self.made.widths,
                seconds=self.made.seconds,
                stored_at=at,
            )
            try:
                with db.begin_nested():
                    db.add(fresh)
            except IntegrityError:  # somebody else has just sent the same file
                return db.get_one(MediaFile, self.hash)
            return fresh
        return found


class Cabinet:
    """The files of the guide, on the disk or in a bucket."""

    def __init__(self, folder: Path, store: Store, reserve: int = RESERVE) -> None:
        self.folder = folder
        self.store = store
        self.reserve = reserve
        self._workshop = Workshop()

    @classmethod
    def of(cls, settings: Settings) -> "Cabinet":
        """Open what the settings name; a bucket needs the extra `s3`."""
        folder = settings.data_dir / "media"
        if settings.media_url:
            from guide.media.bucket import BucketStore  # noqa: PLC0415 (an optional extra)

            return cls(folder, BucketStore(settings.media_url))
        return cls(folder, DiskStore(folder))

    @classmethod
    def locked(cls, settings: Settings) -> "Cabinet":
        """Open the one for files that only the office opens.

        They lie below the others, so that a backup of the folder holds them too, but neither
        the public address nor the sweeping of pictures finds them there.
        """
        folder = settings.data_dir / "media" / PRIVATE
        if settings.media_url:
            from guide.media.bucket import BucketStore  # noqa: PLC0415 (an optional extra)

            return cls(folder, BucketStore(f"{settings.media_url.rstrip('/')}/{PRIVATE}"))
        return cls(folder, DiskStore(folder))

    def take_in(
        self, kind: Kind, sent: BinaryIO, *, as_it_is: bool = False, whose: str = ""
    ) -> Kept:
        """Make a file clean and keep it; raises RefusedFileError and NoRoomError.

        `as_it_is` is for masters that come back: they keep their bytes, and so their hash.
        A file that is told `whose` it is has a hash of its own, whoever else sent the same.
        """
        try:
            return self._taken_in(kind, sent, as_it_is=as_it_is, whose=whose)
        except OSError as failed:
            if failed.errno in FULL:
                raise NoRoomError from None
            raise

    def discard(self, hashes: Iterable[str]) -> None:
        """Remove what is kept under some hashes; what cannot be removed now is swept later.

        Every store has errors of its own, and none of them keeps the other files there.
        """
        for hash_ in hashes:
            try:
                self.store.remove(hash_)
            except Exception as failed:  # noqa: BLE001 (as many kinds as there are stores)
                structlog.get_logger().error("file stays", kind=type(failed).__name__)

    def _taken_in(self, kind: Kind, sent: BinaryIO, *, as_it_is: bool, whose: str) -> Kept:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self.folder).free < self.reserve:
            raise NoRoomError
        with working_folder(self.folder) as inside:
            source, made = inside / "sent", inside / "made"
            made.mkdir()
            _copy(sent, source)
            _look_at(kind, source)
            told = self._workshop.make(kind, source, made, as_it_is=as_it_is)
            master = made / told.name
            with master.open("rb") as file:
                hash_ = hashlib.file_digest(file, "sha256").hexdigest()
            if whose:
                hash_ = hashlib.sha256(f"{whose}\0{hash_}".encode()).hexdigest()
            size = master.stat().st_size
            self.store.put(hash_, made)
        return Kept(hash_, size, told)

    def master(self, file: MediaFile) -> Iterator[bytes]:
        """Read the master of a file."""
        return self.store.read(file.hash, file.name, 0, file.bytes)


def _copy(sent: BinaryIO, source: Path) -> None:
    size = 0
    with source.open("xb") as file:
        while piece := sent.read(PIECE):
            size += len(piece)
            if size > LARGEST:
                raise RefusedFileError("large")
            file.write(piece)
    if not size:
        raise RefusedFileError("empty")


def _look_at(kind: Kind, source: Path) -> None:
    """Refuse at the first bytes what is no file of this kind."""
    with source.open("rb") as file:
        head = file.read(HEAD * 8)
    if kind_of(head[:HEAD]) is not kind:
        is_drawing = b"<svg" in head or b"<SVG" in head
        raise RefusedFileError("drawing" if is_drawing else "unknown")
