"""Between the database and media/ of an exhibit's folder: sheets, and the files beside them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from guide.exhibits.folder import BrokenFolderError, Fault, Folder, beside
from guide.exhibits.model import Exhibit
from guide.exhibits.pictures import ExhibitPicture, ExhibitRecording
from guide.exhibits.sheets import Key, MediaSheet, PictureSheet, RecordingSheet, Sheet
from guide.media.cabinet import Cabinet, Kept
from guide.media.model import MediaFile
from guide.media.refusals import RefusedFileError
from guide.media.signatures import Kind

One = TypeVar("One", ExhibitPicture, ExhibitRecording)


def media_sheets_of(db: Session) -> Iterator[tuple[Key, Sheet]]:
    """Write pictures and recordings as sheets; what lies in the bin is not written."""
    for picture, slug in _rows(db, ExhibitPicture):
        yield ("picture", f"{slug}/{picture.name}", ""), _sheet_of(picture)
    for recording, slug in _rows(db, ExhibitRecording):
        yield ("recording", f"{slug}/{recording.name}", ""), _sheet_of(recording)


def _rows(db: Session, kind: type[One]) -> list[tuple[One, str]]:
    query = (
        select(kind, Exhibit.slug)
        .join(Exhibit, Exhibit.id == kind.exhibit_id)
        .where(kind.removed_at.is_(None))
        .order_by(kind.exhibit_id, kind.name)
        .options(joinedload(kind.file))
    )
    return [(row, slug) for row, slug in db.execute(query)]


def take_in_media(
    folder: Folder, cabinet: Cabinet
) -> tuple[dict[Key, MediaSheet], dict[str, Kept]]:
    """Keep the files of a folder; return its sheets with their hashes, and what was made.

    Masters that come back keep their bytes. Raises BrokenFolderError for files that are not
    what they should be.
    """
    sheets: dict[Key, MediaSheet] = {}
    made: dict[str, Kept] = {}
    faults: list[Fault] = []
    for key, sheet in folder.sheets.items():
        if not isinstance(sheet, MediaSheet):
            continue
        name = beside(folder.files[key][0], sheet.file)
        try:
            with folder.media[name].open("rb") as sent:
                kept = cabinet.take_in(Kind(sheet.kind), sent, as_it_is=True)
        except RefusedFileError as refused:
            faults.append(Fault(name, 1, f"a file that is «{refused.word}»", sheet.kind))
            continue
        stem = key[1].partition("/")[2]
        said = {"hash": kept.hash, "file": stem + PurePosixPath(kept.made.name).suffix}
        sheets[key] = sheet.model_copy(update=said)
        made[kept.hash] = kept
    if faults:
        raise BrokenFolderError(faults)
    return sheets, made


def media_faults(folder: Folder) -> Iterator[Fault]:
    """Yield what is said to be shown and lacks what visitors need."""
    for key, sheet in folder.sheets.items():
        if isinstance(sheet, MediaSheet) and sheet.shown:
            for word in _lacking(sheet):
                yield folder.fault(key, ("shown",), "something shown", f"its {word} first")


def _lacking(sheet: MediaSheet) -> list[str]:
    rights = {"credit": sheet.credit, "licence": sheet.licence}
    if isinstance(sheet, PictureSheet):
        said = {"decorative": sheet.decorative, "alt": sheet.alt, "caption": sheet.caption}
        return [lack.word for lack in ExhibitPicture(kind=sheet.what, **rights, **said).lacks]
    lacking = [lack.word for lack in ExhibitRecording(**rights).lacking_rights]
    is_written = isinstance(sheet, RecordingSheet) and sheet.transcript
    return lacking if is_written else ["transcript", *lacking]


def bring_in_media(
    db: Session, sheets: Mapping[Key, Sheet], made: Mapping[str, Kept], at: datetime
) -> None:
    """Write the pictures and recordings of sheets into the database."""
    for (_, slug, _), sheet in sheets.items():
        if not isinstance(sheet, MediaSheet):
            continue
        exhibit, _, name = slug.partition("/")
        owner = db.scalars(select(Exhibit.id).where(Exhibit.slug == exhibit)).one()
        file = made[sheet.hash].row(db, at)
        row: ExhibitPicture | ExhibitRecording
        if isinstance(sheet, PictureSheet):
            picture = row = _row(db, ExhibitPicture, owner, name, sheet.hash)
            picture.position, picture.kind = sheet.position, sheet.what
            picture.focus_x, picture.focus_y = sheet.focus
            picture.alt, picture.caption = sheet.alt, sheet.caption
            picture.decorative = sheet.decorative
        elif isinstance(sheet, RecordingSheet):
            recording = row = _row(db, ExhibitRecording, owner, name, sheet.hash)
            recording.language, recording.transcript = sheet.language, sheet.transcript
        else:
            continue
        row.name, row.media_hash, row.removed_at = name, file.hash, None
        row.added_at = row.added_at or at
        row.credit, row.licence, row.source = sheet.credit, sheet.licence, sheet.source
        row.shown_at = sheet.shown
        row.changed()
        db.add(row)
        db.flush()


def write_masters(
    db: Session, root: Path, paths: Mapping[Key, str], cabinet: Cabinet
) -> Iterator[str]:
    """Write the master of each sheet beside it; yield their names."""
    files = {file.hash: file for file in db.scalars(select(MediaFile))}
    for key, sheet in media_sheets_of(db):
        if isinstance(sheet, MediaSheet):
            name = beside(paths[key], sheet.file)
            with (root / name).open("xb") as file:
                file.writelines(cabinet.master(files[sheet.hash]))
            yield name


def _sheet_of(row: ExhibitPicture | ExhibitRecording) -> MediaSheet:
    said: dict[str, object] = {
        "file": row.name + row.file.ending,
        "hash": row.media_hash,
        "credit": row.credit,
        "licence": row.licence,
        "source": row.source,
        "shown": row.shown_at,
    }
    if isinstance(row, ExhibitRecording):
        said |= {"language": row.language, "transcript": row.transcript}
        return RecordingSheet.model_validate(said)
    said |= {
        "position": row.position,
        "what": row.kind,
        "focus": (row.focus_x, row.focus_y),
        "alt": row.alt,
        "caption": row.caption,
        "decorative": row.decorative,
    }
    return PictureSheet.model_validate(said)


def _row(db: Session, kind: type[One], owner: int, name: str, hash_: str) -> One:
    """Find the row of a file in an exhibit, else of a name in it, else make one."""
    here = select(kind).where(kind.exhibit_id == owner)
    found = db.scalar(here.where(kind.media_hash == hash_))
    found = found or db.scalar(here.where(kind.name == name))
    return found or kind(exhibit_id=owner, version=0)
