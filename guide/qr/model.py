"""Codes that have been printed, the labels that carry them, and scans of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self, cast

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guide.db import Base, Instant
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.showing import Signpost
from guide.exhibits.words import Passage, first_in, normalised

DESIGN = 3
"""Printed on each label as v3; one more when labels come to say or look something else."""


class UnknownCodeError(Exception):
    """No exhibit answers to this code; `looks_mistyped` when its check character is wrong."""

    def __init__(self, typed: str, *, looks_mistyped: bool) -> None:
        super().__init__()
        self.typed = typed
        self.looks_mistyped = looks_mistyped


class WithdrawnError(Exception):
    """Something was taken out of the guide; `exhibition` is where it was, if that is there."""

    def __init__(self, exhibition: Signpost | None) -> None:
        super().__init__()
        self.exhibition = exhibition


class AliasRefusedError(Exception):
    """A code cannot become the alias of itself, nor of one that leads back to it."""


class Carrier(StrEnum):
    """What carries a code: something printed, or a tag for NFC with a code of its own."""

    PRINT = "print"
    NFC = "nfc"


class Verdict(StrEnum):
    """What was found at the wall."""

    RIGHT = "right"
    DAMAGED = "damaged"
    WRONG_PLACE = "wrong place"
    MISSING = "missing"


class Code(Base):
    """A printed code. It leads to an exhibit or, on a poster, to an exhibition.

    It is never deleted and never given to another: a trigger sees to it. A code whose
    exhibit was merged into another becomes the alias of a code of that one.
    """

    __tablename__ = "codes"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    exhibit_id: Mapped[int | None] = mapped_column(ForeignKey("exhibits.id"), index=True)
    exhibition_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitions.id"))
    alias_of: Mapped[str | None] = mapped_column(ForeignKey("codes.code"))
    minted_at: Mapped[Instant]
    retired_at: Mapped[Instant | None]

    exhibit: Mapped[Exhibit | None] = relationship(lazy="raise_on_sql")
    exhibition: Mapped[Exhibition | None] = relationship(lazy="raise_on_sql")
    label: Mapped["Label"] = relationship(lazy="raise_on_sql", back_populates="carried")

    @classmethod
    def minted(
        cls,
        code: str,
        thing: Exhibit | Exhibition,
        at: datetime,
        carrier: Carrier = Carrier.PRINT,
        place: str = "",
    ) -> Self:
        """Make a code that leads to a thing, together with the label that carries it."""
        made = cls(
            code=code, minted_at=at, label=Label(carrier=carrier, place=normalised(place))
        )
        if isinstance(thing, Exhibit):
            made.exhibit = thing
        else:
            made.exhibition = thing
        return made

    @property
    def thing(self) -> Exhibit | Exhibition:
        """What it leads to; the database sees to it that there is one."""
        return cast("Exhibit | Exhibition", self.exhibit or self.exhibition)

    @property
    def room(self) -> Exhibition:
        """The exhibition that it leads to or into."""
        thing = self.thing
        return thing.exhibition if isinstance(thing, Exhibit) else thing

    @property
    def is_in_use(self) -> bool:
        """Say whether its label should hang: not retired, merged, withdrawn or closed.

        What is in the bin is withdrawn, an exhibition too.
        """
        return not (
            self.retired_at
            or self.alias_of
            or self.room.closed_at
            or self.room.removed_at
            or (self.exhibit and self.exhibit.withdrawn_at)
        )

    def leads_to(self, thing: Exhibit | Exhibition) -> bool:
        """Say whether it was minted for this."""
        if isinstance(thing, Exhibit):
            return self.exhibit_id == thing.id
        return self.exhibition_id == thing.id

    def name_in(self, chain: Iterable[str]) -> Passage:
        """Return the name of what it leads to, along a chain of languages."""
        thing = self.thing
        return first_in(thing.names, chain) or Passage(thing.slug, "zxx")

    def retire(self, at: datetime) -> None:
        """Say that the label is gone; the code still leads where its exhibit is."""
        self.retired_at = self.retired_at or at


class Label(Base):
    """A thing that hangs in the house, or will, and carries one code.

    What happened to it is in rows that are only ever added: its prints and its checks. None
    of them raises the edition.
    """

    __tablename__ = "labels"

    code: Mapped[str] = mapped_column(ForeignKey("codes.code"), primary_key=True)
    carrier: Mapped[Carrier] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(Text)

    carried: Mapped[Code] = relationship(lazy="raise_on_sql", back_populates="label")

    def hang(self, place: str) -> None:
        """Say where it should hang."""
        self.place = normalised(place)


class Print(Base):
    """One print of a label, or one writing of a tag; by nobody: the command line."""

    __tablename__ = "prints"
    __table_args__ = (Index("ix_prints_code", "code", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("labels.code"))
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    stock: Mapped[str] = mapped_column(String(40))
    languages: Mapped[Sequence[str]] = mapped_column(JSON)
    design: Mapped[int]
    titles: Mapped[Sequence[str]] = mapped_column(JSON)


class Check(Base):
    """What somebody found of a label at the wall."""

    __tablename__ = "checks"
    __table_args__ = (Index("ix_checks_code", "code", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("labels.code"))
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    verdict: Mapped[Verdict] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)


class Scan(Base):
    """One opening of a code: what and when, to the hour; nothing about who.

    `visit` is the number of a delegation's address, when a phone of theirs opened it.
    """

    __tablename__ = "scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("codes.code"))
    exhibit_id: Mapped[int | None] = mapped_column(ForeignKey("exhibits.id"))
    exhibition_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitions.id"))
    language: Mapped[str] = mapped_column(String(35))
    hour: Mapped[Instant]
    visit: Mapped[int | None]
