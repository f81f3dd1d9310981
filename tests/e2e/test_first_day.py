"""A curator's first day, from the invitation to the words that were brought back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from guide.accounts.model import Role, StaffSession
from guide.accounts.queries import invite
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from tests import make
from tests.accounts.conftest import PASSWORD
from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.server import Server
from tests.e2e.test_curator import press
from tests.e2e.test_office import sign_in
from tests.media import samples

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

NEWCOMER = "aysel@example.org"
SECOND = "rauf@example.org"
PATIENCE = 10_000
"""Milliseconds."""


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def browsers(
    request: pytest.FixtureRequest, browser: Browser, museum: Server
) -> Iterator[list[BrowserContext]]:
    """Two people in the office, and a visitor."""
    made = []
    for _ in range(3):
        context = browser.new_context(
            base_url=museum.address, java_script_enabled=request.param, locale="en"
        )
        context.set_default_timeout(PATIENCE)
        made.append(context)
    yield made
    for context in made:
        context.close()


def test_a_curators_first_day(
    browsers: list[BrowserContext], museum_database: Database, tmp_path: Path
) -> None:
    aysel, rauf, visitor = (context.new_page() for context in browsers)
    _let_rauf_in(museum_database, rauf, browsers[1])
    rauf.goto("/staff/rules")
    press(rauf, "main button.primary")
    aysel.goto(f"/staff/invitations/{_invited(museum_database)}")
    aysel.get_by_label("New password").fill(PASSWORD)
    press(aysel, "main button.primary")
    sign_in(aysel, NEWCOMER)

    slug = _new_exhibit(aysel)
    _written(aysel, slug, "az", "Səs", "Bu saz necə səslənir?")
    _written(aysel, slug, "en", "The sound", "How does this saz sound?")
    _photographed(aysel, slug, tmp_path)
    for language in ("az", "en"):
        aysel.goto(f"/staff/texts/exhibit/{slug}/{language}")
        expect(aysel.locator(".publishing .primary")).to_have_count(0)
        press(aysel, ".deeds-of-text button.primary")
        rauf.goto(f"/staff/texts/exhibit/{slug}/{language}")
        press(rauf, ".publishing .primary")
        expect(rauf.get_by_role("status").first).to_be_visible()

    code = _label_of(aysel)
    visitor.goto(f"/q/{code}")
    expect(visitor).to_have_url(f"{visitor.url.partition('/en/')[0]}/en/exhibits/{slug}")
    expect(visitor.locator("main")).to_contain_text("How does this saz sound?")
    photo = visitor.get_by_role("img", name="A saz from the front")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    aysel.goto(f"/staff/texts/exhibit/{slug}/en")
    aysel.locator("#hook").fill("How does this sas sound?")
    press(aysel, ".deeds-of-text button.primary")
    rauf.goto(f"/staff/texts/exhibit/{slug}/en")
    press(rauf, ".publishing .primary")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("How does this sas sound?")
    rauf.goto(f"/staff/texts/exhibit/{slug}/en/revisions")
    rauf.goto(f"/staff/texts/exhibit/{slug}/en/revisions/{_first_published(rauf)}")
    press(rauf, "main button.primary")
    expect(rauf.locator("#hook")).to_have_value("How does this saz sound?")
    press(rauf, ".deeds-of-text button.primary")
    aysel.goto(f"/staff/texts/exhibit/{slug}/en")
    press(aysel, ".publishing .primary")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("How does this saz sound?")


def _invited(database: Database) -> str:
    token = fresh_token()
    with database.writing() as db:
        aysel = make.account(Role.CURATOR, email=NEWCOMER)
        aysel.name, aysel.language = "Aysel", "en"
        db.add(aysel)
        db.flush()
        invite(db, aysel, hashed(token), datetime.now(UTC))
    return token


def _let_rauf_in(database: Database, page: Page, context: BrowserContext) -> None:
    token = fresh_token()
    with database.writing() as db:
        rauf = make.account(Role.CURATOR, Role.ADMIN, email=SECOND)
        rauf.name, rauf.language = "Rauf", "en"
        db.add_all([rauf, StaffSession.of(rauf, hashed(token), datetime.now(UTC))])
    page.goto("/staff/session")
    context.add_cookies([{"name": "staff", "value": token, "url": page.url}])


def _new_exhibit(page: Page) -> str:
    page.goto("/staff/exhibits/new")
    page.locator("#name").fill("Köhnə saz")
    page.locator("#category").fill("long-necked lute")
    page.locator("#exhibition").select_option("musical-instruments")
    press(page, "main button.primary")
    return page.url.split("/texts/exhibit/")[1].split("/")[0]


def _written(page: Page, slug: str, language: str, head: str, hook: str) -> None:
    page.goto(f"/staff/texts/exhibit/{slug}/{language}")
    page.locator("#name").fill("Köhnə saz" if language == "az" else "An old saz")
    page.locator("#hook").fill(hook)
    page.locator("#story").fill(f"## {head}\n\n{hook}")
    press(page, "form#text button[type=submit]")


def _photographed(page: Page, slug: str, tmp_path: Path) -> None:
    """Send a photograph, find that it lacks words, say them, show it."""
    file = tmp_path / "saz.jpg"
    file.write_bytes(samples.picture())
    page.goto(f"/staff/exhibits/{slug}/pictures")
    page.locator("#file").set_input_files(file)
    press(page, "form:has(#file) button")
    show = page.get_by_role("button", name="Save, and show it to visitors")
    with page.expect_navigation():
        show.click()
    expect(page.get_by_role("alert")).to_contain_text("Missing")
    page.locator("#alt-az").fill("Saz, qarşıdan")
    page.locator("#alt-en").fill("A saz from the front")
    page.locator("#credit").fill("Aysel")
    page.locator("#licence").fill("CC BY 4.0")
    page.locator("#focus_x").fill("80")
    page.locator("#focus_x").press("Tab")
    page.keyboard.insert_text("20")
    with page.expect_navigation():
        show.click()
    expect(page.get_by_role("status").first).to_contain_text("Shown")


def _label_of(page: Page) -> str:
    """Find the code that its label carries, in the list of labels."""
    page.goto("/staff/labels/list")
    row = page.locator("tr, li").filter(has_text="An old saz")
    href = row.get_by_role("link").first.get_attribute("href") or ""
    page.goto(href)
    expect(page.get_by_role("heading", level=1)).to_have_text("An old saz")
    return href.rpartition("/")[2]


def _first_published(page: Page) -> str:
    """Return the number of the revision that was published first."""
    rows = page.locator("main li, main tr").filter(has_text="ublished")
    href = rows.last.get_by_role("link").first.get_attribute("href") or ""
    return href.rpartition("/")[2]


def test_c8_what_matters_is_chosen_with_the_keyboard_alone(
    browser: Browser, museum: Server, museum_database: Database, tmp_path: Path
) -> None:
    with browser.new_context(base_url=museum.address, locale="en") as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        _let_rauf_in(museum_database, page, context)
        file = tmp_path / "saz.jpg"
        file.write_bytes(samples.picture(size=(1600, 900)))
        page.goto("/staff/exhibits/saz/pictures")
        page.locator("#file").set_input_files(file)
        press(page, "form:has(#file) button")
        page.locator("[data-mark]").focus()

        for key, times in (("ArrowRight", 45), ("ArrowUp", 30)):
            for _ in range(times):
                page.keyboard.press(key)

        expect(page.locator("#focus_x")).to_have_value("95")
        expect(page.locator("#focus_y")).to_have_value("20")
        for box in page.locator("[data-cut]").evaluate_all(
            "cuts => cuts.map(cut => cut.getAttribute('viewBox').split(' ').map(Number))"
        ):
            left, top, width, height = box
            assert left <= 0.95 * 1600 <= left + width
            assert top <= 0.20 * 900 <= top + height
        page.locator("#focus_y").press("Enter")
        page.wait_for_url("**done=saved")
        expect(page.locator("#focus_x")).to_have_value("95")
