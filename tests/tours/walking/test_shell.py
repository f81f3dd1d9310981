"""The walking page's shell: the same for everybody, and all that a phone may keep."""

import re
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.tours.links import TourLink
from guide.tours.model import State
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked
from tests.tours.walking.conftest import Phone

SHELLS = ("/staff/walk/az", "/staff/walk/en")
KEPT = re.compile(r"^const KEPT = (\{.*\});$", re.MULTILINE)


@pytest.mark.parametrize("path", SHELLS)
def test_it_is_the_same_for_everybody_and_names_nobody(
    guide: TestClient, nigar: Desk, path: str
) -> None:
    stranger, somebody = guide.get(path), nigar.phone.get(path)

    assert stranger.status_code == HTTPStatus.OK
    assert stranger.content == somebody.content
    assert "set-cookie" not in somebody.headers
    assert stranger.headers["x-public"] == "1"
    assert stranger.headers["cache-control"] == "no-cache"


def test_it_speaks_two_languages_and_no_third(guide: TestClient) -> None:
    assert '<html lang="az"' in guide.get("/staff/walk/az").text
    assert guide.get("/staff/walk/ru").status_code == HTTPStatus.NOT_FOUND


def test_without_scripts_it_says_what_to_do(guide: TestClient) -> None:
    said = guide.get("/staff/walk/en").text.partition("<noscript>")[2].partition("</noscript>")

    assert "Walking needs scripts" in said[0]
    assert 'href="/staff/tours"' in said[0]


def test_the_camera_is_for_this_page_alone(guide: TestClient) -> None:
    for path, told in (("/staff/walk/az", "camera=(self)"), ("/staff/session", "camera=()")):
        assert told in guide.get(path).headers["permissions-policy"].split(", ")


def test_the_worker_may_keep_what_is_public_and_nothing_else(guide: TestClient) -> None:
    answer = guide.get("/sw.js")

    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    found = KEPT.search(answer.text)
    assert found
    named = re.findall(r'"(/[^"]+)"', found[1])
    assert {path for path in named if not path.startswith("/static/")} == set(SHELLS)
    for path in named:
        kept = guide.get(path)
        assert (kept.status_code, kept.headers["x-public"]) == (HTTPStatus.OK, "1")


def test_everything_that_the_page_asks_for_is_kept(guide: TestClient) -> None:
    worker = guide.get("/sw.js").text
    page = guide.get("/staff/walk/az").text
    asked = set(re.findall(r'"(/static/[^"]+)"', page))
    for path in [one for one in asked if one.endswith((".js", ".css"))]:
        asked |= set(re.findall(r'["(](/static/[^")]+)[")]', guide.get(path).text))

    missing = {path for path in asked if path not in worker}
    assert {path.rpartition("/")[2] for path in missing} == {"commissioner-cyrillic.woff2"}


def test_whoever_may_walk_a_tour_is_led_there_from_its_page(
    booked: Booked, nigar: Desk
) -> None:
    for state, is_led in ((State.PLANNED, False), (State.CONFIRMED, True)):
        tour = booked(guide=nigar, state=state)
        said = nigar.phone.get(f"/staff/tours/{tour}").text
        assert (f'href="/staff/walk/en#{tour}"' in said) == is_led


def test_the_code_is_shown_once_there_is_an_address(walked: Phone) -> None:
    phone, headers = walked.desk.phone, {"x-csrf-token": walked.desk.form["csrf"]}
    assert phone.get(f"{walked.path}/walk/code").json() == {"svg": "", "lacks": "address"}

    phone.post(f"{walked.path}/papers/address", headers=headers)

    told = phone.get(f"{walked.path}/walk/code").json()
    assert told["svg"].startswith("<svg")
    assert told["lacks"] == ""


def test_looking_at_the_code_makes_no_address(walked: Phone, museum: Database) -> None:
    walked.desk.phone.get(f"{walked.path}/walk/code")

    with museum.reading() as db:
        assert not db.scalars(select(TourLink)).all()


def test_the_code_is_for_those_who_walk(walked: Phone, elvin: Desk) -> None:
    assert elvin.phone.get(f"{walked.path}/walk/code").status_code == HTTPStatus.NOT_FOUND
