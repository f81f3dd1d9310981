"""A run: labels that are printed together, and where everything stands on their sheets."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, product
from urllib.parse import urlsplit

from babel.core import UnknownLocaleError
from sqlalchemy.orm import Session

from guide import fonts
from guide.exhibits.words import Passage, Words, first_in
from guide.languages.catalogues import locale
from guide.languages.model import Language, Offer
from guide.printed import named
from guide.qr.code import grouped
from guide.qr.labels import titles_of
from guide.qr.model import DESIGN, Carrier
from guide.qr.proof import Spot
from guide.qr.queries import codes_of
from guide.qr.stocks import WHITE_IN_INSET, LabelsRefusedError, Layout, Stock
from guide.qr.symbols import QUIET, Symbol

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

FULL_SIZE: Words = {
    "az": "Miqyas 100 %. Hər iki xətt 100 mm olmalıdır.",
    "en": "Print at 100 %. Both lines must be 100 mm long.",
    "ru": "Печать в масштабе 100 %. Обе линии должны быть по 100 мм.",
    "tr": "%100 ölçekte yazdırın. İki çizgi de 100 mm olmalıdır.",
    "zh-Hans": "请按 100 % 比例打印。两条线均应长 100 毫米。",
    "ar": "اطبع بمقياس 100 %. يجب أن يكون طول كل من الخطين 100 مم.",
    "fr": "Imprimez à 100 %. Les deux lignes doivent mesurer 100 mm.",
}
"""What the calibration page asks for."""

ABOVE_SYMBOL = 0.43
"""Of the room that a stacked symbol leaves, how much is above it, for the titles."""

MOST_LANGUAGES = 3
WEIGHTS = ("400Regular", "700Bold")

Draw = Callable[[str], Symbol]
"""`Symbol.of` for labels that will hang, `Symbol.draft_of` for any others."""


class MissingFontError(LabelsRefusedError):
    """Set-up has not put the fonts in place."""


class MissingGlyphError(LabelsRefusedError):
    """No font can draw a character of a label."""


@dataclass(frozen=True)
class Face:
    """What one label says: a code, its symbol, and titles in one to three languages."""

    code: str
    symbol: Symbol
    titles: tuple[Passage, ...]


@dataclass(frozen=True)
class Run:
    """Labels that are printed together; `start` is the first free one of a sheet, from 1.

    The words besides the titles are in the first of `languages`; where it is written from
    the right, labels are mirrored.
    """

    faces: tuple[Face, ...]
    languages: tuple[str, ...]
    invitation: Passage
    full_size: tuple[Passage, ...]
    endonyms: tuple[Passage, ...]
    printed: date
    stock: Stock
    start: int = 1
    has_crop_marks: bool = False
    has_calibration: bool = False

    @classmethod
    def of(  # noqa: PLR0913 (each is something that the printer chooses)
        cls,
        faces: Sequence[Face],
        languages: Sequence[Language],
        offer: Offer,
        printed: date,
        stock: Stock,
        *,
        start: int = 1,
        has_crop_marks: bool = False,
        has_calibration: bool = False,
    ) -> "Run":
        """Put a run together; raise LabelsRefusedError for what cannot be printed."""
        first = languages[0]
        if len(languages) > stock.most_languages:
            raise LabelsRefusedError(
                f"{stock.name} holds titles in {stock.most_languages} languages; "
                f"L7165 and larger hold 3"
            )
        run = cls(
            faces=tuple(faces),
            languages=tuple(one.tag for one in languages),
            invitation=_along(INVITATION, first),
            full_size=tuple(dict.fromkeys(_along(FULL_SIZE, one) for one in languages)),
            endonyms=tuple(Passage(one.endonym, one.tag) for one in offer),
            printed=printed,
            stock=stock,
            start=start,
            has_crop_marks=has_crop_marks,
            has_calibration=has_calibration,
        )
        if not 1 <= run.start <= stock.count:
            raise LabelsRefusedError(
                f"a sheet of {stock.name} begins at a label from 1 to {stock.count}"
            )
        run.check_glyphs()
        return run

    def parts(self, pages: int) -> Iterator["Run"]:
        """Cut the run into runs of so many pages at most; only the first begins in a sheet."""
        before = self.start - 1 + (self.stock.count if self.has_calibration else 0)
        most = pages * self.stock.count
        yield replace(self, faces=self.faces[: most - before])
        for first in range(most - before, len(self.faces), most):
            faces = self.faces[first : first + most]
            yield replace(self, faces=faces, start=1, has_calibration=False)

    @property
    def pages(self) -> int:
        """How many pages it has, a calibration page included."""
        labels = self.start - 1 + len(self.faces)
        return -(-labels // self.stock.count) + self.has_calibration

    @property
    def sheets(self) -> list[list[tuple[int, Face]]]:
        """The labels of each sheet with their positions on it, from 0."""
        numbered = enumerate(self.faces, self.start - 1)
        by_sheet = groupby(numbered, lambda one: one[0] // self.stock.count)
        return [[(n % self.stock.count, face) for n, face in sheet] for _, sheet in by_sheet]

    @property
    def titles(self) -> dict[str, list[str]]:
        """The titles that each code's label carries, for the record of prints."""
        return {face.code: [one.text for one in face.titles] for face in self.faces}

    @property
    def spots(self) -> list[list[Spot]]:
        """Where the symbols of each page stand; a calibration page comes first, with none."""
        sheets = [[self.spot(*one) for one in sheet] for sheet in self.sheets]
        return [[], *sheets] if self.has_calibration else sheets

    @property
    def is_draft(self) -> bool:
        """Say whether the labels say DRAFT, and carry an address that is not for print."""
        return bool(self.faces[0].symbol.caption)

    @property
    def is_mirrored(self) -> bool:
        """Say whether the words stand left of the symbol, as in Arabic."""
        return direction(self.languages[0]) == "rtl"

    @property
    def host(self) -> str:
        """The readable address, which is on every label."""
        return urlsplit(self.faces[0].symbol.payload).netloc

    @property
    def version(self) -> str:
        """What a label says of its own design: v3 2026-11."""
        return f"v{DESIGN} {self.printed:%Y-%m}"

    def box(self, position: int) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom of a label, its inset taken off."""
        left, top = self.stock.corner(position)
        inset, right, bottom = self.stock.inset, self.stock.width, self.stock.height
        return left + inset, top + inset, left + right - inset, top + bottom - inset

    def spot(self, position: int, face: Face) -> Spot:
        """Say where on its page a label's symbol stands."""
        left, top, right, bottom = self.box(position)
        module = self.stock.module(face.symbol)
        side, quiet = len(face.symbol.modules) * module, QUIET * module
        wide = side + 2 * quiet
        room = bottom - top - wide
        if self.stock.layout is Layout.STACKED:
            at, below = left + (right - left - wide) / 2, ABOVE_SYMBOL * room
        elif self.stock.has_endonyms:
            at = right - wide + WHITE_IN_INSET if self.is_mirrored else left - WHITE_IN_INSET
            below = -WHITE_IN_INSET
        else:
            at, below = right - wide if self.is_mirrored else left, room / 2
        return Spot(face.symbol.payload, at + quiet, top + below + quiet, side, quiet)

    def check_glyphs(self) -> None:
        """Look each character up: typst leaves out, silently, what no font draws."""
        for family, weight in product(fonts.FAMILIES, WEIGHTS):
            face = fonts.FOLDER / f"{family.replace(' ', '')}_{weight}.ttf"
            if not face.is_file():
                raise MissingFontError(f"the font {face} is missing; run: python3 run.py setup")
        shared = (self.invitation, *self.endonyms, *self.full_size)
        _check_glyphs_of("every label", shared)
        for label in self.faces:
            _check_glyphs_of(grouped(label.code), label.titles)


def faces_of(  # noqa: PLR0913 (each is chosen)
    db: Session,
    languages: Sequence[Language],
    draw: Draw,
    base: str,
    exhibition: str | None,
    *,
    posters: bool = False,
) -> list[Face]:
    """Make a face for each code to print whose exhibit can be visited, in the order of rooms.

    A merged or withdrawn exhibit gets none, nor does a closed exhibition. With `posters`
    those of exhibitions are made, and no others. `base` is the address before /q/. Raises
    LabelsRefusedError if there is nothing to print.
    """
    faces = [
        Face(code.code, draw(f"{base}/q/{code.code}"), titles_of(code, languages))
        for code in codes_of(db, exhibition)
        if (code.exhibit is None) == posters
        and code.is_in_use
        and code.label.carrier == Carrier.PRINT
    ]
    if not faces:
        where = f" in {exhibition}" if exhibition else ""
        what = "poster's code" if posters else "code"
        raise LabelsRefusedError(f"there is no {what} to print{where}; guide codes lists them")
    return faces


def direction(tag: str) -> str:
    """Say in which direction a language is written; from the left where CLDR has no rules."""
    if tag == "zxx":
        return "ltr"
    try:
        return locale(tag).text_direction
    except (ValueError, UnknownLocaleError):  # one that nobody knows is none to CLDR either
        return "ltr"


def languages_named(offer: Offer, tags: str) -> list[Language]:
    """Find the one to three languages of titles, as `az,en` names them."""
    if not [*offer]:
        raise LabelsRefusedError("there is no content yet; guide import exhibitions brings it")
    wanted = [tag.strip() for tag in tags.split(",")]
    found = [language for tag in wanted if (language := offer.spelt(tag))]
    if len(found) < len(wanted) or not len(set(found)) == len(wanted) <= MOST_LANGUAGES:
        offered = ", ".join(one.tag for one in offer)
        raise LabelsRefusedError(f"name one to three of {offered}, as in az,en; not {tags}")
    return found


def _along(words: Words, language: Language) -> Passage:
    return first_in(words, (*language.chain, "en")) or Passage("", "zxx")


def _check_glyphs_of(whose: str, passages: Sequence[Passage]) -> None:
    for passage in passages:
        if lacking := fonts.missing(passage.text):
            raise MissingGlyphError(
                f"{whose}, «{passage.text}»: no font draws {named(lacking)}"
            )
