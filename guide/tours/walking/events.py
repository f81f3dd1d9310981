"""What happened on a tour: rows that are only ever added, in the order of the guide.

An event holds ids, counts and times. What somebody wrote with it is in a row of its own, so
that it can be emptied when persons are forgotten, and the event stays.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guide.db import Base, Instant

TRUSTED_CLOCK = timedelta(minutes=2)
"""How far a phone's clock may be off before its times are marked and put right."""


class Kind(StrEnum):
    """What can happen on a tour."""

    STARTED = "started"
    ARRIVED = "arrived"
    LEFT = "left"
    SKIPPED = "skipped"
    ADDED = "added"
    COUNTED = "counted"
    NOTED = "noted"
    PAUSED = "paused"
    RESUMED = "resumed"
    GIFT = "gift"
    GUEST_BOOK = "guest-book"
    FINISHED = "finished"


MOVES = frozenset(
    {Kind.STARTED, Kind.ARRIVED, Kind.LEFT, Kind.SKIPPED, Kind.ADDED, Kind.FINISHED}
)
"""What phones that follow are told of."""


class Tag(StrEnum):
    """What a note is, for the report; of a gift, which way it went."""

    QUESTION = "question"
    INTEREST = "interest"
    FOLLOW_UP = "follow-up"
    INCIDENT = "incident"
    GIVEN = "given"
    RECEIVED = "received"


OF_GIFTS = frozenset({Tag.GIVEN, Tag.RECEIVED})
"""What nothing but a gift is; phones that were opened before there was this say neither."""


class WalkEvent(Base):
    """One thing that happened.

    `key` was made on the phone: an event that is sent again is the same one. `seq` counts
    the events of a tour in the order in which the guide took them, which is the order of
    each phone. `at` is what the phone's clock showed; `clock_off` is how many seconds that
    clock was behind when it sent the event. `digest` tells whether an event that comes
    again says the same, without saying what it said. `is_late`: the tour was over already.
    """

    __tablename__ = "walk_events"
    __table_args__ = (
        UniqueConstraint("tour_id", "key"),
        Index("ix_walk_events_tour_id", "tour_id", "seq", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"))
    seq: Mapped[int]
    key: Mapped[str] = mapped_column(String(36))
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Kind] = mapped_column(String(16))
    at: Mapped[Instant]
    received_at: Mapped[Instant]
    clock_off: Mapped[int] = mapped_column(BigInteger)
    is_late: Mapped[bool]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    stop_id: Mapped[int | None] = mapped_column(
        ForeignKey("tour_stops.id", ondelete="SET NULL"), index=True
    )
    number: Mapped[int | None]
    tag: Mapped[Tag | None] = mapped_column(String(16))

    note: Mapped["WalkNote | None"] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", uselist=False
    )

    @property
    def has_wrong_clock(self) -> bool:
        """Say whether the phone's clock was too far off to be believed."""
        return abs(timedelta(seconds=self.clock_off)) > TRUSTED_CLOCK

    @property
    def happened_at(self) -> datetime:
        """When it happened: by the phone's clock, put right when that was wrong."""
        return self.at + timedelta(seconds=self.clock_off) if self.has_wrong_clock else self.at


class WalkNote(Base):
    """What a guide wrote with an event; it may name a person."""

    __tablename__ = "walk_notes"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("walk_events.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)
