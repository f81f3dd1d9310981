"""The addresses of the accounts, and the answers to who may not."""

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from guide.accounts import entering, managing, own, token_pages
from guide.accounts.desk import Desk
from guide.accounts.entering import NoSuchInvitationError
from guide.accounts.model import Role
from guide.accounts.office import OfficeFrame
from guide.accounts.pages import DeskPage, InvitationGonePage
from guide.accounts.passwords import TooManyWaitError
from guide.accounts.permissions import (
    Everyone,
    NotSignedInError,
    Staff,
    cookie_name,
    forget,
)
from guide.accounts.queries import (
    trail,
)
from guide.web.errors import RETRY_SECONDS, refusal
from guide.web.pages import render
from guide.web.rooms import open_rooms
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
LATEST = 8
"""Deeds on an admin's desk."""


@router.api_route("/staff", methods=READ, name="accounts.desk")
def show_desk(request: Request, db: Db, person: Staff) -> Response:
    """Show what there is for somebody to do."""
    frame = OfficeFrame.around(request, person, "desk")
    desk: Desk = request.app.state.desk
    page = DeskPage.of(
        frame,
        frame.moment(datetime.now(UTC)),
        desk.tasks(request, db, person),
        desk.changes(request, db, person),
        trail(db)[:LATEST] if person.is_any_of(Role.ADMIN) else [],
    )
    return render(request, page)


@router.api_route("/staff/", methods=READ, name="accounts.desk.slash", dependencies=[Everyone])
def go_to_desk(request: Request) -> Response:
    """Take the slash away that somebody typed."""
    path = request.app.url_path_for("accounts.desk")
    return RedirectResponse(path, HTTPStatus.PERMANENT_REDIRECT)


def install(app: FastAPI) -> None:
    """Add the addresses, and the answers to who may not."""
    open_rooms(app, router, entering.router, own.router, token_pages.router, managing.router)
    app.add_exception_handler(NotSignedInError, _ask_to_sign_in)
    app.add_exception_handler(NoSuchInvitationError, _invitation_gone)
    app.add_exception_handler(TooManyWaitError, _too_many_wait)


def _ask_to_sign_in(request: Request, raised: Exception) -> Response:
    """Lead to the form; a script is told plainly."""
    if not isinstance(raised, NotSignedInError):
        raise TypeError(raised)
    if raised.by_script:
        response = Response(status_code=HTTPStatus.UNAUTHORIZED)
    else:
        path = request.app.url_path_for("accounts.session")
        query = f"?{urlencode({'next': raised.wanted})}" if raised.wanted else ""
        response = _see(path + query)
    settings = request.app.state.settings
    if cookie_name(settings) in request.cookies:
        forget(response, settings)
    return response


def _invitation_gone(request: Request, _raised: Exception) -> Response:
    page = InvitationGonePage(OfficeFrame.for_stranger(request))
    return render(request, page, HTTPStatus.NOT_FOUND)


def _too_many_wait(request: Request, _raised: Exception) -> Response:
    response = refusal(request, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
