"""The walking page's shell and its worker: they hold no tour, and are the same for everybody.

The page opens without a connection, and without anybody signed in; what it shows is fetched
by `walk.js` and kept in memory.
"""

import hashlib
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from fastapi import APIRouter, HTTPException, Request, Response

from guide.accounts.office import LANGUAGES, frame_in
from guide.accounts.permissions import Everyone
from guide.languages.catalogues import OFFICE_WORDS
from guide.web.assets import Assets
from guide.web.pages import Page, Templates, render

router = APIRouter()
READ = ["GET", "HEAD"]
WORKER = "js/walk-worker.js"
FILES = (
    "walk.css",
    "js/theme.js",
    "js/walk.js",
    "js/walk-queue.js",
    "js/walk-place.js",
    "js/walk-sheets.js",
    "img/icon.svg",
    "vendor/commissioner-latin.woff2",
)
"""All that the page is made of."""


@dataclass(frozen=True)
class ShellPage(Page):
    """The page before it knows which tour it is for."""

    template: ClassVar[str] = "tours/walk.html"
    catalogue: ClassVar[str] = OFFICE_WORDS
    cache_control: ClassVar[str] = "no-cache"


@router.api_route(
    "/staff/walk/{lang}", methods=READ, name="tours.walk.shell", dependencies=[Everyone]
)
def show_shell(request: Request, lang: str) -> Response:
    """Show the page; the number of the tour stands behind the # of its address."""
    if lang not in LANGUAGES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return render(request, ShellPage(frame_in(lang)), headers={"X-Public": "1"})


@router.api_route("/sw.js", methods=READ, name="tours.walk.worker")
def show_worker(request: Request) -> Response:
    """Return the worker that keeps the page, with the names of all that it may keep."""
    assets: Assets = request.app.state.assets
    templates: Templates = request.app.state.templates
    shells = [templates.path_for("tours.walk.shell", lang=lang) for lang in LANGUAGES]
    files = [assets.path(name) for name in FILES]
    worker = assets.named(WORKER).bodies[""].decode()
    printed = [templates.render(ShellPage(frame_in(lang))) for lang in LANGUAGES]
    version = hashlib.sha256("".join([*files, *printed, worker]).encode()).hexdigest()[:12]
    kept = json.dumps({"version": version, "shells": shells, "files": files})
    return Response(
        f"const KEPT = {kept};\n{worker}",
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache"},
    )
