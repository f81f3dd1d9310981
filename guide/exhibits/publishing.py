"""From a draft to what visitors read: saving, review, publishing now or later, restoring."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.drafts import Draft, LockedError, PublishingRules
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.model import (
    SOURCE_LANGUAGE,
    Center,
    CenterText,
    Exhibit,
    Exhibition,
    ExhibitionText,
    ExhibitText,
    Status,
    WrittenText,
)
from guide.exhibits.revisions import By, Cause, Revision, keep, latest_number

Owner = Exhibit | Exhibition | Center

OWNERS: Mapping[str, type[Owner]] = {
    "exhibit": Exhibit,
    "exhibition": Exhibition,
    "center": Center,
}
"""What has texts, by the word that addresses use."""

CENTER_SLUG = "center"


class StaleError(Exception):
    """Somebody else saved or published this text since the form was opened."""


class OwnTextError(Exception):
    """A second person must publish this: whoever asks wrote some of it."""


class UnfinishedError(Exception):
    """The text cannot be published; `fields` names what it still needs."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class NothingToPublishError(Exception):
    """Nobody changed anything since the text was published."""


@dataclass(frozen=True)
class TextOf:
    """One text as the office has it: whose it is, its language, what is live, its draft."""

    owner: Owner
    language: str
    live: WrittenText | None
    draft: Draft | None
    revision: int

    @property
    def kind(self) -> str:
        """The kind of sheet that the text is."""
        return f"{word_of(self.owner)} text"

    @property
    def key(self) -> tuple[str, int, str]:
        """What drafts and revisions find the text by."""
        return self.kind, self.owner.id, self.language

    @property
    def shown(self) -> Manuscript:
        """What stands in the database beside the draft: what visitors read, if published."""
        return Manuscript.of(self.owner.names.get(self.language, ""), self.live)

    @property
    def newest(self) -> Manuscript:
        """What the text says when its draft counts."""
        return self.draft.manuscript if self.draft else self.shown

    @property
    def version(self) -> str:
        """What a form says it began from, and what it must still be when it is saved."""
        return f"{self.revision}.{self.draft.version if self.draft else 0}"

    @property
    def is_published(self) -> bool:
        """Say whether visitors read it, or will at a time that is set."""
        return self.live is not None and self.live.published_at is not None

    @property
    def state(self) -> str:
        """Return "missing", "draft", "in-review", "scheduled", "published" or "changed"."""
        if self.draft and self.draft.submitted_at:
            return "in-review"
        if self.draft and self.draft.due_at:
            return "scheduled"
        if self.draft:
            return "changed" if self.is_published else "draft"
        if self.is_published:
            return "published"
        return "draft" if self.live else "missing"


def word_of(owner: Owner) -> str:
    """Return the word that addresses and sheets use for what has texts."""
    return next(word for word, kind in OWNERS.items() if isinstance(owner, kind))


def slug_of(owner: Owner) -> str:
    """Return what addresses call it; the Center is one."""
    return CENTER_SLUG if isinstance(owner, Center) else owner.slug


def owner_of(db: Session, word: str, slug: str, *, locked: bool = False) -> Owner | None:
    """Find what has texts, with them; `locked` keeps other writers away until the end."""
    kind = OWNERS.get(word)
    if kind is None or (kind is Center and slug != CENTER_SLUG):
        return None
    query = select(kind).options(selectinload(kind.texts))
    if kind is not Center:
        query = query.filter_by(slug=slug)
    if kind is Exhibit:
        query = query.options(selectinload(Exhibit.exhibition))
    return cast("Owner | None", db.scalar(query.with_for_update() if locked else query))


def text_of(db: Session, owner: Owner, language: str) -> TextOf:
    """Return one text of an owner that was loaded with its texts."""
    kind = f"{word_of(owner)} text"
    live = next((one for one in owner.texts if one.language == language), None)
    draft = db.scalar(
        select(Draft).where(
            Draft.kind == kind, Draft.owner_id == owner.id, Draft.language == language
        )
    )
    revision = latest_number(db, kind, owner.id, language)
    return TextOf(owner, language, live, draft, revision)


def states_of(db: Session, owner: Owner) -> Mapping[str, str]:
    """Return how the texts of an owner stand, by language, but for those that are missing."""
    kind = f"{word_of(owner)} text"
    query = select(Draft).where(Draft.kind == kind, Draft.owner_id == owner.id)
    drafts = {draft.language: draft for draft in db.scalars(query)}
    live = {text.language: text for text in owner.texts}
    return {
        tag: TextOf(owner, tag, live.get(tag), drafts.get(tag), 0).state
        for tag in live.keys() | drafts.keys()
    }


def source_of(db: Session, owner: Owner) -> Manuscript:
    """Return what translations of an owner's text are made from: the newest of the source."""
    return text_of(db, owner, SOURCE_LANGUAGE).newest


def save(  # noqa: PLR0913 (each is asked for)
    db: Session,
    text: TextOf,
    written: Manuscript,
    version: str,
    *,
    by: int | None,
    at: datetime,
) -> TextOf:
    """Save a draft; visitors see nothing of it. Saying the same again changes nothing.

    Raises StaleError when the text is no longer as the form began, LockedError in review.
    """
    if version != text.version:
        raise StaleError
    if written == text.newest and not (text.draft and text.draft.is_locked):
        return text
    draft = text.draft or _fresh_draft(text)
    draft.write(written, by, at)
    db.add(draft)
    db.flush()
    return replace(text, draft=draft)


def discard(db: Session, text: TextOf, version: str, by: int, at: datetime) -> None:
    """Throw a draft away; what visitors read stays, and the draft is kept as a revision.

    Raises StaleError, LockedError.
    """
    if version != text.version:
        raise StaleError
    if text.draft is None:
        return
    if text.draft.is_locked:
        raise LockedError
    keep(db, (*text.key, text.draft.said), Cause.DISCARDED, at, By(by))
    db.delete(text.draft)
    db.flush()


def submit(db: Session, text: TextOf, version: str, by: int, at: datetime) -> None:
    """Ask a second person to read and publish a draft.

    Raises StaleError, LockedError, UnfinishedError, NothingToPublishError.
    """
    draft = _ready(text, version)
    draft.submit(by, at)
    keep(db, (*text.key, draft.said), Cause.SUBMITTED, at, By(by))


def publish(  # noqa: PLR0913 (each is asked for)
    db: Session,
    text: TextOf,
    version: str,
    *,
    by: int,
    at: datetime,
    due: datetime | None = None,
    is_read: bool = False,
) -> None:
    """Show a draft to visitors, now or when it is due; `is_read` says that a person read it.

    Raises OwnTextError where the house wants a second person and `by` is a writer of it,
    and what `submit` raises.
    """
    draft = _ready(text, version, waiting=True)
    by_another = by not in draft.writers
    if second_person_wanted(db) and not by_another:
        raise OwnTextError
    if is_read or draft.manuscript.status == Status.DRAFT:
        draft.said = draft.manuscript.with_status(Status.REVIEWED).said()
    if due and due > at:
        draft.submitted_at = draft.submitted_by = None
        draft.plan(due, by)
        db.flush()
        return
    draft.approved_by = by
    bring_out(db, text, at)


def bring_out(db: Session, text: TextOf, at: datetime) -> None:
    """Put a draft in the place of what visitors read, and keep it as a revision."""
    draft = text.draft
    if draft is None:
        raise NothingToPublishError
    put_in_place(db, text, draft.manuscript)
    live = text.live or next(one for one in text.owner.texts if one.language == text.language)
    live.publish(at)
    approved = draft.approved_by
    by = draft.saved_by or approved
    by_two = By(by, approved if approved != by else None)
    keep(db, (*text.key, draft.said), Cause.PUBLISHED, at, by_two)
    db.delete(draft)
    db.flush()


def put_in_place(db: Session, text: TextOf, manuscript: Manuscript) -> None:
    """Write the words where visitors read them, as soon as the text is published."""
    live = text.live
    if live is None:
        live = _text_class(text.owner)(language=text.language)
        text.owner.texts.append(live)  # type: ignore[arg-type]  # the class is that of the owner
    live.status = manuscript.status
    live.hook = manuscript.hook
    live.look_for = list(manuscript.look_for)
    live.story = manuscript.story
    live.made_from = dict(manuscript.made_from)
    if manuscript.name:
        text.owner.names = {**text.owner.names, text.language: manuscript.name}
    db.flush()


def withdraw(db: Session, text: TextOf, version: str) -> None:
    """Take a text from visitors: its words become the draft. Raises StaleError."""
    if version != text.version:
        raise StaleError
    if text.live is not None:
        text.live.published_at = None
        db.flush()


def restore(db: Session, text: TextOf, revision: Revision, by: int, at: datetime) -> TextOf:
    """Make a draft of what a revision said, as a new revision; raises LockedError.

    A draft that is in the way is kept as a revision before.
    """
    if text.draft and text.draft.manuscript != revision.manuscript:
        saved_by = By(text.draft.saved_by)
        keep(db, (*text.key, text.draft.said), Cause.SAVED, at, saved_by)
    text = replace(text, revision=latest_number(db, *text.key))
    saved = save(db, text, revision.manuscript, text.version, by=by, at=at)
    keep(db, (*text.key, revision.said), Cause.RESTORED, at, By(by))
    return replace(saved, revision=latest_number(db, *text.key))


def due_drafts(db: Session, now: datetime) -> list[Draft]:
    """List the drafts whose time has come; other processes leave them alone meanwhile."""
    query = select(Draft).where(Draft.due_at <= now).order_by(Draft.due_at, Draft.id)
    return list(db.scalars(query.with_for_update(skip_locked=True)))


def text_of_draft(db: Session, draft: Draft) -> TextOf | None:
    """Find the text of a draft; None when what it belongs to is gone."""
    word = draft.kind.removesuffix(" text")
    kind = OWNERS[word]
    query = select(kind).where(kind.id == draft.owner_id).options(selectinload(kind.texts))
    owner = cast("Owner | None", db.scalar(query))
    return text_of(db, owner, draft.language) if owner else None


def second_person_wanted(db: Session) -> bool:
    """Say whether nobody may publish what they wrote."""
    rules = db.scalar(select(PublishingRules))
    return rules is not None and rules.second_person_since is not None


def _fresh_draft(text: TextOf) -> Draft:
    kind, owner_id, language = text.key
    return Draft(kind=kind, owner_id=owner_id, language=language, writers=[], returned_note="")


def _ready(text: TextOf, version: str, *, waiting: bool = False) -> Draft:
    """Return the draft if it may go on: unchanged since the form, whole, waiting for nobody."""
    if version != text.version:
        raise StaleError
    draft = text.draft
    if draft is None:
        raise NothingToPublishError
    if draft.due_at or (draft.submitted_at and not waiting):
        raise LockedError
    if lacking := tuple(one for one in ("name", "hook") if not getattr(draft.manuscript, one)):
        raise UnfinishedError(lacking)
    return draft


def _text_class(owner: Owner) -> type[ExhibitText] | type[ExhibitionText] | type[CenterText]:
    if isinstance(owner, Exhibit):
        return ExhibitText
    return ExhibitionText if isinstance(owner, Exhibition) else CenterText
