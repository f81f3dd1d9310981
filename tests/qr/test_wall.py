"""The wall walk: a scan by whoever works here is a look at the label, not a visit."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from guide.accounts.model import Role
from guide.db import Database
from guide.qr.labels import standings
from guide.qr.model import Check, Code, Scan, Verdict
from guide.qr.scanning import Scanning
from tests.accounts.conftest import Desk, SignedIn
from tests.conftest import client_of
from tests.qr.test_follow import code_of
from tests.qr.test_standing import exhibit_called, how, print_all

BEFORE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def printed(museum: Database) -> None:
    with museum.writing() as db:
        print_all(db, at=BEFORE)


def scans(guide: TestClient, museum: Database) -> int:
    assert isinstance(guide.app, FastAPI)
    guide.app.state.scans.settle()
    with museum.reading() as db:
        return db.scalar(select(func.count()).select_from(Scan)) or 0


def tell(desk: Desk, code: str, verdict: str, note: str = "") -> str:
    fields = desk.form | {"verdict": verdict, "note": note}
    answer = desk.phone.post(f"/staff/wall/{code}", data=fields)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    return desk.phone.get(answer.headers["location"]).text


@pytest.mark.parametrize("role", Role)
def test_whoever_works_here_is_led_to_the_label_and_not_counted(
    guide: TestClient, museum: Database, signed_in: SignedIn, role: Role
) -> None:
    code, desk = code_of(museum, "tar"), signed_in(role)
    for spelling in (f"/q/{code}", f"/Q/{code.upper()}", f"/q/{code[:4]}-{code[4:]}"):
        answer = desk.phone.get(spelling)
        assert answer.status_code == HTTPStatus.FOUND
        assert answer.headers["location"] == f"/staff/wall/{code}"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["vary"] == "Accept-Language, Cookie"
    assert scans(guide, museum) == 0


def test_the_board_lets_staff_through_and_answers_visitors_itself(
    guide: TestClient, museum: Database, signed_in: SignedIn
) -> None:
    assert isinstance(guide.app, FastAPI)
    code, desk = code_of(museum, "tar"), signed_in(Role.GUIDE)
    phone = client_of(Scanning(guide.app))  # type: ignore[arg-type]  # any ASGI program
    for _ in ("to the board", "from the board"):
        assert phone.get(f"/q/{code}").headers["location"] == "/az/exhibits/tar"
    phone.cookies.set("staff", desk.token)
    assert phone.get(f"/q/{code}").headers["location"] == f"/staff/wall/{code}"
    assert scans(guide, museum) == 2


def test_a_stale_cookie_makes_a_visitor(guide: TestClient, museum: Database) -> None:
    guide.cookies.set("staff", "of-a-session-long-over")
    answer = guide.get(f"/q/{code_of(museum, 'tar')}")
    assert answer.headers["location"] == "/az/exhibits/tar"
    assert scans(guide, museum) == 1


def test_an_unknown_code_is_unknown_to_staff_too(signed_in: SignedIn) -> None:
    desk = signed_in(Role.GUIDE)
    assert desk.phone.get("/q/zzzzz").status_code == HTTPStatus.NOT_FOUND
    assert desk.phone.get("/staff/wall/zzzzz").status_code == HTTPStatus.NOT_FOUND
    told = desk.phone.get("/staff/wall", params={"code": "zzzz-z"})
    assert told.status_code == HTTPStatus.NOT_FOUND
    assert "There is no label with this code" in told.text


@pytest.mark.usefixtures("printed")
def test_what_is_found_right_leaves_the_list(museum: Database, signed_in: SignedIn) -> None:
    code, desk = code_of(museum, "tar"), signed_in(Role.PLANNER)
    assert "27 labels wait" in desk.phone.get("/staff/wall").text

    told = tell(desk, code, "right")

    assert "26 labels wait" in told
    assert "Hangs right" in told
    with museum.reading() as db:
        found = how(db, code).last_check
        assert found
        assert (found.verdict, found.account_id) == (Verdict.RIGHT, desk.number)


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize("verdict", ["damaged", "wrong place", "missing"])
def test_what_is_not_right_stays_on_the_list_with_its_note(
    museum: Database, signed_in: SignedIn, verdict: str
) -> None:
    code, desk = code_of(museum, "tar"), signed_in(Role.GUIDE)
    assert "27 labels wait" in tell(desk, code, verdict, "a scratch\nthrough  the code")
    with museum.reading() as db:
        found = how(db, code).last_check
        assert found
        assert (found.verdict, found.note) == (verdict, "a scratch through the code")


@pytest.mark.parametrize(
    "fields", [{"verdict": "stolen"}, {}, {"verdict": "right", "note": "a" * 121}]
)
def test_what_cannot_be_meant_is_asked_again_and_nothing_kept(
    museum: Database, signed_in: SignedIn, fields: dict[str, str]
) -> None:
    desk = signed_in(Role.GUIDE)
    path = f"/staff/wall/{code_of(museum, 'tar')}"
    answer = desk.phone.post(path, data=desk.form | fields)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    with museum.reading() as db:
        assert db.scalar(select(func.count()).select_from(Check)) == 0


@pytest.mark.usefixtures("printed")
def test_next_is_the_one_after_it_in_the_room(museum: Database, signed_in: SignedIn) -> None:
    desk = signed_in(Role.GUIDE)
    with museum.reading() as db:
        first, second, *_, last = [one.code.code for one in standings(db)]
    assert f'class="next" href="/staff/wall/{second}"' in tell(desk, first, "right")
    assert f'class="next" href="/staff/wall/{second}"' in tell(desk, last, "right")


def test_a_typed_code_opens_its_label(museum: Database, signed_in: SignedIn) -> None:
    code = code_of(museum, "tar")
    answer = signed_in(Role.GUIDE).phone.get("/staff/wall", params={"code": code.upper()})
    assert answer.headers["location"] == f"/staff/wall/{code}"


def test_visitors_pages_stay_printed_when_a_label_is_checked(
    guide: TestClient, museum: Database, signed_in: SignedIn
) -> None:
    before = guide.get("/en/exhibits/tar").headers.get("etag")
    tell(signed_in(Role.GUIDE), code_of(museum, "tar"), "right")
    assert guide.get("/en/exhibits/tar").headers.get("etag") == before


def test_a_label_that_was_retired_is_to_be_taken_down(
    museum: Database, signed_in: SignedIn
) -> None:
    code, desk = code_of(museum, "tar"), signed_in(Role.GUIDE)
    assert "Take it down" not in desk.phone.get(f"/staff/wall/{code}").text
    with museum.writing() as db:
        db.get_one(Code, code).retire(at=BEFORE)
    assert "Take it down" in desk.phone.get(f"/staff/wall/{code}").text
    assert f"/staff/wall/{code}" not in desk.phone.get("/staff/wall").text


def test_a_label_that_leads_nowhere_offers_no_page(
    museum: Database, signed_in: SignedIn
) -> None:
    code, desk = code_of(museum, "tar"), signed_in(Role.GUIDE)
    assert "/en/exhibits/tar" in desk.phone.get(f"/staff/wall/{code}").text
    with museum.writing() as db:
        exhibit_called(db, "tar").withdraw(at=BEFORE)
    assert "/en/exhibits/tar" not in desk.phone.get(f"/staff/wall/{code}").text
