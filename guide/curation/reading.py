"""Reading an upload, and writing a workbook, in a process of its own within limits."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence

from guide.curation.contents import Contents, NotOfferedError, UnreadableError

COMMAND = [sys.executable, "-P", "-m", "guide.curation.apart"]
SECONDS = 20


def read_apart(format_: str, raw: bytes, seconds: float = SECONDS) -> Contents:
    """Read a file as `tables.read` does, elsewhere; raise the same refusals.

    A file that needs more memory or time than a real one is refused as too large.
    """
    try:
        told = _asked(["read", format_], raw, seconds)
        said = None if told is None else json.loads(told)
    except ValueError:
        said = None
    if said is None:
        raise UnreadableError("too-large")
    if "refused" in said:
        kind = NotOfferedError if said["is_not_offered"] else UnreadableError
        raise kind(said["refused"], said["found"], said["row"])
    return Contents.of(said)


def workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of words as a workbook."""
    made = _asked(["write"], json.dumps([list(row) for row in rows]).encode(), SECONDS)
    if made is None:
        raise RuntimeError("a workbook could not be written")
    return made


def _asked(words: Sequence[str], raw: bytes, seconds: float) -> bytes | None:
    try:
        asked = subprocess.run(  # noqa: S603 (ourselves)
            [*COMMAND, *words], input=raw, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return asked.stdout if asked.returncode == 0 else None
