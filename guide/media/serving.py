"""Sending what is kept: one fixed type for each name, parts of it if asked, for ever."""

import re
from http import HTTPStatus
from pathlib import PurePosixPath

from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from guide.media.store import Store
from guide.web.assets import IMMUTABLE

TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
}
COPY = re.compile(r"[1-9]\d{1,3}\.(avif|webp|jpg)|recording\.(mp3|m4a|ogg)")
"""Names that are sent; a picture's master is not."""
HASH = re.compile(r"[0-9a-f]{64}")
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
"""One part. Several at once are answered with the whole, as RFC 9110 lets us."""

HARMLESS = "sandbox; default-src 'none'"


def answer(request: Request, store: Store, hash_: str, name: str) -> Response:
    """Send a file, or a part of it; raises 404."""
    size = store.size(hash_, name) if HASH.fullmatch(hash_) and COPY.fullmatch(name) else None
    if size is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": IMMUTABLE,
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": HARMLESS,
        "ETag": f'"{hash_[:32]}-{name}"',
    }
    asked = RANGE.fullmatch(request.headers.get("range", ""))
    start, end = _part(asked, size) if asked else (0, size)
    if asked and start >= end:
        headers["Content-Range"] = f"bytes */{size}"
        status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        return Response(status_code=status, headers=headers)
    is_part = asked is not None
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    status = HTTPStatus.PARTIAL_CONTENT if is_part else HTTPStatus.OK
    media_type = TYPES[PurePosixPath(name).suffix]
    if request.method == "HEAD":
        return Response(status_code=status, media_type=media_type, headers=headers)
    try:
        pieces = store.read(hash_, name, start, end - start)
    except FileNotFoundError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    return StreamingResponse(pieces, status, headers, media_type)


def _part(asked: re.Match[str], size: int) -> tuple[int, int]:
    """Return from where to where; nothing (from the end on) for what cannot be."""
    first, last = asked.groups()
    if not first:
        return (max(0, size - int(last)), size) if last and int(last) else (size, size)
    start, end = int(first), min(size, int(last) + 1 if last else size)
    return (start, end) if start < end else (size, size)
