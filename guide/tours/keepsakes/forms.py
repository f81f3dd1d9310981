"""What people may send of a page of the guest book, and of a gift."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints

from guide.tours.keepsakes.model import Direction, Publish
from guide.tours.person_forms import MaybeLine, MaybeName
from guide.web.forms import as_told

Values = Mapping[str, str]

LONGEST_TEXT = 8_000
LONGEST_DESCRIPTION = 2_000


def _on_lines(typed: object) -> object:
    """Take the ends of lines as every system writes them; white space alone is nothing."""
    if not isinstance(typed, str):
        return typed
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def _as_written(words: str) -> str:
    return as_told(words) if words else ""


Words = Annotated[
    str,
    BeforeValidator(_on_lines),
    StringConstraints(max_length=LONGEST_TEXT),
    AfterValidator(_as_written),
]
"""Words on any number of lines, sign for sign as somebody wrote them."""

Description = Annotated[Words, StringConstraints(max_length=LONGEST_DESCRIPTION)]


Tongue = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$")
]
"""A language by its tag, or none that is known."""


class PageForm(BaseModel):
    """A page of the guest book, beside its pictures."""

    key: UUID
    text: Words = ""
    language: Tongue = ""
    translation: Words = ""
    signatory: MaybeName = ""
    publish: Publish = Publish.NO


class GiftForm(BaseModel):
    """A gift, beside its picture."""

    key: UUID
    direction: Direction
    description_az: Description = ""
    description_en: Description = ""
    giver: MaybeName = ""
    recipient: MaybeName = ""
    moment: MaybeLine = ""
    custody: MaybeLine = ""
    register_number: MaybeLine = ""
    value: MaybeLine = ""
