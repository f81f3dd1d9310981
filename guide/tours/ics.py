"""Tours as iCalendar (RFC 5545): when, and no more of what than a phone may carry about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from guide.tours.model import BINDING, State

YEAR = timedelta(days=366)
AGAIN = timedelta(hours=1)
"""How soon a calendar is asked to look again (RFC 7986, section 5.7)."""
PRODUCT = "-//Heydar Aliyev Center//guide//EN"


@dataclass(frozen=True)
class Appointment:
    """A tour as a calendar holds it; `changed_at` is None where that is nobody's business.

    `number` and `version` are the tour's: a calendar knows it again by them.
    """

    number: int
    version: int
    state: State
    summary: str
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    changed_at: datetime | None


def calendar_of(appointments: Iterable[Appointment], name: str, zone: ZoneInfo) -> bytes:
    """Write appointments as a calendar, in the time of the museum."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", AGAIN, {"VALUE": "DURATION"})
    days: list[date] = []
    for one in appointments:
        calendar.add_component(_event(one, zone))
        days += [one.starts_at.date(), one.ends_at.date()]
    if days:
        calendar.add_missing_timezones(first_date=min(days) - YEAR, last_date=max(days) + YEAR)
    return bytes(calendar.to_ical())


def _event(one: Appointment, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", f"tour-{one.number}@guide")
    event.add("sequence", one.version)
    event.add("dtstamp", one.stamped_at)
    if one.changed_at:
        event.add("last-modified", one.changed_at)
    event.add("dtstart", _shown(one.starts_at, zone))
    event.add("dtend", _shown(one.ends_at, zone))
    event.add("summary", one.summary)
    event.add("status", status_of(one.state))
    event.add("class", "PRIVATE")
    return event


def status_of(state: State) -> str:
    """Return what a calendar calls the state of a tour."""
    if state == State.CANCELLED:
        return "CANCELLED"
    return "CONFIRMED" if state in BINDING else "TENTATIVE"


def _shown(at: datetime, zone: ZoneInfo) -> datetime:
    """Return an instant on the museum's clock; in UTC where the clock shows that time twice.

    A time that comes twice is the first of both in iCalendar (RFC 5545, section 3.3.5).
    """
    there = at.astimezone(zone)
    return at.astimezone(UTC) if there.fold else there
