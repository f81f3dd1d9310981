"""Which tours were forgotten, and when: a file that no backup brings back to what it was.

One line for each, never with a name: reference, number, when the tour was made, when it was
forgotten. Lines are only ever added.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

FILE = "forgotten.txt"


class Buried(Protocol):
    """What tells a tour from every other, also from one that was given its reference."""

    @property
    def id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def made_at(self) -> datetime: ...


@dataclass(frozen=True)
class Tombstone:
    """A tour, and when it was forgotten.

    Earlier releases wrote a reference and no more: then it is of any tour of that reference
    that was made before.
    """

    reference: str
    at: datetime
    number: int | None = None
    made_at: datetime | None = None

    @classmethod
    def of(cls, tour: Buried, at: datetime) -> Self:
        """Name a tour that was forgotten."""
        return cls(tour.reference, at, tour.id, tour.made_at)

    @classmethod
    def on(cls, line: str) -> Self | None:
        """Read a line; one that was cut short is none."""
        reference, *told = line.split(" ")
        try:
            at = datetime.fromisoformat(told.pop())
            number, made_at = (int(told[0]), datetime.fromisoformat(told[1])) if told else _ANY
        except (ValueError, IndexError):
            return None
        is_whole = at.tzinfo and (made_at is None or made_at.tzinfo)
        return cls(reference, at, number, made_at) if is_whole else None

    @property
    def line(self) -> str:
        """Write it as the file has it."""
        exactly = f"{self.number} {self.made_at.isoformat()} " if self.made_at else ""
        return f"{self.reference} {exactly}{self.at.isoformat()}"


_ANY: tuple[int | None, datetime | None] = (None, None)


class Graveyard:
    """What the file says, to look tours up in."""

    def __init__(self, stones: Iterable[Tombstone]) -> None:
        self.stones = frozenset(stones)
        exact = {(one.reference, one.at) for one in self.stones if one.made_at}
        self._exact: dict[tuple[int | None, datetime], datetime] = {}
        self._by_reference: dict[str, datetime] = {}
        for one in sorted(self.stones, key=lambda one: one.at):
            if one.made_at:
                self._exact[one.number, one.made_at] = one.at
            elif (one.reference, one.at) not in exact:
                self._by_reference[one.reference] = one.at

    def when(self, tour: Buried) -> datetime | None:
        """Return when a tour was forgotten last, if it was."""
        at = self._by_reference.get(tour.reference)
        found = (
            self._exact.get((tour.id, tour.made_at)),
            at if at and tour.made_at < at else None,
        )
        return max((one for one in found if one), default=None)


class Tombstones:
    """The file in the data folder; a restore leaves it as it is."""

    def __init__(self, data_dir: Path) -> None:
        self.file = data_dir / FILE

    def read(self) -> Graveyard:
        """Return what the file says."""
        return Graveyard(self._stones())

    def add(self, forgotten: Iterable[Tombstone]) -> None:
        """Add lines, and return when they are on the disk; what is there stays."""
        there = self.read().stones
        fresh = [one.line for one in forgotten if one not in there]
        if fresh:
            self._append("".join(f"\n{line}\n" for line in fresh))

    @property
    def length(self) -> int:
        """How many bytes the file has: whoever knows as many knows all that was forgotten."""
        return self.file.stat().st_size if self.file.exists() else 0

    def _stones(self) -> Iterator[Tombstone]:
        try:
            lines = self.file.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return
        yield from (stone for line in lines if (stone := Tombstone.on(line)))

    def _append(self, lines: str) -> None:
        """Add lines to the disk; each begins with an end, so that a line cut short ends too."""
        handle = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())
