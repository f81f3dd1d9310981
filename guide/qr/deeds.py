"""What staff do with codes and labels; each deed is written in the trail as it is done."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.labels import record_prints
from guide.qr.model import AliasRefusedError, Carrier, Code
from guide.qr.registry import mint_for

TAG = "NFC"
"""The stock of what is written into a tag and not printed."""


def subject_of(code: str) -> str:
    """Return what the trail calls a code."""
    return f"code:{code}"


def mint_further(  # noqa: PLR0913 (each is asked for)
    db: Session,
    thing: Exhibit | Exhibition,
    *,
    at: datetime,
    by: Account | None = None,
    carrier: Carrier = Carrier.PRINT,
    place: str = "",
) -> Code:
    """Mint one more code for an exhibit, or one for a poster of an exhibition."""
    [minted] = mint_for(db, [thing], at, carrier, place)
    _write_down(db, minted.code, "code.minted", at, by)
    return minted


def retire(db: Session, code: Code, *, at: datetime, by: Account | None = None) -> None:
    """Say that a label is gone for good; its code leads on. Twice changes nothing."""
    if code.retired_at is None:
        code.retire(at)
        _write_down(db, code.code, "code.retired", at, by)


def merge(
    db: Session, code: Code, into: Code, *, at: datetime, by: Account | None = None
) -> None:
    """Make a code, and those that follow it, lead where another one leads.

    Raises AliasRefusedError where that would lead in a circle.
    """
    chain = list(_chain(db, into))
    if code in chain:
        raise AliasRefusedError(
            f"{code.code} cannot follow {into.code}, which follows {code.code} itself"
        )
    end = chain[-1].code
    code.alias_of = end
    db.execute(update(Code).where(Code.alias_of == code.code).values(alias_of=end))
    _write_down(db, code.code, "code.merged", at, by, "alias_of")


def hang(
    db: Session, code: Code, place: str, *, at: datetime, by: Account | None = None
) -> None:
    """Say where a label should hang."""
    code.label.hang(place)
    _write_down(db, code.code, "label.hung", at, by, "place")


def write_tag(db: Session, code: Code, *, at: datetime, by: Account | None = None) -> None:
    """Say that the address was written into a tag, and the tag locked."""
    record_prints(db, {code.code: []}, stock=TAG, languages=(), at=at, by=by.id if by else None)


def done_to(db: Session, code: str) -> list[tuple[AuditEntry, str | None]]:
    """List what the trail has of a code, the newest first, with who did it."""
    query = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(AuditEntry.subject == subject_of(code))
        .order_by(AuditEntry.id.desc())
    )
    return [(entry, name) for entry, name in db.execute(query)]


def _chain(db: Session, code: Code) -> Iterator[Code]:
    """Follow aliases to their end; a circle, which only a registry could bring, ends too."""
    seen = set[str]()
    following: Code | None = code
    while following and following.code not in seen:
        seen.add(following.code)
        yield following
        following = db.get(Code, following.alias_of) if following.alias_of else None


def _write_down(
    db: Session, code: str, deed: str, at: datetime, by: Account | None, *fields: str
) -> None:
    db.add(AuditEntry.of(by, deed, subject_of(code), at, fields))
    db.flush()
