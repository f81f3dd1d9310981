"""A planner's day: three delegations, one clash, one change an hour before."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.tours.people import SpokenLanguage
from tests import make
from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.server import Server
from tests.e2e.test_curator import press

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

TOMORROW = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 (any day does)
PATIENCE = 15_000
"""Milliseconds."""


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def leyla(
    request: pytest.FixtureRequest,
    browser: Browser,
    museum: Server,
    museum_database: Database,
) -> Iterator[Page]:
    """A planner at her desk, in a house with one guide."""
    token = fresh_token()
    with museum_database.writing() as db:
        planner = make.account(Role.PLANNER, email="leyla@example.org")
        guide = make.account(Role.GUIDE, email="nigar@example.org")
        planner.name, guide.name, planner.language = "Leyla", "Nigar", "en"
        db.add_all([planner, guide, StaffSession.of(planner, hashed(token), datetime.now(UTC))])
        db.flush()
        db.add_all(
            SpokenLanguage(account_id=guide.id, language=tag) for tag in ("en", "zh-Hans")
        )
    context = browser.new_context(
        base_url=museum.address, java_script_enabled=request.param, locale="en"
    )
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "staff", "value": token, "url": museum.address}])
    yield context.new_page()
    context.close()


def test_a_planners_day(leyla: Page) -> None:
    association = _planned(leyla, "Friendship Association", "zh-Hans", ("11:00", "12:20"), 60)
    _confirmed(leyla)

    students = _planned(leyla, "University students", "en", ("11:30", "12:30"), 40)
    press(leyla, "main form[action$='/confirmation'] button")
    expect(leyla.get_by_role("alert")).to_be_visible()
    expect(leyla.locator(".findings")).to_contain_text("Nigar leads another tour")
    expect(leyla.locator(".findings").get_by_role("link", name="Friendship")).not_to_have_count(
        0
    )
    _moved(leyla, students, ("14:00", "15:00"))
    _confirmed(leyla)

    _planned(leyla, "Délégation de travail", "fr", ("16:00", "16:40"), 20)
    press(leyla, "main form[action$='/confirmation'] button")
    missing = leyla.locator(".findings > li", has_text="Nobody speaks French")
    missing.locator("summary").click()
    missing.get_by_role("textbox").fill("The head of delegation speaks English.")
    missing.get_by_role("button", name="Let it stand").click()
    _confirmed(leyla)

    _moved(leyla, association, ("11:15", "12:35"))
    expect(leyla.locator("main .head")).to_contain_text("11:15–12:35")
    expect(leyla.locator("main .head")).to_contain_text("Confirmed")
    said = _programme(leyla, association)
    assert "11:15" in said
    assert "Friendship Association" in said

    leyla.goto(f"/staff/tours?day={TOMORROW}")
    for name in ("Friendship Association", "University students", "Délégation de travail"):
        expect(leyla.locator("main").get_by_role("link", name=name).first).to_be_visible()


def _planned(page: Page, name: str, language: str, slot: tuple[str, str], minutes: int) -> str:
    """Take a delegation down, give it a guide and a route; return the address of its tour."""
    page.goto("/staff/tours/new")
    page.locator("#party-0-en").fill(name)
    page.locator("#language-0").select_option(language)
    page.locator("#people").fill("12")
    page.locator("#day").fill(TOMORROW)
    page.locator("#begins").fill(slot[0])
    page.locator("#ends").fill(slot[1])
    press(page, ".tour-form button.primary")
    expect(page.get_by_role("status")).to_contain_text("Taken down")
    tour = page.url.partition("?")[0]

    page.goto(f"{tour}/route")
    page.locator("#template").select_option(f"minutes-{minutes}")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator(".stops li").first).to_be_visible()

    page.goto(f"{tour}/staff")
    page.get_by_label("Nigar").check()
    press(page, ".tour-form button.primary")
    page.goto(tour)
    press(page, "main form[action$='/planning'] button")
    expect(page.locator("main .head")).to_contain_text("Planned")
    return tour


def _moved(page: Page, tour: str, slot: tuple[str, str]) -> None:
    """Give a tour another time."""
    page.goto(f"{tour}/details")
    page.locator("#begins").fill(slot[0])
    page.locator("#ends").fill(slot[1])
    press(page, ".tour-form button.primary")
    expect(page.get_by_role("status")).to_contain_text("Saved")


def _confirmed(page: Page) -> None:
    press(page, "main form[action$='/confirmation'] button")
    expect(page.get_by_role("status")).to_contain_text("Confirmed")


def _programme(page: Page, tour: str) -> str:
    """Return the words of the programme as it is printed now."""
    answer = page.request.get(f"{tour}/papers/programme.pdf?languages=en,zh-Hans")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = pypdfium2.PdfDocument(answer.body())
    try:
        return "\n".join(leaf.get_textpage().get_text_range() for leaf in pdf)
    finally:
        pdf.close()
