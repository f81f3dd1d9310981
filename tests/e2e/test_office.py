"""The way into the office in a browser, by keyboard, on a phone, without scripts."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP
from sqlalchemy import select

from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.queries import invite
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.tours.model import State
from guide.tours.queries import whole_tour
from tests import make
from tests.accounts.conftest import HASH, PASSWORD
from tests.e2e.conftest import ON_ONE_DATABASE, Phone, Somebody
from tests.e2e.test_axe import AXE, barriers
from tests.e2e.test_layout import faults_at, opened, round_by_tab
from tests.e2e.test_scan import TAR

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

numbers = itertools.count()

PAGES = (
    "",
    "/account",
    "/accounts",
    "/accounts/trail",
    "/accounts/tokens",
    "/accounts/{own}",
    "/wall",
    "/wall/{code}",
    "/labels",
    "/labels/list",
    "/labels/{code}",
    "/exhibits",
    "/exhibits/new",
    "/exhibitions",
    "/exhibitions/classic-cars",
    "/exhibitions/new",
    "/center",
    "/bin",
    "/glossary",
    "/glossary/new",
    "/glossary/tar",
    "/vocabularies/carpet-schools",
    "/halls",
    "/halls/new",
    "/halls/plan",
    "/routes",
    "/imports",
    "/exhibits/philharmonic",
    "/exhibits/philharmonic/pictures",
    "/exhibits/philharmonic/recordings",
    "/texts/exhibit/philharmonic/en",
    "/texts/exhibit/philharmonic/ar",
    "/texts/exhibit/philharmonic/az",
    "/texts/exhibit/philharmonic/en/revisions",
    "/texts/exhibit/philharmonic/en/revisions/1",
    "/problems",
    "/languages",
    "/search?q=qala",
    "/rules",
    "/tours/new",
    "/tours/interpreters",
    "/tours/languages",
    "/tours/{tour}",
    "/tours/{tour}/details",
    "/tours/{tour}/route",
    "/tours/{tour}/people",
    "/tours/{tour}/people/new",
    "/tours/{tour}/staff",
    "/tours/{tour}/brief",
    "/tours/{tour}/papers",
    "/tours/{reported}/report",
    "/tours/{reported}/report/print?language=ar",
    "/tours/{tour}/forgetting",
    "/tours/{reported}/published",
    "/tours/{tour}/guest-book",
    "/tours/{tour}/gifts",
    "/tours/{tour}/happened",
    "/tours/past",
    "/tours/past/new",
    "/tours/past/imports",
    "/tours",
    "/tours?day=2026-12-01",
    "/tours?view=week&day=2026-12-01",
    "/tours?view=month&day=2026-12-01",
    "/tours?view=list",
    "/tours?view=list&when=all&q=friendship&category=official&from=2026-01-01",
    "/tours?view=list&q=nobody-is-called-so&to=nonsense",
    "/statistics",
    "/statistics?from=2026-12-01&to=2026-11-01",
    "/statistics/visits",
    "/statistics/visits?from=2026-12-01&to=2026-11-01",
    "/tours/calendars",
    "/tours/closures",
)
LONGER = "az"
"""The language of the office whose words take more room."""
FRONT = ("/session", "/invitations/{token}", "/invitations/nothing")


@dataclass(frozen=True)
class Cast:
    """An admin who reads a language and is signed in, and somebody who is invited."""

    admin: int
    session: str
    invitation: str


@pytest.fixture(scope="module")
def cast(served_database: str) -> Iterator[Callable[[str], Cast]]:
    """Who looks at the pages: one for each language, when those of earlier tests have left."""
    database = Database.open(served_database)
    now = datetime.now(UTC)
    guests: list[int] = []
    with database.writing() as db:
        for account in db.scalars(select(Account).where(Account.disabled_at.is_(None))):
            account.disable(now)

    @cache
    def in_language(language: str) -> Cast:
        session, token = fresh_token(), fresh_token()
        with database.writing() as db:
            admin = make.account(
                *Role, email=f"person-{next(numbers)}@example.org", password=HASH
            )
            admin.language, admin.name = language, "Günəş Əlizadə-Hüseynova"
            guest = make.account(Role.GUIDE, email=f"person-{next(numbers)}@example.org")
            db.add_all([admin, guest, StaffSession.of(admin, hashed(session), now)])
            invite(db, guest, hashed(token), now)
            db.flush()
            guests.extend((admin.id, guest.id))
            return Cast(admin.id, session, token)

    yield in_language
    with database.writing() as db:
        for number in guests:
            db.get_one(Account, number).disable(now)
    database.close()


@pytest.fixture(params=[LONGER, "en"])
def screen(
    request: pytest.FixtureRequest,
    browser: Browser,
    served: str,
    staff_database: Database,
    cast: Callable[[str], Cast],
) -> Iterator[tuple[Page, dict[str, str]]]:
    """A screen of any size on which an admin is signed in, and what addresses name."""
    who = cast(request.param)
    with staff_database.writing() as db:
        tour = make.tour(stops=[make.stop(1, names={"en": "A cup of tea"})])
        over = make.tour(
            state=State.COMPLETED,
            stops=[make.stop(1, names={"en": "A cup of tea"})],
            persons=[make.person()],
        )
        db.add_all([tour, over])
        db.flush()
        named = {
            "own": str(who.admin),
            "token": who.invitation,
            "code": TAR,
            "tour": str(tour.id),
            "reported": str(over.id),
            "language": request.param,
        }
    context = browser.new_context(
        base_url=served, bypass_csp=True, reduced_motion="reduce", locale=request.param
    )
    context.set_default_timeout(30_000)
    context.add_init_script(path=AXE)
    context.add_cookies([{"name": "staff", "value": who.session, "url": served}])
    yield context.new_page(), named
    context.close()
    with staff_database.writing() as db:  # what the next one looks at is not full of these
        for tour_id in (named["tour"], named["reported"]):
            db.delete(db.scalars(whole_tour(int(tour_id))).one())


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill the form as somebody does who has no mouse."""
    page.locator("#email").fill(email)
    page.locator("#email").press("Tab")
    page.keyboard.insert_text(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_somebody_signs_in_and_out_on_a_phone_without_scripts(
    phone: Phone, somebody: Somebody
) -> None:
    page = phone("en", scripts=False)
    page.goto("/staff/account")
    expect(page.locator("#email")).to_be_focused()

    sign_in(page, somebody(Role.CURATOR))

    expect(page).to_have_url(re.compile(r"/staff/account$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Aysel")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/staff")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_what_a_role_may_not_see_does_not_exist(phone: Phone, somebody: Somebody) -> None:
    page = phone("en")
    page.goto("/staff")
    sign_in(page, somebody(Role.GUIDE, Role.PLANNER, Role.CURATOR))

    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Desk")).to_be_visible()
    expect(page.get_by_role("link", name="Accounts", exact=True)).to_have_count(0)
    answer = page.goto("/staff/accounts")

    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")


def test_from_an_invitation_to_one_time_codes(phone: Phone, somebody: Somebody) -> None:
    admin = phone("en")
    admin.goto("/staff/accounts")
    sign_in(admin, somebody(Role.ADMIN))
    newcomer = f"person-{next(numbers)}@example.org"
    admin.get_by_label("Name").fill("Günel Məmmədova")
    admin.get_by_label("E-mail").fill(newcomer)
    admin.get_by_role("checkbox", name="curator").check()
    admin.get_by_role("radio", name="English").check()
    admin.get_by_role("button", name="Make the account and a link").click()
    link = admin.get_by_label("The link").input_value()

    page = phone("en")
    page.goto(link)
    page.get_by_label("New password").fill("too short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("fewer than 15")
    page.get_by_label("Show the password").check()
    expect(page.get_by_label("New password")).to_have_attribute("type", "text")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password is set")

    sign_in(page, newcomer)
    page.goto("/staff/account")
    page.get_by_role("button", name="Set codes up").click()
    totp = TOTP(page.locator("span.code").inner_text().replace(" ", ""))
    page.get_by_label("The six digits").fill(totp.now())
    page.get_by_role("button", name="Ask for codes from now on").click()
    expect(page.get_by_role("status")).to_contain_text("From now on")

    other = phone("en", scripts=False)
    other.goto("/staff")
    sign_in(other, newcomer)
    expect(other.locator("#code")).to_be_focused()
    other.keyboard.insert_text("000 000")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("wrong, or was used before")
    other.locator("#code").fill(totp.at(datetime.now(UTC), counter_offset=1))
    other.keyboard.press("Enter")
    expect(other.locator(".who")).to_contain_text("Günel Məmmədova")
    assert phone("en").goto(link).status == 404  # type: ignore[union-attr]  # it is answered


@pytest.mark.parametrize("is_known", [True, False])
def test_too_many_wrong_passwords_are_told_alike(
    phone: Phone, somebody: Somebody, is_known: bool
) -> None:
    email = somebody(Role.GUIDE) if is_known else f"person-{next(numbers)}@example.org"
    page = phone("az")
    page.goto("/staff")
    for _ in range(10):
        sign_in(page, email, "wrong")
        expect(page.get_by_role("alert")).to_have_text("E-poçt və ya parol yanlışdır.")

    sign_in(page, email)

    expect(page.get_by_role("alert")).to_contain_text("Həddindən çox cəhd oldu.")
    expect(page.locator("#email")).to_have_value(email)


def test_who_is_asked_to_sign_in_chooses_a_language_without_scripts(phone: Phone) -> None:
    page = phone("en", scripts=False)
    page.goto("/staff")

    page.get_by_role("button", name="Azərbaycanca").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Daxil olun")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_office_fits_and_everyone_can_use_it(
    screen: tuple[Page, dict[str, str]], path: str
) -> None:
    wall, named = screen
    page = opened(wall, "/staff" + path.format(**named))

    faults = faults_at(page, 320, 360, 768, 1280) + barriers(page)

    assert not faults, "\n".join(faults)
    if named["language"] == LONGER:  # the stops are the same in both
        stops, unseen = round_by_tab(page)
        assert stops > 3
        assert not unseen, "\n".join(unseen)


@pytest.mark.parametrize("path", FRONT)
def test_the_front_of_the_office_fits_and_everyone_can_use_it(
    screen: tuple[Page, dict[str, str]], path: str
) -> None:
    wall, named = screen
    wall.context.clear_cookies()
    page = opened(wall, "/staff" + path.format(**named))

    faults = faults_at(page, 320, 360, 768, 1280) + barriers(page)

    assert not faults, "\n".join(faults)


def test_a_house_of_many_guides_is_passed_by_keyboard(
    screen: tuple[Page, dict[str, str]], somebody: Somebody
) -> None:
    page, house = screen[0], 20
    for _ in range(house):
        somebody(Role.GUIDE)
    page.goto("/staff/tours/languages")
    guides = page.locator("details.speaker")
    assert guides.count() >= house

    for number in range(3):  # who opens one closes the other: one form is filled at a time
        guides.nth(number).locator("summary").press("Enter")
        expect(page.locator("details.speaker[open]")).to_have_count(1)

    stops, unseen = round_by_tab(page)
    assert stops > house
    assert not unseen, "\n".join(unseen)


def test_the_open_menu_fits(screen: tuple[Page, dict[str, str]]) -> None:
    page = opened(screen[0], "/staff")
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(".menu-button").click()
    expect(page.locator(".menu")).to_be_visible()

    faults = faults_at(page, 320, 360)
    page.keyboard.press("Escape")

    assert not faults, "\n".join(faults)
    expect(page.locator(".menu")).to_be_hidden()


def test_the_key_for_a_phone_fits_in_light_and_dark(
    screen: tuple[Page, dict[str, str]], staff_database: Database
) -> None:
    page, named = screen
    page.goto("/staff/account")
    page.locator("form[action$='/account/code'] button").click()
    expect(page.locator(".symbol")).to_be_visible()

    faults = faults_at(page, 320, 360, 1280) + barriers(page)

    assert not faults, "\n".join(faults)
    with staff_database.reading() as db:
        assert not db.get_one(Account, int(named["own"])).has_code
