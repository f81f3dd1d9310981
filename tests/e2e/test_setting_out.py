"""A walk begins with one tap at its time, and with two when it is not planned for now."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from guide.tours.model import State
from tests.e2e.conftest import ON_ONE_DATABASE, PHONE
from tests.e2e.test_axe import AXE, barriers
from tests.e2e.test_layout import WIDTHS, faults_at
from tests.e2e.test_walking import AGAIN, GO, sent
from tests.e2e.walks import PATIENCE, Book, Walker, book, opened, sign_in, walker

__all__ = ["book", "walker"]

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

DAY = 24 * 60
SHEET = "#start"


@pytest.mark.parametrize("minutes_ago", [-3 * DAY, -3 * 60, 2 * DAY])
def test_a_start_that_is_not_planned_for_now_is_asked_about(
    book: Book, walker: Walker, minutes_ago: int
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar, minutes_ago=minutes_ago)
    page = opened(walker(nigar), tour)

    page.locator(GO).tap()
    expect(page.locator(SHEET)).to_be_visible()
    planned = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    expect(page.locator(SHEET)).to_contain_text(f"{planned.astimezone():%Y}")
    page.get_by_role("button", name="Not yet").tap()
    expect(page.locator(SHEET)).to_be_hidden()
    assert book.said(tour) == []

    page.evaluate(AGAIN)
    page.locator(GO).tap()
    page.locator(f"{SHEET} [data-do=start]").tap()
    expect(page.locator(SHEET)).to_be_hidden()
    expect(page.locator(".where")).to_contain_text("Under way")
    sent(page)
    assert book.said(tour) == ["started"]


def test_it_is_asked_without_a_connection_too(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    tour = book.tour(nigar, minutes_ago=-3 * DAY)
    page = opened(walker(nigar), tour)
    page.context.set_offline(True)

    page.locator(GO).tap()

    expect(page.locator(SHEET)).to_be_visible()


@pytest.mark.parametrize("fields", [{"minutes_ago": -60}, {"starts_at": None, "ends_at": None}])
def test_at_its_time_or_when_none_is_known_one_tap_is_enough(
    book: Book, walker: Walker, fields: dict[str, int]
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar, state=State.CONFIRMED, **fields)
    page = opened(walker(nigar), tour)

    page.locator(GO).tap()

    expect(page.locator(".where")).to_contain_text("Under way")
    expect(page.locator(SHEET)).to_be_hidden()


@pytest.mark.parametrize("lang", ["az", "en"])
def test_the_question_fits_and_everyone_can_answer_it(
    browser: Browser, book: Book, lang: str
) -> None:
    nigar = book.guide(language=lang)
    tour = book.tour(nigar, minutes_ago=-3 * DAY)
    context = browser.new_context(
        base_url=book.address, viewport=PHONE, bypass_csp=True, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(path=AXE)
    sign_in(context, book.address, nigar)
    page = opened(context.new_page(), tour, lang)
    page.locator(GO).click()
    expect(page.locator(SHEET)).to_be_visible()

    faults = [*faults_at(page, *WIDTHS), *barriers(page)]
    context.close()

    assert not faults, "\n".join(faults)
