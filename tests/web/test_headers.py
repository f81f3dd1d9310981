"""The one set of headers: on every address, and on every way to be refused."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from structlog.testing import capture_logs

from guide.app import create_app
from guide.db import Database
from tests.conftest import client_of, settings_for

# As docs/promises.md gives it to the world; not read from the code that it is to hold.
EVERYWHERE = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}
SWITCHED_OFF = {"camera", "geolocation", "microphone", "payment", "usb"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
NOT_KEPT, REVALIDATED = "no-store", "public, no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
ASSETS = ("guide.css", "img/icon.svg")

# method, address, headers and body, status, Cache-Control
Asked = tuple[str, str, dict[str, str], bytes, int, str]
ASKED: dict[str, Asked] = {
    "entrance": ("GET", "/", {}, b"", 302, NOT_KEPT),
    "bare": ("GET", "/en", {}, b"", 308, NOT_KEPT),
    "wrong case": ("GET", "/EN/", {}, b"", 308, NOT_KEPT),
    "home": ("GET", "/en/", {}, b"", 200, REVALIDATED),
    "head": ("HEAD", "/en/", {}, b"", 200, REVALIDATED),
    "exhibition": ("GET", "/en/exhibitions/classic-cars", {}, b"", 200, REVALIDATED),
    "exhibit": ("GET", "/en/exhibits/tar", {}, b"", 200, REVALIDATED),
    "code": ("GET", "/en/code", {}, b"", 200, REVALIDATED),
    "typed": ("GET", "/en/code?c=by6v1", {}, b"", 302, NOT_KEPT),
    "mistyped": ("GET", "/en/code?c=x", {}, b"", 404, NOT_KEPT),
    "languages": ("GET", "/en/languages", {}, b"", 200, REVALIDATED),
    "scanned": ("GET", "/q/by6v1", {}, b"", 302, NOT_KEPT),
    "capital Q": ("GET", "/Q/BY6V1", {}, b"", 302, NOT_KEPT),
    "unknown code": ("GET", "/q/x", {}, b"", 404, NOT_KEPT),
    "chosen": ("POST", "/choice", FORM, b"lang=fr", 303, NOT_KEPT),
    "healthz": ("GET", "/healthz", {}, b"", 200, NOT_KEPT),
    "readyz": ("GET", "/readyz", {}, b"", 200, NOT_KEPT),
    "no file": ("GET", "/static/x/guide.css", {}, b"", 404, NOT_KEPT),
    "no page": ("GET", "/en/nothing/here", {}, b"", 404, NOT_KEPT),
    "no language": ("GET", "/zz/", {}, b"", 404, NOT_KEPT),
    "bad host": ("GET", "/en/", {"host": "evil.example"}, b"", 400, NOT_KEPT),
    "bad path": ("GET", "/en/%00", {}, b"", 400, NOT_KEPT),
    "bad form": (
        "POST",
        "/choice",
        {"content-type": "multipart/form-data"},
        b"x",
        400,
        NOT_KEPT,
    ),
    "other site": ("POST", "/choice", FORM | {"origin": "null"}, b"", 403, NOT_KEPT),
    "method": ("DELETE", "/en/", {}, b"", 405, NOT_KEPT),
    "large": ("POST", "/choice", FORM, b"x" * 70_000, 413, NOT_KEPT),
    "long": ("GET", "/" + "x" * 9_000, {}, b"", 414, NOT_KEPT),
    "compressed": ("POST", "/choice", {"content-encoding": "gzip"}, b"x", 415, NOT_KEPT),
    "no form": ("POST", "/choice", {"content-type": "text/plain"}, b"x", 415, NOT_KEPT),
}


def is_dressed(answer: Response) -> bool:
    """Say whether an answer carries what every answer must, and names no software."""
    told = answer.headers
    off = {one.partition("=()")[0] for one in told["permissions-policy"].split(", ")}
    return (
        told.items() >= EVERYWHERE.items()
        and off >= SWITCHED_OFF
        and not {"server", "x-powered-by", "via"} & set(told)
        and [name for name, _ in told.multi_items()].count("cache-control") == 1
    )


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_every_answer_carries_the_headers(visitor: TestClient, asked: Asked) -> None:
    method, path, headers, body, status, kept = asked
    answer = visitor.request(method, path, content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == kept
    assert "strict-transport-security" not in answer.headers
    assert is_dressed(answer)


def test_a_word_in_place_of_a_file_is_refused_with_the_headers(visitor: TestClient) -> None:
    answer = visitor.post("/choice", files={"lang": ("x", b"fr")})
    assert answer.status_code == 422
    assert is_dressed(answer)


@pytest.mark.parametrize("name", ASSETS)
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("identity", None),
        ("*", None),
        ("sabre, gzipped", None),
        ("", None),
    ],
)
def test_a_file_is_kept_for_ever_in_an_encoding_that_was_asked_for(
    visitor: TestClient, name: str, accepted: str, encoding: str | None
) -> None:
    assert isinstance(visitor.app, FastAPI)
    path = visitor.app.state.assets.path(name)
    answer = visitor.get(path, headers={"accept-encoding": accepted})
    assert answer.headers["cache-control"] == FOR_EVER
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers.get("content-encoding") == encoding
    assert is_dressed(answer)


@pytest.mark.parametrize("path", ["/d/token", "/staff/", "/staff/tours"])
def test_an_address_that_is_nobodys_business_sends_no_referrer(
    visitor: TestClient, path: str
) -> None:
    assert visitor.get(path).headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/en/", "/q/by6v1", "/nope", "/healthz", "/en/%00"])
def test_https_is_asked_for_once_the_public_address_has_it(
    museum: Database, tmp_path: Path, path: str
) -> None:
    settings = settings_for("sqlite://", tmp_path / "data")
    public = settings.model_copy(update={"public_url": "https://g.example.az"})
    with client_of(create_app(public, museum)) as phone:
        answer = phone.get(path, headers={"host": "g.example.az"})
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


@pytest.fixture
def broken(museum: Database, tmp_path: Path) -> Iterator[TestClient]:
    """A guide with two addresses that fail."""

    def fail() -> None:
        raise RuntimeError("kanareyka-7f3a")

    app = create_app(settings_for("sqlite://", tmp_path / "data"), museum)
    app.add_api_route("/fr/broken/page", fail)
    app.add_api_route("/broken/page/here", fail)
    with client_of(app) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "language"), [("/fr/broken/page", "fr"), ("/broken/page/here", "tr")]
)
def test_a_fault_of_ours_is_told_in_the_readers_language_and_no_more(
    broken: TestClient, path: str, language: str
) -> None:
    with capture_logs() as lines:
        answer = broken.get(path, headers={"accept-language": "tr-TR"})
    assert answer.status_code == 500
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["content-language"] == language
    assert answer.headers["cache-control"] == NOT_KEPT
    assert is_dressed(answer)
    for hint in ("kanareyka", "RuntimeError", "Traceback", "test_headers"):
        assert hint not in answer.text
    assert [(line["route"], line["status"]) for line in lines] == [(path, 500)]


@pytest.mark.parametrize("path", ["/", "/en/", "/q/by6v1", "/readyz", "/nope", "/en/%00"])
def test_without_its_database_the_guide_still_answers_decently(
    tmp_path: Path, path: str
) -> None:
    gone = Database.open(f"sqlite:///{tmp_path / 'nowhere' / 'guide.sqlite3'}")
    with client_of(create_app(settings_for("sqlite://", tmp_path / "data"), gone)) as phone:
        answer = phone.get(path)
        assert phone.get("/healthz").status_code == HTTPStatus.OK
    assert answer.status_code in {400, 503}
    assert 'lang="az"' in answer.text
    assert answer.headers["cache-control"] == NOT_KEPT
    assert is_dressed(answer)
