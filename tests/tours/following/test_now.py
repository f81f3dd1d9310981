"""Where the delegation is now, for who follows a link and for phones that ask now and then."""

import json
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.languages.model import Language
from tests import make
from tests.conftest import OPENING_DAY
from tests.tours.following.conftest import Told, Visit, Visiting
from tests.tours.test_delegation import EVERY_LANGUAGE, shown
from tests.tours.walking.conftest import entry

JSON = {"accept": "application/json"}


def led_to(guide: TestClient, path: str, lang: str = "", **headers: str) -> str:
    asked = {"lang": lang} if lang else {}
    answer = guide.get(f"{path}/now", params=asked, headers=headers)
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    return answer.headers["location"]


def told(guide: TestClient, path: str, lang: str = "en") -> Told:
    answer = guide.get(f"{path}/now", params={"lang": lang}, headers=JSON)
    assert answer.status_code == HTTPStatus.OK
    said: Told = answer.json()
    return said


def test_before_the_beginning_it_leads_to_the_programme(
    guide: TestClient, visit: Visit
) -> None:
    assert led_to(guide, visit.address) == visit.address
    assert led_to(guide, visit.address, "ar") == f"{visit.address}?lang=ar"
    assert led_to(guide, visit.address, "xx") == visit.address


@pytest.mark.parametrize("lang", EVERY_LANGUAGE)
def test_it_leads_to_the_exhibit_in_the_language_that_is_asked_for(
    guide: TestClient, visit: Visit, lang: str
) -> None:
    visit.guide.send(entry("arrived", stop=visit.stops[0]))

    assert led_to(guide, visit.address, lang) == f"/{lang}/exhibits/tar"
    assert guide.get(f"/{lang}/exhibits/tar").status_code == HTTPStatus.OK


def test_else_in_the_readers_own_or_the_delegations(
    guide: TestClient, visiting: Visiting
) -> None:
    visit = visiting(languages=["ja", "tr", "fr"])
    visit.guide.send(entry("arrived", stop=visit.stops[0]))

    assert led_to(guide, visit.address, **{"accept-language": "ru"}) == "/tr/exhibits/tar"
    chosen = {"accept-language": "ru", "cookie": "lang=zh-Hans"}
    assert led_to(guide, visit.address, **chosen) == "/zh-Hans/exhibits/tar"


def test_of_what_has_no_page_it_leads_to_what_there_is(
    guide: TestClient, visiting: Visiting, museum: Database
) -> None:
    with museum.reading() as db:
        cars = db.scalars(select(Exhibition.id).where(Exhibition.slug == "classic-cars")).one()
        tar = db.scalars(select(Exhibit.id).where(Exhibit.slug == "tar")).one()
    visit = visiting(
        stops=[
            make.stop(1, exhibition_id=cars),
            make.stop(2, exhibit_id=tar),
            make.stop(3, names={"az": "Görüş", "ar": "اجتماع"}),
        ]
    )
    with museum.writing() as db:
        db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one().withdraw(OPENING_DAY)
    room, withdrawn, meeting = visit.stops

    visit.guide.send(entry("arrived", stop=room))
    assert led_to(guide, visit.address, "en") == "/en/exhibitions/classic-cars"
    visit.guide.send(entry("arrived", stop=withdrawn))
    assert led_to(guide, visit.address, "en") == "/en/exhibitions/musical-instruments"
    assert told(guide, visit.address)["exhibit_slug"] is None
    visit.guide.send(entry("arrived", stop=meeting))
    assert led_to(guide, visit.address) == visit.address
    assert told(guide, visit.address, "ar") == {
        "stop": meeting,
        "exhibit_slug": None,
        "seq": 3,
        "name": "اجتماع",
        "lang": "ar",
        "path": None,
    }


def test_who_asks_for_json_is_told_what_it_is_called(guide: TestClient, visit: Visit) -> None:
    nowhere = {"stop": None, "exhibit_slug": None, "seq": 0}
    assert told(guide, visit.address) == nowhere | {"name": None, "lang": None, "path": None}
    first = visit.stops[1]
    visit.guide.send(entry("arrived", stop=first))

    for lang in EVERY_LANGUAGE:
        name = next(
            words.text
            for one in shown(guide, visit.address, lang).named("a")
            if one.attributes["href"] == f"/{lang}/exhibits/kamancha"
            for words in one.named("span")
            if words.attributes.get("class") == "name"
        )
        assert told(guide, visit.address, lang) == {
            "stop": first,
            "exhibit_slug": "kamancha",
            "seq": 1,
            "name": name,
            "lang": lang,
            "path": f"/{lang}/exhibits/kamancha",
        }


def test_what_has_not_changed_is_not_sent_again(guide: TestClient, visit: Visit) -> None:
    path = f"{visit.address}/now?lang=en"
    tag = guide.get(path, headers=JSON).headers["etag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}'):
        answer = guide.get(path, headers=JSON | {"if-none-match": known})
        assert (answer.status_code, answer.content) == (HTTPStatus.NOT_MODIFIED, b"")
        assert answer.headers["etag"] == tag

    visit.guide.send(entry("started"))

    answer = guide.get(path, headers=JSON | {"if-none-match": tag})
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["etag"] != tag
    assert answer.headers["vary"] == "Accept, Accept-Language, Cookie"


def test_a_closed_tour_says_nothing_but_the_place(
    guide: TestClient, visiting: Visiting
) -> None:
    visit = visiting(level=3)
    visit.guide.send(entry("arrived", stop=visit.stops[0]), entry("noted", text="Kanareyka"))

    said = told(guide, visit.address)

    assert set(said) == {"stop", "exhibit_slug", "seq", "name", "lang", "path"}
    assert "Kanareyka" not in json.dumps(said)
    assert "Friendship" not in json.dumps(said)


def test_a_language_that_is_off_is_not_answered_in(
    guide: TestClient, visit: Visit, museum: Database
) -> None:
    visit.guide.send(entry("arrived", stop=visit.stops[0]))
    with museum.writing() as db:
        db.get_one(Language, "fr").switched_off_at = OPENING_DAY

    assert led_to(guide, visit.address, "fr") == "/en/exhibits/tar"
