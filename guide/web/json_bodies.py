"""Reading JSON that a script sends, and saying what is wrong with it without repeating it.

Refusals are problem documents (RFC 9457). They name the fields that cannot be read and what
is wrong with each in a word of Pydantic's; never what was sent, which may be a name.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, NoReturn, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ValidationError

PROBLEM = "application/problem+json"
JSON = "application/json"
API = "/api/v1"
"""The addresses of scripts alone: whatever is refused there is a problem document."""

MOST_FAULTS = 50

Body = TypeVar("Body", bound=BaseModel)


class ProblemError(Exception):
    """Ends a request of a script with a problem document; what was begun is undone.

    `kind` names the problem in a word that programs may rely on, `told` is what else they
    are told.
    """

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        *,
        headers: Mapping[str, str] | None = None,
        **told: object,
    ) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.headers = headers or {}
        self.told = told


def problem(status: HTTPStatus, kind: str = "", **told: object) -> Response:
    """Return a problem document; without a word of its own it is named after the status."""
    word = kind or status.phrase.casefold().replace(" ", "-")
    said = {"type": f"about:blank#{word}", "title": status.phrase, "status": int(status)}
    body = json.dumps(said | told, ensure_ascii=False)
    return Response(body, status, media_type=PROBLEM)


def faults(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Name what cannot be read and a word of Pydantic's for why, never what was sent."""
    return [
        {"field": ".".join(map(str, _named(one))), "fault": one["type"]}
        for one in errors[:MOST_FAULTS]
    ]


def _named(error: Any) -> Sequence[str | int]:  # noqa: ANN401 (Pydantic's own dictionary)
    """Return the place of a fault; a name that we do not know was sent, and is not repeated."""
    is_unknown = error["type"] == "extra_forbidden"
    return (*error["loc"][:-1], "?") if is_unknown else error["loc"]


def is_of_api(path: str) -> bool:
    """Say whether an address is a script's, which reads problem documents."""
    return path.startswith(f"{API}/") or path == API


async def json_sent(request: Request) -> bytes:
    """Return the body of a request; raise ProblemError when it does not say that it is JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind != JSON:
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json")
    return await request.body()


JsonSent = Annotated[bytes, Depends(json_sent)]


def read_json(model: type[Body], sent: bytes) -> Body:
    """Read a body; raise ProblemError with 400 for what is no JSON, 422 for what is wrong."""
    try:
        text = sent.decode()  # UTF-8 alone: json would take others for what they are not
        told: Any = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "unreadable") from None
    try:
        return model.model_validate(told)
    except ValidationError as failed:
        found = faults(failed.errors(include_input=False, include_context=False))
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", faults=found) from None


def answer(_request: Request, raised: Exception) -> Response:
    """Answer a ProblemError."""
    if not isinstance(raised, ProblemError):
        raise TypeError(raised)
    response = problem(raised.status, raised.kind, **raised.told)
    response.headers.update(raised.headers)
    return response


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(_name: str) -> NoReturn:
    raise ValueError("no number")
