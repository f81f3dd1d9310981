"""Somebody may be wrong ten times, and then once a minute."""

from datetime import timedelta

from guide.accounts.allowance import AT_ONCE, FULL_AFTER, MOST_TRIES, ONE_MORE_AFTER, Allowance
from tests.conftest import OPENING_DAY


def spent(times: int) -> Allowance:
    allowance = Allowance(key="x", full_at=OPENING_DAY)
    for _ in range(times):
        allowance.spend(OPENING_DAY)
    return allowance


def test_after_ten_failures_no_try_is_left() -> None:
    assert spent(9).left(OPENING_DAY) == 1
    assert spent(10).left(OPENING_DAY) == 0
    assert spent(1_000).left(OPENING_DAY) == 0
    assert spent(9).has_one(OPENING_DAY)
    assert not spent(10).has_one(OPENING_DAY)


def test_a_minute_gives_one_try_back() -> None:
    assert spent(10).left(OPENING_DAY + ONE_MORE_AFTER) == 1
    assert spent(10).left(OPENING_DAY + ONE_MORE_AFTER * 3.5) == 3.5


def test_of_ten_at_once_the_last_may_have_come_first() -> None:
    allowance = Allowance(key="x", full_at=OPENING_DAY + AT_ONCE)
    for _ in range(MOST_TRIES - 1):
        allowance.spend(OPENING_DAY + AT_ONCE)

    assert allowance.has_one(OPENING_DAY)
    allowance.spend(OPENING_DAY)
    assert not allowance.has_one(OPENING_DAY + AT_ONCE)


def test_who_tries_without_end_has_no_more_than_one_a_minute() -> None:
    allowance, hour, tried = spent(MOST_TRIES), timedelta(hours=1), 0
    for second in range(int(hour.total_seconds())):
        at = OPENING_DAY + timedelta(seconds=second)
        if allowance.has_one(at):
            allowance.spend(at)
            tried += 1

    assert tried == hour / ONE_MORE_AFTER


def test_no_one_ever_has_more_than_ten() -> None:
    assert spent(10).left(OPENING_DAY + 5 * FULL_AFTER) == MOST_TRIES


def test_a_clock_that_goes_back_gives_nothing() -> None:
    assert spent(10).left(OPENING_DAY - timedelta(hours=1)) == 0
