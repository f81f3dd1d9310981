"""The door: what is refused before it reaches a room, and what every answer carries.

A pure ASGI callable around the rooms. It checks the Host and the address, adds the headers
to every answer, and writes one log line for each request that says nothing about a person:
method, the route's template, status and milliseconds; no address, no query, no agent.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from time import perf_counter
from typing import Protocol
from urllib.parse import unquote_to_bytes

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guide.settings import Settings
from guide.web.bodies import largest_body
from guide.web.headers import dress

LONGEST_TARGET = 8_192
"""Bytes of path and query; RFC 9110, 4.1 asks for 8,000 at least."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LENGTH = re.compile(r"[0-9]{1,4000}")
CHARSET = re.compile(r"charset(?!\s*=\s*\"?utf-?8\"?\s*(;|$))", re.IGNORECASE)
"""A form in anything but UTF-8: forms are decoded as they say, and some codecs take seconds."""
PORT = re.compile(r":\d{1,5}$")
BIGGEST_PORT = 65_535

log = structlog.get_logger()


class Refuse(Protocol):
    """Makes the page of a refusal in the reader's language."""

    def __call__(self, request: Request, status: HTTPStatus) -> Response:
        """Return the page."""


class Door:
    """Checks every request, dresses every answer."""

    def __init__(
        self, app: ASGIApp, settings: Settings, refuse: Refuse, limits: Mapping[str, int]
    ) -> None:
        self.app = app
        self.settings = settings
        self.refuse = refuse
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        answered = HTTPStatus.INTERNAL_SERVER_ERROR

        async def send_dressed(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = HTTPStatus(message["status"])
                dress(MutableHeaders(scope=message), scope["path"], self.settings)
            await send(message)

        status = _refusal(scope, self.settings.hosts, largest_body(self.limits, scope["path"]))
        try:
            if status is None:
                await self.app(scope, receive, send_dressed)
            else:
                page = await run_in_threadpool(self.refuse, Request(scope), status)
                await page(scope, receive, send_dressed)
        finally:
            took = round((perf_counter() - began) * 1000, 1)
            route = getattr(scope.get("route"), "path", None)
            log.info(
                "request", method=scope["method"], route=route, status=int(answered), ms=took
            )


def _refusal(scope: Scope, hosts: frozenset[str], most: int) -> HTTPStatus | None:
    headers = Headers(scope=scope)
    if not _is_own_host(headers.getlist("host"), hosts):
        return HTTPStatus.BAD_REQUEST
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(raw) + len(scope["query_string"]) > LONGEST_TARGET:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    is_text = _is_text(raw.partition(b"?")[0], scope["query_string"])
    if not is_text or CONTROL.search(scope["path"]):
        return HTTPStatus.BAD_REQUEST
    is_encoded = headers.get("content-encoding", "identity") != "identity"
    if is_encoded or CHARSET.search(headers.get("content-type", "")):
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    declared = headers.get("content-length", "")
    if LENGTH.fullmatch(declared) and int(declared) > most:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


def _is_text(path: bytes, query: bytes) -> bool:
    try:
        unquote_to_bytes(path).decode("utf-8")
        return "\x00" not in unquote_to_bytes(query).decode("utf-8")
    except UnicodeDecodeError:
        return False


def _is_own_host(said: list[str], hosts: frozenset[str]) -> bool:
    if len(said) != 1:
        return False
    port = PORT.search(said[0])
    if port and int(port[0][1:]) > BIGGEST_PORT:
        return False
    return PORT.sub("", said[0]).casefold() in hosts
