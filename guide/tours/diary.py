"""The diary: it is written in by one at a time, so that nobody is promised twice."""

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from guide.db import Base, Instant


class Diary(Base):
    """One row, which whoever binds guides, interpreters and halls holds until they are done."""

    __tablename__ = "diary"

    id: Mapped[int] = mapped_column(primary_key=True)


class Override(Base):
    """A clash that somebody lets stand, by name and with a reason.

    `key` names the clash and what it is with: when it is with something else, it is another.
    """

    __tablename__ = "tour_overrides"

    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[Instant]


def hold(db: Session) -> None:
    """Wait until nobody else binds anything, and keep others waiting until this commits.

    SQLite has one writer anyway; on PostgreSQL the row is locked, and what is read after
    that is what the one before has committed.
    """
    db.execute(select(Diary).with_for_update())
