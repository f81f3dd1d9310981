"""Finding accounts, their sessions, invitations and tries, and what they did."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from guide.accounts.allowance import Allowance
from guide.accounts.audit import AuditEntry
from guide.accounts.model import (
    LONGEST_SESSION,
    Account,
    ApiToken,
    EmailIsTakenError,
    Invitation,
    LastAdminError,
    Role,
    RoleHeld,
    StaffSession,
)

ENTRIES_AT_ONCE = 50

_WITH_ROLES = selectinload(Account.held)
_WITH_ACCOUNT = selectinload(ApiToken.account).selectinload(Account.held)


def account_with_email(db: Session, email: str) -> Account | None:
    """Find an account by its canonical e-mail address, with its roles."""
    return db.scalar(select(Account).where(Account.email == email).options(_WITH_ROLES))


def account_numbered(db: Session, number: int) -> Account | None:
    """Find an account, with its roles."""
    return db.scalar(select(Account).where(Account.id == number).options(_WITH_ROLES))


def locked_account(db: Session, number: int) -> Account | None:
    """Find an account as it is now, whatever was read before; who else changes it waits."""
    query = select(Account).where(Account.id == number).options(_WITH_ROLES)
    now = {"populate_existing": True}
    return db.scalar(query.with_for_update(key_share=True), execution_options=now)


def everyone(db: Session) -> Sequence[Account]:
    """List the people's accounts with their roles, by name; those that are disabled last."""
    by_name = (Account.disabled_at.is_not(None), Account.name, Account.id)
    people = select(Account).where(Account.machine_since.is_(None))
    return db.scalars(people.order_by(*by_name).options(_WITH_ROLES)).all()


def add_account(db: Session, account: Account) -> None:
    """Add an account; raise EmailIsTakenError where there is one."""
    if account_with_email(db, account.email):
        raise EmailIsTakenError(f"{account.email} has an account already")
    try:
        with db.begin_nested():
            db.add(account)
    except IntegrityError:  # somebody else has just made it
        raise EmailIsTakenError(f"{account.email} has an account already") from None


def keep_an_admin(db: Session, but: Account) -> None:
    """Raise LastAdminError unless another account that can be signed in with is an admin."""
    others = (
        select(Account)
        .join(Account.held)
        .where(RoleHeld.role == Role.ADMIN, Account.disabled_at.is_(None))
        .where(Account.id != but.id, Account.password_hash.is_not(None))
        .with_for_update()  # two admins may not take each other's role at once
    )
    if db.scalars(others).first() is None:
        raise LastAdminError


def session_of(db: Session, token_hash: str) -> StaffSession | None:
    """Find a session by the hash of its token, with its account and roles; open or not."""
    query = (
        select(StaffSession)
        .where(StaffSession.token_hash == token_hash)
        .options(selectinload(StaffSession.account).selectinload(Account.held))
    )
    return db.scalar(query)


def sessions_of(db: Session, account: Account, at: datetime) -> list[StaffSession]:
    """List the open sessions of an account, the newest first."""
    query = (
        select(StaffSession)
        .where(StaffSession.account_id == account.id, StaffSession.revoked_at.is_(None))
        .where(StaffSession.made_at > at - LONGEST_SESSION)
        .order_by(StaffSession.id.desc())
        .options(selectinload(StaffSession.account).selectinload(Account.held))
    )
    return [one for one in db.scalars(query) if one.is_open(at)]


def end_sessions(db: Session, account: Account, at: datetime, but: int | None = None) -> None:
    """Revoke every session of an account, but the one of this number."""
    open_ones = StaffSession.revoked_at.is_(None) & (StaffSession.account_id == account.id)
    query = update(StaffSession).where(open_ones).values(revoked_at=at)
    db.execute(query if but is None else query.where(StaffSession.id != but))


def invitation_with(db: Session, token_hash: str) -> Invitation | None:
    """Find an invitation by the hash of its token, with its account; open or not."""
    query = (
        select(Invitation)
        .where(Invitation.token_hash == token_hash)
        .options(selectinload(Invitation.account).selectinload(Account.held))
        .with_for_update()
    )
    return db.scalar(query)


def invite(db: Session, account: Account, token_hash: str, at: datetime) -> None:
    """Make a link for an account; earlier ones work no more."""
    close_invitations(db, account, at)
    db.add(Invitation.to(account, token_hash, at))


def close_invitations(db: Session, account: Account, at: datetime) -> None:
    """Let no link of an account work any more."""
    open_ones = (Invitation.account_id == account.id) & Invitation.used_at.is_(None)
    query = update(Invitation).where(open_ones, Invitation.revoked_at.is_(None))
    db.execute(query.values(revoked_at=at))


def allowance(db: Session, key: str, at: datetime) -> Allowance:
    """Find the tries of an address, or begin to count them; forget those that are full."""
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    insert: sqlite.Insert | postgresql.Insert
    insert = sqlite.insert(Allowance) if is_sqlite else postgresql.insert(Allowance)
    found_or_begun = (
        insert.values(key=key, full_at=at)
        .on_conflict_do_update(index_elements=[Allowance.key], set_={"key": key})  # locks it
        .returning(Allowance)
    )
    tries = db.scalars(found_or_begun, execution_options={"populate_existing": True}).one()
    full = select(Allowance.key).where(Allowance.full_at < at, Allowance.key != key)
    db.execute(
        delete(Allowance).where(Allowance.key.in_(full.with_for_update(skip_locked=True)))
    )
    return tries


def forget_failures(db: Session, key: str) -> None:
    """Give an address all of its tries back."""
    db.execute(delete(Allowance).where(Allowance.key == key))


def token_with(db: Session, token_hash: str) -> ApiToken | None:
    """Find an API token by its hash, with its account and roles; open or not."""
    query = select(ApiToken).where(ApiToken.token_hash == token_hash).options(_WITH_ACCOUNT)
    return db.scalar(query)


def token_numbered(db: Session, number: int) -> ApiToken | None:
    """Find an API token by its number, with its account and roles."""
    return db.scalar(select(ApiToken).where(ApiToken.id == number).options(_WITH_ACCOUNT))


def token_named(db: Session, name: str) -> ApiToken | None:
    """Find the open API token of a name, with its account and roles."""
    named = ApiToken.name == name, ApiToken.revoked_at.is_(None)
    return db.scalar(select(ApiToken).where(*named).options(_WITH_ACCOUNT))


def api_tokens(db: Session) -> Sequence[ApiToken]:
    """List the API tokens with their accounts and roles, by name; revoked ones last."""
    order = (ApiToken.revoked_at.is_not(None), ApiToken.name, ApiToken.id.desc())
    return db.scalars(select(ApiToken).order_by(*order).options(_WITH_ACCOUNT)).all()


def was_locked(db: Session, account: Account, since: datetime) -> bool:
    """Say whether the trail tells that an account was locked."""
    told = select(AuditEntry.id).where(
        AuditEntry.subject == f"account:{account.id}",
        AuditEntry.deed == "account.locked",
        AuditEntry.at > since,
    )
    return db.scalars(told.limit(1)).first() is not None


def trail(db: Session, before: int | None = None) -> list[tuple[AuditEntry, str | None]]:
    """List fifty deeds and the names of who did them, the newest first."""
    query = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .order_by(AuditEntry.id.desc())
        .limit(ENTRIES_AT_ONCE)
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return [(entry, name) for entry, name in db.execute(query)]


def revoke_everything(db: Session, at: datetime) -> None:
    """End every session, link and API token: whoever held one is let in afresh."""
    db.execute(update(ApiToken).where(ApiToken.revoked_at.is_(None)).values(revoked_at=at))
    db.execute(
        update(StaffSession).where(StaffSession.revoked_at.is_(None)).values(revoked_at=at)
    )
    unused = Invitation.used_at.is_(None) & Invitation.revoked_at.is_(None)
    db.execute(update(Invitation).where(unused).values(revoked_at=at))
