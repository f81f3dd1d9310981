"""Who may: a rule in the signature of every route below /staff.

A rule asks who is signed in, whether they may, and whether a form of theirs comes from a
page of theirs. What somebody may not see does not exist for them. `require_rules` refuses
to build a guide with a route below /staff that has none.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from guide.accounts.model import LONGEST_SESSION, ApiToken, Role, StaffSession
from guide.accounts.queries import session_of
from guide.accounts.tokens import hashed, is_form_token
from guide.db import Database
from guide.settings import Settings
from guide.web.origin import FORMS, same_origin, sent_as_form
from guide.web.session import SAFE

STAFF = "/staff"
FIELD = "csrf"
HEADER = "x-csrf-token"
FILES = "multipart/form-data"


class NotSignedInError(Exception):
    """Nobody is signed in who could be asked for; `wanted` is what to show them after."""

    def __init__(self, wanted: str | None, *, by_script: bool) -> None:
        super().__init__()
        self.wanted = wanted
        self.by_script = by_script


class RouteWithoutRuleError(Exception):
    """A route below /staff says nothing of who may use it."""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, as they were when the request came; rows name them by `id`.

    A system that comes with a token has no session.
    """

    id: int
    name: str
    email: str
    language: str
    roles: frozenset[Role]
    session_id: int
    session_hash: str

    @classmethod
    def of(cls, session: StaffSession) -> Self:
        """Say who a session belongs to."""
        who = session.account
        return cls(
            who.id, who.name, who.email, who.language, who.roles, session.id, session.token_hash
        )

    @classmethod
    def bearing(cls, token: ApiToken) -> Self:
        """Say as whom a token acts."""
        who = token.account
        return cls(who.id, who.name, who.email, who.language, who.roles, 0, "")

    def is_any_of(self, *roles: Role) -> bool:
        """Say whether they hold one of these roles."""
        return not self.roles.isdisjoint(roles)


async def form_token_sent(request: Request) -> str:
    """Return what a form, or a script in the header, says to be from a page of ours."""
    if request.method in SAFE:
        return ""
    same_origin(request)
    if told := request.headers.get(HEADER):
        return told
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind not in FORMS:
        return ""
    if kind == FILES and await run_in_threadpool(signed_in, request, datetime.now(UTC)) is None:
        return ""  # nobody who is not signed in has a file received
    told_by_form = (await request.form()).get(FIELD)
    return told_by_form if isinstance(told_by_form, str) else ""


FormTokenSent = Annotated[str, Depends(form_token_sent)]


@dataclass(frozen=True)
class Rule:
    """Lets in who holds one of these roles; gives the route that person."""

    roles: frozenset[Role]

    def __call__(self, request: Request, token: FormTokenSent) -> Person:
        """Find the person, or refuse; done before the transaction of the request begins."""
        person = signed_in(request, datetime.now(UTC))
        if person is None:
            by_script = HEADER in request.headers
            raise NotSignedInError(_wanted(request), by_script=by_script)
        if self.roles.isdisjoint(person.roles):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if request.method not in SAFE:
            secret: str = request.app.state.secret
            if not is_form_token(token, secret, person.session_hash):
                raise HTTPException(HTTPStatus.FORBIDDEN)
        return person


@dataclass(frozen=True)
class Open:
    """Lets everyone in: to sign in, or with an invitation. A form must come from here."""

    def __call__(self, request: Request) -> None:
        """Refuse a form of another site."""
        if request.method not in SAFE:
            same_origin(request)
            sent_as_form(request)


def only(*roles: Role) -> Rule:
    """Return the rule for some roles."""
    return Rule(frozenset(roles))


READ_SCANS = (Role.CURATOR, Role.PLANNER, Role.ADMIN)
"""Who may see how often labels were scanned."""

Everyone = Depends(Open())
Staff = Annotated[Person, Depends(only(*Role))]
Admin = Annotated[Person, Depends(only(Role.ADMIN))]
Curator = Annotated[Person, Depends(only(Role.CURATOR))]
Planner = Annotated[Person, Depends(only(Role.PLANNER))]
GuideOrPlanner = Annotated[Person, Depends(only(Role.GUIDE, Role.PLANNER))]
ReaderOfScans = Annotated[Person, Depends(only(*READ_SCANS))]


def signed_in(request: Request, at: datetime) -> Person | None:
    """Find who the cookie names, in a session that is still open; note that it is in use."""
    token = request.cookies.get(cookie_name(request.app.state.settings))
    if not token:
        return None
    database: Database = request.app.state.database
    with database.reading() as db:
        session = session_of(db, hashed(token))
        if session is None or not session.is_open(at):
            return None
        person, is_stale = Person.of(session), session.is_stale(at)
    if is_stale:
        with suppress(SQLAlchemyError), database.writing() as db:  # a busy one stops nobody
            db.get_one(StaffSession, person.session_id).seen_at = at
    return person


def cookie_name(settings: Settings) -> str:
    """Return the name of the cookie; browsers hold the prefix to HTTPS and this one host."""
    return "__Host-staff" if settings.public_url else "staff"


def remember(response: Response, settings: Settings, token: str) -> None:
    """Give a browser its session."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(LONGEST_SESSION.total_seconds()),
        path="/",
        secure=settings.public_url is not None,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, settings: Settings) -> None:
    """Take a browser's session back."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.public_url is not None,
        httponly=True,
        samesite="lax",
    )


def staff_routes(app: FastAPI) -> Iterator[RouteContext]:
    """Go through the routes below /staff, of every room."""
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if path == STAFF or path.startswith(f"{STAFF}/"):
            yield route


def rule_of(route: RouteContext) -> Rule | Open | None:
    """Find the rule of a route: one of its dependencies, however deep."""
    return next(_rules(getattr(route, "dependant", None)), None)


def require_rules(app: FastAPI) -> None:
    """Raise RouteWithoutRuleError for a route below /staff without a rule."""
    for route in staff_routes(app):
        if rule_of(route) is None:
            raise RouteWithoutRuleError(f"{route.path} says nothing of who may use it")


def _rules(dependant: Dependant | None) -> Iterator[Rule | Open]:
    for one in dependant.dependencies if dependant else ():
        if isinstance(one.call, (Rule, Open)):
            yield one.call
        yield from _rules(one)


def _wanted(request: Request) -> str | None:
    if request.method not in SAFE:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query
