"""How many visits and guests: of what is found, and of closed visits next to nothing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guide.db import Database
from guide.tours.model import Level, Party, State
from guide.tours.visits.finding import Visit, sifted
from guide.tours.visits.totals import MOST_MONTHS, Tally, Totals, closed_by_year
from guide.tours.visits.wish import When, Wish
from guide.tours.walking.events import Kind, WalkEvent
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked
from tests.tours.visits.test_list import seen

ALL = Wish(when=When.ALL)
TOLD = "Closed visits that are not in this list"


def visit(**fields: Any) -> Visit:  # noqa: ANN401 (each field has its type)
    dull: dict[str, Any] = {
        "id": 1,
        "reference": "2026-001",
        "state": State.COMPLETED,
        "level": 1,
        "category": "official",
        "parties": (Party("country", {}, "IT"),),
        "languages": ("en",),
        "expected": 8,
        "counted": None,
        "date": "2026-12-01",
        "last_date": "",
        "starts_at": None,
        "ends_at": None,
    }
    return Visit(**(dull | fields))


def test_guests_are_those_who_were_counted_else_those_who_were_announced() -> None:
    some = [visit(expected=8, counted=6), visit(expected=5), visit(expected=None)]

    totals = Totals.of(some, ALL)

    assert (totals.visits, totals.guests, totals.uncounted) == (3, 11, 1)
    assert totals.by["country"] == (Tally("IT", 3, 11),)


def test_nobody_knows_is_not_nobody_came() -> None:
    unknown = Totals.of([visit(expected=None, counted=None)], Wish())

    assert (unknown.visits, unknown.guests) == (1, None)
    assert {one.guests for some in unknown.by.values() for one in some} == {None}
    assert Totals.of([visit(expected=8, counted=0)], Wish()).guests == 0


def test_nobody_is_a_number_that_was_counted() -> None:
    assert visit(expected=8, counted=0).guests == 0


def test_what_was_cancelled_counts_when_it_is_asked_for_alone() -> None:
    some = [visit(), visit(state=State.CANCELLED)]

    assert (Totals.of(some, ALL).visits, Totals.of(some, ALL).cancelled) == (1, 1)
    asked = Wish(when=When.ALL, only={"state": "cancelled"})
    assert Totals.of(some[1:], asked).visits == 1


def test_a_visit_counts_for_each_of_its_countries_and_for_none_told() -> None:
    two = (
        Party("country", {}, "IT"),
        Party("country", {"az": "Qafqaz"}),
        Party("country", {}, "IT"),
    )
    some = [visit(parties=two), visit(parties=(Party("organisation", {"en": "A school"}),))]

    totals = Totals.of(some, ALL)

    assert set(totals.by["country"]) == {
        Tally("IT", 1, 8),
        Tally("Qafqaz", 1, 8),
        Tally("", 1, 8),
    }
    assert totals.by["country"][-1].key == ""
    assert totals.visits == 2


def test_many_months_are_years() -> None:
    months = [f"{2020 + n // 12}-{1 + n % 12:02}" for n in range(MOST_MONTHS + 1)]
    few = Totals.of([visit(date=f"{month}-01") for month in months[:3]], ALL).by["month"]
    many = Totals.of([visit(date=f"{month}-01") for month in months], ALL).by["month"]

    assert [one.key for one in few] == ["2020-03", "2020-02", "2020-01"]
    assert [(one.key, one.visits) for one in many] == [("2022", 1), ("2021", 12), ("2020", 12)]


def test_a_field_offers_what_the_others_leave() -> None:
    some = [
        visit(category="press", languages=("it",)),
        visit(category="school", languages=("fr",)),
    ]

    found = sifted(some, Wish(when=When.ALL, only={"category": "press"}))

    assert found.found == (some[0],)
    assert found.offered["category"] == {"press", "school"}
    assert found.offered["language"] == {"it"}


def closed(year: int, number: int) -> Visit:
    return visit(id=number, level=3, date=f"{year}-05-0{1 + number % 9}", expected=number)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (ALL, ["2025", "2024"]),
        (Wish(when=When.PAST), ["2025", "2024"]),
        (Wish(when=When.COMING), []),
        (Wish("italy", When.ALL), []),
        (Wish(when=When.ALL, only={"country": "IT"}), []),
        (Wish(when=When.ALL, only={"state": "completed"}), []),
        (Wish(when=When.DATES, first=date(2025, 1, 1)), ["2025"]),
        (Wish(when=When.DATES, first=date(2025, 1, 2)), []),
        (Wish(when=When.DATES, first=date(2024, 1, 1), last=date(2025, 12, 30)), ["2024"]),
    ],
)
def test_closed_visits_are_told_by_whole_years_and_nothing_else(
    wish: Wish, told: list[str]
) -> None:
    some = [
        closed(year, n) for year, many in ((2025, 4), (2024, 3), (2023, 2)) for n in range(many)
    ]

    tallies = closed_by_year(some, wish)

    assert [one.key for one in tallies] == told
    if "2025" in told:
        assert tallies[0] == Tally("2025", 4, 0 + 1 + 2 + 3)


def test_a_planner_is_told_how_many_closed_visits_a_year_had_from_three_on(
    leyla: Desk, orkhan: Desk, nigar: Desk, booked: Booked
) -> None:
    def keep(year: int, many: int, **fields: object) -> None:
        for number in range(many):
            booked(
                planner=orkhan,
                level=Level.CLOSED,
                state=State.COMPLETED,
                date=f"{year}-03-0{number + 1}",
                starts_at=None,
                ends_at=None,
                people=100 + number,
                parties=(Party("country", {}, "MC"),),
                **fields,
            )

    keep(2020, 2)
    keep(2021, 3)
    keep(datetime.now(UTC).year, 3)
    booked(planner=orkhan, level=Level.CLOSED, state=State.CANCELLED, date="2020-04-01")

    whole = seen(leyla)

    assert TOLD in whole
    assert '<th scope="row">2021</th><td>3</td><td>303</td>' in whole
    assert '<th scope="row">2020</th>' not in whole
    assert "<dt>Visits</dt><dd>0</dd>" in whole
    assert "Monaco" not in whole
    for words in ({"country": "MC"}, {"q": "monaco"}, {"from": "2021-02-01"}, {"mine": "1"}):
        assert TOLD not in seen(leyla, **words), words
    assert TOLD not in seen(nigar)
    assert TOLD not in seen(orkhan)
    assert "Monaco" in seen(orkhan)


def test_the_guests_of_a_visit_are_those_that_were_counted_last(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    there, other = booked(people=20), booked(people=4)
    now = datetime.now(UTC)
    with museum.writing() as db:
        told = ((there, 1, 18), (there, 2, 17), (there, 3, None), (other, 1, None))
        for tour, seq, number in told:
            db.add(
                WalkEvent(
                    tour_id=tour,
                    seq=seq,
                    key=f"{tour}-{seq}",
                    digest="",
                    kind=Kind.COUNTED if number else Kind.ARRIVED,
                    at=now,
                    received_at=now,
                    clock_off=0,
                    is_late=False,
                    number=number,
                )
            )

    whole = seen(leyla)

    assert "17 guests counted" in whole
    assert "4 guests expected" in whole
    assert "<dt>Guests</dt><dd>21</dd>" in whole
