"""Every template at the widths of phones and desks, in three scripts, in light and dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import ON_ONE_DATABASE, PHONE

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

HERE = Path(__file__).parent
LAYOUT = (HERE / "layout.js").read_text()
FOCUS = (HERE / "focus.js").read_text()

TEMPLATES = {
    "home": "",
    "exhibition": "exhibitions/mini-azerbaijan",
    "exhibit": "exhibits/philharmonic",
    "carpet": "exhibits/creation",
    "picture": "exhibits/creation/picture",
    "code": "code?c=by6v2",
    "languages": "languages",
    "glossary": "glossary",
    "error": "nowhere",
    "withdrawn": "exhibits/garmon",
    "problem": "exhibits/philharmonic/problem",
}
Theme = Literal["light", "dark"]

LANGUAGES = ("az", "ar", "zh-Hans")
EVERY_LANGUAGE = ("az", "en", "ru", "tr", "zh-Hans", "ar", "fr")
WIDTHS = (320, 360, 768, 1280)
EVERY_WIDTH = (320, 344, 360, 390, 412, 480, 600, 768, 820, 1024, 1280, 1920)
THEMES: tuple[Theme, ...] = ("light", "dark")

TWICE_AS_LARGE = "html { font-size: 200% !important }"
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
word-spacing: .16em !important } p { margin-block-end: 2em !important }"""
"""The spacing of WCAG 1.4.12."""

COVERED = ".steps { block-size: 80vh !important } * { outline: none !important }"
HREFS = "(links) => links.map((link) => link.getAttribute('href').split('#')[0])"

MOST_STOPS = 250
"""A page has fewer links and fields than this, so that Tab comes round."""


@pytest.fixture(scope="module")
def wall(browser: Browser, served: str) -> Iterator[Page]:
    """A screen of any size; it allows styles to be added to what it shows."""
    context = browser.new_context(base_url=served, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=product(LANGUAGES, TEMPLATES), ids="-".join)
def page(request: pytest.FixtureRequest, wall: Page) -> Page:
    """Every template in three scripts, one after the other on the same screen."""
    tag, template = request.param
    return opened(wall, f"/{tag}/{TEMPLATES[template]}")


def test_everything_fits_and_can_be_tapped(page: Page) -> None:
    faults = faults_at(page, *WIDTHS)

    assert not faults, "\n".join(faults)


def test_the_longest_words_of_headings_stand_on_one_line(wall: Page) -> None:
    faults = faults_at(opened(wall, "/ru/exhibitions/carpet-dance-of-loops"), 320, 360, 390)

    assert not faults, "\n".join(faults)


def test_text_twice_as_large_fits(page: Page) -> None:
    with dressed(page, TWICE_AS_LARGE):
        faults = faults_at(page, 360, themes=("light",))

    assert not faults, "\n".join(faults)


def test_spaced_text_fits(page: Page) -> None:
    with dressed(page, SPACED):
        faults = faults_at(page, 320, 360, themes=("light",))

    assert not faults, "\n".join(faults)


def test_what_has_the_focus_is_seen(page: Page) -> None:
    stops, faults = round_by_tab(page)

    assert stops > 3
    assert not faults, "\n".join(faults)


BROKEN = {
    "main { inline-size: 2000px }": "the page scrolls sideways",
    "h1 { inline-size: 4rem; white-space: nowrap; overflow: hidden }": "clipped: <h1>",
    "h1 { block-size: 1rem; overflow: hidden }": "cut off below: <h1>",
    "h1 { position: relative; inset-inline-start: -3rem }": "outside: <h1>",
    "h1 { margin-block-end: -2rem }": "on top of each other: <h1",
    "h1 { inline-size: 6rem; overflow-wrap: anywhere }": "a word is broken: <h1>",
    ".step { block-size: 20px; min-block-size: 0 }": "20 px high: <a.step",
    ".steps { position: static }": "the bar is not in sight",
    ".steps { direction: rtl }": "Next is on the side of Previous",
}


@pytest.mark.parametrize(("style", "fault"), BROKEN.items())
def test_the_check_sees_a_page_that_is_broken(wall: Page, style: str, fault: str) -> None:
    page = opened(wall, "/en/exhibits/philharmonic")
    important = style.replace(";", " !important;").replace(" }", " !important }")

    with dressed(page, important):
        faults = faults_at(page, 360)

    assert any(fault in one for one in faults), "\n".join(faults)


def test_the_check_sees_a_focus_that_is_covered(wall: Page) -> None:
    page = opened(wall, "/en/exhibits/philharmonic")

    with dressed(page, COVERED):
        _, faults = round_by_tab(page)

    assert {fault.partition(":")[0] for fault in faults} == {"covered", "no ring"}


@pytest.mark.long
@pytest.mark.parametrize("tag", EVERY_LANGUAGE)
def test_every_page_fits_at_every_width(wall: Page, tag: str) -> None:
    waiting, seen = [f"/{tag}/"], set[str]()
    faults = []
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            page = opened(wall, path)
            faults += [f"{path}: {fault}" for fault in faults_at(page, *EVERY_WIDTH)]
            waiting += page.locator(f"a[href^='/{tag}/']").evaluate_all(HREFS)

    assert len(seen) > 30
    assert not faults, "\n".join(faults)


def opened(wall: Page, path: str) -> Page:
    """Show a page with its details opened."""
    wall.goto(path)
    wall.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
    return wall


@contextmanager
def dressed(page: Page, style: str) -> Iterator[None]:
    """Add a style for a while."""
    added = page.add_style_tag(content=style)
    yield
    added.evaluate("(style) => style.remove()")


def faults_at(page: Page, *widths: int, themes: tuple[Theme, ...] = THEMES) -> list[str]:
    """Measure at each width in each theme; tell every fault once, where it was first seen."""
    right_to_left = page.locator("html").get_attribute("dir") == "rtl"
    seen: dict[str, str] = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            for fault in page.evaluate(LAYOUT, {"rightToLeft": right_to_left}):
                seen.setdefault(fault, f"{width} {theme}")
    return [f"{where}: {fault}" for fault, where in seen.items()]


def round_by_tab(page: Page) -> tuple[int, list[str]]:
    """Press Tab until the focus leaves the page; count the stops, tell the faults."""
    page.set_viewport_size(PHONE)
    page.evaluate("globalThis.firstStop = null")
    faults: list[str] = []
    for stops in range(MOST_STOPS):
        page.keyboard.press("Tab")
        told = page.evaluate(FOCUS)
        if told is None:
            return stops, faults
        faults += told
    stuck = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"the focus does not leave the page: {stuck}")
