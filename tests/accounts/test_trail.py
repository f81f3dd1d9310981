"""The trail only grows, and the tables are what the program takes them for."""

from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.db import Base, Database
from guide.web.edition import edition
from tests import make
from tests.conftest import OPENING_DAY


def recorded(database: Database) -> int:
    """Write one deed of an admin down; return the admin's number."""
    with database.writing() as db:
        admin = make.account(Role.ADMIN)
        db.add(admin)
        db.flush()
        db.add(
            AuditEntry.of(
                admin, "accounts.invited", "account:7", OPENING_DAY, ["roles", "name"]
            )
        )
        return admin.id


def test_an_entry_says_who_what_and_when_but_no_value(database: Database) -> None:
    admin = recorded(database)

    with database.reading() as db:
        [entry] = db.scalars(select(AuditEntry)).all()

    assert (entry.account_id, entry.deed, entry.subject) == (
        admin,
        "accounts.invited",
        "account:7",
    )
    assert (entry.at, entry.fields) == (OPENING_DAY, ["name", "roles"])


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit_entries SET deed = 'nothing'", "DELETE FROM audit_entries"],
)
def test_an_entry_is_never_changed_and_never_deleted(database: Database, change: str) -> None:
    recorded(database)

    with pytest.raises(IntegrityError, match="the trail only grows"), database.writing() as db:
        db.execute(text(change))


def test_what_staff_do_to_accounts_is_nothing_to_visitors(museum: Database) -> None:
    with museum.reading() as db:
        before = edition(db)

    admin = recorded(museum)
    with museum.writing() as db:
        db.get_one(Account, admin).disable(OPENING_DAY + timedelta(days=1))

    with museum.reading() as db:
        assert edition(db) == before


def test_the_tables_are_as_the_program_maps_them(database: Database) -> None:
    with database.reading() as db:
        context = MigrationContext.configure(db.connection())
        assert compare_metadata(context, Base.metadata) == []
