"""The press: a published page in one language is printed once and kept in memory.

A small ASGI callable in front of the guide. It knows a dictionary of printed pages by their
path, and a printer that makes those that are missing; everything else falls through. When
the content's edition has moved on, everything is printed afresh as it is asked for. Nothing
is computed from a person (`docs/adr/0008-the-press.md`).
"""

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus

import brotli
from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guide.settings import Settings
from guide.visitors.printing import Found, Printer
from guide.web.edition import Watch
from guide.web.encoding import best_encoding
from guide.web.headers import dress
from guide.web.host import is_own_host, own_hosts

LARGEST_STOCK = 64 * 1024 * 1024
"""Bytes of printed pages that are kept; the least recently asked for goes first."""

COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "br": lambda body: brotli.compress(body, quality=4),
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

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state
        self.settings: Settings = state.settings
        self.printer: Printer = state.printer
        self.watch: Watch = state.watch
        self.edition = 0
        self.size = 0
        self._pages: OrderedDict[str, Printed] = OrderedDict()
        self._hosts = own_hosts(self.settings)
        self._at_work = ThreadPoolExecutor(1, "press")  # two would only wait for each other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a printed page, or let the guide answer."""
        if (
            scope["type"] != "http"
            or scope["query_string"]
            or scope["method"] not in {"GET", "HEAD"}
        ):
            await self.app(scope, receive, send)
            return
        if not is_own_host(scope, self._hosts):
            await self.app(scope, receive, send)
            return
        accepted, known = b"", b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
        path, encoding = scope["path"], best_encoding(accepted)
        form = self._kept(path, encoding) or await self._printed(path, encoding)
        if form is None:
            await self.app(scope, receive, send)
        elif known and form.etag in known:
            await send(form.not_modified)
            await send(EMPTY)
        else:
            await send(form.start)
            await send(form.body if scope["method"] == "GET" else EMPTY)

    def __contains__(self, path: str) -> bool:
        """Say whether a page is in the stock."""
        return path in self._pages

    def _kept(self, path: str, encoding: str) -> Form | None:
        """Return a page from the stock, which holds what was printed in this edition."""
        if self.edition != self.watch.number:
            self._pages.clear()
            self.edition, self.size = self.watch.number, 0
        printed = self._pages.get(path)
        if printed is None:
            return None
        self._pages.move_to_end(path)
        return printed.form(encoding)

    async def _printed(self, path: str, encoding: str) -> Form | None:
        """Print a page and keep it; None for what the press does not print."""
        found = self.printer.find(path)
        if found is None:
            return None
        edition_asked = self.edition
        loop = asyncio.get_running_loop()
        page = await loop.run_in_executor(self._at_work, self._print, found, encoding)
        if page and edition_asked == self.watch.number:
            self._keep(path, page)
        return page.form(encoding) if page else None

    def _print(self, found: Found, encoding: str) -> Printed | None:
        """Print a page and compress it; None when it is not simply shown."""
        try:
            answer = self.printer.print(found)
        except Exception:  # noqa: BLE001 (the guide answers, and logs, whatever went wrong)
            return None
        dress(answer.headers, found.path, self.settings)
        page = Printed(answer.raw_headers, bytes(answer.body))
        page.form(encoding)
        return page

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
