"""New exhibitions, and their order."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibition
from guide.qr.model import Code
from tests.accounts.conftest import Desk

NEW = "/staff/exhibitions/new"
MAPS = {
    "name-az": "Köhnə xəritələr",
    "name-en": "Old maps",
    "slug": "",
    "accent": "teal",
    "position": "5",
}


def order(museum: Database) -> list[str]:
    with museum.reading() as db:
        rooms = select(Exhibition.slug).order_by(Exhibition.position, Exhibition.slug)
        return list(db.scalars(rooms))


def test_a_new_exhibition_gets_a_code_and_waits_for_something_to_show(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    answer = aysel.phone.post(NEW, data={**aysel.form, **MAPS})

    assert answer.headers["location"] == "/staff/texts/exhibition/kohne-xeriteler/az"
    with museum.reading() as db:
        codes = (
            select(Code.code).join(Code.exhibition).where(Exhibition.slug == "kohne-xeriteler")
        )
        code = db.scalars(codes).one()
    assert guide.get("/en/exhibitions/kohne-xeriteler").status_code == 404
    assert guide.get(f"/q/{code}").status_code == 404
    assert "Old maps" not in guide.get("/en/").text
    assert "kohne-xeriteler" in aysel.phone.get("/staff/exhibitions").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "classic-cars"},
        {"slug": "new"},
        {"slug": "glossary"},
        {"slug": "Old Maps"},
        {"slug": "../etc"},
        {"slug": "a" * 61},
        {"name-az": ""},
        {"name-az": "\u202e"},
        {"name-en": "a\x00b"},
        {"accent": "pink"},
        {"position": "0"},
        {"position": "first"},
        {"position": "99999"},
    ],
)
def test_what_cannot_be_comes_back_as_it_was_typed(
    museum: Database, aysel: Desk, wrong: dict[str, str]
) -> None:
    before = order(museum)
    answer = aysel.phone.post(NEW, data={**aysel.form, **MAPS, "name-fr": "Cartes", **wrong})

    assert answer.status_code == 422
    assert "Cartes" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert order(museum) == before


def test_the_address_of_one_in_the_bin_is_taken(aysel: Desk) -> None:
    aysel.phone.post(NEW, data={**aysel.form, **MAPS, "slug": "maps"})
    aysel.phone.post("/staff/bin/exhibition/maps", data=aysel.form)

    answer = aysel.phone.post(NEW, data={**aysel.form, **MAPS, "slug": "maps"})
    assert answer.status_code == 422
    assert "in the bin" in answer.text


def test_exhibitions_change_places(guide: TestClient, museum: Database, aysel: Desk) -> None:
    first, second, *rest = order(museum)

    aysel.phone.post(f"/staff/exhibitions/{second}/place", data={**aysel.form, "move": "up"})
    assert order(museum) == [second, first, *rest]
    home = guide.get("/en/").text
    assert home.index(f"/en/exhibitions/{second}") < home.index(f"/en/exhibitions/{first}")

    aysel.phone.post(f"/staff/exhibitions/{second}/place", data={**aysel.form, "move": "down"})
    assert order(museum) == [first, second, *rest]


@pytest.mark.parametrize(("which", "move"), [(0, "up"), (-1, "down"), (1, "sideways")])
def test_what_cannot_move_stays(museum: Database, aysel: Desk, which: int, move: str) -> None:
    before = order(museum)
    path = f"/staff/exhibitions/{before[which]}/place"

    assert aysel.phone.post(path, data={**aysel.form, "move": move}).status_code == 303
    assert order(museum) == before


def test_what_is_not_there_does_not_move(aysel: Desk) -> None:
    data = {**aysel.form, "move": "up"}
    assert aysel.phone.post("/staff/exhibitions/none/place", data=data).status_code == 404
