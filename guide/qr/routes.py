"""The only address on a label."""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from guide.qr.board import Board
from guide.qr.scans import count_scan
from guide.web.pages import Templates
from guide.web.reader import language_of_reader, offered_at_once

router = APIRouter()
BY_READER = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"}


@router.api_route("/q/{code}", methods=["GET", "HEAD"], name="qr.follow")
@router.api_route("/Q/{code}", methods=["GET", "HEAD"], name="qr.follow.capital")
async def follow(request: Request, code: str) -> RedirectResponse:
    """Lead to the exhibit in the reader's language, or to a closed exhibition's archive.

    What is on the board is answered without a thread or a statement; the rest waits in one.
    """
    board: Board = request.app.state.board
    found = board.known(code)
    if found is None:
        found = await run_in_threadpool(board.look_up, code)
    language = language_of_reader(request, await offered_at_once(request))
    count_scan(request, found, language.tag, datetime.now(UTC))
    if found.is_closed:
        name, slug = "visitors.exhibition", found.exhibition
    else:
        name, slug = "visitors.exhibit", found.exhibit
    templates: Templates = request.app.state.templates
    path = templates.path_for(name, lang=language.tag, slug=slug)
    return RedirectResponse(path, HTTPStatus.FOUND, BY_READER)
