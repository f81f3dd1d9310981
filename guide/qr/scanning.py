"""Answering a scan in front of the framework, when the board knows where its code leads.

Of two hundred phones that scan at once the last one waits for all of these answers, and a
route costs several times as much. What the board does not know goes on to `routes.follow`,
and so does whoever may be staff on a walk along the walls.
"""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from guide.accounts.permissions import cookie_name
from guide.qr.board import Board
from guide.qr.queries import Destination
from guide.qr.scans import count_scan
from guide.settings import Settings
from guide.web.headers import dress
from guide.web.host import is_own_host, own_hosts
from guide.web.pages import Templates
from guide.web.reader import KnownLanguages, language_of_reader

ADDRESSES = ("/q/", "/Q/")
BY_READER = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"}
NOTHING: Message = {"type": "http.response.body", "body": b""}


class Scanning:
    """Leads from known codes to their exhibits, and counts; the rest is the guide's."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        state = app.state
        self.board: Board = state.board
        self.languages: KnownLanguages = state.languages
        self.templates: Templates = state.templates
        settings: Settings = state.settings
        headers = MutableHeaders(BY_READER | {"Content-Length": "0"})
        dress(headers, ADDRESSES[0], settings)
        self._headers = headers.raw
        self._hosts = own_hosts(settings)
        self._staff = cookie_name(settings).encode() + b"="

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a scan that can be answered at once."""
        found, languages = None, self.languages.known()
        if scope["type"] == "http" and scope["path"].startswith(ADDRESSES):
            found = self.board.known(scope["path"][len(ADDRESSES[0]) :])
        if found is None or languages is None or not self._is_plain(scope):
            await self.app(scope, receive, send)
            return
        request = Request({**scope, "app": self.app})
        language = language_of_reader(request, languages)
        count_scan(request, found, language.tag, datetime.now(UTC))
        location = (b"location", path_to(found, language.tag, self.templates).encode())
        await send(
            {
                "type": "http.response.start",
                "status": int(HTTPStatus.FOUND),
                "headers": [*self._headers, location],
            }
        )
        await send(NOTHING)

    def _is_plain(self, scope: Scope) -> bool:
        return (
            scope["method"] in {"GET", "HEAD"}
            and is_own_host(scope, self._hosts)
            and not self._may_be_staff(scope)
        )

    def _may_be_staff(self, scope: Scope) -> bool:
        return any(
            name == b"cookie" and self._staff in value for name, value in scope["headers"]
        )


def path_to(found: Destination, language: str, templates: Templates) -> str:
    """Return the path of an exhibit, or of an exhibition: of a poster, or one that closed."""
    if found.is_closed or found.exhibit is None:
        return templates.path_for("visitors.exhibition", lang=language, slug=found.exhibition)
    return templates.path_for("visitors.exhibit", lang=language, slug=found.exhibit)
