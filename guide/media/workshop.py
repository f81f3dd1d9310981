"""Runs the worker on one file after the other, and waits no longer than it may take."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from guide.media.refusals import RefusedFileError
from guide.media.signatures import Kind

SECONDS = 20
PATIENCE = 60
"""Seconds that a file waits for the ones before it."""

ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"}
"""One heap for all threads: else each reserves what the worker's memory is counted by."""


@dataclass(frozen=True)
class Made:
    """What the worker made of a file: its master's name, and what it measured."""

    name: str
    width: int
    height: int
    widths: tuple[int, ...]
    seconds: int


class Workshop:
    """Takes one file at a time: two pictures at once would take the machine from visitors."""

    def __init__(self) -> None:
        self._bench = BoundedSemaphore(1)

    def make(self, kind: Kind, source: Path, folder: Path, *, as_it_is: bool = False) -> Made:
        """Make a file clean into a folder; raises RefusedFileError."""
        words = [kind.value, str(source), str(folder), *(["--as-it-is"] if as_it_is else [])]
        if not self._bench.acquire(timeout=PATIENCE):
            raise RefusedFileError("busy")
        try:
            done = subprocess.run(  # noqa: S603 (our own module; a new process, never a fork)
                [sys.executable, "-m", "guide.media.worker", *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RefusedFileError("slow") from None
        finally:
            self._bench.release()
        return _told(done)


def _told(done: subprocess.CompletedProcess[bytes]) -> Made:
    if done.returncode:
        raise RefusedFileError("broken")
    told: dict[str, Any] = json.loads(done.stdout)
    if word := told.get("refused"):
        raise RefusedFileError(str(word))
    return Made(**{**told, "widths": tuple(told["widths"])})
