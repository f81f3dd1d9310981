"""What each text and record said at any time: revisions only grow, none ever changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from guide.db import Base, Instant
from guide.exhibits.manuscript import Manuscript


class Cause(StrEnum):
    """Why a revision was made."""

    IMPORTED = "imported"
    PUBLISHED = "published"
    SUBMITTED = "submitted"
    RESTORED = "restored"
    SAVED = "saved"
    DISCARDED = "discarded"
    REVERTED = "reverted"


class Revision(Base):
    """What a text or a record said, as the values of its sheet (a text's with its name).

    `kind` is a kind of sheet; `number` counts from 1 for each text or record. `run` is the
    import that made it, `approved_by` the second person; both are numbers of rows.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("kind", "owner_id", "language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    owner_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(35))
    number: Mapped[int]
    said: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    cause: Mapped[Cause] = mapped_column(String(16))
    at: Mapped[Instant] = mapped_column(index=True)
    account_id: Mapped[int | None]
    approved_by: Mapped[int | None]
    run: Mapped[int | None] = mapped_column(index=True)

    @property
    def manuscript(self) -> Manuscript:
        """What a text said; only for revisions of texts."""
        return Manuscript.told(self.said)


@dataclass(frozen=True)
class By:
    """Who makes a revision, who approved it, and in which import: numbers of rows, if any."""

    account: int | None = None
    approved: int | None = None
    run: int | None = None


NOBODY = By()

Said = tuple[str, int, str, Mapping[str, Any]]
"""What is kept: kind, number of the owner, language, and the values of the sheet."""


def keep(db: Session, said: Said, cause: Cause, at: datetime, by: By = NOBODY) -> Revision:
    """Write down what a text or a record says now."""
    kind, owner_id, language, _ = said
    made = _revision(said, latest_number(db, kind, owner_id, language) + 1, cause, at, by)
    db.add(made)
    db.flush()
    return made


def keep_all(
    db: Session, told: Iterable[Said], cause: Cause, at: datetime, by: By = NOBODY
) -> None:
    """Write down what many texts and records say now."""
    whose = (Revision.kind, Revision.owner_id, Revision.language)
    newest = select(*whose, func.max(Revision.number)).group_by(*whose)
    numbers = {(kind, owner, tag): number for kind, owner, tag, number in db.execute(newest)}
    db.add_all(_revision(one, numbers.get(one[:3], 0) + 1, cause, at, by) for one in told)
    db.flush()


def latest_number(db: Session, kind: str, owner_id: int, language: str) -> int:
    """Return the number of the newest revision, 0 before there is one."""
    newest = select(func.max(Revision.number)).where(
        Revision.kind == kind, Revision.owner_id == owner_id, Revision.language == language
    )
    return db.scalar(newest) or 0


def revisions_of(db: Session, kind: str, owner_id: int, language: str = "") -> list[Revision]:
    """List the revisions of a text or a record, the newest first."""
    query = select(Revision).where(
        Revision.kind == kind, Revision.owner_id == owner_id, Revision.language == language
    )
    return list(db.scalars(query.order_by(Revision.number.desc())))


def _revision(said: Said, number: int, cause: Cause, at: datetime, by: By) -> Revision:
    kind, owner_id, language, values = said
    return Revision(
        kind=kind,
        owner_id=owner_id,
        language=language,
        number=number,
        said=values,
        cause=cause,
        at=at,
        account_id=by.account,
        approved_by=by.approved,
        run=by.run,
    )
