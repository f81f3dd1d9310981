"""Reading what visitors read: without a token, from any page, kept by anybody."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from guide.api.answers import for_everybody
from guide.api.contract import named
from guide.api.cursors import PAGE, Cursor, Limit, cursor_after, place_in
from guide.api.shown import (
    Exhibit,
    Exhibition,
    ExhibitionRow,
    Exhibitions,
    ExhibitRow,
    Exhibits,
    LanguageRow,
    Languages,
)
from guide.exhibits.listing import Listing, Place
from guide.exhibits.showing import OnShow
from guide.languages.model import Language
from guide.web.json_bodies import API, ProblemError
from guide.web.reader import Offered

router = APIRouter(prefix=API, tags=["Exhibitions"], generate_unique_id_function=named)
READ = ["GET", "HEAD"]
PLACE = (int, str, int, str)

ALLOWED = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
"""What a page of another site may ask (Fetch, 3.3)."""

ADDRESSES = (
    "/exhibitions",
    "/exhibitions/{slug}",
    "/exhibits",
    "/exhibits/{slug}",
    "/languages",
    "/openapi.json",
)


def language_asked(
    request: Request,
    languages: Offered,
    lang: Annotated[
        str | None,
        Query(
            description=(
                "The language to read in; a text that it lacks comes in the next of its "
                "chain. Without it, the language of the house. Others than `/languages` "
                "lists are 422."
            ),
            examples=["en"],
        ),
    ] = None,
) -> Language:
    """Return the language that is asked for; raise ProblemError `unknown-language`."""
    wanted = request.app.state.settings.default_language if lang is None else lang
    found = languages.spelt(wanted)
    if found is None:
        offered = [one.tag for one in languages]
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise ProblemError(status, "unknown-language", languages=offered)
    return found


Asked = Annotated[Language, Depends(language_asked)]


@router.api_route(
    "/exhibitions", methods=READ, name="api.exhibitions", response_model=Exhibitions
)
def list_exhibitions(request: Request, language: Asked) -> Response:
    """List the exhibitions."""
    on_show: OnShow = request.app.state.on_show
    items = [ExhibitionRow.row(one, language.chain) for one in on_show.exhibitions()]
    return for_everybody(request, Exhibitions(language=language.tag, items=items))


@router.api_route(
    "/exhibitions/{slug}", methods=READ, name="api.exhibition", response_model=Exhibition
)
def show_exhibition(request: Request, language: Asked, slug: str) -> Response:
    """Show an exhibition with its exhibits."""
    on_show: OnShow = request.app.state.on_show
    shown = on_show.exhibition(slug)
    if shown is None or shown.is_removed or not shown.is_open:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return for_everybody(request, Exhibition.of(shown, language))


@router.api_route("/exhibits", methods=READ, name="api.exhibits", response_model=Exhibits)
def list_exhibits(  # noqa: PLR0913, PLR0917 (each may be asked)
    request: Request,
    language: Asked,
    exhibition: Annotated[str, Query(description="The slug of one exhibition.")] = "",
    q: Annotated[
        str,
        Query(
            max_length=200,
            description=(
                "Words that are all in the names of an exhibit or its exhibition, in any "
                "language: `qarabag` finds Qarabağ."
            ),
        ),
    ] = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response:
    """List the exhibits in the order of the house."""
    listing: Listing = request.app.state.listing
    found = listing.page(exhibition, q, _after(cursor), limit + 1)
    texts = listing.texts_of(one.signpost.slug for one in found[:limit])
    shown = Exhibits(
        language=language.tag,
        items=[
            ExhibitRow.row(one, texts.get(one.signpost.slug, ()), language)
            for one in found[:limit]
        ],
        next=cursor_after(found[limit - 1].place) if len(found) > limit else None,
    )
    return for_everybody(request, shown)


@router.api_route("/exhibits/{slug}", methods=READ, name="api.exhibit", response_model=Exhibit)
def show_exhibit(request: Request, language: Asked, slug: str) -> Response:
    """Show an exhibit."""
    on_show: OnShow = request.app.state.on_show
    shown = on_show.exhibit(slug)
    if shown is None or not shown.is_published:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return for_everybody(request, Exhibit.of(shown, language))


@router.api_route("/languages", methods=READ, name="api.languages", response_model=Languages)
def list_languages(request: Request, languages: Offered) -> Response:
    """List the languages that the guide is offered in."""
    items = [LanguageRow.of(one) for one in languages]
    return for_everybody(request, Languages(items=items))


def _after(cursor: str | None) -> Place | None:
    place = place_in(cursor, PLACE)
    if place is None:
        return None
    room_position, room, position, slug = place
    return int(room_position), str(room), int(position), str(slug)


def allow() -> Response:
    """Say what a page of another site may ask."""
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=ALLOWED)


for _address in ADDRESSES:
    router.add_api_route(
        _address,
        allow,
        methods=["OPTIONS"],
        name=f"api.allow{_address.replace('/', '.')}",
        include_in_schema=False,
    )
