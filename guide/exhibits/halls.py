"""The halls of the Center, the way on foot between them, and a schematic plan of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from guide.db import Base
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.words import Words

PLAN_ID = 1


class Hall(Base):
    """A place in the house where exhibits stand.

    `capacity` is how many persons may be in it at once, unknown where nobody has said.
    `place` is its rectangle on the plan: from the start, from the top, width, height.
    """

    __tablename__ = "halls"
    # A number is never given again: revisions of a hall that is gone stay its own.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (as SQLAlchemy reads it)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]
    floor: Mapped[int]
    capacity: Mapped[int | None]
    names: Mapped[Words] = mapped_column(JSON)
    place: Mapped[Sequence[int] | None] = mapped_column(JSON(none_as_null=True))


class HallWay(Base):
    """How many minutes a group walks between two halls; the same both ways, kept once."""

    __tablename__ = "hall_ways"
    __table_args__ = (CheckConstraint("hall_id < other_id", name="kept_once"),)

    hall_id: Mapped[int] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    minutes: Mapped[int]


class Plan(Base):
    """What of the plan is not halls; there is one at most.

    `svg` is a drawing that was cleaned, or empty; `marks` are entrances, lifts and such.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    svg: Mapped[str] = mapped_column(Text)
    marks: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(JSON)


def plan_of_house(db: Session) -> Plan:
    """Return the plan, an empty one before there is any; it is not yet in the database."""
    return db.get(Plan, PLAN_ID) or Plan(id=PLAN_ID, svg="", marks=[])


def halls_in_order(db: Session) -> list[Hall]:
    """List the halls in their order."""
    return list(db.scalars(select(Hall).order_by(Hall.position, Hall.slug)))


def minutes_between(db: Session) -> Mapping[tuple[str, str], int]:
    """Return the minutes on foot by the slugs of two halls, both ways round.

    What nobody has measured is not there.
    """
    slugs = {hall.id: hall.slug for hall in halls_in_order(db)}
    found: dict[tuple[str, str], int] = {}
    for way in db.scalars(select(HallWay)):
        one, other = slugs[way.hall_id], slugs[way.other_id]
        found[one, other] = found[other, one] = way.minutes
    return found


def how_many_stand(db: Session) -> Counter[int]:
    """Count the exhibitions and exhibits that name each hall, by its number."""
    named = (owner.hall_id for owner in (Exhibition, Exhibit))
    held = (db.scalars(select(hall).where(hall.is_not(None))) for hall in named)
    return Counter(hall for halls in held for hall in halls if hall)


def stands_in(db: Session, hall: Hall) -> list[Exhibit | Exhibition]:
    """List the exhibitions and exhibits that name a hall as theirs."""
    rooms = select(Exhibition).where(Exhibition.hall_id == hall.id).order_by(Exhibition.slug)
    exhibits = select(Exhibit).where(Exhibit.hall_id == hall.id).order_by(Exhibit.slug)
    return [*db.scalars(rooms), *db.scalars(exhibits)]
