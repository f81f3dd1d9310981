"""Whether the process is up, and whether it can do its work."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from guide.db import is_reachable
from guide.web.session import Db

router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"], name="web.healthz")
def healthz() -> PlainTextResponse:
    """Say that the process is up."""
    return PlainTextResponse("ok")


@router.api_route("/readyz", methods=["GET", "HEAD"], name="web.readyz")
def readyz(db: Db) -> PlainTextResponse:
    """Say that the database answers; when it does not, the table of refusals says 503."""
    return PlainTextResponse("ready" if is_reachable(db) else "not ready")
