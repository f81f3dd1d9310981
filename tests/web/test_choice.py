"""Choosing a language: what is remembered, where it leads, and who may send the form."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from guide.app import create_app
from guide.db import Database
from tests.conftest import client_of, settings_for

THIRTY_DAYS = 30 * 24 * 3600
SAFE = {"GET", "HEAD"}
CODE = "by6v1"
ELSEWHERE = [
    *("//evil.example", "//evil.example/", "///evil.example", "////evil.example", "//evil"),
    *("/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "\\evil"),
    *("//\\evil.example", "/.\\evil.example", "/a\\..\\evil.example", "\\", "/\\"),
    *("http://evil.example", "https://evil.example", "HTTPS://evil.example", "ftp://evil"),
    *("https:evil.example", "https:/evil.example", "https:///evil.example", "http:\\\\evil"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"),
    *(
        "mailto:a@evil.example",
        "tel:1",
        "intent://x#Intent;end",
        "blob:x",
        "file:///etc/passwd",
    ),
    *("%2f%2fevil.example", "/%2fevil.example", "/%2Fevil.example", "%2fevil.example"),
    *("/%252fevil.example", "%252f%252fevil.example", "/%5cevil.example", "/%255cevil.example"),
    *("/%09/evil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example"),
    *("/\r\n/evil.example", "/%0d%0a/evil.example", "/%0d%0aSet-Cookie:%20d=1", "/a\x00b"),
    *(" //evil.example", "/ /evil.example", "\u00a0//evil.example", "/\x85/evil.example"),
    *("@evil.example", "//localhost@evil.example", "http://localhost@evil.example"),
    *("http://localhost.evil.example", "http://localhost:80@evil.example", ".evil.example"),
    *("//[", "http://[::1", "//[::1]/", "?next=//evil.example", "#//evil.example", ""),
    *("evil.example", "en/", "..", "../evil.example", "/" + "a" * 3_000, "/\u2028\x1f"),
]
OURS = [
    *(
        "/",
        "/fr/",
        "/fr/exhibits/tar",
        "/fr/code?c=by6v1",
        "/fr/exhibits/tar#facts",
        "/zh-Hans/",
    ),
    *("/en/code?c=//evil.example", "/en/?next=https://evil.example", "/@evil.example"),
]


def test_a_choice_is_remembered_for_thirty_days_and_leads_back(guide: TestClient) -> None:
    answer = guide.post("/choice", data={"lang": "ar", "next": "/ar/exhibits/tar"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/ar/exhibits/tar")
    assert guide.cookies["lang"] == "ar"
    assert guide.get("/", headers={"accept-language": "fr"}).headers["location"] == "/ar/"


def test_the_cookie_is_for_us_alone(visitor: TestClient) -> None:
    set_cookie = visitor.post("/choice", data={"lang": "ar"}).headers["set-cookie"]

    assert set(set_cookie.split("; ")) == {
        "lang=ar",
        f"Max-Age={THIRTY_DAYS}",
        "Path=/",
        "HttpOnly",
        "SameSite=lax",
    }


def test_the_cookie_is_secure_where_the_public_address_is(
    museum: Database, tmp_path: Path
) -> None:
    settings = settings_for("sqlite://", tmp_path / "data").model_copy(
        update={"public_url": "https://g.example.az"}
    )
    with client_of(create_app(settings, museum)) as phone:
        assert "Secure" in phone.post("/choice", data={"lang": "ar"}).headers["set-cookie"]


@pytest.mark.parametrize("lang", ["", "zz", "EN", "en ", "en;q=1", "zh", "../../x", "e\x00n"])
def test_an_unknown_language_is_not_remembered(visitor: TestClient, lang: str) -> None:
    answer = visitor.post("/choice", data={"lang": lang, "next": "/fr/"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("next_", ELSEWHERE, ids=ascii)
def test_a_choice_never_leads_to_another_site(visitor: TestClient, next_: str) -> None:
    location = visitor.post("/choice", data={"lang": "fr", "next": next_}).headers["location"]

    assert location == "/"


@pytest.mark.parametrize("next_", OURS)
def test_a_choice_leads_back_to_where_it_was_made(visitor: TestClient, next_: str) -> None:
    location = visitor.post("/choice", data={"lang": "fr", "next": next_}).headers["location"]

    assert location == re.sub("^/(en|zh-Hans)/", "/fr/", next_)
    assert urlsplit(location).netloc == ""


@pytest.mark.parametrize(
    ("next_", "location"),
    [
        ("/en/exhibits/tar", "/zh-Hans/exhibits/tar"),
        ("/en/", "/zh-Hans/"),
        ("/en", "/zh-Hans"),
        ("/q/BY6V1", "/q/BY6V1"),
        ("/english/exhibits/tar", "/english/exhibits/tar"),
        ("/", "/"),
    ],
)
def test_a_choice_leads_to_the_same_page_in_that_language(
    visitor: TestClient, next_: str, location: str
) -> None:
    answer = visitor.post("/choice", data={"lang": "zh-Hans", "next": next_})
    assert answer.headers["location"] == location


def test_there_are_sixty_ways_that_lead_nowhere_else() -> None:
    assert len(set(ELSEWHERE)) >= 60


def test_every_button_of_the_page_works_as_it_stands(visitor: TestClient) -> None:
    page = visitor.get("/en/exhibits/tar").text
    (next_,) = re.findall(r'name="next" value="([^"]+)"', page)
    languages = re.findall(r'<button[^>]* name="lang" value="([^"]+)"', page)
    assert len(languages) == 7
    for lang in languages:
        sent = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
        answer = visitor.post("/choice", data={"next": next_, "lang": lang}, headers=sent)
        assert answer.headers["location"] == f"/{lang}/exhibits/tar"
        assert answer.headers["set-cookie"].startswith(f"lang={lang};")


@pytest.mark.parametrize(
    "sender",
    [
        {},
        {"origin": "http://localhost"},
        {"origin": "https://localhost"},
        {"origin": "http://localhost:8000", "host": "localhost:8000"},
        {"sec-fetch-site": "none"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
    ],
    ids=str,
)
def test_a_form_of_ours_is_taken(visitor: TestClient, sender: dict[str, str]) -> None:
    answer = visitor.post("/choice", data={"lang": "fr"}, headers=sender)

    assert answer.headers["set-cookie"].startswith("lang=fr;")


def unsafe_routes(app: FastAPI) -> list[tuple[str, str]]:
    """List every method and address that may change something by what a browser brings along.

    The API takes nothing but a token (`tests/api/test_tokens.py`).
    """
    return [
        (method, re.sub(r"{[^}]*}", "x", str(route.path).replace("{code:label}", CODE)))
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if method not in SAFE and not str(route.path).startswith("/api/")
    ]


@pytest.mark.parametrize(
    "stranger",
    [
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://localhost:8080"},
        {"origin": "http://evil.example/localhost"},
        {"origin": "http://localhost@evil.example"},
        {"origin": "http://["},
        {"origin": "localhost"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "rubbish"},
        {"sec-fetch-site": "none", "origin": "null"},
        {"sec-fetch-site": "same-site", "origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    ],
    ids=str,
)
def test_nothing_that_another_site_sends_is_taken_anywhere(
    visitor: TestClient, stranger: dict[str, str]
) -> None:
    assert isinstance(visitor.app, FastAPI)
    unsafe = unsafe_routes(visitor.app)
    assert ("POST", "/choice") in unsafe
    for method, path in unsafe:
        sent = stranger | {"content-type": "application/x-www-form-urlencoded"}
        answer = visitor.request(method, path, content=b"lang=fr", headers=sent)
        assert answer.status_code == 403, (method, path)
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/en/", "/ar/", "/en", "/en/exhibits/tar", "/en/exhibitions/classic-cars"),
        *("/en/languages", "/en/code", "/en/code?c=by6v1", "/q/by6v1", "/q/x", "/nope"),
        *("/healthz", "/readyz", "/static/x/y"),
    ],
)
def test_a_first_visit_sets_no_cookie(visitor: TestClient, path: str) -> None:
    assert "set-cookie" not in visitor.get(path).headers
