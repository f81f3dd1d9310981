"""Why something may stand against a tour: a reason that goes with a name."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints

from guide.web.forms import readable


def _some(typed: str) -> str:
    if not typed:
        raise ValueError("nothing is written")
    return typed


Reason = Annotated[
    str,
    StringConstraints(max_length=500),
    AfterValidator(readable),
    AfterValidator(_some),
]
"""Words that somebody can read later, up to 500 characters."""


class OverrideForm(BaseModel):
    """Which clash somebody lets stand, and why."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    reason: Reason


class ReasonForm(BaseModel):
    """Why a change may be made although it breaks a promise."""

    reason_to_let: Reason
