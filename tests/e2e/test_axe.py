"""Every template under axe-core: WCAG 2.2 AA, best practices, and 7:1 for text that is read."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from guide.settings import FILES
from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.test_layout import EVERY_LANGUAGE, LANGUAGES, TEMPLATES, THEMES, dressed, opened

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

AXE = FILES / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
}
RUN = """async (rules) => (await axe.run(rules)).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`))"""

WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def wall(browser: Browser, served: str) -> Iterator[Page]:
    """A screen of any size that lets axe into what it shows."""
    context = browser.new_context(base_url=served, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("tag", "template"), [*product(LANGUAGES, TEMPLATES)])
def test_everyone_can_use(wall: Page, tag: str, template: str) -> None:
    told = barriers(opened(wall, f"/{tag}/{TEMPLATES[template]}"))

    assert not told, "\n".join(told)


@pytest.mark.long
@pytest.mark.parametrize("tag", sorted({*EVERY_LANGUAGE} - {*LANGUAGES}))
def test_everyone_can_use_it_in(wall: Page, tag: str) -> None:
    told = [
        f"{path or 'home'}: {barrier}"
        for path in TEMPLATES.values()
        for barrier in barriers(opened(wall, f"/{tag}/{path}"))
    ]

    assert not told, "\n".join(told)


BROKEN = {
    "h1 { color: #777 }": "color-contrast-enhanced: h1",
    "h1 { color: #aaa }": "color-contrast: h1",
    ".foot a { position: absolute; inset: 0 auto auto 0 }": "target-size: a",
    "h1 { display: none }": "page-has-heading-one: html",
}


@pytest.mark.parametrize(("style", "barrier"), [*BROKEN.items()])
def test_axe_sees_a_page_that_is_broken(wall: Page, style: str, barrier: str) -> None:
    page = opened(wall, "/en/exhibits/philharmonic")

    with dressed(page, style):
        told = barriers(page)

    assert any(barrier in one for one in told), told


def barriers(page: Page) -> list[str]:
    """Let axe look at each width in each theme; tell every barrier once, with where it was."""
    seen: dict[str, str] = {}
    for width, theme in product(WIDTHS, THEMES):
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme=theme)
        for barrier in page.evaluate(RUN, RULES):
            seen.setdefault(barrier, f"{width} {theme}")
    return [f"{where}: {barrier}" for barrier, where in seen.items()]
