"""One server for one data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.upkeep.refusal import UpkeepError


class AlreadyServingError(UpkeepError):
    """A guide already runs on this data folder."""

    def __init__(self, data_dir: Path, pid: str) -> None:
        self.pid = pid
        super().__init__(
            f"A guide is already running on {data_dir} (process {pid or 'unknown'}). "
            "Stop it first."
        )


@contextmanager
def only_server(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this process; raise AlreadyServingError when another has it.

    The system lets the lock go when the process ends, however it ends. The file stays: to
    delete it would let two processes each lock a file of that name.
    """
    handle = os.open(data_dir / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServingError(data_dir, lock.read().strip()) from None
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.seek(0)
        lock.truncate()
