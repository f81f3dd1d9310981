"""The addresses of the walking phone: the tour as it stands, and what happened."""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.qr.symbols import UnfitAddressError
from guide.tours.access import OpenTour, ReadableTour, WalkedTour
from guide.tours.addresses import address_of, symbol_of
from guide.tours.pages import AREA
from guide.tours.walking.entries import Batch
from guide.tours.walking.live import LiveTour, Now
from guide.tours.walking.queries import walk_of
from guide.tours.walking.record import (
    ForgottenError,
    KeyReusedError,
    NotConfirmedError,
    Sent,
    take_down_sent,
)
from guide.web.json_bodies import JsonSent, ProblemError, read_json
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
TOUR = "/staff/tours/{tour_id}"


@router.api_route(TOUR + "/walk", methods=READ, name="tours.walk")
def show_walk(request: Request, db: Db, found: ReadableTour) -> Response:
    """Return all that the walking page shows."""
    frame = OfficeFrame.around(request, found.who, AREA)
    shown = LiveTour.of(db, found, frame, walk_of(db, found.tour.id))
    return JSONResponse(jsonable_encoder(shown))


@router.api_route(TOUR + "/walk/now", methods=READ, name="tours.walk.now")
def show_now(db: Db, found: WalkedTour) -> Response:
    """Return where the delegation is."""
    return JSONResponse(jsonable_encoder(_now(db, found)))


@router.api_route(TOUR + "/walk/code", methods=READ, name="tours.walk.code")
def show_code(request: Request, db: Db, found: WalkedTour) -> Response:
    """Return the symbol of the delegation's page, to be shown to guests.

    `lacks` is "address" while there is none, "room" when it is too long for a symbol.
    """
    address = address_of(request, db, found.tour)
    if not address:
        return JSONResponse({"svg": "", "lacks": "address"})
    try:
        symbol = symbol_of(request, address)
    except UnfitAddressError:
        return JSONResponse({"svg": "", "lacks": "room"})
    return JSONResponse({"svg": symbol.svg(), "lacks": ""})


@router.post(TOUR + "/events", name="tours.events.record")
def record(request: Request, db: Db, found: WalkedTour, sent: JsonSent) -> Response:
    """Keep what a phone has taken down, each entry once; say which are kept, and where we are.

    Raises ProblemError: `other-account` when they were taken down for somebody else,
    `key-reused` for an entry that was kept and said something else, `forgotten` for those
    that come after the tour was, `not-confirmed`.
    """
    batch = read_json(Batch, sent)
    if batch.account != found.who.id:
        raise ProblemError(HTTPStatus.CONFLICT, "other-account")
    origin = Sent(found.who, batch.sent_at, datetime.now(UTC))
    secret: str = request.app.state.secret
    try:
        events = take_down_sent(db, found.tour, batch.entries, origin, secret)
    except KeyReusedError as reused:
        raise ProblemError(HTTPStatus.CONFLICT, "key-reused", key=reused.key) from None
    except ForgottenError as late:
        raise ProblemError(HTTPStatus.CONFLICT, "forgotten", keys=late.keys) from None
    except NotConfirmedError:
        raise ProblemError(HTTPStatus.CONFLICT, "not-confirmed") from None
    taken = [{"key": event.key, "seq": event.seq} for event in events]
    return JSONResponse({"taken": taken, "now": jsonable_encoder(_now(db, found))})


def _now(db: Session, found: OpenTour) -> Now:
    return Now.of(found, walk_of(db, found.tour.id))
