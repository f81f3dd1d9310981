"""Files to work on elsewhere; each comes back by an import, and unchanged changes nothing."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from guide.curation.contents import ESCAPED, SCHEMA
from guide.curation.holdings import Holdings, values_of
from guide.exhibits.manuscript import FIELDS, Manuscript
from guide.exhibits.model import SOURCE_LANGUAGE, Status
from guide.exhibits.sheets import ExhibitSheet
from guide.languages.catalogues import locale
from guide.web.cells import plain

RECORD_COLUMNS = ("exhibition", "position", "category", "presence", "minutes")
TEXT_COLUMNS = ("name", *FIELDS)
SOURCE_COLUMN = "source"
"""Begins the columns that stand beside a translation: what it is made from, never imported."""

Row = Sequence[str]


def table(held: Holdings, language: str = "") -> Iterator[Row]:
    """Write a row for each exhibit: all languages, or one beside its source."""
    if language:
        yield ("exhibit", *_columns(language))
    else:
        every = [f"{name}_{tag}" for tag in held.languages for name in TEXT_COLUMNS]
        yield ("exhibit", *RECORD_COLUMNS, *every)
    for slug, record in _exhibits(held):
        if language:
            tags = [language] if language == SOURCE_LANGUAGE else [SOURCE_LANGUAGE, language]
            yield (slug, *_texts(held, slug, tags))
        else:
            said = [str(getattr(record, name)) for name in RECORD_COLUMNS]
            yield (slug, *said, *_texts(held, slug, held.languages))


def as_csv(rows: Iterable[Row]) -> bytes:
    """Write RFC 4180 for spreadsheets, which know UTF-8 by its mark and calculate nothing."""
    sheet = StringIO(newline="")
    csv.writer(sheet).writerows([escaped(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()


def as_json(held: Holdings) -> bytes:
    """Write every record and text whole, as the files of exhibitions/ say them."""
    sheets: list[dict[str, object]] = []
    for (word, slug), record in held.records.items():
        names = {tag: held.text(word, slug, tag).name for tag in held.languages}
        said = {tag: name for tag, name in names.items() if name}
        sheets.append({"kind": word, "slug": slug, "names": said, **values_of(record)})
    for (word, slug, language), text in held.texts.items():
        told = text.said()
        del told["name"]
        sheets.append({"kind": f"{word} text", "slug": slug, "language": language, **told})
    whole = {"schema": SCHEMA, "sheets": sheets}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def as_po(held: Holdings, language: str, at: datetime) -> bytes:
    """Write one language beside its source, for the programs that translators use."""
    catalogue = Catalog(
        locale=str(locale(language)),
        project="guide",
        version="1",
        creation_date=at,
        revision_date=at,
        fuzzy=False,
    )
    for word, slug in held.records:
        source, text = held.source(word, slug), held.text(word, slug, language)
        behind = text.out_of_date(source)
        for name in TEXT_COLUMNS:
            if words := words_of(source, name):
                said = words_of(text, name)
                is_doubtful = text.status == Status.MACHINE or name in behind
                catalogue.add(
                    words,
                    said,
                    context=f"{word}/{slug}/{name}",
                    flags=["fuzzy"] if said and is_doubtful else (),
                )
    made = BytesIO()
    write_po(made, catalogue, width=0)
    return made.getvalue()


def words_of(text: Manuscript, field: str) -> str:
    """Return a field as one cell: what to look for has a line for each thing."""
    value = getattr(text, field)
    return value if isinstance(value, str) else "\n".join(value)


def escaped(cell: str) -> str:
    """Keep a spreadsheet from calculating; one mark more where a mark stands already."""
    return f"'{cell}" if ESCAPED.match(cell) else plain(cell)


def _exhibits(held: Holdings) -> Iterator[tuple[str, ExhibitSheet]]:
    for (_, slug), record in held.records.items():
        if isinstance(record, ExhibitSheet):
            yield slug, record


def _columns(language: str) -> list[str]:
    own = [f"{name}_{language}" for name in TEXT_COLUMNS]
    if language == SOURCE_LANGUAGE:
        return own
    return [f"{SOURCE_COLUMN}_{name}" for name in TEXT_COLUMNS] + own


def _texts(held: Holdings, slug: str, languages: Iterable[str]) -> Iterator[str]:
    for tag in languages:
        text = held.text("exhibit", slug, tag)
        yield from (words_of(text, name) for name in TEXT_COLUMNS)
