"""The interface's words in each language, from gettext catalogues, with CLDR's rules."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "catalogues"
SOURCE = "en"
"""The language that the templates are written in; it needs no catalogue of its own."""

PUBLIC_WORDS = ""
OFFICE_WORDS = "office"
"""Folders of catalogues: what visitors read, in every language; and staff, in two."""


@cache
def translations(tag: str, words: str = PUBLIC_WORDS) -> NullTranslations:
    """Return the words of a language; one without a catalogue speaks English, visibly."""
    catalogue = CATALOGUES / words / f"{tag}.po"
    if not catalogue.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with catalogue.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale(tag)))
    compiled.seek(0)
    return Translations(compiled)


@cache
def locale(tag: str) -> Locale:
    """Return CLDR's rules for a tag."""
    return Locale.parse(tag, sep="-")
