"""A first print, looked at closely: python benchmarks/first_print.py [--profile].

In this process, without a socket: CPU microseconds of the first prints of every exhibit in
every language, one edition after the other, and with --profile what they are spent on.
"""

import asyncio
import cProfile
import pstats
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import structlog
import uvloop
from starlette.types import Message, Scope

from benchmarks.measuring import say
from benchmarks.museum import Museum
from benchmarks.variants import JustPublished
from guide.app import serve_printed
from guide.db import Database
from guide.settings import Settings
from guide.upkeep.schema import bring_up_to_date
from guide.upkeep.serving import fill_if_empty

ROUNDS = 5
LINES = 50


def main() -> None:
    """Print, and tell what it took."""
    structlog.configure(
        processors=[lambda *_: ""], logger_factory=structlog.ReturnLoggerFactory()
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data_dir = Path(folder) / "data"
        press = prepared(data_dir)
        pages = Museum.of(data_dir).translated_pages
        uvloop.run(print_all(press, pages))
        times = []
        for _ in range(ROUNDS):
            began = process_time()
            uvloop.run(print_all(press, pages))
            times.append((process_time() - began) / len(pages) * 1_000_000)
        say(f"{median(times):,.0f} µs of CPU for a first print")
        if "--profile" in sys.argv:
            vars(press)["_at_work"] = InThisThread()
            profile = cProfile.Profile()
            profile.enable()
            uvloop.run(print_all(press, pages))
            profile.disable()
            pstats.Stats(profile).strip_dirs().sort_stats("cumulative").print_stats(LINES)


class InThisThread(Executor):
    """Prints where the profile sees it."""

    def submit(  # type: ignore[override]  # it is given no names
        self, work: Callable[..., Any], /, *given: object
    ) -> Future[Any]:
        """Do the work at once."""
        done: Future[Any] = Future()
        done.set_result(work(*given))
        return done


def prepared(data_dir: Path) -> JustPublished:
    """Build a guide over the starter content."""
    settings = Settings(data_dir=data_dir)
    settings.prepare_data_dir()
    database, now = Database.open(settings.database), datetime.now(UTC)
    bring_up_to_date(settings, database, now)
    fill_if_empty(database, settings.exhibitions, now)
    database.close()
    press = JustPublished(serve_printed(settings))
    press.watch.look()
    return press


async def print_all(press: JustPublished, pages: Sequence[str]) -> None:
    """Print each page once."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 40_000),
        "scheme": "http",
        "method": "GET",
        "root_path": "",
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

    for page in pages:
        await press({**scope, "path": page, "raw_path": page.encode()}, receive, send)
    if set(statuses) != {200}:
        raise RuntimeError(f"the pages answered {set(statuses)}")


if __name__ == "__main__":
    main()
