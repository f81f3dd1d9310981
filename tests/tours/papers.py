"""Papers to be set, the dullest valid ones, and looking at what was set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import combinations
from pathlib import Path

import pypdfium2
import typst
from PIL import Image, ImageChops, ImageStat
from pypdfium2 import raw

from guide import fonts
from guide.exhibits.words import Passage
from guide.qr.symbols import Symbol
from guide.tours.model import Level, PhotoPolicy
from guide.tours.papers import (
    Brief,
    Contact,
    ContactFor,
    Entry,
    Guest,
    Handling,
    Interpreting,
    Named,
    NameList,
    Pair,
    Paper,
    Programme,
    Stop,
    WelcomeCard,
)
from guide.tours.people import Mode, PersonRole
from guide.tours.stops import Priority

ADDRESS = "https://g.hac.az/d/Zm9vYmFyLWJhel9xdXV4MQ"
SYMBOL = Symbol.of_delegation(ADDRESS)
DECEMBER = date(2026, 12, 1)
READER = "Aysel Məmmədova"

XI = Passage("习近平", "zh-Hans")
RASHID = Passage("محمد بن راشد", "ar")
ALIYEVA = Passage("Əliyeva Ə.", "az")

SAID = {
    "association": {
        "az": "Dostluq Cəmiyyəti",
        "zh-Hans": "友好协会",
        "ar": "جمعية الصداقة",
        "fr": "Association d’amitié",
        "en": "Friendship Association",
    },
    "chair": {
        "az": "sədr",
        "zh-Hans": "会长",
        "ar": "رئيس الجمعية",
        "fr": "présidente",
        "en": "Chair",
    },
    "meeting": {
        "az": "Görüş",
        "zh-Hans": "会见",
        "ar": "لقاء",
        "fr": "Entretien",
        "en": "Meeting",
    },
    "carpet": {
        "az": "Azərbaycan xalçası",
        "zh-Hans": "阿塞拜疆地毯",
        "ar": "السجاد الأذربيجاني",
        "fr": "Le tapis d’Azerbaïdjan",
        "en": "The carpet of Azerbaijan",
    },
    "seasons": {
        "az": "Dörd fəsil",
        "zh-Hans": "四季",
        "ar": "الفصول الأربعة",
        "fr": "Les Quatre Saisons",
        "en": "Four Seasons",
    },
}
A_TENTH = b"0 0 0 0.101960786 k"
"""How a watermark's ink is written in a page."""


def said(what: str, languages: Sequence[str]) -> Pair:
    return tuple(Passage(SAID[what][tag], tag) for tag in languages)


def handling(level: Level = Level.INTERNAL) -> Handling:
    return Handling(level, READER, DECEMBER)


def programme(*languages: str, stops: int = 2, level: Level = Level.INTERNAL) -> Programme:
    return Programme(
        languages=languages,
        handling=handling(level),
        day=DECEMBER,
        parties=[said("association", languages)],
        head=[Named(XI, one) for one in said("chair", languages)],
        entries=[
            Entry(time(11), said("meeting", languages)),
            Entry(
                time(11, 22), said("carpet", languages), [said("seasons", languages)] * stops
            ),
        ],
        ends=time(12, 20),
        symbol=SYMBOL,
    )


def card(*languages: str, level: Level = Level.INTERNAL) -> WelcomeCard:
    return WelcomeCard(
        languages=languages,
        handling=handling(level),
        day=DECEMBER,
        parties=[said("association", languages)],
        symbol=SYMBOL,
        host="g.hac.az",
    )


def guests(*languages: str) -> list[Guest]:
    party = said("association", languages)[0]
    return [
        Guest(
            XI,
            PersonRole.HEAD,
            spellings=(Passage("Si Cinpin", "az"), Passage("Xi Jinping", "en")),
            positions=said("chair", languages),
            party=party,
            address=Passage("Your Excellency", "en"),
            pronunciation=Passage("şi cin-pin", "az"),
        ),
        Guest(RASHID, PersonRole.MEMBER),
        Guest(
            ALIYEVA,
            PersonRole.INTERPRETER,
            positions=said("chair", languages),
            is_not_photographed=True,
        ),
    ]


def name_list(*languages: str, times: int = 1, level: Level = Level.INTERNAL) -> NameList:
    return NameList(
        languages=languages,
        handling=handling(level),
        day=DECEMBER,
        parties=[said("association", languages)],
        guests=guests(*languages) * times,
    )


def brief(language: str, *, times: int = 1, level: Level = Level.INTERNAL) -> Brief:
    stop = Stop(
        time(11, 22),
        8,
        said("seasons", (language,))[0],
        Priority.MUST,
        points=(Passage("Hər fəsil bir künc", "az"),),
        note=Passage("Lift 2\nİşıq yandırılsın", "az"),
    )
    return Brief(
        language=language,
        handling=handling(level),
        reference="2026-014",
        parties=said("association", (language,)),
        day=DECEMBER,
        begins=time(11),
        ends=time(12, 20),
        door=Passage("B", "az"),
        people=14,
        guests=guests(language) * times,
        hosts=[Guest(Passage("Anar Həsənov", "az"), PersonRole.GREETER)],
        guests_languages=("zh-Hans", "en"),
        interpreters=[
            Interpreting(
                *(Passage("Leyla Quliyeva", "az"), "az", "zh-Hans", Mode.CONSECUTIVE),
                whisper_sets="3–9",
            )
        ],
        stops=[stop] * times,
        to_avoid=Passage("Hədiyyə verilmir", "az"),
        photo_policy=PhotoPolicy.ASK,
        contacts=[Contact(ContactFor.SECURITY, Passage("Rəşad, +994 50 000 00 00", "az"))],
    )


def untold(language: str) -> Brief:
    """Make a brief of which nobody has told anything."""
    return Brief(language, handling(), "2026-014", ())


def at_level(paper: Paper, level: Level) -> Paper:
    return replace(paper, handling=handling(level))


WIDEST_LETTER = 12
"""In points. Arabic letters that join reach over each other."""


@dataclass(frozen=True)
class Box:
    """Where something written stands on its page, in points from the left and the foot."""

    left: float
    foot: float
    right: float
    top: float
    baseline: float = 0.0
    is_watermark: bool = False

    @property
    def middle(self) -> float:
        return (self.foot + self.top) / 2

    @property
    def is_mark(self) -> bool:
        """Say whether it is a point or an accent, which stands over its letter."""
        return self.right - self.left < 7 and self.top - self.foot < 6

    def overlaps(self, other: "Box") -> bool:
        """Say whether two lie over each other by more than letters that join do."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.top, other.top) - max(self.foot, other.foot)
        wide = min(self.right - self.left, other.right - other.left)
        high = min(self.top - self.foot, other.top - other.foot)
        joins = abs(self.baseline - other.baseline) < 0.1 and wide < WIDEST_LETTER
        return not joins and across > 0.25 * wide and down > 0.4 * high

    def covers(self, other: "Box") -> bool:
        """Say whether something lies under this, in part at least."""
        across = min(self.right, other.right) > max(self.left, other.left)
        return across and min(self.top, other.top) > max(self.foot, other.foot)


def boxes(page: pypdfium2.PdfPage) -> list[Box]:
    return [_box(one) for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]


def pages_with_boxes(pdf: bytes) -> Iterator[tuple[float, float, list[Box]]]:
    """Yield how wide and high each page is, and where its words stand."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.get_width(), page.get_height(), boxes(page)
    document.close()


def pages_with_pictures(pdf: bytes) -> Iterator[tuple[float, float, list[Box], list[Box]]]:
    """Yield how wide and high each page is, where its words stand, and its pictures."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        found = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
        pictures = [Box(*one.get_bounds()) for one in found]
        yield page.get_width(), page.get_height(), boxes(page), pictures
    document.close()


def overlapping(some: Sequence[Box]) -> list[tuple[Box, Box]]:
    written = [one for one in some if not (one.is_watermark or one.is_mark)]
    return [pair for pair in combinations(written, 2) if pair[0].overlaps(pair[1])]


def _box(one: pypdfium2.PdfObject) -> Box:
    left, foot, right, top = one.get_bounds()
    return Box(left, foot, right, top, one.get_matrix().f, is_watermark=_is_pale(one))


def _is_pale(one: pypdfium2.PdfObject) -> bool:
    shades = [raw.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(one.raw, *shades)
    return bool(shades[0].value > 200)


def is_drawn(passage: Passage, pdf: bytes, *, size: str, weight: str = "bold") -> bool:
    """Find a name on the pages as it is drawn when it is set alone: the same glyphs."""
    alone = pypdfium2.PdfDocument(_alone(passage, size, weight))
    document = pypdfium2.PdfDocument(pdf)
    try:
        whole = _around(boxes(alone[0]))
        drawing = _ink(alone[0], whole)
        return any(
            _differ(drawing, _ink(page, tried)) < ALIKE
            for page in document
            for tried in _as_large(whole, boxes(page))
        )
    finally:
        document.close()
        alone.close()


ALIKE = 25
"""Of 255, the mean that two drawings of the same glyphs may differ by, which stand on other
fractions of a pixel. Other glyphs of the same size differ by 60 and more."""

SCALE = 1200 / 72
MOST_PIECES = 24
"""Of one name: kerning and marks break it up."""


ALONE = Path(__file__).with_name("alone.typ")


def _alone(passage: Passage, size: str, weight: str) -> bytes:
    lang = passage.language.partition("-")[0]
    return typst.compile(
        ALONE,
        format="pdf",
        font_paths=[fonts.FOLDER],
        ignore_system_fonts=True,
        sys_inputs={"words": passage.text, "lang": lang, "size": size, "weight": weight},
    )


def _as_large(whole: Box, some: Sequence[Box]) -> Iterator[Box]:
    """Find pieces that follow each other and are together as large as a name."""
    for first in range(len(some)):
        for last in range(first, min(first + MOST_PIECES, len(some))):
            tried = _around(some[first : last + 1])
            wide, high = tried.right - tried.left, tried.top - tried.foot
            across, down = wide - (whole.right - whole.left), high - (whole.top - whole.foot)
            if abs(across) < 0.3 and abs(down) < 0.3:
                yield tried


def _around(some: Sequence[Box]) -> Box:
    some = [one for one in some if one.right > one.left]
    if not some:
        return Box(0, 0, 0, 0)
    return Box(
        min(one.left for one in some),
        min(one.foot for one in some),
        max(one.right for one in some),
        max(one.top for one in some),
    )


def _ink(page: pypdfium2.PdfPage, box: Box) -> Image.Image:
    margins = (
        box.left,
        box.foot,
        page.get_width() - box.right,
        page.get_height() - box.top,
    )
    drawn: Image.Image = page.render(scale=SCALE, grayscale=True, crop=margins).to_pil()
    return drawn


def _differ(one: Image.Image, other: Image.Image) -> float:
    difference = ImageChops.difference(one, other.resize(one.size))
    return float(ImageStat.Stat(difference).mean[0])
