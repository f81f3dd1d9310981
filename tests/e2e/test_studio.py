"""A curator at the studio in a browser: choosing, looking, printing, scripts or not."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.qr.proof import symbols_in
from tests import make
from tests.e2e.conftest import ON_ONE_DATABASE, Phone

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

numbers = itertools.count()
STUDIO = "/staff/labels"


def curator_in(address: str, language: str = "en") -> str:
    """Sign a curator in; return the token of the session."""
    database, token = Database.open(address), fresh_token()
    with database.writing() as db:
        account = make.account(Role.CURATOR, email=f"curator-{next(numbers)}@example.org")
        account.language = language
        db.add_all([account, StaffSession.of(account, hashed(token), datetime.now(UTC))])
    database.close()
    return token


@pytest.fixture
def at_the_studio(phone: Phone, served: str, served_database: str) -> Iterator[Page]:
    page = phone("en")
    cookie = {"name": "staff", "value": curator_in(served_database), "url": served}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict will do
    page.set_viewport_size({"width": 1280, "height": 800})
    yield page
    page.context.close()


def codes_in(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    read = [
        one.text.rpartition("/")[2]
        for page in document
        for one in symbols_in(page.render(scale=300 / 72, grayscale=True))
    ]
    document.close()
    return sorted(read)


def test_what_changes_is_shown_at_once_and_printed(at_the_studio: Page) -> None:
    page = at_the_studio
    page.goto(STUDIO)
    expect(page.locator("#summary")).to_contain_text("7 labels")
    page.get_by_role("checkbox", name="Classic cars").press("Space")
    expect(page.locator("#summary")).to_contain_text("13 labels · 2 sheets")
    expect(page).to_have_url(re.compile("exhibition=classic-cars"))
    page.get_by_label("Stock").select_option("A6")
    expect(page.locator("#summary")).to_contain_text("4 sheets · A6")
    page.get_by_role("radio", name="1", exact=True).press("ArrowDown")
    expect(page).to_have_url(re.compile("start=2"))
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_focused()
    after = page.get_by_role("link", name="The next label")
    after.press("Enter")
    expect(page.get_by_role("heading", name="Label 2 of 13")).to_be_visible()
    expect(after).to_be_focused()
    label = page.locator("img.label")
    assert label.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")

    page.get_by_role("button", name="Print a draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "The draft is there", timeout=30_000
    )
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Fetch the PDF").click()
    pdf = Path(fetched.value.path()).read_bytes()
    assert fetched.value.suggested_filename.startswith("labels-draft-13-a6-")
    assert len(codes_in(pdf)) == 13

    page.get_by_role("link", name="Back to the choices").click()
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_checked()


def test_bad_choices_are_said_where_the_sheet_would_be(at_the_studio: Page) -> None:
    page = at_the_studio
    page.goto(f"{STUDIO}?exhibit=tar")
    page.get_by_label("Third language").select_option("ar")
    expect(page.get_by_role("alert")).to_contain_text("holds names in 2 languages")
    page.get_by_label("Stock").select_option("L7165")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("img.label")).to_be_visible()


@pytest.mark.parametrize("language", ["az", "en"])
def test_without_scripts_a_phone_shows_and_prints(
    phone: Phone, served: str, served_database: str, language: str
) -> None:
    page = phone(language, scripts=False)
    token = curator_in(served_database, language)
    page.context.add_cookies([{"name": "staff", "value": token, "url": served}])
    page.goto(STUDIO)
    page.locator("input[value='carpet-dance-of-loops']").uncheck()
    page.locator("input[value='classic-cars']").check()
    page.locator("form[data-studio] button").click()
    expect(page.locator("#summary")).to_contain_text(
        "6 etiket" if language == "az" else "6 labels"
    )
    page.locator("form[data-print] button").click()
    expect(page.locator(".fetch")).to_be_visible(timeout=30_000)
