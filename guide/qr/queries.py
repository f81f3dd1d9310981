"""Finding codes and where they lead."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.code import canonical, is_consistent
from guide.qr.model import Code, UnknownCodeError, WithdrawnError

LONGEST_ALIAS_CHAIN = 8


def followed(db: Session, typed: str) -> Code:
    """Find the code that a typed or scanned one stands for, aliases followed.

    The code comes with its exhibit, that one's exhibition and texts. Raises UnknownCodeError
    for what was never minted or is not published, WithdrawnError for what is gone for good.
    """
    name = canonical(typed)
    code = _code(db, name) if name else None
    for _ in range(LONGEST_ALIAS_CHAIN):
        if code is None or code.alias_of is None:
            break
        code = _code(db, code.alias_of)
    if code and code.exhibit.withdrawn_at:
        raise WithdrawnError(code.exhibit)
    if code is None or not code.exhibit.is_published:
        raise UnknownCodeError(typed, looks_mistyped=not (name and is_consistent(name)))
    return code


def codes_of(db: Session, exhibition: str | None = None) -> Sequence[Code]:
    """List the codes in use with their exhibits, in the order of the rooms."""
    query = (
        select(Code)
        .join(Code.exhibit)
        .join(Exhibit.exhibition)
        .where(Code.retired_at.is_(None))
        .order_by(Exhibition.position, Exhibit.position, Code.code)
        .options(selectinload(Code.exhibit).selectinload(Exhibit.exhibition))
    )
    if exhibition:
        query = query.where(Exhibition.slug == exhibition)
    return db.scalars(query).all()


def _code(db: Session, name: str) -> Code | None:
    exhibit = selectinload(Code.exhibit)
    return db.scalar(
        select(Code)
        .where(Code.code == name)
        .options(
            exhibit.selectinload(Exhibit.texts),
            exhibit.selectinload(Exhibit.exhibition),
        )
    )


def printed(db: Session, name: str) -> Code | None:
    """Find a code by its canonical name, whatever has become of its exhibit."""
    return _code(db, name)
