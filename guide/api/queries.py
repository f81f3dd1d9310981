"""Claiming an `Idempotency-Key`."""

from datetime import datetime

from sqlalchemy import and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from guide.api.model import KEPT_FOR, KeptAnswer


def claim(db: Session, token_id: int, key: str, digest: str, at: datetime) -> bool:
    """Begin to answer a key; False when it was answered before.

    Whoever comes with the same key meanwhile waits until that answer is written, or taken
    back. What is over is forgotten first.
    """
    _forget(db, at)
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    insert: sqlite.Insert | postgresql.Insert
    insert = sqlite.insert(KeptAnswer) if is_sqlite else postgresql.insert(KeptAnswer)
    begun = (
        insert.values(
            token_id=token_id, key=key, digest=digest, made_at=at, headers={}, body=""
        )
        .on_conflict_do_nothing()
        .returning(KeptAnswer.key)
    )
    return db.scalar(begun) is not None


def kept_answer(db: Session, token_id: int, key: str) -> KeptAnswer:
    """Return what is kept of a key that was claimed."""
    return db.get_one(KeptAnswer, (token_id, key), populate_existing=True)


def _forget(db: Session, at: datetime) -> None:
    over = select(KeptAnswer.token_id, KeptAnswer.key)
    over = over.where(KeptAnswer.made_at <= at - KEPT_FOR).with_for_update(skip_locked=True)
    for token_id, key in db.execute(over).all():
        db.execute(
            delete(KeptAnswer).where(
                and_(KeptAnswer.token_id == token_id, KeptAnswer.key == key)
            )
        )
