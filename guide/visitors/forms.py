"""What visitors may send."""

import re
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, field_validator

WHOLE_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f-\x9f\\]*")
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
        parts = urlsplit(value)
        is_path = not parts.scheme and not parts.netloc and len(value) <= LONGEST_PATH
        return value if is_path and WHOLE_PATH.fullmatch(decoded) and value[0] == "/" else "/"
