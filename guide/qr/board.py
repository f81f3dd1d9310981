"""The board: where each code leads, kept in memory for one edition."""

from guide.db import Database
from guide.qr.code import canonical
from guide.qr.model import UnknownCodeError
from guide.qr.queries import Destination, followed
from guide.web.edition import KeptForEdition, Watch

MOST_KEPT = 10_000
"""More codes than the Center will print; what people guess is never kept."""


class Board:
    """Answers at once for codes that were followed before in this edition."""

    def __init__(self, database: Database, watch: Watch) -> None:
        self.database = database
        self._kept = KeptForEdition(watch, MOST_KEPT, self._read)

    def known(self, typed: str) -> Destination | None:
        """Return where a code leads if it is on the board; never waits."""
        name = canonical(typed)
        return self._kept.known(name) if name else None

    def look_up(self, typed: str) -> Destination:
        """Find where a code leads, and put it on the board; raises what `followed` raises."""
        found = None
        if name := canonical(typed):
            try:
                found = self._kept.get(name)
            except UnknownCodeError as unknown:
                unknown.typed = typed  # a person reads it as it was typed
                raise
        return found or self._read(typed)

    def _read(self, typed: str) -> Destination:
        with self.database.reading() as db:
            return followed(db, typed)
