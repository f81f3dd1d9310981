"""Who may, of other systems: a rule in the signature of every route that takes a token.

A token in `Authorization: Bearer …` (RFC 6750, 2.1) is all that counts: no cookie is read, so
no form of another site can use one, and none needs a form token.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.exc import SQLAlchemyError

from guide.accounts.model import ApiToken, Role
from guide.accounts.permissions import READ_SCANS, Person
from guide.accounts.queries import token_with
from guide.accounts.tokens import hashed
from guide.db import Database
from guide.web.json_bodies import ProblemError

CHALLENGE = {"WWW-Authenticate": "Bearer"}

Sent = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(
        HTTPBearer(
            auto_error=False,
            scheme_name="token",
            description="`guide token add NAME --role ROLE` prints one.",
        )
    ),
]


@dataclass(frozen=True)
class Bearer:
    """A token that was let in: its number, and whom it acts as."""

    token_id: int
    who: Person


@dataclass(frozen=True)
class BearerRule:
    """Lets a token in that holds one of these roles; for others the address does not exist."""

    roles: frozenset[Role]

    def __call__(self, request: Request, sent: Sent) -> Bearer:
        """Find whose token it is, or refuse; done before the transaction begins."""
        bearer = bearer_of(request, sent.credentials if sent else "", datetime.now(UTC))
        if bearer is None:
            status = HTTPStatus.UNAUTHORIZED
            raise ProblemError(status, "no-token", headers=CHALLENGE)
        if not bearer.who.is_any_of(*self.roles):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return bearer


GuideOrPlannerByToken = Annotated[
    Bearer, Depends(BearerRule(frozenset({Role.GUIDE, Role.PLANNER})))
]
PlannerByToken = Annotated[Bearer, Depends(BearerRule(frozenset({Role.PLANNER})))]
ReaderOfScansByToken = Annotated[Bearer, Depends(BearerRule(frozenset(READ_SCANS)))]


def bearer_of(request: Request, token: str, at: datetime) -> Bearer | None:
    """Find whom a token acts as, None for one that counts no more; note the day of its use."""
    if not token:
        return None
    database: Database = request.app.state.database
    with database.reading() as db:
        found = token_with(db, hashed(token))
        if found is None or not found.is_open:
            return None
        bearer = Bearer(found.id, Person.bearing(found))
        is_first_today = found.last_used_on != at.date()
    if is_first_today:
        with suppress(SQLAlchemyError), database.writing() as db:  # a busy one stops nobody
            db.get_one(ApiToken, bearer.token_id).last_used_on = at.date()
    return bearer
