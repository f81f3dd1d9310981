"""The route of a tour in a browser: buttons, keyboard, drag and plain forms do the same."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.tours.model import State
from tests import make
from tests.conftest import Copy
from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.server import Server
from tests.e2e.test_axe import AXE, barriers
from tests.e2e.test_layout import faults_at, opened, round_by_tab

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

numbers = itertools.count()
FOUR = ("creation", "saz", "tar", "kamancha")
LIVE = "[data-live]"

Desk = Callable[..., Page]
Booked = Callable[..., str]


@pytest.fixture(scope="module")
def museum_database(copied: Copy) -> Iterator[Database]:
    """A museum of its own, since what is planned here stays."""
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
    """Open a browser of its own for a planner who is signed in."""
    contexts: list[BrowserContext] = []

    def open_(language: str = "en", *, scripts: bool = True, measured: bool = False) -> Page:
        token = fresh_token()
        with museum_database.writing() as db:
            planner = make.account(Role.PLANNER, email=f"planner-{next(numbers)}@example.org")
            planner.language = language
            db.add_all([planner, StaffSession.of(planner, hashed(token), datetime.now(UTC))])
        context = browser.new_context(
            base_url=museum.address,
            java_script_enabled=scripts,
            bypass_csp=measured,
            reduced_motion="reduce",
        )
        if measured:
            context.add_init_script(path=AXE)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "staff", "value": token, "url": museum.address}])
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def booked(museum_database: Database) -> Booked:
    """Book a tour along exhibits; return the address of its route."""

    def book(*slugs: str, count: int = 0, **fields: object) -> str:
        with museum_database.writing() as db:
            query = select(Exhibit.slug, Exhibit.id).join(Exhibit.exhibition)
            ids = dict(db.execute(query.order_by(Exhibition.position, Exhibit.position)).all())
            wanted = slugs or tuple(itertools.islice(itertools.cycle(ids), count))
            stops = [
                make.stop(n, exhibit_id=ids[slug], note="Ask them." if n % 3 == 0 else "")
                for n, slug in enumerate(wanted, 1)
            ]
            tour = make.tour(
                **{
                    "reference": f"e2e-{next(numbers)}",
                    "stops": stops,
                    "languages": ["zh-Hans", "de"],
                    **fields,
                }
            )
            db.add(tour)
            db.flush()
            return f"/staff/tours/{tour.id}/route"

    return book


def order(page: Page) -> list[str]:
    """The names of the stops from the top."""
    return page.locator(".stop .name").all_inner_texts()


def stop(page: Page, name: str) -> Locator:
    return page.locator(".stop", has=page.get_by_text(name, exact=True))


def handle(page: Page, name: str) -> Locator:
    return stop(page, name).locator("[data-handle]")


def by_buttons(page: Page) -> None:
    for place in ("3", "2", "1"):
        stop(page, "Kamancha").locator("[value^=up-]").click()
        expect(page.locator(LIVE)).to_have_text(f"Kamancha is now stop {place} of 4.")


def by_position(page: Page) -> None:
    stop(page, "Kamancha").locator("summary").click()
    stop(page, "Kamancha").locator("[name^=position-]").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator(LIVE)).to_have_text("Kamancha is now stop 1 of 4.")


def by_keyboard(page: Page) -> None:
    handle(page, "Kamancha").focus()
    for key in ("Space", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "Space"):
        page.keyboard.press(key)
    expect(page.locator(LIVE)).to_have_text("Kamancha is now stop 1 of 4.")


def by_drag(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    here, there = (handle(page, name).bounding_box() for name in ("Kamancha", "Creation"))
    assert here
    assert there
    page.mouse.move(here["x"] + 20, here["y"] + 20)
    page.mouse.down()
    page.mouse.move(here["x"] + 20, (here["y"] + there["y"]) / 2, steps=5)
    page.mouse.move(here["x"] + 20, there["y"] + 2, steps=5)
    page.mouse.up()
    expect(page.locator(LIVE)).to_have_text("Kamancha is now stop 1 of 4.")


def by_numbers(page: Page) -> None:
    for name, number in zip(("Kamancha", "Creation", "Saz", "Tar"), "1234", strict=True):
        stop(page, name).locator("[name^=number-]").fill(number)
    page.get_by_role("button", name="Sort by the numbers").click()


def by_plain_buttons(page: Page) -> None:
    for _ in range(3):
        with page.expect_navigation():
            stop(page, "Kamancha").locator("[value^=up-]").click()


@pytest.mark.parametrize(
    ("way", "scripts"),
    [
        (by_buttons, True),
        (by_position, True),
        (by_keyboard, True),
        (by_drag, True),
        (by_numbers, False),
        (by_plain_buttons, False),
    ],
)
def test_every_way_gives_the_same_order_and_it_stays(
    desk: Desk, booked: Booked, way: Callable[[Page], None], scripts: bool
) -> None:
    page = desk(scripts=scripts)
    page.goto(booked(*FOUR))
    assert order(page) == ["Creation", "Saz", "Tar", "Kamancha"]

    way(page)

    assert order(page) == ["Kamancha", "Creation", "Saz", "Tar"]
    page.goto(page.url.partition("?")[0])
    assert order(page) == ["Kamancha", "Creation", "Saz", "Tar"]


def test_the_focus_stays_with_what_was_moved(desk: Desk, booked: Booked) -> None:
    page = desk()
    page.goto(booked(*FOUR))

    stop(page, "Tar").locator("[value^=up-]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(LIVE)).to_have_text("Tar is now stop 2 of 4.")
    expect(stop(page, "Tar").locator("[value^=up-]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(LIVE)).to_have_text("Tar is now stop 1 of 4.")
    expect(handle(page, "Tar")).to_be_focused()

    for key in ("Space", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(page.locator(LIVE)).to_have_text("Tar is now stop 2 of 4.")
    expect(handle(page, "Tar")).to_be_focused()


def test_what_is_carried_is_said_at_every_step_and_escape_leaves_it(
    desk: Desk, booked: Booked
) -> None:
    page = desk("az")
    page.goto(booked(*FOUR))
    handle(page, "Tar").focus()

    page.keyboard.press("Space")
    expect(page.locator(LIVE)).to_contain_text("Götürüldü: Tar, dayanacaq 3 / 4.")
    expect(handle(page, "Tar")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowUp")
    expect(page.locator(LIVE)).to_have_text("Tar: dayanacaq 2 / 4")
    page.keyboard.press("Escape")

    expect(page.locator(LIVE)).to_have_text("Tar yerində qaldı: dayanacaq 3 / 4.")
    expect(handle(page, "Tar")).to_have_attribute("aria-pressed", "false")
    page.reload()
    assert order(page)[2] == "Tar"


def test_two_presses_in_a_row_are_two_steps(desk: Desk, booked: Booked) -> None:
    page = desk()
    page.goto(booked(*FOUR))

    page.evaluate("""() => {
        const up = [...document.querySelectorAll("[value^=up-]")].at(-1);
        up.click();
        up.click();
    }""")

    expect(page.locator(LIVE)).to_have_text("Kamancha is now stop 2 of 4.")
    assert order(page) == ["Creation", "Kamancha", "Saz", "Tar"]


def test_what_is_typed_is_saved_at_once_and_the_sum_follows(desk: Desk, booked: Booked) -> None:
    page = desk()
    page.goto(booked(*FOUR))
    stop(page, "Saz").locator("[name^=minutes-]").fill("100")
    stop(page, "Tar").locator("[value^=up-]").click()

    expect(page.locator("#sums")).to_contain_text("of 90 min, ")
    expect(page.locator(LIVE)).to_have_text("Tar is now stop 2 of 4.")
    page.reload()

    expect(stop(page, "Saz").locator("[name^=minutes-]")).to_have_value("100")
    assert order(page)[1:3] == ["Tar", "Saz"]


def test_what_cannot_be_saved_is_said_and_stays_typed(desk: Desk, booked: Booked) -> None:
    page = desk()
    page.goto(booked(*FOUR))
    stop(page, "Saz").locator("[name^=minutes-]").fill("all")
    page.keyboard.press("Tab")

    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(stop(page, "Saz")).to_contain_text("Minutes, from 1 to 240.")
    expect(stop(page, "Saz").locator("[name^=minutes-]")).to_have_value("all")


def test_a_change_is_undone_from_the_notice_which_goes_by_itself(
    desk: Desk, booked: Booked
) -> None:
    page = desk()
    page.clock.install()
    page.goto(booked(*FOUR))
    stop(page, "Tar").locator("[value^=up-]").click()
    expect(page.locator(LIVE)).to_have_text("Tar is now stop 2 of 4.")

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(LIVE)).to_have_text("The earlier route is back.")
    assert order(page) == ["Creation", "Saz", "Tar", "Kamancha"]

    page.locator("h1").hover()
    page.locator("#q").focus()
    expect(page.locator(".toast")).to_be_visible()
    page.clock.run_for(11_000)
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_stops_are_added_found_by_name_and_in_words(
    desk: Desk, booked: Booked, scripts: bool
) -> None:
    page = desk(scripts=scripts)
    page.goto(booked("saz"))
    page.locator("#q").fill("qaval")
    if not scripts:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#found .row")).to_have_count(1)
    page.get_by_role("button", name="Add Gaval").click()
    expect(page.locator(".stop")).to_have_count(2)
    expect(page.locator("#q")).to_have_value("qaval")
    expect(page.locator("#found .row")).to_have_count(0)

    page.locator("#words summary").click()
    page.locator("#words-en").fill("A cup of tea")
    page.get_by_role("button", name="Add it").click()

    expect(page.locator(".stop")).to_have_count(3)
    assert order(page) == ["Saz", "Gaval", "A cup of tea"]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_second_of_two_sees_both_routes(desk: Desk, booked: Booked, scripts: bool) -> None:
    path = booked(*FOUR)
    one, other = desk(scripts=scripts), desk(scripts=scripts)
    one.goto(path)
    other.goto(path)
    stop(one, "Tar").locator("[value^=up-]").click()
    expect(one.locator("#undo")).to_be_visible()

    stop(other, "Saz").locator("[name^=minutes-]").fill("33")
    other.locator("#save").click()

    expect(other.get_by_role("alert")).to_contain_text("Somebody else changed this tour")
    expect(other.locator(".theirs li").nth(1)).to_contain_text("Tar")
    expect(stop(other, "Saz").locator("[name^=minutes-]")).to_have_value("33")


def test_what_breaks_a_promise_to_others_is_asked_about_on_a_page_of_its_own(
    desk: Desk, booked: Booked
) -> None:
    page = desk()
    booked("saz", "kamancha", "gaval", state=State.CONFIRMED)
    page.goto(booked("creation", state=State.CONFIRMED))

    with page.expect_navigation():
        page.get_by_role("button", name="Add Tar", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was changed")

    page.locator("[name=reason_to_let]").fill("They go together.")
    page.locator("main form button").click()
    expect(page.locator(".stop")).to_have_count(2)


def test_a_template_and_a_shorter_route_are_confirmed_without_scripts(
    desk: Desk, booked: Booked
) -> None:
    page = desk(scripts=False)
    page.goto(booked("saz"))
    page.locator("#template").select_option("minutes-40")
    page.get_by_role("button", name="Show it").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Replace 1 stop").click()
    expect(page.locator("#sums")).to_contain_text("of 90 min")
    before = len(order(page))

    page.locator("#shorter").fill("20")
    page.get_by_role("button", name="Show what to leave out").click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Leave out")).click()
    assert 0 < len(order(page)) < before

    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    assert len(order(page)) == before


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize("count", [0, 7, 30])
def test_the_builder_fits_and_everyone_can_use_it(
    desk: Desk, booked: Booked, language: str, count: int
) -> None:
    page = desk(language, measured=True)
    opened(page, booked(count=count))

    faults = faults_at(page, 320, 360, 768, 1280) + barriers(page)

    assert not faults, "\n".join(faults)


def test_tab_goes_round_and_is_seen(desk: Desk, booked: Booked) -> None:
    page = desk(measured=True)
    opened(page, booked(count=4))

    stops, unseen = round_by_tab(page)

    assert stops > 30
    assert not unseen, "\n".join(unseen)


@pytest.mark.parametrize("asked", ["template?template=minutes-60", "shortening?minutes=20"])
def test_a_proposal_fits(desk: Desk, booked: Booked, asked: str) -> None:
    page = desk("az", measured=True)
    opened(page, f"{booked(count=9)}/{asked}")

    faults = faults_at(page, 320, 360, 768, 1280) + barriers(page)

    assert not faults, "\n".join(faults)
