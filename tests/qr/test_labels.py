"""Label sheets: what stands on them, that they are read back, and that ink is where it may be.

Q1 and so on are the checks of the plan for codes and labels (`docs/labels.md`).
"""

import hashlib
import json
import re
import shutil
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageOps
from pypdfium2 import raw

from guide import fonts, printed
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.words import Passage
from guide.languages.queries import offer
from guide.qr import forme
from guide.qr.code import grouped
from guide.qr.forme import TitleTooLongError
from guide.qr.model import Code
from guide.qr.proof import Spot, UnprovedSheetError, contents_of, prove
from guide.qr.queries import codes_of
from guide.qr.run import (
    Face,
    MissingFontError,
    MissingGlyphError,
    Run,
    faces_of,
    languages_named,
)
from guide.qr.stocks import DOT_MM, STOCKS, LabelsRefusedError, stock_named
from guide.qr.symbols import QUIET, Symbol
from guide.qr.typesetting import typeset
from tests import make
from tests.conftest import OPENING_DAY

BASE = "https://g.hac.az"
LONG_BASE = "https://heydaraliyevcenter.az"
NOVEMBER = date(2026, 11, 24)
L7173 = STOCKS["L7173"]
KAMANCHA = (Passage("Kamança", "az"), Passage("Kamancha", "en"))
LONG = (
    Passage("Müslüm Maqomayev adına Azərbaycan Dövlət Akademik Filarmoniyası", "az"),
    Passage("Azerbaijan State Academic Philharmonic named after Muslim Magomayev", "en"),
)
FOREIGN = (Passage("غاز-M20 بوبيدا (النصر)", "ar"), Passage("嘎斯-13“海鸥”", "zh-Hans"))


def label(code: str, *, titles: tuple[Passage, ...] = KAMANCHA, base: str = "") -> Face:
    draw = Symbol.draft_of if base else Symbol.of
    return Face(code, draw(f"{base or BASE}/q/{code}"), titles)


def run_of(*faces: Face, language: str = "az", stock: str = "L7173", start: int = 1) -> Run:
    first = make.language(language, "en")
    return Run.of(faces, [first], make.offer(), NOVEMBER, STOCKS[stock], start=start)


def proved(run: Run) -> bytes:
    pdf = typeset(run)
    prove(pdf, run.spots)
    return pdf


def dozen() -> list[Face]:
    return [label(f"ab1{one}n") for one in "0123456789ab"]


def starter(museum: Database, tags: str = "az,en", stock: str = "L7173") -> Run:
    with museum.reading() as db:
        offered = offer(db, "az")
        languages = languages_named(offered, tags)
        faces = faces_of(db, languages, Symbol.of, BASE, None)
        return Run.of(faces, languages, offered, NOVEMBER, STOCKS[stock])


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


def symbols_in(page: Image.Image) -> list[zxingcpp.Barcode]:
    """Read what was drawn as large as it likes: a poster's module is 70 pixels wide."""
    return zxingcpp.read_barcodes(page, binarizer=zxingcpp.Binarizer.FixedThreshold)


def around(image: Image.Image, spot: Spot, dpi: int) -> Image.Image:
    """Cut a symbol out with all its margin."""
    mm = dpi / 25.4
    left, top = (spot.left - spot.quiet) * mm, (spot.top - spot.quiet) * mm
    wide = (spot.side + 2 * spot.quiet) * mm
    return image.crop((round(left), round(top), round(left + wide), round(top + wide)))


@pytest.mark.parametrize(
    ("base", "longest", "version"), [(BASE, 26, 2), (LONG_BASE, 42, 3)], ids=["short", "long"]
)
def test_what_is_printed_of_each_code_is_short_and_in_lower_case(
    museum: Database, base: str, longest: int, version: int
) -> None:
    """Q1 and Q2."""
    with museum.reading() as db:
        az = languages_named(offer(db, "az"), "az")
        symbols = [face.symbol for face in faces_of(db, az, Symbol.of, base, None)]
    assert len(symbols) == 27
    for symbol in symbols:
        assert re.fullmatch(r"https://[a-z0-9.-]+/q/[0-9a-hjkmnp-tv-z]{5}", symbol.payload)
        assert len(symbol.payload.encode()) <= longest
        assert symbol.version == version


def test_a_sheet_of_200_labels_says_each_code_and_both_names() -> None:
    """Each symbol is 30 mm and more (Q6), so that it is read from an arm's length."""
    fours = [f"{one}{other}7" for one in "abcdefghjk" for other in "0123456789abcdefghjk"]
    run = run_of(*(label(f"{four}1n") for four in fours))
    pdf = proved(run)
    said = words_of(pdf)
    assert len(run.faces) == 200
    assert all(grouped(face.code) in said for face in run.faces)
    assert (said.count("Kamança"), said.count("Kamancha")) == (200, 200)


@pytest.mark.parametrize("stock", STOCKS)
def test_each_code_in_use_is_read_from_its_sheet_once_on_every_stock(
    museum: Database, stock: str
) -> None:
    """Q3."""
    run = starter(museum, stock=stock)
    dpi = 100 if stock == "A3" else 300
    pages = pages_of(proved(run), dpi)
    read = [one.text for page in pages for one in zxingcpp.read_barcodes(page)]
    with museum.reading() as db:
        expected = [f"{BASE}/q/{code.code}" for code in codes_of(db)]
    assert len(expected) == 27
    assert len(pages) == -(-27 // STOCKS[stock].count)
    assert sorted(read) == sorted(expected)


@pytest.mark.parametrize(
    ("tags", "stock"), [("ar,zh-Hans", "L7173"), ("ru,tr,fr", "L7165"), ("ar,zh-Hans,az", "A6")]
)
def test_each_code_is_read_whatever_the_languages(
    museum: Database, tags: str, stock: str
) -> None:
    """Q3, at the printer's 600 dpi."""
    run = starter(museum, tags, stock)
    read = [one.text for page in pages_of(proved(run), 600) for one in symbols_in(page)]
    assert sorted(read) == sorted(one.symbol.payload for one in run.faces)


@pytest.mark.parametrize("base", ["", "http://127.0.0.1:8000"])
def test_the_only_ink_is_black(base: str) -> None:
    """Q5."""
    pdf = proved(run_of(label("ab12n", base=base)))
    colour = rb"(?:(?:[\d.]+ )+(?:g|G|rg|RG|k|K|sc|SC|scn|SCN)|/\w+ (?:cs|CS|sh|gs|Do))\b"
    used = {one for content in contents_of(pdf) for one in re.findall(colour, content)}
    assert used == {b"0 0 0 1 k"} | ({b"0 0 0 0 k"} if base else set())


@pytest.mark.parametrize("stock", STOCKS)
def test_the_only_ink_is_black_on_every_stock_with_all_that_can_be_on_it(stock: str) -> None:
    """Q5."""
    run = run_of(label("ab12n", titles=FOREIGN, base="http://127.0.0.1:8000"), stock=stock)
    pdf = typeset(replace(run, has_crop_marks=True, has_calibration=True))
    bare = [re.sub(rb"\([^()]*\)", b"", content) for content in contents_of(pdf)]
    words = {word for content in bare for word in content.split()}
    assert (
        words & {b"g", b"G", b"rg", b"RG", b"sc", b"SC", b"scn", b"SCN", b"sh", b"Do"} == set()
    )
    inks = {
        one for content in bare for one in re.findall(rb"((?:[\d.]+\s+){4}[kK])\s", content)
    }
    assert {b" ".join(one.split()) for one in inks} == {
        b"0 0 0 1 k",
        b"0 0 0 0 k",
        b"0 0 0 1 K",
    }


@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("base", [BASE, LONG_BASE])
def test_a_symbol_is_as_wide_as_whole_printer_dots_make_it(base: str, stock: str) -> None:
    """Q6: the width, by the corners of what was read."""
    drawn, on = Face("ab12n", Symbol.of(f"{base}/q/ab12n"), KAMANCHA), STOCKS[stock]
    dpi = 300 if stock == "A3" else 600
    [page] = pages_of(proved(run_of(drawn, stock=stock)), dpi)
    [read] = symbols_in(page)
    module = on.module(drawn.symbol)
    snapped = len(drawn.symbol.modules) * module
    corners = read.position
    assert (module / DOT_MM) == pytest.approx(round(module / DOT_MM))
    assert (corners.top_right.x - corners.top_left.x) * 25.4 / dpi == pytest.approx(
        snapped, abs=0.2
    )
    assert snapped + 2 * QUIET * module == pytest.approx(on.symbol, abs=0.8)
    assert snapped + 2 * QUIET * module >= 30


@pytest.mark.parametrize("titles", [KAMANCHA, LONG, FOREIGN])
@pytest.mark.parametrize("language", ["az", "ar"])
def test_no_ink_is_outside_a_label_or_in_its_inset(
    titles: tuple[Passage, ...], language: str
) -> None:
    """Q6: the grid."""
    many = [label(one.code, titles=titles) for one in dozen()[:10]]
    [page] = pages_of(proved(run_of(*many, language=language)), 300)
    mm, paper = 300 / 25.4, ImageDraw.Draw(page)
    for row in range(5):
        for left in (4.65, 4.65 + 99.1 + 2.5):
            box = (left + L7173.inset - 0.1, 6 + 57 * row + L7173.inset - 0.1)
            far = (left + 99.1 - L7173.inset + 0.1, 6 + 57 * (row + 1) - L7173.inset + 0.1)
            paper.rectangle([tuple(one * mm for one in corner) for corner in (box, far)], 255)
    assert page.getextrema() == (255, 255)


@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("language", ["az", "ar"])
def test_no_ink_is_outside_a_label_of_any_stock_or_in_its_inset(
    stock: str, language: str
) -> None:
    """Q6: the grid."""
    on, mm = STOCKS[stock], 300 / 25.4
    many = [label(f"ab{one:02}n") for one in range(on.count)]
    [page] = pages_of(typeset(run_of(*many, language=language, stock=stock)), 300)
    paper = ImageDraw.Draw(page)
    for position in range(on.count):
        left, top = on.corner(position)
        box = (left + on.inset - 0.1, top + on.inset - 0.1)
        far = (left + on.width - on.inset + 0.1, top + on.height - on.inset + 0.1)
        paper.rectangle([tuple(one * mm for one in corner) for corner in (box, far)], 255)
    assert page.getextrema() == (255, 255)


def test_every_font_is_embedded_and_no_glyph_is_missing() -> None:
    """Q6: the fonts."""
    pdf = proved(run_of(label("ab12n", titles=FOREIGN), label("ab34n")))
    document = pypdfium2.PdfDocument(pdf)
    written = [one for one in document[0].get_objects() if one.type == raw.FPDF_PAGEOBJ_TEXT]
    assert written
    for one in written:
        assert raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(one.raw)) == 1
    document.close()
    assert not any(rb"(\000\000" in content for content in contents_of(pdf))


@pytest.mark.parametrize(
    ("titles", "language", "stock"),
    [
        *((titles, tag, "L7173") for titles in (KAMANCHA, FOREIGN) for tag in ("az", "ar")),
        *((LONG, tag, stock) for tag in ("az", "ar") for stock in STOCKS),
    ],
)
def test_four_modules_around_a_symbol_are_white(
    titles: tuple[Passage, ...], language: str, stock: str
) -> None:
    """Q7."""
    dpi = 300 if stock == "A3" else 600
    run = run_of(label("ab12n", titles=titles), language=language, stock=stock)
    [page], [[spot]] = pages_of(typeset(run), dpi), run.spots
    cut = around(page, spot, dpi)
    margin = round(spot.quiet * dpi / 25.4) - 1
    ImageDraw.Draw(cut).rectangle(
        (margin, margin, cut.width - margin, cut.height - margin), 255
    )
    assert cut.getextrema() == (255, 255)


def test_a_label_says_both_names_its_code_where_to_type_it_and_its_version() -> None:
    said = words_of(proved(run_of(label("ab10n"))))
    for words in ("Kamança", "Kamancha", "AB10-N", "g.hac.az", "v3 2026-11"):
        assert words in said
    assert "Skan edin və ya yazın: g.hac.az" in said
    assert "DRAFT" not in said


def test_a_language_without_an_invitation_falls_along_its_chain() -> None:
    assert "Scan or type at" in words_of(proved(run_of(label("ab12n"), language="ka")))


def test_a_draft_says_so_on_each_label_with_the_address_it_was_made_at() -> None:
    drafts = [label(one, base="http://192.168.1.20:8000") for one in ("ab12n", "ab34n")]
    said = words_of(proved(run_of(*drafts)))
    assert said.count("DRAFT") == 2
    assert said.count("192.168.1.20:8000") == 2


def test_a_part_used_sheet_is_begun_where_it_is_free() -> None:
    run = run_of(*dozen()[:3], start=10)
    last, first = (zxingcpp.read_barcodes(page) for page in pages_of(proved(run), 300))
    assert [one.text[-5:] for one in last] == ["ab10n"]
    assert {one.text[-5:] for one in first} == {"ab11n", "ab12n"}
    assert run.spot(*run.sheets[0][0]).top > 6 + 4 * 57


@pytest.mark.parametrize("start", [0, 11])
def test_a_sheet_cannot_begin_outside_itself(start: int) -> None:
    with pytest.raises(LabelsRefusedError, match="from 1 to 10"):
        proved(run_of(label("ab12n"), start=start))


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
        pdf = proved(run_of(label("ab12n", titles=titles)))
        assert 14 in sizes_in(pdf)
        assert titles[0].text in words_of(pdf)


def test_a_long_name_shrinks_and_no_word_is_lost() -> None:
    pdf = proved(run_of(label("ab12n", titles=LONG)))
    said = words_of(pdf)
    assert all(one.text in said for one in LONG)
    assert set(sizes_in(pdf)) == {16, 10, 6}


@pytest.mark.parametrize("language", ["az", "ar"])
@pytest.mark.parametrize("stock", ["L7165", "A6", "A5", "A3"])
def test_the_languages_are_named_at_10_points_and_more(stock: str, language: str) -> None:
    endonyms = (
        "Azərbaycanca",
        "English",
        "Русский",
        "Türkçe",
        "简体中文",
        "العربية",
        "Français",
    )
    named = tuple(Passage(one, "en") for one in endonyms)
    run = run_of(label("ab12n", titles=LONG), language=language, stock=stock)
    pdf = proved(replace(run, endonyms=named))
    small, *others = sorted(set(sizes_in(pdf)))
    assert small == pytest.approx(6 * min(2, STOCKS[stock].scale)), "the version"
    assert min(others) >= 10


@pytest.mark.parametrize("name", ["Philharmonic " * 20, "Ph" * 40])
def test_a_name_that_no_label_holds_is_refused_with_its_code(name: str) -> None:
    with pytest.raises(TitleTooLongError, match="AB12-N"):
        typeset(run_of(label("ab12n", titles=(Passage(name.strip(), "en"),))))


def test_a_character_that_no_font_draws_is_refused_by_name() -> None:
    with pytest.raises(MissingGlyphError, match=r"AB12-N.*U\+1F40E HORSE"):
        run_of(label("ab12n", titles=(Passage("Tar 🐎", "en"),)))


def test_markup_in_a_name_is_printed_as_it_stands() -> None:
    odd = 'Tar #evil[*x*] $a$ "'
    assert odd in words_of(proved(run_of(label("ab12n", titles=(Passage(odd, "en"),)))))


def test_missing_fonts_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(MissingFontError, match=r"python3 run\.py setup"):
        proved(run_of(label("ab12n")))


def test_the_same_labels_are_the_same_bytes() -> None:
    assert proved(run_of(*dozen())) == proved(run_of(*dozen()))


def test_a_sheet_with_another_symbol_place_or_number_of_pages_is_not_released() -> None:
    run = run_of(label("ab12n"))
    pdf, [[spot]] = proved(run), run.spots
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
        assert [one.code for one in run.faces] == [one.code for one in codes_of(db)]
        tar = next(one.code for one in codes_of(db) if one.thing.slug == "tar")
    [found] = [one for one in run.faces if one.code == tar]
    assert found.titles == (Passage("Tar lute", "en"),), "a name that fell back is said once"
    assert grouped(tar) in words_of(proved(run))


def test_what_cannot_be_visited_gets_no_label(museum: Database) -> None:
    with museum.writing() as db:
        codes = list(codes_of(db, "musical-instruments"))
        withdrawn, retired, merged, *rest = codes
        db.get_one(Exhibit, withdrawn.exhibit_id).withdraw(at=OPENING_DAY)
        retired.retire(at=OPENING_DAY)
        db.get_one(Code, merged.code).alias_of = rest[0].code
        db.query(Exhibition).filter_by(slug="classic-cars").one().closed_at = OPENING_DAY
        kept = {one.code for one in rest}
    with museum.reading() as db:
        az = languages_named(offer(db, "az"), "az")
        labels = faces_of(db, az, Symbol.of, BASE, "musical-instruments")
        assert {one.code for one in labels} == kept
        for exhibition in ("classic-cars", "nowhere"):
            with pytest.raises(LabelsRefusedError, match=exhibition):
                faces_of(db, az, Symbol.of, BASE, exhibition)


@pytest.mark.parametrize("tags", ["az,en,ru,tr", "az,az", "de", "", "az,", "AZ,az"])
def test_titles_are_in_one_to_three_languages_of_the_guide(tags: str) -> None:
    with pytest.raises(LabelsRefusedError, match="one to three of az, en"):
        languages_named(make.offer(), tags)
    assert [one.tag for one in languages_named(make.offer(), "zh-hans, az,en")] == [
        "zh-Hans",
        "az",
        "en",
    ]


@pytest.mark.parametrize("stock", STOCKS)
def test_only_a_large_stock_takes_three_languages_and_names_the_others(stock: str) -> None:
    three = languages_named(make.offer(), "az,en,ru")
    of = ([label("ab12n")], three, make.offer(), NOVEMBER, STOCKS[stock])
    if stock in {"L7160", "L7163", "L7173"}:
        with pytest.raises(LabelsRefusedError, match=f"{stock} holds titles in 2 languages"):
            Run.of(*of)
    else:
        assert "az · en · zh-Hans · ru · tr · ar · fr" in words_of(proved(Run.of(*of)))


def test_an_unknown_stock_is_answered_with_those_there_are() -> None:
    assert stock_named("L7173") is L7173
    with pytest.raises(LabelsRefusedError, match="there is L7160, L7163, L7173, L7165, A6, A5"):
        stock_named("L7161")


PLANNED_CM = {"L7160": 31, "L7163": 31, "L7173": 48, "L7165": 53, "A6": 67, "A5": 96}


@pytest.mark.parametrize("stock", PLANNED_CM)
def test_a_weak_phone_reads_each_stock_from_as_far_as_planned(stock: str) -> None:
    reach = STOCKS[stock].reach(label("ab12n").symbol)
    assert reach / 10 == pytest.approx(PLANNED_CM[stock], abs=1)


def test_a_poster_is_read_from_almost_two_metres() -> None:
    assert STOCKS["A3"].reach(label("ab12n").symbol) == pytest.approx(1_900, abs=50)


@pytest.mark.parametrize("stock", STOCKS)
def test_a_page_of_labels_fits_its_sheet(stock: str) -> None:
    on = STOCKS[stock]
    first, last = on.corner(0), on.corner(on.count - 1)
    assert min(first) >= 0
    assert last[0] + on.width <= on.page[0] + 0.01
    assert last[1] + on.height <= on.page[1] + 0.01


@pytest.mark.parametrize("stock", STOCKS)
def test_a_draft_says_so_on_every_stock(stock: str) -> None:
    draft = label("ab12n", base="http://192.168.1.20:8000")
    assert "DRAFT" in words_of(proved(run_of(draft, stock=stock)))


def test_a_calibration_page_comes_first_with_two_lines_of_100_mm() -> None:
    languages = languages_named(make.offer(), "ar,en")
    run = Run.of(
        [label("ab12n")], languages, make.offer(), NOVEMBER, L7173, has_calibration=True
    )
    pdf = proved(run)
    first, second = pages_of(pdf, 300)
    assert "Print at 100 %. Both lines must be 100 mm long." in words_of(pdf)
    assert not zxingcpp.read_barcodes(first)
    assert len(zxingcpp.read_barcodes(second)) == 1
    mm = 300 / 25.4
    # The strokes of each ruler, which stand 10 mm from one another.
    across = first.crop((0, round(37.5 * mm), first.width, round(38 * mm)))
    down = first.crop((round(37.5 * mm), 0, round(38 * mm), first.height))
    for strip, axis in ((across, 0), (down, 1)):
        box = ImageOps.invert(strip).getbbox()
        assert box
        assert (box[axis + 2] - box[axis]) / mm == pytest.approx(100, abs=0.5)


def test_crop_marks_are_drawn_at_the_corners_and_only_when_asked_for() -> None:
    az, mm = make.language("az", "en"), 300 / 25.4
    left, top = (one * mm for one in L7173.corner(0))
    corner = (round(left) - 3, round(top) - 3, round(left + mm), round(top + mm))
    for asked, lightest in ((True, False), (False, True)):
        of = ([label("ab12n")], [az], make.offer(), NOVEMBER, L7173)
        [page] = pages_of(proved(Run.of(*of, has_crop_marks=asked)), 300)
        assert (page.crop(corner).getextrema() == (255, 255)) is lightest


def test_a_slip_says_what_was_proved() -> None:
    run = run_of(*dozen()[:3], start=10)
    pdf = typeset(run)
    told = json.loads(prove(pdf, run.spots).slip())
    assert [page["codes"] for page in told["pages"]] == [["ab10n"], ["ab11n", "ab12n"]]
    assert told["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert all(page["off_mm"] < 0.2 and page["smallest_pt"] == 6 for page in told["pages"])
    assert any("NotoSans" in font for font in told["fonts"])


WRONG = {
    "another ink": '#place(top + left, dx: 150mm, rect(fill: rgb("#c00"), width: 5mm))',
    "margin": "#place(top + left, dx: {x}mm, dy: {y}mm, rect(fill: ink, width: 2mm))",
}


@pytest.mark.parametrize("told", WRONG)
def test_a_sheet_with_what_should_not_be_on_it_is_not_released(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(label("ab12n"))
    [[spot]] = run.spots
    more = WRONG[told].format(x=spot.left - 3, y=spot.top + 5)
    wrong = tmp_path / "run.typ"
    wrong.write_text(forme.SHEET.read_text(encoding="utf-8") + more, encoding="utf-8")
    shutil.copy(printed.ROOT / "printed.typ", tmp_path)
    monkeypatch.setattr(printed, "ROOT", tmp_path)
    monkeypatch.setattr(forme, "SHEET", wrong)
    with pytest.raises(UnprovedSheetError, match=told):
        prove(typeset(run), run.spots)


def test_a_sheet_without_its_fonts_is_not_released() -> None:
    run = run_of(label("ab12n"))
    pdf = typeset(run)
    without = re.sub(rb"/FontFile(\d?) ", rb"/FontFale\1 ", pdf)
    assert without != pdf
    with pytest.raises(UnprovedSheetError, match="is not in the file"):
        prove(without, run.spots)


def test_a_sheet_with_a_missing_glyph_is_not_released() -> None:
    run = run_of(label("ab12n"))
    content = next(contents_of(typeset(run)))
    holed = re.sub(rb"\((?:\\.|[^\\)])*\)", rb"(\\000\\000)", content, count=1)
    assert holed != content
    page = b"\n1 0 obj\n<< /Contents 2 0 R >>\nendobj\n2 0 obj\n<< >>\nstream\n"
    with pytest.raises(UnprovedSheetError, match="no glyph"):
        prove(page + zlib.compress(holed) + b"\nendstream", run.spots)
