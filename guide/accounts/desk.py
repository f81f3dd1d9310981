"""What somebody finds on their desk; the rooms above bring it, each what it knows of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from fastapi import Request
from sqlalchemy.orm import Session

from guide.accounts.permissions import Person
from guide.web.pages import Tagged

GROUPS = (
    *("today", "soon", "reports"),
    *("asked", "blocked", "behind", "reported", "writing", "unread"),
)
"""What tasks are put together under, by consequence."""

SHOWN = 8
"""Tasks of a group that are named one by one."""


@dataclass(frozen=True)
class Task:
    """One thing that waits for somebody.

    `kind` is a word for what it is (`accounts/_task.html`), `detail` what a sentence adds to
    it, `count` what the sentence counts.
    """

    group: str
    kind: str
    name: Tagged | None
    path: str
    tongues: tuple[str, ...] = ()
    since: datetime | None = None
    detail: str = ""
    count: int = 0


@dataclass(frozen=True)
class Change:
    """Something that somebody did lately."""

    at: datetime
    who: str
    word: str
    name: Tagged
    tongue: str
    path: str


Brings = Callable[[Request, Session, Person], Iterable[Task]]
Tells = Callable[[Request, Session, Person], Iterable[Change]]


@dataclass(frozen=True)
class Desk:
    """Gathers from the rooms what waits for somebody, and what was done lately."""

    brings: Sequence[Brings]
    tells: Sequence[Tells]

    def tasks(self, request: Request, db: Session, person: Person) -> list[Task]:
        """List what waits for somebody, the most pressing first."""
        found = [one for bring in self.brings for one in bring(request, db, person)]
        return sorted(found, key=lambda one: GROUPS.index(one.group))

    def changes(self, request: Request, db: Session, person: Person) -> list[Change]:
        """List what was done lately, the newest first."""
        found = [one for tell in self.tells for one in tell(request, db, person)]
        return sorted(found, key=lambda one: one.at, reverse=True)


def grouped(tasks: Iterable[Task]) -> list[tuple[str, list[Task]]]:
    """Put tasks, which come by group, together."""
    return [(group, list(some)) for group, some in groupby(tasks, lambda one: one.group)]
