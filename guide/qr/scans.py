"""Counting scans without making a reader wait: a bounded queue and one writing thread."""

import re
from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime
from threading import Event, Lock, Thread
from typing import NamedTuple

import structlog
from fastapi import Request
from sqlalchemy import Integer, bindparam, insert, literal, select

from guide.db import Database
from guide.qr.model import Scan
from guide.qr.queries import Destination
from guide.web.reader import delegation_pass

MOST_WAITING = 20_000
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


class Scanned(NamedTuple):
    """A scan to be counted."""

    code: str
    exhibit_id: int | None
    exhibition_id: int | None
    language: str
    hour: datetime
    visit: int | None = None


def is_by_a_person(method: str, headers: Mapping[str, str]) -> bool:
    """Say whether a request counts as a scan: not HEAD, not a prefetch, not a known robot.

    The user agent is looked at here and kept nowhere.
    """
    if method != "GET" or NOT_A_PERSON.search(headers.get("user-agent", "")):
        return False
    return not any("pre" in headers.get(name, "") for name in PREFETCH)


def count_scan(request: Request, found: Destination, language: str, at: datetime) -> None:
    """Count that a code was opened, if a person opened it; of a delegation, for its visit."""
    scans: ScanLog = request.app.state.scans
    if is_by_a_person(request.method, request.headers):
        hour = at.replace(minute=0, second=0, microsecond=0)
        shown = delegation_pass(request)
        visit = shown.visit if shown else None
        where = found.code, found.exhibit_id, found.exhibition_id
        scans.count(Scanned(*where, language, hour, visit))


class ScanLog:
    """Writes scans in batches: at most a second late, never twice."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.dropped = 0
        self._waiting: deque[Scanned] = deque()
        self._writing = Lock()
        self._closing = Event()
        self._thread = Thread(target=self._write_on, name="scans", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def count(self, scan: Scanned) -> None:
        """Take a scan; never wait. What does not fit is dropped and the drop counted."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(scan)
        else:
            self.dropped += 1

    def settle(self) -> None:
        """Write all that was counted so far, a batch that is being written included."""
        with self._writing:
            while batch := self._next_batch():
                self._write(batch)

    def close(self) -> None:
        """Write what is left, and end."""
        self._closing.set()
        self._thread.join()

    def _write_on(self) -> None:
        """Write four times a second: to be woken for each scan would cost more than its row."""
        while not self._closing.wait(LONGEST_WAIT):
            self.settle()
        self.settle()

    def _next_batch(self) -> list[Scanned]:
        how_many = min(len(self._waiting), LARGEST_BATCH)
        return [self._waiting.popleft() for _ in range(how_many)]

    def _write(self, batch: list[Scanned]) -> None:
        # A batch whose commit failed may have been written: it is dropped, never repeated.
        try:
            with self.database.writing() as db:
                for scan, times in Counter(batch).items():
                    db.connection().execute(_SCANS, scan._asdict() | {"times": times})
        except Exception as failed:  # noqa: BLE001 (whatever it was, the thread must live on)
            self.dropped += len(batch)
            log.warning("scans dropped", count=len(batch), because=type(failed).__name__)


_TURNS = select(literal(1).label("turn")).cte("turns", recursive=True)
_TURNS = _TURNS.union_all(
    select(_TURNS.c.turn + 1).where(_TURNS.c.turn < bindparam("times", type_=Integer))
)
_COLUMNS = Scanned._fields
_SCANS = insert(Scan).from_select(
    _COLUMNS,
    select(
        *(bindparam(name, type_=Scan.__table__.c[name].type) for name in _COLUMNS)
    ).select_from(_TURNS),
)
"""A row for each of so many scans of one kind: a statement costs more than twenty rows."""
