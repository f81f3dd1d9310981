"""What visitors say is wrong with an exhibit or its page: a few words, and no person."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from guide.db import Base, Instant
from guide.exhibits.model import Exhibit

MOST_IN_A_DAY = 100
"""Reports, of all visitors together: nobody can bury the desk, or fill the disk."""


class TooManyReportsError(Exception):
    """So much was reported today that no more is taken."""


class Problem(Base):
    """One report; the language is that of the page that it was made on."""

    __tablename__ = "problems"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibit_id: Mapped[int] = mapped_column(ForeignKey("exhibits.id"), index=True)
    language: Mapped[str] = mapped_column(String(35))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant] = mapped_column(index=True)
    solved_at: Mapped[Instant | None]
    solved_by: Mapped[int | None]

    exhibit: Mapped[Exhibit] = relationship(lazy="raise_on_sql")

    def solve(self, by: int, at: datetime) -> None:
        """Say that it was seen to; twice keeps the first date."""
        if self.solved_at is None:
            self.solved_at, self.solved_by = at, by

    def reopen(self) -> None:
        """Say that it was not."""
        self.solved_at = self.solved_by = None


def report(db: Session, slug: str, language: str, words: str, at: datetime) -> Problem | None:
    """Take a report; None when there is no such exhibit. Raises TooManyReportsError."""
    today = select(func.count()).where(Problem.at > at - timedelta(days=1))
    if (db.scalar(today) or 0) >= MOST_IN_A_DAY:
        raise TooManyReportsError
    exhibit = db.scalar(select(Exhibit).where(Exhibit.slug == slug))
    if exhibit is None:
        return None
    made = Problem(exhibit_id=exhibit.id, language=language, words=words, at=at)
    db.add(made)
    return made
