"""What a token wrote last and was answered, so that whoever asks again gets the same answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant

KEPT_FOR = timedelta(hours=24)


class KeptAnswer(Base):
    """The answer to one `Idempotency-Key` of one token; without a status it is not there yet.

    `digest` tells whether the same was asked, without saying what. No answer to a write names
    a person, so none is kept here.
    """

    __tablename__ = "idempotency_keys"

    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant] = mapped_column(index=True)
    status: Mapped[int | None]
    headers: Mapped[Mapping[str, str]] = mapped_column(JSON)
    body: Mapped[str] = mapped_column(Text)

    def is_over(self, at: datetime) -> bool:
        """Say whether it is forgotten."""
        return self.made_at <= at - KEPT_FOR
