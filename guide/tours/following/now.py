"""`/d/{token}/now`: to the page of what the delegation is looking at, or that in JSON."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.exhibits.showing import OnShow
from guide.languages.model import Language
from guide.settings import Settings
from guide.tours.delegation import told_name
from guide.tours.delegation_pages import UNLISTED
from guide.tours.following.whereabouts import followed, of_token, pages_of, whereabouts
from guide.tours.model import Tour
from guide.tours.stops import TourStop
from guide.web.pages import Templates
from guide.web.reader import Offered, language_with

router = APIRouter()
BY_READER = UNLISTED | {"Vary": "Accept, Accept-Language, Cookie"}
JSON = "application/json"


@dataclass(frozen=True)
class Now:
    """Where a delegation is, for a phone that asks now and then.

    `name` is what the stop is called and `lang` the language of that; `path` is the page
    that visitors have of it. All three are None at no stop, and at one without a name.
    """

    stop: str | None
    exhibit_slug: str | None
    seq: int
    name: str | None = None
    lang: str | None = None
    path: str | None = None


@router.api_route("/d/{token}/now", methods=["GET", "HEAD"], name="tours.following.now")
def show_now(request: Request, token: str, languages: Offered, lang: str = "") -> Response:
    """Lead to where the delegation is; whatever opens nothing is not found."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    on_show: OnShow = request.app.state.on_show
    templates: Templates = request.app.state.templates
    zone = ZoneInfo(settings.timezone)
    with database.reading() as db:
        found = next(iter(list(followed(db, zone, datetime.now(UTC), of_token(token)))), None)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, headers=UNLISTED)
        spoken = db.scalars(select(Tour.languages).where(Tour.id == found.tour)).one()
        asked = languages.spelt(lang)
        theirs = next((tag for tag in spoken if languages.named(tag)), None)
        language = asked or language_with(request, languages, theirs)
        here = whereabouts(db, found, pages_of(on_show))
        stop = _stop(db, here.stop)
        path = stop and _path(stop, here.exhibit_slug, language, (on_show, templates))
        name = stop and told_name(stop, language.chain)
    if JSON in request.headers.get("accept", ""):
        named = (name.text, name.language, path) if name else ()
        return _told(request, Now(here.stop, here.exhibit_slug, here.seq, *named))
    home = templates.path_for("tours.delegation", token=token)
    home += f"?lang={asked.tag}" if asked else ""
    return RedirectResponse(path or home, HTTPStatus.FOUND, BY_READER)


def _stop(db: Session, number: str | None) -> TourStop | None:
    """Find a stop with what it is called after."""
    if number is None:
        return None
    whole = joinedload(TourStop.exhibit).joinedload(Exhibit.exhibition)
    query = select(TourStop).where(TourStop.id == int(number))
    return db.scalar(query.options(whole, joinedload(TourStop.exhibition)))


def _path(
    stop: TourStop, slug: str | None, language: Language, house: tuple[OnShow, Templates]
) -> str | None:
    """Return the path of the exhibit's page, else of its exhibition's, else None."""
    on_show, templates = house
    if slug:
        return templates.path_for("visitors.exhibit", lang=language.tag, slug=slug)
    room = stop.room and on_show.exhibition(stop.room.slug)
    if room and room.is_open and not room.is_removed:
        slug = room.signpost.slug
        return templates.path_for("visitors.exhibition", lang=language.tag, slug=slug)
    return None


def _told(request: Request, now: Now) -> Response:
    """Say it in JSON, or that it is still so."""
    said = json.dumps(asdict(now), ensure_ascii=False).encode()
    tag = f'"{hashlib.sha256(said).hexdigest()[:16]}"'
    headers = BY_READER | {"ETag": tag}
    known = request.headers.get("if-none-match", "").split(",")
    if tag in {one.strip().removeprefix("W/") for one in known}:
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return Response(said, headers=headers, media_type=JSON)
