"""The backup file: one plain tar of the database, the media and a manifest of both.

It is not compressed: pictures and recordings are already, and in a plain tar every member
can be read without the ones before it. The manifest stands last, so that a file that was
cut short has none.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    NonNegativeInt,
    StringConstraints,
    ValidationError,
)

from guide.durable import make_private, sync, sync_folder, working_folder
from guide.upkeep.refusal import UpkeepError

MANIFEST = "manifest.json"
MEDIA = "media"
PIECE = 1 << 20
MANIFEST_LIMIT = 64 << 20

Kind = Literal["sqlite", "postgresql"]
DATABASE_MEMBER: Mapping[Kind, str] = {
    "sqlite": "database.sqlite3",
    "postgresql": "database.dump",
}

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class BackupExistsError(UpkeepError):
    """A backup never replaces another one."""

    def __init__(self, to: Path) -> None:
        super().__init__(f"{to} is there already. Choose another name for the backup.")


class BackupNotWrittenError(UpkeepError):
    """The system did not let the backup be written; nothing of it is left."""

    def __init__(self, to: Path, refused: OSError) -> None:
        super().__init__(f"The backup {to} cannot be written: {refused.strerror or refused}.")


class BackupNotReadError(UpkeepError):
    """The system did not let the backup be read."""

    def __init__(self, backup: Path, refused: OSError) -> None:
        super().__init__(f"The backup {backup} cannot be read: {refused.strerror or refused}.")


class DamagedBackupError(UpkeepError):
    """The file is not a whole backup of a guide."""

    def __init__(self, backup: Path, why: str) -> None:
        super().__init__(f"{backup} is damaged or no backup of a guide: {why}.")


class NewerBackupError(UpkeepError):
    """The backup needs a newer guide than this one."""

    def __init__(self, backup: Path, what: str) -> None:
        super().__init__(
            f"{backup} was made by a newer version of the guide ({what} is not known here). "
            "Install that version, then restore."
        )


class Member(BaseModel):
    """One file of the backup; the size in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: NonNegativeInt
    sha256: Sha256


class Manifest(BaseModel):
    """What a backup says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    made_at: AwareDatetime
    schema_revision: str
    database: Kind
    rows: dict[str, NonNegativeInt]
    members: dict[str, Member] = {}

    @property
    def database_member(self) -> str:
        """The name of the member that holds the database."""
        return DATABASE_MEMBER[self.database]

    @property
    def media(self) -> list[str]:
        """The names of the media members, each beginning with media/."""
        return [name for name in self.members if name != self.database_member]

    def with_members(self, members: Mapping[str, Member]) -> Self:
        """Return it as it stands once these members are written."""
        return self.model_copy(update={"members": dict(members)})


class Archive:
    """A backup opened for reading, its list of contents already checked."""

    def __init__(self, path: Path, tar: tarfile.TarFile) -> None:
        self.path = path
        self._tar = tar
        self._infos = dict(self._plain_files())
        self.manifest = self._read_manifest()
        self._compare()

    def extract(self, name: str, to: Path) -> None:
        """Write one member to a new private file; raise DamagedBackupError if it differs."""
        with make_private(to) as file:
            self._copy(name, file)
            sync(file)

    def verify(self) -> None:
        """Read every member and compare it with the manifest."""
        for name in self.manifest.members:
            self._copy(name, None)

    def _plain_files(self) -> Iterator[tuple[str, tarfile.TarInfo]]:
        seen = set[str]()
        try:
            for info in self._tar:
                if info.type != tarfile.REGTYPE or info.sparse or not _may_hold(info.name):
                    raise DamagedBackupError(self.path, f"it may not hold {info.name!r}")
                if info.name in seen:
                    raise DamagedBackupError(self.path, f"it holds {info.name!r} twice")
                seen.add(info.name)
                yield info.name, info
        except (tarfile.TarError, ValueError) as bad:
            raise DamagedBackupError(self.path, str(bad)) from None

    def _read_manifest(self) -> Manifest:
        info = self._infos.pop(MANIFEST, None)
        if info is None:
            raise DamagedBackupError(self.path, "it has no manifest, so it was cut short")
        if info.size > MANIFEST_LIMIT:
            raise DamagedBackupError(self.path, "its manifest is too long")
        told = self._open(info).read()
        if hashlib.sha256(told).hexdigest() != info.pax_headers.get("comment"):
            raise DamagedBackupError(self.path, "its manifest was changed")
        try:
            return Manifest.model_validate_json(told)
        except ValidationError as bad:
            if any(error["loc"] == ("format",) for error in bad.errors()):
                raise NewerBackupError(self.path, "its format") from None
            raise DamagedBackupError(self.path, "its manifest cannot be read") from None

    def _compare(self) -> None:
        if self.manifest.database_member not in self.manifest.members:
            raise DamagedBackupError(self.path, "it holds no database")
        sizes = {name: info.size for name, info in self._infos.items()}
        if sizes != {name: member.size for name, member in self.manifest.members.items()}:
            raise DamagedBackupError(self.path, "its contents are not those of its manifest")

    def _copy(self, name: str, to: IO[bytes] | None) -> None:
        member = _Hashed(self._open(self._infos[name]))
        try:
            while piece := member.read(PIECE):
                if to:
                    to.write(piece)
        except tarfile.TarError as bad:
            raise DamagedBackupError(self.path, str(bad)) from None
        if member.told() != self.manifest.members[name]:
            raise DamagedBackupError(self.path, f"{name} is not what was backed up")

    def _open(self, info: tarfile.TarInfo) -> IO[bytes]:
        file = self._tar.extractfile(info)
        if file is None:
            raise DamagedBackupError(self.path, f"{info.name} is no file")
        return file


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a backup; raise DamagedBackupError unless its contents are those it names."""
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115 (closed below)
    except tarfile.TarError as bad:
        raise DamagedBackupError(path, str(bad)) from None
    except OSError as refused:
        raise BackupNotReadError(path, refused) from None
    with tar:
        yield Archive(path, tar)


def write_archive(to: Path, about: Manifest, files: Iterable[tuple[str, Path]]) -> Manifest:
    """Write a backup, read it back, and only then give it its name, all or nothing."""
    if to.exists():
        raise BackupExistsError(to)
    try:
        with working_folder(to.parent) as folder:
            draft = folder / "backup.tar"
            manifest = _write(draft, about, files)
            with open_archive(draft) as archive:
                archive.verify()
            draft.rename(to)
            sync_folder(to.parent)
    except OSError as refused:
        raise BackupNotWrittenError(to, refused) from None
    return manifest


def _write(draft: Path, about: Manifest, files: Iterable[tuple[str, Path]]) -> Manifest:
    members = dict[str, Member]()
    with make_private(draft) as file, tarfile.open(fileobj=file, mode="w:") as tar:
        for name, path in files:
            with path.open("rb") as source:
                hashed = _Hashed(source)
                tar.addfile(_info(name, os.fstat(source.fileno()).st_size, about), hashed)
            members[name] = hashed.told()
        manifest = about.with_members(members)
        told = manifest.model_dump_json(indent=1).encode()
        info = _info(MANIFEST, len(told), about)
        info.pax_headers = {"comment": hashlib.sha256(told).hexdigest()}
        tar.addfile(info, io.BytesIO(told))
        tar.close()
        sync(file)
    return manifest


def _info(name: str, size: int, about: Manifest) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    info.mtime = int(about.made_at.timestamp())
    return info


def _may_hold(name: str) -> bool:
    if name in {MANIFEST, *DATABASE_MEMBER.values()}:
        return True
    first, *rest = name.split("/")
    return (
        first == MEDIA and bool(rest) and "\0" not in name and {"", ".", ".."}.isdisjoint(rest)
    )


class _Hashed:
    """A file that is being read, and the SHA-256 of what was read so far."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._sha256.update(piece)
        self._size += len(piece)
        return piece

    def told(self) -> Member:
        return Member(size=self._size, sha256=self._sha256.hexdigest())
