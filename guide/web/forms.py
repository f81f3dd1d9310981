"""Reading posted forms, so that a person gets back what they typed and why it will not do."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError

BIDI_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the words around it; letters and marks of every script stay."""
MOST_MARKS = 4
"""Combining marks on one letter; Vietnamese and pointed Arabic need two or three."""

LOST = "\ufffd"
"""What stands for bytes that are no letter: half a pair, another encoding."""

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


async def posted(request: Request) -> dict[str, str]:
    """Return the fields of a form; files and repeated names are not among them."""
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


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


def _are_unreadable(kinds: Sequence[str]) -> bool:
    """Say whether there are controls among the signs, or towers of marks."""
    tower = "M" * (MOST_MARKS + 1)
    return not {"Cc", "Cs"}.isdisjoint(kinds) or tower in "".join(kind[0] for kind in kinds)


Line = Annotated[str, StringConstraints(max_length=120), AfterValidator(_one_line)]
"""One line that names somebody or something, up to 120 characters."""
