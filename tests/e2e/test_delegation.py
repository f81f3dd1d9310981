"""A delegation's own page in a browser: it fits, everyone can use it, without script too."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.tours.links import TourLink
from guide.tours.model import Party, State
from tests import make
from tests.e2e.conftest import ON_ONE_DATABASE, Phone
from tests.e2e.test_axe import AXE, barriers
from tests.e2e.test_layout import (
    LANGUAGES,
    TWICE_AS_LARGE,
    WIDTHS,
    dressed,
    faults_at,
    opened,
    round_by_tab,
)
from tests.e2e.test_scan import TAR

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

SECRET = "of no guide"  # noqa: S105 (the server knows a token by its hash alone)
STATES = (State.CONFIRMED, State.COMPLETED)

GUESTS = (
    Party(
        "organisation",
        {
            "az": "Çin Xalqının Xarici Ölkələrlə Dostluq Cəmiyyəti",
            "zh-Hans": "中国人民对外友好协会",
            "ar": "جمعية الصداقة للشعب الصيني مع البلدان الأجنبية",
        },
    ),
    Party("country", {}, "CN"),
)

Address = Callable[[State], str]
"""Puts a visit in a state into the book; returns the path of its page."""


@pytest.fixture
def address(staff_database: Database) -> Address:
    def booked(state: State) -> str:
        starts_at = datetime.now(UTC) + timedelta(hours=1)
        link_at = datetime.now(UTC)
        with staff_database.writing() as db:
            things = {slug: number for number, slug in db.execute(NUMBERS)}
            cars = select(Exhibition.id).where(Exhibition.slug == "classic-cars")
            stops = [
                make.stop(1, names={"az": "Görüş", "zh-Hans": "会见", "ar": "لقاء"}),
                make.stop(2, exhibit_id=things["creation"]),
                make.stop(3, exhibit_id=things["philharmonic"]),
                make.stop(4, exhibit_id=things["tar"]),
                make.stop(5, exhibit_id=things["garmon"]),
                make.stop(6, exhibition_id=db.scalars(cars).one()),
            ]
            tour = make.tour(
                state=state,
                parties=GUESTS,
                languages=["zh-Hans"],
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=90),
                stops=stops,
                reference=f"e2e-{link_at.timestamp()}"[:20],
            )
            db.add(tour)
            db.flush()
            link = TourLink.made(tour.id, SECRET, link_at)
            db.add(link)
            return f"/d/{link.token(SECRET)}"

    return booked


NUMBERS = select(Exhibit.id, Exhibit.slug)


@pytest.fixture
def wall(browser: Browser, served: str) -> Iterator[Page]:
    """A screen of any size that lets styles and axe into what it shows."""
    context = browser.new_context(base_url=served, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_it_fits_and_everyone_can_use_it(
    wall: Page, address: Address, tag: str, state: State
) -> None:
    page = opened(wall, f"{address(state)}?lang={tag}")

    faults = [*faults_at(page, *WIDTHS), *barriers(page)]
    with dressed(page, TWICE_AS_LARGE):
        faults += faults_at(page, 360, themes=("light",))
    stops, unseen = round_by_tab(page)

    assert not faults + unseen, "\n".join(faults + unseen)
    assert stops > 5


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_language_is_changed_and_an_exhibit_opened(
    phone: Phone, address: Address, *, scripts: bool
) -> None:
    page = phone("en", scripts=scripts)
    path = address(State.CONFIRMED)
    asked: list[Request] = []
    page.context.on("request", lambda one: asked.append(one))  # noqa: PLW0108 (Playwright marks it)

    page.goto(path)
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.locator(".switcher summary").click()
    page.locator(".switcher").get_by_role("button", name="العربية").click()
    page.wait_for_url(f"**{path}?lang=ar")
    page.locator(".thread a[href$='/exhibits/tar']").click()
    page.wait_for_url("**/ar/exhibits/tar")
    page.goto(f"/q/{TAR}")

    assert urlsplit(page.url).path.startswith("/ar/")
    token = path.removeprefix("/d/")
    assert not [one.url for one in asked if token in one.headers.get("referer", "")]
    assert [one.url for one in asked if token in one.url and "/d/" not in one.url] == []


def test_nobody_is_asked_to_hand_the_address_on(address: Address, phone: Phone) -> None:
    page = phone("en")

    page.goto(address(State.CONFIRMED))
    expect(page.locator("[data-share]")).to_be_hidden()

    page.goto("/en/exhibits/tar")
    expect(page.locator("[data-share]")).to_be_visible()
