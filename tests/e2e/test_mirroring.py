"""Where reading goes from right to left, arrows turn round, and pictures of things do not."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import ON_ONE_DATABASE, Phone
from tests.e2e.test_layout import TEMPLATES

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

ARROWS = ":is(.back, .step:not(.step-map), .row) > svg.icon"
THINGS = f":is(svg, img):not({ARROWS}, .fold)"
"""Drawings, and the icons that point nowhere: the globe, the tick, the map."""

TURNED = """(found) => found.map((one) => {
    let turned = false;
    for (; one; one = one.parentElement)
        if (new DOMMatrix(getComputedStyle(one).transform).a < 0) turned = !turned;
    return turned;
})"""


@pytest.mark.parametrize("template", ["exhibition", "exhibit", "picture", "languages"])
@pytest.mark.parametrize(("tag", "turned"), [("ar", True), ("az", False), ("zh-Hans", False)])
def test_an_arrow_points_the_way_that_is_read(
    phone: Phone, tag: str, turned: bool, template: str
) -> None:
    page = phone()

    page.goto(f"/{tag}/{TEMPLATES[template]}")

    assert set(turns(page, ARROWS)) == {turned}


@pytest.mark.parametrize("template", ["home", "exhibition", "exhibit", "carpet"])
def test_a_thing_is_shown_as_it_is(phone: Phone, template: str) -> None:
    page = phone()

    page.goto(f"/ar/{TEMPLATES[template]}")

    assert set(turns(page, THINGS)) == {False}


def turns(page: Page, which: str) -> list[bool]:
    """Tell of each drawing whether a mirror image of it is shown."""
    seen: list[bool] = page.locator(which).evaluate_all(TURNED)
    return seen
