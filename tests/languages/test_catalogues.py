"""The interface is whole in every language, and written as its readers write."""

import re
import tomllib
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from guide.languages.catalogues import CATALOGUES, SOURCE, locale, translations
from guide.settings import FILES

ROOT = Path(__file__).parents[2]
TAGS = [
    language["tag"]
    for language in tomllib.loads(
        (FILES / "exhibitions" / "languages.toml").read_text("utf-8")
    )["languages"]
    if language["tag"] != SOURCE
]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
HIGH_WITHOUT_ITS_SPACE = re.compile("(?<![\u00a0\u202f])[:;!?»]|«(?![\u00a0\u202f])")
ASCII_BESIDE_HAN = re.compile("[\u4e00-\u9fff][,.;:!?()]|[,.;:!?()][\u4e00-\u9fff]")

OFFICE = ["office/az"]
"""What staff read besides the language of the templates: a catalogue in a folder of its own."""

every_language = pytest.mark.parametrize("tag", TAGS + OFFICE)

Sentence = str | tuple[str, ...]


def in_the_interface(tag: str) -> set[Sentence]:
    """Find what the templates say, and the papers that are printed."""
    mapping = "babel-office.cfg" if tag in OFFICE else "babel.cfg"
    with (ROOT / mapping).open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    return {
        sentence
        for folder in (FILES / "templates", ROOT / "guide")
        for _, _, sentence, _, _ in extract_from_dir(folder, methods, options)
    }


def catalogue(tag: str) -> Catalog:
    with (CATALOGUES / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=locale_of(tag), abort_invalid=True)


def locale_of(tag: str) -> Locale:
    return locale(tag.rpartition("/")[2])


def entries(tag: str) -> Iterator[tuple[Message, tuple[str, ...]]]:
    for message in catalogue(tag):
        if message.id:
            said = message.string
            yield message, tuple(said) if isinstance(said, (list, tuple)) else (said or "",)


def sentences(tag: str) -> list[str]:
    return [text for _, texts in entries(tag) for text in texts]


def numbers_said_by(tag: str, form: int) -> list[int]:
    rule = c2py(catalogue(tag).plural_expr)
    return [number for number in range(1000) if rule(number) == form]


def test_every_language_but_that_of_the_templates_has_a_catalogue() -> None:
    files = CATALOGUES.rglob("*.po")
    known = {file.relative_to(CATALOGUES).with_suffix("").as_posix() for file in files}
    assert known == {*TAGS, *OFFICE}


@every_language
def test_a_catalogue_has_the_sentences_of_the_interface_and_no_others(tag: str) -> None:
    assert {message.id for message, _ in entries(tag)} == in_the_interface(tag)
    assert not catalogue(tag).obsolete


@every_language
def test_no_sentence_is_empty_or_in_doubt(tag: str) -> None:
    assert all(text.strip() for text in sentences(tag))
    assert not [message.id for message, _ in entries(tag) if message.fuzzy]


@every_language
def test_no_sentence_begins_or_ends_with_a_space(tag: str) -> None:
    assert [text for text in sentences(tag) if text != text.strip()] == []


@every_language
def test_a_sentence_keeps_its_placeholders(tag: str) -> None:
    for message, texts in entries(tag):
        if isinstance(message.id, str):
            assert sorted(PLACEHOLDER.findall(texts[0])) == sorted(
                PLACEHOLDER.findall(message.id)
            )


@every_language
def test_a_counted_sentence_names_its_number_unless_it_says_one_number_in_words(
    tag: str,
) -> None:
    for message, texts in entries(tag):
        if isinstance(message.id, tuple):
            for form, text in enumerate(texts):
                wanted = PLACEHOLDER.findall(message.id[1])
                assert PLACEHOLDER.findall(text) == wanted or (
                    not PLACEHOLDER.search(text) and len(numbers_said_by(tag, form)) == 1
                )


@every_language
def test_a_counted_sentence_has_as_many_forms_as_its_language(tag: str) -> None:
    wanted = get_plural(str(locale_of(tag))).num_plurals
    assert catalogue(tag).num_plurals == wanted
    assert {len(texts) for message, texts in entries(tag) if isinstance(message.id, tuple)} == {
        wanted
    }


@every_language
def test_numbers_that_cldr_counts_alike_take_one_form(tag: str) -> None:
    rule, category = c2py(catalogue(tag).plural_expr), locale_of(tag).plural_form
    pairs = {(category(number), rule(number)) for number in range(1000)}
    assert len(pairs) == len({kind for kind, _ in pairs})
    assert {form for _, form in pairs} == set(range(catalogue(tag).num_plurals))


@every_language
def test_a_catalogue_names_no_tool_no_person_and_no_day(tag: str) -> None:
    headers = (CATALOGUES / f"{tag}.po").read_text("utf-8").split("\n\n", 1)[0]
    assert set(re.findall(r'^"([\w-]+):', headers, re.MULTILINE)) == {
        "Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Plural-Forms",
    }


@every_language
def test_no_typewriter_quotes_are_used(tag: str) -> None:
    assert [text for text in sentences(tag) if "'" in text or '"' in text] == []


@every_language
def test_digits_are_the_ones_on_the_labels(tag: str) -> None:
    digits = {sign for text in sentences(tag) for sign in text if sign.isdecimal()}
    assert all(sign.isascii() for sign in digits)


def test_arabic_counts_in_its_six_ways() -> None:
    say = translations("ar").ungettext
    said = [
        say("%(num)s page", "%(num)s pages", n) % {"num": n} for n in (0, 1, 2, 3, 11, 100, 102)
    ]
    assert said == [
        "لا صفحات",
        "صفحة واحدة",
        "صفحتان",
        "3 صفحات",
        "11 صفحة",
        "100 صفحة",
        "102 صفحة",
    ]


def test_azerbaijani_counts_with_the_singular() -> None:
    say = translations("az").ungettext
    said = [say("%(num)s exhibition", "%(num)s exhibitions", n) % {"num": n} for n in (1, 4)]
    assert said == ["1 sərgi", "4 sərgi"]


def test_chinese_punctuation_is_full_width() -> None:
    texts = [PLACEHOLDER.sub("0", text) for text in sentences("zh-Hans")]
    assert [text for text in texts if ASCII_BESIDE_HAN.search(text)] == []


def test_french_high_punctuation_has_its_space_that_does_not_break() -> None:
    assert [text for text in sentences("fr") if HIGH_WITHOUT_ITS_SPACE.search(text)] == []
