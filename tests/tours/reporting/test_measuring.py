"""Of two phones and the office one says when the guests left, and the minutes follow it."""

from datetime import UTC, datetime, timedelta

from guide.tours.reporting.measuring import Measured
from guide.tours.walking.events import Kind, WalkEvent
from guide.tours.walking.walk import Walk, minutes_stayed

AT = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
NIGAR, ELVIN, OFFICE = 1, 2, 3

Said = tuple[int, Kind, int] | tuple[int, Kind, int, int]
"""Who, what, how many minutes after the beginning, and at which stop."""

WALK: tuple[Said, ...] = (
    (NIGAR, Kind.STARTED, 0),
    (NIGAR, Kind.ARRIVED, 0, 1),
    (NIGAR, Kind.ARRIVED, 25, 2),
    (NIGAR, Kind.ARRIVED, 60, 3),
)


def told(*said: Said) -> list[WalkEvent]:
    """Return events in the order in which the guide heard of them, all of them afterwards."""
    return [
        WalkEvent(
            seq=seq,
            account_id=who,
            kind=kind,
            at=AT + timedelta(minutes=minute),
            received_at=AT + timedelta(minutes=200, seconds=seq),
            clock_off=0,
            stop_id=where[0] if where else None,
        )
        for seq, (who, kind, minute, *where) in enumerate(said, 1)
    ]


def measured(*said: Said) -> tuple[int | None, dict[int, int]]:
    """Return the minutes of a walk, and those at each stop."""
    found = Measured.of(told(*said), AT)
    return found.total, {stop: found.spent[stop] for stop in found.seen}


def test_an_end_that_another_phone_sends_late_is_none_if_they_went_on() -> None:
    told_late = *WALK, (NIGAR, Kind.FINISHED, 85), (ELVIN, Kind.FINISHED, 30)

    assert measured(*told_late) == (85, {1: 25, 2: 35, 3: 25})


def test_an_end_between_two_arrivals_of_another_takes_no_minutes_from_a_stop() -> None:
    heard_between = *WALK, (ELVIN, Kind.FINISHED, 30), (NIGAR, Kind.FINISHED, 85)

    assert measured(*heard_between) == (85, {1: 25, 2: 35, 3: 25})
    assert minutes_stayed(Walk.of(told(*heard_between))) == {1: 25, 2: 35, 3: 25}


def test_whoever_brought_them_to_the_last_stop_has_the_last_word() -> None:
    long_after = *WALK, (NIGAR, Kind.FINISHED, 85), (ELVIN, Kind.FINISHED, 150)

    assert measured(*long_after) == (85, {1: 25, 2: 35, 3: 25})
    assert Walk.of(told(*long_after)).finished_at == AT + timedelta(minutes=85)


def test_an_arrival_of_long_ago_gives_another_phone_no_word() -> None:
    stops = (ELVIN, Kind.ARRIVED, 10, 2), (ELVIN, Kind.FINISHED, 30)

    assert measured(*WALK, (NIGAR, Kind.FINISHED, 85), *stops)[0] == 85


def test_the_guide_who_walked_knows_better_than_the_office_when_they_left() -> None:
    after_the_office = *WALK, (OFFICE, Kind.FINISHED, 120), (NIGAR, Kind.FINISHED, 85)

    assert measured(*after_the_office) == (85, {1: 25, 2: 35, 3: 25})


def test_the_office_says_when_they_left_if_the_guide_does_not() -> None:
    assert measured(*WALK, (OFFICE, Kind.FINISHED, 120)) == (120, {1: 25, 2: 35, 3: 60})


def test_they_had_not_left_when_another_brought_them_to_a_stop_after_that() -> None:
    assert measured((ELVIN, Kind.FINISHED, 30), *WALK)[0] is None
