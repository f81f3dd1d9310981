"""What curators do with texts; each deed is written in the trail as it is done."""

from datetime import datetime

from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.exhibits import publishing
from guide.exhibits.drafts import PublishingRules
from guide.exhibits.manuscript import FIELDS
from guide.exhibits.problems import Problem
from guide.exhibits.publishing import TextOf, slug_of, word_of
from guide.exhibits.revisions import Revision
from guide.languages.model import Language


def subject_of(text: TextOf) -> str:
    """Return what the trail calls a text: `exhibit:tar/en`."""
    return f"{word_of(text.owner)}:{slug_of(text.owner)}/{text.language}"


def submit(db: Session, text: TextOf, version: str, *, by: Account, at: datetime) -> None:
    """Ask a second person to read a draft; raises what `publishing.submit` raises."""
    publishing.submit(db, text, version, by.id, at)
    _write_down(db, text, "text.submitted", at, by)


def take_back(db: Session, text: TextOf, *, by: Account, at: datetime) -> None:
    """Make a draft of what is in review or planned; twice changes nothing."""
    if text.draft and text.draft.is_locked:
        text.draft.take_back()
        _write_down(db, text, "text.taken-back", at, by)


def send_back(db: Session, text: TextOf, note: str, *, by: Account, at: datetime) -> None:
    """Return a draft to its writers with a note; only while it is in review."""
    if text.draft and text.draft.submitted_at:
        text.draft.send_back(note, by.id, at)
        _write_down(db, text, "text.sent-back", at, by)


def publish(  # noqa: PLR0913 (each is asked for)
    db: Session,
    text: TextOf,
    version: str,
    *,
    by: Account,
    at: datetime,
    due: datetime | None = None,
    is_read: bool = False,
) -> None:
    """Publish a draft, now or when it is due; raises what `publishing.publish` raises."""
    is_later = due is not None and due > at
    fields = [] if is_later else changed_in(text)
    publishing.publish(db, text, version, by=by.id, at=at, due=due, is_read=is_read)
    _write_down(db, text, "text.planned" if is_later else "text.published", at, by, *fields)


def publish_due(db: Session, now: datetime) -> None:
    """Publish every draft whose time has come, as at that time.

    A draft whose exhibit is gone is no longer due.
    """
    for draft in publishing.due_drafts(db, now):
        text = publishing.text_of_draft(db, draft)
        due, approved_by = draft.due_at, draft.approved_by
        if text is None or due is None:
            draft.take_back()
            continue
        fields = changed_in(text)
        publishing.bring_out(db, text, due)
        by = db.get(Account, approved_by) if approved_by else None
        _write_down(db, text, "text.published", now, by, *fields)


def withdraw(db: Session, text: TextOf, version: str, *, by: Account, at: datetime) -> None:
    """Take a text from visitors; raises StaleError."""
    publishing.withdraw(db, text, version)
    _write_down(db, text, "text.withdrawn", at, by)


def discard(db: Session, text: TextOf, version: str, *, by: Account, at: datetime) -> None:
    """Throw a draft away, kept as a revision so that it can come back; raises StaleError."""
    publishing.discard(db, text, version, by.id, at)
    _write_down(db, text, "draft.discarded", at, by)


def restore(
    db: Session, text: TextOf, revision: Revision, *, by: Account, at: datetime
) -> None:
    """Make a draft of what a revision said; raises LockedError."""
    publishing.restore(db, text, revision, by.id, at)
    _write_down(db, text, "revision.restored", at, by, str(revision.number))


def want_second_person(
    db: Session, rules: PublishingRules, *, by: Account, at: datetime
) -> None:
    """From now on nobody publishes what they wrote; twice keeps the first date."""
    if rules.second_person_since is None:
        rules.second_person_since = at
        db.add(AuditEntry.of(by, "review.switched-on", "rules:publishing", at))


def want_no_second_person(
    db: Session, rules: PublishingRules, *, by: Account, at: datetime
) -> None:
    """Let everybody publish what they wrote."""
    if rules.second_person_since is not None:
        rules.second_person_since = None
        db.add(AuditEntry.of(by, "review.switched-off", "rules:publishing", at))


def solve(db: Session, problem: Problem, *, by: Account, at: datetime) -> None:
    """Say that what a visitor reported was seen to; twice changes nothing."""
    if problem.solved_at is None:
        problem.solve(by.id, at)
        db.add(AuditEntry.of(by, "problem.solved", f"problem:{problem.id}", at))


def reopen(db: Session, problem: Problem, *, by: Account, at: datetime) -> None:
    """Put a visitor's report back on the desk; twice changes nothing."""
    if problem.solved_at is not None:
        problem.reopen()
        db.add(AuditEntry.of(by, "problem.reopened", f"problem:{problem.id}", at))


def switch_off(db: Session, language: Language, *, by: Account, at: datetime) -> None:
    """Offer a language to visitors no more; twice changes nothing."""
    if language.switched_off_at is None:
        language.switch_off(at)
        db.add(AuditEntry.of(by, "language.switched-off", f"language:{language.tag}", at))


def switch_on(db: Session, language: Language, *, by: Account, at: datetime) -> None:
    """Offer a language to visitors again; twice changes nothing."""
    if language.switched_off_at is not None:
        language.switch_on()
        db.add(AuditEntry.of(by, "language.switched-on", f"language:{language.tag}", at))


def changed_in(text: TextOf) -> list[str]:
    """Name the fields in which the draft differs from what visitors read."""
    before, now = text.shown, text.newest
    return [one for one in ("name", *FIELDS) if getattr(before, one) != getattr(now, one)]


def _write_down(
    db: Session,
    text: TextOf,
    deed: str,
    at: datetime,
    by: Account | None,
    *fields: str,
) -> None:
    db.add(AuditEntry.of(by, deed, subject_of(text), at, fields))
    db.flush()
