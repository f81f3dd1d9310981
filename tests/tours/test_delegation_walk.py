"""A delegation's page while its guide walks: how far the group is, and what it saw (21, 24)."""

import json
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibition
from guide.qr.code import mint
from guide.tours.model import Level, State
from tests import make
from tests.e2e.markup import Element
from tests.tours.following.conftest import Served, Visit, Visiting, served, visit, visiting
from tests.tours.test_delegation import CANARY, EVERY_LANGUAGE, on_day, shown, words
from tests.tours.walking.conftest import entry, walked, walking

__all__ = ["served", "visit", "visiting", "walked", "walking"]


def send(visit: Visit, kind: str, **said: object) -> None:
    answer = visit.guide.send(entry(kind, None, **said))
    assert answer.status_code == HTTPStatus.OK, answer.text


def arrive(visit: Visit, number: int) -> None:
    send(visit, "arrived", stop=visit.stops[number])


def standings(page: Element) -> dict[str, str]:
    """How each stop stands, by its name, in the order of the page."""
    rows = [one for one in page.named("li") if "data-stop" in one.attributes]
    assert all(row.attributes["id"] == f"stop-{row.attributes['data-stop']}" for row in rows)
    return {
        name_in(row): row.attributes.get("data-standing", "")
        for row in rows
        if not row.named("ol")
    }


def name_in(row: Element) -> str:
    (name,) = (one.text for one in row.named("span") if one.attributes.get("class") == "name")
    return name


def seq(page: Element) -> str:
    (own,) = (one for one in page.named("div") if "data-seq" in one.attributes)
    return own.attributes["data-seq"]


# Under way.


def test_before_the_beginning_it_has_hours_and_nothing_is_ticked(
    guide: TestClient, visit: Visit
) -> None:
    page = shown(guide, visit.address)

    assert standings(page) == {"Tar": "", "Kamancha": "", "Saz": ""}
    assert len(page.named("time")) == 6  # the day, from, until, and three stops
    assert "Seen" not in words(page)
    assert "The guide is here" not in words(page)
    assert "Where is the group now?" not in words(page)
    assert seq(page) == "0"


def test_it_is_woven_to_where_the_guide_is(guide: TestClient, visit: Visit) -> None:
    arrive(visit, 0)
    arrive(visit, 1)

    page = shown(guide, visit.address)

    assert standings(page) == {"Tar": "seen", "Kamancha": "here", "Saz": ""}
    assert "Seen Tar" in words(page)
    assert "The guide is here Kamancha" in words(page)
    assert words(page).count("The guide is here") == 1
    assert [one.attributes.get("aria-current") for one in page.named("li")].count("step") == 1
    assert seq(page) == "2"


def test_there_are_no_hours_from_the_beginning_on(guide: TestClient, visit: Visit) -> None:
    send(visit, "started")

    page = shown(guide, visit.address)

    assert [one.attributes["datetime"] for one in page.named("time")] == [
        str(on_day(0)["date"])
    ]
    assert "Where is the group now?" in words(page)


def test_what_is_skipped_is_not_ticked(guide: TestClient, visit: Visit) -> None:
    arrive(visit, 0)
    send(visit, "skipped", stop=visit.stops[1])
    arrive(visit, 2)

    page = shown(guide, visit.address)

    assert standings(page) == {"Tar": "seen", "Kamancha": "passed", "Saz": "here"}
    assert words(page).count("Seen") == 1


def test_who_goes_back_has_seen_what_comes_after(guide: TestClient, visit: Visit) -> None:
    arrive(visit, 1)
    arrive(visit, 0)

    assert standings(shown(guide, visit.address)) == {
        "Tar": "here",
        "Kamancha": "seen",
        "Saz": "",
    }


def test_what_is_added_is_in_its_place(guide: TestClient, visit: Visit) -> None:
    arrive(visit, 0)
    send(visit, "added", exhibit="creation")

    assert list(standings(shown(guide, visit.address))) == [
        "Tar",
        "Creation",
        "Kamancha",
        "Saz",
    ]


def test_an_exhibition_whose_poster_was_scanned_has_its_name_and_leads_to_its_page(
    guide: TestClient, visit: Visit, museum: Database
) -> None:
    with museum.writing() as db:
        cars = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        poster = make.code(mint(set()), of=cars)
        db.add(poster)
        code = poster.code
    arrive(visit, 0)

    added = entry("added", code=f"https://guide.example/q/{code}")
    visit.guide.send(added, entry("arrived", stop=added["key"]))

    assert standings(shown(guide, visit.address))["Classic cars"] == "here"
    answer = guide.get(f"{visit.address}/now", params={"lang": "en"})
    assert answer.headers["location"] == "/en/exhibitions/classic-cars"


def test_on_the_way_it_says_so(guide: TestClient, visit: Visit) -> None:
    arrive(visit, 0)
    send(visit, "left")

    said = words(shown(guide, visit.address))

    assert "On the way to the next stop Tar" in said
    assert "The guide is here" not in said


@pytest.mark.parametrize("lang", EVERY_LANGUAGE)
def test_the_way_to_the_group_needs_no_script(
    guide: TestClient, visit: Visit, lang: str
) -> None:
    arrive(visit, 1)
    (main,) = shown(guide, visit.address, lang).named("main")
    (link,) = (one for one in main.named("a") if "/now" in one.attributes["href"])

    answer = guide.get(link.attributes["href"])

    assert answer.status_code == HTTPStatus.FOUND
    assert answer.headers["location"] == f"/{lang}/exhibits/kamancha"


# What was seen.


def test_the_thanks_tell_what_was_seen_in_its_order(guide: TestClient, visit: Visit) -> None:
    arrive(visit, 2)
    send(visit, "skipped", stop=visit.stops[1])
    send(visit, "added", exhibit="creation")
    arrive(visit, 0)
    send(visit, "finished")

    page = shown(guide, visit.address)

    assert "Thank you for your visit" in words(page)
    assert list(standings(page)) == ["Saz", "Tar"]
    assert set(standings(page).values()) == {""}
    assert "Creation" not in words(page)
    assert "/now" not in guide.get(visit.address).text
    assert not [one for one in page.named("script") if "follow.js" in one.attributes["src"]]


def test_without_a_walk_the_thanks_tell_the_plan(guide: TestClient, visiting: Visiting) -> None:
    visit = visiting(state=State.COMPLETED)

    assert list(standings(shown(guide, visit.address))) == ["Tar", "Kamancha", "Saz"]


# What nobody learns.


@pytest.mark.parametrize("level", Level)
def test_nothing_that_a_guide_takes_down_is_told(
    guide: TestClient, served: Served, visiting: Visiting, level: Level
) -> None:
    visit = visiting(level=level)
    reader = served.follow(visit.address)
    heard = [reader.told()]
    arrive(visit, 0)
    heard.append(reader.told())
    send(visit, "noted", tag="incident", text=CANARY, stop=visit.stops[0])
    send(visit, "gift", text=CANARY)
    send(visit, "counted", number=12)
    send(visit, "added", code=CANARY)
    heard.append(reader.told())
    send(visit, "arrived", stop=visit.stops[1])
    heard.append(reader.told())
    assert visit.stops[1] == heard[-1]["stop"]

    told = [json.dumps(heard)]
    for lang in EVERY_LANGUAGE:
        told.append(guide.get(visit.address, params={"lang": lang}).text)
        now = guide.get(
            f"{visit.address}/now",
            params={"lang": lang},
            headers={"accept": "application/json"},
        )
        assert now.json()["stop"] == visit.stops[1]
        told.append(now.text + str(now.headers))
    assert "A stop on the way" in words(shown(guide, visit.address))
    send(visit, "finished")
    told += [guide.get(visit.address, params={"lang": lang}).text for lang in EVERY_LANGUAGE]

    assert not [one for one in told if CANARY in one]
    assert CANARY in visit.guide.desk.phone.get(f"{visit.guide.path}/walk").text, "it is there"


def test_the_page_says_until_when_it_can_be_followed(guide: TestClient, visit: Visit) -> None:
    (own,) = (
        one
        for one in shown(guide, visit.address).named("div")
        if "data-until" in one.attributes
    )

    until = datetime.fromtimestamp(int(own.attributes["data-until"]) / 1000, UTC)

    assert until.strftime("%H:%M") == "20:00"  # midnight in Baku
    assert until > datetime.now(UTC)


def test_printed_pages_say_nothing_of_a_delegation(guide: TestClient, visit: Visit) -> None:
    stranger = guide.get("/en/exhibits/tar").content
    guide.get(visit.address)

    assert guide.cookies["d"]
    assert guide.get("/en/exhibits/tar").content == stranger
