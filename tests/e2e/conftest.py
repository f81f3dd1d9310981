"""A guide that is served, and phones that open it."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_playwright import CreateContextCallback
from sqlalchemy import delete, select

from guide.accounts.model import Account, Role
from guide.db import Database
from guide.exhibits.model import Exhibit, ExhibitText
from tests import make
from tests.accounts.conftest import HASH
from tests.conftest import OPENING_DAY, Copy
from tests.e2e.server import Server

expect.set_options(timeout=30_000)  # a machine with other work on it is slow, not wrong

PHONE: ViewportSize = {"width": 360, "height": 740}

ON_ONE_DATABASE = (
    pytest.mark.usefixtures("database_kind"),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
)
"""For tests of how pages look, which no database has a part in."""


Somebody = Callable[..., str]
"""Makes an account with a password and roles; returns its e-mail address."""

numbers = count()


class Phone(Protocol):
    """Opens a browser as a phone that asks for a language."""

    def __call__(
        self,
        language: str = "en",
        *,
        scripts: bool = True,
        color_scheme: Literal["light", "dark"] = "light",
        permissions: Sequence[str] = (),
    ) -> Page: ...


@pytest.fixture
def museum_database(copied: Copy) -> Iterator[Database]:
    """A museum of the test's own, for what is written there and must not stay."""
    database = Database.open(copied("starter"))
    yield database
    database.close()


@pytest.fixture
def museum(museum_database: Database, tmp_path: Path) -> Iterator[Server]:
    """A guide that serves `museum_database`."""
    address = museum_database.writer.engine.url.render_as_string(hide_password=False)
    server = Server.start(tmp_path / "data", address)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="session")
def served_database(copied: Copy) -> str:
    """Make the starter content that is served; return its address.

    The tar has its texts in Azerbaijani and English only, so that what a reader of another
    language is shown instead is looked at too; and the garmon is withdrawn.
    """
    address = copied("starter")
    database = Database.open(address)
    with database.writing() as db:
        tar = db.scalars(select(Exhibit.id).where(Exhibit.slug == "tar")).one()
        others = ExhibitText.language.not_in(["az", "en"])
        db.execute(delete(ExhibitText).where(ExhibitText.exhibit_id == tar, others))
        garmon = db.scalars(select(Exhibit).where(Exhibit.slug == "garmon")).one()
        garmon.withdraw(at=OPENING_DAY)
    database.close()
    return address


@pytest.fixture(scope="session")
def served(served_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve it from a process of its own; yield the address."""
    server = Server.start(tmp_path_factory.mktemp("served") / "data", served_database)
    try:
        server.wait_until_ready()
        yield server.address
    finally:
        server.end()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:  # as Playwright types it
    return {
        "executable_path": os.environ.get("CHROME_PATH", "/usr/bin/chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--no-first-run",
        ],
    }


@pytest.fixture
def phone(served: str, new_context: CreateContextCallback) -> Phone:
    def opened(
        language: str = "en",
        *,
        scripts: bool = True,
        color_scheme: Literal["light", "dark"] = "light",
        permissions: Sequence[str] = (),
    ) -> Page:
        context = new_context(
            base_url=served,
            locale=language,
            viewport=PHONE,
            java_script_enabled=scripts,
            color_scheme=color_scheme,
            permissions=permissions,
        )
        context.set_default_timeout(30_000)
        return context.new_page()

    return opened


@pytest.fixture
def staff_database(served_database: str) -> Iterator[Database]:
    opened_ = Database.open(served_database)
    yield opened_
    opened_.close()


@pytest.fixture
def somebody(staff_database: Database) -> Iterator[Somebody]:
    there: list[str] = []

    def made(*roles: Role) -> str:
        there.append(f"staff-{next(numbers)}@example.org")
        with staff_database.writing() as db:
            db.add(make.account(*roles, email=there[-1], password=HASH))
        return there[-1]

    yield made
    with staff_database.writing() as db:  # what the next one looks at is not full of these
        for account in db.scalars(select(Account).where(Account.email.in_(there))):
            account.disable(datetime.now(UTC))
