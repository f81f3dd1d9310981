"""The bin: what is removed, the way back, and what becomes of it after thirty days."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.curation.clearing import Clearing
from guide.db import Database
from guide.exhibits import bin as store
from guide.exhibits.bin import Binned
from guide.exhibits.glossary import Word
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.queries import exhibit
from guide.qr.model import Code
from guide.upkeep.content import export_folder, import_folder, sheets_of
from tests.accounts.conftest import Desk

BIN = "/staff/bin"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROOM = "musical-instruments"


def code_of(museum: Database, slug: str = "tar") -> str:
    with museum.reading() as db:
        return db.scalars(
            select(Code.code).join(Code.exhibit).where(Exhibit.slug == slug)
        ).one()


def removed_since(museum: Database, slug: str, at: datetime) -> None:
    """Let something have lain in the bin for a while."""
    with museum.writing() as db:
        for thing in db.scalars(select(Exhibit).where(Exhibit.slug == slug)):
            thing.remove(at)
        for word in db.scalars(select(Word).where(Word.slug == slug)):
            word.remove(at)


def test_what_is_in_the_bin_is_gone_for_visitors_and_its_code_says_so_kindly(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    aysel.phone.post(f"{BIN}/exhibit/tar", data=aysel.form)

    assert guide.get("/en/exhibits/tar").status_code == 410
    scanned = guide.get(f"/q/{code_of(museum)}", headers={"accept-language": "en"})
    assert scanned.status_code == 410
    assert "/en/exhibitions/musical-instruments" in scanned.text
    assert "/en/exhibits/tar" not in guide.get(f"/en/exhibitions/{ROOM}").text


def test_the_lists_of_the_office_leave_it_out(aysel: Desk) -> None:
    aysel.phone.post(f"{BIN}/exhibit/tar", data=aysel.form)

    for address in ("/staff/exhibits", "/staff/exhibits.csv", "/staff/search?q=tar", "/staff"):
        assert "/staff/exhibits/tar" not in aysel.phone.get(address).text
        assert "/staff/texts/exhibit/tar/" not in aysel.phone.get(address).text


def test_a_button_takes_it_back_at_once(guide: TestClient, aysel: Desk) -> None:
    shown = guide.get("/en/exhibits/tar").text
    moved = aysel.phone.post(f"{BIN}/exhibit/tar", data=aysel.form)
    page = aysel.phone.get(moved.headers["location"])

    assert page.text.count(f"{BIN}/exhibit/tar/end") == 2
    back = aysel.phone.post(f"{BIN}/exhibit/tar/end", data=aysel.form)

    assert back.headers["location"] == "/staff/exhibits/tar?done=put-back"
    assert guide.get("/en/exhibits/tar").text == shown
    assert f"{BIN}/exhibit/tar/end" not in aysel.phone.get(BIN).text


def test_both_deeds_are_in_the_trail_once(museum: Database, aysel: Desk) -> None:
    for _ in range(2):
        aysel.phone.post(f"{BIN}/exhibit/tar", data=aysel.form)
    for _ in range(2):
        aysel.phone.post(f"{BIN}/exhibit/tar/end", data=aysel.form)

    with museum.reading() as db:
        deeds = db.scalars(select(AuditEntry.deed).where(AuditEntry.subject == "exhibit:tar"))
        assert list(deeds) == ["bin.filled", "bin.put-back"]


def test_what_was_withdrawn_before_stays_withdrawn(guide: TestClient, aysel: Desk) -> None:
    aysel.phone.post("/staff/exhibits/tar/withdrawal", data=aysel.form)
    aysel.phone.post(f"{BIN}/exhibit/tar", data=aysel.form)
    aysel.phone.post(f"{BIN}/exhibit/tar/end", data=aysel.form)

    assert guide.get("/en/exhibits/tar").status_code == 410


def test_an_exhibition_with_exhibits_stays(guide: TestClient, aysel: Desk) -> None:
    answer = aysel.phone.post(f"{BIN}/exhibition/{ROOM}", data=aysel.form)

    assert answer.status_code == 409
    assert guide.get(f"/en/exhibitions/{ROOM}").status_code == 200


def test_an_empty_exhibition_goes_and_an_exhibit_brings_it_back(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    with museum.reading() as db:
        room = select(Exhibit.slug).join(Exhibit.exhibition).where(Exhibition.slug == ROOM)
        slugs = list(db.scalars(room))
    for slug in slugs:
        aysel.phone.post(f"{BIN}/exhibit/{slug}", data=aysel.form)
    gone = aysel.phone.post(f"{BIN}/exhibition/{ROOM}", data=aysel.form)
    assert gone.status_code == 303

    assert guide.get(f"/en/exhibitions/{ROOM}").status_code == 410
    assert f"/en/exhibitions/{ROOM}" not in guide.get("/en/").text
    scanned = guide.get(f"/q/{code_of(museum)}", headers={"accept-language": "en"})
    assert scanned.status_code == 410
    assert f"/en/exhibitions/{ROOM}" not in scanned.text

    aysel.phone.post(f"{BIN}/exhibit/tar/end", data=aysel.form)
    assert guide.get("/en/exhibits/tar").status_code == 200
    assert f"/en/exhibitions/{ROOM}" in guide.get("/en/").text


@pytest.mark.parametrize("address", ["exhibit/none", "nothing/tar", "word/none"])
def test_what_is_not_there_is_not_found(aysel: Desk, address: str) -> None:
    assert aysel.phone.post(f"{BIN}/{address}", data=aysel.form).status_code == 404


@pytest.mark.parametrize(
    ("lies", "left"),
    [
        (timedelta(0), 30),
        (timedelta(seconds=1), 30),
        (timedelta(days=1), 29),
        (timedelta(days=29, hours=23), 1),
        (timedelta(days=30), 0),
        (timedelta(days=400), 0),
    ],
)
def test_thirty_days_are_counted_down(lies: timedelta, left: int) -> None:
    assert Binned("word", Word(), NOW - lies).days_left(NOW) == left


def test_after_thirty_days_words_are_deleted_and_exhibits_archived(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    now = datetime.now(UTC)
    removed_since(museum, "tar", now - timedelta(days=31))
    removed_since(museum, "sumakh", now - timedelta(days=29))
    assert isinstance(guide.app, FastAPI)
    clearing: Clearing = guide.app.state.clearing
    clearing.clear(now)
    clearing.clear(now)

    with museum.reading() as db:
        left = {(one.kind, one.thing.slug) for one in store.in_bin(db)}
        deeds = db.scalars(select(AuditEntry.subject).where(AuditEntry.deed == "bin.emptied"))
        assert left == {("exhibit", "tar"), ("word", "sumakh")}
        assert list(deeds) == ["word:tar"]
    assert aysel.phone.post(f"{BIN}/word/tar/end", data=aysel.form).status_code == 404
    assert "Archive" in aysel.phone.get(BIN).text
    back = aysel.phone.post(f"{BIN}/exhibit/tar/end", data=aysel.form)
    assert back.status_code == 303


def test_no_code_is_lost(museum: Database) -> None:
    code = code_of(museum)
    removed_since(museum, "tar", NOW)
    with museum.writing() as db:
        store.empty(db, NOW + timedelta(days=4_000))

    assert code_of(museum) == code


def test_what_is_removed_goes_out_and_comes_in_as_it_is(
    museum: Database, database: Database, tmp_path: Path
) -> None:
    removed_since(museum, "tar", NOW)
    with museum.reading() as db:
        export_folder(db, tmp_path / "out")
        before = sheets_of(db)
    with database.writing() as db:
        import_folder(db, tmp_path / "out", NOW)
        found = exhibit(db, "tar")
        assert found
        assert found.removed_at == NOW
        assert sheets_of(db) == before
