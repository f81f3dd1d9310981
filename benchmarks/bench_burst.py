"""Two hundred phones at once: a scan, then the page, each on a connection of its own."""

import asyncio
import re
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import uvloop

from benchmarks.answer import Answer
from benchmarks.measuring import PHONE, Figure, need, report
from benchmarks.museum import PAGE, Museum, write_content
from benchmarks.serving import LOOPBACK, guide
from benchmarks.wagtail_server import CODE, make_environment, make_site, versions, wagtail

PHONES = 200
ROUNDS = 5
FOUND, OK = 302, 200
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"location: *(\S+)", re.IGNORECASE)
CLOSES = re.compile(rb"connection: *close", re.IGNORECASE)
GUIDE, WAGTAIL, CACHED = "guide", "Wagtail", "Wagtail with its cache"


def main() -> None:
    """Let the phones loose on each side in turn."""
    need()
    make_environment()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as held:
        folder = Path(name)
        ours = held.enter_context(guide(folder / "guide"))
        size = len(Answer.of(ours.port, PAGE, "identity").body)
        write_content(folder / "guide", size, folder / "content")
        make_site(folder / "wagtail", folder / "content")
        plain = held.enter_context(wagtail(folder / "wagtail", size))
        cached = held.enter_context(wagtail(folder / "wagtail", size, with_cache=True))
        code = f"/q/{Museum.of(folder / 'guide').code}"
        sides = {
            GUIDE: (ours.port, code),
            WAGTAIL: (port_of(plain.address), CODE),
            CACHED: (port_of(cached.address), CODE),
        }
        for port, path in sides.values():
            uvloop.run(burst(port, path))
        turns = [
            {what: uvloop.run(burst(port, path)) for what, (port, path) in sides.items()}
            for _ in range(ROUNDS)
        ]
    ratio = median(turn[GUIDE][-1] / turn[CACHED][-1] for turn in turns)
    figures = [
        Figure(
            "last of 200 phones ÷ Wagtail with its cache",
            ratio,
            0.4,
            0.25,
            more_is_better=False,
        )
    ]
    details = {
        what: {
            "last_ms": median(turn[what][-1] for turn in turns) * 1000,
            "half_ms": median(turn[what][PHONES // 2] for turn in turns) * 1000,
        }
        for what in sides
    }
    report("burst", figures, details, **versions())


class Phone(asyncio.Protocol):
    """Opens a code and the page that it leads to, on one connection if the server keeps it."""

    def __init__(self, port: int, path: str) -> None:
        loop = asyncio.get_running_loop()
        self.port, self.path = port, path
        self.done: asyncio.Future[float] = loop.create_future()
        self.seen = b""
        self.pages = [FOUND, OK]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Ask."""
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Read until an answer is whole; then go on to the next, or be done."""
        self.seen += data
        head, ended, body = self.seen.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not ended or len(body) < (int(length[1]) if length else 0):
            return
        self.seen = b""
        status = int(head.split(maxsplit=2)[1])
        if status != self.pages.pop(0):
            self.done.set_exception(RuntimeError(f"{self.path} answered {status}"))
        elif not self.pages:
            self.done.set_result(perf_counter())
            self.transport.close()
        else:
            self.path = LOCATION.findall(head)[0].decode()
            if CLOSES.search(head):
                self.transport.close()
                self.again = asyncio.ensure_future(self.connect())
            else:
                self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Notice that the server went away too early."""
        if exc and not self.done.done():
            self.done.set_exception(exc)

    async def connect(self) -> None:
        """Open a connection, which asks."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, LOOPBACK, self.port)

    def _ask(self) -> None:
        self.transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nUser-Agent: {PHONE}\r\n"
            "Accept-Encoding: br\r\nAccept-Language: az\r\n\r\n".encode()
        )


async def burst(port: int, path: str) -> Sequence[float]:
    """Return when each phone had its page, in seconds from the start, in order."""
    phones = [Phone(port, path) for _ in range(PHONES)]
    began = perf_counter()
    await asyncio.gather(*(phone.connect() for phone in phones))
    ends = await asyncio.wait_for(asyncio.gather(*(phone.done for phone in phones)), 60)
    return sorted(end - began for end in ends)


def port_of(address: str) -> int:
    """Return the port of an address that has one."""
    return urlsplit(address).port or 80


if __name__ == "__main__":
    main()
