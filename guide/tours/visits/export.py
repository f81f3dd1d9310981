"""The list of visits as a file: what the same address finds, without names of persons."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from io import StringIO
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import GuideOrPlanner
from guide.apart import done_apart
from guide.exhibits.words import first_in
from guide.tours.calendar import Asked, Whose
from guide.tours.naming import COUNTRY, ORGANISATION, language_name, party_in
from guide.tours.pages import AREA, chain_of
from guide.tours.slots import day_of
from guide.tours.visits.finding import Visit
from guide.tours.visits.listing import MOST_EXPORTED, Listing, exhibition_names
from guide.tours.visits.wish import Wish
from guide.web.cells import plain
from guide.web.session import Db
from guide.web.workbooks import as_xlsx

router = APIRouter()
READ = ["GET", "HEAD"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEAD = (
    *("reference", "state", "level", "category", "date", "last_date", "begins", "ends"),
    *("organisations", "countries", "country_codes", "languages", "exhibitions"),
    *("expected", "counted", "guests"),
)
WIDTHS = {"organisations": 40, "exhibitions": 40, "countries": 24, "languages": 24}
BETWEEN = "; "

Cell = str | int
Row = tuple[Cell, ...]


@router.api_route("/staff/tours/visits.{format_}", methods=READ, name="tours.visits.export")
def export_visits(
    request: Request, db: Db, who: GuideOrPlanner, asked: Asked, format_: str
) -> Response:
    """Write the visits that the list finds at the same words."""
    if format_ not in TYPES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    frame = OfficeFrame.around(request, who, AREA)
    whose = Whose.of(db, who, asked)
    today = day_of(datetime.now(UTC), frame.zone)
    wish = Wish.of(asked)
    found = Listing(frame, who, wish, whose.only, today).sift(db).found
    if len(found) > MOST_EXPORTED or wish.is_wrong:
        words = {"view": "list", **whose.words, **wish.address}
        path = request.app.url_path_for("tours.calendar")
        return RedirectResponse(f"{path}?{urlencode(words)}", HTTPStatus.SEE_OTHER)
    names = {
        slug: named.text if (named := first_in(words, chain_of(frame))) else slug
        for slug, words in exhibition_names(db).items()
    }
    rows = [HEAD, *(row_of(one, names, frame) for one in found)]
    made = (
        as_csv(rows)
        if format_ == "csv"
        else done_apart(partial(as_xlsx, rows, "visits", WIDTHS), ())
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="visits.{format_}"',
    }
    return Response(made, media_type=TYPES[format_], headers=headers)


def row_of(visit: Visit, exhibitions: dict[str, str], frame: OfficeFrame) -> Row:
    """Write a visit as the cells of `HEAD`; times are on the museum's clock."""
    chain = chain_of(frame)
    parties = [(one.kind, party_in(one, chain).text, one.code) for one in visit.parties]
    return (
        visit.reference,
        visit.state,
        visit.level,
        visit.category,
        visit.date,
        visit.last_date,
        _clock(visit.starts_at, frame.zone),
        _clock(visit.ends_at, frame.zone),
        BETWEEN.join(name for kind, name, _ in parties if kind == ORGANISATION),
        BETWEEN.join(name for kind, name, _ in parties if kind == COUNTRY),
        BETWEEN.join(code for *_, code in parties if code),
        BETWEEN.join(language_name(tag, frame.lang) for tag in visit.languages),
        BETWEEN.join(name for slug, name in exhibitions.items() if slug in visit.exhibitions),
        *("" if many is None else many for many in _numbers(visit)),
    )


def as_csv(rows: Iterable[Row]) -> bytes:
    """Write RFC 4180 for spreadsheets, which know UTF-8 by its mark and calculate nothing."""
    sheet = StringIO(newline="")
    csv.writer(sheet).writerows([_plain(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()


def _plain(cell: Cell) -> str:
    return plain(cell) if isinstance(cell, str) else str(cell)


def _numbers(visit: Visit) -> Iterator[int | None]:
    yield from (visit.expected, visit.counted, visit.guests)


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}" if at else ""
