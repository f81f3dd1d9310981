"""What a page weighs on the way to a phone, all of it, as the browser counted."""

from itertools import product

import pytest
from playwright.sync_api import Response

from tests.e2e.conftest import ON_ONE_DATABASE, Phone
from tests.e2e.test_layout import EVERY_LANGUAGE, TEMPLATES
from tests.e2e.test_privacy import answers_to

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

HEAVIEST_PAGE = 60 * 1024
HEAVIEST_HTML = 14_000
"""Bytes with their headers; what is below 14,000 comes before the phone has to answer."""

OPENED_MOST = (
    *(TEMPLATES[one] for one in ("home", "exhibition", "exhibit", "carpet")),
    "exhibitions/carpet-dance-of-loops",
)

SEEN_TO_ITS_END = """async () => {
    for (const one of document.images) one.loading = "eager";
    await Promise.all([...document.images].map((one) => one.decode()));
    await document.fonts.ready;
}"""


@pytest.mark.parametrize(("tag", "path"), [*product(EVERY_LANGUAGE, OPENED_MOST)])
def test_a_page_is_light(phone: Phone, tag: str, path: str) -> None:
    page = phone(tag)
    came = answers_to(page.context)

    page.goto(f"/{tag}/{path}")
    page.evaluate(SEEN_TO_ITS_END)
    page.wait_for_load_state("networkidle")

    html, *others = came
    assert html.header_value("content-encoding") == "br"
    assert weight(html) <= HEAVIEST_HTML
    assert others
    assert sum(map(weight, came)) <= HEAVIEST_PAGE


def weight(answer: Response) -> int:
    """Count the bytes of an answer as they came, packed, with the headers before them."""
    sizes = answer.request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]
