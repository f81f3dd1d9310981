"""The hub: what all who follow a visit are told, once for all of them.

The database says where a delegation is. The hub looks there when this process has written,
when PostgreSQL tells that another one has (`listening.py`), and in any case every second and
a half, for the visits that are followed and for no others.
"""

import asyncio
import resource
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Scope

from guide.db import Database
from guide.tours.following.listening import keep_listening
from guide.tours.following.whereabouts import (
    Followed,
    HasPage,
    Whereabouts,
    followed,
    of_token,
    whereabouts,
)
from guide.tours.links import TourLink
from guide.tours.model import State
from guide.web.lasting import Stream

MOST_OF_A_PHONE = 4
MOST_STREAMS = 5_000
"""Of one process; half of the files that it may have open, if that is less."""


log = structlog.get_logger()


def _most_streams() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_STREAMS if soft == resource.RLIM_INFINITY else min(MOST_STREAMS, soft // 2)


def event(body: bytes) -> Message:
    """Return a piece of a stream that goes on."""
    return {"type": "http.response.body", "body": body, "more_body": True}


BEAT = event(b":\n\n")
"""A comment: nothing is heard of it, but the connection is seen to live."""


@dataclass(frozen=True)
class Found:
    """A visit that can be followed, and where it is."""

    followed: Followed
    now: Whereabouts


class Follower(Stream):
    """One page that follows; `phone` tells apart the phones of a visit, and is kept nowhere."""

    __slots__ = ("phone", "visit")

    def __init__(self, scope: Scope, phone: str) -> None:
        super().__init__(scope)
        self.phone = phone
        self.visit: Visit | None = None

    def left(self) -> None:
        """Follow no more."""
        if self.visit:
            self.visit.part_with(self)


@dataclass(eq=False)
class Visit:
    """A visit that is followed: what is known of it, and who is told."""

    hub: "Hub"
    found: Found
    followers: dict[Follower, None] = field(default_factory=dict)

    def take(self, follower: Follower) -> None:
        """Tell somebody from now on; of too many streams of one phone the oldest ends."""
        follower.visit = self
        self.followers[follower] = None
        self.hub.count += 1
        if follower.phone:
            theirs = [one for one in self.followers if one.phone == follower.phone]
            for oldest in theirs[:-MOST_OF_A_PHONE]:
                oldest.end()

    def part_with(self, follower: Follower) -> None:
        """Tell somebody no more."""
        del self.followers[follower]
        self.hub.count -= 1
        if not self.followers:
            self.hub.visits.pop(self.found.followed.link, None)

    def learn(self, found: Found) -> None:
        """Take in what was found, unless something later is known; tell it if it is new."""
        if found.now.seq < self.found.now.seq:
            return
        is_new = found.now != self.found.now
        self.found = found
        if is_new:
            self.tell(event(found.now.message))

    def tell(self, told: Message) -> None:
        """Tell all who follow."""
        for follower in tuple(self.followers):
            follower.tell(told)

    def end(self) -> None:
        """Tell nobody any more."""
        for follower in tuple(self.followers):
            follower.end()


class Hub:
    """Holds the visits that are followed at this process, by the number of their address."""

    look_seconds = 1.5
    beat_seconds = 15.0

    def __init__(self, database: Database, zone: ZoneInfo, has_page: HasPage) -> None:
        self.database = database
        self.zone = zone
        self.has_page = has_page
        self.most = _most_streams()
        self.visits: dict[int, Visit] = {}
        self.count = 0
        self.failures = 0
        self.loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        database.after_writing(self.wake)

    @property
    def is_full(self) -> bool:
        """Say whether nobody else can follow at this process."""
        return self.count >= self.most

    def find(self, token: str) -> Found | None:
        """Read which visit an address is for and where it is; None if it opens nothing."""
        with self.database.reading() as db:
            some = followed(db, self.zone, datetime.now(UTC), of_token(token))
            one = next(iter(list(some)), None)
            return Found(one, whereabouts(db, one, self.has_page)) if one else None

    def learn(self, found: Found) -> Visit:
        """Return a visit as it is known after this was found."""
        visit = self.visits.setdefault(found.followed.link, Visit(self, found))
        visit.learn(found)
        return visit

    def wake(self) -> None:
        """Have the database looked at soon, if anybody follows; from any thread."""
        if self.visits and self.loop:
            with suppress(RuntimeError):  # the loop is closed
                self.loop.call_soon_threadsafe(self._woken.set)

    def beat(self) -> None:
        """Let every connection be seen to live."""
        for visit in tuple(self.visits.values()):
            visit.tell(BEAT)

    async def keep_telling(self, closing: asyncio.Event) -> None:
        """Look and tell until the guide closes."""
        self.loop = asyncio.get_running_loop()
        works = [
            asyncio.create_task(work)
            for work in (
                self._keep_looking(),
                self._keep_beating(),
                keep_listening(self.database, self.wake),
            )
        ]
        await closing.wait()
        for visit in tuple(self.visits.values()):
            visit.end()
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        self.loop = None

    async def _keep_looking(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.look_seconds):
                    await self._woken.wait()
            self._woken.clear()
            if self.visits:
                try:
                    await self._look()
                except Exception as failed:  # noqa: BLE001 (whatever it was, the next look may see)
                    self.failures += 1
                    log.warning("followers not told", because=type(failed).__name__)

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self.beat_seconds)
            self.beat()

    async def _look(self) -> None:
        known = {link: visit.found.followed.stand for link, visit in self.visits.items()}
        seen = await run_in_threadpool(self._see, known)
        for link in known:
            visit, found = self.visits.get(link), seen.get(link)
            if visit and link not in seen:
                visit.end()
            elif visit and found:
                visit.learn(found)

    def _see(self, known: Mapping[int, tuple[int, State]]) -> dict[int, Found | None]:
        """Look at followed visits; what has not gone on since is None, what is over missing."""
        with self.database.reading() as db:
            which = TourLink.id.in_(known)
            now = list(followed(db, self.zone, datetime.now(UTC), which))
            return {
                one.link: None
                if one.stand == known[one.link]
                else Found(one, whereabouts(db, one, self.has_page))
                for one in now
            }
