"""Making a forme in a process of its own, whose memory goes with it.

What typst keeps of one part would else stay for the next, and PDFium wants to be alone.
"""

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable

from guide.qr.forme import Forme, Made
from guide.qr.proof import UnprovedSheetError
from guide.qr.stocks import LabelsRefusedError

PAGE_TURNED = "a page was proved"
COMMAND = [sys.executable, "-P", "-m", "guide.qr.apart"]


def made_apart(forme: Forme, turned: Callable[[], object]) -> Made:
    """Set and prove a forme as `Forme.made` does, elsewhere; raise the same refusals."""
    said = _asked(forme, "made", turned)
    if isinstance(said, Made):
        return said
    raise UnprovedSheetError("the process that makes labels has not said what it made")


def drawn_apart(forme: Forme) -> bytes:
    """Draw a forme as `Forme.drawn` does, elsewhere; raise the same refusals."""
    said = _asked(forme, "drawn", lambda: None)
    if isinstance(said, bytes):
        return said
    raise UnprovedSheetError("the process that makes labels has not said what it drew")


def _asked(forme: Forme, deed: str, turned: Callable[[], object]) -> object:
    """Have a deed done to a forme elsewhere; raise what was refused there."""
    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe) as other:  # noqa: S603 (ourselves)
        to, told = other.stdin, other.stdout
        if to is None or told is None:
            raise UnprovedSheetError("the process that makes labels cannot be talked to")
        try:
            with to:
                pickle.dump((deed, forme), to)
            while (said := pickle.load(told)) == PAGE_TURNED:  # noqa: S301 (our own process)
                turned()
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise UnprovedSheetError(
                "the process that makes labels has ended before they were proved"
            ) from None
        finally:
            other.kill()  # it has said all, or nobody waits for it any more
    if isinstance(said, (LabelsRefusedError, UnprovedSheetError)):
        raise said
    return said


def main() -> None:
    """Read a deed and a forme; write a sign for each page, then what came of it, or why not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    def tell(what: object) -> None:
        pickle.dump(what, sys.stdout.buffer)
        sys.stdout.buffer.flush()

    asked: tuple[str, Forme] = pickle.load(sys.stdin.buffer)  # noqa: S301 (whoever started us)
    deed, forme = asked
    try:
        if deed == "drawn":
            tell(forme.drawn())
        else:
            tell(forme.made(lambda: tell(PAGE_TURNED)))
    except (LabelsRefusedError, UnprovedSheetError) as refused:
        tell(refused)


if __name__ == "__main__":
    main()
