"""Reading a file that somebody uploads: every fault of it becomes one plain word.

What may explode is read in a process of its own (`reading.py`), within limits of memory and
time. Nothing here knows the content of the guide: a file becomes rows of cells, sheets as
JSON says them, or the messages of a catalogue.
"""

import codecs
import csv
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any, NoReturn

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from guide.curation.contents import (
    ESCAPED,
    SCHEMA,
    ZIP,
    Cell,
    Contents,
    Entry,
    Grid,
    NotOfferedError,
    UnreadableError,
)

MOST_ROWS = 5_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
"""What a table may hold; the Center shows forty exhibits in seven languages."""

MOST_PARTS = 2_000
MOST_UNPACKED = 200_000_000
MOST_TIMES = 100
SMALL = 1_000_000
"""Parts, bytes and growth of a workbook as it is unpacked; below `SMALL` any growth will do."""

DEEPEST = 32
"""How deep JSON may nest; a sheet of the guide nests five times."""

OLE = b"\xd0\xcf\x11\xe0"
SEPARATORS = ";,\t"
ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!")
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def read(format_: str, raw: bytes) -> Contents:
    """Read a file; raise UnreadableError."""
    if not raw.strip():
        raise UnreadableError("empty")
    if format_ == "xlsx":
        return Contents(format_, grid=_workbook(raw))
    text = _decoded(raw)
    if format_ == "json":
        return Contents(format_, sheets=_sheets(text))
    if format_ == "po":
        return _catalogue(text)
    return Contents(format_, grid=_separated(text))


def _decoded(raw: bytes) -> str:
    try:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = raw.decode("utf-16")
        else:
            text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        raise UnreadableError("encoding", row=raw[: bad.start].count(b"\n") + 1) from None
    if "\x00" in text:
        raise UnreadableError("nul", row=text[: text.index("\x00")].count("\n") + 1)
    return text


# Tables of text.


def _separated(text: str) -> Grid:
    csv.field_size_limit(LONGEST_CELL)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    grid = _Filling()
    try:
        for cells in lines:
            grid.take([_unescaped(cell) for cell in cells])
    except csv.Error as bad:
        is_long = "field limit" in str(bad)
        raise UnreadableError("long-cell" if is_long else "quotes", row=grid.row + 1) from None
    return grid.made()


def _unescaped(cell: str) -> str:
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell[1:] if ESCAPED.match(cell) else cell


@dataclass
class _Filling:
    """A grid that is being read, row by row, until it is too large."""

    row: int = 0
    head: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    bad: list[Cell] = field(default_factory=list)

    def take(self, cells: Sequence[str]) -> None:
        self.row += 1
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise UnreadableError("columns", str(len(cells)), self.row)
        if not self.head:
            if any(cell.strip() for cell in cells):
                self.head = _head(cells, self.row)
        elif any(cell.strip() for cell in cells) or self._has_bad():
            if any(cells[len(self.head) :]):
                raise UnreadableError("ragged", str(len(cells)), self.row)
            if len(self.rows) == MOST_ROWS:
                raise UnreadableError("rows", row=self.row)
            filled = [*cells, *[""] * (len(self.head) - len(cells))][: len(self.head)]
            self.rows.append((self.row, tuple(filled)))

    def _has_bad(self) -> bool:
        return bool(self.bad) and self.bad[-1].row == self.row

    def made(self) -> Grid:
        if not self.head:
            raise UnreadableError("empty")
        if not self.rows:
            raise UnreadableError("no-rows")
        return Grid(self.head, tuple(self.rows), tuple(self.bad))


def _head(cells: Sequence[str], row: int) -> tuple[str, ...]:
    head = [cell.strip() for cell in cells]
    while head and not head[-1]:
        head.pop()
    seen = set[str]()
    for name in head:
        if name and name.casefold() in seen:
            raise UnreadableError("twice", name, row)
        seen.add(name.casefold())
    return tuple(head)


# Workbooks.


def _workbook(raw: bytes) -> Grid:
    if raw.startswith(OLE):
        raise UnreadableError("encrypted")
    if not raw.startswith(ZIP):
        raise UnreadableError("not-a-workbook")
    try:
        _look_inside(raw)
        said = load_workbook(BytesIO(raw), read_only=True, keep_links=False)
        grid, has_formulas = _filled(said.worksheets[0], None)
        if has_formulas:
            values = load_workbook(
                BytesIO(raw), read_only=True, data_only=True, keep_links=False
            )
            grid, _ = _filled(said.worksheets[0], values.worksheets[0])
    except UnreadableError:
        raise
    except MemoryError:
        raise UnreadableError("too-large") from None
    except (zipfile.BadZipFile, InvalidFileException, NotImplementedError):
        raise UnreadableError("not-a-workbook") from None
    except Exception:  # noqa: BLE001 (a workbook that is broken in any way is broken)
        raise UnreadableError("not-a-workbook") from None
    return grid.made()


def _look_inside(raw: bytes) -> None:
    """Unpack every part once, counting, before anybody takes it for a workbook."""
    with zipfile.ZipFile(BytesIO(raw)) as packed:
        parts = packed.infolist()
        names = [part.filename for part in parts]
        if len(parts) > MOST_PARTS or len(set(names)) != len(names):
            raise UnreadableError("too-large")
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableError("encrypted")
        if any("vbaproject" in name.casefold() for name in names):
            raise NotOfferedError("macros")
        if any("externallinks/" in name.casefold() for name in names):
            raise UnreadableError("links")
        if "xl/workbook.xml" not in names:
            raise NotOfferedError("zip")
        left = MOST_UNPACKED
        for part in parts:
            left -= _unpacked(packed, part, left)


def _unpacked(packed: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    most = min(left, max(SMALL, part.compress_size * MOST_TIMES))
    if part.file_size > most:
        raise UnreadableError("too-large")
    read_, before = 0, b""
    with packed.open(part) as unpacking:
        while some := unpacking.read(65_536):
            read_ += len(some)
            if read_ > most:
                raise UnreadableError("too-large")
            if DOCTYPE.search(before + some):
                raise UnreadableError("not-a-workbook")
            before = some[-16:]
    return read_


def _filled(sheet: Any, values: Any) -> tuple[_Filling, bool]:  # noqa: ANN401 (openpyxl has no types)
    """Go through a sheet, beside it the values that its formulas had when it was saved."""
    grid, has_formulas = _Filling(), False
    sheet.reset_dimensions()  # a workbook may say any size; what counts is what is there
    rows = sheet.iter_rows()
    if values is not None:
        values.reset_dimensions()
        worth: Iterator[Any] = values.iter_rows(values_only=True)
    for cells in rows:
        counted = next(worth, ()) if values is not None else ()
        words, number = [], grid.row + 1
        for place, cell in enumerate(cells):
            value, kind = cell.value, getattr(cell, "data_type", "n")
            if kind == "f":
                has_formulas = True
                value = counted[place] if place < len(counted) else None
                kind = "f" if value is None else "s"
            bad = _bad(value, kind)
            if bad and grid.head:
                grid.bad.append(Cell(number, place, bad, _found(cell.value)))
            words.append("" if bad else _words(value))
        grid.take(words)
    return grid, has_formulas


def _bad(value: object, kind: str) -> str:
    if kind == "e" or value in ERRORS:
        return "error"
    if kind == "f":
        return "formula"
    if isinstance(value, datetime | date | time | timedelta):
        return "date"
    return "long" if isinstance(value, str) and len(value) > LONGEST_CELL else ""


def _words(value: object) -> str:
    """Return what a cell shows: a number as it was typed, 1991 and not 1991.0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 (what a double holds)
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n")


def _found(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    return str(value)[:80]


# Sheets as JSON.


def _sheets(text: str) -> tuple[dict[str, Any], ...]:
    if _depth(text) > DEEPEST:
        raise UnreadableError("deep")
    try:
        said = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as bad:
        is_lines = bad.msg == "Extra data"
        raise UnreadableError("ndjson" if is_lines else "json", row=bad.lineno) from None
    except (RecursionError, ValueError):
        raise UnreadableError("json") from None
    if not isinstance(said, dict) or not isinstance(said.get("sheets"), list):
        raise UnreadableError("shape")
    if said.get("schema") != SCHEMA:
        raise UnreadableError("schema", str(said.get("schema")))
    sheets: list[Any] = said["sheets"]
    if not sheets:
        raise UnreadableError("no-rows")
    if len(sheets) > MOST_ROWS:
        raise UnreadableError("rows")
    for number, one in enumerate(sheets, 1):
        named = isinstance(one, dict) and all(
            isinstance(one.get(name, ""), str) for name in ("kind", "slug", "language")
        )
        if not named or "kind" not in one:
            raise UnreadableError("shape", row=number)
    return tuple(sheets)


def _depth(text: str) -> int:
    """Count how deep brackets nest, outside strings."""
    deepest = depth = 0
    for sign in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise UnreadableError("key-twice", next(one for one in names if names.count(one) > 1))
    return made


def _no_number(said: str) -> NoReturn:
    raise UnreadableError("json", said)


# Catalogues.


def _catalogue(text: str) -> Contents:
    try:
        catalogue = read_po(BytesIO(text.encode()), abort_invalid=True, ignore_obsolete=True)
    except (PoFileError, ValueError, TypeError, AttributeError, LookupError, KeyError) as bad:
        row = getattr(bad, "lineno", 0)
        raise UnreadableError("po", row=row + 1 if isinstance(row, int) else 0) from None
    tag = next((value for name, value in catalogue.mime_headers if name == "Language"), "")
    entries = tuple(_entries(one for one in catalogue if one.id))
    if not entries:
        raise UnreadableError("no-rows")
    if len(entries) > MOST_ROWS:
        raise UnreadableError("rows")
    return Contents("po", entries=entries, language=tag.replace("_", "-"))


def _entries(messages: Iterable[Message]) -> Iterator[Entry]:
    for one in messages:
        if not isinstance(one.id, str) or not isinstance(one.string, str):
            raise UnreadableError("po-plural", row=one.lineno or 0)
        yield Entry(one.lineno or 0, one.context or "", one.id, one.string, one.fuzzy)
