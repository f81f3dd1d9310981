"""People who work here: accounts with roles, invitations to them, and sessions of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guide.db import Base, Instant

INVITED_FOR = timedelta(hours=72)
IDLE = timedelta(minutes=30)
IDLE_ON_THE_FLOOR = timedelta(hours=12)
"""A guide's phone rests in a pocket between two stops."""
LONGEST_SESSION = timedelta(hours=12)
LOOK_AGAIN = timedelta(minutes=1)
"""How exactly it is known when a session was last used."""


class Role(StrEnum):
    """What somebody is here for; a person may hold several (`tours.md`, section 7)."""

    GUIDE = "guide"
    PLANNER = "planner"
    CURATOR = "curator"
    ADMIN = "admin"


class LastAdminError(Exception):
    """Somebody must be left who can manage the accounts."""


class EmailIsTakenError(Exception):
    """There is an account with this e-mail address; the message says so."""


class RoleHeld(Base):
    """One role of one account."""

    __tablename__ = "account_roles"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(String(16), primary_key=True)


class Account(Base):
    """Somebody who works here. An account is disabled, never deleted: the trail names it.

    The e-mail address is canonical (`accounts/emails.py`). Of the one-time codes only the
    salt is kept: with the secret of the guide it gives the key that the phone holds.
    A machine's account is there so that the trail can name it; nobody signs in with one.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(35))
    made_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]
    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_set_at: Mapped[Instant | None]
    totp_salt: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[Instant | None]
    totp_step: Mapped[int | None]
    machine_since: Mapped[Instant | None]

    held: Mapped[list[RoleHeld]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by=RoleHeld.role
    )

    @property
    def roles(self) -> frozenset[Role]:
        """What this person is here for."""
        return frozenset(Role(one.role) for one in self.held)

    def serves_as(self, role: Role) -> bool:
        """Say whether somebody can be counted on in a role; machines and who left cannot."""
        is_there = self.disabled_at is None and self.machine_since is None
        return is_there and role in self.roles

    @property
    def has_code(self) -> bool:
        """Say whether a one-time code is asked for at sign-in."""
        return self.totp_confirmed_at is not None

    def give_roles(self, roles: Iterable[Role]) -> None:
        """Hold these roles and no others."""
        wanted = set(roles)
        self.held = [one for one in self.held if one.role in wanted]
        self.held += [RoleHeld(role=role) for role in sorted(wanted - self.roles)]

    def set_password(self, hashed: str, at: datetime) -> None:
        """Replace the password; the sessions are for the caller to end."""
        self.password_hash, self.password_set_at = hashed, at

    def prepare_code(self, salt: str) -> None:
        """Begin to set one-time codes up; they are asked for once one was confirmed."""
        self.totp_salt, self.totp_confirmed_at, self.totp_step = salt, None, None

    def confirm_code(self, step: int, at: datetime) -> None:
        """Ask for one-time codes from now on."""
        self.totp_confirmed_at, self.totp_step = at, step

    def forget_code(self) -> None:
        """Ask for no one-time codes: the phone that made them is lost."""
        self.totp_salt, self.totp_confirmed_at, self.totp_step = None, None, None

    def disable(self, at: datetime) -> None:
        """Let this person in no more; disabling twice keeps the first date."""
        self.disabled_at = self.disabled_at or at

    def enable(self) -> None:
        """Let this person in again."""
        self.disabled_at = None


class Invitation(Base):
    """A link that works once and for 72 hours: it sets the password of one account."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")

    @classmethod
    def to(cls, account: Account, token_hash: str, at: datetime) -> Self:
        """Invite somebody."""
        return cls(
            account=account, token_hash=token_hash, made_at=at, expires_at=at + INVITED_FOR
        )

    def is_open(self, at: datetime) -> bool:
        """Say whether it still works."""
        return self.used_at is None and self.revoked_at is None and at < self.expires_at

    def use(self, at: datetime) -> None:
        """Let it work no more."""
        self.used_at = at


class StaffSession(Base):
    """One browser that somebody has signed in with; the token itself is only there."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")

    @classmethod
    def of(cls, account: Account, token_hash: str, at: datetime) -> Self:
        """Begin a session."""
        return cls(account=account, token_hash=token_hash, made_at=at, seen_at=at)

    @property
    def may_rest(self) -> timedelta:
        """How long it lasts unused."""
        return IDLE_ON_THE_FLOOR if self.account.roles == {Role.GUIDE} else IDLE

    def is_open(self, at: datetime) -> bool:
        """Say whether it still counts; a disabled account has no open session."""
        return (
            self.revoked_at is None
            and self.account.disabled_at is None
            and at < self.made_at + LONGEST_SESSION
            and at < self.seen_at + self.may_rest
        )

    def is_stale(self, at: datetime) -> bool:
        """Say whether it is time to note that it is in use."""
        return at >= self.seen_at + LOOK_AGAIN

    def revoke(self, at: datetime) -> None:
        """End it; ending twice keeps the first date."""
        self.revoked_at = self.revoked_at or at


class ApiToken(Base):
    """What another system proves itself with; only a hash of the token is kept.

    It belongs to an account of its own, which holds its role and which nobody signs in with.
    A name is free again once its token is revoked. `last_used_on` is a day, in UTC.
    """

    __tablename__ = "api_tokens"
    __table_args__ = (
        Index(
            "ix_api_tokens_name",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    last_used_on: Mapped[date | None]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")

    @classmethod
    def of(cls, account: Account, token_hash: str, at: datetime) -> Self:
        """Make a token for a machine's account, by the account's name."""
        return cls(name=account.name, token_hash=token_hash, account=account, made_at=at)

    @property
    def is_open(self) -> bool:
        """Say whether it still counts."""
        return self.revoked_at is None and self.account.disabled_at is None

    def revoke(self, at: datetime) -> None:
        """Let it and its account do nothing more; twice keeps the first date."""
        self.revoked_at = self.revoked_at or at
        self.account.disable(at)
