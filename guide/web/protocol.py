"""The protocol: limits of size and time on what arrives, before it is a request.

uvicorn's httptools protocol already refuses what is not HTTP/1: bare line feeds, TLS bytes,
a Content-Length that is signed, doubled, beyond 64 bits or beside a Transfer-Encoding. It
sets no limits, and takes a doubled Host and HTTP/0.9. This subclass holds what is missing;
what one request means (whose Host it names, how big a body may be) is for the door.
"""

import asyncio
from http import HTTPStatus
from itertools import chain
from typing import ClassVar, Literal, NoReturn

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from guide.web.door import LONGEST_TARGET
from guide.web.lasting import stream_of

LONGEST_HEAD = 16 * 1024
"""Bytes of request line and headers: the longest target twice. A browser sends about 1 KiB."""

MOST_FIELDS = 64
"""Header fields: a browser sends 15 to 25, and the proxies before us add a few."""

LEAST_RATE = 500
"""Bytes of body a second, on average, as Apache's mod_reqtimeout asks: else one byte now and
then would hold a connection for ever."""

SENTENCES = {
    HTTPStatus.BAD_REQUEST: "The guide cannot read this request.\n",
    HTTPStatus.REQUEST_TIMEOUT: "The request took too long to arrive.\n",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address of this request is too long.\n",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The headers of this request are too long.\n",
}


class RefusedError(Exception):
    """Ends the parsing of a request; the parser reports it as an error of its own."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection, with limits; given to uvicorn as `http=GuardedProtocol`.

    A refusal is one short answer, and the end of the connection. Between two requests
    uvicorn's own keep-alive timeout runs, and none while the guide is at work.
    """

    head_seconds: ClassVar[float] = 10
    """From connection, or first byte, to the end of the head: a phone on a slow network needs
    two or three; catalogue item 39."""
    body_seconds: ClassVar[float] = 30
    """How long a body may rest: a phone that changes cells comes back; item 40."""
    linger_seconds: ClassVar[float] = 2
    """How long we still read after a refusal. Closing upon unread bytes resets the connection,
    and the answer may be lost with it (RFC 9112, 9.6)."""

    # One connection's state, here to spare a copy of uvicorn's constructor.
    _reading: Literal["nothing", "head", "body"] = "nothing"
    _unused: int = 0  # bytes that have not yet become a head or part of a body
    _refused: HTTPStatus | None = None
    _due: float | None = None  # on the loop's clock; None while nothing is awaited
    _waits_for_us: bool = False  # when last looked at
    _timer: asyncio.TimerHandle | None = None
    _rings_at: float = 0  # uvloop's handle of a timer that is due at once has no when()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        self._expect_by(self.loop.time() + self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._unused += len(data)
        super().data_received(data)
        if self._refused:
            return
        if self._unused > LONGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._reading == "body":
            latest = self.loop.time() + self.body_seconds
            if self._due is None or self._waits_for_us:
                self._due = latest
            self._expect_by(min(latest, self._due + len(data) / LEAST_RATE))
        elif self._due is None and (self._unused or self._reading == "head"):
            self._expect_by(self.loop.time() + self.head_seconds)
        self._waits_for_us = self._is_our_turn()

    def on_message_begin(self) -> None:
        self._reading = "head"
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > LONGEST_TARGET:
            self._stop(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_headers_complete(self) -> None:
        fields = sum(map(len, chain.from_iterable(self.headers)))
        between = len(": \r\n") * len(self.headers)
        if len(self.headers) > MOST_FIELDS or len(self.url) + fields + between > LONGEST_HEAD:
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if not self._is_sound():
            self._stop(HTTPStatus.BAD_REQUEST)
        super().on_headers_complete()
        # uvicorn adds trailers to this list; a trailer is no header (RFC 9110, 6.5.1).
        self.headers = self.headers.copy()
        self._reading, self._unused, self._due = "body", 0, None

    def on_body(self, body: bytes) -> None:
        self._unused = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._reading, self._unused, self._due = "nothing", 0, None
        super().on_message_complete()

    def shutdown(self) -> None:
        """Let what lasts end at once when the server is to end; other answers are finished."""
        super().shutdown()
        if self.cycle and (stream := stream_of(self.cycle.scope)):
            stream.end()

    def pause_writing(self) -> None:
        """Let a reader go who leaves 64 KiB of a stream unread."""
        super().pause_writing()
        if self.cycle and stream_of(self.cycle.scope):
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words; ours are plainer
        """Answer what the parser would not take: our own reason, if it was ours."""
        self._refuse(self._refused or HTTPStatus.BAD_REQUEST)

    def _is_sound(self) -> bool:
        version = self.parser.get_http_version()
        names = [name for name, _ in self.headers]
        hosts = names.count(b"host")
        if version not in {"1.0", "1.1"} or hosts > 1 or (version == "1.1" and not hosts):
            return False
        # The parser takes an upgrade to end the message: its body would be the next request.
        has_body = b"content-length" in names or b"transfer-encoding" in names
        return not (has_body and self.parser.should_upgrade())

    def _stop(self, status: HTTPStatus) -> NoReturn:
        self._refused = status
        raise RefusedError(status.phrase)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer and close; without an answer where one could be taken for another's."""
        self._refused = status
        in_body = self._reading == "body"
        if not in_body and self.cycle and not self.cycle.response_complete:
            self._due = None
            self.cycle.keep_alive = False  # earlier requests get their answers; the last closes
            return
        self._expect_by(self.loop.time() + self.linger_seconds)
        nobody_asked = self._reading == "nothing"  # as with a browser's spare connection
        if nobody_asked or (in_body and (self.pipeline or self.cycle.response_started)):
            self.transport.close()
            return
        if in_body:
            self.cycle.disconnected = True
        self.transport.write(self._answer(status))
        if status is HTTPStatus.REQUEST_TIMEOUT or not self.transport.can_write_eof():
            self.transport.close()
        else:
            self.transport.write_eof()
            self.flow.resume_reading()

    def _answer(self, status: HTTPStatus) -> bytes:
        sentence = SENTENCES[status].encode()
        fields = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(sentence)),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        head = b"".join(b"%b: %b\r\n" % field for field in fields)
        return b"%b%b\r\n%b" % (STATUS_LINE[status], head, sentence)

    def _expect_by(self, due: float) -> None:
        """Set the deadline; a timer that rings before it stays, and looks again."""
        self._due = due
        if self._timer and self._rings_at <= due:
            return
        if self._timer:
            self._timer.cancel()
        self._timer, self._rings_at = self.loop.call_at(due, self._look_at_clock), due

    def _look_at_clock(self) -> None:
        self._timer = None
        if self._due is None:
            return
        now = self.loop.time()
        if self._due > now:
            self._expect_by(self._due)
        elif self._refused:
            self.transport.abort()
        elif self._waits_for_us:  # at the last look: it may just have been told to go on
            self._waits_for_us = self._is_our_turn()
            self._expect_by(now + self.body_seconds)
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _is_our_turn(self) -> bool:
        """Tell whether the client cannot go on before we read, or say 100 Continue."""
        asks = self._reading == "body" and self.cycle.waiting_for_100_continue
        return self.flow.read_paused or asks
