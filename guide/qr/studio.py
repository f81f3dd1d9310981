"""The studio: what it keeps while the guide runs, so that a preview comes at once."""

from collections import OrderedDict
from datetime import date
from functools import lru_cache
from threading import BoundedSemaphore, Lock

from guide.qr.apart import drawn_apart
from guide.qr.kept import KeptSymbols
from guide.qr.order import Press, stocks_in
from guide.qr.printshop import Printshop
from guide.qr.run import Run
from guide.qr.symbols import Symbol
from guide.qr.typesetting import forme_of
from guide.settings import Settings

MOST_DRAWN = 32
"""Sheets that are kept, of some 150 KB."""
AT_ONCE = 2
"""Processes that draw; each takes some 200 MB for half a second."""
MOST_DRAFTS = 2_000


class Drawings:
    """Sheets as run.typ draws them, by what it is told; the last ones are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self._turn = BoundedSemaphore(AT_ONCE)

    def of(self, run: Run) -> bytes:
        """Draw the first sheet of a run as SVG; raise TitleTooLongError for names too long."""
        forme = forme_of(run)
        with self._lock:
            if kept := self._kept.get(forme.told):
                self._kept.move_to_end(forme.told)
                return kept
        with self._turn:
            drawn = drawn_apart(forme)
        with self._lock:
            self._kept[forme.told] = drawn
            while len(self._kept) > MOST_DRAWN:
                self._kept.popitem(last=False)
        return drawn


class Studio:
    """The stocks, symbols and drawings at hand, and the shop that prints."""

    def __init__(self, settings: Settings) -> None:
        self.drawings = Drawings()
        self.printshop = Printshop(settings.data_dir / "runs")
        self._settings = settings
        self._symbols = KeptSymbols.read(settings.data_dir / "symbols.json")
        self._draft = lru_cache(MOST_DRAFTS)(Symbol.draft_of)

    def press(self, today: date) -> Press:
        """Say what there is to print with; the Center's own stocks are read each time."""
        stocks, faults = stocks_in(self._settings.data_dir / "stocks")
        return Press(
            stocks,
            faults,
            self._symbols.of,
            self._draft,
            self._settings.public_url,
            self._settings.serving_url,
            today,
        )
