"""Halls, the plan and routes in the office."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from guide.accounts.audit import AuditEntry
from guide.curation.hall_forms import values_of_hall, values_of_route
from guide.curation.record_forms import values_of
from guide.db import Database
from guide.exhibits.exchange import exhibit_sheet
from guide.exhibits.hall_exchange import hall_entry, route_entry
from guide.exhibits.halls import Hall, halls_in_order, minutes_between, plan_of_house
from guide.exhibits.model import Exhibit
from guide.exhibits.revisions import Cause, Revision, latest_number
from guide.exhibits.visitor_routes import Route, routes_in_order, stops_by_route
from guide.upkeep.content import Side, import_folder
from tests.accounts.conftest import Desk
from tests.conftest import EXHIBITIONS, OPENING_DAY
from tests.curation.test_rooms import of_room
from tests.hall_files import PLAN, furnish

HALLS, ROUTES, DRAWN = "/staff/halls", "/staff/routes", "/staff/halls/plan"


@pytest.fixture(autouse=True)
def furnished(museum: Database, tmp_path: Path) -> None:
    """Halls of a house that does not exist."""
    folder = Path(shutil.copytree(EXHIBITIONS, tmp_path / "exhibitions"))
    furnish(folder)
    with museum.writing() as db:
        import_folder(db, folder, OPENING_DAY, Side.FILES)


def of_hall(museum: Database, desk: Desk, slug: str, **changed: str) -> dict[str, str]:
    """Fill the form as a browser sends it that has just opened the page."""
    with museum.reading() as db:
        hall = db.scalars(select(Hall).where(Hall.slug == slug)).one()
        ways = {two: n for (one, two), n in minutes_between(db).items() if one == slug}
        values = values_of_hall(hall_entry(hall), ways)
        version = str(latest_number(db, "hall", hall.id, ""))
    return {**desk.form, "version": version, **values, **changed}


def of_route(museum: Database, desk: Desk, **changed: str) -> dict[str, str]:
    with museum.reading() as db:
        route = db.scalars(select(Route)).one()
        values = values_of_route(route_entry(route, stops_by_route(db)[route.id]))
        version = str(latest_number(db, "route", route.id, ""))
    return {**desk.form, "version": version, **values, **changed}


def slugs(museum: Database) -> list[str]:
    with museum.reading() as db:
        return [hall.slug for hall in halls_in_order(db)]


def stops(museum: Database) -> tuple[str, ...]:
    with museum.reading() as db:
        return next(iter(stops_by_route(db).values()))


def deeds(museum: Database) -> list[str]:
    with museum.reading() as db:
        return list(db.scalars(select(AuditEntry.deed)))


def test_a_hall_is_added_and_visitors_see_it(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    fields = {"names-az": "Şimal zalı", "names-en": "", "floor": "2", "capacity": "40"}

    answer = aysel.phone.post(HALLS + "/new", data={**aysel.form, **fields})

    assert answer.headers["location"] == "/staff/halls/simal-zali?done=saved"
    assert slugs(museum)[-1] == "simal-zali"
    assert "Şimal zalı" in guide.get("/az/map").text
    assert "hall.added" in deeds(museum)
    assert aysel.phone.get(answer.headers["location"]).status_code == 200


def test_a_hall_changes_its_name_place_and_ways(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    changed = {"names-en": "Green hall", "place-start": "5", "way-upper-hall": "7"}

    typed = of_hall(museum, aysel, "small-hall", **changed, **{"way-long-hall": ""})
    assert aysel.phone.post(HALLS + "/small-hall", data=typed).status_code == 303

    assert "Green hall" in guide.get("/en/map").text
    with museum.reading() as db:
        assert minutes_between(db) == {
            ("small-hall", "upper-hall"): 7,
            ("upper-hall", "small-hall"): 7,
        }


@pytest.mark.parametrize(
    "wrong",
    [
        {"names-en": "x" * 3_000},
        {"floor": "cellar"},
        {"floor": "99"},
        {"capacity": "0"},
        {"place-width": ""},
        {"place-height": "-1"},
        {"way-long-hall": "a while"},
    ],
)
def test_what_a_hall_cannot_be_is_refused_with_what_was_typed(
    museum: Database, aysel: Desk, wrong: dict[str, str]
) -> None:
    before = of_hall(museum, aysel, "small-hall")

    answer = aysel.phone.post(
        HALLS + "/small-hall", data={**before, "names-tr": "Küçük", **wrong}
    )

    assert answer.status_code == 422
    assert "Küçük" in answer.text
    assert "aria-invalid" in answer.text
    assert of_hall(museum, aysel, "small-hall") == before


def test_the_second_of_two_who_save_a_hall_loses_nothing(
    museum: Database, aysel: Desk, rauf: Desk
) -> None:
    opened = of_hall(museum, rauf, "small-hall", **{"names-fr": "De Rauf"})
    aysel.phone.post(
        HALLS + "/small-hall",
        data=of_hall(museum, aysel, "small-hall", **{"names-fr": "D’Aysel"}),
    )

    answer = rauf.phone.post(HALLS + "/small-hall", data=opened)

    assert answer.status_code == 409
    assert "De Rauf" in answer.text


def test_a_hall_that_something_stands_in_stays(museum: Database, aysel: Desk) -> None:
    answer = aysel.phone.post(HALLS + "/small-hall/removal", data=aysel.form)

    assert answer.status_code == 409
    assert "/staff/exhibits/tar" in answer.text
    assert "small-hall" in slugs(museum)


def test_an_empty_hall_is_taken_away_and_what_it_said_is_kept(
    museum: Database, aysel: Desk
) -> None:
    aysel.phone.post(HALLS + "/upper-hall/removal", data=aysel.form)

    assert "upper-hall" not in slugs(museum)
    assert "hall.removed" in deeds(museum)
    with museum.reading() as db:
        last = db.scalars(select(Revision).where(Revision.cause == Cause.DISCARDED)).one()
        assert last.said["names"]["en"] == "Upper hall"


def test_halls_are_put_in_another_order(museum: Database, aysel: Desk) -> None:
    aysel.phone.post(HALLS + "/order", data={**aysel.form, "move": "up-small-hall"})
    assert slugs(museum) == ["small-hall", "long-hall", "upper-hall"]

    aysel.phone.post(HALLS + "/order", data={**aysel.form, "move": "up-small-hall"})
    aysel.phone.post(HALLS + "/order", data={**aysel.form, "move": "sideways-attic"})
    assert slugs(museum) == ["small-hall", "long-hall", "upper-hall"]


def test_a_record_names_its_hall(guide: TestClient, museum: Database, aysel: Desk) -> None:
    page = aysel.phone.get("/staff/exhibitions/classic-cars").text
    assert '<option value="long-hall" lang="en" selected>' in page

    typed = of_room(museum, aysel, hall="upper-hall")
    aysel.phone.post("/staff/exhibitions/classic-cars", data=typed)
    listed = guide.get("/en/map").text.split('id="hall-upper-hall"')[1]
    assert "exhibitions/classic-cars" in listed

    wrong = of_room(museum, aysel, hall="attic")
    answer = aysel.phone.post("/staff/exhibitions/classic-cars", data=wrong)
    assert answer.status_code == 422


def test_an_exhibit_may_stand_elsewhere_than_its_exhibition(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    with museum.reading() as db:
        query = select(Exhibit).where(Exhibit.slug == "saz")
        saz = db.scalars(query.options(selectinload(Exhibit.exhibition))).one()
        version = str(latest_number(db, "exhibit", saz.id, ""))
        values = values_of(exhibit_sheet(saz))
    typed = {**aysel.form, "version": version, **values, "hall": "upper-hall"}

    aysel.phone.post("/staff/exhibits/saz", data=typed)
    assert "/en/map#at-upper-hall" in guide.get("/en/exhibits/saz").text

    answer = aysel.phone.post(
        "/staff/exhibits/saz", data={**typed, "version": "2", "hall": "x"}
    )
    assert answer.status_code == 422


def test_a_drawing_is_cleaned_and_stands_behind_the_halls(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    drawing = PLAN.replace("M5 5h225", "M6 6h225").replace("<g ", '<g class="x" ')
    with museum.reading() as db:
        version = str(latest_number(db, "plan", 1, ""))
    marks = {
        "mark-0-what": "lift",
        "mark-0-floor": "0",
        "mark-0-start": "9",
        "mark-0-top": "9",
        "mark-1-what": "",
    }

    answer = aysel.phone.post(
        DRAWN,
        data={**aysel.form, "version": version, **marks},
        files={"drawing": ("plan.svg", drawing.encode(), "image/svg+xml")},
    )

    assert answer.status_code == 303
    page = guide.get("/en/map").text
    assert "M6 6h225" in page
    assert "Lift" in page
    assert "Entrance" not in page

    aysel.phone.post(DRAWN + "/removal", data=aysel.form)
    assert "M6 6h225" not in guide.get("/en/map").text


@pytest.mark.parametrize(
    ("drawing", "told"),
    [
        (PLAN.replace("<circle", "<script/><circle").encode(), "Line 7"),
        (b"\xff\xfe", "UTF-8"),
        (PLAN.encode() + b" " * 170_000, "at most"),
        (b"<svg/>", "Line 1"),
    ],
)
def test_a_drawing_that_acts_is_refused_with_its_line(
    museum: Database, aysel: Desk, drawing: bytes, told: str
) -> None:
    with museum.reading() as db:
        version = str(latest_number(db, "plan", 1, ""))

    answer = aysel.phone.post(
        DRAWN,
        data={**aysel.form, "version": version},
        files={"drawing": ("plan.svg", drawing, "image/svg+xml")},
    )

    assert answer.status_code == 422
    assert told in answer.text
    with museum.reading() as db:
        assert plan_of_house(db).svg == PLAN


def test_a_mark_without_a_place_is_refused(museum: Database, aysel: Desk) -> None:
    with museum.reading() as db:
        version = str(latest_number(db, "plan", 1, ""))
    wrong = {"version": version, "mark-0-what": "lift", "mark-0-floor": "0"}

    answer = aysel.phone.post(DRAWN, data={**aysel.form, **wrong})

    assert answer.status_code == 422
    assert "mark-0-error" in answer.text


def test_a_route_is_added_moved_and_taken_away(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    fields = {"names-en": "Half an hour", "minutes": "30", "stop-0": "saz", "stop-5": "tar"}

    answer = aysel.phone.post(ROUTES + "/new", data={**aysel.form, **fields})

    assert answer.headers["location"] == "/staff/routes/half-an-hour?done=saved"
    assert "Half an hour" in guide.get("/en/map").text
    aysel.phone.post(ROUTES + "/order", data={**aysel.form, "move": "up-half-an-hour"})
    with museum.reading() as db:
        assert [one.slug for one in routes_in_order(db)] == ["half-an-hour", "strings"]
    aysel.phone.post(ROUTES + "/half-an-hour/removal", data=aysel.form)
    assert "Half an hour" not in guide.get("/en/map").text
    assert {"route.added", "route.removed", "routes.ordered"} <= set(deeds(museum))


def test_the_stops_of_a_route_change_places(museum: Database, aysel: Desk) -> None:
    aysel.phone.post(ROUTES + "/strings", data=of_route(museum, aysel, move="down-0"))
    assert stops(museum) == ("saz", "tar")

    aysel.phone.post(ROUTES + "/strings", data=of_route(museum, aysel, move="down-1"))
    assert stops(museum) == ("saz", "tar")

    aysel.phone.post(ROUTES + "/strings", data=of_route(museum, aysel, **{"stop-0": ""}))
    assert stops(museum) == ("tar",)


@pytest.mark.parametrize(
    "odd", [{"move": "down-" + "1" * 5_000}, {"move": "down-²"}, {"stop-07": "tar"}]
)
def test_a_stop_that_is_not_there_goes_nowhere(
    museum: Database, aysel: Desk, odd: dict[str, str]
) -> None:
    before = stops(museum)

    answer = aysel.phone.post(ROUTES + "/strings", data={**of_route(museum, aysel), **odd})

    assert answer.status_code == 303
    assert stops(museum) == before


@pytest.mark.parametrize(
    "wrong", [{"stop-0": "", "stop-1": ""}, {"stop-0": "lyre"}, {"minutes": "0"}]
)
def test_what_a_route_cannot_be_is_refused(
    museum: Database, aysel: Desk, wrong: dict[str, str]
) -> None:
    before = of_route(museum, aysel)

    answer = aysel.phone.post(ROUTES + "/strings", data={**before, **wrong})

    assert answer.status_code == 422
    assert of_route(museum, aysel) == before


@pytest.mark.parametrize(
    "path",
    [
        *(HALLS, HALLS + "/new", HALLS + "/long-hall", DRAWN, ROUTES, ROUTES + "/new"),
        *(ROUTES + "/strings", "/staff/exhibitions", "/staff/exhibits/tar"),
    ],
)
def test_a_page_is_there(aysel: Desk, path: str) -> None:
    assert aysel.phone.get(path).status_code == 200


def test_a_hall_that_is_not_there_is_not_found(aysel: Desk) -> None:
    assert aysel.phone.get(HALLS + "/attic").status_code == 404
    assert aysel.phone.post(ROUTES + "/attic", data=aysel.form).status_code == 404


def test_halls_of_one_name_that_are_added_at_once_are_added_or_asked_for_again(
    museum: Database, aysel: Desk
) -> None:
    form = {**aysel.form, "names-az": "Birinci zal", "floor": "0"}
    with museum.reading() as db:
        before = len(halls_in_order(db))
    with ThreadPoolExecutor(6) as hands:
        sent = hands.map(lambda _: aysel.phone.post("/staff/halls/new", data=form), range(6))
        statuses = [answer.status_code for answer in sent]

    assert set(statuses) <= {303, 503}
    assert 303 in statuses
    with museum.reading() as db:
        assert len(halls_in_order(db)) == before + statuses.count(303)
