"""How often labels were scanned, for other systems: the numbers that the office shows."""

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from guide.accounts.bearer import ReaderOfScansByToken
from guide.accounts.office import zone_of
from guide.api.answers import for_one
from guide.api.contract import named
from guide.api.shown import Said, Shape
from guide.api.tour_shapes import said_in
from guide.api.tours_sent import Day
from guide.statistics.scans import MOST_DAYS, By, PeriodError, Scanned, scans_by
from guide.web.json_bodies import API, ProblemError
from guide.web.session import Db

router = APIRouter(prefix=API, tags=["Statistics"], generate_unique_id_function=named)
READ = ["GET", "HEAD"]


class ScanCount(Shape):
    """Scans of one key; `names` are those of an exhibit or an exhibition."""

    key: Annotated[
        str,
        Field(
            description=(
                "`2026-12-01`, an hour of the day from `00` to `23`, the tag of a language, "
                "or a slug."
            ),
            examples=["tar"],
        ),
    ]
    scans: int
    names: list[Said]


class ScanCounts(Shape):
    """Scans of some days, both included, by the museum's clock.

    By day and by hour each has its count, in their order, 0 too; the others begin with the
    most scanned, and what was not scanned is not there.
    """

    first: date
    last: date
    time_zone: Annotated[str, Field(examples=["Asia/Baku"])]
    by: By
    items: list[ScanCount]

    @classmethod
    def of(cls, days: tuple[date, date], zone: str, by: By, counted: Iterable[Scanned]) -> Self:
        """Take the counts as they are."""
        items = [
            ScanCount(key=one.key, scans=one.scans, names=said_in(one.names)) for one in counted
        ]
        return cls(first=days[0], last=days[1], time_zone=zone, by=by, items=items)


@router.api_route(
    "/statistics/scans", methods=READ, name="api.statistics.scans", response_model=ScanCounts
)
def count_scans(
    request: Request,
    db: Db,
    _bearer: ReaderOfScansByToken,
    first: Annotated[Day, Query(alias="from", description="A day of the museum.")],
    last: Annotated[
        Day,
        Query(
            alias="to",
            description=(
                f"A day of the museum; it is included. More than {MOST_DAYS} days, or a day "
                "before `from`, are 422 `period`."
            ),
        ),
    ],
    by: Annotated[
        By, Query(description="What scans are counted by; an hour is one of all days together.")
    ] = By.DAY,
) -> Response:
    """Count scans between two days. A token of a curator, a planner or an admin may ask."""
    zone = zone_of(request)
    try:
        counted = scans_by(db, first, last, by, zone)
    except PeriodError:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise ProblemError(status, "period", most_days=MOST_DAYS) from None
    return for_one(ScanCounts.of((first, last), zone.key, by, counted))
