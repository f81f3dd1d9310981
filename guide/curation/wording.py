"""The glossary and the vocabularies: words that curators write, each with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar, Self

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.pages import Tongue, chain_of
from guide.curation.queries import tongues
from guide.curation.record_forms import slug_of_name
from guide.curation.record_pages import FIRST_TONGUES, Changed, InTongue, Typed, differences
from guide.curation.word_forms import (
    terms_in,
    values_of_vocabulary,
    values_of_word,
    vocabulary_in,
    word_in,
)
from guide.exhibits import glossary
from guide.exhibits.exchange import bring_in
from guide.exhibits.glossary import Entry, Vocabulary, Word
from guide.exhibits.glossary_sheets import VocabularySheet, WordSheet, sheet_of
from guide.exhibits.revisions import By, Cause, latest_number
from guide.exhibits.words import Passage
from guide.languages.sorting import sort_key
from guide.web.forms import Posted
from guide.web.pages import render
from guide.web.session import SAFE, Db

router = APIRouter()
WORDS, LISTS = "/staff/glossary", "/staff/vocabularies"
DONE = frozenset({"saved", "put-back"})


@dataclass(frozen=True)
class ListedEntry:
    """A word or a vocabulary in the list; `count` is unread meanings, or terms."""

    slug: str
    name: Passage
    count: int


@dataclass(frozen=True)
class WordsPage(OfficePage):
    """The glossary and the vocabularies."""

    template: ClassVar[str] = "curation/glossary.html"

    words: tuple[ListedEntry, ...]
    vocabularies: tuple[ListedEntry, ...]


@dataclass(frozen=True)
class WordRow:
    """A word in one language: its name, its meaning; `is_unread`: no person has read it."""

    name: InTongue
    meaning: InTongue
    is_unread: bool


@dataclass(frozen=True)
class TermRow:
    """A term to be edited, in the languages that stand open, and the others."""

    number: int
    slug: str
    names: tuple[InTongue, ...]
    source: str
    is_new: bool

    @property
    def first(self) -> tuple[InTongue, ...]:
        """The languages that stand open."""
        return tuple(one for one in self.names if one.tongue.tag in FIRST_TONGUES)

    @property
    def others(self) -> tuple[InTongue, ...]:
        """The other languages."""
        return tuple(one for one in self.names if one.tongue.tag not in FIRST_TONGUES)


@dataclass(frozen=True)
class EntryPage(OfficePage):
    """A word or a vocabulary, or a new one, whose `slug` is empty."""

    template: ClassVar[str] = "curation/word.html"

    path: str
    kind: str
    slug: str
    title: Passage | None
    version: int
    source: str
    rows: tuple[WordRow, ...]
    names: tuple[InTongue, ...]
    terms: tuple[TermRow, ...]
    removed: str
    errors: Mapping[str, str]
    changed: tuple[Changed, ...] = ()
    problem: str = ""
    done: str = ""


@dataclass(frozen=True)
class Kind:
    """One of the two kinds, and how its form is read and filled."""

    name: str
    route: str

    def values_of(self, entry: Entry | None) -> dict[str, str]:
        """Fill the form."""
        sheet = sheet_of(entry) if entry else None
        if isinstance(sheet, WordSheet):
            return values_of_word(sheet)
        return values_of_vocabulary(sheet) if sheet else {}

    def sheet_in(
        self, fields: Mapping[str, str], entry: Entry | None, tags: Sequence[str]
    ) -> tuple[WordSheet | VocabularySheet | None, dict[str, str]]:
        """Read the form."""
        if self.name == "vocabulary":
            return vocabulary_in(fields, tags)
        before = sheet_of(entry) if entry else None
        return word_in(fields, before if isinstance(before, WordSheet) else None, tags)

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the kind of a thing."""
        name = "word" if isinstance(entry, Word) else "vocabulary"
        return cls(name, f"curation.{name}")


WORD = Kind("word", "curation.word")
VOCABULARY = Kind("vocabulary", "curation.vocabulary")


def _found(request: Request, db: Session, kind: str, slug: str) -> Entry:
    is_locked = request.method not in SAFE
    found = glossary.thing_called(db, kind, slug, locked=is_locked)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def word_in_path(request: Request, db: Db, _curator: Curator, word: str) -> Entry:
    """Find the word that the address names; others who change it wait."""
    return _found(request, db, "word", word)


def vocabulary_in_path(request: Request, db: Db, _curator: Curator, vocabulary: str) -> Entry:
    """Find the vocabulary that the address names; others who change it wait."""
    return _found(request, db, "vocabulary", vocabulary)


WordInPath = Annotated[Entry, Depends(word_in_path)]
VocabularyInPath = Annotated[Entry, Depends(vocabulary_in_path)]


@router.api_route(WORDS, methods=READ, name="curation.words")
def list_words(request: Request, db: Db, curator: Curator) -> Response:
    """List the words in the order of the account's language, and the vocabularies."""
    frame = OfficeFrame.around(request, curator, AREA)
    page = WordsPage(
        frame,
        words=_listed(glossary.words(db), frame),
        vocabularies=_listed(glossary.vocabularies(db), frame),
    )
    return render(request, page)


@router.api_route(WORDS + "/new", methods=READ, name="curation.word.new")
def ask_for_word(request: Request, db: Db, curator: Curator) -> Response:
    """Ask for a word and what it means."""
    return render(request, _page(request, db, curator, WORD, None, {}))


@router.post(WORDS + "/new", name="curation.word.create")
def add_word(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Add a word; visitors see it at once."""
    return _saved(request, db, curator, WORD, None, fields)


@router.api_route(WORDS + "/{word}", methods=READ, name="curation.word")
def show_word(
    request: Request, db: Db, curator: Curator, entry: WordInPath, done: str = ""
) -> Response:
    """Show a word in every language."""
    return _shown(request, db, curator, entry, done)


@router.post(WORDS + "/{word}", name="curation.word.save")
def save_word(
    request: Request, db: Db, curator: Curator, entry: WordInPath, fields: Posted
) -> Response:
    """Save a word; visitors see it at once."""
    return _saved(request, db, curator, WORD, entry, fields)


@router.api_route(LISTS + "/new", methods=READ, name="curation.vocabulary.new")
def ask_for_vocabulary(request: Request, db: Db, curator: Curator) -> Response:
    """Ask for a vocabulary and its terms."""
    return render(request, _page(request, db, curator, VOCABULARY, None, {}))


@router.post(LISTS + "/new", name="curation.vocabulary.create")
def add_vocabulary(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Add a vocabulary."""
    return _saved(request, db, curator, VOCABULARY, None, fields)


@router.api_route(LISTS + "/{vocabulary}", methods=READ, name="curation.vocabulary")
def show_vocabulary(
    request: Request, db: Db, curator: Curator, entry: VocabularyInPath, done: str = ""
) -> Response:
    """Show a vocabulary."""
    return _shown(request, db, curator, entry, done)


@router.post(LISTS + "/{vocabulary}", name="curation.vocabulary.save")
def save_vocabulary(
    request: Request, db: Db, curator: Curator, entry: VocabularyInPath, fields: Posted
) -> Response:
    """Save a vocabulary."""
    return _saved(request, db, curator, VOCABULARY, entry, fields)


def _shown(request: Request, db: Session, curator: Person, entry: Entry, done: str) -> Response:
    kind = Kind.of(entry)
    said = done if done in DONE else ""
    values = kind.values_of(entry)
    return render(request, _page(request, db, curator, kind, entry, values, done=said))


def _saved(  # noqa: PLR0913, PLR0917 (what is saved, and where)
    request: Request,
    db: Session,
    curator: Person,
    kind: Kind,
    entry: Entry | None,
    fields: Mapping[str, str],
) -> Response:
    if entry and fields.get("version") != str(latest_number(db, kind.name, entry.id, "")):
        theirs = differences(kind.values_of(entry), fields)
        page = _page(request, db, curator, kind, entry, fields, changed=theirs, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    sheet, errors = kind.sheet_in(fields, entry, [one.tag for one in tongues(db)])
    if sheet is None:
        page = _page(
            request, db, curator, kind, entry, fields, errors=errors, problem="unreadable"
        )
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    slug = entry.slug if entry else _free_slug(db, kind, next(iter(sheet.names.values())))
    if entry is None or sheet != sheet_of(entry):
        at, removed = datetime.now(UTC), entry.removed_at if entry else None
        bring_in(db, {(kind.name, slug, ""): sheet}, at, Cause.SAVED, By(curator.id))
        if entry:
            entry.removed_at = removed
        subject, by = f"{kind.name}:{slug}", account_of(db, curator)
        db.add(AuditEntry.of(by, f"{kind.name}.saved", subject, at))
    path = request.app.url_path_for(kind.route, **{kind.name: slug})
    return RedirectResponse(f"{path}?done=saved", HTTPStatus.SEE_OTHER)


def _page(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    kind: Kind,
    entry: Entry | None,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    changed: tuple[Changed, ...] = (),
    problem: str = "",
    done: str = "",
) -> EntryPage:
    frame = OfficeFrame.around(request, curator, AREA)
    typed = Typed(values, [Tongue.of(one) for one in tongues(db)])
    names = typed.in_tongues("name")
    unread = entry.unread if isinstance(entry, Word) else ()
    removed = entry.removed_at if entry else None
    return EntryPage(
        frame,
        path=request.scope["path"],
        kind=kind.name,
        slug=entry.slug if entry else "",
        title=entry.name_in(chain_of(frame)) if entry else None,
        version=latest_number(db, kind.name, entry.id, "") if entry else 0,
        source=values.get("source", ""),
        rows=tuple(
            WordRow(name, meaning, name.tongue.tag in unread)
            for name, meaning in zip(names, typed.in_tongues("meaning"), strict=True)
        ),
        names=names,
        terms=_terms(typed, values) if kind == VOCABULARY else (),
        removed=frame.moment(removed) if removed else "",
        errors=errors or {},
        changed=changed,
        problem=problem,
        done=done,
    )


def _terms(typed: Typed, values: Mapping[str, str]) -> tuple[TermRow, ...]:
    known = terms_in(values)
    fresh = max(known, default=-1) + 1
    return tuple(
        TermRow(
            row,
            values.get(f"term-{row}-slug", ""),
            typed.in_tongues(f"term-{row}-name"),
            values.get(f"term-{row}-source", ""),
            is_new=row not in known,
        )
        for row in (*known, fresh, fresh + 1, fresh + 2)
    )


def _listed(
    entries: Sequence[Word] | Sequence[Vocabulary], frame: OfficeFrame
) -> tuple[ListedEntry, ...]:
    chain = chain_of(frame)
    listed = [
        ListedEntry(
            one.slug,
            one.name_in(chain),
            len(one.unread) if isinstance(one, Word) else len(one.terms),
        )
        for one in entries
    ]
    return tuple(sorted(listed, key=lambda one: sort_key(one.name.text, frame.lang)))


def _free_slug(db: Session, kind: Kind, name: str) -> str:
    """Return a slug for a name, with a number where it is taken already."""
    taken = set(db.scalars(select(glossary.ENTRIES[kind.name].slug)))
    wanted = slug_of_name(name) or kind.name
    slug, number = wanted, 2
    while slug in taken or slug == "new":
        slug, number = f"{wanted}-{number}", number + 1
    return slug
