"""Words and vocabularies as sheets, and between those and the database."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlalchemy.orm import Session

from guide.exhibits.glossary import (
    ENTRIES,
    Entry,
    Term,
    Vocabulary,
    Word,
    thing_called,
    vocabularies,
    words,
)
from guide.exhibits.sheets import InLanguages, Key, Sheet, Slug, Source


def _given(source: str) -> str:
    if not source:
        raise ValueError("a word of the glossary or of a vocabulary has a source")
    return source


GivenSource = Annotated[Source, AfterValidator(_given)]


class WordSheet(Sheet):
    """`glossary/<word>.toml`; `unread` are the languages that no person has read."""

    kind = "word"

    source: GivenSource
    unread: Annotated[tuple[str, ...], Field(strict=False)] = ()
    names: InLanguages
    meanings: InLanguages


class TermEntry(Sheet):
    """A word of a vocabulary."""

    kind = "term"

    slug: Slug
    names: InLanguages
    source: GivenSource


def _once(terms: tuple[TermEntry, ...]) -> tuple[TermEntry, ...]:
    slugs = [one.slug for one in terms]
    for number, slug in enumerate(slugs):
        if slug in slugs[:number]:
            raise ValueError(f"«{slug}» stands there twice")
    return terms


class VocabularySheet(Sheet):
    """`vocabularies/<vocabulary>.toml`."""

    kind = "vocabulary"

    source: GivenSource
    names: InLanguages
    terms: Annotated[tuple[TermEntry, ...], Field(strict=False), AfterValidator(_once)] = ()


def sheets_of(db: Session) -> dict[Key, Sheet]:
    """Write what is not in the bin as sheets."""
    there = [("word", one) for one in words(db)]
    lists = [("vocabulary", one) for one in vocabularies(db)]
    return {(kind, one.slug, ""): sheet_of(one) for kind, one in (*lists, *there)}


def sheet_of(entry: Entry) -> WordSheet | VocabularySheet:
    """Write a word or a vocabulary as its sheet."""
    if isinstance(entry, Word):
        return WordSheet(
            source=entry.source,
            unread=tuple(entry.unread),
            names=dict(entry.names),
            meanings=dict(entry.meanings),
        )
    terms = entry.terms if isinstance(entry, Vocabulary) else ()
    return VocabularySheet(
        source=entry.source,
        names=dict(entry.names),
        terms=tuple(
            TermEntry(slug=one.slug, names=dict(one.names), source=one.source) for one in terms
        ),
    )


def bring_in(db: Session, slug: str, sheet: WordSheet | VocabularySheet) -> None:
    """Write a sheet into the database; what lies in the bin comes out of it."""
    entry = thing_called(db, sheet.kind, slug) or ENTRIES[sheet.kind](slug=slug)
    entry.names, entry.source = sheet.names, sheet.source
    entry.put_back()
    if isinstance(entry, Word) and isinstance(sheet, WordSheet):
        entry.meanings, entry.unread = sheet.meanings, sheet.unread
    elif isinstance(entry, Vocabulary) and isinstance(sheet, VocabularySheet):
        entry.terms = tuple(Term(one.slug, one.names, one.source) for one in sheet.terms)
    db.add(entry)


def words_of(
    sheet: WordSheet | VocabularySheet,
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, str]]]:
    """Go through what a sheet says in languages, with its place."""
    yield ("names",), sheet.names
    if isinstance(sheet, WordSheet):
        yield ("meanings",), sheet.meanings
        yield ("unread",), dict.fromkeys(sheet.unread, "")
    else:
        for number, term in enumerate(sheet.terms):
            yield ("terms", number, "names"), term.names


def is_kind(kind: str) -> bool:
    """Say whether a kind of sheet is one of these."""
    return kind in ENTRIES
