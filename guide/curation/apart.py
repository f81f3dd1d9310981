"""The process in which files are opened and written, with little memory."""

import json
import resource
import sys

from guide.curation.contents import NotOfferedError, UnreadableError
from guide.curation.tables import read
from guide.curation.workbooks import as_xlsx

MEMORY = 512 * 1024 * 1024


def main(arguments: list[str]) -> None:
    """Read a file from the standard input and say what it holds, or why not; or write one."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    raw = sys.stdin.buffer.read()
    if arguments[0] == "write":
        sys.stdout.buffer.write(as_xlsx(json.loads(raw)))
        return
    try:
        told = read(arguments[1], raw).told()
    except UnreadableError as bad:
        is_not_offered = isinstance(bad, NotOfferedError)
        told = {"refused": bad.word, "found": bad.found, "row": bad.row}
        told |= {"is_not_offered": is_not_offered}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
