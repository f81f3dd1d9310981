"""Words and vocabularies as forms: what each says in every language, and who says so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from guide.curation.record_forms import slug_of_name
from guide.exhibits.glossary_sheets import VocabularySheet, WordSheet
from guide.web.forms import readable

MOST_TERMS = 60
TERM = re.compile(r"term-(\d{1,2})-[\w-]+")

Values = Mapping[str, str]
Entry = TypeVar("Entry", WordSheet, VocabularySheet)
Read = tuple[Entry | None, dict[str, str]]


def values_of_word(sheet: WordSheet) -> dict[str, str]:
    """Return the values of the form for a word."""
    values = {"source": sheet.source}
    values |= {f"name-{tag}": words for tag, words in sheet.names.items()}
    return values | {f"meaning-{tag}": words for tag, words in sheet.meanings.items()}


def values_of_vocabulary(sheet: VocabularySheet) -> dict[str, str]:
    """Return the values of the form for a vocabulary."""
    values = {"source": sheet.source}
    values |= {f"name-{tag}": words for tag, words in sheet.names.items()}
    for number, term in enumerate(sheet.terms):
        values |= {f"term-{number}-slug": term.slug, f"term-{number}-source": term.source}
        values |= {f"term-{number}-name-{tag}": words for tag, words in term.names.items()}
    return values


def word_in(
    values: Values, before: WordSheet | None, tags: Iterable[str]
) -> tuple[WordSheet | None, dict[str, str]]:
    """Read a form; return the sheet, or none and the faults by field.

    A meaning that somebody has typed, or ticked as read, counts as read.
    """
    languages, errors = list(tags), dict[str, str]()
    meanings = _words(values, "meaning", languages, errors)
    unread = [
        tag
        for tag in (before.unread if before else ())
        if before
        and meanings.get(tag) == before.meanings.get(tag)
        and not values.get(f"read-{tag}")
    ]
    said = {
        "source": values.get("source", "").strip(),
        "unread": unread,
        "names": _words(values, "name", languages, errors),
        "meanings": meanings,
    }
    return _taken(WordSheet, said, errors)


def vocabulary_in(
    values: Values, tags: Sequence[str]
) -> tuple[VocabularySheet | None, dict[str, str]]:
    """Read a form, as `word_in` does; a row without a name is left out."""
    errors = dict[str, str]()
    rows = [row for row in terms_in(values) if not values.get(f"term-{row}-remove")]
    terms, places = list[dict[str, Any]](), list[int]()
    for row in rows:
        names = _words(values, f"term-{row}-name", tags, errors)
        source = values.get(f"term-{row}-source", "").strip()
        if names or source:
            first = next(iter(names.values()), "")
            slug = values.get(f"term-{row}-slug", "") or slug_of_name(first) or f"term-{row}"
            terms.append({"slug": slug, "names": names, "source": source})
            places.append(row)
    said = {
        "source": values.get("source", "").strip(),
        "names": _words(values, "name", tags, errors),
        "terms": terms,
    }
    return _taken(VocabularySheet, said, errors, places)


def terms_in(values: Values) -> list[int]:
    """List the numbers of the rows of a vocabulary's form, in their order."""
    found = {int(said[1]) for name in values if (said := TERM.fullmatch(name))}
    return sorted(found)[:MOST_TERMS]


def _words(
    values: Values, name: str, tags: Iterable[str], errors: dict[str, str]
) -> dict[str, str]:
    said = dict[str, str]()
    for tag in tags:
        try:
            words = " ".join(readable(values.get(f"{name}-{tag}", "")).split())
        except ValueError:
            errors[f"{name}-{tag}"] = "unreadable"
            continue
        if words:
            said[tag] = words
    return said


def _taken(
    kind: type[Entry],
    said: Mapping[str, Any],
    errors: dict[str, str],
    places: Sequence[int] = (),
) -> Read[Entry]:
    try:
        sheet = kind.model_validate(said)
    except ValidationError as bad:
        return None, errors | {_field(one["loc"], places): one["type"] for one in bad.errors()}
    return (None if errors else sheet), errors


def _field(place: tuple[int | str, ...], places: Sequence[int]) -> str:
    name = str(place[0])
    if name == "terms" and len(place) > 1 and isinstance(place[1], int):
        return "-".join(["term", str(places[place[1]]), *(str(one) for one in place[2:])])
    return "-".join([name, *(str(one) for one in place[1:])])
