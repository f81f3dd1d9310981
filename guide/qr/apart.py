"""Making a forme in a process of its own (`guide/apart.py`)."""

from collections.abc import Callable

from guide.apart import EndedEarlyError, done_apart, followed_apart
from guide.qr.forme import Forme, Made
from guide.qr.proof import UnprovedSheetError
from guide.qr.stocks import LabelsRefusedError

REFUSALS = (LabelsRefusedError, UnprovedSheetError)
ENDED = "the process that makes labels has ended before they were proved"


def made_apart(forme: Forme, turned: Callable[[], object]) -> Made:
    """Set and prove a forme as `Forme.made` does, elsewhere; raise the same refusals."""
    try:
        return followed_apart(forme.made, REFUSALS, turned)
    except EndedEarlyError:
        raise UnprovedSheetError(ENDED) from None


def drawn_apart(forme: Forme) -> bytes:
    """Draw a forme as `Forme.drawn` does, elsewhere; raise the same refusals."""
    try:
        return done_apart(forme.drawn, REFUSALS)
    except EndedEarlyError:
        raise UnprovedSheetError(ENDED) from None
