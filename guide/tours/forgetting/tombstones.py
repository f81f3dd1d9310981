"""Which tours were forgotten, and when: a file that no backup brings back to what it was.

One line for each: a reference and an instant, never a name. Lines are only ever added.
"""

import fcntl
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

FILE = "forgotten.txt"


class Tombstones:
    """The file in the data folder; a restore leaves it as it is."""

    def __init__(self, data_dir: Path) -> None:
        self.file = data_dir / FILE

    def read(self) -> dict[str, datetime]:
        """Return when each reference was forgotten last; a line that was cut short is none."""
        try:
            lines = self.file.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return {}
        found: dict[str, datetime] = {}
        for line in lines:
            reference, _, told = line.partition(" ")
            if at := _instant(told):
                found[reference] = max(at, found.get(reference, at))
        return found

    def add(self, forgotten: Mapping[str, datetime]) -> None:
        """Add lines, and return when they are on the disk; what is there stays."""
        there = self.read()
        fresh = {
            name: at for name, at in forgotten.items() if name not in there or at > there[name]
        }
        if not fresh:
            return
        self._append("".join(f"\n{name} {at.isoformat()}\n" for name, at in fresh.items()))

    @property
    def length(self) -> int:
        """How many bytes the file has: whoever knows as many knows all that was forgotten."""
        return self.file.stat().st_size if self.file.exists() else 0

    def _append(self, lines: str) -> None:
        """Add lines to the disk; each begins with an end, so that a line cut short ends too."""
        handle = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())


def _instant(told: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at if at.tzinfo else None
