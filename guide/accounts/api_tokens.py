"""Tokens for other systems: made, shown once, used and revoked."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, ApiToken, Role
from guide.accounts.queries import token_named
from guide.accounts.tokens import fresh_token, hashed

MACHINE = "token:"
"""What the address of a machine's account begins with, so that it is nobody's e-mail."""


class TokenIsThereError(Exception):
    """A token of this name is in use; the message says so."""


class NoSuchTokenError(Exception):
    """No token of this name is in use; the message says so."""


def make_token(db: Session, name: str, role: Role, by: Account | None, at: datetime) -> str:
    """Make a token that may do what a role may; return it, to be shown once.

    The trail names what it does after it. Raise TokenIsThereError.
    """
    if token_named(db, name):
        raise TokenIsThereError(f"there is a token {name} already; revoke it first")
    token = fresh_token()
    address = MACHINE + hashed(token)[:16]
    account = Account(
        email=address, name=name, language="en", made_at=at, machine_since=at, held=[]
    )
    account.give_roles([role])
    made = ApiToken.of(account, hashed(token), at)
    try:
        with db.begin_nested():
            db.add_all([account, made])
    except IntegrityError:  # somebody else has just made it
        raise TokenIsThereError(f"there is a token {name} already") from None
    db.add(AuditEntry.of(by, "token.made", f"token:{made.id}", at, ("name", "role")))
    return token


def revoke_token(db: Session, token: ApiToken, by: Account | None, at: datetime) -> None:
    """Let a token do nothing more, from its next request on."""
    if token.revoked_at is None:
        token.revoke(at)
        db.add(AuditEntry.of(by, "token.revoked", f"token:{token.id}", at))


def revoke_named(db: Session, name: str, at: datetime) -> None:
    """Revoke the token of a name from the command line; raise NoSuchTokenError."""
    token = token_named(db, name)
    if token is None:
        raise NoSuchTokenError(f"there is no token {name}; guide token list names them")
    revoke_token(db, token, None, at)
