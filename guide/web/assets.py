"""Style, script and drawings: read once at the start, served under their hash for ever."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import brotli
from fastapi import APIRouter, HTTPException, Request, Response

from guide.web.encoding import best_encoding

STYLES = {
    "guide.css": ("tokens", "base", "components", "visitors", "print"),
    "delegation.css": ("delegation",),
    "api.css": ("api",),
    "walk.css": ("tokens", "base", "walk"),
    "office.css": (
        "tokens",
        "base",
        "office",
        "wall",
        "studio",
        "curation",
        "media",
        "structure",
        "halls",
        "bulk",
        "tours",
        "route",
        "tour-people",
        "calendar",
        "report",
        "keepsakes",
        "visits",
        "forgetting",
    ),
}
"""The style sheets in the order of their layers: one file for visitors, one for staff, one for
a guide who walks, and what a delegation's page and that of the API have besides."""

IMPORTED = re.compile(r'(?<= from ")\./([\w-]+\.js)(?=";)')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
IMMUTABLE = "public, max-age=31536000, immutable"
COMPRESSIBLE = ("text/", "image/svg+xml", "application/json")
TYPES = {".woff2": "font/woff2"}
"""What not every Python and machine knows."""


@dataclass(frozen=True)
class Asset:
    """A file as it goes out: its hash, its type, and its bytes by encoding."""

    name: str
    hash: str
    media_type: str
    bodies: dict[str, bytes]

    @classmethod
    def of(cls, name: str, body: bytes) -> "Asset":
        """Compress what is worth it."""
        known = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
        media_type = known or "application/octet-stream"
        bodies = {"": body}
        if media_type.startswith(COMPRESSIBLE):
            bodies |= {"gzip": gzip.compress(body, mtime=0), "br": brotli.compress(body)}
        return cls(name, hashlib.sha256(body).hexdigest()[:12], media_type, bodies)

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/static/{self.hash}/{self.name}"


class Assets:
    """Every file below static/, the style sheets joined into one for each of their readers."""

    def __init__(self, folder: Path) -> None:
        self._by_name = {asset.name: asset for asset in _read(folder)}

    def path(self, name: str) -> str:
        """Return the address of a file; KeyError when there is none."""
        return self._by_name[name].path

    def named(self, name: str) -> Asset:
        """Return a file by its name; KeyError when there is none."""
        return self._by_name[name]

    def find(self, name: str, hash_: str) -> Asset | None:
        """Find a file by its name and hash."""
        asset = self._by_name.get(name)
        return asset if asset and asset.hash == hash_ else None


router = APIRouter()


@router.api_route("/static/{hash_}/{name:path}", methods=["GET", "HEAD"], name="web.asset")
def serve(request: Request, hash_: str, name: str) -> Response:
    """Serve a file in the best encoding that is accepted."""
    assets: Assets = request.app.state.assets
    asset = assets.find(name, hash_)
    if asset is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    response = answer(request, asset)
    response.headers["X-Public"] = "1"  # a worker may keep it
    return response


def answer(request: Request, asset: Asset) -> Response:
    """Send a file in the best encoding that is accepted, to be kept for ever."""
    encoding = best_encoding(request.headers.get("accept-encoding", "").encode("latin-1"))
    headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
    if encoding in asset.bodies and encoding:
        headers["Content-Encoding"] = encoding
    return Response(
        asset.bodies.get(encoding, asset.bodies[""]),
        media_type=asset.media_type,
        headers=headers,
    )


def _read(folder: Path) -> Iterator[Asset]:
    styles = {name: _joined(folder / "css", sheets) for name, sheets in STYLES.items()}
    for kind in ("js", "img", "vendor"):
        for file in sorted((folder / kind).rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                asset = _asset(folder, file)
                for name, style in styles.items():
                    styles[name] = style.replace(f'url("{asset.name}")', f'url("{asset.path}")')
                yield asset
    for name, style in styles.items():
        yield Asset.of(name, style.encode())


def _asset(folder: Path, file: Path) -> Asset:
    """Read a file; what a script imports is named by its address, and so kept as long."""
    body = file.read_bytes()
    if file.suffix == ".js" and file.parent == folder / "js":
        body = IMPORTED.sub(
            lambda found: _asset(folder, file.with_name(found[1])).path, body.decode()
        ).encode()
    return Asset.of(file.relative_to(folder).as_posix(), body)


def _joined(folder: Path, sheets: Iterable[str]) -> str:
    """Join style sheets without comments and indents: 700 bytes that a phone waits for."""
    read = "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in sheets)
    lines = (line.strip() for line in COMMENT.sub("", read).split("\n"))
    return "\n".join(line for line in lines if line)
