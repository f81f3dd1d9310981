"""Finding who wrote what, and what a translation was made from."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.exhibits.publishing import TextOf
from guide.exhibits.revisions import Revision, revisions_of
from guide.languages.model import Language


def names_of(db: Session, accounts: Iterable[int | None]) -> Mapping[int, str]:
    """Return the names of accounts by their numbers."""
    numbers = {one for one in accounts if one is not None}
    query = select(Account.id, Account.name).where(Account.id.in_(numbers))
    return dict(db.execute(query).all()) if numbers else {}


def tongues(db: Session) -> list[Language]:
    """List the languages that texts are written in, those too that are switched off."""
    return list(db.scalars(select(Language).order_by(Language.position)))


def revision_numbered(db: Session, text: TextOf, number: int) -> Revision | None:
    """Find a revision of a text by its number."""
    kind, owner_id, language = text.key
    return db.scalar(
        select(Revision).where(
            Revision.kind == kind,
            Revision.owner_id == owner_id,
            Revision.language == language,
            Revision.number == number,
        )
    )


def made_from(db: Session, source: TextOf, field: str, hash_: str) -> Revision | None:
    """Find the newest revision of the source whose field has this hash."""
    return next(
        (
            one
            for one in revisions_of(db, *source.key)
            if one.manuscript.fingerprints().get(field) == hash_
        ),
        None,
    )
