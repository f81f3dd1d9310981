"""Bad files: each is refused with a plain sentence, and nothing is stored."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from guide.db import Database
from tests.accounts.conftest import Desk
from tests.curation.test_bulk import rows, send, tally, trial_of

HEAD = b"exhibit,hook_en\n"
GOOD = HEAD + "tar,Bir sətir\n".encode()
PO = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
MESSAGE = 'msgctxt "exhibit/tar/hook"\nmsgid "A"\nmsgstr "B"\n'


def workbook(*cells: tuple[str, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet
    for row in cells:
        sheet.append(row)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def with_parts(**parts: bytes) -> bytes:
    """Add parts to a good workbook, or put them in the place of its own."""
    made = BytesIO()
    good = zipfile.ZipFile(BytesIO(workbook(("exhibit", "hook_en"), ("tar", "A"))))
    named = {name.replace("__", "/").replace("_0", "."): body for name, body in parts.items()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in good.namelist():
            if name not in named:
                packed.writestr(name, good.read(name))
        for name, body in named.items():
            packed.writestr(name, body)
    return made.getvalue()


def encrypted() -> bytes:
    raw = bytearray(with_parts())
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        raw[at + 8] |= 1
        at = raw.find(b"PK\x01\x02", at + 1)
    return bytes(raw)


def many_parts() -> bytes:
    return with_parts(**{f"xl__part{number}": b"" for number in range(2_001)})


def lying_dimension() -> bytes:
    good = zipfile.ZipFile(BytesIO(with_parts()))
    sheet = good.read("xl/worksheets/sheet1.xml")
    at = sheet.index(b'<dimension ref="') + 16
    lie = sheet[:at] + b"A1:XFD1048576" + sheet[sheet.index(b'"', at) :]
    return with_parts(xl__worksheets__sheet1_0xml=lie)


def of_1904() -> bytes:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 (as openpyxl has it)
    sheet = book.active
    assert sheet
    sheet.append(("exhibit", "hook_en"))
    sheet.append(("tar", datetime(2019, 9, 17)))  # noqa: DTZ001 (a cell has no zone)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def sheets(*some: object, schema: object = 1) -> bytes:
    return json.dumps({"schema": schema, "sheets": some}).encode()


XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
TAR = {"kind": "exhibit", "slug": "tar"}
NOBODY = {"exhibit": "nobody", "reason": "compare"}
PLURAL = 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n'
TEXT = {"kind": "exhibit text", "slug": "tar", "language": "en"}


def po(messages: str) -> bytes:
    return (PO.format("en") + messages).encode()


@dataclass(frozen=True)
class Bad:
    """A file, and what a curator is told of it."""

    case: str
    name: str
    body: bytes | Callable[[], bytes]
    told: str
    status: int = 422

    def made(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body()


REFUSED = (
    Bad("nothing", "a.csv", b"", "The file is empty"),
    Bad("blank", "a.csv", b" \n\n", "The file is empty"),
    Bad("head alone", "a.csv", HEAD, "nothing below it"),
    Bad("cp1251", "a.csv", "exhibit,hook_ru\ntar,Тар\n".encode("cp1251"), "CSV UTF-8"),
    Bad("open quote", "a.csv", HEAD + b'tar,"open\nsaz,x\n', "quotation mark"),
    Bad("NUL", "a.csv", HEAD + b"tar,a\x00b\n", "signs that no text has"),
    Bad("long line", "a.csv", HEAD + b"tar," + b"x" * 3_000_000, "longer than any text"),
    Bad("head twice", "a.csv", b"exhibit,Hook,hook\ntar,a,b\n", "Two columns have the name"),
    Bad("100k columns", "a.csv", b"exhibit" + b",x" * 100_000 + b"\n", "more columns"),
    Bad("1M rows", "a.csv", HEAD + b"tar,a\n" * 1_000_000, "more rows"),
    Bad("ragged", "a.csv", HEAD + b"tar,a,b,c\n", "more cells than the head"),
    Bad("zip bomb", "a.xlsx", lambda: with_parts(xl__x=b"0" * 150_000_000), "far larger"),
    Bad("many parts", "a.xlsx", many_parts, "far larger"),
    Bad("links", "a.xlsx", with_parts(xl__externalLinks__a_0xml=b"<a/>"), "from other files"),
    Bad("macros", "a.xlsm", with_parts(), "macros", 415),
    Bad("hidden macros", "a.xlsx", with_parts(xl__vbaProject_0bin=b"x"), "macros", 415),
    Bad("encrypted", "a.xlsx", encrypted, "password"),
    Bad("old and locked", "a.xlsx", b"\xd0\xcf\x11\xe0" + b"x" * 99, "password"),
    Bad("XXE", "a.xlsx", with_parts(xl__workbook_0xml=XXE), "no workbook"),
    Bad("XML cut", "a.xlsx", with_parts(xl__workbook_0xml=b"<workbook"), "no workbook"),
    Bad("zip cut", "a.xlsx", with_parts()[:900], "no workbook"),
    Bad("words", "a.xlsx", GOOD, "no workbook"),
    Bad("image", "a.png", b"\x89PNG", "of this type", 415),
    Bad("no ending", "a", GOOD, "of this type", 415),
    Bad("NDJSON", "a.json", b'{"schema": 1}\n{"schema": 1}\n', "more than one JSON"),
    Bad("list", "a.json", b"[]", "not as the export writes it"),
    Bad("null", "a.json", b"null", "not as the export writes it"),
    Bad("version", "a.json", sheets(TEXT, schema=2), "of version “2”"),
    Bad("key twice", "a.json", b'{"schema": 1, "schema": 1, "sheets": []}', "stands twice"),
    Bad("NaN", "a.json", b'{"schema": 1, "sheets": [{"kind": NaN}]}', "no JSON"),
    Bad("deep", "a.json", b'{"a":' * 100_000, "nests deeper"),
    Bad("no kind", "a.json", sheets({"slug": "tar"}), "not as the export writes it"),
    Bad("tours", "a.json", sheets({"kind": "tour", "slug": "x"}), "not something", 404),
    Bad("YAML", "a.yaml", b"a: &a [*a]", "YAML is not read", 415),
    Bad("YAML tag", "a.yml", b"!!python/object:os.system x", "YAML is not read", 415),
    Bad("ZIP", "a.zip", with_parts(_0_0__evil=b"x"), "Archives are not opened", 415),
    Bad("ZIP as CSV", "a.csv", with_parts(), "Archives are not opened", 415),
    Bad("no workbook in it", "a.xlsx", b"PK\x05\x06" + b"\0" * 18, "Archives", 415),
    Bad("PO of no language", "a.po", (PO.format("xx") + MESSAGE).encode(), "no language"),
    Bad(
        "PO plural",
        "a.po",
        po(PLURAL),
        "plural",
    ),
    Bad("PO cut", "a.po", (PO.format("en") + 'msgid "a\nmsg').encode(), "no catalogue"),
)


@pytest.mark.parametrize("bad", REFUSED, ids=lambda bad: bad.case)
def test_a_bad_file_is_refused_in_words(museum: Database, aysel: Desk, bad: Bad) -> None:
    before = rows(museum)

    answer = send(aysel, bad.made(), bad.name)

    assert (answer.status_code, bad.told in answer.text) == (bad.status, True)
    assert rows(museum) == before


def test_a_form_without_a_file_says_so(aysel: Desk) -> None:
    answer = aysel.phone.post("/staff/imports", data=aysel.form)

    assert answer.status_code == 422
    assert "No file was chosen" in answer.text


def test_a_file_beyond_the_limit_is_not_read(aysel: Desk) -> None:
    assert send(aysel, b"x" * 9_000_000).status_code == 413


FAULTY = (
    Bad("error cell", "a.xlsx", workbook(("exhibit", "hook_en"), ("tar", "#REF!")), "#REF!"),
    Bad("formula", "a.xlsx", workbook(("exhibit", "hook_en"), ("tar", "=1+1")), "formula"),
    Bad("date of 1904", "a.xlsx", of_1904(), "2019-09-17"),
    Bad(
        "same sheet twice",
        "a.json",
        sheets({**TAR, "minutes": 3}, {**TAR, "minutes": 4}),
        "Said twice",
    ),
    Bad("strange field", "a.json", sheets({**TEXT, "owner_id": 1}), "owner_id"),
    Bad("not words", "a.json", sheets({**TEXT, "hook": {"a": 1}}), "cannot be read"),
    Bad("related to nobody", "a.json", sheets({**TAR, "related": [NOBODY]}), "nobody"),
    Bad("huge number", "a.json", sheets({**TAR, "minutes": 2**70}), "Not a number"),
    Bad("controls", "a.csv", HEAD + b"tar,a\x07b\n", "Signs that cannot be read"),
    Bad("towers", "a.csv", HEAD + b"tar,a" + "\u0301".encode() * 100 + b"\n", "Signs"),
    Bad("up and away", "a.csv", HEAD + b"../../etc,a\n", "Not the name"),
    Bad("nothing's text", "a.json", sheets({**TEXT, "slug": "nobody", "hook": "A"}), "nobody"),
    Bad("strange message", "a.po", po(MESSAGE.replace("hook", "owner")), "msgctxt"),
)


@pytest.mark.parametrize("bad", FAULTY, ids=lambda bad: bad.case)
def test_what_is_wrong_in_a_cell_is_told(museum: Database, aysel: Desk, bad: Bad) -> None:
    before = rows(museum)

    at = trial_of(aysel, bad.made(), bad.name)
    page = aysel.phone.get(at)
    answer = aysel.phone.post(f"{at}/run", data={**aysel.form, "digest": ""})

    assert page.status_code == 200
    assert bad.told in page.text
    assert tally(page.text)[3]
    assert answer.status_code == 422
    assert rows(museum) == before


TAKEN = (
    Bad("UTF-8 mark", "a.csv", b"\xef\xbb\xbf" + GOOD, ""),
    Bad("UTF-16", "a.csv", GOOD.decode().encode("utf-16"), ""),
    Bad("semicolons", "a.csv", GOOD.replace(b",", b";"), ""),
    Bad("mixed lines", "a.csv", b"exhibit,hook_en\r\ntar,A\nsaz,B\r\n", ""),
    Bad("lying size", "a.xlsx", lying_dimension(), ""),
    Bad("lone name", "../../x\r\n.csv", GOOD, ""),
)


@pytest.mark.parametrize("taken", TAKEN, ids=lambda taken: taken.case)
def test_what_spreadsheets_write_is_read(aysel: Desk, taken: Bad) -> None:
    page = aysel.phone.get(trial_of(aysel, taken.made(), taken.name)).text

    assert tally(page)[3] == 0
    assert tally(page)[1]


@pytest.mark.parametrize("path", ["..%2f..%2fsecret", "0" * 31, "0" * 32, "%00"])
def test_no_other_file_is_an_upload(aysel: Desk, path: str) -> None:
    assert aysel.phone.get(f"/staff/imports/uploads/{path}").status_code in {400, 404}


@pytest.mark.parametrize("run", ["0", "-1", "x", "9" * 30])
def test_no_other_number_is_a_run(aysel: Desk, run: str) -> None:
    assert aysel.phone.get(f"/staff/imports/runs/{run}").status_code in {404, 422}
