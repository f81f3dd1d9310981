"""The trail: who did what to what, and when. It only grows: a trigger sees to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from guide.accounts.model import Account
from guide.db import Base, Instant


class AuditEntry(Base):
    """One deed: by whom (nobody: the command line, or a stranger), what, and to what.

    `subject` is a kind and a number, as `account:7`. `fields` are the names of what changed;
    their values, which may name a person, are never kept here.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    deed: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    fields: Mapped[list[str]] = mapped_column(JSON)

    @classmethod
    def of(
        cls,
        by: Account | None,
        deed: str,
        subject: str,
        at: datetime,
        fields: Iterable[str] = (),
    ) -> Self:
        """Write a deed down; add it in the transaction that does it."""
        return cls(
            at=at,
            account_id=by.id if by else None,
            deed=deed,
            subject=subject,
            fields=sorted(fields),
        )
