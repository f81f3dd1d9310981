"""Whether a form was sent from a page of ours; anonymous forms have this guard alone."""

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import HTTPException, Request


def same_origin(request: Request) -> None:
    """Refuse a form that another site sent, with 403.

    Browsers say where a form comes from in Sec-Fetch-Site and Origin; a request that says
    neither does not come from a browser, and carries no one's cookies.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    is_own = origin is None or urlsplit(origin).netloc == request.headers["host"]
    if site not in {"same-origin", "none"} or not is_own:
        raise HTTPException(HTTPStatus.FORBIDDEN)
