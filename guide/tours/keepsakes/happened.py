"""The page of what happened: the walk, the guest book, the gifts."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from guide.accounts.office import OfficeFrame
from guide.tours.access import ReadableTour
from guide.tours.keepsakes.keeping import is_open
from guide.tours.keepsakes.log import Line, Told, lines_of
from guide.tours.keepsakes.queries import gifts_of, noted_gifts, pages_of
from guide.tours.keepsakes.showing import ShownGift, ShownPage, names_of
from guide.tours.pages import AREA, TourHead, TourPage
from guide.tours.queries import ways_on_foot
from guide.tours.walking.queries import events_of
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]


@dataclass(frozen=True)
class HappenedPage(TourPage):
    """What happened, for the office and for a phone; `noted` gifts wait to be registered."""

    template: ClassVar[str] = "tours/happened.html"

    told: Told
    lines: tuple[Line, ...]
    pages: tuple[ShownPage, ...]
    gifts: tuple[ShownGift, ...]
    noted: int
    is_open: bool


@router.api_route("/staff/tours/{tour_id}/happened", methods=READ, name="tours.happened")
def show(request: Request, db: Db, found: ReadableTour) -> Response:
    """Show what happened on a tour."""
    frame, tour = OfficeFrame.around(request, found.who, AREA), found.tour
    events = events_of(db, tour.id)
    pages, gifts = pages_of(db, tour.id), gifts_of(db, tour.id)
    names = names_of(db, [one.account_id for some in (events, pages, gifts) for one in some])
    page = HappenedPage(
        frame,
        head=TourHead.of(found, frame),
        told=Told.of(tour, events, ways_on_foot(db), frame),
        lines=tuple(lines_of(tour, events, names, frame)),
        pages=tuple(ShownPage.of(one, frame, names) for one in pages),
        gifts=tuple(ShownGift.of(one, frame, names) for one in gifts),
        noted=len(noted_gifts(db, tour.id)),
        is_open=is_open(tour),
    )
    return render(request, page)
