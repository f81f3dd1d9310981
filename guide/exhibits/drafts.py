"""What is not yet on show: drafts, and whether a second person must read them.

The rooms below do not know accounts: people stand here as the numbers of their accounts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant
from guide.exhibits.manuscript import Manuscript


class LockedError(Exception):
    """The draft is in review, or its publication is planned: it must be taken back first."""


class Draft(Base):
    """The next version of one text, which everybody who edits it shares."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("kind", "owner_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    owner_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(35))
    said: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    version: Mapped[int]
    writers: Mapped[Sequence[int]] = mapped_column(JSON)
    saved_at: Mapped[Instant]
    submitted_at: Mapped[Instant | None]
    submitted_by: Mapped[int | None]
    returned_at: Mapped[Instant | None]
    returned_by: Mapped[int | None]
    returned_note: Mapped[str] = mapped_column(Text)
    due_at: Mapped[Instant | None]
    approved_by: Mapped[int | None]

    @property
    def manuscript(self) -> Manuscript:
        """What the draft says."""
        return Manuscript.told(self.said)

    @property
    def saved_by(self) -> int | None:
        """Who saved it last; nobody, if a program did."""
        return self.writers[-1] if self.writers else None

    @property
    def is_locked(self) -> bool:
        """Say whether it waits for somebody, or for its time."""
        return bool(self.submitted_at or self.due_at)

    def write(self, manuscript: Manuscript, by: int | None, at: datetime) -> None:
        """Save it; whoever does is from now on one of its writers. Raises LockedError."""
        if self.is_locked:
            raise LockedError
        self.said = manuscript.said()
        self.version = (self.version or 0) + 1
        others = [one for one in self.writers or () if one != by]
        self.writers = [*others, by] if by else others
        self.saved_at = at

    def submit(self, by: int, at: datetime) -> None:
        """Ask for a second person. Raises LockedError."""
        if self.is_locked:
            raise LockedError
        self.submitted_at, self.submitted_by = at, by
        self.returned_at, self.returned_by, self.returned_note = None, None, ""

    def take_back(self) -> None:
        """Make it a draft again, whatever it waited for."""
        self.submitted_at = self.submitted_by = None
        self.due_at = self.approved_by = None

    def send_back(self, note: str, by: int, at: datetime) -> None:
        """Return it to its writers with a note of what is to be done."""
        self.take_back()
        self.returned_at, self.returned_by, self.returned_note = at, by, note

    def plan(self, due: datetime, by: int) -> None:
        """Have it published at a later time."""
        self.due_at, self.approved_by = due, by


class PublishingRules(Base):
    """How publishing goes in this house; there is one row."""

    __tablename__ = "publishing_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    second_person_since: Mapped[Instant | None]
