"""Finding what is on show, with all that a page of it needs."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.model import Center, Edition, Exhibit, Exhibition


def edition(db: Session) -> int:
    """Return the number of the content's present edition."""
    return db.scalars(select(Edition.number)).one()


def center(db: Session) -> Center | None:
    """Return the Center with its texts, None before anything was imported."""
    return db.scalar(select(Center).options(selectinload(Center.texts)))


def exhibitions(db: Session) -> Sequence[Exhibition]:
    """List the exhibitions in the order of the rooms, with texts and published exhibits."""
    return db.scalars(_exhibitions().order_by(Exhibition.position, Exhibition.slug)).all()


def exhibition(db: Session, slug: str) -> Exhibition | None:
    """Find an exhibition with its texts and published exhibits."""
    return db.scalar(_exhibitions().where(Exhibition.slug == slug))


def exhibit(db: Session, slug: str) -> Exhibit | None:
    """Find an exhibit, published or not, with its texts, exhibition and neighbours."""
    room = selectinload(Exhibit.exhibition)
    return db.scalar(
        select(Exhibit)
        .where(Exhibit.slug == slug)
        .options(
            selectinload(Exhibit.texts),
            room.selectinload(Exhibition.texts),
            room.selectinload(Exhibition.exhibits).selectinload(Exhibit.texts),
        )
    )


def _exhibitions() -> Select[Exhibition]:
    return select(Exhibition).options(
        selectinload(Exhibition.texts),
        selectinload(Exhibition.exhibits).selectinload(Exhibit.texts),
    )
