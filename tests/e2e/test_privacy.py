"""What a visit leaves behind: nothing, until a language is chosen."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response

from tests.e2e.conftest import Phone

pytestmark = pytest.mark.browser

KEPT = "[document.cookie, localStorage.length, sessionStorage.length]"
VISIT = ("/", "/q/dt7zm", "/en/exhibitions/classic-cars", "/en/code?c=tar", "/en/languages")


def test_a_visit_asks_only_this_guide(phone: Phone, served: str) -> None:
    page = phone("en")
    asked = answers_to(page.context)

    for path in VISIT:
        page.goto(path)

    assert len(asked) > len(VISIT)
    assert {origin(one.url) for one in asked} == {served}


def test_a_first_visit_leaves_nothing(phone: Phone) -> None:
    page = phone("en")
    asked = answers_to(page.context)

    for path in VISIT:
        page.goto(path)

    assert [one.url for one in asked if one.header_value("set-cookie")] == []
    assert page.context.cookies() == []
    assert page.evaluate(KEPT) == ["", 0, 0]


def test_a_choice_is_one_cookie_that_scripts_cannot_read(phone: Phone) -> None:
    page = phone("en")
    page.goto("/en/exhibits/tar")

    choose_french(page)

    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["value"]) == ("lang", "fr")
    assert cookie["httpOnly"]
    assert page.evaluate(KEPT) == ["", 0, 0]


def choose_french(page: Page) -> None:
    page.locator(".switcher summary").click()
    page.locator(".switcher").get_by_role("button", name="Français").click()
    page.wait_for_url("**/fr/**")


def answers_to(context: BrowserContext) -> list[Response]:
    """Return the list that every answer will be put into."""
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    context.on("response", keep)
    return answers


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
