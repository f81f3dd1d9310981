"""A fixed cast, each of whom can come to the office in a browser of their own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.passwords import argon2id
from guide.accounts.tokens import form_token, fresh_token, hashed
from guide.db import Database
from tests import make
from tests.conftest import client_of

PASSWORD = "saz tar kamança balaban"  # noqa: S105 (of nobody)
HASH = argon2id.hash(PASSWORD)

SignedIn = Callable[..., "Desk"]


class Desk:
    """A browser of somebody who is signed in."""

    def __init__(self, phone: TestClient, number: int, token: str) -> None:
        assert isinstance(phone.app, FastAPI)
        self.phone = phone
        self.number = number
        self.token = token
        self.form = {"csrf": form_token(phone.app.state.secret, hashed(token), "salt")}
        phone.cookies.set("staff", token)


@pytest.fixture
def signed_in(guide: TestClient, museum: Database) -> SignedIn:
    """Sign somebody with these roles in, in a browser of their own; return it."""

    def sign_in(*roles: Role, since: timedelta = timedelta(), email: str = "") -> Desk:
        account = make.account(
            *roles, email=email or f"{'-'.join(roles) or 'nobody'}@example.org"
        )
        account.set_password(HASH, datetime.now(UTC))
        return desk_of(guide, museum, account, since)

    return sign_in


def desk_of(
    guide: TestClient, museum: Database, account: Account, since: timedelta = timedelta()
) -> Desk:
    assert isinstance(guide.app, FastAPI)
    token = fresh_token()
    with museum.writing() as db:
        db.add(account)
        db.add(StaffSession.of(account, hashed(token), datetime.now(UTC) - since))
        db.flush()
        number = account.id
    return Desk(client_of(guide.app), number, token)


def stored(museum: Database, number: int) -> Account:
    """Look an account up, as it is now."""
    with museum.reading() as db:
        return db.get_one(Account, number)
