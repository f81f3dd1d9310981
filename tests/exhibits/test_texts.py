"""What visitors are given to read is short enough to be read standing."""

import pytest

from guide.exhibits.counting import LONGEST_CHUNK, LONGEST_HOOK, chunks, words
from guide.exhibits.folder import read_folder
from guide.exhibits.sheets import TextSheet
from guide.upkeep.content import ALL_KINDS
from tests.conftest import EXHIBITIONS

FOLDER, FAULTS = read_folder(EXHIBITIONS, ALL_KINDS)
TEXTS = {
    FOLDER.files[key][0]: (key[2], sheet)
    for key, sheet in FOLDER.sheets.items()
    if isinstance(sheet, TextSheet)
}

every_text = pytest.mark.parametrize("file", TEXTS)


def test_the_starter_content_has_its_texts_in_every_language() -> None:
    assert FAULTS == []
    assert {tag for tag, _ in TEXTS.values()} == {
        "az",
        "en",
        "ru",
        "tr",
        "zh-Hans",
        "ar",
        "fr",
    }


@every_text
def test_a_hook_is_a_breath_long(file: str) -> None:
    tag, text = TEXTS[file]

    assert words(text.hook, tag) <= LONGEST_HOOK


@every_text
def test_a_chunk_of_a_story_can_be_read_standing(file: str) -> None:
    tag, text = TEXTS[file]

    assert [one for one in chunks(text.story) if words(one, tag) > LONGEST_CHUNK] == []


@pytest.mark.parametrize(
    ("text", "tag", "count"),
    [("Bir xalça, iki naxış.", "az", 4), ("这块地毯，\n两种图案。", "zh-Hans", 10 / 1.8)],
)
def test_words_are_counted_as_a_language_writes_them(text: str, tag: str, count: float) -> None:
    assert words(text, tag) == count


def test_a_chunk_ends_where_a_heading_stands() -> None:
    story = "Before.\n\n## One\n\nA ## b.\n\n## Two\n\nC."

    assert [*chunks(story)] == ["Before.", "A ## b.", "C."]
