"""Which languages visitors are offered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select

from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator
from guide.curation import deeds
from guide.curation.editing import AREA, READ, account_of
from guide.curation.pages import Tongue
from guide.curation.queries import tongues
from guide.exhibits.model import SOURCE_LANGUAGE, ExhibitText
from guide.languages.model import Language
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
ADDRESS = "/staff/languages"


@dataclass(frozen=True)
class Offered:
    """A language, how many texts of exhibits it has, since when it is off."""

    tongue: Tongue
    texts: int
    off_since: str
    must_stay: bool


@dataclass(frozen=True)
class LanguagesPage(OfficePage):
    """Every language that texts are written in; `problem` is "" or "must-stay"."""

    template: ClassVar[str] = "curation/languages.html"

    languages: tuple[Offered, ...]
    problem: str = ""


def language_in_path(db: Db, _curator: Curator, language: str) -> Language:
    """Find the language that the address names, on or off."""
    found = db.get(Language, language)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


LanguageInPath = Annotated[Language, Depends(language_in_path)]


@router.api_route(ADDRESS, methods=READ, name="curation.languages")
def list_languages(request: Request, db: Db, curator: Curator) -> Response:
    """List the languages."""
    return _shown(request, db, curator)


@router.post(ADDRESS + "/{language}/offer/end", name="curation.offer.end")
def switch_off(
    request: Request, db: Db, curator: Curator, language: LanguageInPath
) -> Response:
    """Offer a language no more; the source and the guide's default always are."""
    if language.tag in _always_on(request):
        return _shown(request, db, curator, "must-stay")
    deeds.switch_off(db, language, by=account_of(db, curator), at=datetime.now(UTC))
    return _again(request)


@router.post(ADDRESS + "/{language}/offer", name="curation.offer.create")
def switch_on(request: Request, db: Db, curator: Curator, language: LanguageInPath) -> Response:
    """Offer a language again."""
    deeds.switch_on(db, language, by=account_of(db, curator), at=datetime.now(UTC))
    return _again(request)


def _shown(request: Request, db: Db, curator: Curator, problem: str = "") -> Response:
    frame = OfficeFrame.around(request, curator, AREA)
    counts = select(ExhibitText.language, func.count()).where(
        ExhibitText.published_at <= datetime.now(UTC)
    )
    texts = dict(db.execute(counts.group_by(ExhibitText.language)).all())
    page = LanguagesPage(
        frame,
        tuple(
            Offered(
                Tongue.of(one),
                texts.get(one.tag, 0),
                frame.moment(one.switched_off_at) if one.switched_off_at else "",
                one.tag in _always_on(request),
            )
            for one in tongues(db)
        ),
        problem,
    )
    return render(request, page, HTTPStatus.CONFLICT if problem else HTTPStatus.OK)


def _always_on(request: Request) -> frozenset[str]:
    return frozenset({SOURCE_LANGUAGE, request.app.state.settings.default_language})


def _again(request: Request) -> Response:
    path = request.app.url_path_for("curation.languages")
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
