"""The map: halls as links and as a list, or a kind word where nobody has told of any."""

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.halls import Hall
from guide.exhibits.model import Exhibit
from guide.upkeep.content import Side, import_folder
from tests.conftest import EXHIBITIONS, OPENING_DAY
from tests.hall_files import furnish

TAGS = ("az", "en", "ru", "tr", "zh-Hans", "ar", "fr")


@pytest.fixture
def furnished(museum: Database, guide: TestClient, tmp_path: Path) -> TestClient:
    """The guide over content with halls of a house that does not exist."""
    folder = Path(shutil.copytree(EXHIBITIONS, tmp_path / "exhibitions"))
    furnish(folder)
    with museum.writing() as db:
        import_folder(db, folder, OPENING_DAY, Side.FILES)
    return guide


@pytest.mark.parametrize("tag", TAGS)
def test_without_halls_it_lists_the_exhibitions(visitor: TestClient, tag: str) -> None:
    page = visitor.get(f"/{tag}/map")

    assert page.status_code == 200
    assert "<svg viewBox" not in page.text.split("<main")[1].split('class="lead"')[0]
    assert f"/{tag}/exhibitions/classic-cars" in page.text


@pytest.mark.parametrize("tag", TAGS)
def test_a_hall_on_the_plan_leads_to_itself_in_the_list(
    furnished: TestClient, tag: str
) -> None:
    page = furnished.get(f"/{tag}/map").text

    assert 'href="#hall-long-hall"' in page
    assert 'id="hall-long-hall"' in page
    assert page.index('id="hall-long-hall"') < page.index("exhibitions/classic-cars")
    assert page.index('id="hall-small-hall"') < page.index("exhibits/tar")


def test_a_floor_has_a_plan_of_its_own(furnished: TestClient) -> None:
    page = furnished.get("/en/map").text

    assert page.count('<figure class="plan">') == 2
    assert page.count('id="at-upper-hall"') == 1
    assert "Entrance" in page


def test_a_mark_is_in_the_language_of_the_page(furnished: TestClient) -> None:
    assert "المدخل" in furnished.get("/ar/map").text


def test_an_exhibit_says_its_hall_or_that_of_its_exhibition(furnished: TestClient) -> None:
    tar = furnished.get("/en/exhibits/tar").text
    saz = furnished.get("/en/exhibits/saz").text

    assert '<a href="/en/map#at-small-hall">Small hall</a>' in tar
    assert '<a class="step step-map" href="/en/map#at-small-hall">' in tar
    assert '<a class="step step-map" href="/en/map">' in saz


def test_a_hall_in_another_language_is_marked_so(furnished: TestClient) -> None:
    assert 'lang="en" dir="ltr">Small hall</bdi>' in furnished.get("/ar/exhibits/tar").text


def test_a_route_leads_past_what_is_to_be_seen(furnished: TestClient, museum: Database) -> None:
    assert "2 stops" in furnished.get("/en/map").text

    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.withdraw(OPENING_DAY)

    page = furnished.get("/en/map").text
    assert "1 stop ·" in page
    assert "exhibits/tar" not in page


def test_a_hall_that_changes_its_name_is_printed_anew(
    furnished: TestClient, museum: Database
) -> None:
    furnished.get("/en/map")

    with museum.writing() as db:
        hall = db.scalars(select(Hall).where(Hall.slug == "small-hall")).one()
        hall.names = {"en": "Green hall"}

    assert "Green hall" in furnished.get("/en/map").text
    assert "Green hall" in furnished.get("/en/exhibits/tar").text


def test_a_plan_is_small(furnished: TestClient) -> None:
    assert len(furnished.get("/en/map").text) < 15_000
