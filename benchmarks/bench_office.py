"""The curator's office: the table of what is missing at 200 exhibits × 7 languages, the editor.

Queries are counted and milliseconds printed. The figures compare the table at 200 exhibits
with that of the starter's: as many queries, and the time for each exhibit no longer.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, insert, select

from benchmarks.measuring import Figure, report
from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.app import create_app
from guide.db import Database
from guide.exhibits.model import Exhibit, ExhibitText
from guide.settings import FILES, Settings
from guide.upkeep.content import import_folder
from guide.upkeep.migration import migrate_whole

MANY = 200
ROUNDS = 15
MATRIX, EDITOR, DESK = "/staff/exhibits", "/staff/texts/exhibit/tar/en", "/staff"


def main() -> None:
    """Open the pages of a small and of a big museum in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        details: dict[str, dict[str, float]] = {}
        for what, exhibits in (("starter", 0), (f"{MANY} exhibits", MANY)):
            settings = Settings(data_dir=Path(name) / what)
            settings.prepare_data_dir()
            with closing(Database.open(settings.database)) as database:
                fill(database, exhibits)
                app = create_app(settings, database)
                for page, path in (("matrix", MATRIX), ("editor", EDITOR), ("desk", DESK)):
                    details[f"{page}, {what}"] = measure(app, database, path)
    small, big = details["matrix, starter"], details[f"matrix, {MANY} exhibits"]
    each = (big["ms"] / big["exhibits"]) / (small["ms"] / small["exhibits"])
    figures = [
        Figure(
            f"queries of the matrix, {MANY} exhibits ÷ starter",
            big["queries"] / small["queries"],
            1,
            1,
            more_is_better=False,
        ),
        Figure(
            f"time for each exhibit of the matrix, {MANY} ÷ starter",
            each,
            1.1,
            1,
            more_is_better=False,
        ),
    ]
    report("office", figures, details)


def fill(database: Database, exhibits: int) -> None:
    """Import the starter content, and copy exhibits with texts until there are so many."""
    migrate_whole(database)
    with database.writing() as db:
        import_folder(db, FILES / "exhibitions", datetime.now(UTC))
        there = db.execute(select(Exhibit.__table__)).mappings().all()
        texts = db.execute(select(ExhibitText.__table__)).mappings().all()
        for number in range(max(0, exhibits - len(there))):
            one = there[number % len(there)]
            fresh = 1_000 + number
            copied = {**one, "id": fresh, "slug": f"{one['slug']}-{number}"}
            db.execute(insert(Exhibit.__table__), [copied])  # type: ignore[arg-type]
            of_it = [{**t, "exhibit_id": fresh} for t in texts if t["exhibit_id"] == one["id"]]
            db.execute(insert(ExhibitText.__table__), of_it)  # type: ignore[arg-type]


def measure(app: FastAPI, database: Database, path: str) -> dict[str, float]:
    """Open a page as a curator; return its queries, milliseconds and bytes."""
    phone = signed_in(app, database)
    with counted(database) as queries:
        page = phone.get(path)
    page.raise_for_status()
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        phone.get(path)
        times.append((perf_counter() - began) * 1000)
    with database.reading() as db:
        exhibits = len(db.scalars(select(Exhibit.id)).all())
    return {
        "exhibits": exhibits,
        "queries": len(queries),
        "ms": round(median(times), 1),
        "kb": round(len(page.content) / 1000, 1),
    }


def signed_in(app: FastAPI, database: Database) -> TestClient:
    """Return a browser of a curator."""
    token, now = fresh_token(), datetime.now(UTC)
    with database.writing() as db:
        account = Account(
            email=f"{token[:8]}@example.org", name="Aysel", language="en", made_at=now
        )
        account.give_roles([Role.CURATOR])
        db.add_all([account, StaffSession.of(account, hashed(token), now)])
    phone = TestClient(app, base_url="http://localhost")
    phone.cookies.set("staff", token)
    return phone


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that are read with."""
    seen: list[str] = []

    def see(_1: object, _2: object, statement: str, *_others: object) -> None:
        seen.append(statement)

    reader = database.reader
    if not isinstance(reader, Engine):
        raise TypeError(reader)
    event.listen(reader, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(reader, "before_cursor_execute", see)


if __name__ == "__main__":
    main()
