"""Labels: a code with its exhibit's names, set on ready-cut sheets for any printer."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby, product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typst
from sqlalchemy.orm import Session

from guide import fonts
from guide.exhibits.model import Exhibit
from guide.exhibits.words import Passage, Words, normalised
from guide.languages.catalogues import locale
from guide.languages.model import Language, Offer
from guide.qr.code import grouped
from guide.qr.proof import Spot, prove
from guide.qr.queries import codes_of
from guide.qr.symbols import QUIET, Symbol

DESIGN = 1
"""Printed on each label as v1; one more when labels come to say or look something else."""

INVITATION: Words = {
    "az": "Skan edin və ya yazın:",
    "en": "Scan or type at",
    "ru": "Сканируйте или введите:",
    "tr": "Tarayın ya da yazın:",
    "zh-Hans": "扫描或输入网址",
    "ar": "امسح أو اكتب:",
    "fr": "Scannez ou saisissez",
}
"""What stands above the readable address."""

PAGE_MM = (210.0, 297.0)
INSET_MM = 3.0
"""Nothing is printed nearer to a label's edge, as sheets are fed a little askew."""

GUTTER_MM = 0.5
"""Between a symbol's quiet zone and the words, which must not touch it."""

DOT_MM = 25.4 / 600
"""A printer's dot; modules of whole dots come out equally wide."""

MOST_TITLES = 2
SHEET = Path(__file__).with_name("sheet.typ")
WEIGHTS = ("400Regular", "700Bold")
NO_ROOM = "no room for the titles of "

Draw = Callable[[str], Symbol]
"""`Symbol.of` for labels that will hang, `Symbol.draft_of` for any others."""


class LabelsRefusedError(Exception):
    """Labels cannot be made as they were asked for; the message says why."""


class MissingFontError(LabelsRefusedError):
    """Set-up has not put the fonts in place."""


class MissingGlyphError(LabelsRefusedError):
    """No font can draw a character of a label."""


class TitleTooLongError(LabelsRefusedError):
    """An exhibit's names do not fit on a label at a size that can be read."""


@dataclass(frozen=True)
class Stock:
    """A ready-cut A4 sheet, in mm. Its rows touch, its margins are what the page leaves.

    `symbol` is the width wanted of a symbol with its quiet zone.
    """

    name: str
    width: float
    height: float
    columns: int
    rows: int
    gap: float
    symbol: float

    @property
    def count(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows

    def corner(self, position: int) -> tuple[float, float]:
        """Return the left and top of a label; positions count from 0 along the rows."""
        row, column = divmod(position, self.columns)
        across = self.columns * self.width + (self.columns - 1) * self.gap
        left = (PAGE_MM[0] - across) / 2 + column * (self.width + self.gap)
        return left, (PAGE_MM[1] - self.rows * self.height) / 2 + row * self.height

    def module(self, symbol: Symbol) -> float:
        """Return the width of a module, the nearest of whole printer dots."""
        return round(self.symbol / (len(symbol.modules) + 2 * QUIET) / DOT_MM) * DOT_MM


L7173 = Stock("L7173", width=99.1, height=57.0, columns=2, rows=5, gap=2.5, symbol=50.0)
STOCKS = {stock.name: stock for stock in (L7173,)}


@dataclass(frozen=True)
class Label:
    """One label: a code, its symbol, and its exhibit's names in one or two languages."""

    code: str
    symbol: Symbol
    titles: tuple[Passage, ...]


@dataclass(frozen=True)
class LabelRun:
    """Labels that are printed together; `start` is the first free one of a sheet, from 1.

    Their words are in `language`; where it is written from the right, labels are mirrored.
    """

    labels: Sequence[Label]
    language: Language
    printed: date
    stock: Stock = L7173
    start: int = 1

    def proved(self) -> bytes:
        """Set the sheets as PDF, and return it when every symbol was read back from it.

        Raises LabelsRefusedError for what cannot be set, UnprovedSheetError for a sheet that
        must not be printed.
        """
        if not 1 <= self.start <= self.stock.count:
            raise LabelsRefusedError(
                f"a sheet of {self.stock.name} begins at a label from 1 to {self.stock.count}"
            )
        self._check_glyphs()
        pdf = self._typeset()
        prove(pdf, [[self.spot(*one) for one in sheet] for sheet in self.sheets])
        return pdf

    @property
    def sheets(self) -> list[list[tuple[int, Label]]]:
        """The labels of each sheet with their positions on it, from 0."""
        numbered = enumerate(self.labels, self.start - 1)
        by_sheet = groupby(numbered, lambda one: one[0] // self.stock.count)
        return [[(n % self.stock.count, label) for n, label in sheet] for _, sheet in by_sheet]

    def spot(self, position: int, label: Label) -> Spot:
        """Say where on its page a label's symbol stands."""
        left, top = self.stock.corner(position)
        module = self.stock.module(label.symbol)
        side, quiet = len(label.symbol.modules) * module, QUIET * module
        at_left = left + INSET_MM + quiet
        at_right = left + self.stock.width - INSET_MM - quiet - side
        return Spot(
            label.symbol.payload,
            left=at_right if self._is_mirrored else at_left,
            top=top + (self.stock.height - side) / 2,
            side=side,
            quiet=quiet,
        )

    @property
    def _is_mirrored(self) -> bool:
        return _direction(self.language.tag) == "rtl"

    @property
    def _invitation(self) -> Passage:
        tag = next((tag for tag in self.language.chain if tag in INVITATION), "en")
        return Passage(INVITATION[tag], tag)

    @property
    def _version(self) -> str:
        return f"v{DESIGN} {self.printed:%Y-%m}"

    def _check_glyphs(self) -> None:
        """Look each character up: typst leaves out, silently, what no font draws."""
        for family, weight in product(fonts.FAMILIES, WEIGHTS):
            face = fonts.FOLDER / f"{family.replace(' ', '')}_{weight}.ttf"
            if not face.is_file():
                raise MissingFontError(f"the font {face} is missing; run: python3 run.py setup")
        for label in self.labels:
            for passage in (*label.titles, self._invitation):
                if lacking := fonts.missing(passage.text):
                    named = ", ".join(_named(one) for one in sorted(lacking))
                    raise MissingGlyphError(
                        f"{grouped(label.code)}, «{passage.text}»: no font draws {named}"
                    )

    def _typeset(self) -> bytes:
        try:
            return typst.compile(
                SHEET,
                format="pdf",
                font_paths=[fonts.FOLDER],
                ignore_system_fonts=True,
                sys_inputs={"run": json.dumps(self._told(), ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=datetime.combine(self.printed, time(), UTC),
            )
        except typst.TypstError as failed:
            code = failed.message.partition(NO_ROOM)[2][: len("AB12-N")]
            if code:
                raise TitleTooLongError(
                    f"{code}: the names are too long for a label of {self.stock.name}"
                ) from None
            raise

    def _told(self) -> dict[str, Any]:
        """Say everything that sheet.typ needs to know."""
        first = self.labels[0].symbol
        return {
            "title": f"{len(self.labels)} labels, {self.stock.name}, {self._version}",
            "page": PAGE_MM,
            "fonts": fonts.FAMILIES,
            "mirrored": self._is_mirrored,
            "draft": bool(first.caption),
            "invitation": _spoken(self._invitation),
            "host": urlsplit(first.payload).netloc,
            "version": self._version,
            "sheets": [[self._label(*one) for one in sheet] for sheet in self.sheets],
        }

    def _label(self, position: int, label: Label) -> dict[str, Any]:
        spot = self.spot(position, label)
        left, top = self.stock.corner(position)
        wide = spot.side + 2 * spot.quiet + GUTTER_MM
        return {
            "code": grouped(label.code),
            "titles": [_spoken(title) for title in label.titles],
            "top": top + INSET_MM,
            "bottom": top + self.stock.height - INSET_MM,
            "column": [
                left + INSET_MM + (0 if self._is_mirrored else wide),
                self.stock.width - 2 * INSET_MM - wide,
            ],
            "symbol": {
                "x": spot.left,
                "y": spot.top,
                "side": spot.side,
                "module": self.stock.module(label.symbol),
                "runs": _runs(label.symbol),
                "alt": f"QR: {spot.payload}",
            },
        }


def labels_of(
    db: Session, languages: Sequence[Language], draw: Draw, base: str, exhibition: str | None
) -> list[Label]:
    """Make a label for each code whose exhibit can be visited, in the order of the rooms.

    A merged or withdrawn exhibit gets none, nor does a closed exhibition. `base` is the
    address before /q/. Raises LabelsRefusedError if there is nothing to print.
    """
    labels = [
        Label(code.code, draw(f"{base}/q/{code.code}"), _titles(code.exhibit, languages))
        for code in codes_of(db, exhibition)
        if not (code.alias_of or code.exhibit.withdrawn_at or code.exhibit.exhibition.closed_at)
    ]
    if not labels:
        where = f" in {exhibition}" if exhibition else ""
        raise LabelsRefusedError(f"there is no code to print{where}; guide codes lists them")
    return labels


def languages_named(offer: Offer, tags: str) -> list[Language]:
    """Find the one or two languages of titles, as `az,en` names them."""
    wanted = [tag.strip() for tag in tags.split(",")]
    found = [language for tag in wanted if (language := offer.spelt(tag))]
    if len(found) < len(wanted) or not len(set(found)) == len(wanted) <= MOST_TITLES:
        offered = ", ".join(one.tag for one in offer)
        raise LabelsRefusedError(f"name one or two of {offered}, as in az,en; not {tags}")
    return found


def stock_named(name: str) -> Stock:
    """Find a stock by its name."""
    if name not in STOCKS:
        raise LabelsRefusedError(f"there is no stock {name}, but there is {', '.join(STOCKS)}")
    return STOCKS[name]


def _titles(exhibit: Exhibit, languages: Sequence[Language]) -> tuple[Passage, ...]:
    """Read the names along the languages' chains; one that fell back is not said twice."""
    names = [exhibit.name_in(language.chain) for language in languages]
    return tuple(dict.fromkeys(Passage(normalised(one.text), one.language) for one in names))


def _runs(symbol: Symbol) -> list[tuple[int, int, int]]:
    """Merge the dark modules of each row into runs: the first's column, the row, how many."""
    runs = []
    for y, row in enumerate(symbol.modules):
        for is_dark, group in groupby(enumerate(row), lambda module: module[1]):
            if is_dark:
                columns = [x for x, _ in group]
                runs.append((columns[0], y, len(columns)))
    return runs


def _spoken(passage: Passage) -> dict[str, str]:
    return {
        "text": passage.text,
        "lang": passage.language.partition("-")[0],
        "dir": _direction(passage.language),
    }


def _direction(tag: str) -> str:
    return "ltr" if tag == "zxx" else locale(tag).text_direction


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"
