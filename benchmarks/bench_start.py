"""From nothing to the first page, the memory of a process, and a hundred times as much."""

import random
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from sqlalchemy import Table, insert, select

from benchmarks.measuring import (
    Figure,
    Load,
    Rounds,
    Target,
    cpu_seconds,
    in_turn,
    memory_mb,
    need,
    report,
    stop,
    version_of,
)
from benchmarks.museum import PAGE, Museum
from benchmarks.serving import LOOPBACK, guide
from guide.db import Base, Database
from guide.exhibits.model import Exhibit, Exhibition, ExhibitionText, ExhibitText
from tests.e2e.server import Server

ROUNDS = 5
SECONDS = 1.5
SECONDS_TO_FILL = 8.0
MOST_ASKED = 600
"""Exhibits of a grown museum that are served in turn, drawn by lot."""
TIMES = 100
PATIENCE = 60.0
STARTER, MORE_ROOMS, BIGGER_ROOMS = "starter", "100 × the rooms", "rooms 100 × as big"


def main() -> None:
    """Start, fill the memory, grow."""
    need("wrk")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        fresh = [seconds_to_page(folder / f"fresh-{n}") for n in range(ROUNDS)]
        again = [seconds_to_page(folder / "fresh-0") for n in range(ROUNDS)]
        memory = memory_after_every_page(folder / "fresh-0")
        grown = growth(folder)
    figures = [
        Figure(
            "seconds from nothing to the first page",
            median(fresh),
            3,
            1.5,
            more_is_better=False,
        ),
        Figure("seconds, second start", median(again), 3, 1.5, more_is_better=False),
        Figure("MB after every page was served", memory.full, 150, 100, more_is_better=False),
        *grown.figures,
    ]
    details = {
        "start": {"fresh_s": median(fresh), "again_s": median(again)},
        "memory": {"ready_mb": memory.ready, "full_mb": memory.full, "pages": memory.pages},
        **grown.details,
    }
    report("start", figures, details, wrk=version_of("wrk", "-v"))


def seconds_to_page(data_dir: Path) -> float:
    """Start the command that a museum starts; return when the exhibit's page was there."""
    began = perf_counter()
    server = Server.start(data_dir)
    try:
        while perf_counter() - began < PATIENCE:
            try:
                if get(server.port, PAGE) == HTTPStatus.OK:
                    return perf_counter() - began
            except (OSError, HTTPException):
                sleep(0.01)
        stop(f"no page in {PATIENCE:.0f} s: {server.complained.read_text()}")
    finally:
        server.end()


@dataclass(frozen=True)
class Memory:
    """Megabytes of a process."""

    ready: float
    full: float
    pages: int


def memory_after_every_page(data_dir: Path) -> Memory:
    """Serve every page once, and a code; return the memory before and after."""
    museum = Museum.of(data_dir)
    server = Server.start(data_dir)
    try:
        server.wait_until_ready()
        ready = memory_mb(server.process.pid)
        for page in museum.pages:
            if (status := get(server.port, page)) != HTTPStatus.OK:
                stop(f"{page} answered {status}")
        get(server.port, f"/q/{museum.code}")
        return Memory(ready, memory_mb(server.process.pid), len(museum.pages))
    finally:
        server.end()


@dataclass(frozen=True)
class Growth:
    """What pages cost with a hundred times the exhibits."""

    figures: Sequence[Figure]
    details: dict[str, dict[str, float]]


def growth(folder: Path) -> Growth:
    """Print and serve the pages of three museums in turn.

    Of a printed page, growth is measured on as many pages as the starter has. That many more
    pages in turn also leave the processor's own cache is a detail beside it.
    """
    served: dict[str, Target] = {}
    printing: dict[str, tuple[Server, list[str]]] = {}
    details: dict[str, dict[str, float]] = {}
    alike = 0
    with ExitStack() as held:
        for what, slug in ((STARTER, "one"), (MORE_ROOMS, "rooms"), (BIGGER_ROOMS, "big")):
            data_dir = folder / slug / "data"
            data_dir.parent.mkdir()
            seconds_to_page(data_dir)
            if what != STARTER:
                multiply(data_dir, into_new_rooms=what == MORE_ROOMS)
            beside = shutil.copytree(data_dir, data_dir.with_name("beside"))  # one server each
            pages = Museum.of(data_dir).exhibit_pages
            random.Random(1).shuffle(pages)  # noqa: S311
            server = held.enter_context(guide(data_dir))
            printed = ask_in_turn(server, pages[:MOST_ASKED], SECONDS_TO_FILL)
            alike = alike or printed.requests  # as many as the starter has
            for asked in sorted({alike, printed.requests}):
                paths = folder / slug / f"paths-{asked}"
                paths.write_text("\n".join(pages[:asked]) + "\n")
                name = what if asked == alike else f"{what}, {asked} pages in turn"
                script = ("paths.lua", str(paths))
                served[name] = Target(server.process.pid, server.address, script=script)
            again = pages * (2_000 // len(pages) + 1)
            printing[what] = held.enter_context(guide(beside, "first-print")), again
            details[f"museum, {what}"] = {"exhibits": len(pages), "asked": printed.requests}
        serving = in_turn(served, ROUNDS, SECONDS)
        for server, pages in printing.values():
            ask_in_turn(server, pages, SECONDS)
        first = Rounds(
            [
                {what: ask_in_turn(*one, SECONDS) for what, one in printing.items()}
                for _ in range(ROUNDS)
            ]
        )
    figures = [
        Figure(
            f"CPU of a {kind}, {what} ÷ starter",
            seen.cost_ratio(what, STARTER),
            1.1,
            1.0,
            more_is_better=False,
        )
        for kind, seen in (("printed page", serving), ("first print", first))
        for what in (MORE_ROOMS, BIGGER_ROOMS)
    ]
    for kind, seen in (("printed page", serving), ("first print", first)):
        details |= {f"{kind}, {what}": one for what, one in seen.medians().items()}
    return Growth(figures, details)


def ask_in_turn(server: Server, pages: Sequence[str], seconds: float) -> Load:
    """Ask for one page after the other, for a time, and for one at least."""
    before, began = cpu_seconds(server.process.pid), perf_counter()
    times: list[float] = []
    for page in pages:
        at = perf_counter()
        if times and at - began >= seconds:
            break
        get(server.port, page)
        times.append((perf_counter() - at) * 1000)
    cpu, took = cpu_seconds(server.process.pid) - before, perf_counter() - began
    return Load(len(times), took, cpu, median(times), max(times))


def multiply(data_dir: Path, *, into_new_rooms: bool) -> None:
    """Copy every exhibit 99 times with its texts: within its room, or with its room."""
    address = f"sqlite:///{data_dir / 'guide.sqlite3'}"
    with closing(Database.open(address)) as database, database.writing() as db:
        rooms = db.execute(select(table_of(Exhibition))).mappings().all()
        exhibits = db.execute(select(table_of(Exhibit))).mappings().all()
        room_texts = db.execute(select(table_of(ExhibitionText))).mappings().all()
        texts = db.execute(select(table_of(ExhibitText))).mappings().all()
        highest = max(one["id"] for one in (*rooms, *exhibits))
        for copy in range(1, TIMES):
            shift = copy * highest
            to_room = shift if into_new_rooms else 0
            if into_new_rooms:
                copied = [
                    {**one, "id": one["id"] + shift, "slug": f"{one['slug']}-{copy}"}
                    for one in rooms
                ]
                db.execute(insert(table_of(Exhibition)), copied)
                moved = [{**o, "exhibition_id": o["exhibition_id"] + shift} for o in room_texts]
                db.execute(insert(table_of(ExhibitionText)), moved)
            more = [
                {
                    **one,
                    "id": one["id"] + shift,
                    "slug": f"{one['slug']}-{copy}",
                    "exhibition_id": one["exhibition_id"] + to_room,
                }
                for one in exhibits
            ]
            db.execute(insert(table_of(Exhibit)), more)
            said = [{**one, "exhibit_id": one["exhibit_id"] + shift} for one in texts]
            db.execute(insert(table_of(ExhibitText)), said)


def table_of(model: type[Base]) -> Table:
    """Return the table of a model."""
    return Base.metadata.tables[model.__tablename__]


def get(port: int, path: str) -> int:
    """Ask for a page and read it whole."""
    connection = HTTPConnection(LOOPBACK, port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "br"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


if __name__ == "__main__":
    main()
