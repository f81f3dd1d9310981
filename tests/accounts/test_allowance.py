"""Somebody may be wrong ten times, and then once a minute."""

from datetime import timedelta

from guide.accounts.allowance import FULL_AFTER, MOST_TRIES, ONE_MORE_AFTER, Allowance
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


def test_a_minute_gives_one_try_back() -> None:
    assert spent(10).left(OPENING_DAY + ONE_MORE_AFTER) == 1
    assert spent(10).left(OPENING_DAY + ONE_MORE_AFTER * 3.5) == 3.5


def test_no_one_ever_has_more_than_ten() -> None:
    assert spent(10).left(OPENING_DAY + 5 * FULL_AFTER) == MOST_TRIES


def test_a_clock_that_goes_back_gives_nothing() -> None:
    assert spent(10).left(OPENING_DAY - timedelta(hours=1)) == 0
