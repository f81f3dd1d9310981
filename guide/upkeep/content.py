"""The content in and out: exhibitions/ and the database hold the same sheets."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from guide.exhibits import exchange
from guide.exhibits.folder import (
    KINDS,
    BrokenFolderError,
    Fault,
    path_of,
    read_folder,
    write_folder,
)
from guide.exhibits.media_exchange import bring_in_media, take_in_media, write_masters
from guide.exhibits.sheets import Key, MediaSheet, Sheet
from guide.media.cabinet import Cabinet
from guide.qr import registry
from guide.upkeep.refusal import UpkeepError

SHOWN = 60
"""Characters of a value that a difference shows: a line's worth."""

ALL_KINDS = (*KINDS, registry.KIND)


class Side(StrEnum):
    """Who is right where the files and the database differ."""

    FILES = "files"
    DATABASE = "database"


@dataclass(frozen=True)
class Difference:
    """One place where the files and the database say different things."""

    where: str
    in_files: str
    in_database: str

    def __str__(self) -> str:
        return f"{self.where}: files say {self.in_files}, the database says {self.in_database}"


class FolderDiffersError(UpkeepError):
    """The database says something else than the files, and nobody said which is right."""

    def __init__(self, differences: list[Difference]) -> None:
        self.differences = differences
        told = "\n".join(str(difference) for difference in differences)
        super().__init__(
            f"{told}\nNothing was imported. Say --prefer files or --prefer database."
        )


class NotEmptyError(UpkeepError):
    """The folder to export to holds something already."""


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: sheets added, sheets changed, codes minted."""

    added: int
    changed: int
    minted: int

    @property
    def is_nothing(self) -> bool:
        """Say whether the database was already as the files are."""
        return not (self.added or self.changed or self.minted)


def import_folder(
    db: Session,
    root: Path,
    at: datetime,
    prefer: Side | None = None,
    cabinet: Cabinet | None = None,
) -> Imported:
    """Bring a folder's content into the database, in the transaction of this session.

    What is new is added. Where both have a sheet and they differ, `prefer` decides; without
    it FolderDiffersError lists the differences. A folder with any fault is refused whole
    (BrokenFolderError). Exhibits without a code get one. A dry run is an import that the
    caller rolls back; files that it has kept for nothing are swept away after a day.
    Pictures and recordings need a cabinet, and are looked at before the transaction begins.
    """
    folder, faults = read_folder(root, ALL_KINDS)
    if not faults:
        faults = [*exchange.faults_in(folder), *registry.faults_in(folder)]
    if folder.media and cabinet is None:
        faults = [Fault(min(folder.media), 1, "a picture or recording", "nowhere to keep it")]
    if faults:
        raise BrokenFolderError(faults)
    media, made = take_in_media(folder, cabinet) if cabinet else ({}, {})
    files = registry.expanded({**folder.sheets, **media})
    here = sheets_of(db)
    differing = {key for key in files.keys() & here.keys() if files[key] != here[key]}
    differences = [one for key in sorted(differing) for one in _differences(key, files, here)]
    if differences and prefer is None:
        raise FolderDiffersError(differences)
    wanted = files.keys() - here.keys()
    if prefer is Side.FILES:
        wanted |= differing
    sheets = {key: files[key] for key in wanted}
    told = {key: sheet for key, sheet in sheets.items() if not isinstance(sheet, MediaSheet)}
    exchange.bring_in(db, {key: sheet for key, sheet in told.items() if key[0] != "code"}, at)
    bring_in_media(db, sheets, made, at)
    registry.bring_in(db, told, at)
    minted = registry.mint_missing(db, at)
    added = files.keys() - here.keys()
    return Imported(len(added), len(wanted) - len(added), len(minted))


def export_folder(db: Session, root: Path, cabinet: Cabinet | None = None) -> int:
    """Write the database's content as a folder, whole or not at all; return how many files.

    Pictures and recordings come from the cabinet, as their masters.

    The folder must not exist, be empty, or hold an earlier export, which is replaced.
    """
    kinds = ALL_KINDS
    if root.exists() and not _is_replaceable(root):
        raise NotEmptyError(f"{root} holds files that are not an export of the guide")
    sheets = registry.gathered(sheets_of(db))
    root.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))
    try:
        fresh = beside / "fresh"
        fresh.mkdir()
        write_folder(fresh, sheets, kinds)
        masters = _write_masters(db, fresh, sheets, cabinet) if cabinet else 0
        if root.exists():
            root.rename(beside / "old")
        fresh.rename(root)
    finally:
        shutil.rmtree(beside)
    return len(sheets) + masters


def _write_masters(
    db: Session, root: Path, sheets: Mapping[Key, Sheet], cabinet: Cabinet
) -> int:
    patterns = {kind.name: kind.path for kind in ALL_KINDS}
    paths = {
        key: path_of(key, sheets, patterns[key[0]])
        for key, sheet in sheets.items()
        if isinstance(sheet, MediaSheet)
    }
    return len(list(write_masters(db, root, paths, cabinet)))


def sheets_of(db: Session) -> dict[Key, Sheet]:
    """Write all content of the database as sheets, a code each."""
    return exchange.sheets_of(db) | registry.sheets_of(db)


def _is_replaceable(root: Path) -> bool:
    folder, faults = read_folder(root, ALL_KINDS) if root.is_dir() else (None, [root])
    unknown = [fault for fault in faults if "no known kind" in str(fault)]
    return folder is not None and not unknown


def _differences(
    key: Key, files: Mapping[Key, Sheet], here: Mapping[Key, Sheet]
) -> Iterator[Difference]:
    in_files, in_database = dict(_flat(_fields(files[key]))), dict(_flat(_fields(here[key])))
    where = " ".join(part for part in key if part)
    for place in dict.fromkeys([*in_files, *in_database]):
        new, old = in_files.get(place), in_database.get(place)
        if new != old:
            start = _first_difference(str(new), str(old))
            yield Difference(f"{where}, {place}", _shown(new, start), _shown(old, start))


def _fields(sheet: Sheet) -> dict[str, Any]:
    """Return every field, those too that stand outside the TOML: a story, the folder."""
    outside = {
        name: getattr(sheet, name)
        for name, field in type(sheet).model_fields.items()
        if field.exclude
    }
    return sheet.model_dump() | outside


def _flat(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _flat(one, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value, 1):
            yield from _flat(one, f"{place} {number}")
    else:
        yield place, value


def _first_difference(one: str, other: str) -> int:
    """Return where to start showing two values so that a reader sees what differs."""
    pairs = zip(one, other, strict=False)
    common = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return 0 if common < SHOWN // 2 else common - SHOWN // 4


def _shown(value: object, start: int) -> str:
    if value is None:
        return "nothing"
    shown = " ".join(str(value)[start : start + SHOWN].split())
    before, after = "…" if start else "", "…" if len(str(value)) > start + SHOWN else ""
    return f"«{before}{shown}{after}»"
