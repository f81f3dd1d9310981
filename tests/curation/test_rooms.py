"""The records of exhibitions and of the Center."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.curation.record_forms import values_of_house, values_of_room
from guide.db import Database
from guide.exhibits.exchange import center_sheet, exhibition_sheet
from guide.exhibits.model import Center, Exhibition
from guide.exhibits.revisions import latest_number
from tests.accounts.conftest import Desk

ROOM, HOUSE = "/staff/exhibitions/classic-cars", "/staff/center"


def of_room(museum: Database, desk: Desk, **changed: str) -> dict[str, str]:
    """Fill the form as a browser sends it that has just opened the page."""
    with museum.reading() as db:
        room = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        version = str(latest_number(db, "exhibition", room.id, ""))
        values = values_of_room(exhibition_sheet(room))
    return {**desk.form, "version": version, **values, **changed}


def of_house(museum: Database, desk: Desk, **changed: str) -> dict[str, str]:
    with museum.reading() as db:
        center = db.scalars(select(Center)).one()
        version = str(latest_number(db, "center", center.id, ""))
        values = values_of_house(center_sheet(center))
    return {**desk.form, "version": version, **values, **changed}


def test_a_room_changes_its_place_and_colour(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    aysel.phone.post(ROOM, data=of_room(museum, aysel, position="9", accent="indigo"))

    assert (of_room(museum, aysel)["position"], of_room(museum, aysel)["accent"]) == (
        "9",
        "indigo",
    )
    assert "accent-indigo" in guide.get("/en/exhibitions/classic-cars").text


def test_a_room_closes_and_goes_on(guide: TestClient, aysel: Desk) -> None:
    shown = guide.get("/en/exhibitions/classic-cars").text

    aysel.phone.post(ROOM + "/closure", data=aysel.form)
    assert guide.get("/en/exhibitions/classic-cars").text != shown

    aysel.phone.post(ROOM + "/closure/end", data=aysel.form)
    assert guide.get("/en/exhibitions/classic-cars").text == shown


def test_opening_times_stand_with_their_source(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    fact = {
        "fact-20-label-en": "Open",
        "fact-20-value-en": "By the clock of a test",
        "fact-20-source": "https://example.org/hours",
        "fact-20-confidence": "high",
    }

    aysel.phone.post(HOUSE, data=of_house(museum, aysel, **fact))

    assert "By the clock of a test" in guide.get("/en/").text


def test_the_second_of_two_editors_loses_nothing(
    museum: Database, aysel: Desk, rauf: Desk
) -> None:
    opened = of_house(museum, rauf, **{"address-en": "What Rauf typed"})
    typed = of_house(museum, aysel, **{"address-en": "What Aysel typed"})
    aysel.phone.post(HOUSE, data=typed)

    answer = rauf.phone.post(HOUSE, data=opened)

    assert answer.status_code == 409
    assert "What Rauf typed" in answer.text
    assert "What Aysel typed" in answer.text


@pytest.mark.parametrize(
    "wrong", [{"position": "0"}, {"accent": "pink"}, {"fact-0-source": "file:///etc"}]
)
def test_what_cannot_be_is_refused(
    museum: Database, aysel: Desk, wrong: dict[str, str]
) -> None:
    before = of_room(museum, aysel)

    assert aysel.phone.post(ROOM, data={**before, **wrong}).status_code == 422
    assert of_room(museum, aysel) == before


def test_the_center_keeps_an_address(museum: Database, aysel: Desk) -> None:
    before = of_house(museum, aysel)
    empty = {name: "" for name in before if name.startswith("address-")}

    assert aysel.phone.post(HOUSE, data={**before, **empty}).status_code == 422


def test_the_rooms_are_listed(aysel: Desk) -> None:
    page = aysel.phone.get("/staff/exhibitions").text

    assert "/staff/exhibitions/classic-cars" in page
    assert "/staff/center" in page
