"""The files of the media folder, as a backup names them: media/ and the way to the file."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from guide.durable import WORKING, sync_folder
from guide.upkeep.archive import MEDIA, Archive


def media_folder(data_dir: Path) -> Path:
    """Return the folder itself, also where the data folder only points to it."""
    return (data_dir / MEDIA).resolve()


def stored_media(folder: Path) -> Iterator[tuple[str, Path]]:
    """List the files in a fixed order; half-done work and links are left out."""
    for top, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith(WORKING))
        for path in (Path(top, name) for name in sorted(names)):
            if path.is_file() and not path.is_symlink():
                yield f"{MEDIA}/{path.relative_to(folder).as_posix()}", path


def unpack_media(archive: Archive, to: Path) -> None:
    """Write the media of a backup into a working folder, each file compared on the way."""
    for name in archive.manifest.media:
        path = to / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive.extract(name, path)


def add_media(names: Iterable[str], unpacked: Path, folder: Path) -> None:
    """Move unpacked files to their place, where the present guide does not look for them."""
    changed = {folder}
    for name in names:
        path = folder / name.removeprefix(f"{MEDIA}/")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (unpacked / name).replace(path)
        changed |= {path.parent, path.parent.parent}
    for each in changed:
        sync_folder(each)


def remove_other_media(names: Iterable[str], folder: Path) -> None:
    """Remove the files that a restored database does not know."""
    kept = set(names)
    for name, path in list(stored_media(folder)):
        if name not in kept:
            path.unlink()


def without(names: Iterable[str], hashes: frozenset[str]) -> list[str]:
    """Leave out the files that are kept under some hashes."""
    return [name for name in names if hashes.isdisjoint(name.split("/"))]
