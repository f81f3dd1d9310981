"""Codes that have been printed, and scans of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guide.db import Base, Instant
from guide.exhibits.model import Exhibit
from guide.exhibits.showing import Signpost


class UnknownCodeError(Exception):
    """No exhibit answers to this code; `looks_mistyped` when its check character is wrong."""

    def __init__(self, typed: str, *, looks_mistyped: bool) -> None:
        super().__init__()
        self.typed = typed
        self.looks_mistyped = looks_mistyped


class WithdrawnError(Exception):
    """The exhibit was taken out of the guide for good; `exhibition` is where it was."""

    def __init__(self, exhibition: Signpost) -> None:
        super().__init__()
        self.exhibition = exhibition


class Code(Base):
    """A printed code.

    It is never deleted and never given to another exhibit: a trigger sees to it. A code whose
    exhibit was merged into another becomes the alias of a code of that one.
    """

    __tablename__ = "codes"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    exhibit_id: Mapped[int] = mapped_column(ForeignKey("exhibits.id"), index=True)
    alias_of: Mapped[str | None] = mapped_column(ForeignKey("codes.code"))
    minted_at: Mapped[Instant]
    retired_at: Mapped[Instant | None]

    exhibit: Mapped[Exhibit] = relationship(lazy="raise_on_sql")

    def retire(self, at: datetime) -> None:
        """Say that the label is gone; the code still leads where its exhibit is."""
        self.retired_at = self.retired_at or at


class Scan(Base):
    """One opening of a code: what and when, to the hour; nothing about who."""

    __tablename__ = "scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"))
    exhibit_id: Mapped[int] = mapped_column(ForeignKey("exhibits.id"))
    language: Mapped[str] = mapped_column(String(35))
    hour: Mapped[Instant]
