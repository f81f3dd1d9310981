"""A visitor's "something is wrong here", for the curator's desk."""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from guide.exhibits.problems import TooManyReportsError, report
from guide.exhibits.showing import OnShow, ShownExhibit
from guide.languages.model import Language
from guide.visitors.forms import ProblemForm
from guide.visitors.pages import ProblemPage
from guide.web.forms import Posted, Rejected, read
from guide.web.origin import same_origin, sent_as_form
from guide.web.pages import Frame, path_of, render
from guide.web.reader import InPath, Offered
from guide.web.session import Db

router = APIRouter()
PROBLEM = "/{lang}/exhibits/{slug}/problem"


@router.api_route(PROBLEM, methods=["GET", "HEAD"], name="visitors.problem")
def ask_what_is_wrong(
    request: Request, language: InPath, languages: Offered, slug: str, done: str = ""
) -> Response:
    """Ask what is wrong; thank somebody who has said it."""
    frame = Frame.of(language, languages)
    page = _page(request, frame, language, slug, done="done" if done else "")
    return render(request, page)


@router.post(
    PROBLEM,
    name="visitors.problem.create",
    dependencies=[Depends(same_origin), Depends(sent_as_form)],
)
def take_problem(  # noqa: PLR0913, PLR0917 (what the address names, and what was sent)
    request: Request,
    db: Db,
    language: InPath,
    languages: Offered,
    slug: str,
    fields: Posted,
) -> Response:
    """Put a report on the curator's desk."""
    frame = Frame.of(language, languages)
    form = read(ProblemForm, fields)
    if isinstance(form, Rejected):
        typed = fields.get("words", "")
        page = _page(request, frame, language, slug, typed=typed, problem="words")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    _published(request, slug)
    try:
        report(db, slug, language.tag, form.words, datetime.now(UTC))
    except TooManyReportsError:
        page = _page(request, frame, language, slug, typed=form.words, problem="many")
        return render(request, page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": "3600"})
    path = request.app.url_path_for("visitors.problem", lang=language.tag, slug=slug)
    return RedirectResponse(f"{path}?done=1", HTTPStatus.SEE_OTHER)


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    frame: Frame,
    language: Language,
    slug: str,
    *,
    typed: str = "",
    problem: str = "",
    done: str = "",
) -> ProblemPage:
    name = _published(request, slug).signpost.name_in(language.chain)
    return ProblemPage(frame, path_of(request), slug, name, typed, problem, done)


def _published(request: Request, slug: str) -> ShownExhibit:
    on_show: OnShow = request.app.state.on_show
    exhibit = on_show.exhibit(slug)
    if exhibit is None or not exhibit.is_published:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return exhibit
