"""What a source has published of a tour of the house: it stays when the rest is forgotten."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from guide.accounts.office import OfficeFrame
from guide.tours import deeds
from guide.tours.access import DecidableTour, OpenTour
from guide.tours.model import StaleTourError, State, Tour
from guide.tours.pages import AREA
from guide.tours.past import attach, detach, report_of
from guide.tours.past_forms import source_in, values_of_report
from guide.tours.past_pages import VisitPage
from guide.tours.remembering import languages_offered, to_tour, today_of, tongues_known
from guide.tours.reports import LANGUAGE
from guide.tours.requesting import seen_version
from guide.web.forms import Posted, Rejected
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
PUBLISHED = "/staff/tours/{tour_id}/published"


def may_be_told(tour: Tour) -> bool:
    """Say whether a source may tell of a tour: it took place, and the house knows it itself."""
    return tour.state == State.COMPLETED and not tour.is_only_told


def told_tour(found: DecidableTour) -> OpenTour:
    """Open a tour of which a source may tell; for any other the page does not exist."""
    if not may_be_told(found.tour):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


ToldTour = Annotated[OpenTour, Depends(told_tour)]


@router.api_route(PUBLISHED, methods=READ, name="tours.published")
def show_published(request: Request, db: Db, found: ToldTour) -> Response:
    """Ask what a source has published of a tour, or show it to be put right."""
    frame, tour = OfficeFrame.around(request, found.who, AREA), found.tour
    told = tour.published
    values = values_of_report(report_of(tour, told)) if told else {LANGUAGE: frame.lang}
    return render(request, VisitPage.of(frame, values, languages_offered(db, frame), tour=tour))


@router.post(PUBLISHED, name="tours.published.save")
def save_published(request: Request, db: Db, found: ToldTour, fields: Posted) -> Response:
    """Keep what a source has published; two who do so at once are told of each other."""
    frame, tour = OfficeFrame.around(request, found.who, AREA), found.tour
    languages = languages_offered(db, frame)
    report = source_in(fields, tongues_known(db), today_of(request), tour)
    if isinstance(report, Rejected):
        page = VisitPage.of(
            frame, fields, languages, tour=tour, errors=report.errors, problem="unreadable"
        )
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        changed = attach(tour, report, seen_version(fields.get("version", "")))
    except StaleTourError:
        page = VisitPage.of(frame, fields, languages, tour=tour, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    if changed:
        deeds.write_down(db, tour, "source.saved", found.who, datetime.now(UTC), changed)
    return to_tour(request, tour)


@router.post(PUBLISHED + "/removal", name="tours.published.remove")
def remove_published(request: Request, db: Db, found: ToldTour, fields: Posted) -> Response:
    """Take a source away from a tour of which it does not tell."""
    frame, tour = OfficeFrame.around(request, found.who, AREA), found.tour
    told = tour.published
    if told is None:
        return to_tour(request, tour)
    try:
        detach(tour, seen_version(fields.get("version", "")))
    except StaleTourError:
        values = values_of_report(report_of(tour, told))
        languages = languages_offered(db, frame)
        page = VisitPage.of(frame, values, languages, tour=tour, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    deeds.write_down(db, tour, "source.removed", found.who, datetime.now(UTC))
    return to_tour(request, tour)
