"""Answers that go on after the rooms have returned: what is told to whoever stays.

A stream costs little: no task waits for its next message. Whoever tells writes at once into
the connection, and the request's own task waits for nothing but its reader's leaving.
"""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = "stream"
"""Where a request keeps its stream, among what its scope calls state."""

KEPT = frozenset({"type", "method", "state"})
"""What the server still asks of a request that has become a stream; the rest is let go."""

END: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class Stream:
    """An answer that goes on; its room subclasses `left`, which is called when it is over."""

    __slots__ = ("is_over", "send")

    def __init__(self, scope: Scope) -> None:
        self.send: Send | None = None
        self.is_over = False
        scope.setdefault("state", {})[STREAM] = self

    def tell(self, told: Message) -> None:
        """Write at once, or not at all: who leaves so much unread is let go (`protocol.py`)."""
        if self.send and not self.is_over:
            next(self.send(told).__await__(), None)

    def end(self) -> None:
        """End the answer; the reader sees that it is whole. Twice is once."""
        self.tell(END)
        self._over()

    def left(self) -> None:
        """Forget it."""

    def _over(self) -> None:
        if not self.is_over:
            self.is_over = True
            self.left()

    async def last(self, receive: Receive, send: Send) -> None:
        """Wait until the reader has left or the answer has ended."""
        self.send = send  # that of the rooms would keep all of them in memory
        while not self.is_over and (await receive())["type"] != "http.disconnect":
            pass
        self._over()


def stream_of(scope: Any) -> Stream | None:  # noqa: ANN401 (uvicorn's type of a scope is another)
    """Return the stream that a request has become."""
    found = scope.get("state", {}).get(STREAM)
    return found if isinstance(found, Stream) else None


class Lasting:
    """Waits with what lasts, outside of all that has been gone through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the rooms answer; then stay, if there is a stream."""
        await self.app(scope, receive, send)
        stream = stream_of(scope)
        if stream:
            for key in scope.keys() - KEPT:
                del scope[key]
            await stream.last(receive, send)
