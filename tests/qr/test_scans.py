"""What counts as a scan, and that counting loses and doubles nothing (acceptance 14)."""

import errno
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO

import pytest
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import func, inspect, select, text

from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.qr.model import Code, Scan
from guide.qr.scans import MOST_WAITING, ScanLog, Scanned, is_by_a_person
from guide.web import logs
from tests.conftest import BROWSER

NOT_PEOPLE = [
    {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
    {"user-agent": "facebookexternalhit/1.1"},
    {"user-agent": "WhatsApp/2.23"},
    {"user-agent": "TelegramBot (like TwitterBot)"},
    {"user-agent": "curl/8.0"},
    BROWSER | {"sec-purpose": "prefetch;prerender"},
    BROWSER | {"purpose": "prefetch"},
    BROWSER | {"x-moz": "prefetch"},
]


class FullDisk(StringIO):
    """Standard error in a file on a disk that is full."""

    def write(self, _: str, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def scans(museum: Database) -> int:
    with museum.reading() as db:
        return db.scalar(select(func.count()).select_from(Scan)) or 0


def any_code(museum: Database) -> Code:
    with museum.reading() as db:
        return db.scalars(select(Code).join(Code.exhibit).where(Exhibit.slug == "tar")).one()


def settle(guide: TestClient) -> None:
    guide.app.state.scans.settle()  # type: ignore[attr-defined]  # the app is a FastAPI


@contextmanager
def writing(museum: Database) -> Iterator[ScanLog]:
    log = ScanLog(museum)
    log.start()
    yield log
    log.close()


def test_a_scan_and_a_typed_code_each_count_once(guide: TestClient, museum: Database) -> None:
    code = any_code(museum).code
    guide.get(f"/q/{code}", headers={"accept-language": "fr"})
    guide.get(f"/ar/code?c={code}")
    settle(guide)

    with museum.reading() as db:
        assert sorted(db.scalars(select(Scan.language))) == ["ar", "fr"]


def test_a_scan_keeps_nothing_of_the_person(museum: Database) -> None:
    with museum.reading() as db:
        columns = {column["name"] for column in inspect(db.connection()).get_columns("scans")}
    told = {"code", "exhibit_id", "exhibition_id", "language", "hour", "visit"}
    assert columns == {"id", *told}


def test_a_scan_is_known_to_the_hour(guide: TestClient, museum: Database) -> None:
    guide.get(f"/q/{any_code(museum).code}")
    settle(guide)

    with museum.reading() as db:
        hour = db.scalars(select(Scan.hour)).one()
    assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)
    assert hour.tzinfo is not None


@pytest.mark.parametrize("headers", NOT_PEOPLE)
def test_robots_and_prefetches_do_not_count(headers: dict[str, str]) -> None:
    assert is_by_a_person("GET", BROWSER)
    assert not is_by_a_person("GET", headers)


def test_asking_for_the_head_does_not_count(guide: TestClient, museum: Database) -> None:
    assert guide.head(f"/q/{any_code(museum).code}").status_code == 302
    settle(guide)
    assert scans(museum) == 0


def test_a_code_that_leads_nowhere_does_not_count(guide: TestClient, museum: Database) -> None:
    guide.get("/q/00000")
    guide.get("/en/code?c=00000")
    settle(guide)
    assert scans(museum) == 0


def test_a_thousand_scans_from_many_threads_are_a_thousand_rows(museum: Database) -> None:
    code = any_code(museum)
    scan = Scanned(
        code.code, code.exhibit_id, None, "en", datetime(2026, 11, 24, 9, tzinfo=UTC)
    )
    with writing(museum) as log, ThreadPoolExecutor(8) as phones:
        for _ in range(1_000):
            phones.submit(log.count, scan)
    assert scans(museum) == 1_000
    assert log.dropped == 0


def test_a_page_is_served_and_the_loss_counted_when_scans_cannot_be_written(
    guide: TestClient, museum: Database
) -> None:
    code = any_code(museum).code
    with museum.writing() as db:
        db.execute(text("DROP TABLE scans"))

    assert guide.get(f"/q/{code}").status_code == 302
    settle(guide)
    assert guide.app.state.scans.dropped == 1  # type: ignore[attr-defined]  # a FastAPI


def test_closing_writes_what_was_counted(museum: Database) -> None:
    code = any_code(museum)
    with writing(museum) as log:
        log.count(
            Scanned(code.code, code.exhibit_id, None, "en", datetime(2026, 11, 24, tzinfo=UTC))
        )
    assert scans(museum) == 1


def test_what_does_not_fit_is_dropped_and_the_drop_counted(museum: Database) -> None:
    code = any_code(museum)
    scan = Scanned(code.code, code.exhibit_id, None, "en", datetime(2026, 11, 25, tzinfo=UTC))
    log = ScanLog(museum)
    for _ in range(MOST_WAITING + 3):
        log.count(scan)
    assert log.dropped == 3
    log.settle()
    assert scans(museum) == MOST_WAITING


def test_the_thread_lives_on_when_the_disk_is_full_for_rows_and_for_the_log(
    museum: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = any_code(museum)
    scan = Scanned(code.code, code.exhibit_id, None, "en", datetime(2026, 11, 25, tzinfo=UTC))
    log = ScanLog(museum)
    with museum.writing() as db:
        db.execute(text("ALTER TABLE scans RENAME TO mislaid"))
    with monkeypatch.context() as disk:
        disk.setattr("sys.stderr", FullDisk())
        logs.configure()
        log.count(scan)
        log.settle()
    structlog.reset_defaults()
    with museum.writing() as db:
        db.execute(text("ALTER TABLE mislaid RENAME TO scans"))
    log.count(scan)
    log.settle()
    assert (log.dropped, scans(museum)) == (1, 1)
