"""The first admin is made, and a lost one is helped, from the command line."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from guide.accounts.appointing import SAMPLES, close_samples, open_samples
from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Invitation, Role, StaffSession
from guide.accounts.passwords import argon2id
from guide.accounts.queries import account_with_email, everyone
from guide.accounts.tokens import hashed
from guide.cli import app
from guide.db import Database
from guide.settings import Settings
from tests.conftest import OPENING_DAY

Staff = Callable[..., Any]
"""Runs `guide staff` with words; what comes back is typer's own result."""
LINK = re.compile(r"http://127\.0\.0\.1:8000/staff/invitations/([\w-]{43})\n")
ADD = ("add", "Rauf@Example.org", "--name", "Rauf", "--role", "admin, planner")


@pytest.fixture
def staff(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """The command over the empty database that `database` opens."""
    monkeypatch.setenv("GUIDE_DATABASE_URL", settings.database)
    monkeypatch.setenv("GUIDE_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(app, ["staff", *words])


def test_the_first_admin_gets_a_link(staff: Staff, database: Database) -> None:
    done = staff(*ADD)

    assert done.exit_code == 0, done.output
    link = LINK.fullmatch(done.stdout)
    assert link
    with database.reading() as db:
        [rauf] = everyone(db)
        assert (rauf.email, rauf.name) == ("rauf@example.org", "Rauf")
        assert rauf.roles == {Role.ADMIN, Role.PLANNER}
        assert db.scalars(select(Invitation.token_hash)).all() == [hashed(link[1])]
        assert db.scalars(select(AuditEntry.account_id)).all() == [None, None]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (ADD, "rauf@example.org has an account already"),
        (("add", "rauf", "--name", "R", "--role", "admin"), "rauf is not an e-mail address"),
        (("add", "r@e.org", "--name", "R", "--role", "king"), "king is no role"),
        (("add", "r@e.org", "--name", "R", "--role", ","), "is no role"),
        (("link", "nobody@example.org"), "there is no account of nobody@example.org"),
    ],
)
def test_a_refusal_is_one_sentence(staff: Staff, words: tuple[str, ...], why: str) -> None:
    assert staff(*ADD).exit_code == 0

    refused = staff(*words)

    assert refused.exit_code == 1
    assert why in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_an_admin_who_lost_everything_is_let_back_in(staff: Staff, database: Database) -> None:
    staff(*ADD)
    with database.writing() as db:
        rauf = db.scalars(select(Account)).one()
        rauf.prepare_code("salt")
        rauf.confirm_code(1, OPENING_DAY)
        rauf.disable(OPENING_DAY)
        db.add(StaffSession.of(rauf, "stolen", OPENING_DAY))

    done = staff("link", "rauf@example.org")

    assert LINK.fullmatch(done.stdout)
    with database.reading() as db:
        rauf = db.scalars(select(Account)).one()
        assert (rauf.has_code, rauf.disabled_at) == (False, None)
        assert db.scalars(select(StaffSession.revoked_at)).one()
        told = db.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)).all()
        assert told[2:] == ["account.enabled", "code.removed", "invitation.made"]


def test_samples_are_let_in_until_the_guide_is_more_than_a_try(database: Database) -> None:
    for password in ("first start", "second start"):
        with database.writing() as db:
            assert open_samples(db, password, OPENING_DAY) == list(SAMPLES)
        with database.writing() as db:
            guide = db.scalars(select(Account).where(Account.email.startswith("guide@"))).one()
            db.add(StaffSession.of(guide, f"of the {password}", OPENING_DAY))
    with database.reading() as db:
        revoked = db.scalars(select(StaffSession.revoked_at).order_by(StaffSession.id)).all()
        assert revoked == [OPENING_DAY, None]
        kept = {one.email: one for one in everyone(db)}
        assert kept.keys() == SAMPLES.keys()
        for one in kept.values():
            assert argon2id.verify("second start", one.password_hash or "")

    with database.writing() as db:
        close_samples(db, OPENING_DAY + timedelta(days=1))

    with database.reading() as db:
        for email in SAMPLES:
            sample = account_with_email(db, email)
            assert sample
            assert sample.disabled_at == OPENING_DAY + timedelta(days=1)
