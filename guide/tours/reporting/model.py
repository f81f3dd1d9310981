"""The versions of a report; each is kept until its persons are forgotten."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant


class TourReport(Base):
    """One version: what people have written over what the events say.

    `words` holds what was edited, by the name of its section. A version that is signed keeps
    in `content` all that it said, facts too, by language; nothing changes it any more. All
    of it may name persons.
    """

    __tablename__ = "tour_reports"
    __table_args__ = (UniqueConstraint("tour_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"))
    number: Mapped[int]
    made_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    words: Mapped[Mapping[str, Any]] = mapped_column(JSON)
    signed_at: Mapped[Instant | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    content: Mapped[Mapping[str, Any] | None] = mapped_column(JSON(none_as_null=True))
