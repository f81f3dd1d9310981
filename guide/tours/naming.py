"""What a delegation and its parties are called, in any language."""

import re
import unicodedata
from collections.abc import Sequence

from guide.exhibits.words import Passage, first_in
from guide.languages.catalogues import locale
from guide.languages.sorting import sort_key
from guide.tours.model import Party, Tour

COUNTRY_CODE = re.compile("[A-Z]{2}")
ORGANISATION, COUNTRY = "organisation", "country"

OTHER_LANGUAGES = (
    *("bg", "bn", "cs", "de", "el", "es", "fa", "he", "hi", "hu", "id", "it", "ja", "ka"),
    *("kk", "ko", "ky", "mn", "nl", "pl", "pt", "ro", "sq", "sr", "tg", "tk", "uk", "ur"),
    *("uz", "vi"),
)
"""Languages that guests speak and that the guide may not offer."""


def party_in(party: Party, chain: Sequence[str]) -> Passage:
    """Return the name of a party along a chain of languages.

    What somebody has written stands before what CLDR calls a country.
    """
    tag = chain[0]
    if party.code and not party.names.get(tag):
        named = locale(tag).territories.get(party.code)
        return Passage(named, tag) if named else Passage(party.code, "zxx")
    otherwise = next(iter(sorted(party.names.items())), ("zxx", party.code or "–"))
    return first_in(party.names, chain) or Passage(otherwise[1], otherwise[0])


def parties_in(tour: Tour, chain: Sequence[str]) -> tuple[Passage, ...]:
    """Return the names of all parties, organisations first."""
    ordered = sorted(tour.parties, key=lambda party: party.kind != ORGANISATION)
    return tuple(party_in(party, chain) for party in ordered)


def name_of(tour: Tour, chain: Sequence[str]) -> Passage:
    """Return what a tour is called: its first party, or its reference while none is told."""
    return next(iter(parties_in(tour, chain)), Passage(tour.reference, "zxx"))


def countries(language: str) -> list[tuple[str, str]]:
    """Return the countries and territories of CLDR, code and name, by name."""
    named = {
        str(code): str(name)
        for code, name in locale(language).territories.items()
        if COUNTRY_CODE.fullmatch(str(code)) and code not in NO_COUNTRY
    }
    return sorted(named.items(), key=lambda one: sort_key(one[1], language))


def language_name(tag: str, language: str) -> str:
    """Return what a language is called in another one."""
    named = locale(language).languages
    return named.get(tag.replace("-", "_")) or named.get(tag.partition("-")[0]) or tag


def direction_of(words: str) -> str:
    """Return the direction that words run in: that of their first letter (UAX #9, P2)."""
    kinds = (unicodedata.bidirectional(sign) for sign in words)
    first = next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"


NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes of CLDR that are no territory of anybody's."""
