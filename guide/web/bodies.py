"""How large a body may be, by where it is sent.

A limit is for a prefix of paths; or for one address of files, named as routes are, with what
varies in braces. The longest that fits decides.
"""

import re
from collections.abc import Mapping
from functools import cache

from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


def largest_body(limits: Mapping[str, int], path: str) -> int:
    """Return the limit in bytes for a path; the prefix "" is that of all others."""
    return limits[max((one for one in limits if _pattern(one).match(path)), key=len)]


@cache
def _pattern(named: str) -> re.Pattern[str]:
    literal, *_ = named.partition("{")
    if literal == named:
        return re.compile(re.escape(named))
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(named)) + r"\Z")


class BodyLimits:
    """Ends a body that grows beyond its limit while it comes, whatever length was declared."""

    def __init__(self, app: ASGIApp, limits: Mapping[str, int]) -> None:
        self.app = app
        self.limits = limits
        self._limited = {
            size: RequestBodyLimitMiddleware(app, max_body_size=size)
            for size in set(limits.values())
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on through the limit of its path."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        size = largest_body(self.limits, scope["path"])
        await self._limited[size](scope, receive, send)
