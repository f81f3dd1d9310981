"""A forme of a paper: what one PDF is made from and held against, as plain data.

It is what goes to a process of its own, so it knows neither the database nor the languages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pypdfium2
import typst

from guide.printed import as_pdf
from guide.qr.proof import ALLOWED, PDFIUM, Spot, prove

NO_ROOM = "no room for "

TINTED = ALLOWED | {"0 0 0 0.101960786 k"}
"""What pages with a watermark are drawn with: black, and a tenth of it."""


class NoRoomError(Exception):
    """What a paper should say does not fit on it at a size that can be read."""


@dataclass(frozen=True)
class Forme:
    """The JSON that a sheet is told, and where on the last page its symbol must be found.

    It may be told in several ways, each with less white than the one before. `pictures` are
    the files that it shows, by the names that it is told.
    """

    sheet: Path
    told: Sequence[str]
    printed: date
    is_watermarked: bool
    spot: Spot | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    def made(self) -> bytes:
        """Set it as PDF/UA and prove it; the same always as the same bytes.

        Raises NoRoomError, and UnprovedSheetError for what must not be printed.
        """
        pdf, pages = self._with_fewest_pages()
        spots = [self.spot] if self.spot else []
        before: list[list[Spot]] = [[] for _ in range(pages - 1)]
        prove(pdf, [*before, spots], inks=self._inks())
        return pdf

    def _inks(self) -> frozenset[str]:
        """Say what may bring a colour: the one ink, its tint, and pictures by their place."""
        pictures = frozenset(f"/x{place} Do" for place in range(len(self.pictures)))
        return (TINTED if self.is_watermarked else ALLOWED) | pictures

    def _with_fewest_pages(self) -> tuple[bytes, int]:
        """Set it with all its white, or with less where that saves a page."""
        first, *closer = self.told
        best = self._set(first)
        for told in closer:
            if best[1] > 1 and (tried := self._set(told))[1] < best[1]:
                best = tried
        return best

    def _set(self, told: str) -> tuple[bytes, int]:
        try:
            pdf = as_pdf(self.sheet, told, self.printed, self.pictures)
        except typst.TypstError as failed:
            if NO_ROOM in failed.message:
                raise NoRoomError(failed.message.partition(NO_ROOM)[2]) from None
            raise
        return pdf, _pages_of(pdf)


def _pages_of(pdf: bytes) -> int:
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()
