"""The brief: what those who receive the guests must know, in free words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from guide.accounts.office import OfficeFrame
from guide.tours import deeds
from guide.tours.access import OpenTour, TourInPath
from guide.tours.model import BRIEF
from guide.tours.overview import TOUR
from guide.tours.pages import AREA, TourHead, TourPage
from guide.tours.promises import ChangeableTour
from guide.tours.requesting import seen_version
from guide.web.forms import FreeWords, Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
TALL = frozenset({"talking_points", "country_links", "to_avoid", "notes"})
"""Fields that are asked for on several lines at once."""


class BriefForm(BaseModel):
    """What is written in a brief; every field may be left empty."""

    host_unit: FreeWords = ""
    requested_by: FreeWords = ""
    contact: FreeWords = ""
    security_contact: FreeWords = ""
    door: FreeWords = ""
    vehicles: FreeWords = ""
    dress: FreeWords = ""
    access_needs: FreeWords = ""
    dietary: FreeWords = ""
    quiet_needs: FreeWords = ""
    weather_plan: FreeWords = ""
    talking_points: FreeWords = ""
    country_links: FreeWords = ""
    to_avoid: FreeWords = ""
    gifts_planned: FreeWords = ""
    notes: FreeWords = ""


@dataclass(frozen=True)
class BriefField:
    """One field of the brief; `theirs` is what somebody else has written meanwhile."""

    name: str
    value: str
    lines: int
    is_wrong: bool = False
    theirs: str = ""


@dataclass(frozen=True)
class BriefPage(TourPage):
    """The brief, to be read or written."""

    template: ClassVar[str] = "tours/brief.html"

    fields: tuple[BriefField, ...]
    problem: str = ""
    done: str = ""


@router.api_route(TOUR + "/brief", methods=READ, name="tours.brief")
def show(request: Request, found: TourInPath, done: str = "") -> Response:
    """Show the brief to whoever may read names."""
    if not found.readable:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    done = done if done == "saved" else ""
    return render(request, _page(request, found, _written(found), done=done))


@router.post(TOUR + "/brief", name="tours.brief.save")
def save(request: Request, db: Db, found: ChangeableTour, fields: Posted) -> Response:
    """Change the brief; two who do so at once are told of each other."""
    form, before = read(BriefForm, fields), _written(found)
    said: Mapping[str, str] = fields if isinstance(form, Rejected) else form.model_dump()
    changed = [name for name in BRIEF if said.get(name, "") != before[name]]
    if changed and seen_version(fields.get("version", "")) != found.tour.version:
        page = _page(request, found, fields, theirs=before, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    if isinstance(form, Rejected):
        page = _page(request, found, fields, wrong=form.errors, problem="unreadable")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if changed:
        found.tour.change(found.tour.version)
        for name in changed:
            setattr(found.tour.brief, name, said[name])
        deeds.write_down(db, found.tour, "tour.briefed", found.who, datetime.now(UTC), changed)
    path = request.app.url_path_for("tours.brief", tour_id=str(found.tour.id))
    return RedirectResponse(f"{path}?done=saved", HTTPStatus.SEE_OTHER)


def _written(found: OpenTour) -> dict[str, str]:
    return {name: getattr(found.tour.brief, name) for name in BRIEF}


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    found: OpenTour,
    values: Mapping[str, str],
    *,
    wrong: Mapping[str, str] | None = None,
    theirs: Mapping[str, str] | None = None,
    problem: str = "",
    done: str = "",
) -> BriefPage:
    frame = OfficeFrame.around(request, found.who, AREA)
    fields = tuple(
        BriefField(
            name,
            values.get(name, ""),
            4 if name in TALL else 1,
            is_wrong=name in (wrong or {}),
            theirs=said if theirs and (said := theirs[name]) != values.get(name, "") else "",
        )
        for name in BRIEF
    )
    return BriefPage(frame, TourHead.of(found, frame), fields, problem, done)
