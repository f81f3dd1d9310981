"""Days and times of the museum, as people type them, and the instants that they are."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
LONGEST = timedelta(hours=12)


class NoSuchTimeError(ValueError):
    """The clocks skip this time on this day (`reliability.md` F12), or no clock shows it."""


class EndsTooEarlyError(ValueError):
    """A tour ends after it begins, on the same day, within twelve hours."""


@dataclass(frozen=True)
class TimeSlot:
    """When a tour takes place: two instants, and the day in the museum's time."""

    starts_at: datetime
    ends_at: datetime
    day: date

    @classmethod
    def on(cls, day: date, begins: time, ends: time, zone: ZoneInfo) -> Self:
        """Take a slot of a day; raise NoSuchTimeError or EndsTooEarlyError."""
        starts_at, ends_at = instant(day, begins, zone), instant(day, ends, zone)
        if not starts_at < ends_at <= starts_at + LONGEST:
            raise EndsTooEarlyError
        return cls(starts_at, ends_at, day)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a time of a day; of one that comes twice, the first."""
    there = datetime.combine(day, clock, zone)
    found = there.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise NoSuchTimeError
    return found


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the day that an instant falls on in the museum's time."""
    return at.astimezone(zone).date()


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which the first of some days begins and the last ends."""
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    return begins, datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def is_partial_date(typed: str) -> bool:
    """Say whether it is a year, a month or a day of the calendar: 2017, 2017-04, 2017-04-11."""
    if not PARTIAL.fullmatch(typed):
        return False
    try:
        date.fromisoformat(f"{typed}-01-01"[:10])
    except ValueError:
        return False
    return True
