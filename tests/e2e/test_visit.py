"""A visit from its request by another system to its report: walked, followed, written down."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from babel.dates import get_day_names, get_month_names
from playwright.sync_api import APIRequestContext, Browser, Page, expect

from guide.accounts.api_tokens import make_token
from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.tours.model import Level, Party, Tour
from guide.tours.people import Duty, TourStaff
from guide.tours.queries import whole_tour
from tests import make
from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.server import Server
from tests.e2e.test_guides_day import HERE, THANKS, address_of, phone
from tests.e2e.test_walking import GO, MENU, Hand, sent
from tests.e2e.walks import Book, Somebody, sign_in
from tests.tours.reporting.conftest import (
    PLANNED,
    ROOMS,
    april,
    guest_book_page,
    keepsake,
)
from tests.tours.reporting.test_report import GOLDEN

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

API = "/api/v1/tours"
SECRETS = ("Yang Wanming", "杨万明", "Friendship with Foreign", "natural dyes", "友谊长存")


def masked(told: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Leave out of a report what depends on the hour at which it was walked."""
    if isinstance(told, dict):
        return {name: masked(value) for name, value in told.items() if name != "day_told"}
    if isinstance(told, list):
        return [masked(value) for value in told]
    if isinstance(told, str):
        return WHEN.sub("*", told)
    return 0 if isinstance(told, int) else told


NAMED = [
    str(name)
    for tag in ("az", "en")
    for names in (get_month_names(locale=tag), get_day_names(locale=tag))
    for name in names.values()
]
WHEN = re.compile("|".join((r"[\d:+−-]+", *NAMED)))


def plan(system: APIRequestContext, starts_at: datetime, db_plan: dict[str, Any]) -> int:
    """Ask for the visit as another system does; return its number."""
    parties: tuple[Party, ...] = db_plan["parties"]
    answer = system.post(
        API,
        data={
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=80)).isoformat(),
            "people": 14,
            "languages": ["zh-Hans"],
            "parties": [
                {
                    "kind": one.kind,
                    "code": one.code,
                    "names": [
                        {"text": text, "language": tag} for tag, text in one.names.items()
                    ],
                }
                for one in parties
            ],
        },
    )
    assert answer.status == 201, answer.text()
    number: int = answer.json()["id"]
    meeting = [{"text": "Meeting", "language": "en"}, {"text": "Görüş", "language": "az"}]
    stops = [
        {"names": meeting, "minutes": PLANNED[0]},
        *(
            {"exhibition": room, "minutes": n}
            for room, n in zip(ROOMS, PLANNED[1:], strict=True)
        ),
    ]
    tag = answer.headers["etag"]
    answer = system.put(
        f"{API}/{number}/stops", data={"stops": stops}, headers={"if-match": tag}
    )
    assert answer.ok, answer.text()
    return number


def name_people(database: Database, number: int, plan: dict[str, Any], who: Somebody) -> None:
    """Say in the office who comes, who leads them and who interprets."""
    with database.writing() as db:
        tour = db.scalars(whole_tour(number)).one()
        tour.persons, tour.interpreters = plan["persons"], plan["interpreters"]
        tour.staff.append(TourStaff(account_id=who.number, duty=Duty.GUIDE))


def write(hand: Hand, words: str, tag: str) -> None:
    hand.tap("[data-opens=note]")
    hand.page.keyboard.type(words)
    hand.page.locator(f"#note input[value={tag}]").check(force=True)
    hand.tap("#note [type=submit]")
    expect(hand.page.locator("#note")).to_be_hidden()


def count(page: Page, number: int) -> None:
    page.locator("#count").fill(str(number))
    page.keyboard.press("Enter")


def leave_and_arrive(hand: Hand) -> None:
    hand.tap(MENU)
    hand.tap("#menu [data-do=leave]")
    hand.go()


def walk(hand: Hand, chinese: Page) -> None:
    """Walk the visit as it was told of: a meeting, then the four exhibitions in order."""
    count(hand.page, 14)
    hand.go()
    hand.go()
    leave_and_arrive(hand)
    write(hand, "Question on natural dyes", "question")
    sent(hand.page)
    expect(chinese.locator(HERE)).to_contain_text("阿塞拜疆地毯")
    leave_and_arrive(hand)
    leave_and_arrive(hand)
    write(hand, "Listened to the kamancha", "interest")
    write(hand, "A chair was missing", "incident")
    leave_and_arrive(hand)
    write(hand, "Send the page on the 170 colours", "follow-up")
    count(hand.page, 13)
    hand.go()
    hand.tap("#finish [data-do=finish]")
    sent(hand.page)
    expect(chinese.locator("h1")).to_contain_text(THANKS["zh-Hans"])


def test_a_visit_reports_itself(
    museum: Server, museum_database: Database, browser: Browser
) -> None:
    book = Book(museum_database, museum.address)
    guide = book.guide(name="Aysel")
    with museum_database.writing() as db:
        known = april(db)
        token = make_token(db, "protocol", Role.PLANNER, None, datetime.now(UTC))
        interpreters = known.pop("interpreters")
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    with with_token(browser, museum, token) as system:
        number = plan(system, starts_at, known)
        name_people(museum_database, number, known | {"interpreters": interpreters}, guide)
        for noun in ("planning", "confirmation"):
            answer = system.post(f"{API}/{number}/{noun}")
            assert answer.ok, answer.text()

    with phone(browser, museum, "en") as page, phone(browser, museum, "zh-CN") as chinese:
        sign_in(page.context, museum.address, guide)
        chinese.goto(address_of(museum_database, number))
        page.goto(f"/staff/walk/en#{number}")
        page.locator(GO).wait_for()
        walk(Hand(page), chinese)
        with museum_database.writing() as db:
            db.add_all([keepsake(number), guest_book_page(number)])

        for tag in ("az", "en"):
            told = page.request.get(f"/staff/tours/{number}/report.json?language={tag}")
            golden = (GOLDEN / f"report.{tag}.json").read_text()
            assert masked(told.json()) == masked(json.loads(golden))

    close(museum_database, number)
    for role in (None, Role.GUIDE, Role.CURATOR, Role.PLANNER):
        with stranger(browser, museum, museum_database, role) as other:
            assert_nothing_of(other, number)


def close(database: Database, number: int) -> None:
    with database.writing() as db:
        db.get_one(Tour, number).level = Level.CLOSED


@contextmanager
def with_token(browser: Browser, museum: Server, token: str) -> Iterator[APIRequestContext]:
    context = browser.new_context(
        base_url=museum.address, extra_http_headers={"authorization": f"Bearer {token}"}
    )
    yield context.request
    context.close()


@contextmanager
def stranger(
    browser: Browser, museum: Server, database: Database, role: Role | None
) -> Iterator[Page]:
    """Sign somebody in who has nothing to do with the visit; or nobody."""
    with phone(browser, museum, "en") as page:
        if role:
            session = fresh_token()
            with database.writing() as db:
                who = make.account(role, email=f"{role}@example.org")
                db.add_all([who, StaffSession.of(who, hashed(session), datetime.now(UTC))])
            cookie = {"name": "staff", "value": session, "url": museum.address}
            page.context.add_cookies([cookie])  # type: ignore[list-item]  # as Playwright has it
        yield page


def assert_nothing_of(page: Page, number: int) -> None:
    """Open all that might tell of the visit."""
    tour = f"/staff/tours/{number}"
    hidden = ("", "/report", "/report.json", "/report.pdf", "/happened", "/people", "/walk")
    shown = ("/staff/tours", "/staff/tours?view=list&when=all", "/staff/statistics", API)
    for path in (*(tour + one for one in hidden), *shown, f"{API}/{number}/report"):
        answer = page.request.get(path)
        said = answer.text() if "pdf" not in path else ""
        assert not any(secret in said for secret in SECRETS), path
        if path.startswith(tour):
            assert answer.status == 404 or "/staff/session" in answer.url, path
