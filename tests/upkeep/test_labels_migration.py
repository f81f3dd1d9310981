"""The release that brought labels keeps the codes, their scans and their guards."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from guide.db import Database
from guide.upkeep.migration import migrate_whole
from tests.upkeep.conftest import AsBefore

THINGS = (
    (
        "INSERT INTO exhibitions (id, slug, position, accent, names, names_note, facts) "
        "VALUES (1, 'room', 1, 'teal', '{}', '', '[]')"
    ),
    (
        "INSERT INTO exhibits (id, slug, exhibition_id, position, category, presence, "
        "presence_note, minutes, names, names_note, facts, related) "
        "VALUES (7, 'tar', 1, 1, 'lute', 'reported', '{}', 3, '{}', '', '[]', '[]')"
    ),
    "INSERT INTO codes (code, exhibit_id, minted_at) VALUES ('by6v1', 7, '2026-11-20')",
    (
        "INSERT INTO codes (code, exhibit_id, alias_of, minted_at, retired_at) "
        "VALUES ('ryaga', 7, 'by6v1', '2026-11-20', '2026-11-21')"
    ),
    (
        "INSERT INTO scans (id, code, exhibit_id, language, hour) "
        "VALUES (3, 'by6v1', 7, 'az', '2026-11-22')"
    ),
)
REFUSED = (
    "DELETE FROM codes",
    "UPDATE codes SET code = 'zzzzz'",
    "UPDATE codes SET exhibit_id = NULL, exhibition_id = 1",
    "INSERT INTO codes (code, minted_at) VALUES ('w8zzh', '2026-11-20')",
    (
        "INSERT INTO codes (code, exhibit_id, exhibition_id, minted_at) "
        "VALUES ('w8zzh', 7, 1, '2026-11-20')"
    ),
    "DELETE FROM labels",
)


@pytest.fixture
def before(as_before: AsBefore) -> Database:
    return as_before("0002", THINGS)


def test_codes_scans_and_guards_are_kept(before: Database) -> None:
    migrate_whole(before)

    with before.reading() as db:
        codes = "SELECT code, exhibit_id, exhibition_id, alias_of FROM codes ORDER BY code"
        assert [*map(tuple, db.execute(text(codes)))] == [
            ("by6v1", 7, None, None),
            ("ryaga", 7, None, "by6v1"),
        ]
        assert db.scalar(text("SELECT code FROM scans WHERE id = 3 AND exhibit_id = 7"))
        labels = "SELECT code, carrier, place FROM labels ORDER BY code"
        assert [*map(tuple, db.execute(text(labels)))] == [
            ("by6v1", "print", ""),
            ("ryaga", "print", ""),
        ]
        indexes = inspect(db.connection()).get_indexes("codes")
        assert "ix_codes_exhibit_id" in {one["name"] for one in indexes}
    for statement in REFUSED:
        with pytest.raises(IntegrityError), before.writing() as db:
            db.execute(text(statement))
    before.close()


def test_a_new_code_still_raises_the_edition_and_a_label_does_not(before: Database) -> None:
    migrate_whole(before)
    number = text("SELECT number FROM edition")
    with before.writing() as db:
        first = db.scalar(number)
        db.execute(text("UPDATE labels SET place = 'by the door'"))
        assert db.scalar(number) == first
        db.execute(text("UPDATE codes SET retired_at = '2026-11-23' WHERE code = 'by6v1'"))
        assert db.scalar(number) == first + 1
    before.close()
