"""One unit of work for each request: returning commits before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from guide.db import Database

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def session(request: Request) -> Iterator[Session]:
    """Open a reading session for a safe method, a writing one for any other."""
    database: Database = request.app.state.database
    opened = database.reading() if request.method in SAFE else database.writing()
    with opened as db:
        yield db


Db = Annotated[Session, Depends(session, scope="function")]
