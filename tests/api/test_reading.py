"""What visitors read, other systems read too: that, in their language, and nothing besides."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from guide.db import Database
from guide.exhibits.model import Exhibit, Fact
from tests import make
from tests.api.conftest import API, Told, is_problem

PUBLIC = (
    "/exhibitions",
    "/exhibitions/classic-cars",
    "/exhibits",
    "/exhibits/tar",
    "/languages",
)


def read(visitor: TestClient, path: str) -> Told:
    told: Told = visitor.get(API + path).json()
    return told


def test_exhibitions_come_in_the_order_of_the_rooms(visitor: TestClient) -> None:
    told = read(visitor, "/exhibitions?lang=en")

    assert [one["slug"] for one in told["items"]] == [
        *("carpet-dance-of-loops", "mini-azerbaijan", "musical-instruments", "classic-cars")
    ]
    assert told["items"][3]["name"] == {"text": "Classic cars", "language": "en"}
    assert told["items"][3]["exhibits"] == 6


def test_an_exhibition_lists_its_exhibits(visitor: TestClient) -> None:
    told = read(visitor, "/exhibitions/musical-instruments?lang=en")

    assert "tar" in [one["slug"] for one in told["exhibits"]]
    assert told["text"]["story"]["language"] == "en"


def test_an_exhibit_says_what_its_sources_say(visitor: TestClient) -> None:
    told = read(visitor, "/exhibits/tar?lang=fr")

    assert told["presence"]["kind"] == "reported"
    assert told["presence"]["in_words"]["language"] == "fr"
    assert told["text"]["story"]["status"] in {"machine", "reviewed"}
    assert all(fact["source"].startswith("http") for fact in told["facts"])
    assert told["exhibition"]["slug"] == "musical-instruments"
    assert told["number"] == 1


def test_no_code_is_told(visitor: TestClient) -> None:
    assert "code" not in read(visitor, "/exhibits/tar")


def test_each_field_says_which_language_it_is_in(guide: TestClient, museum: Database) -> None:
    mirror = make.exhibit("mirror")
    mirror.names = {"az": "Güzgü"}
    mirror.texts.append(make.text("az", hook="Bir söz.", story="", status="machine"))
    mirror.texts[1].publish(at=make.YESTERDAY)
    mirror.texts[0].hook = ""
    mirror.facts = (
        Fact({"en": "Age"}, {"en": "old"}, "https://example.org", "high"),
        Fact({"en": "Price"}, {"en": "secret"}, "", "low"),
    )
    with museum.writing() as db:
        db.add(mirror)

    told = read(guide, "/exhibits/mirror?lang=ru")

    assert told["name"] == {"text": "Güzgü", "language": "az"}
    assert told["text"]["hook"] == {"text": "Bir söz.", "language": "az", "status": "machine"}
    assert told["text"]["story"]["language"] == "en"
    assert [fact["label"]["text"] for fact in told["facts"]] == ["Age"]


def test_what_is_not_published_is_not_there(guide: TestClient, museum: Database) -> None:
    with museum.writing() as db:
        hidden = make.exhibit("hidden", published=False)
        gone = make.exhibit("gone", of=hidden.exhibition)
        gone.withdraw(at=datetime.now(UTC))
        db.add_all([hidden, gone])

    for slug in ("hidden", "gone", "never"):
        assert is_problem(guide.get(f"{API}/exhibits/{slug}"), 404)
    assert is_problem(guide.get(f"{API}/exhibitions/carpets"), 404)
    slugs = [one["slug"] for one in read(guide, "/exhibits?limit=100")["items"]]
    assert "tar" in slugs
    assert not {"hidden", "gone"} & set(slugs)


def test_without_a_language_it_is_that_of_the_house(visitor: TestClient) -> None:
    assert read(visitor, "/exhibits/tar")["language"] == "az"
    assert read(visitor, "/exhibits/tar?lang=ZH-HANS")["language"] == "zh-Hans"


@pytest.mark.parametrize("lang", ["zz", "", "../../x", "en-GB", "e" * 300])
def test_a_language_that_is_not_offered_is_told_so(visitor: TestClient, lang: str) -> None:
    answer = visitor.get(f"{API}/exhibits", params={"lang": lang})

    assert is_problem(answer, 422, "unknown-language")
    assert answer.json()["languages"][0] == "az"


def test_languages_say_where_a_missing_text_comes_from(visitor: TestClient) -> None:
    told = read(visitor, "/languages")["items"]

    assert {
        "tag": "ar",
        "name": "العربية",
        "direction": "rtl",
        "chain": ["ar", "en", "az"],
    } in told


# Looking for something.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tar", True),
        ("TAR  unity", True),
        ("тар", True),
        ("%", False),
        ("_", False),
        ("\\", False),
        ('" * NEAR( AND', False),
        ("' OR 1=1 --", False),
    ],
)
def test_words_are_found_in_names_as_they_are_typed(
    visitor: TestClient, words: str, found: bool
) -> None:
    answer = visitor.get(f"{API}/exhibits", params={"q": words, "limit": 100})

    assert ("tar" in [one["slug"] for one in answer.json()["items"]]) == found


def test_an_exhibition_is_listed_alone(visitor: TestClient) -> None:
    found = read(visitor, "/exhibits?exhibition=classic-cars")["items"]

    assert len(found) == 6
    assert {one["exhibition"]["slug"] for one in found} == {"classic-cars"}
    assert read(visitor, "/exhibits?exhibition=none")["items"] == []


def test_what_is_not_known_is_ignored(visitor: TestClient) -> None:
    known, unknown = visitor.get(f"{API}/exhibits"), visitor.get(f"{API}/exhibits?page[]=1&x=2")

    assert unknown.status_code == 200
    assert unknown.headers["etag"] == known.headers["etag"]


# Page after page.


def test_pages_hold_everything_once(visitor: TestClient) -> None:
    whole = [one["slug"] for one in read(visitor, "/exhibits?limit=100")["items"]]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = read(visitor, f"/exhibits?limit=4{cursor and f'&cursor={cursor}'}")
        seen += [one["slug"] for one in page["items"]]
        cursor = page["next"]

    assert len(whole) == 27
    assert seen == whole


def test_a_cursor_holds_when_what_it_stands_after_is_gone(
    guide: TestClient, museum: Database
) -> None:
    first = read(guide, "/exhibits?limit=2")
    second = read(guide, f"/exhibits?limit=2&cursor={first['next']}")
    with museum.writing() as db:
        last = db.query(Exhibit).where(Exhibit.slug == first["items"][1]["slug"]).one()
        last.withdraw(at=datetime.now(UTC))

    again = read(guide, f"/exhibits?limit=2&cursor={first['next']}")

    assert again["items"] == second["items"]


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "abc", "%", "é", "W10", "bnVsbA", "WzEsImEiLDFd", "A" * 5_000),
        "WyIxIiwiYSIsMSwiYiJd",  # ["1","a",1,"b"]
        "WzFlNDAwLCJhIiwxLCJiIl0",  # [1e400,"a",1,"b"]
        "Wzk5OTk5OTk5OTk5OTksImEiLDEsImIiXQ",  # [99999999999999,"a",1,"b"]
        "W3RydWUsImEiLDEsImIiXQ",  # [true,"a",1,"b"]
        "WzEsIlx1MDAwMCIsMSwiYiJd",  # [1,"\u0000",1,"b"]
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(visitor: TestClient, cursor: str) -> None:
    answer = visitor.get(f"{API}/exhibits", params={"cursor": cursor})

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["faults"] == [{"field": "query.cursor", "fault": "unknown"}]


@pytest.mark.parametrize(
    "limit", ["0", "-1", "101", "1e3", "1_000", str(2**63), "9" * 5_000, "", "x"]
)
def test_a_page_has_a_size_that_can_be_read(visitor: TestClient, limit: str) -> None:
    answer = visitor.get(f"{API}/exhibits", params={"limit": limit})

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["faults"][0]["field"] == "query.limit"


def test_a_page_takes_one_set_of_statements(guide: TestClient, museum: Database) -> None:
    statements: list[str] = []
    engine = museum.reader

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    guide.get(f"{API}/exhibits?limit=1")
    event.listen(engine, "before_cursor_execute", note)
    guide.get(f"{API}/exhibits?limit=100")
    event.remove(engine, "before_cursor_execute", note)

    # The texts of the page; and, in a new edition, the list of all.
    assert len([one for one in statements if "exhibit_texts" in one]) in {1, 2}


# For caches and for pages of other sites.


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_known_is_not_sent_again(visitor: TestClient, path: str) -> None:
    first = visitor.get(API + path)
    etag = first.headers["etag"]

    again = visitor.get(API + path, headers={"if-none-match": f'"x", W/{etag}'})

    assert not etag.startswith("W/")
    assert first.headers["cache-control"] == "public, no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    assert "set-cookie" not in first.headers


@pytest.mark.parametrize("tags", ["", "*x", '"', "W/", "\xff", '"a",,"b"'])
def test_a_tag_that_is_none_is_in_nobodys_way(visitor: TestClient, tags: str) -> None:
    headers = {b"if-none-match": tags.encode("latin-1")}

    assert visitor.get(f"{API}/languages", headers=headers).status_code == 200


@pytest.mark.parametrize("path", [*PUBLIC, "/openapi.json", "/exhibits/never"])
def test_any_page_may_read_it(visitor: TestClient, path: str) -> None:
    origin = {"origin": "https://example.org"}

    for method in ("GET", "HEAD", "OPTIONS"):
        answer = visitor.request(method, API + path, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


def test_a_page_may_ask_before_it_asks(visitor: TestClient) -> None:
    answer = visitor.options(f"{API}/exhibits/tar")

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "If-None-Match"


def test_no_page_of_another_site_reads_tours(visitor: TestClient) -> None:
    for method in ("GET", "OPTIONS"):
        answer = visitor.request(method, f"{API}/tours")
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", PUBLIC)
def test_head_is_get_without_its_body(visitor: TestClient, path: str) -> None:
    head, get = visitor.head(API + path), visitor.get(API + path)

    assert head.status_code == 200
    assert head.headers["etag"] == get.headers["etag"]
    assert head.content == b""


# Refusals.


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"])
@pytest.mark.parametrize("path", [*PUBLIC, "/openapi.json", "/tours", "/tours/1/stops"])
def test_what_no_address_takes_is_refused_with_what_it_takes(
    visitor: TestClient, path: str, method: str
) -> None:
    taken = {"/tours": {"POST"}, "/tours/1/stops": {"PUT"}}.get(path, set())
    if method in taken:
        return

    answer = visitor.request(method, API + path)

    assert is_problem(answer, 405)
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("", 404), ("/", 404), ("/nothing", 404), ("/exhibits/", 404)),
        *(("/exhibits/a/b", 404), ("/exhibits/%2e%2e%2fx", 404), ("/exhibits/%252f", 404)),
        *(("/exhibits/x%00", 400), ("/exhibits/%ff", 400), ("/exhibits/%ed%a0%80", 400)),
        *(("/exhibits?q=" + "a" * 60_000, 414), ("/exhibits?q=" + "a" * 1_000, 422)),
        *(("/exhibits?lang=%00", 400), ("/tours/0", 401), ("/exhibits/%E2%80%AEx", 404)),
    ],
)
def test_a_refusal_is_a_problem_document(visitor: TestClient, path: str, status: int) -> None:
    assert is_problem(visitor.get(API + path), status)


def test_a_refusal_repeats_nothing(visitor: TestClient) -> None:
    answer = visitor.get(f"{API}/exhibits", params={"limit": "wanming", "lang": "yang"})

    assert "wanming" not in answer.text
    assert "yang" not in answer.text


def test_a_host_that_is_not_ours_is_refused_in_json(visitor: TestClient) -> None:
    assert is_problem(visitor.get(f"{API}/exhibits", headers={"host": "evil.example"}), 400)
