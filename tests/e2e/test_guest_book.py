"""A guest signs on a phone, with a finger or a mouse, and the guide sends it."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import delete, func, select

from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.tours.keepsakes.model import Direction, Gift, GuestBookPage
from guide.tours.model import State
from guide.tours.people import Duty, TourStaff
from guide.tours.walking.events import Kind, Tag, WalkEvent, WalkNote
from tests import make
from tests.e2e.conftest import ON_ONE_DATABASE, PHONE
from tests.e2e.test_axe import AXE, barriers
from tests.e2e.test_layout import faults_at, opened, round_by_tab
from tests.media import samples

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

numbers = count()

LONG = {
    "en": "The exhibition of carpets of the Karabakh school and of their patterns",
    "az": "Qarabağ məktəbinin xalçaları və naxışları: Azərbaycandilliqonaqpərvərlikkitabı",
    "zh-Hans": "感谢盖达尔·阿利耶夫中心的热情接待。愿友谊长存！" * 4,
}
WHITE, DARK = 255, 100
"""Of 255: the paper; what is darker than the second is ink."""


@pytest.fixture
def under_way(staff_database: Database) -> tuple[str, str]:
    """Put a tour that is under way into the book; return its path, and its guide's session."""
    token, now = fresh_token(), datetime.now(UTC)
    with staff_database.writing() as db:
        guide = make.account(Role.GUIDE, email=f"signing-{next(numbers)}@example.org")
        db.add_all([guide, StaffSession.of(guide, hashed(token), now)])
        db.flush()
        leads = TourStaff(account_id=guide.id, duty=Duty.GUIDE)
        stops = [make.stop(1, names={"en": "Tea", "az": "Çay"}), make.stop(2, names=LONG)]
        tour = make.tour(
            state=State.UNDER_WAY,
            staff=[leads],
            stops=stops,
            reference=f"book-{next(numbers)}-{now.timestamp()}"[:20],
        )
        db.add(tour)
        db.flush()
        told = {"tour_id": tour.id, "made_at": now, "account_id": guide.id}
        words = {"text": LONG["zh-Hans"], "language": "zh-Hans", "signatory": "杨万明"}
        db.add(GuestBookPage(**told, key="page", **words, translation=LONG["az"]))
        named = dict.fromkeys(("description_az", "giver", "custody", "value"), LONG["az"])
        db.add(Gift(**told, key="gift", direction=Direction.GIVEN, **named))
        for seq, kind in enumerate((Kind.STARTED, Kind.ARRIVED, Kind.NOTED, Kind.GIFT), 1):
            event = WalkEvent(
                tour_id=tour.id,
                seq=seq,
                key=f"event-{seq}",
                digest="",
                kind=kind,
                at=now,
                received_at=now,
                clock_off=900 * seq,
                is_late=True,
                account_id=guide.id,
                stop_id=stops[1].id,
                tag=Tag.FOLLOW_UP,
                note=WalkNote(text=LONG["az"]),
            )
            db.add(event)
        return f"/staff/tours/{tour.id}", token


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def book(
    request: pytest.FixtureRequest, browser: Browser, served: str, under_way: tuple[str, str]
) -> Iterator[Page]:
    """The guest book, on the phone of the guide, in the dark."""
    path, token = under_way
    context = browser.new_context(
        base_url=served,
        viewport=PHONE,
        color_scheme="dark",
        java_script_enabled=request.param,
        locale="en",
    )
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": "staff", "value": token, "url": served}])
    page = context.new_page()
    page.goto(f"{path}/guest-book")
    yield page
    context.close()


@pytest.mark.parametrize("name", ["guest-book", "gifts", "happened"])
def test_with_all_that_there_can_be_it_fits_and_everyone_can_use_it(
    browser: Browser, served: str, under_way: tuple[str, str], name: str
) -> None:
    path, token = under_way
    context = browser.new_context(base_url=served, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    context.add_init_script(path=AXE)
    context.add_cookies([{"name": "staff", "value": token, "url": served}])
    page = opened(context.new_page(), f"{path}/{name}")

    faults = [*faults_at(page, 320, 360, 768, 1280), *barriers(page)]
    stops, unseen = round_by_tab(page)
    context.close()

    assert not faults + unseen, "\n".join(faults + unseen)
    assert stops > 5


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """Draw from place to place, each told in parts of the pad."""
    pad = page.locator(".pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*at[0])
    page.mouse.down()
    for place in at[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def signed(page: Page) -> tuple[bool, bool]:
    """Look at what would be sent."""
    sent = page.locator("[name=signature]").input_value()
    return halves(base64.b64decode(sent.partition(",")[2])) if sent else (False, False)


def kept(page: Page) -> tuple[bool, bool]:
    """Fetch the signature that was kept last."""
    source = page.locator("img.ink").last.get_attribute("src")
    assert source
    return halves(page.request.get(source).body())


def halves(body: bytes) -> tuple[bool, bool]:
    """Say whether the left and the right half hold ink; the paper is white in the dark too."""
    with Image.open(BytesIO(body)) as picture:
        grey = picture.convert("L")
    middle = grey.width // 2
    left = grey.crop((0, 0, middle, grey.height))
    right = grey.crop((middle, 0, grey.width, grey.height))
    assert grey.getpixel((2, 2)) == WHITE
    return min(left.tobytes()) < DARK, min(right.tobytes()) < DARK


def last(database: Database) -> GuestBookPage:
    with database.reading() as db:
        found = db.scalars(select(GuestBookPage).order_by(GuestBookPage.id.desc())).first()
        assert found
        return found


@pytest.mark.parametrize("book", [True], indirect=True)
def test_a_guest_signs_and_it_is_kept(book: Page, staff_database: Database) -> None:
    stroke(book, (0.1, 0.3), (0.2, 0.7), (0.4, 0.3))
    stroke(book, (0.6, 0.3), (0.9, 0.7))
    assert signed(book) == (True, True)
    book.get_by_role("button", name="Undo the last stroke").click()
    assert signed(book) == (True, False)
    book.get_by_role("button", name="Clear").click()
    assert signed(book) == (False, False)
    stroke(book, (0.1, 0.3), (0.2, 0.7), (0.4, 0.3))
    book.get_by_label("Who signed").fill("Yang Wanming")

    book.get_by_role("button", name="Keep the page").click()

    expect(book.get_by_role("status")).to_contain_text("The page is kept")
    assert kept(book) == (True, False)
    assert last(staff_database).signatory == "Yang Wanming"


@pytest.mark.parametrize("book", [True], indirect=True)
def test_what_was_signed_outlives_a_turned_phone_and_a_refusal(book: Page) -> None:
    stroke(book, (0.6, 0.3), (0.9, 0.7))
    before = book.locator("[name=signature]").input_value()

    book.set_viewport_size({"width": 740, "height": 360})
    expect(book.locator("[name=signature]")).not_to_have_value(before)
    name = book.get_by_label("Who signed")
    name.evaluate("field => { field.maxLength = 1000; }")
    name.fill("x" * 400)
    book.get_by_role("button", name="Keep the page").click()
    expect(book.locator("#signatory-error")).to_be_visible()
    book.get_by_label("Who signed").fill("Yang Wanming")
    book.get_by_role("button", name="Keep the page").click()

    expect(book.get_by_role("status")).to_contain_text("The page is kept")
    assert kept(book) == (False, True)


def photographed(book: Page, folder: Path) -> Path:
    """Choose a photograph, as large as a phone's: what follows the picture is not looked at."""
    photograph = folder / "IMG_1.jpg"
    photograph.write_bytes(samples.noted() + bytes(8_000_000))
    book.get_by_label("Photograph of the page").set_input_files(photograph)
    return photograph


def kept_once(database: Database, signatory: str) -> GuestBookPage:
    """Return the page that somebody signed, of which there is one, whole."""
    page = last(database)
    with database.reading() as db:
        there = select(func.count()).where(GuestBookPage.signatory == signatory)
        assert db.scalar(there) == 1
    assert page.signatory == signatory
    assert page.picture
    assert page.signature
    return page


def signed_by(book: Page, name: str) -> None:
    stroke(book, (0.6, 0.3), (0.9, 0.7))
    book.get_by_label("Who signed").fill(name)


@pytest.mark.parametrize("book", [True], indirect=True)
def test_what_was_signed_waits_for_the_connection(
    book: Page, staff_database: Database, tmp_path: Path
) -> None:
    name = f"Waits {next(numbers)}"
    photographed(book, tmp_path)
    signed_by(book, name)
    book.context.set_offline(True)
    book.get_by_role("button", name="Keep the page").click()
    expect(book.get_by_role("alert")).to_contain_text("there is no connection")
    assert signed(book) == (False, True)

    book.context.set_offline(False)
    book.get_by_role("button", name="Keep the page").click()

    expect(book.get_by_role("status")).to_contain_text("The page is kept")
    kept_once(staff_database, name)
    assert kept(book) == (False, True)


@pytest.mark.parametrize("book", [True], indirect=True)
def test_what_was_signed_waits_until_somebody_has_signed_in_again(
    book: Page,
    staff_database: Database,
    under_way: tuple[str, str],
    served: str,
    tmp_path: Path,
) -> None:
    name = f"Comes back {next(numbers)}"
    photographed(book, tmp_path)
    signed_by(book, name)
    token, now = fresh_token(), datetime.now(UTC)
    with staff_database.writing() as db:
        session = db.scalars(
            select(StaffSession).where(StaffSession.token_hash == hashed(under_way[1]))
        ).one()
        guide = db.get_one(Account, session.account_id)
        db.execute(delete(StaffSession).where(StaffSession.account_id == guide.id))
    book.get_by_role("button", name="Keep the page").click()
    expect(book.get_by_role("alert")).to_contain_text("you are signed out")
    expect(book.get_by_role("alert").get_by_role("link", name="Sign in")).to_be_visible()
    assert signed(book) == (False, True)

    with staff_database.writing() as db:
        db.add(StaffSession.of(guide, hashed(token), now))
    book.context.add_cookies([{"name": "staff", "value": token, "url": served}])
    book.get_by_role("button", name="Keep the page").click()

    expect(book.get_by_role("status")).to_contain_text("The page is kept")
    kept_once(staff_database, name)


@pytest.mark.parametrize("book", [True], indirect=True)
def test_a_page_whose_answer_was_lost_is_sent_again_and_kept_once(
    book: Page, staff_database: Database, tmp_path: Path
) -> None:
    name = f"Twice {next(numbers)}"
    photographed(book, tmp_path)
    signed_by(book, name)

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
        route.abort()

    book.route("**/guest-book", lose)
    book.get_by_role("button", name="Keep the page").click()
    expect(book.get_by_role("alert")).to_contain_text("there is no connection")

    book.unroute("**/guest-book")
    book.get_by_role("button", name="Keep the page").click()

    expect(book.get_by_role("status")).to_contain_text("The page is kept")
    kept_once(staff_database, name)


@pytest.mark.parametrize("book", [True], indirect=True)
def test_a_photograph_outlives_a_refusal(
    book: Page, staff_database: Database, tmp_path: Path
) -> None:
    name = f"Refused {next(numbers)}"
    photographed(book, tmp_path)
    signed_by(book, name)
    words = book.get_by_label("The words, as they are written")
    words.evaluate("field => { field.removeAttribute('maxlength'); }")
    words.fill("x" * 9_000)
    book.get_by_role("button", name="Keep the page").click()
    expect(book.locator("#text-error")).to_be_visible()
    expect(book.locator("[data-preview]")).to_be_visible()

    book.get_by_label("The words, as they are written").fill("")
    book.get_by_role("button", name="Keep the page").click()

    expect(book.get_by_role("status")).to_contain_text("The page is kept")
    kept_once(staff_database, name)


@pytest.mark.parametrize("book", [True], indirect=True)
def test_a_gift_that_was_photographed_waits_for_the_connection(
    book: Page, staff_database: Database, tmp_path: Path
) -> None:
    book.goto(book.url.replace("/guest-book", "/gifts"))
    photograph = tmp_path / "IMG_2.jpg"
    photograph.write_bytes(samples.noted())
    book.get_by_role("radio", name="Received by the Center").check()
    book.get_by_label("Photograph of the gift").set_input_files(photograph)
    book.context.set_offline(True)
    book.get_by_role("button", name="Register the gift").click()
    expect(book.get_by_role("alert")).to_contain_text("there is no connection")

    book.context.set_offline(False)
    book.get_by_role("button", name="Register the gift").click()

    expect(book.get_by_role("status")).to_contain_text("The gift is registered")
    with staff_database.reading() as db:
        gift = db.scalars(select(Gift).order_by(Gift.id.desc())).first()
        assert gift
        assert gift.picture


def test_a_photograph_and_words_need_no_scripts(
    book: Page, staff_database: Database, tmp_path: Path
) -> None:
    photograph = tmp_path / "IMG_1.jpg"
    photograph.write_bytes(samples.noted())
    book.get_by_label("Photograph of the page").set_input_files(photograph)
    book.get_by_label("The words, as they are written").fill("Çox sağ olun")
    book.get_by_role("radio", name="May be published").check()

    book.get_by_role("button", name="Keep the page").click()

    expect(book.get_by_role("status")).to_contain_text("The page is kept")
    shown = book.locator(".keepsake-photo img")
    shown.scroll_into_view_if_needed()  # it is fetched when it is looked at
    expect(shown).to_have_js_property("naturalWidth", 480)
    page = last(staff_database)
    assert (page.text, page.publish) == ("Çox sağ olun", "yes")
    assert page.signature is None
