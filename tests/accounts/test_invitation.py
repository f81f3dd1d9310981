"""A link works once, for three days, and says nothing when it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import INVITED_FOR, Account, Invitation, Role, StaffSession
from guide.accounts.queries import invite
from guide.accounts.tokens import hashed
from guide.db import Database
from tests import make
from tests.accounts.conftest import PASSWORD, SignedIn, stored

LINK = "/staff/invitations/a-token"


@pytest.fixture
def invited(museum: Database) -> int:
    """Somebody who was invited just now; returns their number."""
    with museum.writing() as db:
        account = make.account(Role.PLANNER)
        db.add(account)
        invite(db, account, hashed("a-token"), datetime.now(UTC))
        db.flush()
        return account.id


def test_a_link_sets_the_password_once(
    guide: TestClient, museum: Database, invited: int
) -> None:
    assert "aysel@example.org" in guide.get(LINK).text

    answer = guide.post(LINK, data={"password": PASSWORD})

    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/session?welcome=1")
    assert stored(museum, invited).password_hash
    assert guide.get(LINK).status_code == 404
    assert guide.post(LINK, data={"password": "another one altogether"}).status_code == 404
    sent = {"email": "aysel@example.org", "password": PASSWORD}
    assert guide.post("/staff/session", data=sent).status_code == 303


WEAK = [
    ("x" * 14, "fewer than 15"),
    ("", "fewer than 15"),
    ("ə" * 513, "longer than anybody"),
    ("passwordpassword", "easily guessed"),
    ("123456789012345", "easily guessed"),
    ("aysel@example.org", "easily guessed"),
    ("heydar aliyev center", "easily guessed"),
]


def test_a_weak_password_is_not_taken_and_the_link_still_works(
    guide: TestClient, museum: Database, invited: int
) -> None:
    for password, why in WEAK:
        told = {"accept-language": "en"}
        answer = guide.post(LINK, data={"password": password}, headers=told)

        assert answer.status_code == 422
        assert why in answer.text
        field = answer.text.split('type="password"')[1].split(">")[0]
        assert "value=" not in field
    assert stored(museum, invited).password_hash is None
    assert guide.get(LINK).status_code == 200


def test_a_new_link_ends_the_one_before(
    guide: TestClient, museum: Database, invited: int
) -> None:
    with museum.writing() as db:
        invite(db, db.get_one(Account, invited), hashed("newer"), datetime.now(UTC))

    assert guide.get(LINK).status_code == 404
    assert guide.get("/staff/invitations/newer").status_code == 200


@pytest.mark.parametrize("why", ["never", "late", "used", "revoked", "disabled"])
def test_a_link_that_does_not_work_says_no_more(
    guide: TestClient, museum: Database, invited: int, why: str
) -> None:
    now = datetime.now(UTC)
    with museum.writing() as db:
        invitation = db.scalars(select(Invitation)).one()
        if why == "never":
            invitation.token_hash = hashed("another")
        elif why == "late":
            invitation.expires_at = now
        elif why == "used":
            invitation.use(now)
        elif why == "revoked":
            invitation.revoked_at = now
        else:
            db.get_one(Account, invited).disable(now)

    answer = guide.get(LINK)

    assert answer.status_code == 404
    assert answer.text == guide.get("/staff/invitations/a-token2").text
    assert guide.post(LINK, data={"password": PASSWORD}).status_code == 404


def test_only_a_hash_of_the_token_is_kept(museum: Database, invited: int) -> None:
    assert invited
    with museum.reading() as db:
        kept = db.scalars(select(Invitation)).one()
        kept_as = kept.token_hash
        assert kept_as == hashed("a-token")
        assert kept.expires_at - kept.made_at == INVITED_FOR == timedelta(hours=72)


def test_a_password_that_was_lost_signs_everybody_out(
    signed_in: SignedIn, guide: TestClient, museum: Database
) -> None:
    thief = signed_in(Role.CURATOR)
    with museum.writing() as db:
        invite(db, db.get_one(Account, thief.number), hashed("a-token"), datetime.now(UTC))

    guide.post(LINK, data={"password": "balaban nağara tütək"})

    assert thief.phone.get("/staff").status_code == 303
    with museum.reading() as db:
        assert db.scalars(select(StaffSession.revoked_at)).one()
        assert db.scalars(select(AuditEntry.deed)).all() == ["password.set"]
