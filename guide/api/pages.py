"""The documentation as a page: the contract, in the order in which it is read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from guide.web.pages import PUBLIC, Page

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """Words of a sentence, or something that is typed as it stands."""

    text: str
    is_typed: bool


Words = tuple[Piece, ...]


@dataclass(frozen=True)
class Kind:
    """What a value is, in words; `shape` is one that is explained below."""

    words: str
    shape: str = ""


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a shape."""

    name: str
    kind: Kind
    about: Words
    is_required: bool
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """A status that is answered, what it means, and the shape that comes with it."""

    status: str
    about: Words
    shape: str


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked."""

    id: str
    method: str
    path: str
    about: tuple[Words, ...]
    needs_token: bool
    parameters: tuple[Field, ...]
    body: str
    example: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Shape:
    """A shape by its name, its fields or the words that it may be."""

    name: str
    about: Words
    fields: tuple[Field, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """Operations that belong together."""

    id: str
    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class DocsPage(Page):
    """The contract as people read it, in English."""

    template: ClassVar[str] = "api/docs.html"
    cache_control: ClassVar[str] = PUBLIC
    is_draft: ClassVar[bool] = False

    path: str
    about: Words
    chapters: tuple[Chapter, ...]
    shapes: tuple[Shape, ...]

    @classmethod
    def of(cls, frame: Any, told: Told) -> Self:  # noqa: ANN401 (a frame of any page)
        """Lay the document out."""
        operations = list(_operations(told))
        names = dict.fromkeys(tag for tag, _ in operations)
        chapters = tuple(
            Chapter(f"part-{tag}", tag, tuple(one for of, one in operations if of == tag))
            for tag in names
        )
        shapes = tuple(
            _shape(name, shape) for name, shape in told["components"]["schemas"].items()
        )
        return cls(frame, "/", _words(told["info"]["description"]), chapters, shapes)


def _operations(told: Told) -> Iterator[tuple[str, Operation]]:
    schemas = told["components"]["schemas"]
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            body = _shape_of(one.get("requestBody", {}))
            examples = schemas.get(body, {}).get("examples", [])
            operation = Operation(
                id=one["operationId"],
                method=METHODS[method],
                path=path,
                about=tuple(_words(part) for part in one["description"].split("\n\n")),
                needs_token="security" in one,
                parameters=tuple(_parameter(each) for each in one.get("parameters", ())),
                body=body,
                example=json.dumps(examples[0], indent=2) if examples else "",
                answers=tuple(
                    Answer(status, _words(answer["description"]), _shape_of(answer))
                    for status, answer in one["responses"].items()
                    if status != "default"
                ),
            )
            yield one["tags"][0], operation


METHODS = {"get": "GET", "post": "POST", "put": "PUT"}


def _parameter(told: Told) -> Field:
    kind = _kind(told["schema"])
    return Field(
        told["name"], kind, _words(told.get("description", "")), told["required"], told["in"]
    )


def _shape(name: str, told: Told) -> Shape:
    required = told.get("required", ())
    fields = tuple(
        Field(field, _kind(one), _words(one.get("description", "")), field in required)
        for field, one in told.get("properties", {}).items()
    )
    words = tuple(str(one) for one in told.get("enum", ()))
    return Shape(name, _words(told.get("description", "")), fields, words)


def _shape_of(told: Told) -> str:
    for content in told.get("content", {}).values():
        return str(content["schema"].get("$ref", "")).rpartition("/")[2]
    return ""


def _kind(told: Told) -> Kind:
    """Say in words what a value is: of several what it may be, null last."""
    if reference := told.get("$ref"):
        shape = str(reference).rpartition("/")[2]
        return Kind(shape, shape)
    if several := told.get("anyOf") or told.get("allOf"):
        kinds = [_kind(one) for one in several]
        shape = next((one.shape for one in kinds if one.shape), "")
        return Kind(" or ".join(one.words for one in kinds), shape)
    if told.get("type") == "array":
        inner = _kind(told.get("items", {}))
        return Kind(f"list of {inner.words}", inner.shape)
    if words := told.get("enum"):
        return Kind(" | ".join(map(str, words)))
    if "const" in told:
        return Kind(str(told["const"]))
    said = str(told.get("format") or told.get("type", "anything"))
    low, high = told.get("minimum"), told.get("maximum")
    return Kind(f"{said}, {low} to {high}" if low is not None and high is not None else said)


def _words(said: str) -> Words:
    """Take a sentence apart at its backquotes."""
    pieces = enumerate(" ".join(said.split()).split("`"))
    return tuple(Piece(text, number % 2 == 1) for number, text in pieces if text)
