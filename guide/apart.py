"""Doing a deed in a process of its own, whose memory goes with it.

What typst keeps of one page would else stay for the next, and PDFium wants to be alone.
"""

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar

COMMAND = [sys.executable, "-P", "-m", "guide.apart"]

Result = TypeVar("Result")
Refusals = tuple[type[Exception], ...]

_TURNED, _DONE, _REFUSED = "turned", "done", "refused"


class EndedEarlyError(Exception):
    """The other process has ended, and did not say what came of the deed."""


def done_apart(deed: Callable[[], Result], refusals: Refusals) -> Result:
    """Do a deed elsewhere; raise the same refusals, and EndedEarlyError for anything else.

    The deed is told by its name, and its result and what it is a method of by pickle; what
    else is raised there is written to the standard error.
    """
    return _asked(deed, refusals, None)


def followed_apart(
    deed: Callable[[Callable[[], object]], Result],
    refusals: Refusals,
    turned: Callable[[], object],
) -> Result:
    """Do a deed as `done_apart` does; `turned` is called here when the deed calls it there."""
    return _asked(deed, refusals, turned)


def _asked(
    deed: Callable[..., Result], refusals: Refusals, turned: Callable[[], object] | None
) -> Result:
    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe) as other:  # noqa: S603 (ourselves)
        to, told = other.stdin, other.stdout
        if to is None or told is None:
            raise EndedEarlyError
        try:
            with to:
                pickle.dump((deed, refusals, turned is not None), to)
            while (said := pickle.load(told))[0] == _TURNED:  # noqa: S301 (our own process)
                if turned:
                    turned()
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise EndedEarlyError from None
        finally:
            other.kill()  # it has said all, or nobody waits for it any more
    word, what = said
    if word == _REFUSED:
        raise what
    result: Result = what
    return result


def main() -> None:
    """Read a deed; write a sign for each turn, then what came of it, or why it was refused."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    def tell(word: str, what: object = None) -> None:
        pickle.dump((word, what), sys.stdout.buffer)
        sys.stdout.buffer.flush()

    deed, refusals, is_followed = pickle.load(sys.stdin.buffer)  # noqa: S301 (who started us)
    try:
        said = deed(lambda: tell(_TURNED)) if is_followed else deed()
    except refusals as refused:
        tell(_REFUSED, refused)
    else:
        tell(_DONE, said)


if __name__ == "__main__":
    main()
