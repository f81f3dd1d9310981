"""Choosing between representations by `Accept` (RFC 9110, 12.5.1)."""

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from fastapi import Request

from guide.web.json_bodies import ProblemError

VARY = {"Vary": "Accept"}

NAME = r"[!#$%&'*+.^_`|~0-9a-z-]+"
RANGE = re.compile(rf"{NAME}/{NAME}")
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def wanted(request: Request, offered: Sequence[str]) -> str:
    """Return the media type that is liked best, the first one for whoever says nothing.

    Of those that are liked equally the one that is named most exactly, then the first.
    Parameters of a type other than `q` are not looked at. Raises ProblemError with 406.
    """
    said = ",".join(request.headers.getlist("accept")).strip(" \t,")
    if not said:
        return offered[0]
    ranges = dict(_ranges(said))
    liked = [_liking(one, ranges) for one in offered]
    best = max(liked)
    if not best[0]:
        status = HTTPStatus.NOT_ACCEPTABLE
        raise ProblemError(status, "not-acceptable", headers=VARY, offered=list(offered))
    return offered[liked.index(best)]


def _ranges(said: str) -> Iterator[tuple[str, float]]:
    """Read what is accepted and how well; what cannot be read is not said."""
    for part in said.casefold().split(","):
        told, *parameters = (one.strip(" \t") for one in part.split(";"))
        weights = [one[2:] for one in parameters if one.startswith("q=")] or ["1"]
        if RANGE.fullmatch(told) and WEIGHT.fullmatch(weights[0]):
            yield told, float(weights[0])


def _liking(kind: str, ranges: dict[str, float]) -> tuple[float, int]:
    """Return how well a type is liked, and how exactly that is said."""
    for exactness, told in ((2, kind), (1, f"{kind.partition('/')[0]}/*"), (0, "*/*")):
        if told in ranges:
            return ranges[told], exactness
    return 0, 0
