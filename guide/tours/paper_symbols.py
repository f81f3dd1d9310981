"""Where the symbols of a delegation's page stand on its papers, and how large they are."""

from typing import Any

from guide.qr.proof import Spot
from guide.qr.stocks import DOT_MM
from guide.qr.symbols import QUIET, Symbol

A4, A6 = (210.0, 297.0), (105.0, 148.0)
PROGRAMME_EDGE, CARD_EDGE = (20.0, 18.0), (8.0, 8.0)
"""What stays white at the left and right of a page, and at its foot, in mm."""

PROGRAMME_SYMBOL = 26.0
CARD_SYMBOL, CARD_FOOT = 70.0, 23.0
"""How wide symbols are with their margin, and how high the words below that of a card."""

LEAST_MODULE = 0.7
"""A module in mm that a weak phone reads from 22 cm (`docs/labels.md`)."""


def programme_spot(symbol: Symbol, *, is_mirrored: bool) -> Spot:
    """Stand the dark of a symbol at the foot, where lines begin: right, if it is mirrored."""
    wide = len(symbol.modules) + 2 * QUIET
    module = _snapped(max(PROGRAMME_SYMBOL / wide, LEAST_MODULE), up=True)
    side = len(symbol.modules) * module
    edge, foot = PROGRAMME_EDGE
    left = A4[0] - edge - side if is_mirrored else edge
    return Spot(symbol.payload, left, A4[1] - foot - side, side, QUIET * module)


def card_spot(symbol: Symbol) -> Spot:
    """Stand a symbol in the middle of a card, above the words at its foot."""
    wide = len(symbol.modules) + 2 * QUIET
    module = _snapped(CARD_SYMBOL / wide, up=False)
    side, quiet = len(symbol.modules) * module, QUIET * module
    top = A6[1] - CARD_EDGE[1] - CARD_FOOT - quiet - side
    return Spot(symbol.payload, (A6[0] - side) / 2, top, side, quiet)


def _snapped(module: float, *, up: bool) -> float:
    """Return a module of whole printer dots, in mm."""
    dots = module / DOT_MM
    return (-int(-dots // 1) if up else round(dots)) * DOT_MM


def told_of(symbol: Symbol | None, spot: Spot | None) -> dict[str, Any] | None:
    """Say what a sheet needs to draw a symbol."""
    if symbol is None or spot is None:
        return None
    return {
        "x": spot.left,
        "y": spot.top,
        "side": spot.side,
        "quiet": spot.quiet,
        "module": spot.side / len(symbol.modules),
        "runs": symbol.runs,
        "alt": f"QR: {symbol.payload}",
        "draft": bool(symbol.caption),
    }
