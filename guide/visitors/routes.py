"""The public addresses."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from guide.exhibits.showing import OnShow
from guide.illustrations.plans import plan_of
from guide.languages.model import Language
from guide.qr.board import Board
from guide.qr.model import UnknownCodeError, WithdrawnError
from guide.qr.scanning import path_to
from guide.qr.scans import count_scan
from guide.visitors import media, preview, problems
from guide.visitors.forms import ChoiceForm
from guide.visitors.pages import CodePage, WithdrawnPage, file_of
from guide.visitors.printing import PRINTED, Printer, code
from guide.web.assets import answer
from guide.web.origin import same_origin, sent_as_form
from guide.web.pages import Frame, path_of, render
from guide.web.reader import (
    CHOICE,
    CHOICE_SECONDS,
    InPath,
    Offered,
    OfReader,
    in_language,
    language_of_refusal,
    offered,
)
from guide.web.rooms import open_rooms

router = APIRouter()
READ = ["GET", "HEAD"]
BY_READER = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"}


@router.api_route("/", methods=READ, name="visitors.entrance")
def enter(request: Request, language: OfReader) -> RedirectResponse:
    """Lead to the entrance in the reader's language."""
    path = request.app.url_path_for("visitors.home", lang=language.tag)
    return RedirectResponse(path, HTTPStatus.FOUND, BY_READER)


@router.post(
    "/choice",
    name="visitors.choice.create",
    dependencies=[Depends(same_origin), Depends(sent_as_form)],
)
def choose(
    request: Request, form: Annotated[ChoiceForm, Form()], languages: Offered
) -> RedirectResponse:
    """Remember a language for thirty days."""
    chosen = languages.named(form.lang)
    path = in_language(chosen, form.next, languages) if chosen else form.next
    response = RedirectResponse(path, HTTPStatus.SEE_OTHER)
    if chosen:
        response.set_cookie(
            CHOICE,
            chosen.tag,
            max_age=CHOICE_SECONDS,
            path="/",
            secure=request.app.state.settings.public_url is not None,
            httponly=True,
            samesite="lax",
        )
    return response


@router.api_route("/{lang}", methods=READ, name="visitors.home.bare")
def go_home(request: Request, language: InPath) -> RedirectResponse:
    """Add the slash that the entrance ends with."""
    path = request.app.url_path_for("visitors.home", lang=language.tag)
    return RedirectResponse(path, HTTPStatus.PERMANENT_REDIRECT)


@router.api_route("/media/{hash_}/{slug}.svg", methods=READ, name="visitors.drawing")
def show_drawing(request: Request, hash_: str, slug: str) -> Response:
    """Serve a drawing that is a file, under its hash for ever."""
    on_show: OnShow = request.app.state.on_show
    exhibit = on_show.exhibit(slug)
    if exhibit is None or not exhibit.is_published or exhibit.illustration is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    asset = file_of(plan_of(exhibit.illustration))
    if asset.hash != hash_:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return answer(request, asset)


def open_code(request: Request, language: InPath, c: str = "") -> Response:
    """Open the exhibit of a typed code in this language, or ask for a code."""
    if not c.strip():
        return _printed(request)
    board: Board = request.app.state.board
    found = board.known(c) or board.look_up(c)
    count_scan(request, found, language.tag, datetime.now(UTC))
    path = path_to(found, language.tag, request.app.state.templates)
    return RedirectResponse(path, HTTPStatus.FOUND, {"Cache-Control": "no-store"})


def _printed(request: Request) -> Response:
    """Print a page that the press has not: it was asked for with a query, or is not shown."""
    printer: Printer = request.app.state.printer
    found = printer.find(request.scope["path"])
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return printer.print(found)


for _name, _address, _make in PRINTED:
    _endpoint = open_code if _make is code else _printed
    router.add_api_route(_address, _endpoint, methods=READ, name=_name)


def install(app: FastAPI) -> None:
    """Add the public addresses, and the answers to codes that lead nowhere."""
    # The media come after the drawings, which have the shorter hashes.
    open_rooms(app, preview.router, problems.router, router, media.router)
    app.add_exception_handler(UnknownCodeError, _unknown_code)
    app.add_exception_handler(WithdrawnError, _withdrawn)


def _unknown_code(request: Request, raised: Exception) -> Response:
    frame = _frame(request)[0]
    typed = raised.typed if isinstance(raised, UnknownCodeError) else ""
    looks_mistyped = isinstance(raised, UnknownCodeError) and raised.looks_mistyped
    page = CodePage(
        frame, path_of(request), typed[:20], is_unknown=True, looks_mistyped=looks_mistyped
    )
    return render(request, page, HTTPStatus.NOT_FOUND)


def _withdrawn(request: Request, raised: Exception) -> Response:
    frame, language = _frame(request)
    if not isinstance(raised, WithdrawnError):
        raise TypeError(raised)
    page = WithdrawnPage.of(frame, path_of(request), language.chain, raised.exhibition)
    return render(request, page, HTTPStatus.GONE)


def _frame(request: Request) -> tuple[Frame, Language]:
    languages = offered(request)
    language = language_of_refusal(request, languages)
    return Frame.of(language, languages), language
