"""sse-starlette as its documentation shows it: a queue for each client; the newest is kept."""

import asyncio
import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

RETRY_MS = 3_000
queues: set[asyncio.Queue[tuple[str, str]]] = set()
now = {"seq": 0}


def message() -> str:
    """Return how things stand."""
    told = {"stop": "1", "exhibit_slug": "tar", **now}
    return json.dumps(told, separators=(",", ":"))


async def follow(_request: Request) -> Response:
    """Tell how things stand, and each move from then on."""
    queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue(maxsize=1)

    async def told() -> AsyncIterator[ServerSentEvent]:
        queues.add(queue)
        try:
            yield ServerSentEvent(data=message(), id=str(now["seq"]), retry=RETRY_MS)
            while True:
                data, seq = await queue.get()
                yield ServerSentEvent(data=data, id=seq)
        finally:
            queues.discard(queue)

    return EventSourceResponse(told())


async def publish(request: Request) -> Response:
    """Tell all who follow."""
    now["seq"] = int(request.query_params["seq"])
    told = message(), str(now["seq"])
    for queue in queues:
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(told)
    return Response(status_code=204)


async def ready(_request: Request) -> Response:
    """Say that it serves."""
    return Response(status_code=204)


app = Starlette(
    routes=[
        Route("/d/{token}/events", follow),
        Route("/publish", publish, methods=["POST"]),
        Route("/readyz", ready),
    ]
)
