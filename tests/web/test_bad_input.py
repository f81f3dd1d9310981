"""What nobody should send: the bad-input catalogue, parts A (1-26) and B (27-47).

The number in a test's id is the item's. Elsewhere: how the protocol is framed (27 twice a
Host, 35-42, 44) stands in test_protocol.py, `next` (21) and other sites (46) at length in
test_choice.py. Not yet anywhere, because no address takes such a thing: pages of a list
(13-15), the search `q` (17-19), ids of an owner (25) and UUIDs (26), sessions (32, of which
the cookie `d` is tried here), ranges of media (34; static/ has none to give), live events
(45).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from time import time
from urllib.parse import quote, unquote

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.types import Message, Scope

from guide.db import Base
from guide.web.reader import pass_signer

LANGUAGES = {"az", "en", "ru", "tr", "zh-Hans", "ar", "fr"}
CODE = "by6v1"  # leads to the exhibit "tar"
ADDRESSES = {
    "/": 302,
    "/en": 308,
    "/en/": 200,
    "/en/exhibitions/classic-cars": 200,
    "/en/exhibits/tar": 200,
    "/en/code": 200,
    f"/en/code?c={CODE}": 302,
    "/en/languages": 200,
    "/en/glossary": 200,
    f"/q/{CODE}": 302,
    "/healthz": 200,
    "/readyz": 200,
}
PLACES = {
    "code": "/q/{}",
    "language": "/{}/",
    "exhibition": "/en/exhibitions/{}",
    "exhibit": "/en/exhibits/{}",
    "typed": "/en/code?c={}",
    "hash": "/static/{}/guide.css",
    "file": "/static/x/{}",
}
SEGMENTS = [
    (2, "one character", "x", 404),
    (2, "65 characters", "x" * 65, 404),
    (2, "10,000 characters", "x" * 10_000, 414),
    (5, "NUL", "%00", 400),
    (5, "NUL within", f"{CODE}%00", 400),
    (6, "no UTF-8", "%ff", 400),
    (6, "surrogate", "%ed%a0%80", 400),
    (6, "overlong slash", "%c0%af", 400),
    (7, "dots and slash", "%2e%2e%2f", 404),
    (7, "dots, half encoded", "..%2f..%2fetc%2fpasswd", 404),
    (7, "dots and parameter", "..;%2f", 404),
    (7, "backslash", "..%5c", 404),
    (11, "right-to-left override", f"%e2%80%ae{CODE}", 404),
    (12, "emoji", "%f0%9f%98%80", 404),
    (12, "joined emoji", "%f0%9f%91%a9%e2%80%8d%f0%9f%9a%80", 404),
    (22, "parameter", "tar;v=1", 404),
    (22, "parameter on a code", f"{CODE};v=1", 404),
    (47, "mark-up", "%3cscript%3ealert(1)%3c/script%3e", 404),
    (73, "template", "%7b%7b7*7%7d%7d", 404),
]
HOSTILE = "\"'><script>alert(1)</script>"
FORM = "application/x-www-form-urlencoded"


def app_of(client: TestClient) -> FastAPI:
    assert isinstance(client.app, FastAPI)
    return client.app


def rows_of(client: TestClient) -> Mapping[str, int]:
    app_of(client).state.scans.settle()
    with app_of(client).state.database.reading() as db:
        tables = Base.metadata.sorted_tables
        return {
            table.name: db.scalar(select(func.count()).select_from(table)) for table in tables
        }


@pytest.fixture(autouse=True, scope="module")
def nothing_is_written(visitor: TestClient) -> Iterator[None]:
    before = rows_of(visitor)
    yield
    assert rows_of(visitor) == before


def shows_a_page_of_ours(answer: Response) -> None:
    """Check for a plain page in a language of ours, and nothing of the machine."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    spoken = re.search(r'<html lang="([^"]+)" dir="(?:ltr|rtl)">', answer.text)
    assert spoken is not None
    assert spoken[1] in LANGUAGES
    assert spoken[1] == answer.headers["content-language"]
    assert answer.text.count("<h1") == 1
    assert "Traceback" not in answer.text
    assert "<script>alert" not in answer.text


# Part A: path, query, code.


@pytest.mark.parametrize("path", ["/q/", "/q", "/en/exhibits/", "/en/exhibitions/", "/static/"])
def test_01_an_address_that_ends_too_soon_is_not_found(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    shows_a_page_of_ours(answer)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize(
    ("segment", "status"),
    [(segment, status) for _, _, segment, status in SEGMENTS],
    ids=[f"{item:02}-{what}" for item, what, _, _ in SEGMENTS],
)
def test_an_odd_part_of_an_address_is_refused_plainly(
    visitor: TestClient, place: str, segment: str, status: int
) -> None:
    answer = visitor.get(place.format(segment))
    assert answer.status_code == status
    shows_a_page_of_ours(answer)


@pytest.mark.parametrize("place", [one for one in PLACES.values() if "?" not in one])
def test_47_a_line_break_in_a_path_is_refused(visitor: TestClient, place: str) -> None:
    answer = visitor.get(place.format("a%0d%0aSet-Cookie:%20d=1"))
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers
    shows_a_page_of_ours(answer)


def test_47_a_line_break_in_a_query_reaches_no_header(visitor: TestClient) -> None:
    typed = visitor.get("/en/code?c=a%0d%0aSet-Cookie:%20d=1")
    assert typed.status_code == 404
    shows_a_page_of_ours(typed)
    respelt = visitor.get("/EN/?x=%0d%0aSet-Cookie:%20d=1")
    assert respelt.headers["location"] == "/en/?x=%0d%0aSet-Cookie:%20d=1"
    assert "set-cookie" not in {*typed.headers, *respelt.headers}


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param("BY6V1", id="03-capitals"),
        pytest.param("bY6v-1", id="03-mixed, with a hyphen"),
        pytest.param("BY6VI", id="04-I for 1"),
        pytest.param("by6vl", id="04-l for 1"),
        pytest.param("%ef%bd%82%ef%bd%99%ef%bc%96%ef%bd%96%ef%bc%91", id="10-full width"),
    ],
)
def test_a_code_spelt_otherwise_is_the_same_code(visitor: TestClient, spelling: str) -> None:
    assert visitor.head(f"/q/{spelling}").headers["location"] == "/az/exhibits/tar"
    assert visitor.head(f"/fr/code?c={spelling}").headers["location"] == "/fr/exhibits/tar"


def test_04_O_stands_for_0_in_a_code(visitor: TestClient) -> None:  # noqa: N802 (the letter)
    assert visitor.head("/q/9Ob48").headers["location"] == "/az/exhibits/gaz-m20-pobeda"


@pytest.mark.parametrize("spelling", ["%c3%a9", "e%cc%81"], ids=["NFC", "NFD"])
def test_09_both_spellings_of_an_accent_get_the_same_page(
    visitor: TestClient, spelling: str
) -> None:
    assert visitor.get(f"/q/{spelling}").status_code == 404
    assert visitor.get(f"/en/exhibits/{spelling}").status_code == 404


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    "unknown", ["lang=zz", "lang=../../x", "utm_source=x", "page[]=1", "="]
)
def test_16_and_20_a_parameter_that_no_address_takes_changes_nothing(
    visitor: TestClient, path: str, unknown: str
) -> None:
    mark = "&" if "?" in path else "?"
    plain, odd = visitor.head(path), visitor.head(f"{path}{mark}{unknown}")
    assert odd.status_code == plain.status_code == ADDRESSES[path]
    kept = {"content-length", "content-language", "cache-control"}
    assert {n: odd.headers.get(n) for n in kept} == {n: plain.headers.get(n) for n in kept}


@pytest.mark.parametrize("lang", ["zz", "../../x", "", "EN", "en\x00", "e" * 9_000])
def test_20_an_unknown_language_is_passed_over(visitor: TestClient, lang: str) -> None:
    posted = visitor.post("/choice", data={"lang": lang})
    assert posted.status_code == 303
    assert "set-cookie" not in posted.headers
    assert visitor.get("/", headers={"cookie": f"lang={lang}"}).headers["location"] == "/az/"


@pytest.mark.parametrize(
    "next_",
    [
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nb: c",
    ],
)
def test_21_a_way_back_that_leads_elsewhere_leads_to_the_entrance(
    visitor: TestClient, next_: str
) -> None:
    assert visitor.post("/choice", data={"next": next_}).headers["location"] == "/"


@pytest.mark.parametrize(
    "path", ["//double//slash", "//en//exhibits//tar", "/en//", "//", "/en/x/y"]
)
def test_22_slashes_in_excess_are_not_found(visitor: TestClient, path: str) -> None:
    answer = visitor.get(f"http://localhost{path}")
    assert answer.status_code == 404
    shows_a_page_of_ours(answer)


@pytest.mark.parametrize("path", ADDRESSES)
def test_23_head_answers_as_get_does(visitor: TestClient, path: str) -> None:
    answer = visitor.head(path)
    assert answer.status_code == ADDRESSES[path]
    assert answer.content == b""


@pytest.mark.parametrize("path", [*ADDRESSES, "/static/x/guide.css", "/choice"])
@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "FOO", "PUT", "DELETE", "PATCH"])
def test_23_other_methods_are_refused_with_those_that_are_allowed(
    visitor: TestClient, path: str, method: str
) -> None:
    answer = visitor.request(method, path, headers={"x-canary": HOSTILE})
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) <= {"GET", "HEAD", "POST"}
    shows_a_page_of_ours(answer)


def test_24_a_method_in_the_clothes_of_another_is_not_seen(visitor: TestClient) -> None:
    masked = {"x-http-method-override": "DELETE", "x-method-override": "DELETE"}
    assert visitor.get("/en/?_method=POST", headers=masked).status_code == 200
    assert visitor.post("/en/?_method=GET", data={"_method": "GET"}).status_code == 405
    assert visitor.post("/choice?_method=PUT", data={"_method": "PUT"}).status_code == 303


# Part B: headers.


@pytest.mark.parametrize("path", ["/", f"/q/{CODE}", "/healthz"])
@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "a b", "", " ", "localhost:99999", "localhost:0x50", "localhost:"),
        *("localhost.evil.example", "evil.example:80", "user@localhost", "localhost/en"),
        *("localhost?", "localhost#", "localhost\\", "[", "[::1", "[::1]", "127.1", "*", "%00"),
    ],
)
def test_27_a_host_that_is_not_ours_is_refused(
    visitor: TestClient, path: str, host: str
) -> None:
    answer = visitor.get(path, headers={"host": host})
    assert answer.status_code == 400
    shows_a_page_of_ours(answer)
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost:8000", "127.0.0.1:1"])
def test_27_a_host_of_ours_is_let_in_with_any_port(visitor: TestClient, host: str) -> None:
    assert visitor.get("/en/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    "forwarded",
    [
        {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"},
        {"x-forwarded-for": "1.2.3.4", "x-real-ip": "1.2.3.4", "x-forwarded-port": "99999"},
        {"forwarded": "host=evil.example;proto=https;for=1.2.3.4"},
        {"x-forwarded-prefix": "//evil.example", "x-script-name": "/evil.example"},
        {"x-original-url": "/staff/", "x-rewrite-url": "//evil.example"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_28_what_a_stranger_says_for_a_proxy_changes_nothing(
    visitor: TestClient, path: str, forwarded: dict[str, str]
) -> None:
    robot = {"user-agent": "curl/8"}  # so that no scan is counted
    plain = visitor.get(path, headers=robot)
    told = visitor.get(path, headers=robot | forwarded)
    assert (told.status_code, told.content) == (plain.status_code, plain.content)
    assert told.headers == plain.headers


@pytest.mark.parametrize("path", ["/", f"/q/{CODE}", "/en/", "/nope"])
@pytest.mark.parametrize(
    "header",
    ["xx-" * 3_400, "*;q=2", "fr;q=NaN", ",".join(f"a{n}" for n in range(1_000)), "\x00", "ə"],
    ids=["10 kB", "q=2", "q=NaN", "1,000 tags", "NUL", "no ASCII"],
)
def test_29_a_language_header_that_makes_no_sense_is_no_fault(
    visitor: TestClient, path: str, header: str
) -> None:
    answer = visitor.head(path, headers={b"accept-language": header.encode()})
    assert answer.status_code == visitor.head(path).status_code


@pytest.mark.parametrize(
    "accept", ["text/*;q=", "application/octet-stream", "\x00\x01", "a" * 9_000]
)
def test_30_what_a_client_would_accept_changes_nothing(
    visitor: TestClient, accept: str
) -> None:
    answer = visitor.get("/en/nope", headers={"accept": accept})
    assert answer.status_code == 404
    shows_a_page_of_ours(answer)


COOKIES = {
    "31-malformed": "%%%",
    "31-nameless": "=;=;;; ,",
    "31-twice": "lang=zz; lang=../../x; d=1; d=2",
    "31-64 kB": "d=" + "x" * 65_536,
    "31-NUL": "lang=fr\x00; d=\x00",
    "31-quoted NUL": 'lang="\\000"; d="\\000\\377"',
    "31-no ASCII": "lang=ə; d=ə.ə",
    "31-mark-up": f"lang={HOSTILE}",
    "32-unsigned": "d=eyJ2aXNpdCI6MX0",
    "32-zipped": "d=.eJyrVirLLM4sUbIy1FHKScxLL01MTwUAQ.x",
}


@pytest.mark.parametrize("cookie", COOKIES.values(), ids=COOKIES)
def test_a_cookie_that_is_not_ours_is_nobodys(visitor: TestClient, cookie: str) -> None:
    for path, there in (("/", "/az/"), (f"/q/{CODE}", "/az/exhibits/tar")):
        answer = visitor.head(path, headers={b"cookie": cookie.encode()})
        assert (answer.status_code, answer.headers["location"]) == (302, there)
    refused = visitor.get("/nope", headers={b"cookie": cookie.encode()})
    assert refused.status_code == 404
    shows_a_page_of_ours(refused)


def test_32_a_delegations_pass_is_believed_only_when_signed_whole_and_in_time(
    visitor: TestClient,
) -> None:
    def location(signed: str | bytes) -> str:
        answer = visitor.get("/", headers={"cookie": f"d={signed!s}"})
        return answer.headers["location"]

    said = {"visit": 1, "language": "fr", "until": int(time()) + 60}
    ours, forgers = (pass_signer(key) for key in (app_of(visitor).state.secret, "forged"))
    assert location(ours.dumps(said)) == "/fr/"
    for lie in (
        forgers.dumps(said),
        f"{ours.dumps(said)}x",
        ours.dumps(said | {"until": 1}),
        ours.dumps(said | {"language": "../../x"}),
        ours.dumps({}),
        ours.dumps([]),
    ):
        assert location(lie) == "/az/"


@pytest.mark.parametrize("path", ["/en/", "/en/exhibits/tar", "/healthz"])
@pytest.mark.parametrize("tag", ["garbage", '"', 'W/"', "*, *", '"' * 5_000, "\x00", '"ə"'])
def test_33_a_validator_that_makes_no_sense_gets_the_whole_page(
    visitor: TestClient, path: str, tag: str
) -> None:
    answer = visitor.get(path, headers={b"if-none-match": tag.encode()})
    assert (answer.status_code, answer.content) == (200, visitor.get(path).content)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "rubbish", "gzip, gzip"])
@pytest.mark.parametrize("path", ["/choice", "/en/"])
def test_43_a_compressed_body_is_refused(visitor: TestClient, path: str, encoding: str) -> None:
    packed = {"content-encoding": encoding, "content-type": FORM}
    answer = visitor.post(path, content=b"\x1f\x8b", headers=packed)
    assert answer.status_code == 415
    shows_a_page_of_ours(answer)


@pytest.mark.parametrize(
    "sender",
    [
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://["},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_46_a_form_of_another_site_is_refused(
    visitor: TestClient, sender: dict[str, str]
) -> None:
    answer = visitor.post("/choice", data={"lang": "fr"}, headers=sender)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    shows_a_page_of_ours(answer)


# Part C, as far as the one form goes.


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        pytest.param("text/plain", b"lang=fr", 415, id="56-text"),
        pytest.param("application/json", b'{"lang": "fr"}', 415, id="56-json"),
        pytest.param("application/xml", b"<lang>fr</lang>", 415, id="56-xml"),
        pytest.param("", b"lang=fr", 415, id="56-none"),
        pytest.param("text/html; " + FORM, b"lang=fr", 415, id="56-in disguise"),
        pytest.param("multipart/form-data", b"lang=fr", 400, id="87-no boundary"),
        pytest.param("multipart/form-data; boundary=x", b"lang=fr", 400, id="87-no part"),
        pytest.param(FORM, b"a=1&" * 10_001, 400, id="59-10,001 small fields"),
        pytest.param(FORM, b"name=1&" * 10_001, 413, id="59-10,001 fields"),
        pytest.param(FORM, b"lang=" + b"x" * 65_536, 413, id="58-64 kB"),
        pytest.param("", b"x" * 1_000_000, 413, id="58-1 MB"),
    ],
)
def test_a_body_that_is_no_form_or_too_much_is_refused(
    visitor: TestClient, content_type: str, body: bytes, status: int
) -> None:
    answer = visitor.post("/choice", content=body, headers={"content-type": content_type})
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    shows_a_page_of_ours(answer)


@pytest.mark.parametrize("path", ["/choice", "/en/", "/nope", f"/q/{CODE}"])
def test_58_a_body_too_large_is_refused_wherever_it_is_sent(
    visitor: TestClient, path: str
) -> None:
    answer = visitor.post(path, content=b"x" * 70_000, headers={"content-type": FORM})
    assert answer.status_code == 413
    shows_a_page_of_ours(answer)


def test_58_a_body_that_does_not_say_how_large_it_is_is_counted(visitor: TestClient) -> None:
    endless = (b"x" * 1_000 for _ in range(100))
    answer = visitor.post("/choice", content=endless, headers={"content-type": FORM})
    assert answer.status_code == 413
    shows_a_page_of_ours(answer)


def test_54_of_a_field_sent_twice_the_last_counts(visitor: TestClient) -> None:
    body = b"lang=fr&lang=tr&next=/tr/&next=/fr/exhibits/tar"
    answer = visitor.post("/choice", content=body, headers={"content-type": FORM})
    assert answer.headers["location"] == "/tr/exhibits/tar"
    assert answer.headers["set-cookie"].startswith("lang=tr;")


def test_79_a_file_in_place_of_a_word_is_refused(visitor: TestClient) -> None:
    answer = visitor.post("/choice", files={"lang": ("lang.txt", b"fr")})
    assert answer.status_code == 422
    shows_a_page_of_ours(answer)


@pytest.mark.parametrize(
    "charset",
    ["unicode_escape", "utf-7", "utf-16", "rubbish", "punycode", "idna", "utf-8; charset=idna"],
)
@pytest.mark.parametrize("path", ["/choice", "/staff/session", "/en/"])
def test_50_a_form_in_any_charset_but_utf_8_is_refused_unread(
    visitor: TestClient, charset: str, path: str
) -> None:
    sent = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    body = b'--x\r\nContent-Disposition: form-data; name="next"\r\n\r\n' + b"a" * 60_000
    answer = visitor.post(path, content=body + b"\r\n--x--\r\n", headers=sent)
    assert answer.status_code == 415
    shows_a_page_of_ours(answer)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_50_a_form_in_utf_8_may_say_so(visitor: TestClient, charset: str) -> None:
    sent = {"content-type": f"{FORM}; charset={charset}"}
    answer = visitor.post("/choice", content=b"lang=fr", headers=sent)
    assert answer.status_code == 303


# What no browser sends, and what the test client would not send as it stands.

OURS = (b"host", b"localhost")


@pytest.mark.parametrize(
    ("target", "query", "headers", "status"),
    [
        pytest.param("/en/", b"", [], 400, id="27-no host"),
        pytest.param("/en/", b"", [(b"host", b"\xff")], 400, id="27-no ASCII"),
        pytest.param("/en/", b"\xff", [OURS], 400, id="06-query that is no UTF-8"),
        pytest.param("/EN/", b"\xc9\x99", [OURS], 308, id="06-query in bare UTF-8"),
        pytest.param("/q/%252f", b"", [OURS], 404, id="08-slash encoded twice"),
        pytest.param("/q/%252e%252e", b"", [OURS], 404, id="08-dots encoded twice"),
        pytest.param("/en/exhibits/%2500", b"", [OURS], 404, id="08-NUL encoded twice"),
        pytest.param("/static/x/%252e%252e%252f", b"", [OURS], 404, id="08-file"),
        pytest.param("*", b"", [OURS], 404, id="01-asterisk"),
        pytest.param("", b"", [OURS], 404, id="01-nothing"),
    ],
)
def test_raw_bytes_are_answered_too(
    visitor: TestClient,
    target: str,
    query: bytes,
    headers: list[tuple[bytes, bytes]],
    status: int,
) -> None:
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(target),
        "raw_path": target.encode(),
        "query_string": query,
        "headers": headers,
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    with start_blocking_portal() as portal:  # a loop of its own: the browser tests hold one
        assert portal.call(status_of, app_of(visitor), scope) == status


async def status_of(app: FastAPI, scope: Scope) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    status: int = sent[0]["status"]
    return status


# And what nobody thought of.


def as_code(visitor: TestClient, raw: bytes) -> Response:
    return visitor.get(f"/q/{quote(raw, safe='')}")


def as_slug(visitor: TestClient, raw: bytes) -> Response:
    return visitor.get(f"/en/exhibits/{quote(raw)}")


def as_typed(visitor: TestClient, raw: bytes) -> Response:
    return visitor.get(f"/en/code?c={quote(raw, safe='')}")


def as_next(visitor: TestClient, raw: bytes) -> Response:
    body = f"next={quote(raw, safe='')}"
    answer = visitor.post("/choice", content=body, headers={"content-type": FORM})
    assert re.match(r"/(?![/\\])|$", answer.headers["location"])
    return answer


def as_language(visitor: TestClient, raw: bytes) -> Response:
    return visitor.get("/", headers={b"accept-language": raw})


def as_cookie(visitor: TestClient, raw: bytes) -> Response:
    return visitor.get("/", headers={b"cookie": raw})


def as_choice(visitor: TestClient, raw: bytes) -> Response:
    return visitor.get("/", headers={b"cookie": b"lang=" + raw + b"; d=" + raw})


def as_origin(visitor: TestClient, raw: bytes) -> Response:
    return visitor.post("/choice", data={"lang": "fr"}, headers={b"origin": raw})


WAYS = [as_code, as_slug, as_typed, as_next, as_language, as_cookie, as_choice, as_origin]
TEXTS = st.text(max_size=200).map(lambda text: text.encode(errors="replace"))


@settings(max_examples=250, deadline=None)
@given(way=st.sampled_from(WAYS), raw=st.binary(max_size=200) | TEXTS)
def test_no_text_anywhere_is_a_fault_of_ours(
    visitor: TestClient, way: Callable[[TestClient, bytes], Response], raw: bytes
) -> None:
    assert way(visitor, raw).status_code < 500
