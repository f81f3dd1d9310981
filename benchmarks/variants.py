"""`guide serve` with one thing changed: python -m benchmarks.variants WHAT PORT [FILE].

Everything else is the command's own: uvicorn's settings, protocol, lifespan. So the sides of
a comparison cannot drift apart.
"""

import sys
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from benchmarks.answer import Answer
from guide import app as guide_app
from guide import cli
from guide.app import serve_printed
from guide.qr.scans import ScanLog, Scanned
from guide.tours.following.hub import Hub, event
from guide.tours.following.whereabouts import Whereabouts
from guide.visitors.press import Press


class JustPublished(Press):
    """A press that prints only: what it has printed is asked for in a new edition.

    As after each publication, when every page is printed once more: nothing of the content
    is kept from one edition to the next, and everything that an edition keeps is read again.
    """

    def __init__(self, press: Press) -> None:
        super().__init__(press.app, press.state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Move on to another edition if need be, then print."""
        if scope["type"] == "http" and scope["path"] in self:
            self.watch.number += 1
        await super().__call__(scope, receive, send)


class CountsNothing(ScanLog):
    """What counting costs is measured against this."""

    def count(self, scan: Scanned) -> None:
        """Count nothing."""


class Bare:
    """The smallest ASGI callable there is: one answer, made beforehand."""

    def __init__(self, answer: Answer) -> None:
        self.start: Message = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(name.encode(), value.encode()) for name, value in answer.headers],
        }
        self.body: Message = {"type": "http.response.body", "body": answer.body}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer."""
        if scope["type"] == "http":
            await send(self.start)
            await send(self.body)


class Publishing:
    """Has something told to all who follow when it is asked to, and written nowhere."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.hub: Hub = press.state.hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell as a move is told; everything else is the guide's."""
        if scope["type"] != "http" or scope["path"] != "/publish":
            await self.press(scope, receive, send)
            return
        seq = int(scope["query_string"].removeprefix(b"seq="))
        told = event(Whereabouts("1", "tar", seq).message)
        for visit in self.hub.visits.values():
            visit.tell(told)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def main(what: str, port: str, file: str = "") -> None:
    """Serve a variant until it is told to end."""
    if what in {"bare", "bare-plain"}:
        bare = Bare(Answer.read(Path(file)))
        vars(cli)["serve_printed"] = lambda _: bare
    if what == "bare-plain":
        vars(cli)["GuardedProtocol"] = HttpToolsProtocol
    if what == "first-print":
        vars(cli)["serve_printed"] = lambda settings: JustPublished(serve_printed(settings))
    if what == "publishing":
        vars(cli)["serve_printed"] = lambda settings: Publishing(serve_printed(settings))
    if what == "no-log":
        vars(guide_app)["ScanLog"] = CountsNothing
    cli.app(["serve", "--port", port])


if __name__ == "__main__":
    main(*sys.argv[1:])
