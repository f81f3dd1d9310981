"""Files kept in a bucket that speaks S3, for guides on several machines (extra `s3`)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import from_url

from guide.media.store import PIECE

SETTLED = "complete"
"""An empty object that is put last: a folder without it was never acknowledged."""

DEPTH = 3
"""Parts of the name of an object: `ab/abcd…/480.avif`."""


class BucketStore:
    """Keeps them below `s3://bucket/prefix`; keys and region come from the AWS variables."""

    def __init__(self, address: str) -> None:
        self._bucket = from_url(address)

    def put(self, hash_: str, made: Path) -> None:
        """Put the files, then the mark that all are there."""
        for file in sorted(made.iterdir()):
            obstore.put(self._bucket, _key(hash_, file.name), file)
        obstore.put(self._bucket, _key(hash_, SETTLED), b"")

    def size(self, hash_: str, name: str) -> int | None:
        """Ask the bucket."""
        try:
            return int(obstore.head(self._bucket, _key(hash_, name))["size"])
        except (NotFoundError, FileNotFoundError):
            return None

    def read(self, hash_: str, name: str, start: int, length: int) -> Iterator[bytes]:
        """Read a part at a time, so that a recording is never whole in memory."""
        for place in range(start, start + length, 4 * PIECE):
            end = min(place + 4 * PIECE, start + length)
            yield bytes(
                obstore.get_range(self._bucket, _key(hash_, name), start=place, end=end)
            )

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """List the objects; a hash is as old as what was put there last.

        What lies deeper is of another store.
        """
        found: dict[str, datetime] = {}
        for batch in obstore.list(self._bucket):
            for one in batch:
                path = PurePosixPath(one["path"])
                if len(path.parts) != DEPTH:
                    continue
                hash_ = path.parent.name
                put = one["last_modified"]
                found[hash_] = max(found.get(hash_, put), put)
        yield from sorted(found.items())

    def remove(self, hash_: str) -> None:
        """Remove the mark first."""
        names = [
            one["path"]
            for batch in obstore.list(self._bucket, prefix=f"{hash_[:2]}/{hash_}/")
            for one in batch
        ]
        for path in sorted(names, key=lambda path: not path.endswith(SETTLED)):
            obstore.delete(self._bucket, path)


def _key(hash_: str, name: str) -> str:
    return f"{hash_[:2]}/{hash_}/{name}"
