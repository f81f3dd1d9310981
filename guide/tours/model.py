"""A tour: one delegation's visit, from the request to the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guide.db import Base, Instant
from guide.exhibits.model import ListOf
from guide.exhibits.words import Words
from guide.tours.people import TourInterpreter, TourPerson, TourStaff
from guide.tours.stops import TourStop


class Level(IntEnum):
    """How confidential a tour is (`tours.md`, section 4)."""

    PUBLIC = 0
    INTERNAL = 1
    RESTRICTED = 2
    CLOSED = 3


class State(StrEnum):
    """How far a tour has come."""

    REQUESTED = "requested"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    UNDER_WAY = "under-way"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


NEXT: Mapping[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.PLANNED, State.CANCELLED}),
    State.PLANNED: frozenset({State.CONFIRMED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.UNDER_WAY, State.CANCELLED}),
    State.UNDER_WAY: frozenset({State.COMPLETED, State.CANCELLED}),
    State.COMPLETED: frozenset(),
    State.CANCELLED: frozenset(),
}
"""Where a tour may go from each state; every other move is refused."""

OPEN = frozenset({State.REQUESTED, State.PLANNED, State.CONFIRMED})
"""States in which the plan can still be changed."""

PLANS = frozenset({State.PLANNED, State.CONFIRMED})
"""States of a tour that is to come."""

BINDING = (State.CONFIRMED, State.UNDER_WAY, State.COMPLETED)
"""States in which a tour holds its guide, interpreters and halls."""


class Category(StrEnum):
    """What kind of visit it is, as protocol offices tell them apart."""

    STATE = "state"
    OFFICIAL = "official"
    WORKING = "working"
    PRIVATE = "private"
    PRESS = "press"
    SCHOOL = "school"


class PhotoPolicy(StrEnum):
    """Whether guests, or the house, take photographs."""

    UNKNOWN = "unknown"
    WELCOME = "welcome"
    ASK = "ask"
    NONE = "none"


class IllegalMoveError(Exception):
    """A tour in this state cannot be moved to that one."""

    def __init__(self, state: State, wanted: State) -> None:
        super().__init__(f"{state} → {wanted}")
        self.state = state
        self.wanted = wanted


class NoSlotError(Exception):
    """A tour is planned only when it is known when it begins and ends."""


class StaleTourError(Exception):
    """Somebody else has changed the tour since this was read."""


class PlanIsFixedError(Exception):
    """The tour is under way or over; its plan can no longer change."""


@dataclass(frozen=True)
class Party:
    """An organisation or a country that a delegation comes from.

    `code` is a territory of CLDR (ISO 3166-1), empty for an organisation and for what no
    list settles; then `names` says it, per language, as somebody has told it.
    """

    kind: str
    names: Words
    code: str = ""


class Tour(Base):
    """One delegation's visit.

    `date` and `last_date` are as exactly as they are known: "2026-11-24", "2017-04", "2017";
    a tour with a slot has the day on which it begins, in the museum's time. `people` is how
    many are expected. `version` grows with each change; whoever changes a tour says which
    one they have seen. Whatever may name a person is in tables of its own, to be forgotten;
    `forgotten_at` is when that was done.
    """

    __tablename__ = "tours"
    # A number is never given again: feeds and the trail name tours by it.
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_it_starts"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int]
    state: Mapped[State] = mapped_column(String(16), index=True)
    level: Mapped[int]
    category: Mapped[Category] = mapped_column(String(16))
    parties: Mapped[tuple[Party, ...]] = mapped_column(ListOf(Party))
    languages: Mapped[Sequence[str]] = mapped_column(JSON)
    people: Mapped[int | None]
    date: Mapped[str | None] = mapped_column(String(10), index=True)
    last_date: Mapped[str | None] = mapped_column(String(10))
    starts_at: Mapped[Instant | None] = mapped_column(index=True)
    ends_at: Mapped[Instant | None]
    departed_at: Mapped[Instant | None]
    completed_at: Mapped[Instant | None]
    photo_policy: Mapped[PhotoPolicy] = mapped_column(String(16))
    with_press: Mapped[bool]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    forgotten_at: Mapped[Instant | None]

    brief: Mapped["TourBrief"] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", uselist=False
    )
    published: Mapped["PublishedTour | None"] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", uselist=False
    )
    stops: Mapped[list[TourStop]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by=TourStop.position
    )
    persons: Mapped[list[TourPerson]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        order_by=(TourPerson.side, TourPerson.precedence, TourPerson.sort_name, TourPerson.id),
    )
    staff: Mapped[list[TourStaff]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by=TourStaff.account_id
    )
    interpreters: Mapped[list[TourInterpreter]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by=TourInterpreter.id
    )

    @property
    def can_change(self) -> bool:
        """Say whether its plan may still be changed; what was forgotten stays so."""
        return self.state in OPEN and self.forgotten_at is None

    @property
    def can_be_put_right(self) -> bool:
        """Say whether who came may be put right; what was forgotten stays so.

        Of a visit that a source tells of, it is the source's record that is put right.
        """
        has_begun = self.state in {State.UNDER_WAY, State.COMPLETED}
        return has_begun and self.forgotten_at is None and self.published is None

    @property
    def is_binding(self) -> bool:
        """Say whether it holds its guide, interpreters and halls."""
        return self.state in BINDING

    @property
    def is_only_told(self) -> bool:
        """Say whether all that is known of it is what a source says: the house took no part."""
        return self.published is not None and bool(self.published.key)

    @property
    def may_become(self) -> frozenset[State]:
        """Return the states that it can be moved to; one that was forgotten only ends."""
        return NEXT[self.state] - (PLANS if self.forgotten_at else frozenset())

    def take_slot(self, slot: "Slot | None") -> None:
        """Take place at this time, or at none that is known yet.

        Interpreters come as much earlier or later as the tour begins; without a time they
        have no hours of their own either.
        """
        later = slot.starts_at - self.starts_at if slot and self.starts_at else None
        for one in self.interpreters:
            one.come(later)
        self.starts_at = slot.starts_at if slot else None
        self.ends_at = slot.ends_at if slot else None
        if slot:
            self.date, self.last_date = slot.day.isoformat(), None

    def plan(self) -> None:
        """Say that the request is taken up."""
        self.require(State.PLANNED)
        if self.starts_at is None:
            raise NoSlotError
        self._move(State.PLANNED)

    def confirm(self) -> None:
        """Say that it takes place; whether anything stands against it is for the caller."""
        self._move(State.CONFIRMED)

    def depart(self, at: datetime) -> None:
        """Say that the guests are on their way through the house."""
        self._move(State.UNDER_WAY)
        self.departed_at = at

    def complete(self, at: datetime) -> None:
        """Say that the guests have left."""
        self._move(State.COMPLETED)
        self.completed_at = at

    def cancel(self) -> None:
        """Say that it does not take place."""
        self._move(State.CANCELLED)

    def change(self, seen: int) -> None:
        """Note that the plan is changed by somebody who has seen this version.

        Raises StaleTourError when another change came between, PlanIsFixedError when it is
        too late for any.
        """
        if seen != self.version:
            raise StaleTourError
        if not self.can_change:
            raise PlanIsFixedError
        self.version += 1

    def correct(self, seen: int) -> None:
        """Note that what is said of it is put right by somebody who has seen this version.

        It is no plan any more, so it may be over. Raises StaleTourError.
        """
        if seen != self.version:
            raise StaleTourError
        self.version += 1

    def forget(self, at: datetime) -> None:
        """Note that its persons are forgotten; twice keeps the first date."""
        self.forgotten_at = self.forgotten_at or at
        self.version += 1

    def require(self, to: State) -> None:
        """Raise IllegalMoveError when it cannot be moved there from where it is."""
        if to not in self.may_become:
            raise IllegalMoveError(self.state, to)

    def _move(self, to: State) -> None:
        self.require(to)
        self.state = to
        self.version += 1


def subject_of(tour: Tour) -> str:
    """Return what the trail calls a tour."""
    return f"tour:{tour.id}"


class Slot(Protocol):
    """When a tour begins and ends, and the day that is in the museum's time."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def day(self) -> date: ...


class TourBrief(Base):
    """What those who receive the guests must know; free words that may name a person."""

    __tablename__ = "tour_briefs"

    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    host_unit: Mapped[str] = mapped_column(Text, default="")
    requested_by: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    security_contact: Mapped[str] = mapped_column(Text, default="")
    door: Mapped[str] = mapped_column(Text, default="")
    vehicles: Mapped[str] = mapped_column(Text, default="")
    dress: Mapped[str] = mapped_column(Text, default="")
    access_needs: Mapped[str] = mapped_column(Text, default="")
    dietary: Mapped[str] = mapped_column(Text, default="")
    quiet_needs: Mapped[str] = mapped_column(Text, default="")
    weather_plan: Mapped[str] = mapped_column(Text, default="")
    talking_points: Mapped[str] = mapped_column(Text, default="")
    country_links: Mapped[str] = mapped_column(Text, default="")
    to_avoid: Mapped[str] = mapped_column(Text, default="")
    gifts_planned: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")


BRIEF = tuple(column.key for column in TourBrief.__table__.columns if column.key != "tour_id")
"""The fields of a brief, in the order in which a form asks for them."""


class PublishedTour(Base):
    """What a source has said of a tour; kept when its persons are forgotten.

    Words are as the source has them. What it does not say is None or empty: unknown, which
    is not the same as none. `also` is what a record says besides, under headings of its own.
    `key` tells the record that came in, so that it comes in once, corrected since or not; it
    is empty for a source that tells of a tour which the house knows itself.
    """

    __tablename__ = "published_tours"

    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(35))
    date_told: Mapped[str] = mapped_column(Text, default="")
    head: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(Text, default="")
    host: Mapped[str] = mapped_column(Text, default="")
    displays: Mapped[Sequence[str]] = mapped_column(JSON)
    guest_book: Mapped[bool | None]
    gift: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    also: Mapped[Mapping[str, Any]] = mapped_column(JSON, default=dict)
    key: Mapped[str] = mapped_column(String(64), default="", index=True)
