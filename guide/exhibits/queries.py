"""Finding what is on show, as mapped objects."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from guide.exhibits.model import Exhibit


def exhibit(db: Session, slug: str) -> Exhibit | None:
    """Find an exhibit, published or not, with its texts and exhibition."""
    return db.scalar(
        select(Exhibit)
        .where(Exhibit.slug == slug)
        .options(selectinload(Exhibit.texts), selectinload(Exhibit.exhibition))
    )
