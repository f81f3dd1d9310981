"""Scans of a delegation's phones are counted for its visit, others for none."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.qr.model import Scan
from guide.qr.scanning import Scanning
from guide.tours.links import TourLink
from guide.web.reader import DelegationPass, pass_signer
from tests.conftest import BROWSER
from tests.qr.test_follow import code_of
from tests.test_house import app_of
from tests.tours.following.conftest import Visit


@pytest.fixture(params=["route", "front"])
def phone(guide: TestClient, museum: Database, request: pytest.FixtureRequest) -> TestClient:
    """A phone whose scans a route counts, or what stands in front of it."""
    if request.param == "route":
        return guide
    guide.get(f"/q/{code_of(museum, 'tar')}", headers={"user-agent": "curl/8"})
    app = app_of(guide)
    app.state.watch.look()
    return TestClient(
        Scanning(app), base_url="http://localhost", headers=BROWSER, follow_redirects=False
    )


def visits(guide: TestClient, museum: Database) -> list[int | None]:
    """List the visits of all scans that were counted."""
    app_of(guide).state.scans.settle()
    with museum.reading() as db:
        return list(db.scalars(select(Scan.visit).order_by(Scan.id)))


def scan(phone: TestClient, museum: Database) -> str:
    answer = phone.get(f"/q/{code_of(museum, 'tar')}")
    assert answer.status_code == HTTPStatus.FOUND
    return str(answer.headers["location"])


def signed(guide: TestClient, visit: int, seconds: int, secret: str = "") -> str:
    until = int(datetime.now(UTC).timestamp()) + seconds
    shown = DelegationPass(visit=visit, language="fr", until=until)
    said = pass_signer(secret or app_of(guide).state.secret).dumps(shown.model_dump())
    return said if isinstance(said, str) else said.decode()


def test_a_phone_that_opened_the_page_scans_for_its_visit(
    guide: TestClient, phone: TestClient, museum: Database, visit: Visit
) -> None:
    scan(phone, museum)
    cookie = guide.get(visit.address).cookies["d"]
    guide.cookies.clear()
    phone.cookies.set("d", cookie)

    scan(phone, museum)

    with museum.reading() as db:
        link = db.scalars(select(TourLink.id)).one()
    assert visits(guide, museum) == [None, link]


@pytest.mark.parametrize("what", ["forged", "over", "no number", "empty"])
def test_what_is_not_a_pass_counts_for_no_visit(
    guide: TestClient, phone: TestClient, museum: Database, what: str
) -> None:
    cookie = {
        "forged": signed(guide, 7, 60, secret="a forger's own key"),
        "over": signed(guide, 7, -1),
        "no number": "null",
        "empty": "",
    }[what]
    phone.cookies.set("d", cookie)

    scan(phone, museum)

    assert visits(guide, museum) == [None]


def test_a_pass_of_a_visit_counts_for_it_whatever_language_was_chosen(
    guide: TestClient, phone: TestClient, museum: Database
) -> None:
    phone.cookies.set("d", signed(guide, 7, 60))
    assert scan(phone, museum) == "/fr/exhibits/tar"
    phone.cookies.set("lang", "ar")
    assert scan(phone, museum) == "/ar/exhibits/tar"

    assert visits(guide, museum) == [7, 7]
