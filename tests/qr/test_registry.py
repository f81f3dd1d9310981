"""A printed code is for ever: the database itself refuses to lose one (Q10)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.qr.code import is_consistent
from guide.qr.model import Code
from guide.qr.registry import CodeIsTakenError, CodeSheet, bring_in, mint_missing
from tests import make

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def give_away(db: Session) -> None:
    db.execute(update(Code).values(exhibit_id=Code.exhibit_id + 1))


def make_a_poster(db: Session) -> None:
    db.execute(update(Code).values(exhibit_id=None, exhibition_id=1))


def respell(db: Session) -> None:
    db.execute(update(Code).where(Code.alias_of.is_(None)).values(code="00000"))


def lose(db: Session) -> None:
    db.execute(delete(Code))


def lose_the_exhibit(db: Session) -> None:
    db.execute(delete(Exhibit))


@pytest.mark.parametrize("harm", [give_away, make_a_poster, respell, lose, lose_the_exhibit])
def test_a_printed_code_cannot_be_lost(
    museum: Database, harm: Callable[[Session], None]
) -> None:
    with museum.reading() as db:
        before = db.execute(select(Code.code, Code.exhibit_id).order_by(Code.code)).all()

    with pytest.raises(IntegrityError), museum.writing() as db:
        harm(db)

    with museum.reading() as db:
        assert (
            db.execute(select(Code.code, Code.exhibit_id).order_by(Code.code)).all() == before
        )


def test_retiring_and_aliasing_are_allowed(museum: Database) -> None:
    with museum.writing() as db:
        first, second, *_ = db.scalars(select(Code))
        first.retire(at=NOW)
        first.alias_of = second.code


def test_the_files_cannot_give_a_code_to_another_exhibit(museum: Database) -> None:
    with museum.reading() as db:
        code = db.scalars(
            select(Code.code).join(Code.exhibit).where(Exhibit.slug == "tar")
        ).one()

    for another in (
        CodeSheet(exhibit="saz"),
        CodeSheet(exhibition="musical-instruments"),
        CodeSheet(exhibit="tar", carrier="nfc"),
    ):
        with pytest.raises(CodeIsTakenError), museum.writing() as db:
            bring_in(db, {("code", code, ""): another}, NOW)


@pytest.mark.parametrize("said", [{}, {"exhibit": "tar", "exhibition": "classic-cars"}])
def test_a_code_stands_for_one_thing(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="an exhibit or an exhibition, one of them"):
        CodeSheet.model_validate(said)


def test_a_code_is_minted_only_for_what_has_none(museum: Database) -> None:
    with museum.writing() as db:
        assert mint_missing(db, NOW) == []
        room = make.exhibition()
        room.slug = "another-room"
        db.add(make.exhibit("mirror", of=room))
        db.flush()
        [minted] = mint_missing(db, NOW)
        assert is_consistent(minted.code)
        assert mint_missing(db, NOW) == []
