"""When the persons of a tour are to be forgotten."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from guide.settings import Settings
from guide.tours.model import Tour
from guide.tours.slots import day_of, is_partial_date


@dataclass(frozen=True)
class Retention:
    """For how many days after a tour its persons are kept, by the museum's calendar."""

    days: int
    zone: ZoneInfo

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take what the settings say."""
        return cls(settings.retention_days, ZoneInfo(settings.timezone))

    def last_day(self, tour: Tour) -> date:
        """Return the last day on which everything of a tour is still there.

        It counts from the last day of the tour, planned or walked, as exactly as it is known,
        and for a tour of which no day is known from the one on which it was taken down.
        """
        told = tour.last_date or tour.date or ""
        days = [_end_of(told)] if is_partial_date(told) else []
        moments = (tour.ends_at, tour.departed_at, tour.completed_at)
        days += [day_of(moment, self.zone) for moment in moments if moment]
        try:
            return max(days, default=day_of(tour.made_at, self.zone)) + timedelta(self.days)
        except OverflowError:
            return date.max

    def is_over(self, tour: Tour, now: datetime) -> bool:
        """Say whether the last day of a tour's persons has passed."""
        return day_of(now, self.zone) > self.last_day(tour)

    def oldest_backup(self, now: datetime) -> datetime:
        """Return the instant before which no backup of our own is kept."""
        return now.astimezone(UTC) - timedelta(self.days)


def has_been(tour: Tour, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether the last day of a tour is over, or the tour itself."""
    return Retention(0, zone).is_over(tour, now)


def _end_of(told: str) -> date:
    """Return the last day of a year, a month or a day: 2017 is 31 December 2017."""
    year, month, day = (int(part) for part in f"{told}-00-00"[:10].split("-"))
    if day:
        return date(year, month, day)
    following = date(year + (month in {0, 12}), month % 12 + 1 if month else 1, 1)
    return following - timedelta(1)
