"""How often labels were scanned, between two days: by day, hour, language or thing.

Scans hold an hour and no person; what phones of delegations opened is counted with the rest
and not told apart. A day is one of the museum's clock. Scans are kept to the hour of UTC: in
a zone that is not whole hours from it, those of the hour at midnight count for the day in
which that hour began.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.words import Words
from guide.qr.model import Scan
from guide.tours.slots import bounds

MOST_DAYS = 366
HOURS = 24


class By(StrEnum):
    """What scans are counted by; an hour is one of the day, of all days together."""

    DAY = "day"
    HOUR = "hour"
    LANGUAGE = "language"
    EXHIBIT = "exhibit"
    EXHIBITION = "exhibition"


class PeriodError(ValueError):
    """The last day is before the first, or there are more than `MOST_DAYS` of them."""


@dataclass(frozen=True)
class Scanned:
    """How many scans of one key: "2026-12-01", "09", a tag of a language, or a slug.

    `names` are those of an exhibit or an exhibition.
    """

    key: str
    scans: int
    names: Words = field(default_factory=dict[str, str])


def scans_by(db: Session, first: date, last: date, by: By, zone: ZoneInfo) -> list[Scanned]:
    """Count the scans from one day to another, both included; raise PeriodError.

    By day and by hour each has a row, in their order, and may be 0. The others begin with
    the most scanned, and what was not scanned is not there; a poster, which leads to an
    exhibition, is no scan of an exhibit.
    """
    require_period(first, last)
    when = bounds(first, last, zone)
    match by:
        case By.DAY:
            days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
            by_day = _by_hours(db, when, zone, "%Y-%m-%d")
            return [Scanned(f"{day}", by_day[f"{day}"]) for day in days]
        case By.HOUR:
            by_hour = _by_hours(db, when, zone, "%H")
            return [Scanned(f"{hour:02}", by_hour[f"{hour:02}"]) for hour in range(HOURS)]
        case By.LANGUAGE:
            return list(_by_language(db, when))
        case By.EXHIBIT:
            return list(_by_exhibit(db, when))
        case By.EXHIBITION:
            return list(_by_exhibition(db, when))


def require_period(first: date, last: date) -> None:
    """Raise PeriodError for days that scans are not counted over."""
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
        raise PeriodError


When = tuple[datetime, datetime]


def _by_hours(db: Session, when: When, zone: ZoneInfo, pattern: str) -> Counter[str]:
    """Count scans by their hours, and these by what a clock of the zone says of them."""
    query = select(Scan.hour, func.count()).where(*_within(when)).group_by(Scan.hour)
    found = Counter[str]()
    for hour, many in db.execute(query):
        found[hour.astimezone(zone).strftime(pattern)] += many
    return found


def _by_language(db: Session, when: When) -> Iterator[Scanned]:
    many = func.count()
    query = select(Scan.language, many).where(*_within(when)).group_by(Scan.language)
    for tag, scans in db.execute(query.order_by(many.desc(), Scan.language)):
        yield Scanned(tag, scans)


def _by_exhibit(db: Session, when: When) -> Iterator[Scanned]:
    counted = (
        select(Scan.exhibit_id.label("id"), func.count().label("scans"))
        .where(*_within(when), Scan.exhibit_id.is_not(None))
        .group_by(Scan.exhibit_id)
        .subquery()
    )
    query = select(Exhibit.slug, counted.c.scans, Exhibit.names).join(
        counted, counted.c.id == Exhibit.id
    )
    for slug, scans, names in db.execute(query.order_by(counted.c.scans.desc(), Exhibit.slug)):
        yield Scanned(slug, scans, names)


def _by_exhibition(db: Session, when: When) -> Iterator[Scanned]:
    room = func.coalesce(Scan.exhibition_id, Exhibit.exhibition_id)
    counted = (
        select(room.label("id"), func.count().label("scans"))
        .select_from(Scan)
        .outerjoin(Exhibit, Exhibit.id == Scan.exhibit_id)
        .where(*_within(when))
        .group_by(room)
        .subquery()
    )
    query = select(Exhibition.slug, counted.c.scans, Exhibition.names).join(
        counted, counted.c.id == Exhibition.id
    )
    order = (counted.c.scans.desc(), Exhibition.slug)
    for slug, scans, names in db.execute(query.order_by(*order)):
        yield Scanned(slug, scans, names)


def _within(when: When) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (Scan.hour >= when[0], Scan.hour < when[1])
