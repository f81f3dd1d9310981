"""Prints that the studio asked for: each in a folder of its own until a curator fetches it.

A PDF is handed out only with its proof slip, which is written last. While a print is being
made its file `progress` is locked, and grows by a byte with each proved page; a lock goes
with the process that holds it, so that a print that was killed is seen to have stopped.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Lock, Thread
from typing import IO

from sqlalchemy.exc import SQLAlchemyError

from guide.qr.forme import Made, TitleTooLongError
from guide.qr.printing import print_apart
from guide.qr.proof import UnprovedSheetError
from guide.qr.run import Run
from guide.qr.stocks import LabelsRefusedError

NUMBER = re.compile(r"[0-9a-f]{16}")
WAIT_SECONDS = 5.0
"""How long a second curator waits for the first one's print before being told."""
SHORT_SECONDS = 2.0
"""How long a new print is waited for, so that a short one is there at once."""
LONGEST_SECONDS = 30.0
"""How long a print is waited for when the guide ends."""
KEPT_FOR = timedelta(days=7)

PDF, SLIP, TICKET, REFUSAL, PROGRESS = (
    "labels.pdf",
    "slip.json",
    "ticket.json",
    "refusal.json",
    "progress",
)


class PrintshopBusyError(Exception):
    """Another print is being made; it takes seconds."""


class State(StrEnum):
    """How far a print has come."""

    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Ticket:
    """What a print was asked for with: the choices as an address has them, and by whom."""

    query: str
    name: str
    who: str
    at: str
    labels: int
    pages: int
    is_draft: bool


@dataclass(frozen=True)
class Printed:
    """A print as it stands; `proved` pages were read back. `refused` is a word, and detail."""

    folder: Path
    ticket: Ticket
    state: State
    proved: int
    refused: tuple[str, str] = ("", "")

    def pdf(self) -> bytes:
        """Read the file; only of one that is done."""
        return (self.folder / PDF).read_bytes()

    def slip(self) -> bytes:
        """Read what was proved; only of one that is done."""
        return (self.folder / SLIP).read_bytes()


class Printshop:
    """Makes one print at a time, in a thread that waits for processes of their own."""

    def __init__(self, folder: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        self._folder = folder
        self._wait = wait_seconds
        self._free = Lock()
        self._working: Thread | None = None

    def begin(self, run: Run, ticket: Ticket, at: datetime, made: Callable[[], object]) -> str:
        """Begin a print and return its number; `made` is called when every sheet is proved.

        Raises PrintshopBusyError when another one has not ended after a few seconds.
        """
        if not self._free.acquire(timeout=self._wait):
            raise PrintshopBusyError
        try:
            self._sweep(at)
            number = secrets.token_hex(8)
            folder = self._folder / number
            folder.mkdir(mode=0o700, parents=True)
            _write(folder / TICKET, json.dumps(asdict(ticket)).encode())
            progress = (folder / PROGRESS).open("ab", buffering=0)
            fcntl.flock(progress, fcntl.LOCK_EX)
            work = (run, folder, progress, made)
            working = Thread(target=self._make, args=work, name="printshop", daemon=True)
            working.start()
        except BaseException:
            self._free.release()
            raise
        self._working = working
        working.join(SHORT_SECONDS)
        return number

    def find(self, number: str) -> Printed | None:
        """Find a print by its number, None if there is no such one or it was cleared away."""
        folder = self._folder / number
        if not NUMBER.fullmatch(number) or not (folder / TICKET).is_file():
            return None
        ticket = Ticket(**json.loads((folder / TICKET).read_bytes()))
        is_working = _is_locked(folder / PROGRESS)  # asked first: what is there then, stays
        proved = (folder / PROGRESS).stat().st_size
        if is_working:
            return Printed(folder, ticket, State.WORKING, proved)
        if (folder / SLIP).is_file():
            return Printed(folder, ticket, State.DONE, proved)
        if (folder / REFUSAL).is_file():
            kind, detail = json.loads((folder / REFUSAL).read_bytes())
            return Printed(folder, ticket, State.REFUSED, proved, (kind, detail))
        return Printed(folder, ticket, State.STOPPED, proved)

    def close(self) -> None:
        """Wait for the print that is being made, but not for ever."""
        if self._working:
            self._working.join(LONGEST_SECONDS)

    def _make(
        self, run: Run, folder: Path, progress: IO[bytes], made: Callable[[], object]
    ) -> None:
        try:
            with progress:
                refused = _refusal(run, folder, progress, made)
                if refused:
                    _write(folder / REFUSAL, json.dumps(refused).encode())
        finally:
            self._free.release()

    def _sweep(self, at: datetime) -> None:
        """Clear prints away that nobody will fetch any more; each can be made again."""
        for ticket in self._folder.glob(f"*/{TICKET}"):
            if at.timestamp() - ticket.stat().st_mtime > KEPT_FOR.total_seconds():
                shutil.rmtree(ticket.parent, ignore_errors=True)


def _refusal(
    run: Run, folder: Path, progress: IO[bytes], made: Callable[[], object]
) -> tuple[str, str] | None:
    """Print; return a word for why it was refused, and detail, None when all was proved."""
    try:
        printed = print_apart(run, lambda: progress.write(b"."))
        _hand_out(folder, printed, made)
    except TitleTooLongError as refused:
        return "too-long", refused.code
    except (LabelsRefusedError, UnprovedSheetError, SQLAlchemyError, OSError) as refused:
        return "refused", str(refused)
    return None


def _hand_out(folder: Path, printed: Made, made: Callable[[], object]) -> None:
    """Put the PDF there, then say that it was made; the slip comes last and lets it out."""
    _write(folder / PDF, printed.pdf)
    made()
    _write(folder / SLIP, printed.proof.slip().encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, whatever happens."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
