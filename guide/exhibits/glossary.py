"""The words that texts use and visitors may not know, and the vocabularies of curators.

Which schools, techniques or materials there are is nowhere in the program: curators write the
lists, each word with who says so (`curation.md`, row Vocabulary).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from guide.db import Base, Instant
from guide.exhibits.model import ListOf
from guide.exhibits.words import Passage, Words, first_in


class Entry(Base):
    """What a word and a vocabulary have: a slug, names, a source, a way into the bin.

    A number is never given twice, so that revisions belong to one thing for ever.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    names: Mapped[Words] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[Instant | None]

    def name_in(self, chain: Sequence[str]) -> Passage:
        """Return the name along a chain of languages, the slug if it has none."""
        return first_in(self.names, chain) or Passage(self.slug, "zxx")

    def remove(self, at: datetime) -> None:
        """Put it into the bin; twice keeps the first date."""
        self.removed_at = self.removed_at or at

    def put_back(self) -> None:
        """Take it out of the bin as it was."""
        self.removed_at = None


class Word(Entry):
    """A word and what it means; `unread` are the languages that no person has read."""

    __tablename__ = "glossary"
    __table_args__ = ({"sqlite_autoincrement": True},)

    meanings: Mapped[Words] = mapped_column(JSON)
    unread: Mapped[Sequence[str]] = mapped_column(JSON)


@dataclass(frozen=True)
class Term:
    """A word of a vocabulary, and who says that it belongs there."""

    slug: str
    names: Words
    source: str


class Vocabulary(Entry):
    """Words that curators choose from: schools of carpets, techniques, families."""

    __tablename__ = "vocabularies"
    __table_args__ = ({"sqlite_autoincrement": True},)

    terms: Mapped[tuple[Term, ...]] = mapped_column(ListOf(Term))


ENTRIES: Mapping[str, type[Entry]] = {"word": Word, "vocabulary": Vocabulary}
"""What each kind of sheet is kept as."""


def thing_called(db: Session, kind: str, slug: str, *, locked: bool = False) -> Entry | None:
    """Find a word or a vocabulary, in the bin or not; `locked` keeps other writers away."""
    query = select(ENTRIES[kind]).filter_by(slug=slug)
    return db.scalar(query.with_for_update() if locked else query)


def words(db: Session) -> list[Word]:
    """List the words that are not in the bin, by their slugs."""
    return list(db.scalars(select(Word).where(Word.removed_at.is_(None)).order_by(Word.slug)))


def vocabularies(db: Session) -> list[Vocabulary]:
    """List the vocabularies that are not in the bin, by their slugs."""
    query = select(Vocabulary).where(Vocabulary.removed_at.is_(None))
    return list(db.scalars(query.order_by(Vocabulary.slug)))
