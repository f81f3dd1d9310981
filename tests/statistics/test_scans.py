"""Scans between two days: by day, hour, language and thing, for whoever may see them."""

import re
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest

from guide.accounts.model import Role
from guide.db import Database
from guide.statistics.scans import MOST_DAYS, By, PeriodError, scans_by
from tests import make
from tests.accounts.conftest import SignedIn
from tests.statistics.conftest import Scanned
from tests.tours.test_calendar import counted

BAKU = ZoneInfo("Asia/Baku")
PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 3)
BEGINS = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
"""Midnight in Baku, at which the first day begins."""
ENDS = BEGINS + timedelta(days=3)


def told(museum: Database, by: By, zone: ZoneInfo = BAKU) -> dict[str, int]:
    with museum.reading() as db:
        return {one.key: one.scans for one in scans_by(db, FIRST, LAST, by, zone)}


@pytest.fixture
def _three_days(scanned: Scanned) -> None:
    """Scans of three days, and noise in the hours before and after them."""
    for noise in (BEGINS - timedelta(hours=1), ENDS, ENDS + timedelta(days=400)):
        scanned("tar", noise, "fr", times=7)
    scanned("tar", BEGINS, "az", times=2)
    scanned("tar", BEGINS + timedelta(hours=23), "ru")
    scanned("kamancha", BEGINS + timedelta(hours=34), "az", visit=None)
    scanned("classic-cars", ENDS - timedelta(hours=1), "en", times=3)


@pytest.mark.usefixtures("_three_days")
@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        (By.DAY, {"2026-12-01": 3, "2026-12-02": 1, "2026-12-03": 3}),
        (By.LANGUAGE, {"en": 3, "az": 3, "ru": 1}),
        (By.EXHIBIT, {"tar": 3, "kamancha": 1}),
        (By.EXHIBITION, {"musical-instruments": 4, "classic-cars": 3}),
    ],
)
def test_scans_of_some_days_are_counted_and_no_others(
    museum: Database, by: By, wanted: dict[str, int]
) -> None:
    assert told(museum, by) == wanted


@pytest.mark.usefixtures("_three_days")
def test_an_hour_is_one_of_the_museums_clock(museum: Database) -> None:
    hours = told(museum, By.HOUR)

    assert len(hours) == 24
    assert {hour: many for hour, many in hours.items() if many} == {"00": 2, "10": 1, "23": 4}


@pytest.mark.usefixtures("_three_days")
@pytest.mark.parametrize("by", [By.LANGUAGE, By.EXHIBIT, By.EXHIBITION])
def test_the_most_scanned_comes_first(museum: Database, by: By) -> None:
    many = list(told(museum, by).values())

    assert many == sorted(many, reverse=True)


@pytest.mark.usefixtures("_three_days")
def test_things_are_named(museum: Database) -> None:
    with museum.reading() as db:
        exhibits = scans_by(db, FIRST, LAST, By.EXHIBIT, BAKU)
        rooms = scans_by(db, FIRST, LAST, By.EXHIBITION, BAKU)

    assert {one.names["en"] for one in exhibits} == {"Tar", "Kamancha"}
    assert all(one.names["az"] for one in (*exhibits, *rooms))


def test_what_delegations_scan_is_counted_and_not_told_apart(
    museum: Database, scanned: Scanned
) -> None:
    with museum.writing() as db:
        tour = make.tour()
        db.add(tour)
        db.flush()
        number = tour.id
    scanned("tar", BEGINS, visit=number)
    scanned("tar", BEGINS)

    for by in By:
        assert sum(told(museum, by).values()) == 2
        assert len([many for many in told(museum, by).values() if many]) == 1


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (FIRST, 24)]
)
def test_a_day_on_which_the_clocks_change_has_all_its_hours(
    museum: Database, scanned: Scanned, day: date, hours: int
) -> None:
    midnight = datetime.combine(day, datetime.min.time(), PARIS).astimezone(UTC)
    for hour in range(-2, hours + 2):
        scanned("tar", midnight + timedelta(hours=hour))

    with museum.reading() as db:
        (there,) = scans_by(db, day, day, By.DAY, PARIS)

    assert (there.key, there.scans) == (day.isoformat(), hours)


@pytest.mark.parametrize("days", [0, 1, MOST_DAYS - 1])
def test_a_year_is_counted_at_once(museum: Database, days: int) -> None:
    with museum.reading() as db:
        rows = scans_by(db, FIRST, FIRST + timedelta(days=days), By.DAY, BAKU)

    assert len(rows) == days + 1


@pytest.mark.parametrize("days", [-1, MOST_DAYS, 36_000])
@pytest.mark.parametrize("by", By)
def test_more_than_a_year_and_a_time_backwards_are_refused(
    museum: Database, days: int, by: By
) -> None:
    with museum.reading() as db, pytest.raises(PeriodError):
        scans_by(db, FIRST, FIRST + timedelta(days=days), by, BAKU)


@pytest.mark.usefixtures("_three_days")
@pytest.mark.parametrize("role", [Role.CURATOR, Role.PLANNER, Role.ADMIN])
def test_curators_planners_and_admins_see_the_scans(signed_in: SignedIn, role: Role) -> None:
    answer = signed_in(role).phone.get("/staff/statistics?from=2026-12-01&to=2026-12-03")

    assert answer.status_code == HTTPStatus.OK
    assert "<h1>7 scans</h1>" in answer.text
    assert "Most on 1 December 2026: 3 scans." in answer.text
    assert re.search(r'<th scope="row">Tar</th>.*<td>3</td>', answer.text)
    assert "French" not in answer.text
    assert 'value="2026-12-01"' in answer.text


def test_a_guide_and_a_stranger_see_none(signed_in: SignedIn) -> None:
    desk = signed_in(Role.GUIDE)

    assert desk.phone.get("/staff/statistics").status_code == HTTPStatus.NOT_FOUND
    assert "/staff/statistics" not in desk.phone.get("/staff").text


def test_days_without_a_scan_say_so(signed_in: SignedIn) -> None:
    answer = signed_in(Role.CURATOR).phone.get("/staff/statistics")

    assert answer.status_code == HTTPStatus.OK
    assert "No code was opened in these days" in answer.text


@pytest.mark.parametrize(
    "days",
    [
        "from=2026-12-01",
        "to=2026-12-01",
        "from=2026-12-02&to=2026-12-01",
        "from=2024-12-01&to=2026-12-01",
        "from=x&to=%F0%9F%99%82",
        "from=0000-00-00&to=9999-99-99",
    ],
)
def test_days_that_are_none_are_said(signed_in: SignedIn, days: str) -> None:
    answer = signed_in(Role.CURATOR).phone.get(f"/staff/statistics?{days}")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Nothing was counted" in answer.text


def test_the_queries_do_not_grow_with_the_scans(
    signed_in: SignedIn, museum: Database, scanned: Scanned
) -> None:
    desk = signed_in(Role.CURATOR)
    path = "/staff/statistics?from=2026-12-01&to=2026-12-03"

    def look() -> int:
        with counted(museum, "scans") as said:
            assert desk.phone.get(path).status_code == HTTPStatus.OK
        return len(said)

    scanned("tar", BEGINS)
    few = look()
    for hour in range(30):
        scanned(("tar", "kamancha", "saz")[hour % 3], BEGINS + timedelta(hours=hour), "ru")

    assert look() == few == len(By)
