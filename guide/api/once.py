"""Doing once what is asked for twice: `Idempotency-Key` on writes.

The key is claimed in the transaction that does the work, so either both are there or neither
is: a refusal is not kept, and may be asked for again with the same key.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from sqlalchemy.orm import Session

from guide.accounts.bearer import GuideOrPlannerByToken
from guide.accounts.tokens import keyed
from guide.api.queries import claim, kept_answer
from guide.web.json_bodies import JSON, ProblemError
from guide.web.session import Db

KEPT_HEADERS = ("etag", "location")

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,255}$",
        description=(
            "A word of yours for this one request, such as a UUID. Whoever sends the same "
            "request with the same key within 24 hours gets the same answer, and it is done "
            "once; another request with that key is 409."
        ),
        examples=["9f1c0b5e-0d0e-4f8e-8d57-6f3c1a4f2b11"],
    ),
]


class AnsweredBeforeError(Exception):
    """Ends a request that was answered before, with that answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


async def bytes_sent(request: Request) -> bytes:
    """Return the body of a request, whatever it is."""
    return await request.body()


@dataclass(frozen=True)
class Once:
    """A claim on a key; without a key nothing is kept."""

    db: Session
    token_id: int
    key: str | None

    def keep(self, answer: Response) -> Response:
        """Keep an answer, and return it."""
        if self.key is not None:
            kept = kept_answer(self.db, self.token_id, self.key)
            kept.status, kept.body = answer.status_code, bytes(answer.body).decode()
            kept.headers = {
                name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers
            }
        return answer


def once(
    request: Request,
    db: Db,
    bearer: GuideOrPlannerByToken,
    sent: Annotated[bytes, Depends(bytes_sent)],
    key: Key = None,
) -> Once:
    """Claim the key of a request; raise AnsweredBeforeError, or ProblemError `key-reused`."""
    claimed = Once(db, bearer.token_id, key)
    if key is None:
        return claimed
    secret: str = request.app.state.secret
    body = hashlib.sha256(sent).hexdigest()
    digest = keyed(secret, "once", request.method, request.scope["path"], body)
    if claim(db, bearer.token_id, key, digest, datetime.now(UTC)):
        return claimed
    kept = kept_answer(db, bearer.token_id, key)
    if kept.digest != digest:
        raise ProblemError(HTTPStatus.CONFLICT, "key-reused")
    answer = Response(kept.body, kept.status or HTTPStatus.OK, kept.headers, JSON)
    raise AnsweredBeforeError(answer)


OnceOnly = Annotated[Once, Depends(once)]


def again(_request: Request, raised: Exception) -> Response:
    """Answer as before."""
    if not isinstance(raised, AnsweredBeforeError):
        raise TypeError(raised)
    return raised.answer
