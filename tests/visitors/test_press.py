"""The press: printed once, the same for everyone, afresh when the content moves on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.responses import Response

from guide.app import create_app
from guide.db import Database
from guide.exhibits.model import Exhibit, ExhibitText
from guide.qr.model import Code, Scan
from guide.qr.scanning import Scanning
from guide.visitors import press as press_module
from guide.visitors.press import Press
from guide.visitors.printing import Found
from guide.web.edition import edition
from tests.conftest import BROWSER, settings_for

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PAGE = "/en/exhibits/tar"


@pytest.fixture
def press(museum: Database, tmp_path: Path) -> Press:
    """The press over the starter content, not yet running: tests say when it looks."""
    app = create_app(settings_for("sqlite://", tmp_path / "data"), museum)
    made = Press(Scanning(app), app.state)
    made.watch.look()
    return made


@pytest.fixture
def phone(press: Press) -> Iterator[TestClient]:
    client = TestClient(
        press, base_url="http://localhost", headers=BROWSER, follow_redirects=False
    )
    press.state.scans.start()
    yield client
    press.state.scans.close()


def rename(museum: Database, name: str) -> None:
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.names = {**tar.names, "en": name}


def test_a_page_is_printed_once_and_served_in_the_best_encoding(
    phone: TestClient, press: Press
) -> None:
    first = phone.get(PAGE, headers={"accept-encoding": "br, gzip"})
    again = phone.get(PAGE, headers={"accept-encoding": "br, gzip"})
    plain = phone.get(PAGE, headers={"accept-encoding": "identity"})
    zipped = phone.get(PAGE, headers={"accept-encoding": "gzip;q=0.5, br;q=0"})

    assert first.text == again.text == plain.text == zipped.text
    assert again.headers["content-encoding"] == "br"
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert press.size > len(plain.content)
    assert len({answer.headers["etag"] for answer in (again, plain, zipped)}) == 3


def test_a_printed_page_carries_every_header_of_a_page_that_is_not(
    phone: TestClient, press: Press
) -> None:
    unprinted = TestClient(press.app, base_url="http://localhost").get(PAGE)
    phone.get(PAGE)
    printed = phone.get(PAGE)
    added = {"etag", "vary", "content-encoding", "content-length"}
    assert {n: v for n, v in printed.headers.items() if n not in added} == {
        n: v for n, v in unprinted.headers.items() if n not in added
    }
    assert printed.headers["vary"] == "Accept-Encoding"


def test_a_page_that_a_phone_has_is_not_sent_again(phone: TestClient) -> None:
    etag = phone.get(PAGE).headers["etag"]
    answer = phone.get(PAGE, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert phone.get(PAGE, headers={"if-none-match": '"another"'}).status_code == 200


def test_a_change_of_content_is_seen_as_soon_as_the_press_looks(
    phone: TestClient, press: Press, museum: Database
) -> None:
    phone.get(PAGE)
    elsewhere = Database(museum.reader, museum.writer)  # as another process would write
    rename(elsewhere, "The renamed tar")
    assert "The renamed tar" not in phone.get(PAGE).text

    press.watch.look()
    assert "The renamed tar" in phone.get(PAGE).text


def test_a_change_by_this_process_is_seen_at_once(phone: TestClient, museum: Database) -> None:
    phone.get(PAGE)
    rename(museum, "The renamed tar")
    assert "The renamed tar" in phone.get(PAGE).text


def test_a_page_that_was_printed_before_a_change_was_noticed_is_not_kept(
    phone: TestClient, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer = press.printer.print

    def print_meanwhile(found: Found) -> Response:
        answer = printer(found)
        press.watch.number += 1
        return answer

    monkeypatch.setattr(press.printer, "print", print_meanwhile)
    assert phone.get(PAGE).status_code == 200
    assert press.size == 0


@pytest.mark.parametrize("change", ["insert", "update", "delete"])
def test_the_database_itself_raises_the_edition(museum: Database, change: str) -> None:
    with museum.reading() as db:
        before = edition(db)
    with museum.writing() as db:
        text = db.scalars(select(ExhibitText).limit(1)).one()
        if change == "insert":
            db.add(
                ExhibitText(
                    exhibit_id=text.exhibit_id,
                    language="xx",
                    status="draft",
                    hook="h",
                    look_for=[],
                    story="",
                    made_from={},
                )
            )
        elif change == "update":
            text.hook = "Another hook."
        else:
            db.delete(text)
    with museum.reading() as db:
        assert edition(db) > before


def test_a_change_that_is_taken_back_raises_nothing(museum: Database) -> None:
    with museum.reading() as db:
        before = edition(db)
    with museum.writing() as db:
        db.scalars(select(ExhibitText).limit(1)).one().hook = "Never."
        db.flush()
        db.rollback()
    with museum.reading() as db:
        assert edition(db) == before


def test_a_scan_raises_nothing(museum: Database) -> None:
    with museum.reading() as db:
        before = edition(db)
    with museum.writing() as db:
        code = db.scalars(select(Code).limit(1)).one()
        db.add(Scan(code=code.code, exhibit_id=code.exhibit_id, language="en", hour=NOW))
    with museum.reading() as db:
        assert edition(db) == before


@pytest.mark.parametrize(
    "path", ["/", "/en/code?c=00000", "/q/00000", "/en/nothing", "/healthz"]
)
def test_what_is_for_one_reader_is_never_kept(
    phone: TestClient, press: Press, path: str
) -> None:
    phone.get(path)
    assert press.size == 0


def test_an_address_with_a_query_goes_past_the_press(phone: TestClient, press: Press) -> None:
    assert phone.get(f"{PAGE}?from=elsewhere").status_code == 200
    assert press.size == 0


@pytest.mark.parametrize(
    "host", ["evil.example", "", "localhost.evil.example", "localhost:99999"]
)
def test_a_printed_page_is_not_served_under_a_foreign_host(
    phone: TestClient, host: str
) -> None:
    phone.get(PAGE)
    assert phone.get(PAGE, headers={"host": host}).status_code == 400


def test_only_the_head_is_sent_when_the_head_is_asked_for(phone: TestClient) -> None:
    page = phone.get(PAGE)
    head = phone.head(PAGE)
    assert head.content == b""
    assert head.headers["etag"] == page.headers["etag"]
    assert head.headers["content-length"] == page.headers["content-length"]


def test_the_stock_is_bounded_and_the_least_asked_for_goes_first(
    phone: TestClient, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.get("/en/exhibits/tar")
    monkeypatch.setattr(press_module, "LARGEST_STOCK", press.size * 3)
    for slug in ("saz", "kamancha", "gaval", "balaban", "naghara"):
        phone.get(f"/en/exhibits/{slug}")
        phone.get("/en/exhibits/tar")
    assert press.size <= press_module.LARGEST_STOCK
    assert "/en/exhibits/tar" in press
    assert "/en/exhibits/saz" not in press


def test_a_page_costs_few_bytes_over_the_wire(phone: TestClient) -> None:
    answer = phone.get(PAGE, headers={"accept-encoding": "br"})
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
    assert head + int(answer.headers["content-length"]) <= 14_000
    assert len(brotli.compress(answer.content, quality=4)) <= 10_000


def test_pages_are_served_while_the_database_is_away(
    phone: TestClient, museum: Database
) -> None:
    phone.get(PAGE)
    with museum.writing() as db:
        db.connection().exec_driver_sql("ALTER TABLE edition RENAME TO mislaid")
    assert phone.get(PAGE).status_code == 200
