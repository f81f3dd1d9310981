"""The public addresses."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from guide.exhibits import queries
from guide.exhibits.model import Exhibit, Exhibition
from guide.languages.model import Language
from guide.qr.model import UnknownCodeError, WithdrawnError
from guide.qr.queries import followed
from guide.qr.scans import count_scan
from guide.visitors.forms import ChoiceForm
from guide.visitors.pages import (
    CodePage,
    ExhibitionPage,
    ExhibitPage,
    HomePage,
    LanguagesPage,
    WithdrawnPage,
)
from guide.web.origin import same_origin, sent_as_form
from guide.web.pages import Frame, render
from guide.web.reader import (
    CHOICE,
    CHOICE_SECONDS,
    InPath,
    Offered,
    OfReader,
    language_of_refusal,
    offered,
)
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
BY_READER = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"}


def exhibition_in_path(db: Db, slug: str) -> Exhibition:
    """Find the exhibition that the address names."""
    exhibition = queries.exhibition(db, slug)
    if exhibition is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return exhibition


def exhibit_in_path(db: Db, slug: str) -> Exhibit:
    """Find the exhibit that the address names, if visitors may see it."""
    exhibit = queries.exhibit(db, slug)
    if exhibit is not None and exhibit.withdrawn_at:
        raise WithdrawnError(exhibit)
    if exhibit is None or not exhibit.is_published:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return exhibit


ExhibitionInPath = Annotated[Exhibition, Depends(exhibition_in_path)]
ExhibitInPath = Annotated[Exhibit, Depends(exhibit_in_path)]


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
def show_home(request: Request, language: InPath, languages: Offered, db: Db) -> Response:
    """Show the entrance."""
    center = queries.center(db)
    if center is None:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE)
    frame = Frame.of(request, language, languages)
    page = HomePage.of(frame, language.chain, center, queries.exhibitions(db))
    return render(request, page)


@router.api_route("/{lang}/exhibitions/{slug}", methods=READ, name="visitors.exhibition")
def show_exhibition(
    request: Request, language: InPath, languages: Offered, exhibition: ExhibitionInPath
) -> Response:
    """Show an exhibition."""
    frame = Frame.of(request, language, languages)
    return render(request, ExhibitionPage.of(frame, language.chain, exhibition))


@router.api_route("/{lang}/exhibits/{slug}", methods=READ, name="visitors.exhibit")
def show_exhibit(
    request: Request, language: InPath, languages: Offered, exhibit: ExhibitInPath
) -> Response:
    """Show an exhibit."""
    frame = Frame.of(request, language, languages)
    return render(request, ExhibitPage.of(frame, language.chain, exhibit))


@router.api_route("/{lang}/code", methods=READ, name="visitors.code")
def open_code(
    request: Request, language: InPath, languages: Offered, db: Db, c: str = ""
) -> Response:
    """Open the exhibit of a typed code in this language, or ask for a code."""
    if not c.strip():
        return render(request, CodePage(Frame.of(request, language, languages)))
    code = followed(db, c)
    count_scan(request, code, language.tag, datetime.now(UTC))
    path = request.app.url_path_for(
        "visitors.exhibit", lang=language.tag, slug=code.exhibit.slug
    )
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
    page = WithdrawnPage.of(frame, language.chain, raised.exhibit.exhibition)
    return render(request, page, HTTPStatus.GONE)


def _frame(request: Request) -> tuple[Frame, Language]:
    languages = offered(request)
    language = language_of_refusal(request, languages)
    return Frame.of(request, language, languages), language
