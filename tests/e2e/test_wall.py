"""A walk along the walls, with one hand, on a phone without scripts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from guide.accounts.model import Role
from guide.db import Database
from guide.qr.model import Scan
from tests.e2e.conftest import Phone, Somebody
from tests.e2e.test_office import sign_in
from tests.e2e.test_scan import CREATION, SAZ, TAR
from tests.qr.test_standing import how, print_all

pytestmark = pytest.mark.browser


@pytest.fixture
def walking(phone: Phone, somebody: Somebody, staff_database: Database) -> Page:
    """A guide's phone, signed in; all labels were printed and none was looked at since."""
    with staff_database.writing() as db:
        print_all(db, at=datetime.now(UTC) - timedelta(seconds=1))
    page = phone("en", scripts=False)
    page.goto("/staff/wall")
    sign_in(page, somebody(Role.GUIDE))
    return page


def waiting(page: Page) -> int:
    told = re.search(r"(\d+) labels? wait", page.locator(".head .meta").inner_text())
    return int(told[1]) if told else 0


def test_a_walk_scan_by_scan(walking: Page, staff_database: Database) -> None:
    page, to_do = walking, waiting(walking)
    scans = select(func.count()).select_from(Scan)
    with staff_database.reading() as db:
        before = db.scalar(scans)

    page.goto(f"/q/{TAR}")
    expect(page).to_have_url(re.compile(f"/staff/wall/{TAR}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tar")
    page.get_by_role("button", name="It hangs right here").click()

    expect(page.get_by_role("status")).to_have_text(re.compile("Tar:.*Hangs right"))
    assert waiting(page) == to_do - 1
    expect(page.locator(".next .name")).to_have_text("Kamancha")

    page.goto(f"/q/{SAZ.upper()}")
    page.get_by_label("A note").fill("Torn at the corner")
    page.get_by_role("button", name="Damaged").click()

    expect(page.get_by_role("status")).to_have_text(re.compile("Saz:.*Damaged"))
    assert waiting(page) == to_do - 1, "it still waits to be found right"
    expect(page.locator(".square-damaged")).to_have_count(1)
    expect(page.locator(".square-right")).to_have_count(1)
    with staff_database.reading() as db:
        assert db.scalar(scans) == before
        found = how(db, SAZ).last_check
        assert found
        assert found.note == "Torn at the corner"


def test_what_is_pressed_at_the_wall_is_on_one_screen_and_large(walking: Page) -> None:
    walking.goto(f"/q/{CREATION}")
    for name in ("It hangs right here", "Damaged", "Wrong exhibit or place"):
        button = walking.get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
        box = button.bounding_box()
        assert box
        assert box["width"] >= 300
        assert box["height"] >= 56


def test_the_page_is_a_touch_away(walking: Page) -> None:
    walking.goto(f"/q/{CREATION}")
    walking.get_by_role("link", name="Open the page").click()
    expect(walking).to_have_url(re.compile("/en/exhibits/creation$"))
