"""Proving a run: its PDF is read back, page by page, before anybody gets it.

PDFium draws each page at 300 dpi, zxing-cpp reads the symbols. PDFium is not safe in two
threads at once: whatever uses it holds `PDFIUM`.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from threading import RLock

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops
from pypdfium2 import raw

DPI = 300
POINT_MM = 25.4 / 72

NEAR_MM = 0.5
"""How far from its place a symbol may be found; the decoder sees whole pixels."""

ROUNDED_PX = 1
"""What the edge of a module may be off by, as a page is drawn in whole pixels."""

LONGEST_TEXT = 200
PDFIUM = RLock()

INK, PAPER = "0 0 0 1", "0 0 0 0"
ALLOWED = frozenset(
    {f"{INK} k", f"{INK} K", f"{PAPER} k", f"{PAPER} K", "0 g", "0 G", "1 g", "1 G"}
)
"""Black and white in the press's own ink, or in plain grey; nothing else may be printed."""

COLOURING = re.compile(rb"(?:rg|RG|[gGkK]|cs|CS|scn|SCN|sc|SC|sh|Do|BI)(?=[\s\[\]<>(){}/%]|\Z)")
"""The end of every operator that sets a colour or brings one along (ISO 32000-1, table 74)."""

OPERANDS = {b"rg": 3, b"RG": 3, b"k": 4, b"K": 4}
"""How many words before an operator say which colour; of the others the last one will do."""

LONGEST_OPERANDS = 80
BEFORE_OPERATORS = b" \t\r\n\f\0]>)}"
STRING = re.compile(rb"\((?:\\.|[^\\)])*\)|<[0-9a-fA-F\s]*>", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
CONTENTS = re.compile(rb"/Contents (\d+) 0 R")


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


@dataclass(frozen=True)
class ProvedPage:
    """What was read from a page: its codes, how far the furthest was off, the smallest type.

    `drawn` is the SHA-256 of all that it draws.
    """

    codes: tuple[str, ...]
    off_mm: float
    smallest_pt: float
    drawn: str


@dataclass(frozen=True)
class Proof:
    """That a PDF holds what was meant: each page as it was read, and the fonts in it."""

    pages: tuple[ProvedPage, ...]
    fonts: frozenset[str]
    sha256: str

    @property
    def codes(self) -> list[str]:
        """Every code in the order of the pages."""
        return [code for page in self.pages for code in page.codes]

    def slip(self) -> str:
        """Write the proof as JSON, to be filed with the printed sheets."""
        told = {**asdict(self), "fonts": sorted(self.fonts)}
        return json.dumps(told, indent=2) + "\n"


def prove(
    pdf: bytes,
    pages: Sequence[Sequence[Spot]],
    turned: Callable[[], object] = lambda: None,
    inks: frozenset[str] = ALLOWED,
) -> Proof:
    """Read each page at 300 dpi; raise UnprovedSheetError unless it holds just these symbols.

    A symbol has to be read with its payload at its place, once, with all its margin white.
    There is no ink but `inks`, every font is in the file, and no glyph is missing. One page
    is in memory at a time; `turned` is called after each.
    """
    drawn = _check_operators(pdf, len(pages), inks)
    fonts: set[str] = set()
    proved, paper = [], _Paper()
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if len(document) != len(pages):
                raise UnprovedSheetError(f"{len(document)} pages were made for {len(pages)}")
            for number, (page, spots) in enumerate(zip(document, pages, strict=True), 1):
                found, smallest = _written(number, page)
                fonts |= found
                bitmap = page.render(scale=DPI / 72, grayscale=True, bitmap_maker=paper.sheet)
                off = _Drawn(number, bitmap, _pixels_to_mm(page, bitmap)).compared(spots)
                codes = tuple(spot.payload.rpartition("/")[2] for spot in spots)
                proved.append(ProvedPage(codes, round(off, 3), smallest, drawn[number - 1]))
                page.close()
                turned()
        finally:
            document.close()
    return Proof(tuple(proved), frozenset(fonts), hashlib.sha256(pdf).hexdigest())


def joined_proof(pdf: bytes, proofs: Sequence[Proof]) -> Proof:
    """Prove a file that was joined from proved ones: each page draws what was proved."""
    pages = tuple(page for proof in proofs for page in proof.pages)
    drawn = [hashlib.sha256(content).hexdigest() for content in contents_of(pdf)]
    if drawn != [page.drawn for page in pages]:
        raise UnprovedSheetError("the joined file draws something else than its parts")
    fonts = frozenset[str]().union(*(proof.fonts for proof in proofs))
    return Proof(pages, fonts, hashlib.sha256(pdf).hexdigest())


class _Paper:
    """One bitmap for every page of a size: a page at 300 dpi is 8.7 MB, and PDFium wipes it."""

    def __init__(self) -> None:
        self._last: pypdfium2.PdfBitmap | None = None

    def sheet(self, width: int, height: int, **how: object) -> pypdfium2.PdfBitmap:
        last = self._last
        if last is None or (last.width, last.height) != (width, height):
            self._last = last = pypdfium2.PdfBitmap.new_native(width, height, **how)
        return last


def _pixels_to_mm(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap) -> tuple[float, float]:
    """Say how far a page was stretched: it is drawn on whole pixels, up to one too many."""
    across, down = page.get_width() * POINT_MM, page.get_height() * POINT_MM
    return bitmap.width / across, bitmap.height / down


@dataclass(frozen=True)
class _Drawn:
    """A page as it was drawn, with its pixels to a millimetre across and down."""

    number: int
    bitmap: pypdfium2.PdfBitmap
    mm: tuple[float, float]

    def compared(self, spots: Sequence[Spot]) -> float:
        """Return how far the furthest symbol is off its place, in mm."""
        read = symbols_in(self.bitmap)
        if sorted(one.text for one in read) != sorted(spot.payload for spot in spots):
            raise UnprovedSheetError(
                f"page {self.number}: {len(read)} symbols were read back where {len(spots)} "
                f"were meant, or other ones"
            )
        found = {one.text: self._centre(one.position) for one in read}
        furthest, image = 0.0, self.bitmap.to_pil()
        for spot in spots:
            off = max(abs(a - b) for a, b in zip(found[spot.payload], spot.centre, strict=True))
            if off > NEAR_MM:
                raise UnprovedSheetError(
                    f"page {self.number}: {spot.payload} is {off:.1f} mm off its place"
                )
            furthest = max(furthest, self._edges_off(image, spot))
        return furthest

    def _centre(self, position: zxingcpp.Position) -> tuple[float, float]:
        corners = (
            position.top_left,
            position.top_right,
            position.bottom_right,
            position.bottom_left,
        )
        x, y = sum(one.x for one in corners) / 4, sum(one.y for one in corners) / 4
        return x / self.mm[0], y / self.mm[1]

    def _edges_off(self, image: Image.Image, spot: Spot) -> float:
        """Find where the ink in a symbol's frame begins and ends; its margin must be white."""
        (across, down), wide = self.mm, spot.side + 2 * spot.quiet
        left, top = (spot.left - spot.quiet) * across, (spot.top - spot.quiet) * down
        frame = (round(left), round(top), round(left + wide * across), round(top + wide * down))
        ink = ImageChops.invert(image.crop(frame)).getbbox() or (0, 0, 0, 0)
        at_left, at_top = spot.left * across - frame[0], spot.top * down - frame[1]
        meant = (at_left, at_top, at_left + spot.side * across, at_top + spot.side * down)
        # Ink of half a pixel shows in a whole one, so that only what is outside counts.
        outside = max(
            meant[0] - ink[0], meant[1] - ink[1], ink[2] - meant[2], ink[3] - meant[3]
        )
        if outside > ROUNDED_PX + 0.5:
            raise UnprovedSheetError(
                f"page {self.number}: something stands in the margin of {spot.payload}"
            )
        return max(abs(a - b) for a, b in zip(ink, meant, strict=True)) / min(self.mm)


def symbols_in(drawn: pypdfium2.PdfBitmap) -> list[zxingcpp.Barcode]:
    """Read every symbol of a page that was drawn, not seen: it is upright, black on white."""
    pixels = memoryview(drawn.buffer).cast("B").cast("B", (drawn.height, drawn.width))
    return zxingcpp.read_barcodes(
        pixels,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        binarizer=zxingcpp.Binarizer.FixedThreshold,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )


def _written(number: int, page: pypdfium2.PdfPage) -> tuple[set[str], float]:
    """Return the fonts of what is written on a page, all in the file, and the smallest size."""
    fonts: dict[int, str] = {}
    smallest = float("inf")
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font = raw.FPDFTextObj_GetFont(one.raw)
        key = _address(font)
        if key not in fonts:
            fonts[key] = _name_of(font)
            if raw.FPDFFont_GetIsEmbedded(font) != 1:
                raise UnprovedSheetError(
                    f"page {number}: the font {fonts[key]} is not in the file"
                )
        size = raw.c_float()
        raw.FPDFTextObj_GetFontSize(one.raw, size)
        smallest = min(smallest, size.value)
    return set(fonts.values()), round(smallest, 2) if fonts else 0.0


def _address(font: object) -> int:
    return int(raw.ctypes.cast(font, raw.ctypes.c_void_p).value or 0)


def _name_of(font: object) -> str:
    said = raw.ctypes.create_string_buffer(LONGEST_TEXT)
    raw.FPDFFont_GetBaseFontName(font, said, LONGEST_TEXT)
    return str(said.value.decode(errors="replace"))


def _check_operators(pdf: bytes, pages: int, inks: frozenset[str]) -> list[str]:
    """Look into what each page draws, as PDFium tells neither inks nor missing glyphs.

    Returns the SHA-256 of what each page draws.
    """
    drawn = []
    for number, content in enumerate(contents_of(pdf), 1):
        if strange := _inks(content) - inks:
            raise UnprovedSheetError(
                f"page {number}: there is another ink than black: {', '.join(sorted(strange))}"
            )
        if any(_holds_no_glyph(one) for one in STRING.findall(content)):
            raise UnprovedSheetError(f"page {number}: a character has no glyph")
        drawn.append(hashlib.sha256(content).hexdigest())
    if len(drawn) != pages:
        raise UnprovedSheetError(f"{len(drawn)} of {pages} pages could be looked into")
    return drawn


def _inks(content: bytes) -> set[str]:
    """Return all that brings a colour with its operands, as in `0 0 0 1 k` and `/x0 Do`."""
    bare = STRING.sub(b"()", content).replace(b"/", b" /")
    inks = set()
    for found in COLOURING.finditer(bare):
        at, operator = found.start(), found[0]
        if at == 0 or bare[at - 1] in BEFORE_OPERATORS:
            before = bare[max(0, at - LONGEST_OPERANDS) : at].split()
            operands = before[-OPERANDS.get(operator, 1) :]
            inks.add(b" ".join([*operands, operator]).decode(errors="replace"))
    return inks


def contents_of(pdf: bytes) -> Iterator[bytes]:
    """Yield the drawing operators of each page of a PDF that typst wrote."""
    for found in CONTENTS.findall(pdf):
        start = pdf.find(b"\n" + found + b" 0 obj")
        begin = pdf.find(b"stream", start) + len(b"stream")
        begin += 2 if pdf[begin : begin + 2] == b"\r\n" else 1
        try:
            yield zlib.decompressobj().decompress(pdf[begin:])
        except zlib.error:
            raise UnprovedSheetError("a page of the file cannot be read") from None


def _holds_no_glyph(string: bytes) -> bool:
    """Say whether a string of two-byte glyph numbers has the number 0."""
    if string.startswith(b"<"):
        plain = bytes.fromhex(string[1:-1].decode())
    else:
        plain = ESCAPED.sub(_unescaped, string[1:-1])
    return any(plain[n : n + 2] == b"\0\0" for n in range(0, len(plain), 2))


def _unescaped(found: re.Match[bytes]) -> bytes:
    one = found[1]
    if one[:1].isdigit():
        return bytes([int(one, 8) & 0xFF])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(one, one)
