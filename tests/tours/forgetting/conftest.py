"""What forgets, over a museum whose files lie in a data folder of the test's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guide.accounts.model import Role
from guide.db import Database
from guide.settings import Settings
from guide.tours.forgetting.forgetting import Forgetting
from guide.upkeep.purge import forgetting_of
from tests import make
from tests.conftest import settings_for
from tests.tours.forgetting.marked import marked_tour

Marked = Callable[..., int]
"""Puts a tour with marks all over into the book; returns its number."""


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    """Settings whose data folder is the test's own."""
    return settings_for("sqlite://", tmp_path / "data")


@pytest.fixture
def forgetting(museum: Database, house: Settings) -> Forgetting:
    return forgetting_of(house, museum)


@pytest.fixture
def planner(museum: Database) -> int:
    """The number of a planner's account."""
    with museum.writing() as db:
        account = make.account(Role.PLANNER, email="planner@example.org")
        db.add(account)
        db.flush()
        return account.id


@pytest.fixture
def marked(museum: Database, planner: int) -> Marked:
    def put(**fields: Any) -> int:  # noqa: ANN401 (fields of a tour, or its files)
        with museum.writing() as db:
            return marked_tour(db, planner, **fields).id

    return put
