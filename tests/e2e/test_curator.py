"""A curator at work in a browser: nothing is published by accident, and nothing is lost."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.exhibits.drafts import Draft
from tests import make
from tests.conftest import Copy
from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.server import Server

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

numbers = itertools.count()
TEXT = "/staff/texts/exhibit/saz/en"
SAVED = "[data-saved]"
SOON = 10_000
"""Milliseconds; a draft is saved after three seconds."""

Desk = Callable[..., Page]


@pytest.fixture(scope="module")
def museum_database(copied: Copy) -> Iterator[Database]:
    """A museum of its own, since what is written here stays."""
    database = Database.open(copied("starter"))
    yield database
    database.close()


@pytest.fixture(scope="module")
def museum(
    museum_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    address = museum_database.writer.engine.url.render_as_string(hide_password=False)
    server = Server.start(tmp_path_factory.mktemp("museum") / "data", address)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()


@pytest.fixture
def desk(browser: Browser, museum: Server, museum_database: Database) -> Iterator[Desk]:
    """Open a browser of its own for a curator who is signed in."""
    contexts: list[BrowserContext] = []

    def opened(name: str = "Aysel", language: str = "en", *, scripts: bool = True) -> Page:
        token = fresh_token()
        with museum_database.writing() as db:
            curator = make.account(Role.CURATOR, email=f"curator-{next(numbers)}@example.org")
            curator.name, curator.language = name, language
            db.add_all([curator, StaffSession.of(curator, hashed(token), datetime.now(UTC))])
        context = browser.new_context(
            base_url=museum.address, java_script_enabled=scripts, locale=language
        )
        context.set_default_timeout(SOON)
        context.add_cookies([{"name": "staff", "value": token, "url": museum.address}])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def test_a_draft_saves_itself_and_outlives_the_browser(desk: Desk) -> None:
    page = desk()
    page.goto(TEXT)
    page.locator("#hook").fill("A saz speaks before its player does.")
    expect(page.locator(SAVED)).to_contain_text("Saved")
    page.context.close()

    again = desk("Rauf")
    again.goto(TEXT)

    expect(again.locator("#hook")).to_have_value("A saz speaks before its player does.")
    again.goto("/en/exhibits/saz")
    expect(again.locator("body")).not_to_contain_text("A saz speaks before")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_second_of_two_tabs_gets_both_texts(desk: Desk, scripts: bool) -> None:
    path = f"/staff/texts/exhibit/{'tar' if scripts else 'gaval'}/en"
    one, other = desk(scripts=scripts), desk("Rauf", scripts=scripts)
    one.goto(path)
    other.goto(path)
    one.locator("#hook").fill("What Aysel wrote.")
    one.get_by_role("button", name="Save as a draft").click()
    expect(one.get_by_role("status").first).to_be_visible()

    other.locator("#hook").fill("What Rauf wrote.")
    other.get_by_role("button", name="Save as a draft").click()

    expect(other.get_by_role("alert")).to_contain_text("Somebody else saved this text")
    expect(other.locator("#hook")).to_have_value("What Rauf wrote.")
    expect(other.locator(".theirs").first).to_contain_text("Aysel")


def test_two_tabs_that_save_by_themselves_never_overwrite(desk: Desk) -> None:
    one, other = desk(), desk("Rauf")
    for page in (one, other):
        page.goto("/staff/texts/exhibit/naghara/en")
    one.locator("#hook").fill("What Aysel wrote.")
    expect(one.locator(SAVED)).to_contain_text("Saved")

    other.locator("#hook").fill("What Rauf wrote.")

    expect(other.locator(SAVED)).to_contain_text("somebody else has saved this text")
    one.reload()
    expect(one.locator("#hook")).to_have_value("What Aysel wrote.")


def test_words_wait_for_a_connection(desk: Desk) -> None:
    page = desk()
    page.goto("/staff/texts/exhibit/balaban/en")
    page.context.set_offline(offline=True)
    page.locator("#hook").fill("Written in the lift.")
    expect(page.locator(SAVED)).to_contain_text("there is no connection")

    page.context.set_offline(offline=False)

    expect(page.locator(SAVED)).to_contain_text("Saved ")


def test_words_outlive_a_session(desk: Desk, museum: Server) -> None:
    page, again = desk(), desk()
    page.goto("/staff/texts/exhibit/creation/en")
    page.context.clear_cookies()
    page.locator("#hook").fill("Written after the session had ended.")
    expect(page.locator(SAVED)).to_contain_text("you are signed out")

    [session] = [one for one in again.context.cookies() if one.get("name") == "staff"]
    page.context.add_cookies(
        [{"name": "staff", "value": str(session.get("value")), "url": museum.address}]
    )
    page.locator("#hook").focus()
    page.locator("#story").focus()
    expect(page.locator(SAVED)).to_contain_text("Saved ")
    press(page, "form#text button[type=submit]")

    expect(page.locator("#hook")).to_have_value("Written after the session had ended.")


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_text_goes_all_the_way(desk: Desk, language: str, scripts: bool) -> None:
    """Write, preview, publish, see it, find a mistake, bring the old words back."""
    slug = {("az", True): "zis-110", ("az", False): "ford-model-a"}.get(
        (language, scripts), "gaz-m21-volga" if scripts else "gaz-13-chaika"
    )
    page = desk(language=language, scripts=scripts)
    page.goto(f"/staff/texts/exhibit/{slug}/en")
    old = page.locator("#hook").input_value()
    page.locator("#hook").fill("A car with a mistke.")
    press(page, "form#text button[type=submit]")
    page.goto(page.locator(".preview a").get_attribute("href") or "")
    expect(page.locator(".draft-banner")).to_be_visible()
    expect(page.locator("body")).to_contain_text("A car with a mistke.")

    page.goto(f"/staff/texts/exhibit/{slug}/en")
    press(page, ".publishing .primary")
    page.goto(f"/en/exhibits/{slug}")
    expect(page.locator("body")).to_contain_text("A car with a mistke.")

    page.goto(f"/staff/texts/exhibit/{slug}/en/revisions/1")
    press(page, "main button.primary")
    expect(page.locator("#hook")).to_have_value(old)
    press(page, ".publishing .primary")
    page.goto(f"/en/exhibits/{slug}")
    expect(page.locator("body")).to_contain_text(old)


def press(page: Page, button: str) -> None:
    """Press a button, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.locator(button).first.click()


def test_the_table_is_walked_with_arrows(desk: Desk) -> None:
    page = desk()
    page.goto("/staff/exhibits")
    page.locator(".matrix td a").first.focus()

    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/texts/exhibit/shabakali/az$"))


def test_a_plan_comes_out_by_itself(desk: Desk, museum_database: Database) -> None:
    page = desk()
    page.goto("/staff/texts/exhibit/kamancha/en")
    page.locator("#hook").fill("It comes out by itself.")
    page.locator(".publishing summary").click()
    page.locator("#due").fill("2031-05-28T10:00")
    page.get_by_role("button", name="Plan the publication").click()
    expect(page.get_by_role("status").first).to_contain_text("28 May 2031, 10:00")

    with museum_database.writing() as db:
        [draft] = db.scalars(select(Draft).where(Draft.due_at.is_not(None)))
        draft.due_at = datetime.now(UTC)

    def is_out() -> bool:
        page.goto("/en/exhibits/kamancha")
        return "It comes out by itself." in page.locator("body").inner_text()

    assert any(is_out() for _ in range(200))
