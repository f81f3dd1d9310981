"""A forme: what one PDF of labels is made from and held against, as plain data.

It is what goes to a process of its own (`apart.py`), so it knows neither the database nor
the languages, which take a second to import.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst

from guide.printed import as_pdf, as_svg
from guide.qr.code import grouped
from guide.qr.proof import Proof, Spot, prove
from guide.qr.stocks import LabelsRefusedError

SHEET = Path(__file__).with_name("run.typ")
NO_ROOM = "no room for the titles of "


class TitleTooLongError(LabelsRefusedError):
    """An exhibit's names do not fit on a label at a size that can be read."""

    @property
    def code(self) -> str:
        """Whose label it is, as it is printed: AB12-N."""
        return str(self).partition(":")[0]

    def is_of(self, code: str) -> bool:
        """Say whether it is the label of a canonical code."""
        return grouped(code) == self.code


@dataclass(frozen=True)
class Made:
    """A PDF, and that it was proved."""

    pdf: bytes
    proof: Proof


@dataclass(frozen=True)
class Forme:
    """The JSON that run.typ is told, and where the symbols of each page have to be found."""

    told: str
    stock: str
    printed: date
    spots: Sequence[Sequence[Spot]]

    def typeset(self) -> bytes:
        """Set it as PDF/UA, the same always as the same bytes.

        Raises TitleTooLongError for names that no size makes fit.
        """
        with self._room_for_titles():
            return as_pdf(SHEET, self.told, self.printed)

    def drawn(self) -> bytes:
        """Draw its first page as SVG, to look at: what `typeset` would print, set alike.

        Raises TitleTooLongError as that does.
        """
        with self._room_for_titles():
            return as_svg(SHEET, self.told)

    def made(self, turned: Callable[[], object] = lambda: None) -> Made:
        """Set and prove it; `turned` is called after each page that was proved."""
        pdf = self.typeset()
        return Made(pdf, prove(pdf, self.spots, turned))

    @contextmanager
    def _room_for_titles(self) -> Iterator[None]:
        """Say whose names do not fit, when run.typ gives up on them."""
        try:
            yield
        except typst.TypstError as failed:
            code = failed.message.partition(NO_ROOM)[2][: len("AB12-N")]
            if code:
                raise TitleTooLongError(
                    f"{code}: the names are too long for a label of {self.stock}; "
                    f"ask for fewer languages or a larger stock"
                ) from None
            raise
