"""The days that a calendar shows: one, a week from Monday, a month in whole weeks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""The days of this century, as the form of a tour takes them."""

WEEK = 7


class View(StrEnum):
    """How much of the calendar is shown."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    LIST = "list"


@dataclass(frozen=True)
class Span:
    """Some days that follow each other, both ends among them."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return self.first <= day <= self.last

    @property
    def days(self) -> tuple[date, ...]:
        """The days, in their order."""
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=number) for number in range(count))

    @property
    def weeks(self) -> tuple[Sequence[date], ...]:
        """The days by weeks."""
        days = self.days
        return tuple(days[at : at + WEEK] for at in range(0, len(days), WEEK))


def day_in(typed: str) -> date | None:
    """Read a day of this century, None for anything else."""
    if not DAY.fullmatch(typed):
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def week_of(day: date) -> Span:
    """Return the week that a day is in; it begins on Monday."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=WEEK - 1))


def weeks_of_month(day: date) -> Span:
    """Return the four to six weeks that hold the month of a day."""
    first = day.replace(day=1)
    last = _first_of_next_month(day) - timedelta(days=1)
    return Span(week_of(first).first, week_of(last).last)


def before(day: date, view: View) -> date | None:
    """Return where one page back leads, None where the calendar begins."""
    if view is View.MONTH:
        return _within((day.replace(day=1) - timedelta(days=1)).replace(day=1))
    return _within(day - timedelta(days=WEEK if view is View.WEEK else 1))


def after(day: date, view: View) -> date | None:
    """Return where one page on leads, None where the calendar ends."""
    if view is View.MONTH:
        return _within(_first_of_next_month(day))
    return _within(day + timedelta(days=WEEK if view is View.WEEK else 1))


def _within(day: date) -> date | None:
    return day if FIRST <= day <= LAST else None


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
