"""A day on the board: rows, columns, who meets whom; in any zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guide.tours.board import (
    ELSEWHERE,
    HOUSE,
    OPEN,
    STEP,
    Board,
    Mark,
    Standing,
    board_of,
    marks_of,
    meetings_among,
    standings,
)
from guide.tours.days import Span, View, after, before, day_in, week_of, weeks_of_month
from guide.tours.model import State
from guide.tours.slots import bounds
from guide.tours.stops import Closure, Place
from tests import make

DAY = date(2026, 12, 1)
BAKU, PARIS = ZoneInfo("Asia/Baku"), ZoneInfo("Europe/Paris")
MIDNIGHT = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
CARPETS, CARS = Place("hall", 1), Place("hall", 2)
A, B = Mark("A", 1), Mark("B", 2)


def clock(hours: int, minutes: int = 0) -> datetime:
    return MIDNIGHT + timedelta(hours=hours, minutes=minutes)


def standing(mark: Mark, place: Place, begins: datetime, minutes: int) -> Standing:
    number = ord(mark.letter)
    return Standing(number, mark, place, begins, begins + timedelta(minutes=minutes))


def board(*all_standing: Standing, closures: tuple[Closure, ...] = ()) -> Board:
    made = board_of(all_standing, closures, (CARPETS, CARS), bounds(DAY, DAY, BAKU))
    assert made
    return made


def test_every_column_of_every_row_is_filled_once() -> None:
    made = board(
        standing(A, CARPETS, clock(11, 3), 14),
        standing(B, CARS, clock(11, 20), 3),
        standing(A, ELSEWHERE, clock(11, 20), 45),
        standing(B, CARPETS, clock(11, 10), 10),
    )

    open_until = [0] * len(made.places)
    for number, row in enumerate(made.rows):
        cells = iter(row.cells)
        for column, until in enumerate(open_until):
            if until <= number:
                open_until[column] = number + next(cells).rows
        assert next(cells, None) is None
    assert open_until == [len(made.rows)] * len(made.places)


def test_the_board_begins_and_ends_at_half_hours() -> None:
    made = board(standing(A, CARPETS, clock(11, 3), 50))

    assert made.rows[0].at == clock(11)
    assert len(made.rows) * STEP == timedelta(hours=1)
    assert [row.at for row in made.rows if row.at] == [clock(11), clock(11, 30)]


def test_columns_follow_the_house() -> None:
    places = (OPEN, ELSEWHERE, CARS, CARPETS, HOUSE)
    made = board(*(standing(A, place, clock(11), 5) for place in places))

    assert made.places == (HOUSE, CARPETS, CARS, ELSEWHERE, OPEN)


def test_tours_that_meet_share_a_cell_and_are_told_apart_from_those_that_touch() -> None:
    made = board(
        standing(A, CARPETS, clock(11, 52), 10),
        standing(B, CARPETS, clock(11, 46), 16),
        standing(A, CARS, clock(12, 2), 10),
        standing(B, CARS, clock(12, 12), 10),
    )

    shared = [cell for row in made.rows for cell in row.cells if len(cell.standing) > 1]
    assert [[one.mark for one in cell.standing] for cell in shared] == [[B, A]]
    (meeting,) = shared[0].meetings
    assert (meeting.begins, meeting.ends) == (clock(11, 52), clock(12, 2))
    assert meeting.minutes == 10


def test_two_who_are_elsewhere_do_not_meet() -> None:
    assert not meetings_among(
        [standing(A, ELSEWHERE, clock(11), 9), standing(B, ELSEWHERE, clock(11), 9)]
    )


def test_what_lasts_a_minute_has_a_row_of_its_own() -> None:
    made = board(standing(A, CARPETS, clock(11), 1), standing(B, CARPETS, clock(11, 5), 1))

    assert [cell.rows for row in made.rows for cell in row.cells if cell.standing] == [1, 1]


def test_a_tour_over_midnight_is_cut_at_the_day() -> None:
    late = standing(A, CARPETS, clock(23), 120)
    today = board_of([late], (), (CARPETS,), bounds(DAY, DAY, BAKU))
    tomorrow_day = DAY + timedelta(days=1)
    tomorrow = board_of([late], (), (CARPETS,), bounds(tomorrow_day, tomorrow_day, BAKU))

    assert today
    assert tomorrow
    assert today.rows[0].at == clock(23)
    assert tomorrow.rows[0].at == clock(24)
    assert len(today.rows) == len(tomorrow.rows) == 12


def test_where_it_is_closed_is_seen_in_its_column_alone() -> None:
    closed = Closure(hall_id=2, starts_at=clock(11, 30), ends_at=clock(30), reason="Repairs")
    made = board(
        standing(A, CARPETS, clock(11), 60),
        standing(B, CARS, clock(11), 20),
        closures=(closed,),
    )

    shut = [
        (made.rows.index(row), len(row.cells))
        for row in made.rows
        for cell in row.cells
        if cell.is_shut
    ]
    assert shut == [(6, 1)]


def test_when_the_house_is_closed_every_column_is() -> None:
    closed = Closure(starts_at=clock(0), ends_at=clock(24), reason="A holiday")
    made = board(standing(A, CARPETS, clock(11), 30), closures=(closed,))

    assert all(cell.is_shut for row in made.rows for cell in row.cells)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (DAY, 24)]
)
def test_a_day_of_any_length_keeps_its_order(day: date, hours: int) -> None:
    begins, ends = bounds(day, day, PARIS)
    number = hours * 2
    every_half_hour = [
        standing(A, CARPETS, begins + timedelta(minutes=30 * half), 30)
        for half in range(number)
    ]

    made = board_of(every_half_hour, (), (CARPETS,), (begins, ends))

    assert made
    told = [row.at for row in made.rows if row.at]
    assert len(told) == number
    assert told == sorted(told)
    assert [cell.rows for row in made.rows for cell in row.cells] == [6] * number


def test_letters_go_on_after_the_alphabet_and_colours_come_again() -> None:
    marks = [Mark.numbered(number) for number in (0, 25, 26, 51, 52, 701, 702)]

    assert [mark.letter for mark in marks] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert {mark.hue for mark in marks} <= {1, 2, 3, 4, 5, 6}


def test_a_cancelled_tour_and_one_without_a_time_have_no_letter() -> None:
    tours = [
        make.tour(id=1, state=State.CANCELLED),
        make.tour(id=2, starts_at=None, ends_at=None),
        make.tour(id=3),
    ]

    assert marks_of(tours) == {3: Mark("A", 1)}


def test_a_tour_without_stops_is_in_the_house_for_its_whole_time() -> None:
    tour = make.tour(id=3)

    (one,) = standings(tour, A, {})

    assert (one.place, one.begins, one.ends) == (OPEN, tour.starts_at, tour.ends_at)


@pytest.mark.parametrize(
    ("month", "weeks"),
    [(date(2026, 12, 1), 5), (date(2026, 8, 31), 6), (date(2027, 2, 14), 4)],
)
def test_a_month_is_four_to_six_whole_weeks(month: date, weeks: int) -> None:
    shown = weeks_of_month(month)

    assert len(shown.days) == weeks * 7
    assert shown.first.weekday() == 0
    assert month in shown


def test_a_week_begins_on_monday() -> None:
    assert week_of(DAY) == Span(date(2026, 11, 30), date(2026, 12, 6))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1900-01-01",
        "9999-12-31",
        "2026-02-30",
        "2026-1-1",
        "20261201",
        "٢٠٢٦-١٢-٠١",
        "today",
    ],
)
def test_what_is_no_day_of_this_century_is_none(typed: str) -> None:
    assert day_in(typed) is None


@pytest.mark.parametrize("view", View)
def test_the_calendar_ends_where_the_century_does(view: View) -> None:
    assert before(date(2000, 1, 1), view) is None
    assert after(date(2099, 12, 31), view) is None


def test_a_month_on_is_the_first_of_the_next() -> None:
    assert after(date(2026, 1, 31), View.MONTH) == date(2026, 2, 1)
    assert before(date(2026, 3, 31), View.MONTH) == date(2026, 2, 1)
