"""The Center, its exhibitions and exhibits, and their texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, Dialect, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from guide.db import Base, Instant
from guide.exhibits.words import Passage, Words, fingerprint, first_in

SOURCE_LANGUAGE = "az"
"""The language that texts are first written in; the others are made from it."""


class Presence(StrEnum):
    """What sources say about an exhibit being shown; a page says it in words."""

    REPORTED = "reported"
    CONTEXT = "context"
    UNCONFIRMED = "unconfirmed"


class Status(StrEnum):
    """How far a text has come."""

    DRAFT = "draft"
    MACHINE = "machine"
    REVIEWED = "reviewed"


class Accent(StrEnum):
    """The colour of an exhibition, a token of the style sheet."""

    MADDER = "madder"
    INDIGO = "indigo"
    SAFFRON = "saffron"
    TEAL = "teal"


class Reason(StrEnum):
    """Why one exhibit points at another."""

    SAME_COLLECTION = "same-collection"
    SAME_TECHNIQUE = "same-technique"
    SAME_SCHOOL = "same-school"
    SAME_FAMILY = "same-family"
    PLAYED_TOGETHER = "played-together"
    SAME_PLACE = "same-place"
    SAME_MAKER = "same-maker"
    SAME_PERIOD = "same-period"
    COMPARE = "compare"


@dataclass(frozen=True)
class Fact:
    """A statement with its source; without one it does not publish."""

    label: Words
    value: Words
    source: str
    confidence: str

    @property
    def is_sourced(self) -> bool:
        """Say whether visitors may see it."""
        return bool(self.source)


@dataclass(frozen=True)
class Related:
    """A pointer to another exhibit, with the reason for it."""

    exhibit: str
    reason: str


class ListOf(TypeDecorator[tuple[Any, ...]]):
    """A column of JSON that holds a tuple of one kind of frozen dataclass."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: type[Any]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(
        self, value: Sequence[Any] | None, _dialect: Dialect
    ) -> list[dict[str, object]]:
        return [asdict(one) for one in value or ()]

    def process_result_value(
        self, value: list[dict[str, Any]] | None, _dialect: Dialect
    ) -> tuple[Any, ...]:
        return tuple(self.kind(**one) for one in value or ())


class WrittenText(Base):
    """What every text has: its language, how far it has come, and what it was made from."""

    __abstract__ = True

    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    hook: Mapped[str] = mapped_column(Text)
    look_for: Mapped[Sequence[str]] = mapped_column(JSON)
    story: Mapped[str] = mapped_column(Text)
    made_from: Mapped[Mapping[str, str]] = mapped_column(JSON)
    published_at: Mapped[Instant | None]

    def publish(self, at: datetime) -> None:
        """Show the text to visitors; publishing twice keeps the first date."""
        self.published_at = self.published_at or at

    def fingerprints(self) -> dict[str, str]:
        """Return the hash of each field, as `made_from` of a translation keeps it."""
        fields = {"hook": self.hook, "look_for": self.look_for, "story": self.story}
        return {name: fingerprint(field) for name, field in fields.items() if field}

    def out_of_date(self, source: "WrittenText") -> list[str]:
        """Name the fields whose source has moved on since this text was made from it."""
        now = source.fingerprints()
        return [name for name, made in self.made_from.items() if now.get(name) != made]


class CenterText(WrittenText):
    __tablename__ = "center_texts"

    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"), primary_key=True)


class ExhibitionText(WrittenText):
    __tablename__ = "exhibition_texts"

    exhibition_id: Mapped[int] = mapped_column(ForeignKey("exhibitions.id"), primary_key=True)


class ExhibitText(WrittenText):
    __tablename__ = "exhibit_texts"

    exhibit_id: Mapped[int] = mapped_column(ForeignKey("exhibits.id"), primary_key=True)


class Center(Base):
    """The house itself; there is one."""

    __tablename__ = "center"

    id: Mapped[int] = mapped_column(primary_key=True)
    names: Mapped[Words] = mapped_column(JSON)
    address: Mapped[Words] = mapped_column(JSON)
    facts: Mapped[tuple[Fact, ...]] = mapped_column(ListOf(Fact))

    texts: Mapped[list[CenterText]] = relationship(lazy="raise_on_sql")


class Exhibition(Base):
    __tablename__ = "exhibitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]
    accent: Mapped[str] = mapped_column(String(16))
    names: Mapped[Words] = mapped_column(JSON)
    names_note: Mapped[str] = mapped_column(Text)
    facts: Mapped[tuple[Fact, ...]] = mapped_column(ListOf(Fact))
    closed_at: Mapped[Instant | None]
    removed_at: Mapped[Instant | None]
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("halls.id"), index=True)

    texts: Mapped[list[ExhibitionText]] = relationship(lazy="raise_on_sql")
    exhibits: Mapped[list["Exhibit"]] = relationship(
        lazy="raise_on_sql", back_populates="exhibition", order_by="Exhibit.position"
    )

    def close(self, at: datetime) -> None:
        """Say that it is over; its pages stay and say so. Twice keeps the first date."""
        self.closed_at = self.closed_at or at

    def reopen(self) -> None:
        """Say that it goes on."""
        self.closed_at = None

    def remove(self, at: datetime) -> None:
        """Put it into the bin: no visitor sees it. Twice keeps the first date."""
        self.removed_at = self.removed_at or at

    def put_back(self) -> None:
        """Take it out of the bin as it was."""
        self.removed_at = None


class Exhibit(Base):
    __tablename__ = "exhibits"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    exhibition_id: Mapped[int] = mapped_column(ForeignKey("exhibitions.id"), index=True)
    position: Mapped[int]
    category: Mapped[str]
    presence: Mapped[str] = mapped_column(String(16))
    presence_note: Mapped[Words] = mapped_column(JSON)
    minutes: Mapped[int]
    names: Mapped[Words] = mapped_column(JSON)
    names_note: Mapped[str] = mapped_column(Text)
    facts: Mapped[tuple[Fact, ...]] = mapped_column(ListOf(Fact))
    related: Mapped[tuple[Related, ...]] = mapped_column(ListOf(Related))
    illustration: Mapped[Mapping[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    off_display_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]
    removed_at: Mapped[Instant | None]
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("halls.id"), index=True)

    exhibition: Mapped[Exhibition] = relationship(
        lazy="raise_on_sql", back_populates="exhibits"
    )
    texts: Mapped[list[ExhibitText]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan"
    )

    def name_in(self, chain: Iterable[str]) -> Passage:
        """Return the name along a chain of languages, the slug if it has none."""
        return first_in(self.names, chain) or Passage(self.slug, "zxx")

    def withdraw(self, at: datetime) -> None:
        """Take it out of the guide for good: its codes answer that it is gone."""
        self.withdrawn_at = self.withdrawn_at or at

    def bring_back(self) -> None:
        """Put it into the guide again; its codes lead to it as before."""
        self.withdrawn_at = None
        self.removed_at = None

    def remove(self, at: datetime) -> None:
        """Put it into the bin, withdrawn: its codes say so. Twice keeps the first date."""
        if self.removed_at is None:
            self.removed_at = at
            self.withdraw(at)

    def put_back(self) -> None:
        """Take it out of the bin as it was: what was withdrawn before stays withdrawn."""
        if self.withdrawn_at == self.removed_at:
            self.bring_back()
        self.removed_at = None

    def put_on_display(self) -> None:
        """Say that it is to be seen again."""
        self.off_display_at = None

    def take_off_display(self, at: datetime) -> None:
        """Say that it is not to be seen now; its page stays."""
        self.off_display_at = self.off_display_at or at


@dataclass(frozen=True)
class Reading:
    """A text as one reader gets it, each field in the first language that has it."""

    hook: Passage | None
    look_for: tuple[Passage, ...]
    story: Passage | None
    statuses: Mapping[str, str]
    translated: frozenset[str]

    @property
    def languages(self) -> set[str]:
        """The languages that this reading is made of."""
        fields = (self.hook, self.story, *self.look_for)
        return {field.language for field in fields if field}


class Told(Protocol):
    """What reading needs of a text: a mapped one, or a row of its columns."""

    @property
    def language(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def hook(self) -> str: ...
    @property
    def look_for(self) -> Sequence[str]: ...
    @property
    def story(self) -> str: ...
    @property
    def made_from(self) -> Mapping[str, str]: ...


def read_along(texts: Iterable[Told], chain: Sequence[str]) -> Reading:
    """Read published texts along a chain of languages, field by field."""
    by_language = {text.language: text for text in texts}
    ordered = [by_language[tag] for tag in chain if tag in by_language]
    look_for = next((text for text in ordered if text.look_for), None)
    return Reading(
        hook=first_in({text.language: text.hook for text in ordered}, chain),
        look_for=tuple(Passage(line, look_for.language) for line in look_for.look_for)
        if look_for
        else (),
        story=first_in({text.language: text.story for text in ordered}, chain),
        statuses={text.language: text.status for text in ordered},
        translated=frozenset(text.language for text in ordered if text.made_from),
    )
