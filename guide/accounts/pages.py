"""What the pages of the accounts may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import ClassVar, Self

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from guide.accounts.audit import AuditEntry
from guide.accounts.desk import SHOWN, Change, Task, grouped
from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.passwords import SHORTEST
from guide.web.forms import Rejected
from guide.web.pages import Tagged

QUIET = 4
"""Modules of white on all sides of a symbol (ISO/IEC 18004)."""


@dataclass(frozen=True)
class SignInPage(OfficePage):
    """Asks who is there; `problem` is "", "wrong", "locked" or "late"."""

    template: ClassVar[str] = "accounts/sign_in.html"

    next: str
    email: str = ""
    problem: str = ""
    is_welcome: bool = False


@dataclass(frozen=True)
class CodeStepPage(OfficePage):
    """Asks for the one-time code, once the password was right."""

    template: ClassVar[str] = "accounts/code_step.html"

    next: str
    proved: str
    problem: str = ""


@dataclass(frozen=True)
class InvitationPage(OfficePage):
    """Lets somebody who was invited choose a password; `problem` says what is wrong with it."""

    template: ClassVar[str] = "accounts/invitation.html"

    name: str
    email: str
    token: str
    problem: str = ""
    shortest: int = SHORTEST


@dataclass(frozen=True)
class InvitationGonePage(OfficePage):
    """Says that a link works no more, whether or not it ever did."""

    template: ClassVar[str] = "accounts/invitation_gone.html"


@dataclass(frozen=True)
class ShownTask:
    """One thing that waits."""

    kind: str
    name: Tagged | None
    path: str
    tongues: str
    since: str
    detail: str
    count: int

    @classmethod
    def of(cls, task: Task, frame: OfficeFrame) -> Self:
        """Show since when it waits."""
        since = frame.moment(task.since) if task.since else ""
        tongues = " ".join(task.tongues)
        return cls(task.kind, task.name, task.path, tongues, since, task.detail, task.count)


@dataclass(frozen=True)
class TaskGroup:
    """Tasks of one consequence, some of them by name, and how many there are."""

    name: str
    tasks: tuple[ShownTask, ...]
    count: int


@dataclass(frozen=True)
class ShownChange:
    """Something that was done lately."""

    at: str
    who: str
    word: str
    name: Tagged
    tongue: str
    path: str


@dataclass(frozen=True)
class DeskPage(OfficePage):
    """What somebody finds first."""

    template: ClassVar[str] = "accounts/desk.html"

    now: str
    groups: tuple[TaskGroup, ...]
    changes: tuple[ShownChange, ...]
    deeds: tuple["Deed", ...]
    may_search: bool

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(group.count for group in self.groups)

    @classmethod
    def of(
        cls,
        frame: OfficeFrame,
        now: str,
        tasks: Iterable[Task],
        changes: Iterable[Change],
        entries: Iterable[tuple[AuditEntry, str | None]],
    ) -> Self:
        """Show what waits for somebody, and what was done lately."""
        return cls(
            frame,
            now,
            groups=tuple(
                TaskGroup(
                    name, tuple(ShownTask.of(one, frame) for one in some[:SHOWN]), len(some)
                )
                for name, some in grouped(tasks)
            ),
            changes=tuple(
                ShownChange(
                    frame.moment(one.at), one.who, one.word, one.name, one.tongue, one.path
                )
                for one in changes
            ),
            deeds=deeds_of(entries, frame),
            may_search=Role.CURATOR in frame.roles,
        )


@dataclass(frozen=True)
class Browser:
    """One session of one's own."""

    number: str
    made: str
    seen: str
    is_this: bool

    @classmethod
    def of(cls, session: StaffSession, frame: OfficeFrame, this: int) -> Self:
        """Show when a browser signed in, and when it was last used."""
        made, seen = frame.moment(session.made_at), frame.moment(session.seen_at)
        return cls(str(session.id), made, seen, session.id == this)


@dataclass(frozen=True)
class CodeKey:
    """The key of one-time codes for a phone: a symbol to scan, or letters to type."""

    letters: str
    size: int
    dark: str

    @classmethod
    def of(cls, key: str, address: str) -> Self:
        """Draw the address as a symbol."""
        symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
        symbol.add_data(address)
        symbol.make()
        fours = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
        return cls(fours, len(symbol.modules) + 2 * QUIET, "".join(_runs(symbol.modules)))


@dataclass(frozen=True)
class AccountPage(OfficePage):
    """One's own account. `problem` and `done` are words that the template says."""

    template: ClassVar[str] = "accounts/account.html"

    email: str
    browsers: tuple[Browser, ...]
    has_code: bool
    key: CodeKey | None = None
    problem: str = ""
    done: str = ""
    shortest: int = SHORTEST


@dataclass(frozen=True)
class Listed:
    """One account in the list."""

    number: str
    name: str
    email: str
    roles: tuple[str, ...]
    state: str

    @classmethod
    def of(cls, account: Account) -> Self:
        """Say how far an account has come: invited, active or disabled."""
        state = "active" if account.password_hash else "invited"
        return cls(
            str(account.id),
            account.name,
            account.email,
            tuple(role for role in Role if role in account.roles),
            "disabled" if account.disabled_at else state,
        )


@dataclass(frozen=True)
class AccountsPage(OfficePage):
    """Everyone who works here, and a form for somebody new."""

    template: ClassVar[str] = "accounts/accounts.html"

    accounts: tuple[Listed, ...]
    form: Rejected = field(default_factory=Rejected)

    @classmethod
    def of(
        cls, frame: OfficeFrame, accounts: Iterable[Account], form: Rejected | None = None
    ) -> Self:
        """List the accounts."""
        return cls(frame, tuple(Listed.of(one) for one in accounts), form or Rejected())


@dataclass(frozen=True)
class OneAccountPage(OfficePage):
    """One account, for an admin."""

    template: ClassVar[str] = "accounts/one_account.html"

    account: Listed
    made: str
    has_code: bool
    is_own: bool
    problem: str = ""
    done: str = ""


@dataclass(frozen=True)
class LinkPage(OfficePage):
    """A link that works once, shown once."""

    template: ClassVar[str] = "accounts/link.html"

    account: Listed
    link: str
    until: str


@dataclass(frozen=True)
class Deed:
    """One entry of the trail."""

    at: str
    who: str
    deed: str
    subject: str
    fields: str

    @classmethod
    def of(cls, entry: AuditEntry, who: str | None, frame: OfficeFrame) -> Self:
        """Show an entry."""
        at, fields = frame.moment(entry.at), ", ".join(entry.fields)
        return cls(at, who or "", entry.deed, entry.subject, fields)


def deeds_of(
    entries: Iterable[tuple[AuditEntry, str | None]], frame: OfficeFrame
) -> tuple[Deed, ...]:
    """Show entries of the trail."""
    return tuple(Deed.of(entry, who, frame) for entry, who in entries)


@dataclass(frozen=True)
class TrailPage(OfficePage):
    """Who did what; `older` leads on, an empty one is the end."""

    template: ClassVar[str] = "accounts/trail.html"

    deeds: tuple[Deed, ...]
    older: str


def browsers_of(
    sessions: Iterable[StaffSession], frame: OfficeFrame, this: int
) -> tuple[Browser, ...]:
    """Show sessions."""
    return tuple(Browser.of(one, frame, this) for one in sessions)


def _runs(modules: Sequence[Sequence[bool | None]]) -> Iterable[str]:
    """Draw each row's runs of dark modules as lines one module high."""
    for row, line in enumerate(modules, QUIET):
        column = QUIET
        for is_dark, run in groupby(line, bool):
            width = len(list(run))
            if is_dark:
                yield f"M{column} {row}h{width}v1h-{width}z"
            column += width
