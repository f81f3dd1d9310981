"""The moves of a tour, from planned to completed or cancelled, and what is let stand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.tours import deeds, moves
from guide.tours.access import DecidableTour, OpenTour, TourInPath, exists_for
from guide.tours.clashes import ClashError
from guide.tours.diary import Override
from guide.tours.letting import OverrideForm
from guide.tours.model import NoSlotError
from guide.tours.overview import TOUR, Said, overview
from guide.tours.promises import ChangeableTour
from guide.tours.readiness import may_be_let, readiness_of
from guide.tours.requesting import seen_version
from guide.web.forms import Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()


@router.post(TOUR + "/planning", name="tours.plan")
def plan(request: Request, db: Db, found: ChangeableTour) -> Response:
    """Say that a request is taken up."""
    try:
        found.tour.plan()
    except NoSlotError:
        return _shown(request, db, found, Said(problem="no-slot"))
    deeds.write_down(db, found.tour, "tour.planned", found.who, datetime.now(UTC))
    return _to_tour(request, found, "planned")


@router.post(TOUR + "/confirmation", name="tours.confirm")
def confirm(request: Request, db: Db, found: DecidableTour, fields: Posted) -> Response:
    """Say that a tour takes place, if nothing stands against it in this very moment.

    What takes place is what whoever says so has seen, as with what does not.
    """
    if not _has_been_seen(found, fields):
        return _shown(request, db, found, Said(problem="moved-on"))
    try:
        moves.confirm(db, found, datetime.now(UTC))
    except ClashError:
        return _shown(request, db, found, Said(problem="clash"))
    return _to_tour(request, found, "confirmed")


@router.post(TOUR + "/departure", name="tours.depart")
def depart(request: Request, db: Db, found: TourInPath) -> Response:
    """Say that the guests are on their way."""
    moves.depart(db, found, datetime.now(UTC), request.app.state.secret)
    return _to_tour(request, found, "departed")


@router.post(TOUR + "/completion", name="tours.complete")
def complete(request: Request, db: Db, found: TourInPath) -> Response:
    """Say that the guests have left."""
    moves.complete(db, found, datetime.now(UTC), request.app.state.secret)
    return _to_tour(request, found, "completed")


@router.post(TOUR + "/cancellation", name="tours.cancel")
def cancel(request: Request, db: Db, found: DecidableTour, fields: Posted) -> Response:
    """Say that a tour does not take place; calendars are told."""
    if not _has_been_seen(found, fields):
        return _shown(request, db, found, Said(problem="moved-on"))
    moves.cancel(db, found, datetime.now(UTC))
    return _to_tour(request, found, "cancelled")


@router.post(TOUR + "/overrides", name="tours.override")
def let_stand(request: Request, db: Db, found: DecidableTour, fields: Posted) -> Response:
    """Let something stand that is in the way, by name and with a reason."""
    form = read(OverrideForm, fields)
    if isinstance(form, Rejected):
        return _shown(request, db, found, Said(problem="reason", key=fields.get("key", "")))
    findings = readiness_of(db, found.tour, exists_for(found.who)).findings
    if not any(one.key == form.key and may_be_let(one) for one in findings):
        return _shown(request, db, found, Said(problem="gone"))
    at = datetime.now(UTC)
    deeds.let_stand(db, found.tour, [form.key], form.reason, found.who, at)
    return _to_tour(request, found, "overridden")


@router.post(TOUR + "/overrides/removal", name="tours.override.end")
def let_stand_no_more(
    request: Request, db: Db, found: DecidableTour, fields: Posted
) -> Response:
    """Take back that something is let stand."""
    override = db.get(Override, (found.tour.id, fields.get("key", "")[:80]))
    if override:
        db.delete(override)
        at = datetime.now(UTC)
        deeds.write_down(db, found.tour, "tour.override-ended", found.who, at, [override.key])
    return _to_tour(request, found, "override-ended")


def _has_been_seen(found: OpenTour, fields: Mapping[str, str]) -> bool:
    """Say whether a page was made of the tour as it still is."""
    return seen_version(fields.get("version", "")) == found.tour.version


def _shown(request: Request, db: Session, found: OpenTour, said: Said) -> Response:
    status = (
        HTTPStatus.UNPROCESSABLE_ENTITY if said.problem == "reason" else HTTPStatus.CONFLICT
    )
    return render(request, overview(request, db, found, said), status)


def _to_tour(request: Request, found: OpenTour, done: str) -> Response:
    path = request.app.url_path_for("tours.tour", tour_id=str(found.tour.id))
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
