"""What curators do with pictures and recordings, each written in the trail as it is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.exhibits.model import Exhibit
from guide.exhibits.pictures import (
    ExhibitPicture,
    ExhibitRecording,
    OfAnExhibit,
    UnfinishedError,
    put_at,
    show_alone,
)
from guide.media.cabinet import Kept

One = TypeVar("One", ExhibitPicture, ExhibitRecording)

SHORT_NAME = 12
"""Digits of its hash that a file which was sent is called by, here and in exports."""


def add_picture(
    db: Session, exhibit: Exhibit, kept: Kept, *, by: Account, at: datetime
) -> tuple[ExhibitPicture, bool]:
    """Add a picture after the others; say whether it was not there before."""
    found = _same(db, ExhibitPicture, exhibit, kept)
    if found is not None:
        if found.removed_at:
            bring_back(db, found, by=by, at=at)
        return found, False
    ours = ExhibitPicture.exhibit_id == exhibit.id
    last = db.scalar(select(func.max(ExhibitPicture.position)).where(ours))
    picture = ExhibitPicture(
        exhibit_id=exhibit.id,
        file=kept.row(db, at),
        name=kept.hash[:SHORT_NAME],
        position=(last or 0) + 1,
        added_at=at,
    )
    db.add(picture)
    _write_down(db, picture, "added", at, by)
    return picture, True


def add_recording(  # noqa: PLR0913 (a deed, and what it is done to)
    db: Session, exhibit: Exhibit, kept: Kept, language: str, *, by: Account, at: datetime
) -> tuple[ExhibitRecording, bool]:
    """Add a recording in a language; say whether it was not there before."""
    found = _same(db, ExhibitRecording, exhibit, kept)
    if found is not None:
        if found.removed_at:
            bring_back(db, found, by=by, at=at)
        return found, False
    recording = ExhibitRecording(
        exhibit_id=exhibit.id,
        file=kept.row(db, at),
        name=kept.hash[:SHORT_NAME],
        language=language,
        added_at=at,
    )
    db.add(recording)
    _write_down(db, recording, "added", at, by)
    return recording, True


def save(
    db: Session, one: OfAnExhibit, said: Mapping[str, Any], *, by: Account, at: datetime
) -> None:
    """Write what was said of it; what changes nothing is not written down.

    Raises UnfinishedError, and writes nothing, if visitors see it and it would lack something.
    """
    changed = [name for name, value in said.items() if getattr(one, name) != value]
    for name in changed:
        setattr(one, name, said[name])
    if one.shown_at is not None and (lacks := one.lacks):
        db.expire(one, changed)
        raise UnfinishedError(lacks)
    if changed:
        one.changed()
        _write_down(db, one, "saved", at, by, *changed)


def show_picture(db: Session, picture: ExhibitPicture, *, by: Account, at: datetime) -> None:
    """Show it to visitors; raises UnfinishedError."""
    if picture.shown_at is None:
        picture.show(at)
        _write_down(db, picture, "shown", at, by)


def let_hear(
    db: Session,
    recording: ExhibitRecording,
    all_: Sequence[ExhibitRecording],
    *,
    by: Account,
    at: datetime,
) -> None:
    """Let visitors hear it, in the place of another in its language; raises UnfinishedError."""
    if recording.shown_at is None:
        show_alone(recording, all_, at)
        _write_down(db, recording, "shown", at, by)


def take_off(db: Session, one: OfAnExhibit, *, by: Account, at: datetime) -> None:
    """Show it to visitors no more; twice changes nothing."""
    if one.shown_at is not None:
        one.take_off()
        _write_down(db, one, "taken-off", at, by)


def remove(db: Session, one: OfAnExhibit, *, by: Account, at: datetime) -> None:
    """Put it into the bin; twice changes nothing."""
    if one.removed_at is None:
        one.remove(at)
        _write_down(db, one, "removed", at, by)


def bring_back(db: Session, one: OfAnExhibit, *, by: Account, at: datetime) -> None:
    """Take it out of the bin; twice changes nothing."""
    if one.removed_at is not None:
        one.bring_back()
        _write_down(db, one, "brought-back", at, by)


def move(  # noqa: PLR0913 (a deed, and what it is done among)
    db: Session,
    picture: ExhibitPicture,
    steps: int,
    all_: Sequence[ExhibitPicture],
    *,
    by: Account,
    at: datetime,
) -> None:
    """Move it so many places in the order."""
    before = [one.position for one in all_]
    put_at(picture, steps, all_)
    if [one.position for one in all_] != before:
        _write_down(db, picture, "moved", at, by)


def _same(db: Session, kind: type[One], exhibit: Exhibit, kept: Kept) -> One | None:
    """Find the same file in the exhibit, also in its bin."""
    here = select(kind).where(kind.exhibit_id == exhibit.id, kind.media_hash == kept.hash)
    return db.scalar(here)


def _write_down(
    db: Session, one: OfAnExhibit, deed: str, at: datetime, by: Account, *fields: str
) -> None:
    db.flush()
    word = "picture" if isinstance(one, ExhibitPicture) else "recording"
    db.add(AuditEntry.of(by, f"{word}.{deed}", f"{word}:{one.id}", at, fields))
    db.flush()
