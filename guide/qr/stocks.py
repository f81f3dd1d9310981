"""Stocks: the sheets and cards that labels are printed on, in mm."""

from dataclasses import dataclass
from enum import StrEnum

from guide.qr.symbols import QUIET, Symbol

A4 = (210.0, 297.0)
A4_ACROSS = (297.0, 210.0)
A3 = (297.0, 420.0)

DOT_MM = 25.4 / 600
"""A printer's dot; modules of whole dots come out equally wide."""

WHITE_IN_INSET = 0.9
"""How far a symbol's white margin may stand in the inset, off the crop marks, where the
languages below it need the room."""

GUTTER_MM = 0.5
"""Between a symbol's quiet zone and the words, which must not touch it."""

READY_CUT_INSET = 3.0
CARD_INSET = 8.0
"""Nothing is printed nearer to an edge: ready-cut sheets are fed a little askew, cards are
cut by hand, and office printers leave some mm of the paper white."""

FRAME_PX, FIELD, PX_PER_MODULE = 720, 0.924, 2.45
"""A weak phone: its frame, how wide a field it sees from a distance of 1, and the camera
pixels that a module needs (measured on a simulated camera, `docs/labels.md`)."""


class LabelsRefusedError(Exception):
    """Labels cannot be made as they were asked for; the message says why."""


class Layout(StrEnum):
    """Where the words stand: beside the symbol, or above and below it."""

    CODE_BESIDE = "code beside"
    BESIDE = "beside"
    STACKED = "stacked"


@dataclass(frozen=True)
class Stock:
    """Labels or cards of one size on a page, in mm.

    They stand in its middle, unless `margin` says how far from its left and its top.
    `symbol` is the width wanted of a symbol with its quiet zone. `scale` is of all type: 1
    has titles of 14 pt and the rest at 10.
    """

    name: str
    width: float
    height: float
    columns: int
    rows: int
    symbol: float
    gap: float = 0.0
    row_gap: float = 0.0
    margin: tuple[float, float] | None = None
    page: tuple[float, float] = A4
    layout: Layout = Layout.BESIDE
    scale: float = 1.0
    inset: float = READY_CUT_INSET
    has_band: bool = False

    @property
    def count(self) -> int:
        """How many labels a page has."""
        return self.columns * self.rows

    @property
    def has_endonyms(self) -> bool:
        """Say whether the languages of the guide are named on it: on L7165 and larger."""
        if self.layout is Layout.CODE_BESIDE or self.width * self.height < L7165_AREA:
            return False
        below_symbol = self.height - 2 * self.inset - self.widest_symbol
        return self.layout is Layout.STACKED or below_symbol >= ENDONYMS_ROOM * self.scale

    @property
    def most_languages(self) -> int:
        """How many languages of titles it holds at a readable size."""
        return 3 if self.has_endonyms else 2

    def corner(self, position: int) -> tuple[float, float]:
        """Return the left and top of a label; positions count from 0 along the rows."""
        row, column = divmod(position, self.columns)
        left, top = self.margin or (
            (self.page[0] - _across(self.columns, self.width, self.gap)) / 2,
            (self.page[1] - _across(self.rows, self.height, self.row_gap)) / 2,
        )
        return left + column * (self.width + self.gap), top + row * (self.height + self.row_gap)

    def module(self, symbol: Symbol) -> float:
        """Return the width of a module, the nearest of whole printer dots."""
        return self.snapped(symbol.version) / (len(symbol.modules) + 2 * QUIET)

    @property
    def widest_symbol(self) -> float:
        """The width of the widest symbol of a final address, with its quiet zone."""
        return max(self.snapped(version) for version in FINAL_VERSIONS)

    def snapped(self, version: int) -> float:
        """Return the width of a symbol with its quiet zone, of modules of whole dots."""
        modules = 17 + 4 * version + 2 * QUIET
        return round(self.symbol / modules / DOT_MM) * DOT_MM * modules

    def reach(self, symbol: Symbol) -> float:
        """Return from how far a weak phone reads a symbol, in mm."""
        return self.module(symbol) * FRAME_PX / (FIELD * PX_PER_MODULE)


FINAL_VERSIONS = (2, 3)
ENDONYMS_ROOM = 4.0
"""Below a symbol with words beside it, at a scale of 1."""

L7165_AREA = 99.1 * 67.7

STOCKS = {
    stock.name: stock
    for stock in (
        Stock(
            "L7160",
            *(63.5, 38.1, 3, 7),
            symbol=32,
            gap=2.5,
            layout=Layout.CODE_BESIDE,
        ),
        Stock("L7163", 99.1, 38.1, 2, 7, symbol=32, gap=2.5),
        Stock("L7173", 99.1, 57.0, 2, 5, symbol=50, gap=2.5),
        Stock("L7165", 99.1, 67.7, 2, 4, symbol=54.5, gap=2.5),
        Stock(
            "A6",
            *(105, 148, 2, 2),
            symbol=70,
            layout=Layout.STACKED,
            scale=1.3,
            inset=CARD_INSET,
        ),
        Stock(
            "A5",
            *(148, 210, 2, 1),
            symbol=100,
            page=A4_ACROSS,
            layout=Layout.STACKED,
            scale=1.9,
            inset=CARD_INSET,
        ),
        Stock(
            "A3",
            *(297, 420, 1, 1),
            symbol=200,
            page=A3,
            layout=Layout.STACKED,
            scale=3.6,
            inset=2 * CARD_INSET,
            has_band=True,
        ),
    )
}
"""The usual ones. A6 is printed four to a sheet of A4, A5 two; both are cut by hand."""


def stock_named(name: str) -> Stock:
    """Find a stock by its name."""
    if name not in STOCKS:
        raise LabelsRefusedError(
            f"there is no stock {name}, but there is {', '.join(STOCKS)}, or a FILE.toml"
        )
    return STOCKS[name]


def _across(count: int, size: float, gap: float) -> float:
    return count * size + (count - 1) * gap
