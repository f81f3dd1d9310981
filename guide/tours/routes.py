"""The addresses of tours."""

from fastapi import APIRouter, FastAPI

from guide.tours import (
    briefing,
    calendar,
    closing,
    deciding,
    delegation_pages,
    feeds,
    overview,
    paper_pages,
    persons,
    publishing,
    registering,
    remembering,
    requesting,
    routing,
    staffing,
)
from guide.tours.following import events, now
from guide.tours.forgetting import office as forgetting
from guide.tours.keepsakes import gifts, guest_book, happened
from guide.tours.model import IllegalMoveError, PlanIsFixedError
from guide.tours.promises import PromiseBrokenError
from guide.tours.refusals import broken_promise, fixed, illegal
from guide.tours.reporting import addresses as reporting
from guide.tours.reporting.model import TourReport  # noqa: F401 (its table)
from guide.tours.visits import export
from guide.tours.walking import phone, shell
from guide.web.rooms import open_rooms

router = APIRouter()
WITHOUT_NUMBERS = (
    *(calendar, export, delegation_pages, events, now, feeds),
    *(closing, registering, remembering, requesting, shell),
)
WITH_NUMBERS = (
    *(overview, persons, routing, deciding, staffing, briefing, paper_pages),
    *(phone, reporting, forgetting, guest_book, gifts, happened, publishing),
)
# Words in an address come before the numbers of tours, which would take them for one.
open_rooms(router, *(one.router for one in (*WITHOUT_NUMBERS, *WITH_NUMBERS)))


def install(app: FastAPI) -> None:
    """Add the room to the guide, with the answers to what a tour refuses."""
    open_rooms(app, router)
    app.add_exception_handler(PlanIsFixedError, fixed)
    app.add_exception_handler(IllegalMoveError, illegal)
    app.add_exception_handler(PromiseBrokenError, broken_promise)
