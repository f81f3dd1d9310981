"""Accounts made from the command line: the first admin, a way back in, and samples to try."""

from datetime import datetime

from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.emails import canonical_email
from guide.accounts.model import Account, Role
from guide.accounts.passwords import argon2id
from guide.accounts.queries import (
    account_with_email,
    add_account,
    end_sessions,
    forget_failures,
    invite,
)
from guide.accounts.signing_in import tries_of
from guide.accounts.tokens import fresh_token, hashed

SAMPLES = {
    "guide@sample.invalid": ("Nigar", (Role.GUIDE,)),
    "planner@sample.invalid": ("Elçin", (Role.PLANNER,)),
    "curator@sample.invalid": ("Aysel", (Role.CURATOR,)),
    "admin@sample.invalid": ("Rauf", (Role.ADMIN,)),
}
"""Addresses that nobody can have (RFC 2606, 2)."""


class NoSuchRoleError(Exception):
    """A role was named that there is not."""


class NoSuchAccountError(Exception):
    """There is no account with this e-mail address."""


def roles_named(words: str) -> frozenset[Role]:
    """Read roles, by comma; raise NoSuchRoleError."""
    named = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in named if word not in set(Role)]
    if unknown or not named:
        wrong = ", ".join(unknown) or "nothing"
        raise NoSuchRoleError(f"{wrong} is no role; {', '.join(Role)} are")
    return frozenset(map(Role, named))


def role_named(word: str) -> Role:
    """Read one role; raise NoSuchRoleError."""
    roles = roles_named(word)
    if len(roles) > 1:
        raise NoSuchRoleError("a token has one role")
    return next(iter(roles))


def appoint(db: Session, account: Account, at: datetime) -> str:
    """Add an account; return the token of its link. Raise EmailIsTakenError."""
    add_account(db, account)
    db.add(AuditEntry.of(None, "account.made", f"account:{account.id}", at))
    return _link_for(db, account, at)


def let_back_in(db: Session, secret: str, email: str, at: datetime) -> str:
    """Make a new link; no one-time code is asked for, and nobody stays signed in.

    Raise UnfitEmailError, NoSuchAccountError.
    """
    account = account_with_email(db, canonical_email(email))
    if account is None:
        raise NoSuchAccountError(f"there is no account of {email}")
    subject = f"account:{account.id}"
    if account.disabled_at:
        account.enable()
        db.add(AuditEntry.of(None, "account.enabled", subject, at))
    if account.has_code:
        db.add(AuditEntry.of(None, "code.removed", subject, at))
    account.forget_code()
    end_sessions(db, account, at)
    forget_failures(db, tries_of(secret, account.email))
    return _link_for(db, account, at)


def open_samples(db: Session, password: str, at: datetime) -> list[str]:
    """Let the samples in with this password, another at every start; return who they are."""
    kept = argon2id.hash(password)
    for email, (name, roles) in SAMPLES.items():
        account = account_with_email(db, email)
        if account is None:
            account = Account(email=email, name=name, language="en", made_at=at)
            account.give_roles(roles)
            add_account(db, account)
        account.enable()
        account.forget_code()
        account.set_password(kept, at)
        end_sessions(db, account, at)
    return list(SAMPLES)


def close_samples(db: Session, at: datetime) -> None:
    """Let no sample in, and none stay: the guide is more than a try now."""
    for email in SAMPLES:
        account = account_with_email(db, email)
        if account and account.disabled_at is None:
            account.disable(at)
            end_sessions(db, account, at)


def _link_for(db: Session, account: Account, at: datetime) -> str:
    token = fresh_token()
    invite(db, account, hashed(token), at)
    db.add(AuditEntry.of(None, "invitation.made", f"account:{account.id}", at))
    return token
