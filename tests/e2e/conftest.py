"""A guide that is served, and phones that open it."""

import os
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Page, ViewportSize
from pytest_playwright import CreateContextCallback

from tests.conftest import Copy
from tests.e2e.server import Server

PHONE: ViewportSize = {"width": 360, "height": 740}

ON_ONE_DATABASE = (
    pytest.mark.usefixtures("database_kind"),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
)
"""For tests of how pages look, which no database has a part in."""


class Phone(Protocol):
    """Opens a browser as a phone that asks for a language."""

    def __call__(self, language: str = "en", *, scripts: bool = True) -> Page: ...


@pytest.fixture(scope="session")
def served(copied: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the starter content from a process of its own; yield the address."""
    server = Server.start(tmp_path_factory.mktemp("served") / "data", copied("starter"))
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
    def opened(language: str = "en", *, scripts: bool = True) -> Page:
        context = new_context(
            base_url=served, locale=language, viewport=PHONE, java_script_enabled=scripts
        )
        context.set_default_timeout(10_000)
        return context.new_page()

    return opened
