"""Files of reports, in and out: a list of records as JSON, or a table of the same headings."""

import codecs
import csv
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import PurePath
from typing import Any, NoReturn

from guide.tours.reports import DISPLAYS, GUEST_BOOK, KNOWN, Record, Report
from guide.web.cells import plain

MOST_BYTES = 1024 * 1024
MOST_RECORDS = 1_000
"""A record takes some 700 bytes, and the press tells of some thirty visits in a dozen years."""

WHOLE = "delegation_reports"
"""The heading of the records in a file that holds other things too."""
TABLES = {".csv", ".tsv", ".txt"}
SEPARATORS = ";,\t"
YES, NO = {"true", "yes", "bəli", "1"}, {"false", "no", "xeyr", "0"}
ESCAPED = re.compile("'[=+\\-@\t\r\n＝＋－＠]")
"""How tables keep a spreadsheet from calculating; the mark is taken off again."""


class UnreadableFileError(Exception):
    """A file that is no list of records; `word` says why, `found` what stands there."""

    def __init__(self, word: str, found: str = "") -> None:
        super().__init__(word)
        self.word, self.found = word, found


@dataclass(frozen=True)
class Numbered:
    """A record, and its number in the list or the row that a spreadsheet shows."""

    row: int
    record: object


def read_file(name: str, raw: bytes) -> list[Numbered]:
    """Read a file; raise UnreadableFileError."""
    if len(raw) > MOST_BYTES:
        raise UnreadableFileError("large")
    ending = PurePath(name).suffix.casefold()
    if ending not in {".json", *TABLES}:
        raise UnreadableFileError("kind", ending[:20])
    text = _decoded(raw)
    if not text.strip():
        raise UnreadableFileError("empty")
    found = list(_listed(text) if ending == ".json" else _tabled(text))
    if not found:
        raise UnreadableFileError("empty")
    return found


def carried(raw: bytes) -> str:
    """Write a file as a form can carry it to its next step."""
    return urlsafe_b64encode(raw).decode()


def brought(carried: str) -> bytes:
    """Return the file that a form carried; raise UnreadableFileError."""
    try:
        return urlsafe_b64decode(carried.encode("ascii"))
    except ValueError:  # what is no ASCII too
        raise UnreadableFileError("empty") from None


def as_json(reports: Iterable[Report]) -> bytes:
    """Write reports as the list that they came in."""
    told = [one.record() for one in reports]
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(reports: Iterable[Report]) -> bytes:
    """Write reports as RFC 4180, what each was seen on a line of its own within its cell."""
    told = [one.record() for one in reports]
    headings = [
        *KNOWN,
        *dict.fromkeys(name for one in told for name in one if name not in KNOWN),
    ]
    sheet = StringIO(newline="")
    table = csv.writer(sheet)
    table.writerow([plain(heading) for heading in headings])
    for one in told:
        table.writerow([plain(_cell(one.get(heading))) for heading in headings])
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()


def _decoded(raw: bytes) -> str:
    is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = raw.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFileError("encoding") from None
    if "\x00" in text:
        raise UnreadableFileError("nul")
    return text


def _listed(text: str) -> Iterator[Numbered]:
    try:
        told = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise UnreadableFileError("deep") from None
    except ValueError as bad:
        line = str(bad.lineno) if isinstance(bad, json.JSONDecodeError) else ""
        raise UnreadableFileError("json", line) from None
    records = told.get(WHOLE) if isinstance(told, dict) else told
    if not isinstance(records, list):
        raise UnreadableFileError("shape")
    _count(records)
    return (Numbered(number, record) for number, record in enumerate(records, 1))


def _no_number(said: str) -> NoReturn:
    raise ValueError(said)


def _tabled(text: str) -> Iterator[Numbered]:
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    table = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        lines = [(number, cells) for number, cells in enumerate(table, 1) if any(cells)]
    except csv.Error:
        raise UnreadableFileError("quotes") from None
    _count(lines[1:])
    head = [_unescaped(cell).strip() for cell in lines[0][1]]
    if not {"source", "confidence"} <= set(head):
        raise UnreadableFileError("headings")
    if twice := next((one for one in head if one and head.count(one) > 1), ""):
        raise UnreadableFileError("twice", twice[:80])
    return (Numbered(number, _record(head, cells)) for number, cells in lines[1:])


def _count(records: Sequence[object]) -> None:
    if len(records) > MOST_RECORDS:
        raise UnreadableFileError("rows", str(len(records)))


def _record(head: Sequence[str], cells: Sequence[str]) -> Record:
    """Take the cells of a row for what they say; what is empty is not said.

    A row that is longer than the head is kept as it is, to be refused as a record.
    """
    if any(cells[len(head) :]):
        return {"": cells[len(head)]}
    pairs = zip(head, map(_unescaped, cells), strict=False)
    told = {name: cell for name, cell in pairs if name or cell.strip()}
    record: dict[str, Any] = {
        name: cell if cell.strip() else None for name, cell in told.items()
    }
    record[DISPLAYS] = [line.strip() for line in _lines(told.get(DISPLAYS, ""))]
    if said := told.get(GUEST_BOOK, "").strip().casefold():
        record[GUEST_BOOK] = said in YES if said in YES | NO else told[GUEST_BOOK]
    if record.get("note", "") is None:
        del record["note"]
    return record


def _lines(cell: str) -> Iterator[str]:
    parts = cell.split("\n") if "\n" in cell else cell.split("|")
    return (part for part in parts if part.strip())


def _unescaped(cell: str) -> str:
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell[1:] if ESCAPED.match(cell) else cell


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(_cell, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
