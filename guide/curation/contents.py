"""What an uploaded file holds once it was read, and how our own tables write words.

Nothing here reads a file: that is done apart (`apart.py`), so that the guide that serves
visitors never loads what can open a workbook.
"""

import re
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any, Self

SCHEMA = 1
"""The version of our JSON."""

FORMATS = {".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}
FORMATS |= {".json": "json", ".po": "po"}

ZIP = b"PK"

ESCAPED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
"""How our own tables keep a spreadsheet from calculating: the first mark is taken off again."""


class UnreadableError(Exception):
    """The file cannot be read; `word` says why, `found` what stands there, `row` where."""

    def __init__(self, word: str, found: str = "", row: int = 0) -> None:
        super().__init__(word)
        self.word, self.found, self.row = word, found[:80], row


class NotOfferedError(UnreadableError):
    """A type of file that is not imported at all."""


@dataclass(frozen=True)
class Cell:
    """A cell that holds no words: `bad` is "error", "formula", "date" or "long"."""

    row: int
    column: int
    bad: str
    found: str


@dataclass(frozen=True)
class Grid:
    """A table: its head, and its rows with the numbers that a spreadsheet shows."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    bad: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One message of a catalogue."""

    row: int
    context: str
    source: str
    said: str
    is_fuzzy: bool


@dataclass(frozen=True)
class Contents:
    """What was read: a grid, or sheets, or the messages of one language."""

    format: str
    grid: Grid | None = None
    sheets: tuple[dict[str, Any], ...] = ()
    entries: tuple[Entry, ...] = ()
    language: str = ""

    @property
    def size(self) -> int:
        """How many rows, sheets or messages there are."""
        return len(self.grid.rows) if self.grid else len(self.sheets or self.entries)

    def told(self) -> dict[str, Any]:
        """Write it down as JSON can hold it."""
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """Read what `told` wrote down."""
        grid = told["grid"] and Grid(
            tuple(told["grid"]["head"]),
            tuple((row, tuple(cells)) for row, cells in told["grid"]["rows"]),
            tuple(Cell(**one) for one in told["grid"]["bad"]),
        )
        entries = tuple(Entry(**one) for one in told["entries"])
        return cls(told["format"], grid, tuple(told["sheets"]), entries, told["language"])


def format_of(name: str, raw: bytes) -> str:
    """Say by its name, and what it begins with, how a file is read; raise NotOfferedError."""
    ending = PurePath(name.replace("\\", "/")).suffix.casefold()
    if ending in {".yaml", ".yml"}:
        raise NotOfferedError("yaml")
    if ending in {".xlsm", ".xltm", ".xlsb"}:
        raise NotOfferedError("macros")
    if ending == ".zip" or (raw.startswith(ZIP) and ending != ".xlsx"):
        raise NotOfferedError("zip")
    if ending not in FORMATS:
        raise NotOfferedError("type", ending)
    return FORMATS[ending]
