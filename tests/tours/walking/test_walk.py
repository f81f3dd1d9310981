"""How far a delegation has come, read from what its guides have taken down."""

from datetime import UTC, datetime, timedelta

from guide.tours.walking.events import Kind, WalkEvent
from guide.tours.walking.walk import Walk, minutes_stayed, next_stop

AT = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)


def happened(*said: tuple[Kind, float] | tuple[Kind, float, int]) -> Walk:
    """Read events: what, how many minutes after the beginning, and at which stop."""
    return Walk.of(
        WalkEvent(
            seq=seq,
            kind=kind,
            at=AT + timedelta(minutes=minute),
            clock_off=0,
            account_id=1,
            stop_id=where[0] if where else None,
        )
        for seq, (kind, minute, *where) in enumerate(said, 1)
    )


def test_nothing_has_happened_yet() -> None:
    walk = Walk.of([])

    assert (walk.stop, walk.seq, walk.count, next_stop(walk, [1, 2])) == (None, 0, None, 1)


def test_the_minutes_at_a_stop_end_with_the_next_one() -> None:
    walk = happened(
        (Kind.STARTED, 0), (Kind.ARRIVED, 1, 1), (Kind.ARRIVED, 11, 2), (Kind.FINISHED, 16)
    )

    assert minutes_stayed(walk) == {1: 10, 2: 5}
    assert walk.finished_at == AT + timedelta(minutes=16)


def test_the_way_to_the_next_stop_is_time_at_none() -> None:
    walk = happened((Kind.ARRIVED, 0, 1), (Kind.LEFT, 10), (Kind.ARRIVED, 14, 2))

    assert minutes_stayed(walk) == {1: 10}
    assert not walk.is_on_the_way


def test_a_pause_is_time_at_no_stop() -> None:
    walk = happened(
        (Kind.ARRIVED, 0, 1), (Kind.PAUSED, 4), (Kind.RESUMED, 24), (Kind.ARRIVED, 30, 2)
    )

    assert minutes_stayed(walk) == {1: 10}


def test_a_pause_that_two_guides_end_is_ended_once() -> None:
    walk = happened(
        (Kind.ARRIVED, 0, 1),
        (Kind.PAUSED, 4),
        (Kind.RESUMED, 24),
        (Kind.RESUMED, 28),
        (Kind.ARRIVED, 30, 2),
    )

    assert minutes_stayed(walk) == {1: 10}


def test_a_stop_that_they_come_back_to_counts_both_times() -> None:
    walk = happened(
        (Kind.ARRIVED, 0, 1), (Kind.ARRIVED, 5, 2), (Kind.ARRIVED, 8, 1), (Kind.FINISHED, 10)
    )

    assert minutes_stayed(walk) == {1: 7, 2: 3}
    assert walk.seen == [1, 2]


def test_what_is_skipped_is_not_next_until_they_go_there() -> None:
    walk = happened((Kind.ARRIVED, 0, 1), (Kind.SKIPPED, 1, 2))

    assert next_stop(walk, [1, 2, 3]) == 3
    assert happened((Kind.SKIPPED, 0, 2), (Kind.ARRIVED, 1, 2)).skipped == set()


def test_where_they_are_cannot_be_skipped() -> None:
    assert happened((Kind.ARRIVED, 0, 1), (Kind.SKIPPED, 1, 1)).skipped == set()


def test_of_two_guides_the_one_heard_last_says_where_they_are() -> None:
    walk = happened((Kind.ARRIVED, 5, 2), (Kind.ARRIVED, 3, 1))

    assert walk.stop == 1
    assert minutes_stayed(walk) == {2: 0}


def test_a_note_moves_nobody() -> None:
    walk = happened((Kind.ARRIVED, 0, 1), (Kind.NOTED, 1))

    assert (walk.seq, walk.moved) == (2, 1)


def test_a_clock_that_is_a_little_off_is_believed() -> None:
    event = WalkEvent(at=AT, clock_off=100)

    assert not event.has_wrong_clock
    assert event.happened_at == AT


def test_the_end_of_the_route() -> None:
    assert next_stop(happened((Kind.ARRIVED, 0, 2)), [1, 2]) is None
