"""Streams of a visit that is followed: how soon the last page knows, and what each costs.

Beside sse-starlette on the same server, which is told to publish in the same way: by a
request that writes nothing. A move as a guide's phone sends it, written and read again, is
measured apart, and so is a restart.
"""

import asyncio
import json
import resource
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from uuid import uuid4

import uvloop
from sqlalchemy import select

from benchmarks.measuring import Figure, cpu_seconds, memory_mb, need, report, say, stop
from benchmarks.serving import LOOPBACK, guide, running
from benchmarks.wagtail_server import BIN, LOCK, make_environment
from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import form_token, fresh_token, hashed
from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.settings import Settings
from guide.tours.links import TourLink
from guide.tours.model import State
from guide.tours.people import Duty, TourStaff
from tests import make
from tests.e2e.server import Server, free_port

CROWDS = (200, 2_000)
WARM = 50
PUBLISHED = 15
MOVED = 10
AT_ONCE = 50
PATIENCE = 60.0
KB = 1_000
RETRY_SECONDS, JITTER_SECONDS = 3.0, 3.0
SITE = Path(__file__).parent / "sse_site"
OURS, THEIRS = "guide", "sse-starlette"


def main() -> None:
    """Let the same crowds follow on both sides, in turn."""
    need()
    make_environment()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as held:
        folder = Path(name)
        data_dir = folder / "guide"
        with guide(data_dir):
            pass  # it fills the database
        visit = Visit.made(data_dir)
        ours = held.enter_context(guide(data_dir, "publishing"))
        theirs = held.enter_context(sse_starlette(folder))
        sides = {
            OURS: Side(ours.process.pid, ours.port, f"{visit.path}/events"),
            THEIRS: Side(*theirs, "/d/x/events"),
        }
        seen = {crowd: uvloop.run(compare(sides, crowd)) for crowd in CROWDS}
        moves = uvloop.run(moving(sides[OURS], visit, CROWDS[0]))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        back = uvloop.run(restarted(Path(name) / "guide", CROWDS[0]))
    report("follow", figures(seen, moves, back), details(seen, moves, back), **versions())


@dataclass(frozen=True)
class Side:
    """A server, and where pages follow."""

    pid: int
    port: int
    path: str


@dataclass(frozen=True)
class Seen:
    """What a crowd on one side came to; seconds after each publication, page by page."""

    kb_each: float
    cpu: float
    arrivals: Sequence[Sequence[float]]

    @property
    def last(self) -> list[float]:
        """Return when the last page knew, for each publication."""
        return [times[-1] for times in self.arrivals]

    @property
    def p95(self) -> list[float]:
        """Return when nineteen of twenty knew."""
        return [times[int(len(times) * 0.95)] for times in self.arrivals]

    @property
    def row(self) -> dict[str, float]:
        """Write it as a line of the table."""
        return {
            "last_ms": median(self.last) * 1000,
            "worst_last_ms": max(self.last) * 1000,
            "p95_ms": median(self.p95) * 1000,
            "kb_each": self.kb_each,
            "cpu_us_each": self.cpu * 1_000_000,
        }


Compared = Mapping[str, Seen]


def figures(seen: Mapping[int, Compared], moves: Seen, back: Sequence[float]) -> list[Figure]:
    """Compare, and say what is wanted."""
    many, few = seen[CROWDS[1]], CROWDS[0]

    def ratio(crowd: int) -> float:
        turns = zip(seen[crowd][OURS].last, seen[crowd][THEIRS].last, strict=True)
        return median(one / other for one, other in turns)

    def figure(name: str, measured: float, wanted: float, ambition: float) -> Figure:
        return Figure(name, measured, wanted, ambition, more_is_better=False)

    memory = many[OURS].kb_each / many[THEIRS].kb_each
    return [
        figure("2,000 streams, last page ÷ sse-starlette", ratio(CROWDS[1]), 0.7, 0.5),
        figure("2,000 streams, memory ÷ sse-starlette", memory, 0.4, 0.25),
        figure("200 streams, last page ÷ sse-starlette", ratio(few), 0.7, 0.5),
        figure("200 streams, a guide's move, p95, seconds", median(moves.p95), 2, 0.2),
        figure("200 pages are back after a restart, seconds", max(back), 15, 10),
    ]


def details(
    seen: Mapping[int, Compared], moves: Seen, back: Sequence[float]
) -> dict[str, dict[str, float]]:
    """List what was measured."""
    rows = {
        f"{side}, {crowd:,} streams": one.row
        for crowd, both in seen.items()
        for side, one in both.items()
    }
    moved = {k: v for k, v in moves.row.items() if k.endswith("ms")}
    rows[f"{OURS}, {CROWDS[0]} streams, a move"] = moved
    rows["restart"] = {"median_back_s": median(back), "last_back_s": max(back)}
    return rows


async def compare(sides: Mapping[str, Side], size: int) -> Compared:
    """Let a crowd follow on each side, and publish in turn."""
    say(f"{size:,} streams on each side …")
    crowds: dict[str, Crowd] = {}
    kb: dict[str, float] = {}
    for what, side in sides.items():
        crowds[what] = warm = Crowd(side)
        await warm.grow(WARM)
        before = memory_mb(side.pid)
        await warm.grow(size - WARM)
        kb[what] = (memory_mb(side.pid) - before) * KB / (size - WARM)
    arrivals: dict[str, list[list[float]]] = {what: [] for what in sides}
    cpu = dict.fromkeys(sides, 0.0)
    for seq in range(1, PUBLISHED + 1):
        for what, crowd in crowds.items():
            before = cpu_seconds(crowd.side.pid)
            arrivals[what].append(await crowd.hears(seq, publication(seq)))
            cpu[what] += cpu_seconds(crowd.side.pid) - before
    for crowd in crowds.values():
        await crowd.leave()
    return {
        what: Seen(kb[what], cpu[what] / PUBLISHED / size, arrivals[what]) for what in sides
    }


async def moving(side: Side, visit: "Visit", size: int) -> Seen:
    """Let a guide's phone send moves."""
    crowd = Crowd(side)
    await crowd.grow(size)
    arrivals = [await crowd.hears(seq, visit.move(seq)) for seq in range(1, MOVED + 1)]
    await crowd.leave()
    return Seen(0, 0, arrivals)


async def restarted(data_dir: Path, size: int) -> Sequence[float]:
    """Restart under a crowd that comes back as browsers do; return when each was back."""
    with guide(data_dir):
        pass
    path = f"{Visit.made(data_dir).path}/events"
    port = free_port()
    loop, chance = asyncio.get_running_loop(), Random(1)  # noqa: S311
    first = await asyncio.to_thread(started, data_dir, port)
    crowd = Crowd(Side(first.process.pid, port, path))
    await crowd.grow(size)
    began = perf_counter()

    async def comes_back(page: Page) -> float:
        await page.lost
        while True:
            await asyncio.sleep(RETRY_SECONDS + chance.random() * JITTER_SECONDS)
            again = Page(crowd)
            try:
                await loop.create_connection(lambda page=again: page, LOOPBACK, port)  # type: ignore[misc]
                await again.opened
            except (OSError, RuntimeError):
                continue
            crowd.pages.append(again)
            return perf_counter() - began

    waiting = [asyncio.ensure_future(comes_back(page)) for page in crowd.pages]
    await asyncio.to_thread(first.end)
    second = await asyncio.to_thread(started, data_dir, port)
    try:
        return await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)
    finally:
        await asyncio.to_thread(second.end)


def started(data_dir: Path, port: int) -> Server:
    """Start the guide on a port, as a museum does."""
    server = Server.start(data_dir, None, "--port", str(port))
    again = Server(server.process, port, server.printed, server.complained)
    again.wait_until_ready()
    return again


@dataclass
class Crowd:
    """Pages that follow on one side."""

    side: Side
    pages: "list[Page]" = field(default_factory=list)
    wanted: bytes = b""
    heard: list[float] = field(default_factory=list)
    all_heard: "asyncio.Future[None] | None" = None

    async def grow(self, by: int) -> None:
        """Let so many more follow, some at a time."""
        loop = asyncio.get_running_loop()
        for begin in range(0, by, AT_ONCE):
            fresh = [Page(self) for _ in range(min(AT_ONCE, by - begin))]
            for page in fresh:
                await loop.create_connection(
                    lambda page=page: page,  # type: ignore[misc]
                    LOOPBACK,
                    self.side.port,
                )
            await asyncio.wait_for(asyncio.gather(*(page.opened for page in fresh)), PATIENCE)
            self.pages += fresh

    async def hears(self, seq: int, request: bytes) -> list[float]:
        """Publish; return when each page knew, in seconds after the request was sent."""
        self.wanted, self.heard = f'"seq":{seq}}}'.encode(), []
        self.all_heard = asyncio.get_running_loop().create_future()
        reader, writer = await asyncio.open_connection(LOOPBACK, self.side.port)
        await asyncio.sleep(0.2)
        began = perf_counter()
        writer.write(request)
        await asyncio.wait_for(self.all_heard, PATIENCE)
        status = (await reader.readline()).split()
        if status[1:2] not in ([b"200"], [b"204"]):
            stop(f"it was not published: {status}")
        writer.close()
        return sorted(at - began for at in self.heard)

    async def leave(self) -> None:
        """Let everybody go."""
        for page in self.pages:
            page.transport.close()
        await asyncio.gather(*(page.lost for page in self.pages))
        await asyncio.sleep(1)


class Page(asyncio.Protocol):
    """A page that follows."""

    transport: asyncio.Transport

    def __init__(self, crowd: Crowd) -> None:
        loop = asyncio.get_running_loop()
        self.crowd = crowd
        self.opened: asyncio.Future[None] = loop.create_future()
        self.lost: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Ask."""
        self.transport = transport
        side = self.crowd.side
        transport.write(f"GET {side.path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Note when the first message came, and when that which is waited for."""
        crowd = self.crowd
        if not self.opened.done():
            if b"data:" in data:
                self.opened.set_result(None)
            elif not data.startswith(b"HTTP/1.1 200"):
                self.opened.set_exception(RuntimeError(data[:40].decode()))
        elif crowd.all_heard and crowd.wanted in data:
            crowd.heard.append(perf_counter())
            if len(crowd.heard) == len(crowd.pages):
                crowd.all_heard.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Notice the end."""
        if not self.opened.done():
            self.opened.set_exception(exc or RuntimeError("it ended"))
        self.lost.set_result(None)


def publication(seq: int) -> bytes:
    """Return the request that has something told to all, and written nowhere."""
    return (
        f"POST /publish?seq={seq} HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Length: 0\r\n\r\n"
    ).encode()


@dataclass(frozen=True)
class Visit:
    """A visit of today in a guide's data folder, and who walks it."""

    tour: int
    account: int
    path: str
    stops: Sequence[int]
    cookie: str
    csrf: str

    @classmethod
    def made(cls, data_dir: Path) -> "Visit":
        """Put it into the book."""
        settings = Settings(data_dir=data_dir)
        secret, now, session = settings.secret(), datetime.now(UTC), fresh_token()
        with closing(Database.open(settings.database)) as database, database.writing() as db:
            account = make.account(Role.GUIDE, email="nigar@example.org")
            db.add(account)
            db.flush()
            db.add(StaffSession.of(account, hashed(session), now))
            exhibits = db.scalars(select(Exhibit.id).limit(MOVED))
            stops = [make.stop(n, exhibit_id=number) for n, number in enumerate(exhibits, 1)]
            hours = {"starts_at": now, "ends_at": now + timedelta(days=1)}
            staff = [TourStaff(account_id=account.id, duty=Duty.GUIDE)]
            tour = make.tour(state=State.CONFIRMED, stops=stops, staff=staff, **hours)
            db.add(tour)
            db.flush()
            link = TourLink.made(tour.id, secret, now)
            db.add(link)
            csrf = form_token(secret, hashed(session), "salt")
            numbers = [stop.id for stop in stops]
            path = f"/d/{link.token(secret)}"
            return cls(tour.id, account.id, path, numbers, session, csrf)

    def move(self, seq: int) -> bytes:
        """Return the request of a phone that says which stop was reached."""
        now = datetime.now(UTC).isoformat()
        stop_ = str(self.stops[(seq - 1) % len(self.stops)])
        entry = {"key": str(uuid4()), "kind": "arrived", "at": now, "stop": stop_}
        body = json.dumps({"account": self.account, "sent_at": now, "entries": [entry]})
        head = (
            f"POST /staff/tours/{self.tour}/events HTTP/1.1",
            f"Host: {LOOPBACK}",
            f"Cookie: staff={self.cookie}",
            f"X-CSRF-Token: {self.csrf}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join((*head, "", body)).encode()


@contextmanager
def sse_starlette(folder: Path) -> Iterator[tuple[int, int]]:
    """Serve the other side, with uvicorn as the guide has it."""
    port = free_port()
    command = [str(BIN / "python"), "-m", "uvicorn", "served:app", f"--app-dir={SITE}"]
    options = ["--http=httptools", "--loop=uvloop", "--no-access-log", "--log-level=warning"]
    with running([*command, *options, f"--port={port}"], folder, port) as pid:
        yield pid, port


def versions() -> dict[str, str]:
    """Return what the other side runs."""
    pinned = dict(
        line.partition(" ")[0].split("==")
        for line in LOCK.read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    )
    theirs = {f"{name} (theirs)": pinned[name] for name in ("starlette", "uvicorn", "uvloop")}
    return {"sse-starlette": pinned["sse-starlette"], "uvloop": version("uvloop"), **theirs}


if __name__ == "__main__":
    main()
