"""How many visits there were, for admins: they learn how many, and open none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Admin
from guide.statistics.pages import AREA, Days, Period
from guide.tours.slots import day_of
from guide.tours.visits.listing import totals_of_house
from guide.tours.visits.pages import ShownTotals
from guide.tours.visits.wish import Wish, Words
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]


@dataclass(frozen=True)
class VisitsPage(OfficePage):
    """The visits of some days, or of all; `first` and `last` as `ScansPage` has them."""

    template: ClassVar[str] = "statistics/visits.html"

    first: str
    last: str
    is_wrong: bool
    periods: tuple[Period, ...]
    totals: ShownTotals


@router.api_route("/staff/statistics/visits", methods=READ, name="statistics.visits")
def show_visits(
    request: Request, db: Db, who: Admin, asked: Annotated[Days, Query()]
) -> Response:
    """Count the visits that took place between two days, or all when the address names none."""
    frame = OfficeFrame.around(request, who, AREA)
    wish = Wish.of(Words.model_validate({"when": "all", "from": asked.first, "to": asked.last}))
    page = VisitsPage(
        frame,
        *wish.told,
        is_wrong=wish.is_wrong,
        periods=tuple(_periods(request, wish, day_of(datetime.now(UTC), frame.zone))),
        totals=totals_of_house(db, frame, wish, who),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wish.is_wrong else HTTPStatus.OK
    return render(request, page, status)


def _periods(request: Request, wish: Wish, today: date) -> Iterator[Period]:
    path = request.app.url_path_for("statistics.visits")
    yield Period("all", path, not wish.first and not wish.last and not wish.is_wrong)
    for word, year in (("this-year", today.year), ("last-year", today.year - 1)):
        days = date(year, 1, 1), date(year, 12, 31)
        words = urlencode(dict(zip(("from", "to"), days, strict=True)))
        yield Period(word, f"{path}?{words}", (wish.first, wish.last) == days)
