"""A first print, looked at closely: python benchmarks/first_print.py [--profile].

In this process, without a socket: CPU microseconds of each of a few hundred first prints of
one page, and with --profile what they are spent on.
"""

import asyncio
import cProfile
import pstats
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

import structlog
import uvloop
from starlette.types import Message, Scope

from benchmarks.measuring import say
from benchmarks.museum import PAGE
from benchmarks.variants import AlwaysSoldOut
from guide.app import serve_printed
from guide.db import Database
from guide.settings import Settings
from guide.upkeep.schema import bring_up_to_date
from guide.upkeep.serving import fill_if_empty

ROUNDS, PRINTS = 5, 200
LINES = 50


def main() -> None:
    """Print, and tell what it took."""
    structlog.configure(
        processors=[lambda *_: ""], logger_factory=structlog.ReturnLoggerFactory()
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        press = prepared(Path(folder) / "data")
        uvloop.run(print_often(press, 50))
        times = []
        for _ in range(ROUNDS):
            began = process_time()
            uvloop.run(print_often(press, PRINTS))
            times.append((process_time() - began) / PRINTS * 1_000_000)
        say(f"{median(times):,.0f} µs of CPU for a first print")
        if "--profile" in sys.argv:
            profile = cProfile.Profile()
            profile.enable()
            uvloop.run(print_often(press, PRINTS))
            profile.disable()
            pstats.Stats(profile).strip_dirs().sort_stats("cumulative").print_stats(LINES)


def prepared(data_dir: Path) -> AlwaysSoldOut:
    """Build a guide over the starter content."""
    settings = Settings(data_dir=data_dir)
    settings.prepare_data_dir()
    database, now = Database.open(settings.database), datetime.now(UTC)
    bring_up_to_date(settings, database, now)
    fill_if_empty(database, settings.exhibitions, now)
    database.close()
    press = AlwaysSoldOut(serve_printed(settings))
    press.watch.look()
    return press


async def print_often(press: AlwaysSoldOut, times: int) -> None:
    """Print one page again and again."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 40_000),
        "scheme": "http",
        "method": "GET",
        "root_path": "",
        "path": PAGE,
        "raw_path": PAGE.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8000"), (b"accept-encoding", b"br")],
        "state": {},
    }
    statuses: list[int] = []

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        await asyncio.sleep(0)
        statuses.append(message.get("status", 200))

    for _ in range(times):
        await press({**scope}, receive, send)
    if set(statuses) != {200}:
        raise RuntimeError(f"{PAGE} answered {set(statuses)}")


if __name__ == "__main__":
    main()
