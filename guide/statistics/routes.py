"""The addresses of statistics."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import ReaderOfScans
from guide.exhibits.words import Passage, first_in
from guide.languages.catalogues import locale
from guide.statistics import visits
from guide.statistics.pages import AREA, Bar, Days, Period, ScansPage, bars
from guide.statistics.scans import (
    MOST_DAYS,
    By,
    PeriodError,
    Scanned,
    require_period,
    scans_by,
)
from guide.tours.days import day_in
from guide.tours.naming import language_name
from guide.tours.pages import chain_of
from guide.tours.slots import day_of
from guide.web.pages import render
from guide.web.rooms import open_rooms
from guide.web.session import Db

router = APIRouter()
open_rooms(router, visits.router)
READ = ["GET", "HEAD"]
PERIODS = {"week": 7, "month": 30, "year": 365}
USUAL = "month"
TOP = 20
"""Exhibits that are shown."""


@router.api_route("/staff/statistics", methods=READ, name="statistics.scans")
def show_scans(
    request: Request, db: Db, who: ReaderOfScans, asked: Annotated[Days, Query()]
) -> Response:
    """Show the scans of some days; of the last thirty when the address names none."""
    frame = OfficeFrame.around(request, who, AREA)
    today = day_of(datetime.now(UTC), frame.zone)
    days = _days_in(asked, today)
    page = _page(request, db, frame, days, asked, today)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if days is None else HTTPStatus.OK
    return render(request, page, status)


def _days_in(asked: Days, today: date) -> tuple[date, date] | None:
    if not asked.first and not asked.last:
        return _ending(today, USUAL), today
    first, last = day_in(asked.first), day_in(asked.last)
    if first is None or last is None:
        return None
    try:
        require_period(first, last)
    except PeriodError:
        return None
    return first, last


def _page(  # noqa: PLR0913, PLR0917 (what is asked, and what is around it)
    request: Request,
    db: Session,
    frame: OfficeFrame,
    days: tuple[date, date] | None,
    asked: Days,
    today: date,
) -> ScansPage:
    counted: dict[By, Sequence[Scanned]] = dict.fromkeys(By, ())
    if days:
        counted = {by: scans_by(db, *days, by, frame.zone) for by in By}
    by_day = bars((_day(one.key, frame), one.scans) for one in counted[By.DAY])
    peak = max(by_day, key=lambda bar: bar.scans, default=None)
    first, last = days or (day_in(asked.first), day_in(asked.last))
    return ScansPage(
        frame,
        first=first.isoformat() if first else "",
        last=last.isoformat() if last else "",
        span=" – ".join(_day(f"{day}", frame).text for day in days) if days else "",
        is_wrong=days is None,
        most_days=MOST_DAYS,
        periods=tuple(_periods(request, days, today)),
        total=sum(one.scans for one in counted[By.DAY]),
        days=by_day,
        peak=peak if peak and peak.scans else None,
        hours=_in_use(
            bars((Passage(f"{one.key}:00", "zxx"), one.scans) for one in counted[By.HOUR])
        ),
        languages=bars(
            (Passage(language_name(one.key, frame.lang), frame.lang), one.scans)
            for one in counted[By.LANGUAGE]
        ),
        exhibitions=bars((_named(one, frame), one.scans) for one in counted[By.EXHIBITION]),
        exhibits=bars((_named(one, frame), one.scans) for one in counted[By.EXHIBIT][:TOP]),
    )


def _periods(request: Request, days: tuple[date, date] | None, today: date) -> Iterator[Period]:
    path = request.app.url_path_for("statistics.scans")
    for word in PERIODS:
        first = _ending(today, word)
        yield Period(word, f"{path}?from={first}&to={today}", days == (first, today))


def _ending(today: date, word: str) -> date:
    return today - timedelta(days=PERIODS[word] - 1)


def _in_use(hours: Sequence[Bar]) -> tuple[Bar, ...]:
    """Leave out the hours before the first scan of a day and after the last."""
    there = [bar.place for bar in hours if bar.scans]
    return tuple(hours[there[0] : there[-1] + 1]) if there else ()


def _named(one: Scanned, frame: OfficeFrame) -> Passage:
    return first_in(one.names, chain_of(frame)) or Passage(one.key, "zxx")


def _day(told: str, frame: OfficeFrame) -> Passage:
    day = date.fromisoformat(told)
    return Passage(format_date(day, "d MMMM y", locale=locale(frame.lang)), frame.lang)
