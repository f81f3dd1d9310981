"""A tour that a guide walks, and a phone that takes down what happens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.tours.model import State
from tests import make
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked

WALKED = ("tar", "kamancha", "saz")

Told = dict[str, Any]


def entry(kind: str, at: datetime | None = None, **said: object) -> Told:
    """What a phone takes down of one thing."""
    moment = at or datetime.now(UTC)
    return {"key": str(uuid4()), "kind": kind, "at": moment.isoformat(), **said}


class Phone:
    """A phone that sends what it has taken down, from the oldest on."""

    def __init__(self, desk: Desk, tour: int) -> None:
        self.desk = desk
        self.tour = tour

    @property
    def path(self) -> str:
        return f"/staff/tours/{self.tour}"

    def send(
        self, *entries: Told, account: int | None = None, clock_off: timedelta = timedelta()
    ) -> Response:
        batch = {
            "account": account or self.desk.number,
            "sent_at": (datetime.now(UTC) + clock_off).isoformat(),
            "entries": entries,
        }
        return self.post(batch)

    def post(self, body: object) -> Response:
        headers = {"x-csrf-token": self.desk.form["csrf"]}
        return self.desk.phone.post(f"{self.path}/events", json=body, headers=headers)

    def now(self) -> Told:
        told: Told = self.desk.phone.get(f"{self.path}/walk/now").json()
        return told


Walking = Callable[..., Phone]


@pytest.fixture
def walking(booked: Booked, museum: Database) -> Walking:
    """Put a confirmed tour of three stops into the book; return the phone of its guide."""

    def walk(desk: Desk, **fields: object) -> Phone:
        with museum.reading() as db:
            found = {exhibit.slug: exhibit.id for exhibit in db.scalars(select(Exhibit))}
        stops = [make.stop(n, exhibit_id=found[slug]) for n, slug in enumerate(WALKED, 1)]
        plan = {"state": State.CONFIRMED, "stops": stops, **fields}
        return Phone(desk, booked(guide=desk, **plan))

    return walk


@pytest.fixture
def walked(walking: Walking, nigar: Desk) -> Phone:
    """The dullest of them, led by Nigar."""
    return walking(nigar)
