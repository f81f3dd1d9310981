"""What visitors may send."""

import re
from urllib.parse import unquote

from pydantic import BaseModel, field_validator

WHOLE_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f-\x9f\\\ud800-\udfff]*")
"""One slash, then no second one, no backslash, no control, nothing that UTF-8 cannot say."""

LONGEST_PATH = 2_000


class ChoiceForm(BaseModel):
    """The language that somebody chose, and where to return to."""

    lang: str = ""
    next: str = "/"

    @field_validator("next")
    @classmethod
    def _only_a_path(cls, value: str) -> str:
        """Keep a path of our own; anything that could lead elsewhere becomes the entrance."""
        decoded = unquote(unquote(value))
        is_path = value.startswith("/") and WHOLE_PATH.fullmatch(decoded)
        return value if is_path and len(value) <= LONGEST_PATH else "/"
