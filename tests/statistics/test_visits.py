"""The totals that admins see: how many visits and guests there were, and nothing of whose."""

from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

from guide.accounts.model import Role
from guide.db import Database
from guide.tours.model import Level, Party, State
from tests import make
from tests.accounts.conftest import Desk, SignedIn, signed_in

__all__ = ["signed_in"]

PATH = "/staff/statistics/visits"
OF_ITALY = (Party("organisation", {"en": "The Marker Society"}), Party("country", {}, "IT"))


@pytest.fixture
def admin(signed_in: SignedIn) -> Desk:
    return signed_in(Role.ADMIN)


@pytest.fixture
def _visits(museum: Database) -> None:
    """Put visits into the book: two that took place, some that do not count, four closed."""
    there = (
        {"date": "2025-03-04", "people": 12, "level": Level.PUBLIC},
        {"date": "2024-04-29", "people": 8, "level": Level.RESTRICTED},
        {"date": "2026-11-30", "people": 50, "state": State.CONFIRMED},
        {"date": "2025-03-05", "people": 60, "state": State.CANCELLED},
        *({"date": "2025-05-05", "people": 7, "level": Level.CLOSED} for _ in range(4)),
    )
    with museum.writing() as db:
        for n, told in enumerate(there):
            dull = {"state": State.COMPLETED, "parties": OF_ITALY, "reference": f"marker-{n}"}
            db.add(make.tour(**dull | told, persons=[make.person("Marker Person")]))


@pytest.mark.usefixtures("_visits")
@pytest.mark.parametrize(
    ("query", "visits", "guests"),
    [
        ("", 2, 20),
        ("?from=2025-01-01&to=2025-12-31", 1, 12),
        ("?from=2024-05-01", 1, 12),
        ("?to=2024-12-31", 1, 8),
    ],
)
def test_visits_that_took_place_are_counted(
    admin: Desk, query: str, visits: int, guests: int
) -> None:
    page = admin.phone.get(PATH + query)

    assert page.status_code == HTTPStatus.OK
    assert f"<dt>Visits</dt><dd>{visits}</dd>" in page.text
    assert f"<dt>Guests</dt><dd>{guests}</dd>" in page.text
    assert "Italy" in page.text


@pytest.mark.usefixtures("_visits")
@pytest.mark.parametrize("query", ["", "?from=2025-01-01&to=2025-12-31"])
def test_nothing_of_whose_they_were_is_told_and_no_address_leads_to_them(
    admin: Desk, query: str
) -> None:
    page = admin.phone.get(PATH + query).text

    assert "arker" not in page
    assert "/staff/tours" not in page
    assert '<th scope="row">2025</th><td>4</td><td>28</td>' in page  # closed, by year alone


@pytest.mark.parametrize("query", ["?from=2025-02-30", "?from=2025-02-02&to=2025-01-01"])
def test_a_period_that_is_none_is_said(admin: Desk, query: str) -> None:
    page = admin.phone.get(PATH + query)

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Nothing was counted" in page.text
    assert "<dt>Visits</dt>" not in page.text


def test_a_house_without_visits_says_none(admin: Desk, guide: TestClient) -> None:
    assert "0 visits" in admin.phone.get(f"{PATH}?to=2001-01-01").text
    assert guide.get(PATH).status_code == HTTPStatus.SEE_OTHER


@pytest.mark.parametrize("role", [Role.GUIDE, Role.PLANNER, Role.CURATOR])
def test_for_others_it_does_not_exist(signed_in: SignedIn, role: Role) -> None:
    desk = signed_in(role)

    assert desk.phone.get(PATH).status_code == HTTPStatus.NOT_FOUND
    assert PATH not in desk.phone.get("/staff/statistics").text
