"""Addresses that open without signing in: a delegation's page, a calendar to subscribe to.

No token is kept. A delegation's is made anew from a salt and the guide's secret whenever a
card is printed; a calendar's is shown once. The database knows only their hashes.
"""

import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from guide.accounts.tokens import hashed, keyed
from guide.db import Base, Instant

TOKEN_BYTES = 16
"""128 bits (`acceptance.md` 15): 22 letters in base64url."""


class TourLink(Base):
    """The address of a delegation's own page; a tour has at most one that is not revoked."""

    __tablename__ = "tour_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), index=True)
    salt: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]

    @classmethod
    def made(cls, tour_id: int, secret: str, at: datetime) -> Self:
        """Make the address of a tour."""
        salt = secrets.token_hex(16)
        return cls(
            tour_id=tour_id, salt=salt, token_hash=hashed(_token(salt, secret)), made_at=at
        )

    def token(self, secret: str) -> str:
        """Return the token, 22 letters of base64url."""
        return _token(self.salt, secret)

    def revoke(self, at: datetime) -> None:
        """Let it open nothing any more; twice keeps the first date."""
        self.revoked_at = self.revoked_at or at


class CalendarFeed(Base):
    """A calendar that somebody subscribes to: their own tours, or all that they may see."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]


def revoke_every_address(db: Session, at: datetime) -> None:
    """Let no address of a delegation, and no calendar, open anything any more."""
    for table in (TourLink, CalendarFeed):
        db.execute(update(table).where(table.revoked_at.is_(None)).values(revoked_at=at))


def _token(salt: str, secret: str) -> str:
    made = bytes.fromhex(keyed(secret, "delegation", salt))[:TOKEN_BYTES]
    return urlsafe_b64encode(made).decode().rstrip("=")
