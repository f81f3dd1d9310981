"""Signing in: the same work and the same answer, whoever is asked for.

A try is spent before a password is looked at, so that many at once cannot be more than
were left. The work on the password is done between two short transactions: it takes long,
and nobody else should wait for it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.emails import UnfitEmailError, canonical_email
from guide.accounts.model import Account, StaffSession
from guide.accounts.queries import (
    account_numbered,
    account_with_email,
    allowance,
    forget_failures,
    session_of,
    was_locked,
)
from guide.accounts.tokens import keyed
from guide.db import Database

MOST_OF_AN_ADDRESS = 100
"""Failures of one network address: a whole museum may share it."""
LOCKED_IS_TOLD = timedelta(days=1)
"""How often at most: each minute of an attack would write a line that is never deleted."""
ADDRESS_FORGETS_ONE = timedelta(seconds=6)
MOST_ADDRESSES = 10_000
IPV6_OWNED = 64
"""Bits of an IPv6 address that name one owner's network."""


@dataclass(frozen=True)
class Tried:
    """What is known once a try was spent: no account is like one without a password."""

    is_locked: bool
    account_id: int | None = None
    password_hash: str | None = None


def spend_a_try(db: Session, key: str, who: Account | None, at: datetime) -> bool:
    """Spend a try; say whether there was one.

    The last one of an account is written into the trail, once a day at most.
    """
    tries = allowance(db, key, at)
    if not tries.has_one(at):
        return False
    tries.spend(at)
    if who and not tries.has_one(at) and not was_locked(db, who, since=at - LOCKED_IS_TOLD):
        db.add(AuditEntry.of(None, "account.locked", f"account:{who.id}", at))
    return True


def tried(database: Database, secret: str, typed: str, at: datetime) -> Tried:
    """Spend a try of the e-mail address that was typed, and find whose password to compare."""
    with database.writing() as db:
        return _try_email(db, secret, typed, at)


def _try_email(db: Session, secret: str, typed: str, at: datetime) -> Tried:
    try:
        email = kept_under = canonical_email(typed)
    except UnfitEmailError:
        email, kept_under = "", typed.strip().casefold()
    account = account_with_email(db, email)
    if not spend_a_try(db, tries_of(secret, kept_under), account, at):
        return Tried(is_locked=True)
    if account is None or account.disabled_at is not None:
        return Tried(is_locked=False)
    return Tried(is_locked=False, account_id=account.id, password_hash=account.password_hash)


def tries_of(secret: str, email: str) -> str:
    """Return what the tries of an e-mail address are kept under."""
    return keyed(secret, "tries", email)


def begin_session(
    db: Session, secret: str, tried: Tried, token_hash: str, at: datetime
) -> Account | None:
    """Begin a session, unless one-time codes are to be asked for (then only find whose).

    None if the account was disabled or its password changed meanwhile.
    """
    account = account_numbered(db, tried.account_id or 0)
    if account is None or account.disabled_at or account.password_hash != tried.password_hash:
        return None
    if not account.has_code:
        let_in(db, secret, account, token_hash, at)
    return account


def let_in(db: Session, secret: str, account: Account, token_hash: str, at: datetime) -> None:
    """Begin a session of somebody who has proved who they are."""
    db.add(StaffSession.of(account, token_hash, at))
    db.add(AuditEntry.of(account, "session.begun", f"account:{account.id}", at))
    forget_failures(db, tries_of(secret, account.email))


def end_session(db: Session, token_hash: str, at: datetime) -> None:
    """End the session that a browser comes with, if it is one."""
    if session := session_of(db, token_hash):
        session.revoke(at)


class FailuresByAddress:
    """Counts failures for each network address, in memory only: none is stored or logged."""

    def __init__(self) -> None:
        self._full_at: OrderedDict[str, datetime] = OrderedDict()

    def is_spent(self, address: str, at: datetime) -> bool:
        """Say whether an address has failed too often."""
        full_at = self._full_at.get(_network(address), at)
        return full_at - at > (MOST_OF_AN_ADDRESS - 1) * ADDRESS_FORGETS_ONE

    def count(self, address: str, at: datetime) -> None:
        """Count a failure; the address that failed least recently is forgotten first."""
        network = _network(address)
        full_at = max(self._full_at.pop(network, at), at) + ADDRESS_FORGETS_ONE
        self._full_at[network] = full_at
        if len(self._full_at) > MOST_ADDRESSES:
            self._full_at.popitem(last=False)

    def give_back(self, address: str) -> None:
        """Take back what was counted: it was no failure."""
        network = _network(address)
        if network in self._full_at:
            self._full_at[network] -= ADDRESS_FORGETS_ONE


def _network(address: str) -> str:
    """Take an IPv6 network of 64 bits for one address: its owner has all of them."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or known
    if isinstance(known, IPv6Address):
        return str(ip_network((known, IPV6_OWNED), strict=False))
    return str(known)
