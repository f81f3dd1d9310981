"""Whether a form, and from a page of ours; anonymous forms have this guard alone."""

from http import HTTPStatus

from fastapi import HTTPException, Request

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def same_origin(request: Request) -> None:
    """Refuse a form that another site sent, with 403.

    Browsers say where a form comes from in Sec-Fetch-Site and Origin; a request that says
    neither does not come from a browser, and carries no one's cookies. From a page that sends
    no referrer the Origin is null (Fetch, 3.2), and Sec-Fetch-Site alone says that it is ours.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_own = origin is None or origin.partition("://")[2] == request.headers["host"]
    is_own_and_silent = origin == "null" and site == "same-origin"
    if site not in {None, "same-origin", "none"} or not (is_own or is_own_and_silent):
        raise HTTPException(HTTPStatus.FORBIDDEN)


def sent_as_form(request: Request) -> None:
    """Refuse any other type of body, with 415; it would be read as an empty form."""
    said = request.headers.get("content-type", "")
    if said.partition(";")[0].strip().casefold() not in FORMS:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
