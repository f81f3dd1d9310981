"""The release that brought revisions keeps what every text says as its first one."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from guide.db import Database
from guide.exhibits.revisions import Cause, revisions_of
from guide.upkeep.migration import migrate_whole
from tests.upkeep.conftest import AsBefore

THINGS = (
    (
        "INSERT INTO exhibitions (id, slug, position, accent, names, names_note, facts) "
        "VALUES (1, 'room', 1, 'teal', '{}', '', '[]')"
    ),
    (
        "INSERT INTO exhibits (id, slug, exhibition_id, position, category, presence, "
        "presence_note, minutes, names, names_note, facts, related) VALUES (7, 'tar', 1, 1, "
        "'lute', 'reported', '{}', 3, '{\"az\": \"Tar\"}', '', '[]', '[]')"
    ),
    (
        "INSERT INTO exhibit_texts (exhibit_id, language, status, hook, look_for, story, "
        "made_from) VALUES (7, 'az', 'machine', 'On bir sim.', '[\"Sayın.\"]', '', '{}')"
    ),
)


@pytest.fixture
def before(as_before: AsBefore) -> Database:
    return as_before("0003", THINGS)


def test_what_every_text_says_is_its_first_revision(before: Database) -> None:
    migrate_whole(before)

    with before.reading() as db:
        [first] = revisions_of(db, "exhibit text", 7, "az")
        said = first.manuscript
    assert (first.number, first.cause) == (1, Cause.IMPORTED)
    assert (said.name, said.hook, said.look_for) == ("Tar", "On bir sim.", ("Sayın.",))
    before.close()


@pytest.mark.parametrize("change", ["UPDATE revisions SET number = 9", "DELETE FROM revisions"])
def test_a_revision_is_never_changed_and_never_deleted(before: Database, change: str) -> None:
    migrate_whole(before)

    with pytest.raises(IntegrityError, match="revisions only grow"), before.writing() as db:
        db.execute(text(change))
    before.close()


def test_a_plan_raises_the_edition_and_a_draft_does_not(before: Database) -> None:
    migrate_whole(before)
    number = text("SELECT number FROM edition")
    with before.writing() as db:
        first = db.scalar(number)
        db.execute(
            text(
                "INSERT INTO drafts (id, kind, owner_id, language, said, version, writers, "
                "saved_at, returned_note) VALUES (1, 'exhibit text', 7, 'az', '{}', 1, '[]', "
                "'2026-11-26', '')"
            )
        )
        assert db.scalar(number) == first
        db.execute(text("UPDATE drafts SET version = 2"))
        assert db.scalar(number) == first
        db.execute(text("UPDATE drafts SET due_at = '2026-11-27'"))
        assert db.scalar(number) == first + 1
    before.close()
