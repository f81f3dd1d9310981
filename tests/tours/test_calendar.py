"""The calendar: every view, for whoever may see what; and days that are none."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event, select

from guide.accounts.model import Account, Role
from guide.app import create_app
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.tours.model import Level, Party, State, TourBrief
from guide.tours.people import Duty, TourStaff
from guide.tours.stops import Closure
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.conftest import client_of, settings_for
from tests.tours.conftest import AT, Booked

CANARY = "Kanareyka7f3a"
DAY = "2026-12-01"
VIEWS = ("day", "week", "month", "list")
MOST_QUERIES = 16
OURS = re.compile("tours|tour_|halls|hall_|exhibitions|closures|account")

ask_every_view = pytest.mark.parametrize("view", VIEWS)


def page(desk: Desk, view: str, day: str = DAY, **more: str) -> str:
    answer = desk.phone.get("/staff/tours", params={"view": view, "day": day, **more})
    assert answer.status_code == HTTPStatus.OK
    return answer.text


def named(name: str) -> dict[str, object]:
    return {"parties": (Party("organisation", {"en": name}),)}


def secretive(**fields: object) -> dict[str, object]:
    """A tour that says the same word wherever one can be written."""
    return {
        "stops": [make.stop(1, names={"en": CANARY}, minutes=60, note=CANARY)],
        "persons": [make.person(CANARY, contact=CANARY)],
        "brief": TourBrief(notes=CANARY, requested_by=CANARY),
        **fields,
    }


@pytest.fixture
def exhibits(museum: Database) -> dict[str, list[int]]:
    """The numbers of exhibits by the slugs of their exhibitions."""
    with museum.reading() as db:
        query = select(Exhibition.slug, Exhibit.id).join(Exhibit.exhibition)
        found: dict[str, list[int]] = {}
        for slug, number in db.execute(query.order_by(Exhibit.position)):
            found.setdefault(slug, []).append(number)
        return found


@ask_every_view
def test_a_planner_sees_what_a_guide_leads_and_the_guide_too(
    leyla: Desk, nigar: Desk, elvin: Desk, booked: Booked, view: str
) -> None:
    booked(guide=nigar, **named("Friendship Association"))

    assert "Friendship Association" in page(leyla, view)
    assert "Friendship Association" in page(nigar, view)
    assert "Friendship Association" not in page(elvin, view)


@ask_every_view
def test_for_curators_and_strangers_there_is_no_calendar(
    guide: TestClient, signed_in: SignedIn, view: str
) -> None:
    curator = signed_in(Role.CURATOR, Role.ADMIN)

    refused = curator.phone.get("/staff/tours", params={"view": view})
    asked = guide.get("/staff/tours", params={"view": view})

    assert refused.status_code == HTTPStatus.NOT_FOUND
    assert asked.headers["location"].startswith("/staff/session")


@ask_every_view
def test_a_closed_tour_leaves_others_a_time_and_nothing_else(
    leyla: Desk, orkhan: Desk, elvin: Desk, booked: Booked, view: str
) -> None:
    closed = secretive(level=Level.CLOSED, state=State.CONFIRMED, reference=CANARY)
    number = booked(planner=orkhan, **closed, **named(CANARY))

    for desk in (leyla, elvin):
        seen = page(desk, view)
        assert CANARY not in seen
        assert f"/staff/tours/{number}" not in seen
        assert ("House booked" in seen) == (view != "list")
        assert ("11:00–12:30" in seen) == (view != "list")
    assert CANARY in page(orkhan, view)


@ask_every_view
def test_a_closed_tour_that_is_not_confirmed_is_no_business_of_others(
    leyla: Desk, orkhan: Desk, booked: Booked, view: str
) -> None:
    booked(planner=orkhan, level=Level.CLOSED, state=State.PLANNED, **named(CANARY))

    seen = page(leyla, view)

    assert "House booked" not in seen
    assert CANARY not in seen


@ask_every_view
def test_a_guide_learns_of_others_when_the_house_is_booked(
    elvin: Desk, nigar: Desk, booked: Booked, view: str
) -> None:
    booked(guide=nigar, state=State.CONFIRMED, **named(CANARY))

    seen = page(elvin, view)

    assert CANARY not in seen
    assert ("House booked" in seen) == (view != "list")


@ask_every_view
def test_whoever_is_not_in_charge_of_a_restricted_tour_reads_parties_and_no_names(
    leyla: Desk, orkhan: Desk, booked: Booked, view: str
) -> None:
    booked(planner=orkhan, **secretive(level=Level.RESTRICTED), **named("The Embassy"))

    seen = page(leyla, view)

    assert "The Embassy" in seen
    assert CANARY not in seen
    assert (CANARY in page(orkhan, view)) == (view == "day")


def test_a_list_of_ones_own_and_of_any_guide(
    leyla: Desk, nigar: Desk, elvin: Desk, booked: Booked
) -> None:
    booked(guide=nigar, **named("The Embassy"))
    booked(guide=elvin, state=State.CONFIRMED, **named("A school"))

    mine = nigar.phone.get("/staff/tours?mine=1").text
    hers = leyla.phone.get(f"/staff/tours?guide={nigar.number}&view=list").text

    for seen in (mine, hers):
        assert "The Embassy" in seen
        assert "A school" not in seen
    assert "House booked" not in page(nigar, "day", mine="1")
    assert "The Embassy" not in leyla.phone.get("/staff/tours?mine=1").text


@pytest.mark.parametrize("asked", ["0", "-1", "x", "99999999999999999999", "١"])
def test_a_guide_who_is_none_does_not_exist(leyla: Desk, asked: str) -> None:
    answer = leyla.phone.get("/staff/tours", params={"guide": asked})

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_guides_do_not_ask_for_each_other(nigar: Desk, elvin: Desk) -> None:
    answer = nigar.phone.get("/staff/tours", params={"guide": str(elvin.number)})

    assert answer.status_code == HTTPStatus.NOT_FOUND


@ask_every_view
@pytest.mark.parametrize(
    "day", ["1900-01-01", "9999-12-31", "2026-02-30", "0000-00-00", "some day", "x" * 300, "🙂"]
)
def test_a_day_that_is_none_gives_today_and_says_so(leyla: Desk, view: str, day: str) -> None:
    answer = leyla.phone.get("/staff/tours", params={"view": view, "day": day})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The address names no day of this century" in answer.text
    assert day not in answer.text


@ask_every_view
@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31", "2028-02-29"])
def test_the_first_and_the_last_day_are_shown(leyla: Desk, view: str, day: str) -> None:
    assert f'value="{day}"' in page(leyla, view, day) or view == "list"


@pytest.mark.parametrize(("month", "weeks"), [("2026-12-01", 5), ("2026-08-15", 6)])
def test_a_month_of_five_and_of_six_weeks(leyla: Desk, month: str, weeks: int) -> None:
    seen = page(leyla, "month", month)

    assert seen.count("<tr>") == weeks + 1
    assert seen.count("<td") == weeks * 7


def test_a_tour_across_midnight_stands_on_both_days(leyla: Desk, booked: Booked) -> None:
    late = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
    booked(starts_at=late, ends_at=late + timedelta(hours=2), **named("Night school"))

    for day in ("2026-12-01", "2026-12-02"):
        assert "Night school" in page(leyla, "day", day)
    assert "Night school" not in page(leyla, "day", "2026-11-30")
    assert "Night school" not in page(leyla, "day", "2026-12-03")


def test_a_request_without_a_time_stands_on_its_day(leyla: Desk, booked: Booked) -> None:
    booked(starts_at=None, ends_at=None, **named("A school"))
    booked(starts_at=None, ends_at=None, date="2026-12", **named("Some time"))

    seen = page(leyla, "day")

    assert "Without a time yet" in seen
    assert "A school" in seen
    assert "Some time" not in seen
    assert "A school" not in page(leyla, "day", "2026-12-02")


def test_what_is_over_is_listed_apart(leyla: Desk, booked: Booked) -> None:
    unknown = {"starts_at": None, "ends_at": None}
    booked(**unknown, date="2017-04", state=State.COMPLETED, **named("In spring"))
    booked(**unknown, date=None, **named("Some day"))
    booked(**unknown, date=None, state=State.CANCELLED, **named("Called off"))
    booked(**unknown, date="2099", **named("In a year far off"))

    coming, past = page(leyla, "list"), page(leyla, "list", past="1")

    for name, is_past in (("In spring", 1), ("Called off", 1), ("Some day", 0), ("far off", 0)):
        assert (name in past) == bool(is_past), name
        assert (name in coming) == (not is_past), name


def test_the_list_goes_on_over_pages(leyla: Desk, museum: Database) -> None:
    with museum.writing() as db:
        db.add_all(
            make.tour(starts_at=None, ends_at=None, date=f"2090-01-{1 + n % 28:02}")
            for n in range(120)
        )
    pattern = re.compile(r'href="/staff/tours/(\d+)"')

    first, second, third = (
        set(pattern.findall(page(leyla, "list", page=number))) for number in ("1", "2", "3")
    )

    assert (len(first), len(second), len(third)) == (50, 50, 20)
    assert not first & second
    for typed in ("0", "-1", "x", "9" * 40, "1e3", "٣"):
        assert page(leyla, "list", page=typed)


def test_two_in_one_place_at_once_are_a_clash_in_words(
    leyla: Desk, booked: Booked, exhibits: dict[str, list[int]]
) -> None:
    cars = exhibits["classic-cars"]
    for minutes in (0, 10):
        begins = AT + timedelta(minutes=minutes)
        stops = [make.stop(1, exhibit_id=cars[0], minutes=20)]
        booked(starts_at=begins, ends_at=begins + timedelta(hours=1), stops=stops)

    seen = page(leyla, "day")

    assert "A and B in Classic cars" in seen
    assert "10 minutes together, 11:10–11:20" in seen
    assert '<td rowspan="6" class=" is-clash">' in seen


def test_what_was_cancelled_stands_nowhere_and_is_listed(
    leyla: Desk, booked: Booked, exhibits: dict[str, list[int]]
) -> None:
    stops = [make.stop(1, exhibit_id=exhibits["classic-cars"][0], minutes=20)]
    booked(state=State.CANCELLED, stops=stops, **named("A school"))

    seen = page(leyla, "day")

    assert "A school" in seen
    assert "<table" not in seen


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_what_is_closed_is_seen_by_guides_and_planners(
    leyla: Desk, nigar: Desk, museum: Database, view: str
) -> None:
    with museum.writing() as db:
        db.add(Closure(starts_at=AT, ends_at=AT + timedelta(hours=2), reason="A holiday"))

    for desk in (leyla, nigar):
        seen = page(desk, view)
        assert "The house is closed" in seen
        assert "A holiday" in seen


def test_to_plan_a_tour_begins_with_the_day_that_is_shown(leyla: Desk) -> None:
    seen = page(leyla, "day", "2026-12-24")

    assert 'href="/staff/tours/new?day=2026-12-24"' in seen
    assert 'value="2026-12-24"' in leyla.phone.get("/staff/tours/new?day=2026-12-24").text


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-12-01", 24)]
)
def test_a_day_on_which_the_clocks_change_keeps_its_order(
    museum: Database, tmp_path: Path, signed_in: SignedIn, day: str, hours: int
) -> None:
    planner = signed_in(Role.PLANNER)
    settings = settings_for("sqlite://", tmp_path / "paris")
    app = create_app(settings.model_copy(update={"timezone": "Europe/Paris"}), museum)
    paris = client_of(app)
    paris.cookies.set("staff", planner.token)
    midnight = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=UTC) - timedelta(
        hours=2 if day == "2026-10-25" else 1
    )
    with museum.writing() as db:
        for hour in range(hours):
            begins = midnight + timedelta(hours=hour)
            db.add(
                make.tour(
                    starts_at=begins,
                    ends_at=begins + timedelta(hours=1),
                    stops=[make.stop(1, names={"en": "Meeting"}, minutes=60)],
                    **named(f"Party {hour:02}."),
                )
            )

    seen = paris.get("/staff/tours", params={"day": day}).text

    assert re.findall(r"Party (\d\d)\.", seen) == [f"{hour:02}" for hour in range(hours)]
    assert len(re.findall(r'<th scope="row"', seen)) == hours * 2


@ask_every_view
def test_the_queries_do_not_grow_with_the_tours(  # noqa: PLR0913, PLR0917 (the cast)
    leyla: Desk,
    nigar: Desk,
    booked: Booked,
    museum: Database,
    exhibits: dict[str, list[int]],
    view: str,
) -> None:
    def book(several: int) -> None:
        for number in range(several):
            begins = AT + timedelta(minutes=10 * number)
            stops = [
                make.stop(position, exhibit_id=exhibit, minutes=5)
                for position, exhibit in enumerate(exhibits["musical-instruments"][:4], 1)
            ]
            booked(
                guide=nigar, starts_at=begins, ends_at=begins + timedelta(hours=1), stops=stops
            )

    book(1)
    with counted(museum) as few:
        page(leyla, view)
    book(12)
    with counted(museum) as many:
        page(leyla, view)

    assert len(many) == len(few)
    assert len(many) <= MOST_QUERIES


@contextmanager
def counted(museum: Database, of: str = "") -> Iterator[list[str]]:
    """Note what a page asks of a database, or `of` one table; what the guide asks by itself
    is left out.
    """
    said: list[str] = []
    engines = {museum.reader, museum.writer}

    def note(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if of in statement if of else OURS.search(statement):
            said.append(statement)

    for engine in engines:
        assert isinstance(engine, Engine)
        event.listen(engine, "before_cursor_execute", note)
    yield said
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_the_guides_of_a_tour_are_named_beside_it(
    leyla: Desk, nigar: Desk, booked: Booked, museum: Database
) -> None:
    with museum.writing() as db:
        db.get_one(Account, nigar.number).name = "Nigar Quliyeva"
    booked(guide=nigar, languages=["en", "zh-Hans"])
    booked(staff=[TourStaff(account_id=leyla.number, duty=Duty.PLANNER)])

    seen = page(leyla, "day")

    assert "Guide: Nigar Quliyeva" in seen
    assert "Simplified Chinese" in seen
    assert "Guide not named" in seen
