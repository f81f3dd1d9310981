"""One table of refusals: what a person reads when the guide cannot do what was asked."""

from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from http import HTTPStatus
from typing import ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from guide.web.headers import dress
from guide.web.json_bodies import ProblemError, answer, is_of_api, problem
from guide.web.json_bodies import faults as faults_in
from guide.web.pages import Frame, PublicPage, path_of, render
from guide.web.reader import WrongCaseError, language_of_refusal, offered

RETRY_SECONDS = "5"
TAKEN = "23505"
"""PostgreSQL's word for what may stand once and was there already."""

SPEECHLESS = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>guide</title>
<h1><span lang="az">Bələdçi bir anlıq cavab verə bilmir</span><br>
The guide cannot answer for a moment</h1>
<p><span lang="az">Bir az sonra yenidən cəhd edin.</span><br>Please try again shortly.</p>
"""
"""What is shown when not even the languages can be read; it needs nothing to be working."""


@dataclass(frozen=True)
class ErrorPage(PublicPage):
    """A refusal in the reader's language."""

    template: ClassVar[str] = "shared/error.html"

    status: int
    is_unavailable: bool


def refusal(request: Request, status: HTTPStatus) -> Response:
    """Make the page of a refusal; it needs the database only for the reader's language.

    A script is told in a problem document.
    """
    if is_of_api(request.scope["path"]):
        return problem(status)
    try:
        languages = offered(request)
        language = language_of_refusal(request, languages)
    except SQLAlchemyError:
        return HTMLResponse(SPEECHLESS, status, {"Cache-Control": "no-store"})
    page = ErrorPage(
        frame=Frame.of(language, languages),
        path=path_of(request),
        status=int(status),
        is_unavailable=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    return render(request, page, status)


def install(app: FastAPI) -> None:
    """Register the answers to everything that rooms may raise."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(ProblemError, answer)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(WrongCaseError, _respelt)
    app.add_exception_handler(OperationalError, _busy)
    app.add_exception_handler(PoolTimeoutError, _busy)
    app.add_exception_handler(IntegrityError, _crossed)
    app.add_exception_handler(OSError, _full)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, raised: Exception) -> Response:
    status = raised.status_code if isinstance(raised, HTTPException) else 500
    response = refusal(request, HTTPStatus(status))
    if isinstance(raised, HTTPException):
        response.headers.update(raised.headers or {})
    return response


def _unreadable(request: Request, raised: Exception) -> Response:
    """Answer what could not be read without repeating it: the input may be a name.

    An address whose number cannot be one is not there.
    """
    faults = raised.errors() if isinstance(raised, RequestValidationError) else ()
    is_nowhere = any(one["loc"][0] == "path" for one in faults)
    if is_nowhere:
        return refusal(request, HTTPStatus.NOT_FOUND)
    if is_of_api(request.scope["path"]):
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", faults=faults_in(faults))
    return refusal(request, HTTPStatus.UNPROCESSABLE_ENTITY)


def _respelt(request: Request, raised: Exception) -> Response:
    path = raised.path if isinstance(raised, WrongCaseError) else "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, HTTPStatus.PERMANENT_REDIRECT)


def _busy(request: Request, _raised: Exception) -> Response:
    response = refusal(request, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _crossed(request: Request, raised: Exception) -> Response:
    """Ask to try again when somebody took the same name in the same instant.

    SQLite's writers queue; only PostgreSQL's meet. What else is broken is a fault of ours.
    """
    if isinstance(raised, IntegrityError) and getattr(raised.orig, "sqlstate", "") == TAKEN:
        return _busy(request, raised)
    raise raised


def _full(request: Request, raised: Exception) -> Response:
    """Say that the disk is full; any other refusal of the system is a fault of ours."""
    if isinstance(raised, OSError) and raised.errno in {ENOSPC, EDQUOT, EFBIG}:
        return refusal(request, HTTPStatus.INSUFFICIENT_STORAGE)
    raise raised


def _failed(request: Request, _raised: Exception) -> Response:
    """Answer a fault of ours. It is made outside the door, so it is dressed here."""
    response = refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    dress(response.headers, request.scope["path"], request.app.state.settings)
    return response
