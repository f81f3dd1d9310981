"""Following a guide in a browser: each in their language, and nobody is moved (24, 25)."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    Page,
    Route,
    expect,
)
from sqlalchemy import select

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.tours.links import TourLink
from guide.tours.model import State
from guide.tours.people import Duty, TourStaff
from guide.tours.stops import TourStop
from tests import make
from tests.conftest import Copy
from tests.e2e.conftest import ON_ONE_DATABASE, PHONE
from tests.e2e.server import Server
from tests.e2e.test_axe import AXE, barriers
from tests.e2e.test_layout import (
    LANGUAGES,
    TWICE_AS_LARGE,
    WIDTHS,
    dressed,
    faults_at,
    round_by_tab,
)

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

SECRET = "of no guide"  # noqa: S105 (the server knows a token by its hash alone)
ROUTE = ("creation", "tar", "kamancha", "philharmonic")
KEPT = "JSON.parse(localStorage.getItem('follow'))"
PLACE = "[location.href, scrollY]"
TOPS = """[...document.querySelectorAll(".row")]
    .map((row) => Math.round(row.getBoundingClientRect().top))"""
AT = "The guide is now at:"
AT_IN_CHINESE = "讲解员现在在"
WITHIN = 20_000
"""Milliseconds in which a phone that was cut off has found its way back."""

BAR = "[data-follow-bar]"
MARKED = "[data-standing=here]"

numbers = itertools.count()


@pytest.fixture(scope="module")
def museum_database(copied: Copy) -> Iterator[Database]:
    """A museum of its own, since what is walked here stays."""
    database = Database.open(copied("starter"))
    yield database
    database.close()


@pytest.fixture(scope="module")
def museum(
    museum_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    server = Server.start(tmp_path_factory.mktemp("museum") / "data", url_of(museum_database))
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()


def url_of(database: Database) -> str:
    return database.writer.engine.url.render_as_string(hide_password=False)


@dataclass(frozen=True)
class Leader:
    """A guide who leads a visit, and says so to a server by HTTP."""

    request: APIRequestContext
    database: Database
    token: str
    tour: int
    path: str
    stops: tuple[int, ...]

    def send(self, kind: str, server: str = "", **said: object) -> None:
        """Take one thing down and send it, as a phone does."""
        tour = f"{server}/staff/tours/{self.tour}"
        cookie = {"cookie": f"staff={self.token}"}
        walk: dict[str, Any] = self.request.get(f"{tour}/walk", headers=cookie).json()
        at = datetime.now(UTC).isoformat()
        entry = {"key": str(uuid4()), "kind": kind, "at": at, **said}
        batch = {"account": walk["account"], "sent_at": at, "entries": [entry]}
        headers = {**cookie, "x-csrf-token": walk["csrf"]}
        answer = self.request.post(f"{tour}/events", data=batch, headers=headers)
        assert answer.ok, answer.text()

    def arrive(self, number: int, server: str = "") -> None:
        """Arrive at a stop of the plan, counted from 1."""
        self.send("arrived", server, stop=str(self.stops[number - 1]))

    def revoke(self) -> None:
        """Let the address open nothing any more."""
        with self.database.writing() as db:
            for link in db.scalars(select(TourLink).where(TourLink.tour_id == self.tour)):
                link.revoke(datetime.now(UTC))


@pytest.fixture
def leader(browser: Browser, museum: Server, museum_database: Database) -> Iterator[Leader]:
    """Lead a visit of a meeting and four exhibits."""
    token, now = fresh_token(), datetime.now(UTC)
    with museum_database.writing() as db:
        found = {exhibit.slug: exhibit.id for exhibit in db.scalars(select(Exhibit))}
        guide = make.account(Role.GUIDE, email=f"guide-{next(numbers)}@example.org")
        db.add_all([guide, StaffSession.of(guide, hashed(token), now)])
        db.flush()
        stops = [
            make.stop(
                1, names={"az": "Görüş", "zh-Hans": "会见", "ar": "لقاء", "en": "Meeting"}
            ),
            *(make.stop(n, exhibit_id=found[slug]) for n, slug in enumerate(ROUTE, 2)),
        ]
        tour = make.tour(
            state=State.CONFIRMED,
            languages=[],
            starts_at=now - timedelta(minutes=5),
            ends_at=now + timedelta(minutes=60),
            stops=stops,
            staff=[TourStaff(account_id=guide.id, duty=Duty.GUIDE)],
            reference=f"f-{next(numbers)}",
        )
        db.add(tour)
        db.flush()
        link = TourLink.made(tour.id, SECRET, now)
        db.add(link)
        db.flush()
        path, number = f"/d/{link.token(SECRET)}", tour.id
        placed = tuple(stop.id for stop in stops)
    context = browser.new_context(base_url=museum.address)
    yield Leader(context.request, museum_database, token, number, path, placed)
    context.close()


Phone = Callable[..., Page]


@pytest.fixture
def phone(browser: Browser, museum: Server) -> Iterator[Phone]:
    """Open a phone that asks for a language."""
    contexts: list[BrowserContext] = []

    def opened(language: str = "en", **options: Any) -> Page:  # noqa: ANN401 (as Playwright types them)
        told = {"base_url": museum.address, "viewport": PHONE, "reduced_motion": "reduce"}
        context = browser.new_context(locale=language, **{**told, **options})
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def following(page: Page, path: str) -> Page:
    """Open a delegation's page and say that one follows."""
    page.goto(path)
    page.get_by_role("switch").first.check()
    return page


def name_of(database: Database, slug: str, tag: str) -> str:
    with database.reading() as db:
        names = db.scalars(select(Exhibit.names).where(Exhibit.slug == slug)).one()
    return names[tag]


# Together.


def test_each_phone_is_told_in_its_own_language(
    phone: Phone, leader: Leader, museum_database: Database
) -> None:
    pages = {tag: phone(tag) for tag in LANGUAGES}
    for page in pages.values():
        page.goto(leader.path)
        expect(page.locator(BAR)).to_be_empty()

    leader.arrive(3)

    for tag, page in pages.items():
        name = name_of(museum_database, "tar", tag)
        expect(page.locator(BAR)).to_contain_text(name)
        expect(page.locator(MARKED)).to_contain_text(name)
        assert page.locator("html").get_attribute("lang") == tag
        go = page.locator(f"{BAR} a")
        assert go.get_attribute("href") == f"/{tag}/exhibits/tar"


def test_who_comes_late_is_at_the_right_stop_at_once(phone: Phone, leader: Leader) -> None:
    leader.arrive(1)
    leader.arrive(3)
    page = phone("en", java_script_enabled=False)

    page.goto(leader.path)

    expect(page.locator(MARKED)).to_contain_text("The guide is here Tar")
    standings = page.locator("[data-stop]").evaluate_all(
        "(stops) => stops.map((one) => one.dataset.standing ?? '')"
    )
    assert standings == ["seen", "passed", "here", "", ""]
    page.get_by_role("link", name="Where is the group now?").click()
    page.wait_for_url("**/en/exhibits/tar")


def test_the_thread_and_the_words_move_in_place(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    leader.arrive(2)
    page.goto(leader.path)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(urlsplit(one.url).path))
    expect(page.locator(MARKED)).to_contain_text("Creation")

    leader.arrive(3)
    expect(page.locator(MARKED)).to_contain_text("Tar")
    leader.arrive(5)
    expect(page.locator(MARKED)).to_contain_text("Philharmonic")

    assert leader.path not in asked
    shown = page.locator("[data-stop]").evaluate_all(
        "(all) => all.map((one) => [one.dataset.standing ?? '', one.ariaCurrent ?? ''])"
    )
    assert shown[1:] == [["seen", ""], ["seen", ""], ["passed", ""], ["here", "step"]]
    page.reload()
    again = page.locator("[data-stop]").evaluate_all(
        "(all) => all.map((one) => [one.dataset.standing ?? '', one.ariaCurrent ?? ''])"
    )
    assert again == shown


def test_the_hours_go_when_the_group_sets_out(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    page.goto(leader.path)
    expect(page.locator(".thread time")).to_have_count(5)

    leader.send("started")

    expect(page.locator(".thread time")).to_have_count(0)
    expect(page.locator(BAR)).to_be_empty()
    leader.arrive(1)
    expect(page.locator(BAR)).to_contain_text("Meeting")
    expect(page.locator(MARKED)).to_contain_text("The guide is here")
    leader.send("left")
    expect(page.locator(MARKED)).to_contain_text("On the way to the next stop")


# Nobody is moved.


def test_on_its_own_page_nothing_moves_but_the_line(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    leader.arrive(2)
    page.goto(leader.path)
    expect(page.locator("[data-following]")).to_be_visible()
    page.evaluate("scrollTo(0, 300)")
    before = page.evaluate(PLACE)
    rows = page.evaluate(TOPS)

    leader.arrive(3)

    status = page.get_by_role("status").filter(has_text=AT)
    expect(status).to_be_visible()
    expect(status).to_contain_text("Tar")
    assert page.evaluate(PLACE) == before
    assert page.evaluate(TOPS) == rows


def test_who_did_not_ask_is_left_alone_on_other_pages(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    page.goto(leader.path)
    page.goto("/en/exhibits/saz")
    streams: list[str] = []
    page.on("request", lambda one: streams.append(one.url))

    leader.arrive(3)
    page.evaluate("fetch('/healthz')")
    page.reload()

    assert page.locator(BAR).count() == 0
    assert page.evaluate(KEPT) is None
    assert [one for one in streams if "/d/" in one or "follow" in one] == []


def test_who_follows_reads_on_and_returns_with_one_tap(phone: Phone, leader: Leader) -> None:
    page = following(phone("en"), leader.path)
    expect(page.get_by_role("status").filter(has_text="You are following")).to_be_visible()
    kept = page.evaluate(KEPT)
    assert set(kept) == {"path", "until"}
    assert kept["path"] == leader.path
    page.goto("/en/exhibits/saz")
    expect(page.locator(BAR)).to_contain_text("You are following the guide.")
    page.evaluate("scrollTo(0, 200)")
    before = page.evaluate(PLACE)

    leader.arrive(3)

    status = page.get_by_role("status")
    expect(status).to_contain_text(f"{AT} Tar")
    assert page.evaluate(PLACE) == before
    status.get_by_role("link", name="Go").click()
    page.wait_for_url("**/en/exhibits/tar")
    expect(page.locator(BAR)).to_contain_text("The guide is here")
    assert leader.path.removeprefix("/d/") not in page.url
    page.locator(BAR).get_by_role("link", name="Visit programme").click()
    page.wait_for_url(f"**{leader.path}")


def test_following_is_left_and_taken_up_with_one_tap(phone: Phone, leader: Leader) -> None:
    page = following(phone("en"), leader.path)
    page.goto("/en/exhibits/saz")

    page.get_by_role("button", name="Stop following").click()
    expect(page.locator(BAR)).to_contain_text("You are no longer following")
    assert page.evaluate(KEPT) is None
    leader.arrive(3)
    expect(page.locator(BAR)).not_to_contain_text("Tar")

    page.get_by_role("button", name="Follow the guide").click()
    expect(page.locator(BAR)).to_contain_text("Tar")
    assert page.evaluate(KEPT)["path"] == leader.path


def test_what_is_chosen_on_one_page_counts_on_those_that_are_open(
    phone: Phone, leader: Leader
) -> None:
    page = following(phone("en"), leader.path)
    other = page.context.new_page()
    other.goto("/en/exhibits/saz")
    expect(other.locator(BAR)).to_contain_text("You are following")

    page.get_by_role("switch").first.uncheck()
    expect(other.locator(BAR)).to_be_empty()

    page.get_by_role("switch").first.check()
    leader.arrive(3)
    expect(other.locator(BAR)).to_contain_text("Tar")


def test_stops_open_by_themselves_for_who_asked(phone: Phone, leader: Leader) -> None:
    page = following(phone("zh-Hans"), leader.path)
    page.get_by_role("switch").nth(1).check()
    expect(page.get_by_role("status").filter(has_text="自动打开")).to_be_visible()
    page.goto("/zh-Hans/exhibits/saz")
    expect(page.locator(BAR)).not_to_be_empty()

    leader.arrive(3)
    page.wait_for_url("**/zh-Hans/exhibits/tar")
    page.goto("/zh-Hans/exhibits/saz")
    expect(page.locator(BAR)).to_contain_text(AT_IN_CHINESE)
    assert page.url.endswith("/zh-Hans/exhibits/saz"), "one who reads on is not called back"
    leader.arrive(4)
    page.wait_for_url("**/zh-Hans/exhibits/kamancha")


# What comes between.


def test_what_was_missed_without_connection_is_made_up(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    leader.arrive(2)
    page.goto(leader.path)
    page.context.set_offline(True)
    leader.arrive(3)
    leader.arrive(4)
    expect(page.locator(MARKED)).to_contain_text("Creation")

    page.context.set_offline(False)

    expect(page.locator(BAR)).to_contain_text("Kamancha", timeout=WITHIN)
    expect(page.locator("[data-standing=seen]")).to_have_count(2)


def test_where_streams_do_not_come_through_it_asks(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    page.route("**/events?*", lambda route: route.abort())
    page.goto(leader.path)
    with page.expect_response(lambda one: one.url.endswith("/now"), timeout=WITHIN):
        pass

    leader.arrive(3)

    expect(page.locator(BAR)).to_contain_text("Tar", timeout=WITHIN)
    asked = "**" + leader.path + "/now"
    with page.expect_response(asked) as answer:
        pass
    assert answer.value.status == 304
    assert answer.value.request.headers["if-none-match"]


def test_a_server_that_was_started_again_is_found(
    phone: Phone, leader: Leader, museum_database: Database, tmp_path: Path
) -> None:
    first = Server.start(tmp_path / "data", url_of(museum_database))
    first.wait_until_ready()
    page = phone("en", base_url=first.address)
    page.goto(leader.path)
    leader.arrive(2, first.address)
    expect(page.locator(BAR)).to_contain_text("Creation")

    first.end()
    leader.arrive(3)
    port = ("--port", str(first.port))
    second = replace(
        Server.start(tmp_path / "data", url_of(museum_database), *port), port=first.port
    )
    try:
        second.wait_until_ready()
        expect(page.locator(BAR)).to_contain_text("Tar", timeout=WITHIN)
    finally:
        page.close()
        second.end()


def test_a_page_that_is_not_looked_at_asks_for_nothing(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    page.goto(leader.path)
    hide = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""

    page.evaluate(hide, True)
    leader.arrive(3)
    leader.arrive(4)
    expect(page.locator(BAR)).to_be_empty()

    with page.expect_request("**/events?*"):
        page.evaluate(hide, False)
    expect(page.locator(BAR)).to_contain_text("Kamancha")
    expect(page.locator("[data-standing=seen]")).to_contain_text("Tar")


def test_a_page_that_is_slower_than_the_guide_puts_nobody_back(
    phone: Phone, leader: Leader
) -> None:
    page = phone("en")
    leader.arrive(2)
    page.goto(leader.path)
    expect(page.locator(MARKED)).to_contain_text("Creation")
    read = f"{leader.path}?lang=en"
    held: list[Route] = []
    page.route(f"**{read}", lambda route: held.append(route), times=1)  # noqa: PLW0108 (Playwright marks what it calls)
    with page.expect_request(f"**{read}"):
        leader.send("added", exhibit="saz")
    old = leader.request.get(read)
    leader.arrive(4)
    expect(page.locator(BAR)).to_contain_text("Kamancha")

    held[0].fulfill(response=old)

    expect(page.locator("[data-stop]")).to_have_count(6)
    expect(page.locator(MARKED)).to_contain_text("Kamancha")
    expect(page.locator(BAR)).to_contain_text("Kamancha")


# What changes on the way, and the end.


def test_a_stop_that_is_added_comes_in_its_place(phone: Phone, leader: Leader) -> None:
    page = phone("en")
    leader.arrive(2)
    page.goto(leader.path)
    expect(page.locator("[data-stop]")).to_have_count(5)
    page.evaluate("scrollTo(0, 250)")
    before = page.evaluate(PLACE)

    leader.send("added", exhibit="saz")

    expect(page.locator("[data-stop]")).to_have_count(6)
    assert page.evaluate(PLACE) == before
    with leader.database.reading() as db:
        query = select(TourStop.id).where(TourStop.tour_id == leader.tour)
        added = str(db.scalars(query.where(TourStop.added_by.is_not(None))).one())
    numbers = "(stops) => stops.map((one) => one.dataset.stop)"
    assert page.locator("[data-stop]").evaluate_all(numbers)[2] == added
    leader.send("arrived", stop=added)
    expect(page.locator(BAR)).to_contain_text("Saz")


def test_at_the_end_the_guests_are_thanked_and_followed_no_more(
    phone: Phone, leader: Leader
) -> None:
    page = following(phone("en"), leader.path)
    elsewhere = page.context.new_page()
    elsewhere.goto("/en/exhibits/saz")
    leader.arrive(3)
    leader.arrive(2)
    expect(elsewhere.locator(BAR)).to_contain_text("Creation")
    expect(page.locator(BAR)).to_contain_text("Creation")

    leader.send("finished")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your visit")
    seen = page.locator("[data-stop] .name").all_text_contents()
    assert [one.split()[0] for one in seen] == ["Tar", "Creation"]
    for one in (page, elsewhere):
        expect(one.locator(BAR)).to_be_empty()
    assert page.evaluate(KEPT) is None


def test_an_address_that_is_revoked_is_forgotten(phone: Phone, leader: Leader) -> None:
    page = following(phone("en"), leader.path)
    page.goto("/en/exhibits/saz")
    expect(page.locator(BAR)).not_to_be_empty()

    leader.revoke()
    page.reload()

    page.wait_for_load_state("networkidle")
    assert page.evaluate(KEPT) is None
    assert page.locator(BAR).count() == 0


@pytest.mark.parametrize(
    "kept",
    ["{}", "x", '{"path":"//evil.example/d/x","until":9e15}', '{"path":"/d/x","until":1}'],
)
def test_what_is_kept_is_not_believed(phone: Phone, kept: str) -> None:
    page = phone("en")
    page.goto("/en/")
    page.evaluate("(kept) => localStorage.setItem('follow', kept)", kept)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))

    page.goto("/en/exhibits/saz")
    page.wait_for_load_state("networkidle")

    assert [one for one in asked if "/d/" in one] == []
    assert page.locator(BAR).count() == 0


# How it looks.


@pytest.mark.parametrize("tag", LANGUAGES)
def test_it_fits_and_everyone_can_use_it(phone: Phone, leader: Leader, tag: str) -> None:
    page = phone(tag, bypass_csp=True)
    page.context.add_init_script(path=AXE)
    following(page, leader.path)
    page.get_by_role("switch").nth(1).check()
    page.get_by_role("switch").nth(1).uncheck()
    leader.arrive(3)
    faults = faults_with_the_line(page)
    for slug in ("saz", "tar"):
        page.goto(f"/{tag}/exhibits/{slug}")
        faults += faults_with_the_line(page)
    page.locator(f"{BAR} button").click()
    faults += faults_with_the_line(page)

    assert not faults, "\n".join(faults)


def faults_with_the_line(page: Page) -> list[str]:
    expect(page.locator(BAR)).not_to_be_empty()
    faults = [*faults_at(page, *WIDTHS), *barriers(page)]
    with dressed(page, TWICE_AS_LARGE):
        faults += faults_at(page, 360, themes=("light",))
    page.set_viewport_size(PHONE)
    _, unseen = round_by_tab(page)
    return faults + unseen


def test_what_is_kept_on_a_phone_is_two_things(phone: Phone, leader: Leader) -> None:
    page = following(phone("en"), leader.path)

    kept = page.evaluate("JSON.stringify({ ...localStorage })")

    assert set(json.loads(kept)) == {"follow"}
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("caches.keys()") == []
