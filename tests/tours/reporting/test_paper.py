"""The report on paper (G7): every section, the order of precedence, every script, watermark."""

from dataclasses import replace

import pypdfium2
import pytest

from guide.db import Database
from guide.exhibits.words import Passage
from guide.qr.proof import contents_of
from guide.tours.model import Level
from guide.tours.reporting.making import drafted, report_in
from guide.tours.reporting.report import Report, ReportPaper
from guide.tours.reporting.sections import sheet_of
from guide.tours.setting import UndrawableError, typeset
from tests.accounts.conftest import Desk
from tests.media import samples
from tests.qr.test_labels import words_of
from tests.tours.papers import (
    A_TENTH,
    READER,
    handling,
    is_drawn,
    overlapping,
    pages_with_boxes,
    pages_with_pictures,
)
from tests.tours.reporting.conftest import Walked, language, material

PAIRS = [("az", "en"), ("az", "zh-Hans"), ("az", "ar"), ("ar",), ("fr", "ru"), ("tr",)]
LANGUAGES = pytest.mark.parametrize("languages", PAIRS, ids="+".join)
NAMES = pytest.mark.parametrize(
    "name",
    [Passage("杨万明", "zh-Hans"), Passage("محمد بن راشد", "ar"), Passage("Əliyeva Ə.", "az")],
    ids=["yang", "rashid", "aliyeva"],
)


@pytest.fixture
def reports(museum: Database, nigar: Desk, walked_tour: Walked) -> dict[str, Report]:
    """The visit in every language."""
    found = material(museum, walked_tour(nigar))
    tags = {tag for pair in PAIRS for tag in pair}
    return {tag: report_in(found, language(museum, tag), drafted(found)) for tag in tags}


def paper(
    reports: dict[str, Report], *languages: str, level: Level = Level.INTERNAL
) -> ReportPaper:
    told = tuple(replace(reports[tag], level=level) for tag in languages)
    return ReportPaper(languages, handling(level), told)


@LANGUAGES
def test_a_report_is_tagged_titled_and_well_placed(
    reports: dict[str, Report], languages: tuple[str, ...]
) -> None:
    pdf = typeset(paper(reports, *languages))

    document = pypdfium2.PdfDocument(pdf)
    assert reports[languages[0]].reference in document.get_metadata_value("Title")
    document.close()
    assert b"/StructTreeRoot" in pdf
    assert f"/Lang({languages[0].partition('-')[0]})".encode() in pdf
    for width, height, some in pages_with_boxes(pdf):
        assert overlapping(some) == []
        assert all(one.left >= 0 and one.right <= width for one in some if not one.is_watermark)
        assert all(one.foot >= 0 and one.top <= height for one in some if not one.is_watermark)


@pytest.mark.parametrize("tag", ["az", "en"])
def test_every_section_is_on_it_in_order(reports: dict[str, Report], tag: str) -> None:
    words = words_of(typeset(paper(reports, tag)))

    places = [words.index(one.heading) for one in sheet_of(reports[tag]).sections]
    assert len(places) == 13
    assert places == sorted(places)


def test_guests_stand_in_the_order_of_precedence_and_letters_can_be_copied(
    reports: dict[str, Report],
) -> None:
    words = words_of(typeset(paper(reports, "az")))

    assert words.index("Yan Vanmin") < words.index("Əliyeva Ə.")
    for told in ("杨万明", "Azərbaycan xalçası", "Heydər Əliyev Mərkəzinə", "友谊长存"):
        assert told in words


@NAMES
def test_a_name_is_drawn_as_it_was_written(reports: dict[str, Report], name: Passage) -> None:
    weight = "regular" if name.language == "zh-Hans" else "bold"
    assert is_drawn(name, typeset(paper(reports, "az")), size="10pt", weight=weight)


@pytest.mark.parametrize("level", Level)
def test_a_watermark_is_there_from_level_two(reports: dict[str, Report], level: Level) -> None:
    pdf = typeset(paper(reports, "az", "en", level=level))

    assert {A_TENTH in one for one in contents_of(pdf)} == {level >= Level.RESTRICTED}
    said = ["Level 0: public", "Level 1: internal", "Level 2: restricted", "Level 3: closed"]
    assert said[level] in words_of(pdf)
    assert READER in words_of(pdf)


def test_pages_are_counted_and_say_whether_it_is_a_draft(reports: dict[str, Report]) -> None:
    words = words_of(typeset(paper(reports, "az", "en")))

    pages = int(words.partition("1 / ")[2][0])
    assert all(f"{n} / {pages}" in words for n in range(1, pages + 1))
    assert "Level 1: internal · Draft" in words


@pytest.mark.parametrize("size", [(1200, 800), (800, 1200), (3000, 300), (40, 30)], ids=str)
@pytest.mark.parametrize("languages", [("az", "en"), ("ar",)], ids="+".join)
def test_a_page_of_the_guest_book_lies_on_the_paper_clear_of_words(
    reports: dict[str, Report], size: tuple[int, int], languages: tuple[str, ...]
) -> None:
    [hash_] = reports["en"].book[0].pictures
    [last, *_] = reports["en"].book
    taken = {hash_: samples.picture(size=size)}
    many = {tag: replace(report, book=(last,) * 5) for tag, report in reports.items()}

    pdf = typeset(paper(many, *languages), taken)

    shown = list(pages_with_pictures(pdf))
    assert sum(len(pictures) for *_, pictures in shown) == 5 * len(languages)
    for width, height, words, pictures in shown:
        for one in pictures:
            assert one.left >= 0
            assert one.right <= width
            assert 0 <= one.foot < one.top <= height
            wide, high = one.right - one.left, one.top - one.foot
            assert wide / high == pytest.approx(size[0] / size[1], rel=0.02)
            assert not any(one.covers(word) for word in words)


def test_equal_reports_are_equal_bytes(reports: dict[str, Report]) -> None:
    assert typeset(paper(reports, "az", "ar")) == typeset(paper(reports, "az", "ar"))


def test_what_no_font_draws_is_refused_by_name(reports: dict[str, Report]) -> None:
    wrong = replace(reports["en"], interests=Passage("ანა", "ka"))

    with pytest.raises(UndrawableError, match="ანა"):
        typeset(ReportPaper(("en",), handling(), (wrong,)))


def test_a_long_report_stays_on_its_pages(reports: dict[str, Report]) -> None:
    report = reports["en"]
    long = replace(
        report,
        guests=report.guests * 20,
        route=replace(report.route, rows=report.route.rows * 8),
        interests=Passage("They asked a long question, and another. " * 95, "en"),
        quotes=Passage("A house like a wave, and like another. " * 95, "en"),
        press_note="A sentence that somebody wrote, and another. " * 80,
    )
    pages = list(pages_with_boxes(typeset(ReportPaper(("en",), handling(), (long,)))))

    assert len(pages) > 3
    for width, height, some in pages:
        assert overlapping(some) == []
        assert all(one.right <= width and one.foot >= 0 and one.top <= height for one in some)
