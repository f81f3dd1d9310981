"""Words in several languages, and reading them along a chain of fallbacks."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, str]
"""The same words per language tag: {"az": "Kamança", "en": "Kamancha"}."""


@dataclass(frozen=True)
class Passage:
    """Words and the language that they are in, which may not be the one asked for."""

    text: str
    language: str


def first_in(words: Words, chain: Iterable[str]) -> Passage | None:
    """Return the words in the first language of the chain that has any."""
    return next((Passage(words[tag], tag) for tag in chain if words.get(tag)), None)


def normalised(text: str) -> str:
    """Return a text as it is compared: NFC, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fingerprint(field: str | Sequence[str]) -> str:
    """Return the hash that `made_from` keeps of a source field: 16 hex digits of SHA-256."""
    lines = [field] if isinstance(field, str) else field
    told = "\n".join(normalised(line) for line in lines)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
