"""The only address on a label."""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from guide.qr.queries import followed
from guide.qr.scans import count_scan
from guide.web.reader import OfReader
from guide.web.session import Db

router = APIRouter()
BY_READER = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"}


@router.api_route("/q/{code}", methods=["GET", "HEAD"], name="qr.follow")
@router.api_route("/Q/{code}", methods=["GET", "HEAD"], name="qr.follow.capital")
def follow(request: Request, code: str, language: OfReader, db: Db) -> RedirectResponse:
    """Lead to the exhibit in the reader's language, or to a closed exhibition's archive."""
    found = followed(db, code)
    count_scan(request, found, language.tag, datetime.now(UTC))
    exhibit = found.exhibit
    if exhibit.exhibition.closed_at:
        name, slug = "visitors.exhibition", exhibit.exhibition.slug
    else:
        name, slug = "visitors.exhibit", exhibit.slug
    path = request.app.url_path_for(name, lang=language.tag, slug=slug)
    return RedirectResponse(path, HTTPStatus.FOUND, BY_READER)
