"""Finding codes and where they lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.published import IS_PUBLISHED
from guide.exhibits.showing import IS_OPEN, Signpost
from guide.qr.code import canonical, is_consistent
from guide.qr.model import Code, UnknownCodeError, WithdrawnError

LONGEST_ALIAS_CHAIN = 8


@dataclass(frozen=True)
class Destination:
    """Where a code leads: its exhibit, or an exhibition of which there is a poster.

    Where the exhibition has closed, its archive. One of the ids is None.
    """

    code: str
    exhibit_id: int | None
    exhibition_id: int | None
    exhibit: str | None
    exhibition: str
    is_closed: bool


def followed(db: Session, typed: str) -> Destination:
    """Find where a typed or scanned code leads, aliases followed.

    Raises UnknownCodeError for what was never minted or is not published, WithdrawnError for
    what is gone for good.
    """
    name = canonical(typed)
    row = _row(db, name) if name else None
    for _ in range(LONGEST_ALIAS_CHAIN):
        if row is None or row.alias_of is None:
            break
        row = _row(db, row.alias_of)
    if row and row.room_removed_at:
        raise WithdrawnError(None)
    if row and row.withdrawn_at:
        raise WithdrawnError(Signpost(row.exhibition, row.exhibition_names))
    if row is None or not row.is_published:
        raise UnknownCodeError(typed, looks_mistyped=not (name and is_consistent(name)))
    return Destination(
        code=row.code,
        exhibit_id=row.exhibit_id,
        exhibition_id=row.exhibition_id,
        exhibit=row.exhibit,
        exhibition=row.exhibition,
        is_closed=row.closed_at is not None,
    )


def codes_of(db: Session, exhibition: str | None = None) -> Sequence[Code]:
    """List the codes in use with what they lead to and their labels, in the order of rooms."""
    query = (
        with_things(select(Code))
        .where(Code.retired_at.is_(None))
        .options(selectinload(Code.label))
    )
    if exhibition:
        query = query.where(Exhibition.slug == exhibition)
    return db.scalars(query).all()


def with_things(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Load what codes lead to, in the order of the rooms; a room's own codes come first."""
    return (
        query.outerjoin(Code.exhibit)
        .join(Exhibition, _ROOM)
        .order_by(
            Exhibition.position,
            Exhibition.slug,
            Code.exhibit_id.is_not(None),
            Exhibit.position,
            Code.code,
        )
        .options(
            selectinload(Code.exhibit).selectinload(Exhibit.exhibition),
            selectinload(Code.exhibition),
        )
    )


def printed(db: Session, name: str) -> Code | None:
    """Find a code by its canonical name, whatever has become of its exhibit."""
    query = with_things(select(Code)).where(Code.code == name)
    return db.scalars(query.options(selectinload(Code.label))).first()


_ROOM = Exhibition.id == func.coalesce(Code.exhibition_id, Exhibit.exhibition_id)

_DESTINATION = (
    select(
        Code.code,
        Code.alias_of,
        Code.exhibit_id,
        Code.exhibition_id,
        Exhibit.slug.label("exhibit"),
        Exhibit.withdrawn_at,
        (IS_PUBLISHED | (Code.exhibition_id.is_not(None) & IS_OPEN)).label("is_published"),
        Exhibition.slug.label("exhibition"),
        Exhibition.names.label("exhibition_names"),
        Exhibition.closed_at,
        Exhibition.removed_at.label("room_removed_at"),
    )
    .outerjoin(Code.exhibit)
    .join(Exhibition, _ROOM)
)


def _row(db: Session, name: str) -> Row[*tuple[Any, ...]] | None:
    return db.execute(_DESTINATION.where(Code.code == name)).first()
