"""Uploads between the steps of an import: files of a random name that nobody else can read."""

import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guide.curation.contents import Contents

KEPT = timedelta(days=1)
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """What somebody uploaded, as it was read; `mapping` says what each column means."""

    name: str
    at: datetime
    account: int
    contents: Contents
    mapping: tuple[str, ...] = ()


class Shelf:
    """A folder of uploads; what nobody imports is gone after a day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, upload: Upload) -> str:
        """Keep an upload; return the name that it is found by."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        name = secrets.token_hex(16)
        self._write(name, upload)
        return name

    def settle(self, name: str, upload: Upload, mapping: tuple[str, ...]) -> None:
        """Keep what the columns of an upload mean."""
        self._write(name, replace(upload, mapping=mapping))

    def get(self, name: str, now: datetime) -> Upload | None:
        """Find an upload that is not too old."""
        if not NAME.fullmatch(name):
            return None
        try:
            said = json.loads((self.folder / name).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        at = datetime.fromisoformat(said["at"])
        if now - at > KEPT:
            return None
        contents, mapping = Contents.of(said["contents"]), tuple(said["mapping"])
        return Upload(said["name"], at, said["account"], contents, mapping)

    def drop(self, name: str) -> None:
        """Forget an upload."""
        if NAME.fullmatch(name):
            (self.folder / name).unlink(missing_ok=True)

    def sweep(self, now: datetime) -> None:
        """Forget what is older than a day."""
        for file in self._files():
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            if now - written > KEPT:
                file.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        return self.folder.iterdir() if self.folder.is_dir() else iter(())

    def _write(self, name: str, upload: Upload) -> None:
        told = {
            "name": upload.name,
            "at": upload.at.isoformat(),
            "account": upload.account,
            "contents": upload.contents.told(),
            "mapping": upload.mapping,
        }
        beside = self.folder / f"{name}.{secrets.token_hex(4)}"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
        beside.replace(self.folder / name)
