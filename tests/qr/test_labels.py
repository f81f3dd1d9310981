"""Label sheets: what stands on them, that they are read back, and that ink is where it may be.

Q1 and so on are the checks of the plan for codes and labels (`docs/labels.md`).
"""

import re
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from pypdfium2 import raw

from guide import fonts
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.words import Passage
from guide.languages.queries import offer
from guide.qr.code import grouped
from guide.qr.labels import (
    DOT_MM,
    INSET_MM,
    L7173,
    Label,
    LabelRun,
    LabelsRefusedError,
    MissingFontError,
    MissingGlyphError,
    TitleTooLongError,
    labels_of,
    languages_named,
    stock_named,
)
from guide.qr.model import Code
from guide.qr.proof import Spot, UnprovedSheetError, prove
from guide.qr.queries import codes_of
from guide.qr.symbols import QUIET, Symbol
from tests import make
from tests.conftest import OPENING_DAY

BASE = "https://g.hac.az"
NOVEMBER = date(2026, 11, 24)
KAMANCHA = (Passage("Kamança", "az"), Passage("Kamancha", "en"))
LONG = (
    Passage("Müslüm Maqomayev adına Azərbaycan Dövlət Akademik Filarmoniyası", "az"),
    Passage("Azerbaijan State Academic Philharmonic named after Muslim Magomayev", "en"),
)
FOREIGN = (Passage("غاز-M20 بوبيدا (النصر)", "ar"), Passage("嘎斯-13“海鸥”", "zh-Hans"))


def label(code: str, *, titles: tuple[Passage, ...] = KAMANCHA, base: str = "") -> Label:
    draw = Symbol.draft_of if base else Symbol.of
    return Label(code, draw(f"{base or BASE}/q/{code}"), titles)


def run_of(*labels: Label, language: str = "az", start: int = 1) -> LabelRun:
    return LabelRun(labels, make.language(language, "en"), NOVEMBER, start=start)


def dozen() -> list[Label]:
    return [label(f"ab1{one}n") for one in "0123456789ab"]


def starter(museum: Database, tags: str = "az,en") -> LabelRun:
    with museum.reading() as db:
        languages = languages_named(offer(db, "az"), tags)
        return LabelRun(labels_of(db, languages, Symbol.of, BASE, None), languages[0], NOVEMBER)


def pages_of(pdf: bytes, dpi: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    images = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    document.close()
    return images


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(words.split())


def spots_of(run: LabelRun) -> list[list[Spot]]:
    return [[run.spot(*one) for one in sheet] for sheet in run.sheets]


def around(image: Image.Image, spot: Spot, dpi: int) -> Image.Image:
    """Cut a symbol out with all its margin."""
    mm = dpi / 25.4
    left, top = (spot.left - spot.quiet) * mm, (spot.top - spot.quiet) * mm
    wide = (spot.side + 2 * spot.quiet) * mm
    return image.crop((round(left), round(top), round(left + wide), round(top + wide)))


def contents_of(pdf: bytes) -> Iterator[bytes]:
    """Yield the drawing operators of each page."""
    for stream in re.findall(
        rb"/FlateDecode>>\s*stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL
    ):
        content = zlib.decompress(stream)
        if b" Tf " in content:
            yield content


@pytest.mark.parametrize(("tags", "dpi"), [("az,en", 600), ("ar,zh-Hans", 300)])
def test_each_code_in_use_is_read_from_its_sheet_once(
    museum: Database, tags: str, dpi: int
) -> None:
    """Q3."""
    read = [
        one.text
        for page in pages_of(starter(museum, tags).proved(), dpi)
        for one in zxingcpp.read_barcodes(page)
    ]
    with museum.reading() as db:
        expected = [f"{BASE}/q/{code.code}" for code in codes_of(db)]
    assert len(expected) == 27
    assert sorted(read) == sorted(expected)


def test_symbols_are_read_small_unsharp_and_askew() -> None:
    """Q4."""
    run = run_of(*dozen())
    for image, spots in zip(pages_of(run.proved(), 300), spots_of(run), strict=True):
        for spot in spots:
            seen = around(image, spot, 300).rotate(
                10, Image.Resampling.BICUBIC, True, None, None, 255
            )
            modules = 25 + 2 * QUIET
            scale = 2.8 * modules / ((spot.side + 2 * spot.quiet) * 300 / 25.4)
            small = seen.resize((round(seen.width * scale), round(seen.height * scale)))
            read = zxingcpp.read_barcodes(small.filter(ImageFilter.GaussianBlur(1)))
            assert [one.text for one in read] == [spot.payload]


@pytest.mark.parametrize("base", ["", "http://127.0.0.1:8000"])
def test_the_only_ink_is_black(base: str) -> None:
    """Q5."""
    pdf = run_of(label("ab12n", base=base)).proved()
    colour = rb"(?:(?:[\d.]+ )+(?:g|G|rg|RG|k|K|sc|SC|scn|SCN)|/\w+ (?:cs|CS|sh|gs|Do))\b"
    used = {one for content in contents_of(pdf) for one in re.findall(colour, content)}
    assert used == {b"0 0 0 1 k"} | ({b"0 0 0 0 k"} if base else set())


@pytest.mark.parametrize("base", [BASE, "https://heydaraliyevcenter.az"])
def test_a_symbol_is_as_wide_as_whole_printer_dots_make_it(base: str) -> None:
    """Q6: the width, by the corners of what was read."""
    drawn = Label("ab12n", Symbol.of(f"{base}/q/ab12n"), KAMANCHA)
    [page] = pages_of(run_of(drawn).proved(), 600)
    [read] = zxingcpp.read_barcodes(page)
    module = L7173.module(drawn.symbol)
    snapped = len(drawn.symbol.modules) * module
    corners = read.position
    assert (module / DOT_MM) == pytest.approx(round(module / DOT_MM))
    assert (corners.top_right.x - corners.top_left.x) * 25.4 / 600 == pytest.approx(
        snapped, abs=0.2
    )
    assert snapped + 2 * QUIET * module == pytest.approx(50, abs=0.5)


@pytest.mark.parametrize("titles", [KAMANCHA, LONG, FOREIGN])
@pytest.mark.parametrize("language", ["az", "ar"])
def test_no_ink_is_outside_a_label_or_in_its_inset(
    titles: tuple[Passage, ...], language: str
) -> None:
    """Q6: the grid."""
    many = [label(one.code, titles=titles) for one in dozen()[:10]]
    [page] = pages_of(run_of(*many, language=language).proved(), 300)
    mm, paper = 300 / 25.4, ImageDraw.Draw(page)
    for row in range(5):
        for left in (4.65, 4.65 + 99.1 + 2.5):
            box = (left + INSET_MM - 0.1, 6 + 57 * row + INSET_MM - 0.1)
            far = (left + 99.1 - INSET_MM + 0.1, 6 + 57 * (row + 1) - INSET_MM + 0.1)
            paper.rectangle([tuple(one * mm for one in corner) for corner in (box, far)], 255)
    assert page.getextrema() == (255, 255)


def test_every_font_is_embedded_and_no_glyph_is_missing() -> None:
    """Q6: the fonts."""
    pdf = run_of(label("ab12n", titles=FOREIGN), label("ab34n")).proved()
    document = pypdfium2.PdfDocument(pdf)
    written = [one for one in document[0].get_objects() if one.type == raw.FPDF_PAGEOBJ_TEXT]
    assert written
    for one in written:
        assert raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(one.raw)) == 1
    document.close()
    assert not any(rb"(\000\000" in content for content in contents_of(pdf))


@pytest.mark.parametrize("titles", [KAMANCHA, LONG, FOREIGN])
@pytest.mark.parametrize("language", ["az", "ar"])
def test_four_modules_around_a_symbol_are_white(
    titles: tuple[Passage, ...], language: str
) -> None:
    """Q7."""
    run = run_of(label("ab12n", titles=titles), language=language)
    [page], [[spot]] = pages_of(run.proved(), 600), spots_of(run)
    cut = around(page, spot, 600)
    margin = round(spot.quiet * 600 / 25.4) - 1
    ImageDraw.Draw(cut).rectangle(
        (margin, margin, cut.width - margin, cut.height - margin), 255
    )
    assert cut.getextrema() == (255, 255)


def test_a_label_says_both_names_its_code_where_to_type_it_and_its_version() -> None:
    said = words_of(run_of(label("ab10n")).proved())
    for words in ("Kamança", "Kamancha", "AB10-N", "g.hac.az", "v1 2026-11"):
        assert words in said
    assert "Skan edin və ya yazın: g.hac.az" in said
    assert "DRAFT" not in said


def test_a_language_without_an_invitation_falls_along_its_chain() -> None:
    assert "Scan or type at" in words_of(run_of(label("ab12n"), language="ka").proved())


def test_a_draft_says_so_on_each_label_with_the_address_it_was_made_at() -> None:
    drafts = [label(one, base="http://192.168.1.20:8000") for one in ("ab12n", "ab34n")]
    said = words_of(run_of(*drafts).proved())
    assert said.count("DRAFT") == 2
    assert said.count("192.168.1.20:8000") == 2


def test_a_part_used_sheet_is_begun_where_it_is_free() -> None:
    run = run_of(*dozen()[:3], start=10)
    last, first = (zxingcpp.read_barcodes(page) for page in pages_of(run.proved(), 300))
    assert [one.text[-5:] for one in last] == ["ab10n"]
    assert {one.text[-5:] for one in first} == {"ab11n", "ab12n"}
    assert run.spot(*run.sheets[0][0]).top > 6 + 4 * 57


@pytest.mark.parametrize("start", [0, 11])
def test_a_sheet_cannot_begin_outside_itself(start: int) -> None:
    with pytest.raises(LabelsRefusedError, match="from 1 to 10"):
        run_of(label("ab12n"), start=start).proved()


def test_arabic_labels_are_mirrored() -> None:
    symbol = label("ab12n")
    assert run_of(symbol).spot(0, symbol).left < 20
    assert run_of(symbol, language="ar").spot(0, symbol).left > 50


def sizes_in(pdf: bytes) -> list[float]:
    """List the sizes of what is written, in points."""
    return [
        float(one)
        for content in contents_of(pdf)
        for one in re.findall(rb"/f\d+ ([\d.]+) Tf", content)
    ]


def test_a_usual_name_is_14_points_and_two_lines_are_enough_for_a_longer_one() -> None:
    two_lines = (Passage("Azərbaycan Milli Xalça Muzeyi", "az"), KAMANCHA[1])
    for titles in (KAMANCHA, two_lines):
        pdf = run_of(label("ab12n", titles=titles)).proved()
        assert 14 in sizes_in(pdf)
        assert titles[0].text in words_of(pdf)


def test_a_long_name_shrinks_and_no_word_is_lost() -> None:
    pdf = run_of(label("ab12n", titles=LONG)).proved()
    said = words_of(pdf)
    assert all(one.text in said for one in LONG)
    assert set(sizes_in(pdf)) == {16, 10, 6}


@pytest.mark.parametrize("name", ["Philharmonic " * 20, "Ph" * 40])
def test_a_name_that_no_label_holds_is_refused_with_its_code(name: str) -> None:
    with pytest.raises(TitleTooLongError, match="AB12-N"):
        run_of(label("ab12n", titles=(Passage(name.strip(), "en"),))).proved()


def test_a_character_that_no_font_draws_is_refused_by_name() -> None:
    with pytest.raises(MissingGlyphError, match=r"AB12-N.*U\+1F40E HORSE"):
        run_of(label("ab12n", titles=(Passage("Tar 🐎", "en"),))).proved()


def test_markup_in_a_name_is_printed_as_it_stands() -> None:
    odd = 'Tar #evil[*x*] $a$ "'
    assert odd in words_of(run_of(label("ab12n", titles=(Passage(odd, "en"),))).proved())


def test_missing_fonts_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(MissingFontError, match=r"python3 run\.py setup"):
        run_of(label("ab12n")).proved()


def test_the_same_labels_are_the_same_bytes() -> None:
    assert run_of(*dozen()).proved() == run_of(*dozen()).proved()


def test_a_sheet_with_another_symbol_place_or_number_of_pages_is_not_released() -> None:
    run = run_of(label("ab12n"))
    pdf, [[spot]] = run.proved(), spots_of(run)
    other = Spot(f"{BASE}/q/ab34n", spot.left, spot.top, spot.side, spot.quiet)
    moved = Spot(spot.payload, spot.left + 1, spot.top, spot.side, spot.quiet)
    stained = Spot(spot.payload, spot.left, spot.top, spot.side, spot.quiet + 5)
    for told, meant in (
        ("read back", [[other]]),
        ("read back", [[spot, other]]),
        ("read back", [[]]),
        ("off its place", [[moved]]),
        ("margin", [[stained]]),
        ("pages", [[spot], []]),
    ):
        with pytest.raises(UnprovedSheetError, match=told):
            prove(pdf, meant)


def test_labels_stand_in_the_order_of_the_rooms_with_names_along_the_chain(
    museum: Database,
) -> None:
    with museum.writing() as db:
        db.query(Exhibit).filter_by(slug="tar").one().names = {"en": "Tar lute"}
    run = starter(museum, "ar,en")
    with museum.reading() as db:
        assert [one.code for one in run.labels] == [one.code for one in codes_of(db)]
        tar = next(one.code for one in codes_of(db) if one.exhibit.slug == "tar")
    [found] = [one for one in run.labels if one.code == tar]
    assert found.titles == (Passage("Tar lute", "en"),), "a name that fell back is said once"
    assert grouped(tar) in words_of(run.proved())


def test_what_cannot_be_visited_gets_no_label(museum: Database) -> None:
    with museum.writing() as db:
        codes = list(codes_of(db, "musical-instruments"))
        withdrawn, retired, merged, *rest = codes
        withdrawn.exhibit.withdraw(at=OPENING_DAY)
        retired.retire(at=OPENING_DAY)
        db.get_one(Code, merged.code).alias_of = rest[0].code
        db.query(Exhibition).filter_by(slug="classic-cars").one().closed_at = OPENING_DAY
        kept = {one.code for one in rest}
    with museum.reading() as db:
        az = languages_named(offer(db, "az"), "az")
        labels = labels_of(db, az, Symbol.of, BASE, "musical-instruments")
        assert {one.code for one in labels} == kept
        for exhibition in ("classic-cars", "nowhere"):
            with pytest.raises(LabelsRefusedError, match=exhibition):
                labels_of(db, az, Symbol.of, BASE, exhibition)


@pytest.mark.parametrize("tags", ["az,en,ru", "az,az", "de", "", "az,", "AZ,az"])
def test_titles_are_in_one_or_two_languages_of_the_guide(tags: str) -> None:
    with pytest.raises(LabelsRefusedError, match="one or two of az, en"):
        languages_named(make.offer(), tags)
    assert [one.tag for one in languages_named(make.offer(), "zh-hans, az")] == [
        "zh-Hans",
        "az",
    ]


def test_an_unknown_stock_is_answered_with_those_there_are() -> None:
    assert stock_named("L7173") is L7173
    with pytest.raises(LabelsRefusedError, match="there is L7173"):
        stock_named("L7160")
