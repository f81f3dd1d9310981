"""How often somebody may be wrong: a bucket of tries for each account, filled by time.

It is kept under a keyed hash of the e-mail address that was typed, whether or not there is
such an account, so that a stranger learns nothing from being locked out.
"""

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant

MOST_TRIES = 10
ONE_MORE_AFTER = timedelta(minutes=1)
FULL_AFTER = MOST_TRIES * ONE_MORE_AFTER
AT_ONCE = timedelta(seconds=5)
"""Tries that come at once are spent in any order: how far one may have begun before another."""


class Allowance(Base):
    """The tries of one e-mail address, kept as the moment when all of them are there again."""

    __tablename__ = "allowances"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    full_at: Mapped[Instant] = mapped_column(index=True)

    def left(self, at: datetime) -> float:
        """Count the tries that are left now."""
        missing = max(self.full_at - at, timedelta()) / ONE_MORE_AFTER
        return max(MOST_TRIES - missing, 0)

    def has_one(self, at: datetime) -> bool:
        """Say whether there is a try for who came at that moment.

        Ten who came at once have ten, though the one that is spent last may have come first.
        """
        return self.left(at + AT_ONCE) >= 1

    def spend(self, at: datetime) -> None:
        """Count one failure."""
        latest = at + AT_ONCE + FULL_AFTER
        self.full_at = min(max(self.full_at, at) + ONE_MORE_AFTER, latest)
