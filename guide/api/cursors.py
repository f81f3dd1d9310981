"""Cursors: where a list goes on, in a word that only this guide reads."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Query

from guide.web.forms import LARGEST_NUMBER
from guide.web.json_bodies import ProblemError

LONGEST = 400
PAGE = 50
LARGEST_PAGE = 100

Place = Sequence[str | int]
"""What the last thing of a page is ordered by; the next page has what comes after it."""

Cursor = Annotated[
    str | None,
    Query(description="`next` of the page before; nothing for the first page."),
]
Limit = Annotated[
    int, Query(ge=1, le=LARGEST_PAGE, description="Things of one page at the most.")
]


def cursor_after(place: Place) -> str:
    """Write where the next page begins."""
    told = json.dumps(place, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def place_in(cursor: str | None, kinds: Sequence[type]) -> Place | None:
    """Read a cursor; raise ProblemError with 422 for one that was not given out here."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        place: object = json.loads(urlsafe_b64decode(padded).decode())
    except (ValueError, binascii.Error, RecursionError):
        place = None
    if len(cursor) > LONGEST or not (isinstance(place, list) and _fits(place, kinds)):
        raise unknown_cursor()
    return list(place)


def unknown_cursor() -> ProblemError:
    """Return the refusal of a cursor that was not given out here."""
    fault = {"field": "query.cursor", "fault": "unknown"}
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", faults=[fault])


def _fits(place: list[object], kinds: Sequence[type]) -> bool:
    """Say whether something is made of these kinds, of numbers that databases count."""
    return (
        [type(one) for one in place] == list(kinds)
        and not any(isinstance(one, int) and abs(one) > LARGEST_NUMBER for one in place)
        and not any(isinstance(one, str) and _unwritten(one) for one in place)
    )


def _unwritten(word: str) -> bool:
    """Say whether no database could hold a word: NUL, half of a pair."""
    return "\0" in word or any("\ud800" <= sign <= "\udfff" for sign in word)
