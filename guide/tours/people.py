"""Who comes, who receives them, who leads and who interprets."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guide.accounts.model import Account
from guide.db import Base, Instant
from guide.exhibits.words import Words
from guide.languages.sorting import sort_key


class Side(StrEnum):
    """Guests come; hosts receive them. Guests stand first wherever both are listed."""

    GUEST = "guest"
    HOST = "host"


class PersonRole(StrEnum):
    """What somebody is in a delegation, or among its hosts."""

    HEAD = "head"
    SPOUSE = "spouse"
    MEMBER = "member"
    AIDE = "aide"
    INTERPRETER = "interpreter"
    SECURITY = "security"
    MEDIA = "media"
    GREETER = "greeter"


class Duty(StrEnum):
    """What one of the staff does for a tour."""

    GUIDE = "guide"
    PLANNER = "planner"


class Mode(StrEnum):
    """How an interpreter works."""

    CONSECUTIVE = "consecutive"
    SIMULTANEOUS = "simultaneous"
    WHISPERED = "whispered"


class TourPerson(Base):
    """Somebody of a delegation, or of its hosts.

    A name is one line, as the note verbale has it: never taken apart, cased or ordered by
    the guide. `precedence` is set by people; who has the same is ordered by `sort_name`.
    """

    __tablename__ = "tour_persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), index=True)
    side: Mapped[Side] = mapped_column(String(8))
    role: Mapped[PersonRole] = mapped_column(String(16))
    precedence: Mapped[int]
    name_official: Mapped[str] = mapped_column(Text)
    name_language: Mapped[str] = mapped_column(String(35))
    name_az: Mapped[str] = mapped_column(Text, default="")
    name_en: Mapped[str] = mapped_column(Text, default="")
    sort_name: Mapped[str] = mapped_column(Text, default="")
    short_address: Mapped[str] = mapped_column(Text, default="")
    positions: Mapped[Words] = mapped_column(JSON)
    affiliation: Mapped[str] = mapped_column(Text, default="")
    pronunciation: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    do_not_photograph: Mapped[bool] = mapped_column(default=False)

    def name_in(self, language: str) -> str:
        """Return the name as readers of a language get it, in letters that somebody chose."""
        if language == self.name_language:
            return self.name_official
        chosen = (self.name_az, self.name_en) if language == "az" else (self.name_en,)
        return next((name for name in chosen if name), self.name_official)


def in_precedence(persons: Iterable[TourPerson], side: Side) -> list[TourPerson]:
    """List the persons of a side as they are named and seated: by precedence, then by name."""

    def place(one: TourPerson) -> tuple[object, ...]:
        return one.precedence, sort_key(one.sort_name or one.name_official, "az"), one.id

    return sorted((one for one in persons if one.side == side), key=place)


class TourStaff(Base):
    """One of the staff who leads a tour or plans it, and so may read all of it."""

    __tablename__ = "tour_staff"

    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    duty: Mapped[Duty] = mapped_column(String(8), primary_key=True)

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class SpokenLanguage(Base):
    """A language that one of the staff can lead a tour in."""

    __tablename__ = "spoken_languages"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)


class Interpreter(Base):
    """An interpreter whom the house can call; not one of its accounts."""

    __tablename__ = "interpreters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[list[str]] = mapped_column(JSON)
    retired_at: Mapped[Instant | None]


class TourInterpreter(Base):
    """An interpreter at work in a tour: all of it, or from one instant to another."""

    __tablename__ = "tour_interpreters"

    id: Mapped[int] = mapped_column(primary_key=True)
    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), index=True)
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"), index=True)
    from_language: Mapped[str] = mapped_column(String(35))
    to_language: Mapped[str] = mapped_column(String(35))
    mode: Mapped[Mode] = mapped_column(String(16))
    whisper_sets: Mapped[str] = mapped_column(String(80), default="")
    starts_at: Mapped[Instant | None]
    ends_at: Mapped[Instant | None]

    interpreter: Mapped[Interpreter] = relationship(lazy="raise_on_sql")

    def come(self, later: timedelta | None) -> None:
        """Work so much later than it was said, or, with None, for the whole tour."""
        if later is None:
            self.starts_at = self.ends_at = None
            return
        self.starts_at = self.starts_at and self.starts_at + later
        self.ends_at = self.ends_at and self.ends_at + later
