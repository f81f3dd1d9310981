"""Where a printed code leads: the state table of labels.md, section 4 (Q9)."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.queries import exhibit as exhibit_with_slug
from guide.qr.code import is_consistent
from guide.qr.model import Code

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ENGLISH = {"accept-language": "en-GB,en;q=0.9"}


def code_of(museum: Database, slug: str) -> str:
    with museum.reading() as db:
        found = db.scalar(select(Code.code).join(Code.exhibit).where(Exhibit.slug == slug))
    assert found is not None
    return found


def test_an_exhibit_on_display_is_opened_in_the_readers_language(
    guide: TestClient, museum: Database
) -> None:
    code = code_of(museum, "tar")
    for spelling in (
        f"/q/{code}",
        f"/q/{code.upper()}",
        f"/Q/{code}",
        f"/q/{code[:4]}-{code[4:]}",
    ):
        answer = guide.get(spelling, headers={"accept-language": "zh-CN"})
        assert answer.status_code == 302
        assert answer.headers["location"] == "/zh-Hans/exhibits/tar"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["vary"] == "Accept-Language, Cookie"


def test_an_exhibit_that_moved_to_another_exhibition_is_opened_all_the_same(
    guide: TestClient, museum: Database
) -> None:
    code = code_of(museum, "tar")
    with museum.writing() as db:
        cars = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one().exhibition_id = cars.id

    answer = guide.get(guide.get(f"/q/{code}", headers=ENGLISH).headers["location"])
    assert "Classic cars" in answer.text


def test_an_exhibit_off_display_says_so_and_shows_its_page(
    guide: TestClient, museum: Database
) -> None:
    with museum.writing() as db:
        db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one().take_off_display(at=NOW)

    page = guide.get(
        guide.get(f"/q/{code_of(museum, 'tar')}", headers=ENGLISH).headers["location"]
    )
    assert page.status_code == 200
    assert "Not on display now" in page.text
    assert page.text.count('href="/en/exhibits/') >= 3


def test_a_code_of_a_closed_exhibition_leads_to_its_archive(
    guide: TestClient, museum: Database
) -> None:
    with museum.writing() as db:
        cars = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        cars.closed_at = NOW

    answer = guide.get(f"/q/{code_of(museum, 'gaz-13-chaika')}", headers=ENGLISH)
    assert answer.headers["location"] == "/en/exhibitions/classic-cars"
    assert "has closed" in guide.get("/en/exhibitions/classic-cars").text


def test_a_code_of_a_merged_exhibit_leads_to_the_survivor(
    guide: TestClient, museum: Database
) -> None:
    merged, survivor = code_of(museum, "garmon"), code_of(museum, "saz")
    with museum.writing() as db:
        db.get_one(Code, merged).alias_of = survivor

    answer = guide.get(f"/q/{merged}", headers=ENGLISH)
    assert answer.headers["location"] == "/en/exhibits/saz"


def test_a_retired_label_still_leads_to_its_exhibit(
    guide: TestClient, museum: Database
) -> None:
    code = code_of(museum, "tar")
    with museum.writing() as db:
        db.get_one(Code, code).retire(at=NOW)

    assert guide.get(f"/q/{code}", headers=ENGLISH).headers["location"] == "/en/exhibits/tar"


def test_a_withdrawn_exhibit_is_gone_with_a_way_to_its_exhibition(
    guide: TestClient, museum: Database
) -> None:
    with museum.writing() as db:
        db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one().withdraw(at=NOW)

    for address in (f"/q/{code_of(museum, 'tar')}", "/fr/exhibits/tar"):
        answer = guide.get(address, headers={"accept-language": "fr"})
        assert answer.status_code == 410
        assert '<html lang="fr"' in answer.text
        assert 'href="/fr/exhibitions/musical-instruments"' in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_an_unpublished_exhibit_answers_as_an_unknown_code_does(
    guide: TestClient, museum: Database
) -> None:
    code = code_of(museum, "tar")
    with museum.writing() as db:
        tar = exhibit_with_slug(db, "tar")
        assert tar is not None
        for text in tar.texts:
            text.published_at = None

    hidden, unknown = guide.get(f"/q/{code}"), guide.get("/q/00000")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace(code, "") == unknown.text.replace("00000", "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("00000", "No exhibit has this code"), ("00001", "One character looks wrong")],
)
def test_an_unknown_code_is_told_apart_from_a_mistyped_one(
    visitor: TestClient, typed: str, told: str
) -> None:
    assert is_consistent(typed) == (typed == "00000")
    for address in (f"/q/{typed}", f"/en/code?c={typed}"):
        answer = visitor.get(address, headers=ENGLISH)
        assert answer.status_code == 404
        assert told in answer.text
        assert f'value="{typed}"' in answer.text


def test_no_other_code_is_offered_for_a_mistyped_one(
    guide: TestClient, museum: Database
) -> None:
    code = code_of(museum, "tar")
    wrong = code[:4] + ("0" if code[4] != "0" else "1")
    assert code not in guide.get(f"/en/code?c={wrong}").text


def test_a_typed_code_opens_the_page_that_a_scan_opens(
    guide: TestClient, museum: Database
) -> None:
    code = code_of(museum, "saz")
    scanned = guide.get(f"/q/{code}", headers={"accept-language": "tr"}).headers["location"]
    typed = guide.get(f"/tr/code?c={code.upper()}").headers["location"]
    assert scanned == typed == "/tr/exhibits/saz"


def test_the_host_of_a_request_never_reaches_an_address(
    guide: TestClient, museum: Database
) -> None:
    answer = guide.get(
        f"/q/{code_of(museum, 'tar')}", headers={"x-forwarded-host": "evil.example"}
    )
    assert answer.headers["location"].startswith("/")
    assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "//evil.example",
            "%2F%2Fevil.example",
            "https:%2F%2Fevil.example",
            "%5Cevil.example",
        ),
        *("..%2F..%2Fevil", "{code}?next=//evil.example", "{code}%2F..%2F%2Fevil.example"),
        *("{code}#@evil.example", "{code}%0d%0alocation:%20//evil.example", "@evil.example"),
    ],
)
def test_no_code_leads_out_of_the_house(
    guide: TestClient, museum: Database, typed: str
) -> None:
    typed = typed.format(code=code_of(museum, "tar"))
    for address in (f"/q/{typed}", f"/en/code?c={typed}"):
        answer = guide.get(address, headers=ENGLISH)
        assert answer.headers.get("location", "/en/exhibits/tar") == "/en/exhibits/tar"
        assert answer.status_code in {302, 400, 404}


@pytest.mark.parametrize("typed", ["BY6V-2", "by6v2", "Hello there"])
def test_an_unknown_code_is_said_as_it_was_typed(visitor: TestClient, typed: str) -> None:
    answer = visitor.get("/en/code", params={"c": typed})
    assert answer.status_code == 404
    assert f'value="{typed}"' in answer.text
