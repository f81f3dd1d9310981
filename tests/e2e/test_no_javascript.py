"""What works on a phone that runs no scripts, or keeps no cookies."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.e2e.conftest import PHONE, Phone

pytestmark = pytest.mark.browser

COOKIES_BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture
def forgetful(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],  # as Playwright types it
    served: str,
    tmp_path: Path,
) -> Iterator[Page]:
    """A browser whose owner has blocked cookies in its settings."""
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(COOKIES_BLOCKED))
    context = browser_type.launch_persistent_context(
        tmp_path, base_url=served, locale="en", viewport=PHONE, **browser_type_launch_args
    )
    yield context.pages[0]
    context.close()


def test_the_whole_way_by_clicks_without_scripts(phone: Phone) -> None:
    page = phone("en", scripts=False)

    page.goto("/q/dt7zm")
    at(page, "/en/exhibits/creation")
    page.locator("a[rel=next]").click()
    at(page, "/en/exhibits/bandi-rumi")
    page.locator(".switcher summary").click()
    page.locator(".switcher").get_by_role("button", name="Türkçe").click()
    at(page, "/tr/exhibits/bandi-rumi")
    page.locator("a[href='/tr/']").first.click()
    at(page, "/tr/")
    page.locator("a[href='/tr/exhibitions/musical-instruments']").first.click()
    at(page, "/tr/exhibitions/musical-instruments")
    page.locator("a[href='/tr/exhibits/tar']").first.click()
    at(page, "/tr/exhibits/tar")

    expect(page.get_by_role("heading", level=1)).to_have_text("Tar")


def test_without_scripts_a_wrong_code_is_explained_where_it_was_typed(phone: Phone) -> None:
    page = phone("en", scripts=False)
    page.goto("/")

    page.locator("input[name=c]").fill("by6v2")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("input[name=c]")).to_have_value("by6v2")


def test_without_cookies_the_address_rules(forgetful: Page) -> None:
    page = forgetful
    page.goto("/q/dt7zm")
    page.locator(".switcher summary").click()
    page.locator(".switcher").get_by_role("button", name="العربية").click()
    at(page, "/ar/exhibits/creation")

    page.locator("a[rel=next]").click()

    at(page, "/ar/exhibits/bandi-rumi")
    assert page.context.cookies() == []


def at(page: Page, path: str) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path == path)
