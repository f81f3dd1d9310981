"""What a delegation sees, in which order, and where it cannot be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guide.db import Base, Instant
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.words import Passage, Words, first_in

MOST_STOPS = 60
"""Stops of one route."""
MOST_MINUTES = 240
"""Minutes at one stop."""
DEFAULT_MINUTES = 5
"""Minutes that are put down for what nobody has said anything of."""


class Priority(StrEnum):
    """What is left out first when time is short: could, then should, never must."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"


@dataclass(frozen=True)
class Place:
    """Where a stop is: a hall, an exhibition while its hall is not known, or not known."""

    kind: str = ""
    id: int = 0


class TourStop(Base):
    """A stop: an exhibit, an exhibition as a whole, or something that the guide does not have.

    The last is said by `names`, per language: "Meeting", "Heydar Aliyev Museum". `position`
    begins with 1. `added_by` is the key of the event that put it into the route on the way;
    a stop that was planned has none.
    """

    __tablename__ = "tour_stops"
    __table_args__ = (
        CheckConstraint("exhibit_id IS NULL OR exhibition_id IS NULL", name="one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), index=True)
    position: Mapped[int]
    exhibit_id: Mapped[int | None] = mapped_column(ForeignKey("exhibits.id"), index=True)
    exhibition_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitions.id"), index=True)
    hall_id: Mapped[int | None] = mapped_column(
        ForeignKey("halls.id", ondelete="SET NULL"), index=True
    )
    names: Mapped[Words] = mapped_column(JSON)
    minutes: Mapped[int]
    priority: Mapped[Priority] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[str | None] = mapped_column(String(36))

    exhibit: Mapped[Exhibit | None] = relationship(lazy="raise_on_sql")
    exhibition: Mapped[Exhibition | None] = relationship(lazy="raise_on_sql")

    @property
    def room(self) -> Exhibition | None:
        """The exhibition that it belongs to, if any."""
        return self.exhibit.exhibition if self.exhibit else self.exhibition

    @property
    def place(self) -> Place:
        """Where it is."""
        of_things = (self.exhibit and self.exhibit.hall_id, self.room and self.room.hall_id)
        if hall := next((one for one in (self.hall_id, *of_things) if one), None):
            return Place("hall", hall)
        return Place("exhibition", self.room.id) if self.room else Place()

    def name_in(self, chain: Sequence[str]) -> Passage:
        """Return its name along a chain of languages."""
        named = self.exhibit or self.exhibition
        words = named.names if named else self.names
        otherwise = next(iter(sorted(words.items())), ("zxx", "–"))
        return first_in(words, chain) or Passage(otherwise[1], otherwise[0])


class EarlierRoute(Base):
    """The stops of a tour as they were before a change, so that it can be undone."""

    __tablename__ = "tour_earlier_routes"

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), index=True)
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    stops: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(JSON)


class Closure(Base):
    """When a hall, an exhibition, or with neither the whole house, cannot be visited."""

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("hall_id IS NULL OR exhibition_id IS NULL", name="one_place"),
        CheckConstraint("starts_at < ends_at", name="ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[int | None] = mapped_column(
        ForeignKey("halls.id", ondelete="CASCADE"), index=True
    )
    exhibition_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitions.id"), index=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(String(120))

    @property
    def place(self) -> Place:
        """What is closed; nowhere is the whole house."""
        if self.hall_id:
            return Place("hall", self.hall_id)
        return Place("exhibition", self.exhibition_id) if self.exhibition_id else Place()
