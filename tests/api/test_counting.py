"""Scans between two days by token: the numbers of the office, for whoever sees them there."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from guide.accounts.model import Role
from tests.api.conftest import System, Told, WithToken, is_problem
from tests.statistics.conftest import Scanned, scanned

__all__ = ["scanned"]

BEGINS = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
"""Midnight in Baku, at which the first day begins."""
DAYS = "from=2026-12-01&to=2026-12-03"


@pytest.fixture
def _three_days(scanned: Scanned) -> None:
    """Scans of three days, and noise in the hours before and after them."""
    scanned("tar", BEGINS - timedelta(hours=1), "fr", times=7)
    scanned("tar", BEGINS + timedelta(days=3), "fr", times=7)
    scanned("tar", BEGINS, "az", times=2)
    scanned("kamancha", BEGINS + timedelta(hours=34), "ru")
    scanned("classic-cars", BEGINS + timedelta(hours=71), "en", times=4)


def counted(told: Told) -> dict[str, int]:
    return {one["key"]: one["scans"] for one in told["items"] if one["scans"]}


@pytest.mark.usefixtures("_three_days")
@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("day", {"2026-12-01": 2, "2026-12-02": 1, "2026-12-03": 4}),
        ("hour", {"00": 2, "10": 1, "23": 4}),
        ("language", {"en": 4, "az": 2, "ru": 1}),
        ("exhibit", {"tar": 2, "kamancha": 1}),
        ("exhibition", {"classic-cars": 4, "musical-instruments": 3}),
    ],
)
def test_scans_are_counted_as_in_the_office(
    desk: System, by: str, wanted: dict[str, int]
) -> None:
    told = desk.get(f"/statistics/scans?{DAYS}&by={by}").json()

    assert counted(told) == wanted
    assert (told["first"], told["last"], told["by"]) == ("2026-12-01", "2026-12-03", by)
    assert told["time_zone"] == "Asia/Baku"


@pytest.mark.usefixtures("_three_days")
def test_what_was_scanned_is_named(desk: System) -> None:
    first = desk.get(f"/statistics/scans?{DAYS}&by=exhibit").json()["items"][0]

    assert first["key"] == "tar"
    assert {"text": "Tar", "language": "en"} in first["names"]


def test_without_a_word_it_is_by_day_and_no_day_is_left_out(desk: System) -> None:
    told = desk.get(f"/statistics/scans?{DAYS}").json()

    assert [(one["key"], one["scans"]) for one in told["items"]] == [
        (f"2026-12-0{day}", 0) for day in (1, 2, 3)
    ]


@pytest.mark.parametrize("role", [Role.CURATOR, Role.PLANNER, Role.ADMIN])
def test_whoever_sees_them_in_the_office_may_ask(with_token: WithToken, role: Role) -> None:
    assert with_token(role).get(f"/statistics/scans?{DAYS}").status_code == HTTPStatus.OK


@pytest.mark.parametrize("query", [DAYS, "from=2026-12-03&to=2026-12-01", ""])
def test_for_guides_there_are_none(kiosk: System, query: str) -> None:
    assert is_problem(kiosk.get(f"/statistics/scans?{query}"), 404)


@pytest.mark.parametrize("token", ["", "never given out"])
def test_nobody_counts_without_a_token(stranger: System, token: str) -> None:
    asking = System(stranger.phone, token)

    assert is_problem(asking.get(f"/statistics/scans?{DAYS}"), 401, "no-token")


@pytest.mark.parametrize(
    "days",
    [
        "from=2026-12-03&to=2026-12-02",
        "from=2026-01-01&to=2027-01-02",
        "from=2000-01-01&to=2099-12-31",
    ],
)
def test_a_period_has_at_most_366_days(desk: System, days: str) -> None:
    answer = desk.get(f"/statistics/scans?{days}")

    assert is_problem(answer, 422, "period")
    assert answer.json()["most_days"] == 366


@pytest.mark.parametrize(
    "days", ["from=2026-01-01&to=2027-01-01", "from=2099-12-31&to=2099-12-31"]
)
def test_one_that_has_no_more_is_counted(desk: System, days: str) -> None:
    assert desk.get(f"/statistics/scans?{days}").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("to=2026-12-01", "query.from"),
        ("from=2026-12-01", "query.to"),
        ("from=2026-02-29&to=2026-03-01", "query.from"),
        ("from=1764547200&to=2026-12-01", "query.from"),
        ("from=2026-12-01&to=9999-12-31", "query.to"),
        (f"{DAYS}&by=", "query.by"),
        (f"{DAYS}&by=person", "query.by"),
        (f"{DAYS}&by=DAY", "query.by"),
    ],
)
def test_what_cannot_be_read_is_named(desk: System, query: str, field: str) -> None:
    answer = desk.get(f"/statistics/scans?{query}")

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["faults"][0]["field"] == field


def test_only_reading_is_there(desk: System) -> None:
    for path in ("/statistics/scans", "/tours/1/report"):
        answer = desk.post(path, {})
        assert is_problem(answer, 405, "method-not-allowed")
        assert answer.headers["allow"] == "GET, HEAD"
