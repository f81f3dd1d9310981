"""The contract: what may be asked and is answered, as an OpenAPI 3.1 document.

FastAPI writes it from the routes and their shapes; what it cannot know is added here: bodies
that the routes read themselves, and refusals, which are all of one shape.
"""

import warnings
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

from guide.web.json_bodies import JSON, PROBLEM

Told = dict[str, Any]
"""A part of the document."""

REFERENCE = "#/components/schemas/"
PUBLISHED = "304"

ABOUT = """\
What visitors of the guide read, for everybody; and the tours of delegations, with a token \
of the house. Words say which language they are in. Times are instants in UTC. \
Whatever is refused is a problem document (RFC 9457) that repeats nothing of what was sent."""

REFUSALS: Mapping[str, str] = {
    "400": "The body is no JSON in UTF-8, or says a name twice.",
    "401": "There is no token, or it counts no more.",
    "404": "It is not there, or not for whoever asks.",
    "406": "It can be had in none of the media types that are accepted; `offered` lists them.",
    "409": "It stands against how things are now: `type` says what, `clashes` what with.",
    "412": "Somebody else has changed it since it was read; `version` is the present one.",
    "413": "The body is too large.",
    "415": "The body does not say that it is JSON.",
    "422": "It can be read, and will not do: `faults` name the fields.",
    "428": "It is changed only by whoever says which version they have seen.",
    "503": "The guide is busy; `Retry-After` says when to ask again.",
}
OF_READING = ("404", "422", "503")
OF_TOKENS = ("401",)
OF_WRITING = ("400", "409", "412", "413", "415")

PROBLEM_SHAPE: Told = {
    "title": "Problem",
    "type": "object",
    "description": "Why something was refused (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "description": "`about:blank#` and a word that programs may rely on.",
            "examples": ["about:blank#clash"],
        },
        "title": {"type": "string", "examples": ["Conflict"]},
        "status": {"type": "integer", "examples": [409]},
        "faults": {
            "type": "array",
            "description": "What cannot be read, by field; never what was sent.",
            "items": {
                "type": "object",
                "required": ["field", "fault"],
                "properties": {"field": {"type": "string"}, "fault": {"type": "string"}},
            },
        },
        "clashes": {
            "type": "array",
            "description": "What stands against a tour.",
            "items": {"$ref": f"{REFERENCE}Clash"},
        },
        "version": {"type": "integer", "description": "Of the tour, as it is now."},
        "state": {"type": "string", "description": "Of the tour, as it is now."},
        "languages": {"type": "array", "items": {"type": "string"}},
        "offered": {
            "type": "array",
            "description": "Media types that there are.",
            "items": {"type": "string"},
        },
        "most_days": {"type": "integer", "description": "Of a period that may be asked for."},
        "characters": {"type": "string", "description": "That no font of the guide draws."},
        "key": {"type": "string", "description": "Of the entry that said something else."},
    },
}


def named(route: APIRoute) -> str:
    """Return what the contract calls an operation: its route's name, without the room's."""
    return route.name.removeprefix("api.")


def body_of(model: type[BaseModel]) -> Told:
    """Say of a route that it reads a body of this shape."""
    schema = {"$ref": f"{REFERENCE}{model.__name__}"}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


def contract(
    routers: Iterable[APIRouter], bodies: Iterable[type[BaseModel]], shapes: Told
) -> Told:
    """Write the document of some routes.

    `bodies` are what they read themselves, `shapes` what they answer without a model.
    """
    routes = [route for router in routers for route in router.routes]
    with warnings.catch_warnings():
        # HEAD is GET without its body, and goes out of the document again.
        warnings.filterwarnings("ignore", message="Duplicate Operation ID")
        told: Told = get_openapi(
            title="guide",
            version="1",
            summary="The web guide of the Heydar Aliyev Center.",
            description=ABOUT,
            routes=routes,
        )
    schemas: Told = told["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in bodies:
        shape = model.model_json_schema(ref_template=REFERENCE + "{model}")
        schemas.update(shape.pop("$defs", {}))
        schemas[model.__name__] = shape
    schemas |= {**shapes, "Problem": PROBLEM_SHAPE}
    for methods in told["paths"].values():
        methods.pop("head", None)
        for method, operation in methods.items():
            _complete(method, operation)
    told["components"]["schemas"] = dict(sorted(schemas.items()))
    return told


def _complete(method: str, operation: Told) -> None:
    """Add the refusals of an operation, and what its answers carry."""
    is_public = "security" not in operation
    statuses = [*OF_READING, *(() if is_public else OF_TOKENS)]
    statuses += OF_WRITING if method != "get" else ()
    if method == "put":
        statuses.append("428")
    operation.pop("summary")  # made from the name of a function
    answers: Told = operation["responses"]
    answers.pop("422", None)
    for status, answer in list(answers.items()):
        if len(answer["content"]) > 1:
            statuses.append("406")
        answer["description"] = HTTPStatus(int(status)).phrase
        answer["headers"] = {"ETag": {"schema": {"type": "string"}}} if is_public else {}
    if is_public:
        answers[PUBLISHED] = {"description": "What If-None-Match names still holds."}
    for status in sorted(statuses):
        answers[status] = _refusal(REFUSALS[status])
    answers["default"] = _refusal("Any other refusal.")


def _refusal(description: str) -> Told:
    schema = {"$ref": f"{REFERENCE}Problem"}
    return {"description": description, "content": {PROBLEM: {"schema": schema}}}
