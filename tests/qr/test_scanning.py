"""A scan in front of the framework: the same answer as the route's, and the same count."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.app import create_app
from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.qr.model import Code, Scan
from guide.qr.scanning import Scanning
from tests.conftest import BROWSER, settings_for
from tests.qr.test_follow import NOW, code_of

PHONES = [
    pytest.param({"accept-language": "zh-CN,zh;q=0.9"}, id="language of the phone"),
    pytest.param({"cookie": "lang=ar", "accept-language": "fr"}, id="choice"),
    pytest.param({"cookie": "d=forged; lang=xx"}, id="rubbish"),
    pytest.param({}, id="silent"),
]


@pytest.fixture
def app(museum: Database, tmp_path: Path) -> FastAPI:
    made = create_app(settings_for("sqlite://", tmp_path / "data"), museum)
    made.state.watch.look()
    return made


@pytest.fixture
def front(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(
        Scanning(app), base_url="http://localhost", headers=BROWSER, follow_redirects=False
    ) as client:
        yield client


def told(client: TestClient, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    answer = client.get(path, headers=headers)
    return answer.status_code, dict(answer.headers)


@pytest.mark.parametrize("headers", PHONES)
@pytest.mark.parametrize("is_closed", [False, True])
def test_the_front_answers_as_the_route_does(
    front: TestClient,
    app: FastAPI,
    museum: Database,
    headers: dict[str, str],
    is_closed: bool,
) -> None:
    if is_closed:
        with museum.writing() as db:
            tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
            db.refresh(tar, ["exhibition"])
            tar.exhibition.closed_at = NOW
    path = f"/q/{code_of(museum, 'tar')}"
    by_route = told(
        TestClient(app, base_url="http://localhost", follow_redirects=False), path, headers
    )
    assert app.state.board.known(path[3:])

    assert told(front, path, headers) == by_route


def test_the_front_needs_no_database(front: TestClient, museum: Database) -> None:
    path = f"/q/{code_of(museum, 'tar')}"
    front.get(path)
    with museum.writing() as db:
        db.connection().exec_driver_sql("ALTER TABLE codes RENAME TO mislaid")

    for spelling in (path, path.upper(), f"{path[:7]}-{path[7:]}"):
        answer = front.get(spelling, headers={"accept-language": "fr"})
        assert (answer.status_code, answer.headers["location"]) == (
            HTTPStatus.FOUND,
            "/fr/exhibits/tar",
        )


def test_what_is_not_on_the_board_goes_on(front: TestClient, museum: Database) -> None:
    assert front.get("/q/00000").status_code == HTTPStatus.NOT_FOUND
    assert front.get("/healthz").status_code == HTTPStatus.OK
    path = f"/q/{code_of(museum, 'tar')}"
    front.get(path)
    assert front.post(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert front.get(path, headers={"host": "evil.example"}).status_code == 400


def test_each_scan_is_a_row_and_a_head_is_none(
    front: TestClient, app: FastAPI, museum: Database
) -> None:
    path = f"/q/{code_of(museum, 'tar')}"
    for language in ("fr", "fr", "az", "fr"):
        front.get(path, headers={"accept-language": language})
    assert front.head(path).status_code == HTTPStatus.FOUND
    app.state.scans.settle()

    with museum.reading() as db:
        rows = db.execute(select(Scan.language, Code.code).join(Code, Scan.code == Code.code))
        assert sorted(language for language, _ in rows) == ["az", "fr", "fr", "fr"]
