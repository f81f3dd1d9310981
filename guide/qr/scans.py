"""Counting scans without making a reader wait: a bounded queue and one writing thread."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, Full, Queue
from threading import Thread
from time import monotonic

import structlog
from fastapi import Request
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from guide.db import Database
from guide.qr.model import Scan
from guide.qr.queries import Destination

LONGEST_QUEUE = 20_000
ENOUGH = 200
"""Scans after which a batch waits for no more; what is queued by then goes with it."""

LARGEST_BATCH = 5_000
LONGEST_WAIT = 0.25
"""Seconds that a scan waits for others before the batch is written."""

# Programs that open an address without a person: previews in messages, crawlers, monitors.
NOT_A_PERSON = re.compile(
    r"bot\b|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|telegram|skypeuri|slack|"
    r"discord|linkedin|embedly|pinterest|vkshare|viber|monitor|headlesschrome|python-|curl/|wget/",
    re.IGNORECASE,
)
PREFETCH = ("sec-purpose", "purpose", "x-purpose", "x-moz")

log = structlog.get_logger()


@dataclass(frozen=True)
class Scanned:
    """A scan to be counted."""

    code: str
    exhibit_id: int
    language: str
    hour: datetime


def is_by_a_person(method: str, headers: Mapping[str, str]) -> bool:
    """Say whether a request counts as a scan: not HEAD, not a prefetch, not a known robot.

    The user agent is looked at here and kept nowhere.
    """
    if method != "GET" or NOT_A_PERSON.search(headers.get("user-agent", "")):
        return False
    return not any("pre" in headers.get(name, "") for name in PREFETCH)


def count_scan(request: Request, found: Destination, language: str, at: datetime) -> None:
    """Count that a code was opened, if a person opened it."""
    scans: ScanLog = request.app.state.scans
    if is_by_a_person(request.method, request.headers):
        hour = at.replace(minute=0, second=0, microsecond=0)
        scans.count(Scanned(found.code, found.exhibit_id, language, hour))


class ScanLog:
    """Writes scans in batches: at most a second or 200 rows late, never twice."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.dropped = 0
        self._queue: Queue[Scanned | None] = Queue(LONGEST_QUEUE)
        self._thread = Thread(target=self._write_on, name="scans", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def count(self, scan: Scanned) -> None:
        """Take a scan; never wait. What does not fit is dropped and the drop counted."""
        try:
            self._queue.put_nowait(scan)
        except Full:
            self.dropped += 1

    def settle(self) -> None:
        """Wait until all that was counted so far is written."""
        self._queue.join()

    def close(self) -> None:
        """Write what is left, and end."""
        self._queue.put(None)
        self._thread.join()

    def _write_on(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._next_batch()
            if batch:
                self._write(batch)
            for _ in range(len(batch) + (not is_open)):
                self._queue.task_done()

    def _next_batch(self) -> tuple[list[Scanned], bool]:
        batch: list[Scanned] = []
        until = None
        while len(batch) < LARGEST_BATCH:
            left = until and max(0.0, until - monotonic())
            try:
                scan = self._queue.get(timeout=0 if len(batch) >= ENOUGH else left)
            except Empty:
                break
            if scan is None:
                return batch, False
            batch.append(scan)
            until = until or monotonic() + LONGEST_WAIT
        return batch, True

    def _write(self, batch: list[Scanned]) -> None:
        # A batch whose commit failed may have been written: it is dropped, never repeated.
        try:
            with self.database.writing() as db:
                db.execute(insert(Scan), [vars(scan) for scan in batch])
        except SQLAlchemyError as failed:
            self.dropped += len(batch)
            log.warning("scans dropped", count=len(batch), because=type(failed).__name__)
