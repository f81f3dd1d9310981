"""Files that a crash leaves whole: made in a working folder, synced, then renamed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

WORKING = ".guide-working-"


@contextmanager
def working_folder(inside: Path) -> Iterator[Path]:
    """Make a folder for half-done files, private to this process; it is gone afterwards.

    What a killed process left behind goes too. A folder is in use as long as its lock is
    held, and a lock has that name only once it is.
    """
    sweep(inside)
    folder = Path(tempfile.mkdtemp(prefix=WORKING, dir=inside))
    try:
        with (folder / "unlocked").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (folder / "unlocked").rename(folder / "lock")
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(inside: Path) -> None:
    """Remove the half-done files of processes that were killed: they may name guests."""
    for lock in inside.glob(f"{WORKING}*/lock"):
        _remove_if_left(lock)


def make_private(path: Path) -> IO[bytes]:
    """Open a new file that only its owner can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def sync(file: IO[bytes]) -> None:
    """Bring what was written to the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that holds the old content or all of the new, whatever happens."""
    with working_folder(path.parent) as folder:
        made = folder / path.name
        with made.open("xb") as file:
            file.write(content)
            sync(file)
        made.replace(path)
    sync_folder(path.parent)


def _remove_if_left(left: Path) -> None:
    try:
        with left.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
    except (BlockingIOError, FileNotFoundError):
        return
