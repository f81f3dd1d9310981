"""The public addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from guide.exhibits import queries
from guide.exhibits.showing import (
    Rooms,
    ShownExhibit,
    listed_exhibitions,
    shown_exhibit,
    shown_exhibition,
)
from guide.illustrations.plans import plan_of
from guide.languages.model import Language
from guide.qr.board import Board
from guide.qr.model import UnknownCodeError, WithdrawnError
from guide.qr.scans import count_scan
from guide.visitors.forms import ChoiceForm
from guide.visitors.pages import (
    CodePage,
    ExhibitionPage,
    ExhibitPage,
    HomePage,
    LanguagesPage,
    Picture,
    PicturePage,
    WithdrawnPage,
    file_of,
)
from guide.web.assets import answer
from guide.web.origin import same_origin, sent_as_form
from guide.web.pages import Frame, render
from guide.web.reader import (
    CHOICE,
    CHOICE_SECONDS,
    InPath,
    Offered,
    OfReader,
    language_in_path,
    language_of_refusal,
    offered,
)

router = APIRouter()
READ = ["GET", "HEAD"]
BY_READER = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"}


@dataclass(frozen=True)
class Asked:
    """What a printed page is made with: one session, the language and the frame."""

    db: Session
    rooms: Rooms
    chain: tuple[str, ...]
    frame: Frame


@contextmanager
def asked(request: Request, lang: str) -> Iterator[Asked]:
    """Open what a printed page is made with; all of it in the one thread that prints.

    Dependencies would each cost a change of threads, which is most of what a first print
    may take (`docs/performance.md`).
    """
    languages = offered(request)
    language = language_in_path(request, lang, languages)
    with request.app.state.database.reading() as db:
        frame = Frame.of(request, language, languages)
        yield Asked(db, request.app.state.rooms, language.chain, frame)


def exhibit_on_show(page: Asked, slug: str) -> ShownExhibit:
    """Find the exhibit that the address names, if visitors may see it."""
    exhibit = shown_exhibit(page.db, page.rooms, slug, page.chain)
    if exhibit is not None and exhibit.is_withdrawn:
        raise WithdrawnError(exhibit.exhibition)
    if exhibit is None or not exhibit.is_published:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return exhibit


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
    response = RedirectResponse(form.next, HTTPStatus.SEE_OTHER)
    if chosen := languages.named(form.lang):
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


@router.api_route("/{lang}/", methods=READ, name="visitors.home")
def show_home(request: Request, lang: str) -> Response:
    """Show the entrance."""
    with asked(request, lang) as page:
        center = queries.center(page.db)
        if center is None:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE)
        exhibitions = listed_exhibitions(page.db)
        return render(request, HomePage.of(page.frame, page.chain, center, exhibitions))


@router.api_route("/{lang}/exhibitions/{slug}", methods=READ, name="visitors.exhibition")
def show_exhibition(request: Request, lang: str, slug: str) -> Response:
    """Show an exhibition."""
    with asked(request, lang) as page:
        exhibition = shown_exhibition(page.db, page.rooms, slug, page.chain)
        if exhibition is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return render(request, ExhibitionPage.of(page.frame, page.chain, exhibition))


@router.api_route("/{lang}/exhibits/{slug}", methods=READ, name="visitors.exhibit")
def show_exhibit(request: Request, lang: str, slug: str) -> Response:
    """Show an exhibit."""
    with asked(request, lang) as page:
        exhibit = exhibit_on_show(page, slug)
        return render(request, ExhibitPage.of(page.frame, page.chain, exhibit))


@router.api_route("/{lang}/exhibits/{slug}/picture", methods=READ, name="visitors.picture")
def show_picture(request: Request, lang: str, slug: str) -> Response:
    """Show the picture of an exhibit large, without script."""
    with asked(request, lang) as page:
        exhibit = exhibit_on_show(page, slug)
        if exhibit.drawn is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return render(request, PicturePage(page.frame, Picture.of(exhibit.drawn, page.chain)))


@router.api_route("/media/{hash_}/{slug}.svg", methods=READ, name="visitors.drawing")
def show_drawing(request: Request, hash_: str, slug: str) -> Response:
    """Serve a drawing that is a file, under its hash for ever."""
    with request.app.state.database.reading() as db:
        exhibit = shown_exhibit(db, request.app.state.rooms, slug, ())
    if exhibit is None or not exhibit.is_published or exhibit.illustration is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    asset = file_of(plan_of(exhibit.illustration))
    if asset.hash != hash_:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return answer(request, asset)


@router.api_route("/{lang}/code", methods=READ, name="visitors.code")
def open_code(request: Request, language: InPath, languages: Offered, c: str = "") -> Response:
    """Open the exhibit of a typed code in this language, or ask for a code."""
    if not c.strip():
        return render(request, CodePage(Frame.of(request, language, languages)))
    board: Board = request.app.state.board
    found = board.known(c) or board.look_up(c)
    count_scan(request, found, language.tag, datetime.now(UTC))
    path = request.app.url_path_for("visitors.exhibit", lang=language.tag, slug=found.exhibit)
    return RedirectResponse(path, HTTPStatus.FOUND, {"Cache-Control": "no-store"})


@router.api_route("/{lang}/languages", methods=READ, name="visitors.languages")
def show_languages(request: Request, language: InPath, languages: Offered) -> Response:
    """Show the languages, each in its own name and leading to its entrance."""
    return render(request, LanguagesPage(Frame.leading_to("", language, languages)))


def install(app: FastAPI) -> None:
    """Add the public addresses, and the answers to codes that lead nowhere."""
    app.include_router(router)
    app.add_exception_handler(UnknownCodeError, _unknown_code)
    app.add_exception_handler(WithdrawnError, _withdrawn)


def _unknown_code(request: Request, raised: Exception) -> Response:
    frame = _frame(request)[0]
    typed = raised.typed if isinstance(raised, UnknownCodeError) else ""
    looks_mistyped = isinstance(raised, UnknownCodeError) and raised.looks_mistyped
    page = CodePage(frame, typed[:20], is_unknown=True, looks_mistyped=looks_mistyped)
    return render(request, page, HTTPStatus.NOT_FOUND)


def _withdrawn(request: Request, raised: Exception) -> Response:
    frame, language = _frame(request)
    if not isinstance(raised, WithdrawnError):
        raise TypeError(raised)
    page = WithdrawnPage.of(frame, language.chain, raised.exhibition)
    return render(request, page, HTTPStatus.GONE)


def _frame(request: Request) -> tuple[Frame, Language]:
    languages = offered(request)
    language = language_of_refusal(request, languages)
    return Frame.of(request, language, languages), language
