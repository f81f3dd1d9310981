"""What curators may say of texts."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints

from guide.exhibits.manuscript import Manuscript
from guide.web.forms import readable

LONGEST_NAME = 200
LONGEST_HOOK = 600
LONGEST_LOOK_FOR = 1_500
LONGEST_STORY = 6_000
LONGEST_NOTE = 1_000
"""Characters. What can be read standing is far shorter; all of it fits into one form."""


def _one_line(typed: str) -> str:
    return " ".join(readable(typed).split())


Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(_one_line)]
Hook = Annotated[str, StringConstraints(max_length=LONGEST_HOOK), AfterValidator(_one_line)]
LookFor = Annotated[
    str, StringConstraints(max_length=LONGEST_LOOK_FOR), AfterValidator(readable)
]
Story = Annotated[str, StringConstraints(max_length=LONGEST_STORY), AfterValidator(readable)]
Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE), AfterValidator(readable)]

CONFIRM = re.compile(r"confirm-(hook|look_for|story)")
SOURCE = re.compile(r"source-(hook|look_for|story)")
HASH = re.compile(r"[0-9a-f]{16}")


class TextForm(BaseModel):
    """A text as it is typed: what to look for has a line for each thing."""

    version: str = ""
    name: Name = ""
    hook: Hook = ""
    look_for: LookFor = ""
    story: Story = ""

    def manuscript(self) -> Manuscript:
        """Return what was typed, a draft that was made from nothing yet."""
        lines = (line.lstrip("-*• ").strip() for line in self.look_for.split("\n"))
        return Manuscript(self.name, self.hook, tuple(one for one in lines if one), self.story)


class VersionForm(BaseModel):
    """What a deed began from."""

    version: str = ""


class ReturnForm(VersionForm):
    """Why a text goes back to its writers."""

    note: Note = ""


class PublicationForm(VersionForm):
    """Whether a person read a translation; when it is to be published, in the museum's time."""

    is_read: str = ""
    due: str = ""


def hashes_in(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of the source that stood beside a form, by field."""
    found = {SOURCE.fullmatch(name): value for name, value in posted.items()}
    return {said[1]: value for said, value in found.items() if said and HASH.fullmatch(value)}


def confirmed_in(posted: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that somebody says are still right."""
    return frozenset(said[1] for name in posted if (said := CONFIRM.fullmatch(name)))
