"""The report of a tour for other systems, as the office hands it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import APIRouter, Request, Response

from guide.accounts.office import zone_of
from guide.api.bookings import TOUR, TourAsked
from guide.api.contract import REFERENCE, named
from guide.api.negotiating import VARY, wanted
from guide.api.public import Asked
from guide.tours.access import require_readable
from guide.tours.reporting.files import as_json
from guide.tours.reporting.handing_out import material_of, named_on, printed, report_of
from guide.tours.reporting.report import SHAPE
from guide.tours.reporting.sections import Sheet, sheet_of
from guide.tours.setting import UndrawableError
from guide.web.json_bodies import API, JSON, ProblemError
from guide.web.pages import Frame, Page, render
from guide.web.reader import Offered
from guide.web.session import Db

router = APIRouter(prefix=API, tags=["Tours"], generate_unique_id_function=named)
READ = ["GET", "HEAD"]
HTML, PDF = "text/html", "application/pdf"
OFFERED = (JSON, HTML, PDF)

NAME = "Report"


def shapes() -> dict[str, Any]:
    """Describe a report as it is written in JSON, and all that it is made of."""
    told = SHAPE.json_schema(mode="serialization", ref_template=REFERENCE + "{model}")
    parts: dict[str, Any] = told.pop("$defs")
    told["properties"]["is_signed"] = {"type": "boolean"}
    told["required"] = [*told["properties"]]
    return {**parts, NAME: told}


ANSWERS: Mapping[int | str, dict[str, Any]] = {
    200: {
        "content": {
            JSON: {"schema": {"$ref": REFERENCE + NAME}},
            HTML: {"schema": {"type": "string"}},
            PDF: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}


@dataclass(frozen=True)
class ReportPage(Page):
    """A report as it would stand on paper; `reader` as `named_on`.

    It has no `id`, and with that no pictures: these only the office opens.
    """

    template: ClassVar[str] = "api/report.html"
    id: ClassVar[str] = ""

    sheet: Sheet
    direction: str
    reader: str


@router.api_route(
    TOUR + "/report", methods=READ, name="api.tour.report", responses=dict(ANSWERS)
)
def show_report(
    request: Request, db: Db, found: TourAsked, language: Asked, languages: Offered
) -> Response:
    """Hand out the last version of a report; a signed one says what it said when it was signed.

    `Accept` says how: as `application/json`, which it is without that header, `text/html` or
    `application/pdf`. It is there from the departure on, for whoever may read the names; as
    HTML or PDF a confidential one carries the name of the token.
    """
    require_readable(found)
    material = material_of(db, found, zone_of(request))
    report = report_of(material, language)
    match wanted(request, OFFERED):
        case "text/html":
            frame = Frame.of(language, languages)
            page = ReportPage(frame, sheet_of(report), language.direction, named_on(found))
            return render(request, page, headers=VARY)
        case "application/pdf":
            today = datetime.now(UTC).astimezone(material.zone).date()
            try:
                pdf = printed(found, [report], today)
            except UndrawableError as failed:
                status = HTTPStatus.UNPROCESSABLE_ENTITY
                characters = failed.characters
                raise ProblemError(status, "undrawable", characters=characters) from None
            return Response(pdf, media_type=PDF, headers=VARY)
        case _:
            return Response(as_json(report), media_type=JSON, headers=VARY)
