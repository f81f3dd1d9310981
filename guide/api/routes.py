"""The addresses of the API, the contract that they keep, and its page."""

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute

from guide.api import bookings, counting, public, reports
from guide.api.answers import kept_by_all
from guide.api.contract import contract
from guide.api.once import AnsweredBeforeError, again
from guide.api.pages import DocsPage
from guide.api.tours_sent import EventsSent, StopsSent, TourSent
from guide.exhibits.listing import Listing
from guide.web.json_bodies import API, ProblemError
from guide.web.pages import Frame, render
from guide.web.reader import Offered
from guide.web.rooms import open_rooms

READ = ["GET", "HEAD"]
ROUTERS = (public.router, bookings.router, reports.router, counting.router)
BODIES = (TourSent, StopsSent, EventsSent)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

router = APIRouter()


@router.api_route(API + "/openapi.json", methods=READ, name="api.contract")
def show_contract(request: Request) -> Response:
    """Answer with the contract."""
    return kept_by_all(request, _contract())


@router.api_route("/api/docs", methods=READ, name="api.docs")
def show_docs(request: Request, languages: Offered) -> Response:
    """Show the contract to people, in English, whatever visitors are offered."""
    english = languages.named("en")
    frame = Frame.of(english, languages) if english else Frame("en", "ltr", "English", ())
    return render(request, DocsPage.of(frame, json.loads(_contract())))


def install(app: FastAPI) -> None:
    """Add the room to the guide; its addresses are compared before those of languages."""
    app.state.listing = Listing(app.state.database, app.state.watch)
    open_rooms(app, *ROUTERS, router, _others())
    app.add_exception_handler(AnsweredBeforeError, again)


@cache
def _contract() -> bytes:
    """Write the contract, when somebody asks for it first."""
    told = contract(ROUTERS, BODIES, reports.shapes())
    return json.dumps(told, ensure_ascii=False, sort_keys=False).encode()


@cache
def _others() -> APIRouter:
    """Refuse what no route takes, saying what each address does take (RFC 9110, 15.5.6)."""
    refusing = APIRouter()
    for path, methods in _methods():
        allow = ", ".join(sorted(methods))

        def refuse(allow: str = allow) -> Response:
            status = HTTPStatus.METHOD_NOT_ALLOWED
            raise ProblemError(status, "method-not-allowed", headers={"Allow": allow})

        refusing.add_api_route(
            path,
            refuse,
            methods=sorted(METHODS - methods),
            name=f"api.refuse{path.replace('/', '.')}",
            include_in_schema=False,
        )
    return refusing


def _methods() -> Iterator[tuple[str, frozenset[str]]]:
    taken: dict[str, set[str]] = {}
    for one in (*ROUTERS, router):
        for route in one.routes:
            if isinstance(route, APIRoute) and route.path.startswith(API):
                taken.setdefault(route.path, set()).update(route.methods or ())
    for path, methods in taken.items():
        yield path, frozenset(methods)
