"""Numbers and references that were given to tours: none is given again, not after a restore.

Phones keep what waits under the number of a tour, and calendars know visits by it. A restore
brings back an earlier database, which would give both again to other tours. So a file in the
data folder says how far they were given; no restore overwrites it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from guide.db import Base, Database
from guide.durable import write_whole
from guide.tours.model import Tour

FILE = "given.txt"
LINE = re.compile(r"(tour|\d+) (\d+)", re.ASCII)
REFERENCE = re.compile(r"(\d+)-(\d+)", re.ASCII)

LAST_NUMBER = {
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = 'tours'",
    "postgresql": "SELECT last_value FROM tours_id_seq WHERE is_called",
}
BEGIN_AFTER = {
    "sqlite": (
        "DELETE FROM sqlite_sequence WHERE name = 'tours'",
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('tours', :last)",
    ),
    "postgresql": (
        "SELECT setval('tours_id_seq', greatest(:last, last_value)) FROM tours_id_seq",
    ),
}
"""Of the counter and the numbers that are there SQLite takes the larger one by itself."""


class GivenReference(Base):
    """The last reference of a year that was given, when a restore has lost its tour."""

    __tablename__ = "given_references"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


@dataclass(frozen=True)
class Given:
    """The last number that a tour was given, and the last reference of each year."""

    number: int
    references: Mapping[int, int]

    @classmethod
    def in_database(cls, db: Session) -> Self:
        """Ask the database, which may be of an earlier release, without these tables."""
        connection = db.connection()
        tables = inspect(connection).get_table_names()
        if Tour.__tablename__ not in tables:
            return cls(0, {})
        number = db.scalar(text(LAST_NUMBER[connection.dialect.name])) or 0
        told = (REFERENCE.fullmatch(one) for one in db.scalars(select(Tour.reference)))
        pairs = [(int(one[1]), int(one[2])) for one in told if one]
        if GivenReference.__tablename__ in tables:
            pairs += [(one.year, one.last) for one in db.scalars(select(GivenReference))]
        return cls(number, _last_of_each(pairs))

    @classmethod
    def in_file(cls, file: Path) -> Self:
        """Read what a file says; a line that is none is passed over."""
        lines = file.read_text(errors="replace").splitlines() if file.exists() else ()
        told = [(one[1], int(one[2])) for line in lines if (one := LINE.fullmatch(line))]
        number = max((last for name, last in told if name == "tour"), default=0)
        return cls(number, _last_of_each((int(y), n) for y, n in told if y != "tour"))

    def __or__(self, other: Self) -> Self:
        """Take the later of each."""
        pairs = [*self.references.items(), *other.references.items()]
        return type(self)(max(self.number, other.number), _last_of_each(pairs))

    def written(self) -> bytes:
        """Write it as a file says it."""
        years = (f"{year} {last}\n" for year, last in sorted(self.references.items()))
        return "".join((f"tour {self.number}\n", *years)).encode()

    def begin_after(self, db: Session) -> None:
        """Let a database give only what comes after."""
        for statement in BEGIN_AFTER[db.connection().dialect.name]:
            db.execute(text(statement), {"last": self.number} if ":last" in statement else {})
        for year, last in self.references.items():
            db.merge(GivenReference(year=year, last=last))


def write_down(database: Database, data_dir: Path) -> None:
    """Write into the data folder how far a database has given, and others before it."""
    file = data_dir / FILE
    there = Given.in_file(file)
    with database.reading() as db:
        both = Given.in_database(db) | there
    if both != there:
        write_whole(file, both.written())


def give_what_comes_after(database: Database, data_dir: Path) -> None:
    """Let a database give only what comes after all that is written down."""
    with database.reading() as db:
        here = Given.in_database(db)
    both = here | Given.in_file(data_dir / FILE)
    if both != here:
        with database.writing() as db:
            both.begin_after(db)


def _last_of_each(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for year, last in pairs:
        found[year] = max(last, found.get(year, last))
    return found
