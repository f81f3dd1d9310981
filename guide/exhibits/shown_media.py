"""The pictures and recordings that visitors see and hear of an exhibit, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    literal,
    null,
    or_,
    select,
    union_all,
)

from guide.exhibits.model import Exhibit
from guide.exhibits.pictures import ExhibitPicture, ExhibitRecording
from guide.exhibits.published import IS_PUBLISHED
from guide.exhibits.words import Words
from guide.media.model import MediaFile


@dataclass(frozen=True)
class ShownPicture:
    """A picture as its page shows it; `alt` is empty for one that is decorative."""

    hash: str
    kind: str
    width: int
    height: int
    widths: Sequence[int]
    alt: Words
    caption: Words
    credit: str
    licence: str


@dataclass(frozen=True)
class ShownRecording:
    """A recording as its page plays it; its length in seconds, its size in bytes."""

    hash: str
    name: str
    language: str
    transcript: str
    seconds: int
    bytes: int
    credit: str
    licence: str


@dataclass(frozen=True)
class ShownMedia:
    """What is shown of one exhibit, in its order."""

    pictures: tuple[ShownPicture, ...] = ()
    recordings: tuple[ShownRecording, ...] = ()


NO_MEDIA = ShownMedia()

HAS_MEDIA = or_(
    *(
        select(one.id).where(one.exhibit_id == Exhibit.id, one.shown_at.is_not(None)).exists()
        for one in (ExhibitPicture, ExhibitRecording)
    )
)
"""Whether there is anything to ask for: most exhibits have nothing, and are not asked."""


def shown_media(rows: Connection, exhibit: int) -> ShownMedia:
    """Read what is shown of an exhibit."""
    pictures, recordings = [], []
    for row in rows.execute(_SHOWN, {"exhibit": exhibit}):
        if row.language:
            recordings.append(
                ShownRecording(
                    hash=row.media_hash,
                    name=row.name,
                    language=row.language,
                    transcript=row.said,
                    seconds=row.seconds,
                    bytes=row.bytes,
                    credit=row.credit,
                    licence=row.licence,
                )
            )
            continue
        pictures.append(
            ShownPicture(
                hash=row.media_hash,
                kind=row.kind,
                width=row.width,
                height=row.height,
                widths=tuple(row.widths),
                alt={} if row.said else row.alt,
                caption=row.caption,
                credit=row.credit,
                licence=row.licence,
            )
        )
    return ShownMedia(tuple(pictures), tuple(recordings))


def is_shown(rows: Connection, hash_: str) -> bool:
    """Say whether visitors may have a file: something shown is made of it."""
    return rows.execute(_IS_SHOWN, {"hash": hash_}).first() is not None


def _of(one: type[ExhibitPicture | ExhibitRecording], *columns: Any) -> Any:  # noqa: ANN401 (a select of whatever columns)
    return (
        select(
            one.media_hash,
            one.credit,
            one.licence,
            MediaFile.name,
            MediaFile.width,
            MediaFile.height,
            MediaFile.widths,
            MediaFile.seconds,
            MediaFile.bytes,
            *columns,
        )
        .join(MediaFile, MediaFile.hash == one.media_hash)
        .where(one.exhibit_id == bindparam("exhibit"), one.shown_at.is_not(None))
    )


_SHOWN = union_all(
    _of(
        ExhibitPicture,
        ExhibitPicture.alt,
        ExhibitPicture.caption,
        ExhibitPicture.kind,
        ExhibitPicture.decorative.label("said"),
        literal("").label("language"),
        ExhibitPicture.position,
    ),
    _of(
        ExhibitRecording,
        null().label("alt"),
        null().label("caption"),
        literal("").label("kind"),
        ExhibitRecording.transcript.label("said"),
        ExhibitRecording.language,
        ExhibitRecording.id.label("position"),
    ),
).order_by("position")

_IS_SHOWN = union_all(
    *(
        select(one.media_hash)
        .join(Exhibit, Exhibit.id == one.exhibit_id)
        .where(one.media_hash == bindparam("hash"), one.shown_at.is_not(None), IS_PUBLISHED)
        for one in (ExhibitPicture, ExhibitRecording)
    )
).limit(1)
