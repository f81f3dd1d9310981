"""Between the database and the sheets of exhibitions/: the same content, both ways."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session, selectinload

from guide.exhibits import glossary_sheets, hall_exchange
from guide.exhibits.folder import Fault, Folder
from guide.exhibits.glossary import thing_called
from guide.exhibits.glossary_sheets import VocabularySheet, WordSheet
from guide.exhibits.hall_exchange import (
    hall_faults,
    hall_sheets,
    hall_with_id_of,
    said_by_halls,
    slug_of_hall,
)
from guide.exhibits.hall_sheets import HallsSheet, PlanSheet, RoutesSheet
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.media_exchange import media_faults, media_sheets_of
from guide.exhibits.model import (
    Center,
    CenterText,
    Exhibit,
    Exhibition,
    ExhibitionText,
    ExhibitText,
    Fact,
    Related,
    Status,
    WrittenText,
)
from guide.exhibits.revisions import NOBODY, By, Cause, Said, keep_all
from guide.exhibits.sheets import (
    CenterSheet,
    ExhibitionSheet,
    ExhibitSheet,
    FactEntry,
    Key,
    LanguageEntry,
    LanguagesSheet,
    PictureSheet,
    RecordingSheet,
    RelatedEntry,
    Sheet,
    TextSheet,
)
from guide.languages.model import Language

CENTER_ID = 1


def sheets_of(db: Session) -> dict[Key, Sheet]:
    """Write the database's content as sheets."""
    sheets: dict[Key, Sheet] = {}
    if languages := db.scalars(select(Language).order_by(Language.position)).all():
        sheets["languages", "", ""] = LanguagesSheet(
            languages=tuple(_language_entry(language) for language in languages)
        )
    if center := db.scalar(select(Center).options(selectinload(Center.texts))):
        sheets["center", "", ""] = center_sheet(center)
        sheets |= _text_sheets("center text", "", center.texts)
    exhibitions = select(Exhibition).order_by(Exhibition.position, Exhibition.slug)
    for exhibition in db.scalars(exhibitions.options(selectinload(Exhibition.texts))):
        sheets["exhibition", exhibition.slug, ""] = exhibition_sheet(exhibition)
        sheets |= _text_sheets("exhibition text", exhibition.slug, exhibition.texts)
    exhibits = select(Exhibit).order_by(Exhibit.exhibition_id, Exhibit.position, Exhibit.slug)
    loads = (selectinload(Exhibit.texts), selectinload(Exhibit.exhibition))
    for exhibit in db.scalars(exhibits.options(*loads)):
        sheets["exhibit", exhibit.slug, ""] = exhibit_sheet(exhibit)
        sheets |= _text_sheets("exhibit text", exhibit.slug, exhibit.texts)
    sheets |= dict(media_sheets_of(db)) | glossary_sheets.sheets_of(db)
    return sheets | hall_sheets(db)


def bring_in(
    db: Session,
    sheets: Mapping[Key, Sheet],
    at: datetime,
    cause: Cause = Cause.IMPORTED,
    by: By = NOBODY,
) -> None:
    """Write sheets into the database; what is there already takes the sheet's words.

    A text that was not there is published if it is reviewed or said to be by machine. What
    every sheet says is kept as a revision.
    """
    for key in sorted(sheets, key=lambda key: ORDER.index(key[0]) if key[0] in ORDER else -1):
        kind, slug, language = key
        match sheets[key]:
            case LanguagesSheet() as sheet:
                _bring_in_languages(db, sheet)
            case CenterSheet() as sheet:
                _bring_in_center(db, sheet)
            case HallsSheet() | PlanSheet() | RoutesSheet() as sheet:
                hall_exchange.bring_in(db, sheet)
            case ExhibitionSheet() as sheet:
                _bring_in_exhibition(db, slug, sheet)
            case ExhibitSheet() as sheet:
                _bring_in_exhibit(db, slug, sheet)
            case WordSheet() | VocabularySheet() as sheet:
                glossary_sheets.bring_in(db, slug, sheet)
            case TextSheet() as sheet:
                _bring_in_text(db, _text_for(db, kind, slug, language), sheet, at)
        db.flush()
    keep_all(db, _said_by(db, sheets), cause, at, by)


ORDER = (
    "languages",
    "center",
    "center text",
    "halls",
    "plan",
    "exhibition",
    "exhibition text",
    "exhibit",
    "exhibit text",
    "vocabulary",
    "word",
    "routes",
)
"""The kinds in the order in which one can point at another."""


def faults_in(folder: Folder) -> Iterator[Fault]:
    """Yield what no sheet can see alone: languages that are not there, texts of nothing."""
    languages = folder.sheets.get(("languages", "", ""))
    if not isinstance(languages, LanguagesSheet):
        yield Fault("languages.toml", 1, "no such file", "the languages of the guide")
        return
    if ("center", "", "") not in folder.sheets:
        yield Fault("center.toml", 1, "no such file", "the Center's names and address")
    tags = {entry.tag for entry in languages.languages}
    yield from hall_faults(folder)
    yield from media_faults(folder)
    for key, sheet in folder.sheets.items():
        yield from _unknown_languages(folder, key, sheet, tags)
        yield from _missing_owner(folder, key, sheet)
        if isinstance(sheet, ExhibitSheet):
            for number, related in enumerate(sheet.related):
                if ("exhibit", related.exhibit, "") not in folder.sheets:
                    place = ("related", number, "exhibit")
                    found = f"«{related.exhibit}»"
                    yield folder.fault(
                        key, place, found, "the slug of an exhibit in this folder"
                    )


def _unknown_languages(
    folder: Folder, key: Key, sheet: Sheet, tags: set[str]
) -> Iterator[Fault]:
    expected = f"a tag of languages.toml: {', '.join(sorted(tags))}"
    if key[2] and key[2] not in tags:
        yield folder.fault(key, (), f"the language «{key[2]}»", expected)
    if isinstance(sheet, RecordingSheet) and sheet.language not in tags:
        yield folder.fault(key, ("language",), f"the language «{sheet.language}»", expected)
    for place, words in _words_of(sheet):
        for tag in words.keys() - tags:
            yield folder.fault(key, (*place, tag), f"the language «{tag}»", expected)
    if isinstance(sheet, LanguagesSheet):
        for number, entry in enumerate(sheet.languages):
            for tag in set(entry.fallback) - tags:
                place = ("languages", number, "fallback")
                yield folder.fault(key, place, f"the language «{tag}»", expected)


def _words_of(sheet: Sheet) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, str]]]:
    match sheet:
        case CenterSheet():
            yield ("names",), sheet.names
            yield ("address",), sheet.address
        case ExhibitionSheet():
            yield ("names",), sheet.names
        case ExhibitSheet():
            yield ("names",), sheet.names
            yield ("presence_note",), sheet.presence_note
        case PictureSheet():
            yield ("alt",), sheet.alt
            yield ("caption",), sheet.caption
        case WordSheet() | VocabularySheet():
            yield from glossary_sheets.words_of(sheet)
        case HallsSheet() | RoutesSheet():
            yield from hall_exchange.words_of(sheet)
    if isinstance(sheet, CenterSheet | ExhibitionSheet | ExhibitSheet):
        for number, fact in enumerate(sheet.facts):
            yield ("facts", number, "label"), fact.label
            yield ("facts", number, "value"), fact.value


OWNERS = {
    "exhibition text": "exhibition",
    "exhibit text": "exhibit",
    "picture": "exhibit",
    "recording": "exhibit",
}


def _missing_owner(folder: Folder, key: Key, sheet: Sheet) -> Iterator[Fault]:
    kind, slug = key[0], key[1].partition("/")[0]
    owner = OWNERS.get(kind)
    if owner and (owner, slug, "") not in folder.sheets:
        yield folder.fault(key, (), f"a {kind} of «{slug}»", f"the {owner}.toml of it")
    if (
        isinstance(sheet, ExhibitSheet)
        and ("exhibition", sheet.exhibition, "") not in folder.sheets
    ):
        found = f"an exhibit of «{sheet.exhibition}»"
        yield folder.fault(key, (), found, f"{sheet.exhibition}/exhibition.toml")


def _language_entry(language: Language) -> LanguageEntry:
    return LanguageEntry(
        tag=language.tag,
        endonym=language.endonym,
        direction="rtl" if language.direction == "rtl" else "ltr",
        script=language.script,
        digits=language.digits,
        fallback=tuple(language.fallback),
        also=tuple(language.also),
    )


def center_sheet(center: Center) -> CenterSheet:
    """Write the record of the Center as its sheet."""
    return CenterSheet(
        names=dict(center.names), address=dict(center.address), facts=_entries(center.facts)
    )


def exhibition_sheet(exhibition: Exhibition) -> ExhibitionSheet:
    """Write the record of an exhibition as its sheet."""
    return ExhibitionSheet.model_validate(
        {
            "position": exhibition.position,
            "accent": exhibition.accent,
            "hall": slug_of_hall(object_session(exhibition), exhibition.hall_id),
            "names_note": exhibition.names_note,
            "closed": exhibition.closed_at,
            "removed": exhibition.removed_at,
            "names": exhibition.names,
            "facts": _entries(exhibition.facts),
        }
    )


def exhibit_sheet(exhibit: Exhibit) -> ExhibitSheet:
    """Write the record of an exhibit, loaded with its exhibition, as its sheet."""
    return ExhibitSheet.model_validate(
        {
            "exhibition": exhibit.exhibition.slug,
            "position": exhibit.position,
            "category": exhibit.category,
            "hall": slug_of_hall(object_session(exhibit), exhibit.hall_id),
            "presence": exhibit.presence,
            "names_note": exhibit.names_note,
            "minutes": exhibit.minutes,
            "off_display": exhibit.off_display_at,
            "withdrawn": exhibit.withdrawn_at,
            "removed": exhibit.removed_at,
            "names": exhibit.names,
            "presence_note": exhibit.presence_note,
            "illustration": exhibit.illustration,
            "facts": _entries(exhibit.facts),
            "related": tuple(
                RelatedEntry.model_validate({"exhibit": one.exhibit, "reason": one.reason})
                for one in exhibit.related
            ),
        }
    )


def _entries(facts: Sequence[Fact]) -> tuple[FactEntry, ...]:
    return tuple(
        FactEntry.model_validate(
            {
                "label": fact.label,
                "value": fact.value,
                "source": fact.source,
                "confidence": fact.confidence,
            }
        )
        for fact in facts
    )


def _text_sheets(kind: str, slug: str, texts: Sequence[WrittenText]) -> dict[Key, Sheet]:
    return {
        (kind, slug, text.language): TextSheet.model_validate(
            {
                "status": text.status,
                "hook": text.hook,
                "look_for": text.look_for,
                "made_from": text.made_from,
                "story": text.story,
            }
        )
        for text in sorted(texts, key=lambda text: text.language)
    }


def _bring_in_languages(db: Session, sheet: LanguagesSheet) -> None:
    for position, entry in enumerate(sheet.languages, 1):
        language = db.get(Language, entry.tag) or Language(tag=entry.tag)
        language.position = position
        language.endonym = entry.endonym
        language.direction = entry.direction
        language.script = entry.script
        language.digits = entry.digits
        language.fallback = entry.fallback
        language.also = entry.also
        db.add(language)


def _bring_in_center(db: Session, sheet: CenterSheet) -> None:
    center = db.get(Center, CENTER_ID) or Center(id=CENTER_ID)
    center.names = sheet.names
    center.address = sheet.address
    center.facts = _facts(sheet.facts)
    db.add(center)


def _bring_in_exhibition(db: Session, slug: str, sheet: ExhibitionSheet) -> None:
    hall = hall_with_id_of(db, sheet.hall)
    exhibition = _exhibition(db, slug) or Exhibition(slug=slug)
    exhibition.position = sheet.position
    exhibition.accent = sheet.accent
    exhibition.hall_id = hall
    exhibition.names_note = sheet.names_note
    exhibition.closed_at = sheet.closed
    exhibition.removed_at = sheet.removed
    exhibition.names = sheet.names
    exhibition.facts = _facts(sheet.facts)
    db.add(exhibition)


def _bring_in_exhibit(db: Session, slug: str, sheet: ExhibitSheet) -> None:
    hall = hall_with_id_of(db, sheet.hall)
    exhibit = _exhibit(db, slug) or Exhibit(slug=slug)
    exhibit.exhibition = db.scalars(
        select(Exhibition).where(Exhibition.slug == sheet.exhibition)
    ).one()
    exhibit.position = sheet.position
    exhibit.category = sheet.category
    exhibit.hall_id = hall
    exhibit.presence = sheet.presence
    exhibit.names_note = sheet.names_note
    exhibit.minutes = sheet.minutes
    exhibit.off_display_at = sheet.off_display
    exhibit.withdrawn_at = sheet.withdrawn
    exhibit.removed_at = sheet.removed
    exhibit.names = sheet.names
    exhibit.presence_note = sheet.presence_note
    plan = sheet.illustration
    exhibit.illustration = plan.model_dump(mode="json") if plan else None
    exhibit.facts = _facts(sheet.facts)
    exhibit.related = tuple(Related(one.exhibit, one.reason) for one in sheet.related)
    db.add(exhibit)


def _facts(entries: Sequence[FactEntry]) -> tuple[Fact, ...]:
    return tuple(Fact(one.label, one.value, one.source, one.confidence) for one in entries)


def _text_for(db: Session, kind: str, slug: str, language: str) -> WrittenText:
    match kind:
        case "center text":
            whose = {"language": language, "center_id": CENTER_ID}
            return db.get(CenterText, whose) or CenterText(**whose)
        case "exhibition text":
            room = db.scalars(select(Exhibition.id).where(Exhibition.slug == slug)).one()
            whose = {"language": language, "exhibition_id": room}
            return db.get(ExhibitionText, whose) or ExhibitionText(**whose)
        case _:
            owner = db.scalars(select(Exhibit.id).where(Exhibit.slug == slug)).one()
            whose = {"language": language, "exhibit_id": owner}
            return db.get(ExhibitText, whose) or ExhibitText(**whose)


def _bring_in_text(db: Session, text: WrittenText, sheet: TextSheet, at: datetime) -> None:
    is_new = text.status is None
    text.status = sheet.status
    text.hook = sheet.hook
    text.look_for = sheet.look_for
    text.story = sheet.story
    text.made_from = {str(field): made for field, made in sheet.made_from.items()}
    if is_new and sheet.status != Status.DRAFT:
        text.publish(at)
    db.add(text)


def _said_by(db: Session, sheets: Mapping[Key, Sheet]) -> Iterator[Said]:
    """Tell what was brought in: a record as its sheet, a text as its manuscript."""
    yield from said_by_halls(db, sheets)
    exhibits = {one.slug: one for one in db.scalars(select(Exhibit))}
    exhibitions = {one.slug: one for one in db.scalars(select(Exhibition))}
    center = db.get(Center, CENTER_ID)
    for (kind, slug, language), sheet in sheets.items():
        whose: Mapping[str, Exhibit | Exhibition | Center | None] = {
            "exhibit": exhibits.get(slug),
            "exhibition": exhibitions.get(slug),
            "center": center,
        }
        if glossary_sheets.is_kind(kind) and (kept := thing_called(db, kind, slug)):
            yield kind, kept.id, "", sheet.model_dump(mode="json")
            continue
        owner = whose.get(kind.removesuffix(" text"))
        if owner is None:
            continue  # the languages: a setting, which no text says
        if isinstance(sheet, TextSheet):
            told = Manuscript.of_sheet(owner.names.get(language, ""), sheet).said()
        else:
            told = sheet.model_dump(mode="json")
        yield kind, owner.id, language, told


def _exhibition(db: Session, slug: str) -> Exhibition | None:
    return db.scalar(select(Exhibition).where(Exhibition.slug == slug))


def _exhibit(db: Session, slug: str) -> Exhibit | None:
    return db.scalar(select(Exhibit).where(Exhibit.slug == slug))
