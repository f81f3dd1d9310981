"""The papers of a tour: what is on them is what was meant, in every script (G8)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from guide.exhibits.words import Passage
from guide.qr.proof import contents_of
from guide.qr.symbols import Symbol
from guide.tours.forme import NoRoomError
from guide.tours.model import Level
from guide.tours.papers import Brief, NameList, Paper, Programme, WelcomeCard
from guide.tours.setting import UndrawableError, typeset
from tests.qr.test_labels import pages_of, symbols_in, words_of
from tests.tours.papers import (
    A_TENTH,
    ADDRESS,
    ALIYEVA,
    RASHID,
    READER,
    XI,
    at_level,
    brief,
    card,
    guests,
    is_drawn,
    name_list,
    overlapping,
    pages_with_boxes,
    programme,
    untold,
)

POINT_MM = 25.4 / 72

PAIRS = [("az", "zh-Hans"), ("az", "ar"), ("az", "fr"), ("en",)]
PAPERS: dict[str, Callable[..., Paper]] = {
    "programme": programme,
    "card": card,
    "names": name_list,
    "brief": lambda *languages: brief(languages[-1]),
}
KINDS = pytest.mark.parametrize("kind", PAPERS)
LANGUAGES = pytest.mark.parametrize("languages", PAIRS, ids="+".join)
NAMES = pytest.mark.parametrize("name", [XI, RASHID, ALIYEVA], ids=["xi", "rashid", "aliyeva"])


@KINDS
@LANGUAGES
def test_a_paper_is_tagged_titled_and_in_its_language(
    kind: str, languages: tuple[str, ...]
) -> None:
    paper = PAPERS[kind](*languages)
    pdf = typeset(paper)

    document = pypdfium2.PdfDocument(pdf)
    assert document.get_metadata_value("Title")
    document.close()
    assert b"/StructTreeRoot" in pdf
    assert f"/Lang({paper.languages[0].partition('-')[0]})".encode() in pdf


@KINDS
@LANGUAGES
def test_nothing_overlaps_or_leaves_the_page(kind: str, languages: tuple[str, ...]) -> None:
    assert_well_placed(typeset(PAPERS[kind](*languages)))


@KINDS
def test_equal_papers_are_equal_bytes(kind: str) -> None:
    assert typeset(PAPERS[kind]("az", "ar")) == typeset(PAPERS[kind]("az", "ar"))


# Names.


@LANGUAGES
@NAMES
def test_a_name_is_on_the_list_as_it_was_written(
    name: Passage, languages: tuple[str, ...]
) -> None:
    assert is_drawn(name, typeset(name_list(*languages)), size="11pt")


@NAMES
def test_a_name_is_in_the_brief_as_it_was_written(name: Passage) -> None:
    assert is_drawn(name, typeset(brief("az")), size="11.5pt")


@NAMES
def test_another_name_is_not_taken_for_it(name: Passage) -> None:
    others = [one for one in guests("az") if one.name != name]
    assert not is_drawn(name, typeset(replace(name_list("az"), guests=others)), size="11pt")


@pytest.mark.parametrize("other", ["平习近", "近平习"])
def test_the_same_characters_in_another_order_are_another_name(other: str) -> None:
    pdf = typeset(name_list("az"))
    assert is_drawn(XI, pdf, size="11pt")
    assert not is_drawn(replace(XI, text=other), pdf, size="11pt")


def test_a_head_is_named_in_the_programme_in_each_language() -> None:
    pdf = typeset(programme("az", "zh-Hans"))
    assert is_drawn(XI, pdf, size="10.5pt")
    assert "sədr" in words_of(pdf)


def test_letters_of_azerbaijani_and_chinese_can_be_copied_out() -> None:
    words = words_of(typeset(name_list("az", "zh-Hans")))
    assert "Əliyeva Ə." in words
    assert "习近平" in words


def test_names_stand_in_the_order_of_precedence() -> None:
    words = words_of(typeset(name_list("en")))
    assert words.index("习近平") < words.index("Əliyeva Ə.")


@KINDS
def test_a_name_that_cannot_be_drawn_is_refused_by_name(kind: str) -> None:
    georgian = Passage("ანა", "ka")
    paper = PAPERS[kind]("az")
    wrong: Paper
    if isinstance(paper, Brief):
        wrong = replace(paper, parties=[georgian])
    else:
        wrong = replace(paper, parties=[(georgian,)])

    with pytest.raises(UndrawableError, match=r"«ანა».*U\+10D0 GEORGIAN LETTER AN"):
        typeset(wrong)


def test_no_names_of_persons_are_on_the_card() -> None:
    assert not hasattr(card("en"), "guests")


# Languages.


def test_arabic_stands_at_the_right_whichever_is_said_first() -> None:
    assert typeset(programme("az", "ar")) != typeset(programme("ar", "az"))
    for languages in (("az", "ar"), ("ar", "az")):
        [(width, _, some)] = pages_with_boxes(typeset(programme(*languages)))
        furthest = max(one.right for one in some)
        assert furthest == pytest.approx(width - 20 / POINT_MM, abs=1)


def test_arabic_alone_has_its_times_at_the_right() -> None:
    [(width, _, some)] = pages_with_boxes(typeset(programme("ar")))
    at_edge = [one for one in some if abs(one.right - (width - 20 / POINT_MM)) < 1]
    assert len(at_edge) == 3  # two entries and the end


def test_words_in_two_languages_stand_on_one_line() -> None:
    [(_, _, some)] = pages_with_boxes(typeset(programme("az", "fr")))
    second = [one for one in some if one.left > 297 and one.top < 560]
    first = [one for one in some if 120 < one.left < 297 and one.top < 560]
    feet = sorted(round(one.foot) for one in first)
    assert all(any(abs(round(one.foot) - foot) <= 3 for foot in feet) for one in second)


# The symbol.


@LANGUAGES
def test_the_programmes_code_is_read_from_the_paper(languages: tuple[str, ...]) -> None:
    [page] = pages_of(typeset(programme(*languages)), 300)
    [read] = symbols_in(page)
    assert read.text == ADDRESS


def test_a_cards_symbol_is_seventy_millimetres_with_its_margin() -> None:
    [page] = pages_of(typeset(card("zh-Hans", "az")), 300)
    [read] = symbols_in(page)
    dark = (read.position.top_right.x - read.position.top_left.x) / 300 * 25.4
    assert read.text == ADDRESS
    assert dark * 37 / 29 == pytest.approx(70, abs=1)


def test_a_programme_without_an_address_has_no_symbol() -> None:
    pdf = typeset(replace(programme("az", "en"), symbol=None))
    assert symbols_in(pages_of(pdf, 300)[0]) == []
    assert "Kodu telefonla oxudun" not in words_of(pdf)


@pytest.mark.parametrize("kind", ["programme", "card"])
def test_only_a_draft_says_so(kind: str) -> None:
    draft = Symbol.draft_of(ADDRESS.replace("https://g.hac.az", "http://127.0.0.1:8000"))
    paper = PAPERS[kind]("az", "en")
    assert isinstance(paper, (Programme, WelcomeCard))

    assert "DRAFT" not in words_of(typeset(paper))
    pdf = typeset(replace(paper, symbol=draft))
    assert "DRAFT" in words_of(pdf)
    [read] = symbols_in(pages_of(pdf, 300)[-1])
    assert read.text == draft.payload


# Levels.


@KINDS
@pytest.mark.parametrize("level", Level)
def test_a_watermark_with_the_readers_name_is_there_from_level_two(
    kind: str, level: Level
) -> None:
    pdf = typeset(at_level(PAPERS[kind]("en"), level))

    marked = [A_TENTH in content for content in contents_of(pdf)]
    assert set(marked) == {level >= Level.RESTRICTED}
    if kind == "card" and level < Level.RESTRICTED:
        assert READER not in words_of(pdf)


def test_every_page_has_the_watermark() -> None:
    pdf = typeset(brief("az", times=8, level=Level.CLOSED))
    contents = list(contents_of(pdf))
    assert len(contents) > 2
    assert all(A_TENTH in content for content in contents)


@pytest.mark.parametrize("kind", ["names", "brief"])
@pytest.mark.parametrize("level", Level)
def test_a_paper_with_names_always_says_how_confidential_it_is(kind: str, level: Level) -> None:
    words = words_of(typeset(at_level(PAPERS[kind]("en"), level)))
    said = ["Level 0: public", "Level 1: internal", "Level 2: restricted", "Level 3: closed"]
    assert [one for one in said if one in words] == [said[level]]
    assert f"Printed for {READER}" in words


def test_a_symbol_keeps_its_margin_white_before_a_watermark() -> None:
    for paper in (programme("az", "ar", level=Level.CLOSED), card("ar", level=Level.CLOSED)):
        [read] = symbols_in(pages_of(typeset(paper), 300)[0])
        assert read.text == ADDRESS


# Long ones.


@LANGUAGES
def test_a_programme_of_forty_stops_runs_over_pages(languages: tuple[str, ...]) -> None:
    pdf = typeset(programme(*languages, stops=40))
    pages = pages_of(pdf, 300)

    assert len(pages) == 2
    assert symbols_in(pages[0]) == []
    assert [one.text for one in symbols_in(pages[-1])] == [ADDRESS]
    assert words_of(pdf).count("11:22") == 2, "the time and heading come again on each page"
    assert_well_placed(pdf)


@LANGUAGES
def test_a_list_of_many_persons_repeats_its_columns(languages: tuple[str, ...]) -> None:
    pdf = typeset(name_list(*languages, times=7))

    pages = list(pages_with_boxes(pdf))
    heading = {"az": "Rəsmi adı", "en": "Official name"}[languages[0]]
    assert len(pages) > 1
    assert words_of(pdf).count(heading) == len(pages)
    assert_well_placed(pdf)


def test_a_long_brief_stays_on_its_pages() -> None:
    assert_well_placed(typeset(brief("ar", times=8)))


def test_long_names_stay_in_their_columns() -> None:
    long = Passage("Mohammed bin Abdulrahman Al-Yamahi " * 4, "en")
    some = [replace(one, name=long, spellings=(long,)) for one in guests("az", "zh-Hans")]
    assert_well_placed(typeset(replace(name_list("az", "zh-Hans"), guests=some)))


def test_a_card_shrinks_long_words_and_refuses_those_that_no_size_makes_fit() -> None:
    long = Passage("Association for Friendship with Foreign Countries of the People", "en")
    assert_well_placed(typeset(replace(card("en"), parties=[(long,)] * 2)))
    with pytest.raises(NoRoomError, match="names of the delegation"):
        typeset(replace(card("en"), parties=[(long,)] * 12))


# What nobody has told.


def test_a_brief_says_of_each_part_that_nothing_was_told_of_it() -> None:
    words = words_of(typeset(untold("en")))
    assert words.count("Nothing was told.") == 21
    assert "No photographs" not in words


def test_a_brief_without_gaps_says_what_was_told() -> None:
    words = words_of(typeset(brief("en")))
    for told in (
        "Your Excellency",
        "şi cin-pin",
        "Do not photograph",
        "İşıq yandırılsın",
        "Whisper sets: 3–9",
        "must be seen",
        "İşıq yandırılsın",
        "Ask before taking photographs.",
        "+994 50 000 00 00",
    ):
        assert told in words


def test_a_paper_of_another_day_says_that_day() -> None:
    later = replace(programme("en"), day=date(2027, 1, 5))
    assert "Tuesday, 5 January 2027" in words_of(typeset(later))


def test_nobody_on_a_list_is_said_in_words() -> None:
    empty: NameList = replace(name_list("en"), guests=())
    assert "Nothing was told." in words_of(typeset(empty))


def test_a_line_break_in_a_name_is_a_space() -> None:
    broken = replace(guests("en")[0], name=Passage("Yang\n\tWanming", "en"))
    assert "Yang Wanming" in words_of(typeset(replace(name_list("en"), guests=[broken])))


def assert_well_placed(pdf: bytes) -> None:
    """Nothing that is written leaves its page, or stands over something else."""
    for width, height, some in pages_with_boxes(pdf):
        written = [one for one in some if not one.is_watermark]
        assert all(one.left > 15 and one.right < width - 15 for one in written)
        assert all(one.foot > 15 and one.top < height - 15 for one in written)
        assert overlapping(written) == []
