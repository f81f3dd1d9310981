"""Reading an upload in a process of its own, with little memory and little time."""

import json
import resource
import subprocess
import sys

from guide.curation.tables import Contents, NotOfferedError, UnreadableError, read

COMMAND = [sys.executable, "-P", "-m", "guide.curation.reading"]
SECONDS = 20
MEMORY = 512 * 1024 * 1024


def read_apart(format_: str, raw: bytes, seconds: float = SECONDS) -> Contents:
    """Read a file as `tables.read` does, elsewhere; raise the same refusals.

    A file that needs more memory or time than a real one is refused as too large.
    """
    try:
        asked = subprocess.run(  # noqa: S603 (ourselves)
            [*COMMAND, format_], input=raw, capture_output=True, timeout=seconds, check=False
        )
        said = json.loads(asked.stdout) if asked.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        said = None
    if said is None:
        raise UnreadableError("too-large")
    if "refused" in said:
        kind = NotOfferedError if said["is_not_offered"] else UnreadableError
        raise kind(said["refused"], said["found"], said["row"])
    return Contents.of(said)


def main() -> None:
    """Read a file from the standard input; write what it holds, or why it cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        told = read(sys.argv[1], sys.stdin.buffer.read()).told()
    except UnreadableError as bad:
        is_not_offered = isinstance(bad, NotOfferedError)
        told = {"refused": bad.word, "found": bad.found, "row": bad.row}
        told |= {"is_not_offered": is_not_offered}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
