"""The languages that the guide is offered in, and how one is found for a reader."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant
from guide.languages.negotiation import preferences, truncations

NOTHING_SUITS = "en"
"""What a phone gets whose languages are all missing here (`docs/adr/0004-languages.md`)."""


class Language(Base):
    """One language: its BCP 47 tag, its name in itself, and what a missing text falls to."""

    __tablename__ = "languages"

    tag: Mapped[str] = mapped_column(String(35), primary_key=True)
    position: Mapped[int]
    endonym: Mapped[str]
    direction: Mapped[str] = mapped_column(String(3))
    script: Mapped[str] = mapped_column(String(4))
    digits: Mapped[str] = mapped_column(String(8))
    fallback: Mapped[tuple[str, ...]] = mapped_column(JSON)
    also: Mapped[tuple[str, ...]] = mapped_column(JSON)
    switched_off_at: Mapped[Instant | None]

    @property
    def chain(self) -> tuple[str, ...]:
        """The tags to look for a text under, this language first."""
        return (self.tag, *self.fallback)

    def switch_off(self, at: datetime) -> None:
        """Offer it no more; its texts stay. Twice keeps the first date."""
        self.switched_off_at = self.switched_off_at or at

    def switch_on(self) -> None:
        """Offer it again."""
        self.switched_off_at = None


@dataclass(frozen=True)
class Offer:
    """The languages that are on, in their order, and the one for a reader who says nothing."""

    languages: tuple[Language, ...]
    default: str

    @classmethod
    def of(cls, languages: Sequence[Language], default: str) -> Self:
        """Keep what is switched on."""
        return cls(tuple(one for one in languages if one.switched_off_at is None), default)

    def __iter__(self) -> Iterator[Language]:
        """Go through the languages in their order."""
        return iter(self.languages)

    def named(self, tag: str | None) -> Language | None:
        """Find a language by its exact tag."""
        return next((one for one in self.languages if one.tag == tag), None)

    def spelt(self, tag: str) -> Language | None:
        """Find a language by its tag in any case."""
        return next(
            (one for one in self.languages if one.tag.casefold() == tag.casefold()), None
        )

    def meant_by(self, wanted: str) -> Language | None:
        """Find the language that a phone's tag means: `zh-TW` is zh-Hans, `uk` is nothing.

        A tag is shortened from its end (RFC 4647, 3.4) until it names a language or one of
        the tags that the language also answers to; never a neighbour's language by guess.
        """
        for shorter in truncations(wanted):
            for one in self.languages:
                if shorter in {one.tag.casefold(), *(tag.casefold() for tag in one.also)}:
                    return one
        return None

    def for_header(self, accept_language: str | None) -> Language:
        """Choose by Accept-Language: the best that suits, else English, else the default."""
        wanted = preferences(accept_language or "")
        if not wanted or wanted[0] == "*":
            return self._spoken(self.default)
        for tag in wanted:
            if tag != "*" and (found := self.meant_by(tag)):
                return found
        return self._spoken(NOTHING_SUITS)

    def _spoken(self, tag: str) -> Language:
        return self.named(tag) or self.named(self.default) or self.languages[0]
