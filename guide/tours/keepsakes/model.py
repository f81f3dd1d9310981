"""Pages of the guest book and gifts: what guests leave, and what they are given.

What may name persons is forgotten with them. That there was a page stays as an event of the
walk, and so does a gift that a guide noted on the way; of one that is registered its number in
the museum's register stays, and where it is kept.
"""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant


class Publish(StrEnum):
    """Whether guests let the house publish what they wrote."""

    NO = "no"
    ASKED = "asked"
    YES = "yes"


class Direction(StrEnum):
    """Whose gift it is: the house gives, or the guests do."""

    GIVEN = "given"
    RECEIVED = "received"


class GuestBookPage(Base):
    """A page of the guest book: a photograph, a signature, or the words.

    `picture` and `signature` are the hashes of files that only the office opens. `key` was
    made on the phone, so that what is sent twice is kept once.
    """

    __tablename__ = "guest_book_pages"
    __table_args__ = (UniqueConstraint("tour_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"))
    key: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    picture: Mapped[str | None] = mapped_column(String(64))
    signature: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(35), default="")
    translation: Mapped[str] = mapped_column(Text, default="")
    signatory: Mapped[str] = mapped_column(Text, default="")
    publish: Mapped[Publish] = mapped_column(String(8), default=Publish.NO)


class Gift(Base):
    """A gift, as a register of gifts has it; `value` is for those who may read the names."""

    __tablename__ = "tour_gifts"
    __table_args__ = (UniqueConstraint("tour_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"))
    key: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    direction: Mapped[Direction] = mapped_column(String(8))
    description_az: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    giver: Mapped[str] = mapped_column(Text, default="")
    recipient: Mapped[str] = mapped_column(Text, default="")
    moment: Mapped[str] = mapped_column(Text, default="")
    custody: Mapped[str] = mapped_column(Text, default="")
    register_number: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[str] = mapped_column(Text, default="")
    picture: Mapped[str | None] = mapped_column(String(64))
