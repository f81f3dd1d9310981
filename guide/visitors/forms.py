"""What visitors may send."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints, field_validator

from guide.web.forms import readable
from guide.web.paths import own_path

LONGEST_REPORT = 500
"""Characters."""


class ChoiceForm(BaseModel):
    """The language that somebody chose, and where to return to."""

    lang: str = ""
    next: str = "/"

    @field_validator("next")
    @classmethod
    def _only_a_path(cls, value: str) -> str:
        return own_path(value)


def _something(words: str) -> str:
    if not words:
        raise ValueError("it is empty")
    return words


class ProblemForm(BaseModel):
    """What somebody says is wrong."""

    words: Annotated[
        str,
        StringConstraints(max_length=LONGEST_REPORT),
        AfterValidator(readable),
        AfterValidator(_something),
    ]
