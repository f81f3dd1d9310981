"""The only address on a label, and those of the office that see to labels."""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from guide.accounts.permissions import cookie_name
from guide.qr import keeping, ordering, walking
from guide.qr.board import Board
from guide.qr.scanning import BY_READER, path_to
from guide.qr.scans import count_scan
from guide.web.reader import language_of_reader, offered_at_once
from guide.web.rooms import open_rooms

router = APIRouter()
open_rooms(router, walking.router, keeping.router, ordering.router)


@router.api_route("/q/{code}", methods=["GET", "HEAD"], name="qr.follow")
@router.api_route("/Q/{code}", methods=["GET", "HEAD"], name="qr.follow.capital")
async def follow(request: Request, code: str) -> RedirectResponse:
    """Lead to the exhibit in the reader's language, or to a closed exhibition's archive.

    What is on the board is answered before it comes here (`Scanning`). Somebody who is
    signed in is on a walk along the walls: led to the label, and not counted.
    """
    if cookie_name(request.app.state.settings) in request.cookies:
        label = await run_in_threadpool(walking.path_for_staff, request, code)
        if label:
            return RedirectResponse(label, HTTPStatus.FOUND, BY_READER)
    board: Board = request.app.state.board
    found = board.known(code)
    if found is None:
        found = await run_in_threadpool(board.look_up, code)
    language = language_of_reader(request, await offered_at_once(request))
    count_scan(request, found, language.tag, datetime.now(UTC))
    path = path_to(found, language.tag, request.app.state.templates)
    return RedirectResponse(path, HTTPStatus.FOUND, BY_READER)
