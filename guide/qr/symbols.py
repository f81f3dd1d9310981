"""Drawing a QR symbol, and proving with a second library that it can be read."""

import re
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Literal
from urllib.parse import urlsplit

import qrcode
import typst
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

PAYLOAD = re.compile(r"https://[a-z0-9.-]+/q/[0-9a-hjkmnp-tv-z]{5}")
LONGEST_PAYLOAD = 42
"""Bytes that version 3 holds at level M; a denser symbol asks for a closer phone."""

DELEGATION = re.compile(r"https://[a-z0-9.-]+/d/[A-Za-z0-9_-]{22}")
LONGEST_DELEGATION = 62
"""Bytes that version 4 holds at level M; such a symbol stands on cards held in the hand."""

DARK = re.compile(rb"\x01+")

QUIET = 4
"""Modules of white on all sides (ISO/IEC 18004)."""

MODULE_MM = 1.5
CAPTION_ROOM = 5


class UnfitAddressError(Exception):
    """The address cannot be printed as a code; the message says why."""


class UnreadableSymbolError(Exception):
    """The second library did not read the symbol as it was meant; it must not leave."""


@dataclass(frozen=True)
class Symbol:
    """A QR symbol: its payload, its modules (True is dark) and the words below it."""

    payload: str
    modules: tuple[tuple[bool, ...], ...]
    caption: str = ""

    @classmethod
    def of(cls, payload: str) -> "Symbol":
        """Make the symbol of a final address; raise UnfitAddressError for any other."""
        if not PAYLOAD.fullmatch(payload):
            raise UnfitAddressError(f"{payload} is not of the form https://host/q/code")
        return cls._no_longer_than(LONGEST_PAYLOAD, payload)

    @classmethod
    def of_delegation(cls, payload: str) -> "Symbol":
        """Make the symbol of a delegation's page; raise UnfitAddressError for any other."""
        if not DELEGATION.fullmatch(payload):
            # Not in the message: whoever has the token has the page.
            raise UnfitAddressError("the address is not of the form https://host/d/token")
        return cls._no_longer_than(LONGEST_DELEGATION, payload)

    @classmethod
    def draft_of(cls, payload: str) -> "Symbol":
        """Make a symbol that says on its face that it is a draft."""
        return cls(payload, _modules(payload), f"DRAFT {payload}")

    @classmethod
    def _no_longer_than(cls, most: int, payload: str) -> "Symbol":
        if len(payload.encode()) > most:
            where = urlsplit(payload).netloc
            raise UnfitAddressError(f"an address at {where} is longer than {most} bytes")
        return cls(payload, _modules(payload))

    @property
    def version(self) -> int:
        """The version of ISO/IEC 18004: 1 is 21 modules wide, each next one 4 wider."""
        return (len(self.modules) - 17) // 4

    @property
    def runs(self) -> list[tuple[int, int, int]]:
        """Merge each row's dark modules into runs: the first's column, the row, how many."""
        return [
            (run.start(), y, run.end() - run.start())
            for y, row in enumerate(self.modules)
            for run in DARK.finditer(bytes(row))
        ]

    def svg(self) -> str:
        """Draw the symbol as SVG, black on white with its quiet zone, 1.5 mm to a module."""
        wide = len(self.modules) + 2 * QUIET
        high = wide + (CAPTION_ROOM if self.caption else 0)
        runs = "".join(
            f"M{x + QUIET} {y + QUIET}h{long}v1h{-long}z" for x, y, long in self.runs
        )
        words = (
            f'<text x="{wide / 2}" y="{wide + 2}" font-family="sans-serif" font-size="1.5"'
            f' text-anchor="middle" textLength="{wide - 4}" lengthAdjust="spacingAndGlyphs">'
            f"{escape(self.caption)}</text>"
            if self.caption
            else ""
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"'
            f' width="{wide * MODULE_MM}mm" height="{high * MODULE_MM}mm">'
            f'<path fill="#fff" d="M0 0h{wide}v{high}H0z"/>'
            f'<path fill="#000" shape-rendering="crispEdges" d="{runs}"/>{words}</svg>\n'
        )

    def png(self) -> bytes:
        """Draw the symbol as PNG at 300 dpi."""
        return _rasterised(self.svg())

    def proved(self, form: Literal["svg", "png"]) -> bytes:
        """Return the drawing after zxing-cpp has read it; raise UnreadableSymbolError."""
        raster = self.png()
        read = zxingcpp.read_barcodes(Image.open(BytesIO(raster)).convert("L"))
        if [one.text for one in read] != [self.payload]:
            raise UnreadableSymbolError(f"the symbol of {self.payload} was not read back")
        return raster if form == "png" else self.svg().encode()


def in_terminal(payload: str) -> str:
    """Draw a symbol with block characters, light on dark terminals and dark on light ones."""
    modules = _framed(_modules(payload))
    blocks = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
    pairs = zip(modules[::2], [*modules[1::2], modules[0]], strict=False)
    return "\n".join(
        "".join(blocks[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in pairs
    )


def _modules(payload: str) -> tuple[tuple[bool, ...], ...]:
    drawn = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    drawn.add_data(payload, optimize=0)
    drawn.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in drawn.get_matrix())


def _framed(modules: tuple[tuple[bool, ...], ...]) -> list[tuple[bool, ...]]:
    margin = 2
    wide = len(modules) + 2 * margin
    side = (False,) * margin
    blank = [(False,) * wide] * margin
    return [*blank, *(side + row + side for row in modules), *blank]


def _rasterised(svg: str) -> bytes:
    page = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""
    drawn = typst.compile(page, format="png", ppi=300, sys_inputs={"svg": svg})
    if not isinstance(drawn, bytes):
        raise UnreadableSymbolError("the drawing has more than one page")
    return drawn
