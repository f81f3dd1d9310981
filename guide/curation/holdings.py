"""What the guide holds, as it is exported and as an import is compared with it.

Records are sheets; a text is the newest that anybody wrote, its draft before what visitors
read. The name of a thing belongs to its text in each language, here as in the editor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.exhibits.drafts import Draft
from guide.exhibits.exchange import sheets_of
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.model import SOURCE_LANGUAGE, Center, Exhibit, Exhibition
from guide.exhibits.publishing import CENTER_SLUG, Owner, slug_of, word_of
from guide.exhibits.sheets import CenterSheet, ExhibitionSheet, ExhibitSheet, TextSheet
from guide.languages.model import Language

Record = ExhibitSheet | ExhibitionSheet | CenterSheet
RecordKey = tuple[str, str]
"""The word and the slug of what has texts: ("exhibit", "tar")."""
TextKey = tuple[str, str, str]
"""The same and a language."""


@dataclass(frozen=True)
class Holdings:
    """Everything that bulk work reads or changes; of what is `binned` the names alone."""

    languages: tuple[str, ...]
    records: Mapping[RecordKey, Record]
    texts: Mapping[TextKey, Manuscript]
    locked: frozenset[TextKey]
    binned: frozenset[RecordKey] = frozenset()

    def text(self, word: str, slug: str, language: str) -> Manuscript:
        """Return a text; one that nobody wrote yet has its name at most."""
        found = self.texts.get((word, slug, language))
        if found is not None:
            return found
        record = self.records.get((word, slug))
        return Manuscript(record.names.get(language, "") if record else "")

    def source(self, word: str, slug: str) -> Manuscript:
        """Return what translations are made from."""
        return self.text(word, slug, SOURCE_LANGUAGE)

    def of(self, exhibition: str) -> "Holdings":
        """Keep what belongs to one exhibition."""
        kept = {
            key: record
            for key, record in self.records.items()
            if key == ("exhibition", exhibition)
            or (isinstance(record, ExhibitSheet) and record.exhibition == exhibition)
        }
        texts = {key: text for key, text in self.texts.items() if key[:2] in kept}
        return replace(self, records=kept, texts=texts)


def holdings(db: Session) -> Holdings:
    """Read everything, in as many statements as there are kinds of rows."""
    records: dict[RecordKey, Record] = {}
    texts: dict[TextKey, Manuscript] = {}
    sheets = sheets_of(db)
    for (kind, slug, _), sheet in sheets.items():
        if isinstance(sheet, Record):
            records[kind, slug or CENTER_SLUG] = sheet
    for (kind, slug, language), sheet in sheets.items():
        if isinstance(sheet, TextSheet):
            word, whose = kind.removesuffix(" text"), slug or CENTER_SLUG
            name = records[word, whose].names.get(language, "")
            texts[word, whose, language] = Manuscript.of_sheet(name, sheet)
    slugs = _slugs(db)
    locked = set[TextKey]()
    for draft in db.scalars(select(Draft)):
        word = draft.kind.removesuffix(" text")
        if slug := slugs.get((word, draft.owner_id), ""):
            texts[word, slug, draft.language] = draft.manuscript
            if draft.is_locked:
                locked.add((word, slug, draft.language))
    binned = {key for key, one in records.items() if getattr(one, "removed", None)}
    records = {key: one for key, one in records.items() if key not in binned}
    texts = {key: one for key, one in texts.items() if key[:2] not in binned}
    languages = tuple(db.scalars(select(Language.tag).order_by(Language.position)))
    return Holdings(languages, records, texts, frozenset(locked), frozenset(binned))


def _slugs(db: Session) -> Mapping[tuple[str, int], str]:
    owners: list[Owner] = list(db.scalars(select(Exhibit)))
    owners += db.scalars(select(Exhibition))
    owners += db.scalars(select(Center))
    return {(word_of(one), one.id): slug_of(one) for one in owners}


def values_of(record: Record) -> dict[str, Any]:
    """Return what a record says as JSON can hold it, but for the names: they are texts'."""
    said = record.model_dump(mode="json", exclude={"names"})
    if isinstance(record, ExhibitSheet):
        said["exhibition"] = record.exhibition
    return said
