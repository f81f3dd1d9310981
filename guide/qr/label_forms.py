"""What staff may say of labels."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator
from starlette.convertors import Convertor, register_url_convertor

from guide.exhibits.words import normalised
from guide.qr.code import ALPHABET, LENGTH
from guide.qr.model import Carrier, Verdict
from guide.web.forms import Line

Words = Annotated[Line | Literal[""], BeforeValidator(normalised)]
"""One line, or nothing; lines that were broken are joined."""


class CodeConvertor(Convertor[str]):
    """A code in an address, as the guide writes it: `/staff/labels/{code:label}`."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def convert(self, value: str) -> str:
        """Take it as it stands."""
        return value

    def to_string(self, value: str) -> str:
        """Write it as it stands."""
        return value


register_url_convertor("label", CodeConvertor())


class CheckForm(BaseModel):
    """What was found at the wall."""

    verdict: Verdict
    note: Words = ""


class PlaceForm(BaseModel):
    """Where a label should hang."""

    place: Words = ""


class MergeForm(BaseModel):
    """The code that another one is to follow, as somebody types it."""

    into: str = ""


class MintForm(BaseModel):
    """A further code: for an exhibit, or for a poster of an exhibition; by slug."""

    kind: Literal["exhibit", "exhibition"]
    slug: str
    carrier: Carrier = Carrier.PRINT
    place: Words = ""
