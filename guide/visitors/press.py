"""The press: a published page in one language is printed once and kept in memory.

A small ASGI callable in front of the guide. It knows nothing but a dictionary of printed
pages by their path; everything else falls through. A page that falls through and may be
shown to everyone (`Cache-Control: public, no-cache`) is compressed and kept on its way out,
headers and all. When the content's edition has moved on, everything is printed afresh as it
is asked for. Nothing is computed from a person (`docs/adr/0008-the-press.md`).
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import brotli
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from guide.settings import Settings
from guide.web.edition import Watch
from guide.web.encoding import best_encoding
from guide.web.pages import PUBLIC

LARGEST_STOCK = 64 * 1024 * 1024
"""Bytes of printed pages that are kept; the least recently asked for goes first."""

COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "br": lambda body: brotli.compress(body, quality=5),
}

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Form:
    """A printed page in one encoding, ready to be sent."""

    etag: bytes
    start: Message
    body: Message
    not_modified: Message


class Printed:
    """A page, and each encoding of it that was asked for, with a strong ETag of its own."""

    def __init__(self, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        self._headers = [one for one in headers if one[0] != b"content-length"]
        self._body = body
        self._digest = hashlib.sha256(body).hexdigest()[:20]
        self._forms: dict[str, Form] = {}

    @property
    def size(self) -> int:
        """The bytes that it may come to take: plain, and what compresses to half at most."""
        return 2 * len(self._body)

    def form(self, encoding: str) -> Form:
        """Return the page in an encoding, compressed when it is first asked for."""
        form = self._forms.get(encoding)
        if form is None:
            body = COMPRESS[encoding](self._body)
            form = self._forms[encoding] = _form(self._headers, encoding, body, self._digest)
        return form


class Press:
    """Serves printed pages, and prints those that are not yet."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.state = app.state
        self.watch: Watch = app.state.watch
        self.edition = 0
        self.size = 0
        self._pages: OrderedDict[str, Printed] = OrderedDict()
        self._hosts = _hosts(app.state.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the stock, or let the guide answer and keep what may be kept."""
        if (
            scope["type"] != "http"
            or scope["query_string"]
            or scope["method"] not in {"GET", "HEAD"}
        ):
            await self.app(scope, receive, send)
            return
        if self.edition != self.watch.number:
            self._begin_anew()
        path = scope["path"]
        printed = self._pages.get(path)
        if printed is None:
            await self._print(scope, receive, send)
            return
        hosts, accepted, known = 0, b"", b""
        is_own = False
        for name, value in scope["headers"]:
            if name == b"host":
                hosts += 1
                is_own = value in self._hosts
            elif name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
        if hosts != 1 or not is_own:
            await self.app(scope, receive, send)
            return
        self._pages.move_to_end(path)
        form = printed.form(best_encoding(accepted))
        if known and form.etag in known:
            await send(form.not_modified)
            await send(EMPTY)
            return
        await send(form.start)
        await send(form.body if scope["method"] == "GET" else EMPTY)

    def __contains__(self, path: str) -> bool:
        """Say whether a page is in the stock."""
        return path in self._pages

    async def _print(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the guide answer; keep the answer if it is for everyone."""
        edition_asked = self.edition
        held: Message | None = None
        body = bytearray()

        async def look_at(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_for_everyone(message):
                held = message
                return
            if held is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                page = Printed(held["headers"], bytes(body))
                if edition_asked == self.watch.number:
                    self._keep(scope["path"], page)
                await _send_first(page, scope, send)

        if scope["method"] == "HEAD":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, look_at)

    def _begin_anew(self) -> None:
        """Throw everything away: the content's edition has moved on."""
        self._pages.clear()
        self.edition, self.size = self.watch.number, 0

    def _keep(self, path: str, page: Printed) -> None:
        if before := self._pages.pop(path, None):
            self.size -= before.size
        self._pages[path] = page
        self.size += page.size
        while self.size > LARGEST_STOCK:
            _, oldest = self._pages.popitem(last=False)
            self.size -= oldest.size


EMPTY: Message = {"type": "http.response.body", "body": b""}


def _form(headers: Headers, encoding: str, body: bytes, digest: str) -> Form:
    etag = f'"{digest}-{encoding or "plain"}"'.encode()
    said = [(b"etag", etag), (b"vary", b"Accept-Encoding")]
    if encoding:
        said.append((b"content-encoding", encoding.encode()))
    shared = [*headers, *said]
    with_length = [*shared, (b"content-length", str(len(body)).encode())]
    start: Message = {"type": "http.response.start", "status": 200, "headers": with_length}
    unchanged: Message = {
        "type": "http.response.start",
        "status": int(HTTPStatus.NOT_MODIFIED),
        "headers": shared,
    }
    return Form(etag, start, {"type": "http.response.body", "body": body}, unchanged)


async def _send_first(page: Printed, scope: Scope, send: Send) -> None:
    """Answer the request that a page was printed for."""
    accepted = next((v for n, v in scope["headers"] if n == b"accept-encoding"), b"")
    form = page.form(best_encoding(accepted))
    await send(form.start)
    await send(form.body)


def _is_for_everyone(start: Message) -> bool:
    headers = dict(start["headers"])
    return (
        start["status"] == HTTPStatus.OK
        and headers.get(b"cache-control") == PUBLIC.encode()
        and b"set-cookie" not in headers
    )


def _hosts(settings: Settings) -> frozenset[bytes]:
    """Return the Hosts that are answered at once; the door decides about any other."""
    port = urlsplit(settings.serving_url).port
    names = settings.hosts | {f"{host}:{port}" for host in settings.hosts if port}
    return frozenset(name.encode() for name in names)
