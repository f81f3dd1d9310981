"""From a label on the wall to the page, and the language that goes along."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from guide.qr.symbols import Symbol
from tests.e2e.conftest import Phone

pytestmark = pytest.mark.browser

CREATION, TAR, SAZ, TOWER = "dt7zm", "by6v1", "ryaga", "w8zzh"


def test_a_chinese_phone_reads_chinese(phone: Phone, served: str) -> None:
    page = phone("zh-CN")

    scan(page, served, CREATION)

    assert path(page) == "/zh-Hans/exhibits/creation"


def test_the_switcher_keeps_the_exhibit(phone: Phone, served: str) -> None:
    page = phone("zh-CN")
    scan(page, served, CREATION)

    choose(page, "العربية")

    assert path(page) == "/ar/exhibits/creation"
    assert page.locator("html").get_attribute("dir") == "rtl"


def test_a_choice_holds_for_the_scans_that_follow(phone: Phone, served: str) -> None:
    page = phone("zh-CN")
    scan(page, served, CREATION)
    choose(page, "العربية")
    page.context.set_extra_http_headers({"Accept-Language": "en"})

    read = []
    for code in (TAR, SAZ, TOWER):
        scan(page, served, code)
        read.append(path(page))

    assert read == ["/ar/exhibits/tar", "/ar/exhibits/saz", "/ar/exhibits/maiden-tower"]


def test_back_leads_to_the_page_before(phone: Phone, served: str) -> None:
    page = phone("zh-CN")
    scan(page, served, CREATION)
    choose(page, "العربية")
    for code in (TAR, SAZ):
        scan(page, served, code)

    went = []
    for _ in range(3):
        page.go_back()
        went.append(path(page))

    assert went == ["/ar/exhibits/tar", "/ar/exhibits/creation", "/zh-Hans/exhibits/creation"]


@pytest.mark.parametrize("typed", ["by6v1", "BY6V-1", " by6v i "])
def test_a_typed_code_opens_what_the_scan_opens(phone: Phone, served: str, typed: str) -> None:
    page = phone("fr-FR")
    scan(page, served, TAR)
    scanned = path(page)
    page.goto("/")

    page.locator("input[name=c]").fill(typed)
    page.keyboard.press("Enter")

    page.wait_for_url("**/exhibits/*")
    assert path(page) == scanned == "/fr/exhibits/tar"


def scan(page: Page, served: str, code: str) -> None:
    """Draw the symbol of a code, read it with another library, open what it says."""
    drawn = Symbol.draft_of(f"{served}/q/{code}").png()
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)).convert("L"))
    page.goto(read.text)


def choose(page: Page, endonym: str) -> None:
    page.locator(".switcher summary").click()
    with page.expect_navigation():
        page.locator(".switcher").get_by_role("button", name=endonym).click()


def path(page: Page) -> str:
    return urlsplit(page.url).path
