"""Imports that were done: what each changed, step by step, and how it is taken back."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.curation.contents import Contents
from guide.curation.holdings import holdings
from guide.curation.mapping import NOTHING
from guide.curation.proposing import Proposal, RecordStep, TextStep, propose
from guide.db import Base, Instant
from guide.exhibits import publishing
from guide.exhibits.drafts import Draft
from guide.exhibits.exchange import bring_in, center_sheet, exhibit_sheet, exhibition_sheet
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.model import Center, Exhibit, Exhibition
from guide.exhibits.publishing import Owner
from guide.exhibits.revisions import By, Cause, keep, keep_all
from guide.exhibits.sheets import CenterSheet, ExhibitionSheet, ExhibitSheet
from guide.qr.registry import mint_missing

Record = ExhibitSheet | ExhibitionSheet | CenterSheet


class NotTheSameError(Exception):
    """The guide or the file is no longer as the dry run said."""


class FaultyError(Exception):
    """The file has errors: it goes in whole or not at all."""


class ChangedSinceError(Exception):
    """What an import wrote was changed since; `subjects` names it."""

    def __init__(self, subjects: tuple[str, ...]) -> None:
        super().__init__(", ".join(subjects))
        self.subjects = subjects


class Run(Base):
    """One import."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    file: Mapped[str] = mapped_column(String(120))
    format: Mapped[str] = mapped_column(String(8))
    created: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    reverted_at: Mapped[Instant | None]
    reverted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    steps: Mapped[list["Step"]] = relationship(order_by="Step.id", lazy="raise_on_sql")


class Step(Base):
    """A record or a draft that an import made or changed.

    `before` is what it said; nothing, if it was not there. The writers and the time of a draft
    are kept beside it; a text without them had none, and visitors read what it said.
    """

    __tablename__ = "import_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    owner_id: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(35))
    before: Mapped[Mapping[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    writers: Mapped[Sequence[int] | None] = mapped_column(JSON(none_as_null=True))
    saved_at: Mapped[Instant | None]

    @property
    def is_text(self) -> bool:
        """Say whether it is a text's draft and not a record."""
        return self.kind.endswith(" text")

    @property
    def word(self) -> str:
        """What has the text or the record, as addresses say it."""
        return self.kind.removesuffix(" text")

    @property
    def subject(self) -> str:
        """What the trail calls it."""
        return f"{self.word}:{self.slug}" + (f"/{self.language}" if self.is_text else "")


def runs(db: Session) -> list[Run]:
    """List the imports, the newest first."""
    return list(db.scalars(select(Run).order_by(Run.id.desc()).limit(200)))


def run_numbered(db: Session, number: int, *, locked: bool = False) -> Run | None:
    """Find an import with its steps; `locked` keeps others from taking it back meanwhile."""
    query = select(Run).where(Run.id == number).options(selectinload(Run.steps))
    return db.scalar(query.with_for_update() if locked else query)


def carry_out(  # noqa: PLR0913 (each is asked for)
    db: Session,
    file: str,
    contents: Contents,
    mapping: Sequence[str],
    digest: str,
    *,
    by: Account,
    at: datetime,
) -> Run:
    """Import a file whole: records at once, as their forms do, texts as drafts.

    Raises NotTheSameError when it would do something else than was shown, FaultyError.
    """
    _keep_others_away(db)
    proposal = propose(contents, mapping, holdings(db))
    if proposal.faults:
        raise FaultyError
    if proposal.digest != digest or not proposal.steps:
        raise NotTheSameError
    run = _run(file, contents, proposal, by, at)
    db.add(run)
    db.flush()
    whose = By(by.id, run=run.id)
    _bring_records(db, run, proposal.records, whose, at)
    _save_texts(db, run, proposal.texts, whose, at)
    db.add(AuditEntry.of(by, "import.done", f"import:{run.id}", at, _fields(proposal)))
    db.flush()
    return run


def take_back(db: Session, run: Run, *, by: Account, at: datetime) -> None:
    """Put everything back as it was before an import; twice changes nothing.

    An exhibit that it made is withdrawn: its code may be printed already. Raises
    ChangedSinceError, and then changes nothing.
    """
    if run.reverted_at is not None:
        return
    _keep_others_away(db)
    owners = _owners(db)
    found = [(one, owners.get((one.word, one.owner_id))) for one in run.steps]
    changed = [
        one.subject for one, owner in found if owner is None or _moved_on(db, one, owner)
    ]
    if changed:
        raise ChangedSinceError(tuple(changed))
    whose = By(by.id, run=run.id)
    for step, owner in found:
        if owner is not None and step.is_text:
            _restore_draft(db, step, owner, whose, at)
    for step, owner in found:
        if owner is not None and not step.is_text:
            _restore_record(db, step, owner, whose, at)
    run.reverted_at, run.reverted_by = at, by.id
    db.add(AuditEntry.of(by, "import.reverted", f"import:{run.id}", at))
    db.flush()


def _keep_others_away(db: Session) -> None:
    """Let nobody else write a record or a text until this is done."""
    for kind in (Center, Exhibition, Exhibit):
        db.execute(select(kind.id).order_by(kind.id).with_for_update())


def _run(file: str, contents: Contents, proposal: Proposal, by: Account, at: datetime) -> Run:
    return Run(
        at=at,
        account_id=by.id,
        file=file[:120],
        format=contents.format,
        created=proposal.count("created"),
        changed=proposal.count("changed"),
        same=proposal.count("same"),
        steps=[],
    )


def _fields(proposal: Proposal) -> set[str]:
    """Name what was changed, for the trail."""
    records = {name for one in proposal.records for name in one.after}
    texts = {
        name
        for one in proposal.texts
        for name, words in one.after.said().items()
        if words != one.before.said()[name]
    }
    return (records | texts) - {NOTHING}


# Importing.


def _bring_records(
    db: Session, run: Run, steps: Sequence[RecordStep], by: By, at: datetime
) -> None:
    before = {key: _said(owner) for key, owner in _by_slug(db).items()}
    sheets = {
        (one.word, "" if one.word == "center" else one.slug, ""): one.sheet for one in steps
    }
    bring_in(db, sheets, at, Cause.IMPORTED, by)
    mint_missing(db, at)
    db.expire_all()
    owners = _by_slug(db) if steps else {}
    for one in steps:
        owner = owners[one.word, one.slug]
        db.add(
            Step(
                run_id=run.id,
                kind=one.word,
                owner_id=owner.id,
                slug=one.slug,
                language="",
                before=before.get((one.word, one.slug)),
                after=_said(owner),
            )
        )
    db.flush()


def _save_texts(db: Session, run: Run, steps: Sequence[TextStep], by: By, at: datetime) -> None:
    owners = _by_slug(db) if steps else {}
    drafts = _drafts(db)
    told = []
    for one in steps:
        owner, kind = owners[one.word, one.slug], f"{one.word} text"
        key = (kind, owner.id, one.language)
        draft = drafts.get(key)
        step = Step(
            run_id=run.id,
            kind=kind,
            owner_id=owner.id,
            slug=one.slug,
            language=one.language,
            before=None if one.is_new else one.before.said(),
            after=one.after.said(),
            writers=list(draft.writers) if draft else None,
            saved_at=draft.saved_at if draft else None,
        )
        if draft is None:
            draft = Draft(
                kind=kind,
                owner_id=owner.id,
                language=one.language,
                writers=[],
                returned_note="",
            )
        draft.write(one.after, by.account, at)
        db.add_all((step, draft))
        told.append((*key, one.after.said()))
    db.flush()
    keep_all(db, told, Cause.IMPORTED, at, by)


# Taking it back.


def _moved_on(db: Session, step: Step, owner: Owner) -> bool:
    if not step.is_text:
        return _said(owner) != step.after
    draft = publishing.text_of(db, owner, step.language).draft
    return draft is None or draft.is_locked or draft.manuscript != Manuscript.told(step.after)


def _restore_draft(db: Session, step: Step, owner: Owner, by: By, at: datetime) -> None:
    draft = publishing.text_of(db, owner, step.language).draft
    if draft is None:
        return
    if step.saved_at is None or step.before is None:
        keep(db, (step.kind, step.owner_id, step.language, draft.said), Cause.REVERTED, at, by)
        db.delete(draft)
        db.flush()
        return
    draft.write(Manuscript.told(step.before), None, at)
    draft.writers = list(step.writers or ())
    draft.saved_at = step.saved_at or at
    keep(db, (step.kind, step.owner_id, step.language, step.before), Cause.REVERTED, at, by)


def _restore_record(db: Session, step: Step, owner: Owner, by: By, at: datetime) -> None:
    if step.before is None and isinstance(owner, Exhibit):
        owner.withdraw(at)
        db.flush()
        keep(db, (step.kind, step.owner_id, "", _said(owner)), Cause.REVERTED, at, by)
        return
    if step.before is not None:
        key = (step.word, "" if step.word == "center" else step.slug, "")
        bring_in(db, {key: _sheet_said(step.word, step.before)}, at, Cause.REVERTED, by)


# What stands in the database.


def _said(owner: Owner) -> dict[str, Any]:
    """Write a record down whole: its exhibition too, which its sheet keeps as a folder."""
    sheet = _sheet(owner)
    said = sheet.model_dump(mode="json")
    return said | ({"exhibition": sheet.exhibition} if isinstance(sheet, ExhibitSheet) else {})


def _sheet(owner: Owner) -> Record:
    if isinstance(owner, Exhibit):
        return exhibit_sheet(owner)
    return exhibition_sheet(owner) if isinstance(owner, Exhibition) else center_sheet(owner)


def _sheet_said(word: str, said: Mapping[str, Any]) -> Record:
    kinds: Mapping[str, type[Record]] = {
        "exhibit": ExhibitSheet,
        "exhibition": ExhibitionSheet,
        "center": CenterSheet,
    }
    return kinds[word].model_validate_json(json.dumps(said))


def _owners(db: Session) -> dict[tuple[str, int], Owner]:
    return {(publishing.word_of(one), one.id): one for one in _everything(db)}


def _by_slug(db: Session) -> dict[tuple[str, str], Owner]:
    return {(publishing.word_of(one), publishing.slug_of(one)): one for one in _everything(db)}


def _everything(db: Session) -> list[Owner]:
    exhibits = select(Exhibit).options(
        selectinload(Exhibit.texts), selectinload(Exhibit.exhibition)
    )
    found: list[Owner] = list(db.scalars(exhibits))
    found += db.scalars(select(Exhibition).options(selectinload(Exhibition.texts)))
    found += db.scalars(select(Center).options(selectinload(Center.texts)))
    return found


def _drafts(db: Session) -> dict[tuple[str, int, str], Draft]:
    return {(one.kind, one.owner_id, one.language): one for one in db.scalars(select(Draft))}
