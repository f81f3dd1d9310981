"""Reading which languages there are."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.languages.model import Language, Offer


def offer(db: Session, default: str) -> Offer:
    """Return the languages that are on, in their order."""
    return Offer.of(db.scalars(select(Language).order_by(Language.position)).all(), default)


def all_languages(db: Session) -> list[Language]:
    """List the languages of the guide, those that are switched off too."""
    return list(db.scalars(select(Language).order_by(Language.position, Language.tag)))
