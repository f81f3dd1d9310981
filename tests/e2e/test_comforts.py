"""What script adds, and nothing needs: a theme that holds, sharing, an offer (V7)."""

from io import BytesIO

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import expect

from tests.e2e.conftest import ON_ONE_DATABASE, Phone

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

GROUND = "getComputedStyle(document.documentElement).backgroundColor"


def test_a_chosen_theme_holds_on_the_next_page_from_its_first_paint(
    served: str, phone: Phone
) -> None:
    page = phone("en", color_scheme="light")
    page.goto(f"{served}/en/exhibits/tar")
    assert lightness(page.screenshot()) > 192
    before, sent = page.evaluate(GROUND), page.request.get("/en/exhibits/saz").body()
    page.get_by_label("Dark", exact=True).check()
    dark = page.evaluate(GROUND)
    assert dark != before

    page.goto(f"{served}/en/exhibits/saz", wait_until="commit")
    page.wait_for_selector("h1")
    assert lightness(page.screenshot()) < 64
    assert page.evaluate(GROUND) == dark
    assert page.request.get("/en/exhibits/saz").body() == sent
    assert page.get_by_label("Dark", exact=True).is_checked()

    page.get_by_label("As the phone").check()
    assert page.evaluate(GROUND) == before


def lightness(screenshot: bytes) -> float:
    """Return how light a screenshot is on the whole, from 0 to 255."""
    with Image.open(BytesIO(screenshot)) as image:
        return ImageStat.Stat(image.convert("L")).mean[0]


def test_nothing_moves_for_somebody_who_asked_for_that(served: str, phone: Phone) -> None:
    page = phone("en")
    page.emulate_media(reduced_motion="reduce")
    for path in ("", "exhibitions/carpets", "exhibits/tar", "languages"):
        page.goto(f"{served}/en/{path}")
        page.locator(".switcher summary").click()
        page.get_by_label("Dark", exact=True).check()
        assert page.evaluate("document.getAnimations().length") == 0, path


def test_a_language_is_offered_to_a_phone_that_does_not_speak_the_pages(
    served: str, phone: Phone
) -> None:
    page = phone("zh-TW")
    page.goto(f"{served}/fr/exhibits/tar")
    offer = page.locator("[data-offer]")
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="简体中文").click()
    expect(page).to_have_url(f"{served}/zh-Hans/exhibits/tar")
    expect(page.locator("[data-offer]")).to_be_hidden()


def test_an_offer_that_was_declined_does_not_come_back(served: str, phone: Phone) -> None:
    page = phone("ar")
    page.goto(f"{served}/en/exhibits/tar")
    page.locator("[data-dismiss]").click()
    page.goto(f"{served}/en/exhibits/saz")
    expect(page.locator("[data-offer]")).to_be_hidden()


def test_no_language_is_offered_where_there_is_none_to_offer(served: str, phone: Phone) -> None:
    for locale in ("uk", "en-GB"):
        page = phone(locale)
        page.goto(f"{served}/en/")
        expect(page.locator("[data-offer]")).to_be_hidden()


def test_sharing_copies_the_address_of_this_language(served: str, phone: Phone) -> None:
    page = phone("en", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{served}/en/exhibits/tar")
    page.evaluate("Object.defineProperty(navigator, 'share', {value: undefined})")
    page.locator("[data-share]").click()
    expect(page.locator("[data-share]")).to_have_text("Address copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{served}/en/exhibits/tar"
