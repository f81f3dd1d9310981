"""Where files are kept: a folder for each, under the hash of its master; nothing changes."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from guide.durable import WORKING, sync_folder

PIECE = 256 * 1024


class Store(Protocol):
    """Keeps folders of files by hash."""

    def put(self, hash_: str, made: Path) -> None:
        """Keep what a folder holds, all or nothing; twice changes nothing."""

    def size(self, hash_: str, name: str) -> int | None:
        """Return the bytes of a file, None if there is none."""

    def read(self, hash_: str, name: str, start: int, length: int) -> Iterator[bytes]:
        """Read a part of a file."""

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """List every hash, and when it was last put."""

    def remove(self, hash_: str) -> None:
        """Remove what is kept under a hash."""


class DiskStore:
    """Keeps them below a folder: `ab/abcd…/480.avif`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, hash_: str, made: Path) -> None:
        """Sync, then rename: a crash leaves a whole folder, or none."""
        for file in made.iterdir():
            _sync(file)
        sync_folder(made)
        place = self._place(hash_)
        is_new = not place.parent.exists()
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            made.rename(place)
        except OSError:  # it is there already; what a restore was stopped in is made whole
            if not place.is_dir():
                raise
            for file in made.iterdir():
                if not (place / file.name).exists():
                    file.rename(place / file.name)
            os.utime(place)
            sync_folder(place)
        sync_folder(place.parent)
        if is_new:
            sync_folder(self.root)

    def size(self, hash_: str, name: str) -> int | None:
        """Ask the file system."""
        try:
            return (self._place(hash_) / name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def read(self, hash_: str, name: str, start: int, length: int) -> Iterator[bytes]:
        """Open the file at once, so that one that is gone is an error before any answer."""
        opened = (self._place(hash_) / name).open("rb")

        def pieces() -> Iterator[bytes]:
            with opened as file:
                file.seek(start)
                left = length
                while left > 0 and (piece := file.read(min(PIECE, left))):
                    left -= len(piece)
                    yield piece

        return pieces()

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """Go through the folders."""
        for place in sorted(self.root.glob("??/*")):
            if place.is_dir() and not place.parent.name.startswith(WORKING):
                yield place.name, datetime.fromtimestamp(place.stat().st_mtime, UTC)

    def remove(self, hash_: str) -> None:
        """Remove the files, then the folder; one that was put again meanwhile is made anew."""
        place = self._place(hash_)
        for file in place.iterdir() if place.is_dir() else ():
            file.unlink(missing_ok=True)
        if place.is_dir():
            place.rmdir()

    def _place(self, hash_: str) -> Path:
        return self.root / hash_[:2] / hash_


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
