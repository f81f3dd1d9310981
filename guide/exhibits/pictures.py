"""Pictures and recordings of an exhibit: what is said of them, and whether they are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import (
    Mapped,
    Session,
    declared_attr,
    joinedload,
    mapped_column,
    relationship,
)

from guide.db import Base, Instant
from guide.exhibits.counting import words
from guide.exhibits.model import SOURCE_LANGUAGE
from guide.exhibits.words import Words
from guide.media.model import MediaFile

WORDS_A_SECOND = 110 / 60
"""How fast a text is read aloud (`visitor.md`, 1.1: 110 to 170 words in a minute or more)."""

LEAST_TRANSCRIPT = 0.6
"""The part of the words to be expected that a transcript must have."""

MIDDLE = 0.5


class PictureKind(StrEnum):
    """What a picture is; only a photograph shows the thing itself."""

    PHOTO = "photo"
    ILLUSTRATION = "illustration"
    DIAGRAM = "diagram"


@dataclass(frozen=True)
class Lack:
    """What is missing before visitors may see or hear it: a word, and the field to fill."""

    word: str
    field: str


class UnfinishedError(Exception):
    """It cannot be shown yet; `lacks` lists why."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(", ".join(lack.word for lack in lacks))
        self.lacks = tuple(lacks)


class OfAnExhibit(Base):
    """What pictures and recordings have alike; `version` counts what was saved of it."""

    __abstract__ = True

    @declared_attr.directive
    def __table_args__(cls) -> tuple[UniqueConstraint, ...]:  # noqa: N805 (a class is asked)
        """Let a file stand once in an exhibit."""
        return (UniqueConstraint("exhibit_id", "media_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibit_id: Mapped[int] = mapped_column(ForeignKey("exhibits.id"))
    media_hash: Mapped[str] = mapped_column(ForeignKey("media_files.hash"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    credit: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    added_at: Mapped[Instant]
    shown_at: Mapped[Instant | None]
    removed_at: Mapped[Instant | None]

    @property
    def lacking_rights(self) -> tuple[Lack, ...]:
        """List what is missing of whose it is, and how it may be used."""
        rights = (("credit", self.credit), ("licence", self.licence))
        return tuple(Lack(name, name) for name, said in rights if not said)

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """List what is missing before it may be shown."""
        return self.lacking_rights

    def show(self, at: datetime) -> None:
        """Show it to visitors; twice keeps the first date. Raises UnfinishedError."""
        if self.lacks:
            raise UnfinishedError(self.lacks)
        self.shown_at = self.shown_at or at

    def take_off(self) -> None:
        """Show it to visitors no more."""
        self.shown_at = None

    def remove(self, at: datetime) -> None:
        """Put it into the bin, from where it can come back; visitors see it no more."""
        self.take_off()
        self.removed_at = self.removed_at or at
        self.changed()

    def bring_back(self) -> None:
        """Take it out of the bin; it is not shown until somebody shows it."""
        self.removed_at = None
        self.changed()

    def changed(self) -> None:
        """Count a change, so that who typed over an older one is told."""
        self.version += 1


class ExhibitPicture(OfAnExhibit):
    """A picture; the point that matters is told in parts of its width and height."""

    __tablename__ = "exhibit_pictures"

    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16), default=PictureKind.PHOTO)
    focus_x: Mapped[float] = mapped_column(default=MIDDLE)
    focus_y: Mapped[float] = mapped_column(default=MIDDLE)
    alt: Mapped[Words] = mapped_column(JSON, default=dict)
    decorative: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[Words] = mapped_column(JSON, default=dict)

    file: Mapped[MediaFile] = relationship(lazy="raise_on_sql")

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """List what is missing: words for who does not see it, rights, what it is."""
        return (*self.lacks_in(SOURCE_LANGUAGE), *self.lacking_rights)

    def lacks_in(self, language: str) -> tuple[Lack, ...]:
        """List the words that it lacks in one language."""
        found = []
        if not self.decorative and not self.alt.get(language):
            found.append(Lack("alt", f"alt-{language}"))
        if self.kind != PictureKind.PHOTO and not self.caption.get(language):
            found.append(Lack("caption", f"caption-{language}"))
        return tuple(found)


class ExhibitRecording(OfAnExhibit):
    """A recording in one language."""

    __tablename__ = "exhibit_recordings"

    language: Mapped[str] = mapped_column(String(35))
    transcript: Mapped[str] = mapped_column(Text, default="")

    file: Mapped[MediaFile] = relationship(lazy="raise_on_sql")

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """List what is missing: its words to read, rights."""
        written = words(self.transcript, self.language)
        if written >= LEAST_TRANSCRIPT * expected_words(self.file.seconds):
            return self.lacking_rights
        word = "short-transcript" if self.transcript else "transcript"
        return (Lack(word, "transcript"), *self.lacking_rights)


def expected_words(seconds: int) -> float:
    """Return how many words are to be expected in so many seconds."""
    return max(1, seconds * WORDS_A_SECOND)


def pictures_of(db: Session, exhibit_id: int) -> list[ExhibitPicture]:
    """List the pictures of an exhibit in their order, those too that lie in the bin."""
    query = select(ExhibitPicture).where(ExhibitPicture.exhibit_id == exhibit_id)
    query = query.options(joinedload(ExhibitPicture.file))
    return list(db.scalars(query.order_by(ExhibitPicture.position, ExhibitPicture.id)))


def recordings_of(db: Session, exhibit_id: int) -> list[ExhibitRecording]:
    """List the recordings of an exhibit, those too that lie in the bin."""
    query = select(ExhibitRecording).where(ExhibitRecording.exhibit_id == exhibit_id)
    query = query.options(joinedload(ExhibitRecording.file))
    return list(db.scalars(query.order_by(ExhibitRecording.language, ExhibitRecording.id)))


def show_alone(
    recording: ExhibitRecording, all_: Iterable[ExhibitRecording], at: datetime
) -> None:
    """Show a recording in the place of the one that is heard in its language."""
    recording.show(at)
    for other in all_:
        if other is not recording and other.language == recording.language:
            other.take_off()


def put_at(picture: ExhibitPicture, steps: int, all_: Sequence[ExhibitPicture]) -> None:
    """Move a picture so many places in the order; those in the bin have none."""
    order = [one for one in all_ if one.removed_at is None]
    place = order.index(picture)
    order.insert(max(0, min(len(order) - 1, place + steps)), order.pop(place))
    for position, one in enumerate(order, 1):
        if one.position != position:
            one.position = position
