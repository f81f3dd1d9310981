"""Whether the process is up, and whether it can do its work."""

import os
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from guide.db import is_reachable
from guide.settings import Settings
from guide.web.session import Db

router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"], name="web.healthz")
def healthz() -> PlainTextResponse:
    """Say that the process is up."""
    return PlainTextResponse("ok")


@router.api_route("/readyz", methods=["GET", "HEAD"], name="web.readyz")
def readyz(request: Request, db: Db) -> PlainTextResponse:
    """Say that database and data folder can be used; a database that is gone answers 503."""
    settings: Settings = request.app.state.settings
    if is_reachable(db) and os.access(settings.data_dir, os.W_OK):
        return PlainTextResponse("ready")
    return PlainTextResponse("not ready", HTTPStatus.SERVICE_UNAVAILABLE)
