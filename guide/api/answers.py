"""How the API answers: JSON with a strong ETag, for everybody or for one token alone."""

import hashlib
from http import HTTPStatus

from fastapi import Request, Response
from pydantic import BaseModel

from guide.web.json_bodies import JSON

FOR_ALL = "public, no-cache"


def for_everybody(request: Request, shape: BaseModel) -> Response:
    """Answer what anybody may keep, and asks again whether it still holds (RFC 9110, 13)."""
    return kept_by_all(request, shape.model_dump_json().encode())


def kept_by_all(request: Request, body: bytes) -> Response:
    """Answer with bytes that anybody may keep; 304 when they have them already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": FOR_ALL}
    if etag in tags_in(request.headers.getlist("if-none-match")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=JSON, headers=headers)


def for_one(
    shape: BaseModel,
    status: HTTPStatus = HTTPStatus.OK,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer what nobody keeps."""
    return Response(shape.model_dump_json(), status, headers, JSON)


def tags_in(headers: list[str]) -> set[str]:
    """Read the tags of If-None-Match, compared weakly; what is none is in nobody's way."""
    told = ",".join(headers)
    return {one.strip().removeprefix("W/") for one in told.split(",")}
