"""Reading posted forms, so that a person gets back what they typed and why it will not do."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError
from starlette.datastructures import FormData

BIDI_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the words around it; letters and marks of every script stay."""
MOST_MARKS = 4
"""Combining marks on one letter; Vietnamese and pointed Arabic need two or three."""

LOST = "\ufffd"
"""What stands for what is no letter: half a pair, another encoding, NUL."""

LARGEST_NUMBER = 2**31 - 1
"""Of a row, as both databases count."""

Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
"""The number of a row in an address; what cannot be one is not there."""

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True)
class Rejected:
    """What somebody typed, and by field a word for what is wrong with it; templates say it."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])


def told_in(form: FormData) -> dict[str, str]:
    """Return the fields of a form; files and repeated names are not among them.

    A NUL is lost: PostgreSQL holds none, and nothing is looked up or kept with one.
    """
    told = ((name, value) for name, value in form.items() if isinstance(value, str))
    return {name: value.replace("\0", LOST) for name, value in told}


async def posted(request: Request) -> dict[str, str]:
    """Return the fields of a form."""
    async with request.form() as form:
        return told_in(form)


Posted = Annotated[dict[str, str], Depends(posted)]


def read(form: type[Form], fields: Mapping[str, str]) -> Form | Rejected:
    """Take a form, or say why not."""
    try:
        return form.model_validate(fields)
    except ValidationError as bad:
        return Rejected(fields, {str(one["loc"][0]): one["type"] for one in bad.errors()})


def readable(typed: str) -> str:
    """Take words of any script on any number of lines; refuse controls and towers of marks."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    kinds = [unicodedata.category(sign) for sign in text if sign not in "\n\t"]
    towers = "M" * (MOST_MARKS + 1)
    if (
        LOST in text
        or not {"Cc", "Cs"}.isdisjoint(kinds)
        or towers in "".join(kind[0] for kind in kinds)
    ):
        raise ValueError("it cannot be read")
    text = BIDI_OVERRIDES.sub("", text)
    is_nothing = all(unicodedata.category(sign)[0] in "CZM" for sign in text)
    return "" if is_nothing else "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _one_line(typed: str) -> str:
    """Take one line of words in any script; refuse controls, nothing, and towers of marks."""
    kinds = [unicodedata.category(sign) for sign in unicodedata.normalize("NFC", typed)]
    towers = "M" * (MOST_MARKS + 1)
    if (
        LOST in typed
        or not {"Cc", "Cs"}.isdisjoint(kinds)
        or towers in "".join(kind[0] for kind in kinds)
    ):
        raise ValueError("it cannot be read")
    if all(kind[0] in "CZM" for kind in kinds):
        raise ValueError("it is empty")
    return " ".join(BIDI_OVERRIDES.sub("", unicodedata.normalize("NFC", typed)).split())


def as_typed(typed: str) -> str:
    """Take one line sign for sign, but for white space around it: a name is as it is typed.

    Nothing is composed, folded or taken out; what could not be kept so is refused: controls,
    towers of marks, and marks that would turn the words after it.
    """
    return as_told(typed, lines=False).strip()


def as_told(words: str, *, lines: bool = True) -> str:
    """Take words sign for sign, as a source has them; refuse what cannot be kept so."""
    kinds = [unicodedata.category(sign) for sign in words if not (lines and sign in "\n\t")]
    if (
        LOST in words
        or BIDI_OVERRIDES.search(words)
        or not {"Cc", "Cs", "Zl", "Zp"}.isdisjoint(kinds)
        or _has_tower(words)
    ):
        raise ValueError("it cannot be read")
    if all(kind[0] in "CZM" for kind in kinds):
        raise ValueError("it is empty")
    return words


def _has_tower(words: str) -> bool:
    """Say whether marks tower over a letter; letters that exist whole count once."""
    kinds = (unicodedata.category(sign)[0] for sign in unicodedata.normalize("NFC", words))
    return "M" * (MOST_MARKS + 1) in "".join(kinds)


_LINE = StringConstraints(max_length=120)

Line = Annotated[str, _LINE, AfterValidator(_one_line), _LINE]
"""One line that names somebody or something, up to 120 characters, typed and composed:
letters of some scripts are more when they are composed than they were.
"""

LongLine = Annotated[str, StringConstraints(max_length=300), AfterValidator(_one_line)]
"""One line that says what somebody or something is, up to 300 characters."""

AsTyped = Annotated[str, StringConstraints(max_length=300), AfterValidator(as_typed)]
"""A name of somebody, sign for sign as it was typed, up to 300 characters."""

FreeWords = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(readable)]
"""Free words on any number of lines, up to 4,000 characters."""
