"""`/d/{token}/events`: where the delegation is, told as it moves (`text/event-stream`).

The first message is always how things stand, so whatever a phone says that it has heard
last (`Last-Event-ID`) is not asked about.
"""

import random
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from guide.tours.delegation_pages import UNLISTED
from guide.tours.following.hub import Follower, Found, Hub, event
from guide.web.lasting import END

RETRY_MS = 3_000
JITTER_MS = 3_000
"""Phones that lost the same connection come back one after the other."""

LONGEST_PHONE = 36
SECONDS_WHEN_FULL = {"Retry-After": "15"}
HELD_UP_BY_NOBODY = {"X-Accel-Buffering": "no"}

router = APIRouter()


class Telling(Response):
    """How things stand, and each move from then on: it is sent by the hub."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, found: Found, follower: Follower) -> None:
        super().__init__(headers=UNLISTED | HELD_UP_BY_NOBODY)
        del self.headers["content-length"]
        self.hub, self.found, self.follower = hub, found, follower

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI)
        """Begin, and return; `guide.web.lasting` stays."""
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        if scope["method"] == "HEAD" or self.follower.is_over:
            await send(END)
            return
        self.follower.send = send
        visit = self.hub.learn(self.found)
        retry = RETRY_MS + random.randrange(JITTER_MS)  # noqa: S311 (it keeps no secret)
        self.follower.tell(event(f"retry: {retry}\n".encode() + visit.found.now.message))
        visit.take(self.follower)


@router.api_route("/d/{token}/events", methods=["GET", "HEAD"], name="tours.following.events")
async def follow(request: Request, token: str, phone: Annotated[str, Query()] = "") -> Response:
    """Let a page follow; whatever opens nothing is not found. When all is full, it may ask."""
    hub: Hub = request.app.state.hub
    follower = Follower(request.scope, phone if len(phone) <= LONGEST_PHONE else "")
    found = await run_in_threadpool(hub.find, token)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, headers=UNLISTED)
    if hub.is_full or follower.is_over:  # the guide may have begun to end
        headers = UNLISTED | SECONDS_WHEN_FULL
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
    return Telling(hub, found, follower)
