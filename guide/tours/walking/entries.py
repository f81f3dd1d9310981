"""What a phone sends of a walk, and what is refused before anything of it is kept."""

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from guide.tours.walking.events import OF_GIFTS, Kind, Tag
from guide.web.forms import readable

MOST_AT_ONCE = 20
"""Entries in one batch: with the longest notes it stays below what staff may send."""

LARGEST_CROWD = 100_000
LONGEST_NOTE = 2_000

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""What the clock of a phone can be set to, and a little more."""


def _of_a_clock(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError("no clock shows this")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_of_a_clock)]

Reference = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{1,36}$")]
"""A stop: its number, or the key of the entry that added it."""

Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE), AfterValidator(readable)]

NEEDS_STOP = frozenset({Kind.ARRIVED, Kind.SKIPPED})


class Entry(BaseModel):
    """One thing that happened, as the phone took it down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: UUID
    kind: Kind
    at: Moment
    stop: Reference | None = None
    number: Annotated[int, Field(ge=0, le=LARGEST_CROWD, strict=True)] | None = None
    tag: Tag | None = None
    text: Note = ""
    code: Annotated[str, StringConstraints(max_length=200), AfterValidator(readable)] = ""
    exhibit: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,80}$")] = ""

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.kind in NEEDS_STOP and not self.stop:
            raise ValueError("which stop?")
        if self.kind == Kind.COUNTED and self.number is None:
            raise ValueError("how many?")
        if self.kind in {Kind.NOTED, Kind.GIFT} and not self.text:
            raise ValueError("a note without words")
        if self.tag in OF_GIFTS and self.kind != Kind.GIFT:
            raise ValueError("which gift?")
        if self.kind == Kind.ADDED and not (self.code or self.exhibit):
            raise ValueError("added what?")
        return self


class Batch(BaseModel):
    """All that a phone has not sent yet, from the oldest on.

    Whoever sends every time from the oldest entry on that was not acknowledged keeps the
    order, whatever is lost, doubled or overtaken on the way. `account` is for whom they were
    taken down: a phone that somebody else has signed in on sends nothing of theirs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Annotated[int, Field(strict=True)]
    sent_at: Moment
    entries: Annotated[list[Entry], Field(min_length=1, max_length=MOST_AT_ONCE)]
