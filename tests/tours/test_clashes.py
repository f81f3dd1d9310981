"""What stands against a tour, found on plain objects and listed with the way to mend it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guide.accounts.model import Role
from guide.exhibits.halls import Hall
from guide.tours.clashes import Finding, Surroundings, clashes_of
from guide.tours.model import Tour
from guide.tours.people import Duty, Interpreter, TourInterpreter, TourStaff
from guide.tours.stops import Closure
from tests import make

NOTHING = Surroundings((), (), {}, {})
START = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
HALL = Hall(id=1, slug="hall", position=1, floor=0, names={}, capacity=20)


def later(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def guided(number: int = 7) -> TourStaff:
    return TourStaff(account_id=number, duty=Duty.GUIDE, account=make.account(Role.GUIDE))


def interpreted(number: int = 3, **fields: object) -> TourInterpreter:
    someone = Interpreter(id=number, name="Mei", languages=["zh-Hans"])
    return TourInterpreter(interpreter_id=number, interpreter=someone, **fields)


def tour(number: int, begins: int = 0, ends: int = 60, **fields: object) -> Tour:
    slot = {"id": number, "starts_at": later(begins), "ends_at": later(ends)}
    return make.tour(**{**slot, **fields})


def words(ours: Tour, *others: Tour, around: Surroundings = NOTHING) -> list[str]:
    return [one.word for one in clashes_of(ours, replace(around, others=others))]


def test_nothing_stands_against_a_tour_that_is_alone() -> None:
    ours = tour(1, staff=[guided()], stops=[make.stop(hall_id=1)])

    assert words(ours, around=replace(NOTHING, halls={1: HALL})) == []


@pytest.mark.parametrize(
    ("begins", "ends", "found"),
    [
        pytest.param(30, 90, ["guide-busy"], id="overlapping"),
        pytest.param(10, 20, ["guide-busy"], id="within"),
        pytest.param(0, 60, ["guide-busy"], id="the same time"),
        pytest.param(60, 120, [], id="after, touching"),
        pytest.param(-60, 0, [], id="before, touching"),
        pytest.param(59, 120, ["guide-busy"], id="a minute too early"),
    ],
)
def test_a_guide_leads_one_tour_at_a_time(begins: int, ends: int, found: list[str]) -> None:
    ours = tour(1, staff=[guided()])
    theirs = tour(2, begins, ends, staff=[guided()])

    assert words(ours, theirs) == found


def test_another_guide_is_free() -> None:
    assert words(tour(1, staff=[guided(7)]), tour(2, staff=[guided(8)])) == []


def test_who_is_no_guide_any_more_leads_nothing() -> None:
    ours, theirs = (tour(number, staff=[guided()]) for number in (1, 2))
    ours.staff[0].account.give_roles([Role.PLANNER])

    assert words(ours, theirs) == []


def test_an_interpreter_is_in_one_tour_at_a_time() -> None:
    ours = tour(1, interpreters=[interpreted()])
    theirs = tour(2, 30, 90, interpreters=[interpreted()])

    assert words(ours, theirs) == ["interpreter-busy"]


def test_an_interpreter_of_the_first_half_is_free_for_the_second() -> None:
    first = interpreted(starts_at=later(0), ends_at=later(30))
    second = interpreted(starts_at=later(30), ends_at=later(60))

    assert words(tour(1, interpreters=[first]), tour(2, interpreters=[second])) == []


@pytest.mark.parametrize(
    ("begins", "ends", "found"),
    [
        pytest.param(-60, -10, ["interpreter-busy"], id="before the tour"),
        pytest.param(70, 90, ["interpreter-busy"], id="after the tour"),
        pytest.param(-90, -60, [], id="touching"),
    ],
)
def test_an_interpreter_works_before_and_after_a_tour_too(
    begins: int, ends: int, found: list[str]
) -> None:
    ours = tour(1, interpreters=[interpreted(starts_at=later(-60), ends_at=later(90))])

    assert words(ours, tour(2, begins, ends, interpreters=[interpreted()])) == found


@pytest.mark.parametrize(("minutes", "found"), [(40, []), (41, ["guide-busy"])])
def test_a_guide_leads_until_the_last_stop_is_over(minutes: int, found: list[str]) -> None:
    ours = tour(1, staff=[guided()])
    theirs = tour(2, -40, -10, staff=[guided()], stops=[make.stop(minutes=minutes)])

    assert words(ours, theirs) == found


IN_HALL: Callable[..., Tour] = lambda number, begins, people, minutes=20: tour(  # noqa: E731
    number, begins, begins + 60, people=people, stops=[make.stop(hall_id=1, minutes=minutes)]
)


@pytest.mark.parametrize(
    ("capacity", "begins", "people", "found"),
    [
        pytest.param(20, 10, 12, ["near-place"], id="both fit"),
        pytest.param(20, 10, 13, ["same-place"], id="one too many"),
        pytest.param(None, 10, 1, ["same-place"], id="nobody knows how many fit"),
        pytest.param(20, 10, None, ["same-place"], id="nobody knows how many come"),
        pytest.param(20, 20, 13, ["near-place"], id="touching"),
        pytest.param(20, 24, 13, ["near-place"], id="four minutes apart"),
        pytest.param(20, 25, 13, [], id="five minutes apart"),
    ],
)
def test_two_delegations_in_a_hall(
    capacity: int | None, begins: int, people: int | None, found: list[str]
) -> None:
    hall = Hall(id=1, slug="hall", position=1, floor=0, names={}, capacity=capacity)
    around = replace(NOTHING, halls={1: hall})

    assert words(IN_HALL(1, 0, 8), IN_HALL(2, begins, people), around=around) == found


@pytest.mark.parametrize(
    ("others", "found"),
    [
        pytest.param([(0, 6), (0, 6)], ["near-place", "near-place"], id="all three fit"),
        pytest.param([(0, 6), (0, 7)], ["same-place", "same-place"], id="one too many"),
        pytest.param([(-10, 6), (10, 7)], ["near-place", "near-place"], id="never at once"),
        pytest.param([(-10, 6), (9, 7)], ["same-place", "same-place"], id="for a minute"),
        pytest.param(
            [(-10, 12), (10, 6), (15, 7)],
            ["near-place", "same-place", "same-place"],
            id="one leaves before it is full",
        ),
        pytest.param([(0, 6), (0, None)], ["near-place", "same-place"], id="one not known"),
    ],
)
def test_a_hall_holds_all_who_are_there_at_once(
    others: list[tuple[int, int | None]], found: list[str]
) -> None:
    around = replace(NOTHING, halls={1: HALL})
    theirs = [IN_HALL(n, begins, people) for n, (begins, people) in enumerate(others, 2)]

    assert words(IN_HALL(1, 0, 8), *theirs, around=around) == found


def test_while_no_hall_is_known_the_exhibition_is_the_place() -> None:
    room = make.exhibition()
    room.id = 4
    ours, theirs = (tour(n, stops=[make.stop(exhibition=room)]) for n in (1, 2))

    assert words(ours, theirs) == ["same-place"]


def test_places_that_nobody_knows_do_not_clash() -> None:
    meeting = {"en": "Meeting"}

    assert words(*(tour(n, stops=[make.stop(names=meeting)]) for n in (1, 2))) == []


def test_more_people_than_a_hall_holds() -> None:
    around = replace(NOTHING, halls={1: HALL})

    assert words(IN_HALL(1, 0, 21), around=around) == ["over-capacity"]


def closure(begins: int, ends: int, **place: int) -> Closure:
    return Closure(
        id=1, starts_at=later(begins), ends_at=later(ends), reason="Cleaning", **place
    )


@pytest.mark.parametrize(
    ("shut", "found"),
    [
        pytest.param(closure(30, 40), ["closed"], id="the house, during it"),
        pytest.param(closure(60, 90), [], id="the house, after it"),
        pytest.param(closure(10, 30, hall_id=1), ["closed"], id="the hall, during the stop"),
        pytest.param(closure(20, 60, hall_id=1), [], id="the hall, after the stop"),
        pytest.param(closure(0, 60, hall_id=2), [], id="another hall"),
    ],
)
def test_what_is_closed_cannot_be_visited(shut: Closure, found: list[str]) -> None:
    around = replace(NOTHING, halls={1: HALL}, closures=(shut,))

    assert words(IN_HALL(1, 0, 8), around=around) == found


def test_an_exhibition_that_is_closed_in_a_hall_that_is_open() -> None:
    room = make.exhibition()
    room.id = 4
    around = replace(NOTHING, closures=(closure(0, 60, exhibition_id=4),))
    ours = tour(1, stops=[make.stop(exhibition=room, hall_id=1)])

    assert words(ours, around=around) == ["closed"]


def test_an_exhibit_that_is_off_display() -> None:
    exhibit = make.exhibit()
    exhibit.take_off_display(START)

    assert words(tour(1, stops=[make.stop(exhibit=exhibit)])) == ["off-display"]


def test_an_exhibition_that_is_over() -> None:
    room = make.exhibition()
    room.close(START)

    assert words(tour(1, stops=[make.stop(exhibition=room)])) == ["exhibition-over"]


@pytest.mark.parametrize(("minutes", "over"), [(60, []), (61, [1]), (63, [3])])
def test_more_minutes_than_the_slot_has(minutes: int, over: list[int]) -> None:
    ours = tour(1, stops=[make.stop(minutes=minutes)])

    found: list[Finding] = list(clashes_of(ours, NOTHING))

    assert [one.count for one in found] == over


def test_walking_counts_too() -> None:
    stops = [make.stop(1, hall_id=1, minutes=29), make.stop(2, hall_id=2, minutes=29)]

    assert [one.count for one in clashes_of(tour(1, stops=stops), NOTHING)] == []
    stops[1].minutes = 30
    assert [one.count for one in clashes_of(tour(1, stops=stops), NOTHING)] == [1]
