"""Proving a sheet: every page of the PDF is drawn, and a second library reads its symbols."""

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image

DPI = 300
MM = DPI / 25.4
"""Pixels to a millimetre."""

NEAR_MM = 0.5
"""How far from its place a symbol may be found; the decoder sees whole pixels."""

ROUNDED_PX = 1
"""What the edge of a module may be off by, as a page is drawn in whole pixels."""

WHITE = 255


class UnprovedSheetError(Exception):
    """What was read from a page is not what should stand on it; it must not be printed."""


@dataclass(frozen=True)
class Spot:
    """Where on a page the dark part of a symbol stands, and how wide its margin is, in mm."""

    payload: str
    left: float
    top: float
    side: float
    quiet: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, in mm from the left and from the top."""
        return self.left + self.side / 2, self.top + self.side / 2


def prove(pdf: bytes, pages: Sequence[Sequence[Spot]]) -> None:
    """Read each page at 300 dpi; raise UnprovedSheetError unless it holds just these symbols.

    A symbol has to be read with its payload at its place, once, with all its margin white.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        if len(document) != len(pages):
            raise UnprovedSheetError(f"{len(document)} pages were made for {len(pages)}")
        for number, (page, spots) in enumerate(zip(document, pages, strict=True), 1):
            image = page.render(scale=DPI / 72, grayscale=True).to_pil()
            _compare(number, image, spots)
    finally:
        document.close()


def _compare(number: int, image: Image.Image, spots: Sequence[Spot]) -> None:
    read = zxingcpp.read_barcodes(image)
    if sorted(one.text for one in read) != sorted(spot.payload for spot in spots):
        raise UnprovedSheetError(
            f"page {number}: {len(read)} symbols were read back where {len(spots)} were meant"
        )
    found = {one.text: _centre(one.position) for one in read}
    for spot in spots:
        off = max(abs(a - b) for a, b in zip(found[spot.payload], spot.centre, strict=True))
        if off > NEAR_MM:
            raise UnprovedSheetError(
                f"page {number}: {spot.payload} is {off:.1f} mm off its place"
            )
        if not _is_framed_in_white(image, spot):
            raise UnprovedSheetError(
                f"page {number}: something stands in the margin of {spot.payload}"
            )


def _centre(position: zxingcpp.Position) -> tuple[float, float]:
    corners = (
        position.top_left,
        position.top_right,
        position.bottom_right,
        position.bottom_left,
    )
    return sum(one.x for one in corners) / 4 / MM, sum(one.y for one in corners) / 4 / MM


def _is_framed_in_white(image: Image.Image, spot: Spot) -> bool:
    """Look at the four strips between the dark part and the outer edge of the margin."""
    left, top = spot.left * MM, spot.top * MM
    right, bottom = left + spot.side * MM, top + spot.side * MM
    near, far = ROUNDED_PX, spot.quiet * MM - ROUNDED_PX
    strips = (
        (left - far, top - far, right + far, top - near),
        (left - far, bottom + near, right + far, bottom + far),
        (left - far, top - far, left - near, bottom + far),
        (right + near, top - far, right + far, bottom + far),
    )
    return all(_is_white(image, strip) for strip in strips)


def _is_white(image: Image.Image, strip: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = (round(one) for one in strip)
    darkest, _ = image.crop((left, top, right, bottom)).getextrema()
    return darkest == WHITE
