"""Labels that were scanned."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.model import Code, Scan
from tests.accounts.conftest import signed_in

__all__ = ["signed_in"]

Scanned = Callable[..., None]


@pytest.fixture
def scanned(museum: Database) -> Scanned:
    """Scan the label of an exhibit, or the poster of an exhibition, by its slug."""

    def scan(
        slug: str,
        at: datetime,
        language: str = "az",
        *,
        times: int = 1,
        visit: int | None = None,
    ) -> None:
        with museum.writing() as db:
            exhibit = db.scalar(select(Exhibit).where(Exhibit.slug == slug))
            room = db.scalar(select(Exhibition).where(Exhibition.slug == slug))
            number = exhibit.id if exhibit else None
            query = select(Code).options(joinedload(Code.exhibit))
            if exhibit:
                query = query.where(Code.exhibit_id == number)
            code = db.scalars(query).first()
            assert code
            assert exhibit or room
            db.add_all(
                Scan(
                    code=code.code,
                    exhibit_id=number,
                    exhibition_id=None if exhibit or room is None else room.id,
                    language=language,
                    hour=at,
                    visit=visit,
                )
                for _ in range(times)
            )

    return scan
