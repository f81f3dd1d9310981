"""What visitors may send."""

from pydantic import BaseModel, field_validator

from guide.web.paths import own_path


class ChoiceForm(BaseModel):
    """The language that somebody chose, and where to return to."""

    lang: str = ""
    next: str = "/"

    @field_validator("next")
    @classmethod
    def _only_a_path(cls, value: str) -> str:
        return own_path(value)
