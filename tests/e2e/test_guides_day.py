"""A guide's day: a walk with one thumb, a server that is killed, and guests who follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from guide.db import Database
from guide.tours.links import TourLink
from tests.e2e.conftest import ON_ONE_DATABASE, PHONE
from tests.e2e.server import Server
from tests.e2e.test_following import name_of
from tests.e2e.test_walking import GO, MENU, Hand, sent
from tests.e2e.walks import PATIENCE, STOPS, Book, sign_in

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

SECRET = "of no guide"  # noqa: S105 (the server knows a token by its hash alone)
HERE = "[data-standing=here]"
THANKS = {"zh-Hans": "感谢", "ar": "شكر"}
WITHIN = 60_000
"""Milliseconds in which phones have found a server that was started again."""


@dataclass(frozen=True)
class Guests:
    """Two guests with phones in their own languages."""

    database: Database
    phones: dict[str, Page]

    def open(self, path: str) -> None:
        for tag, page in self.phones.items():
            page.goto(path)
            assert page.locator("html").get_attribute("lang") == tag

    def are_at(self, slug: str, within: float = PATIENCE) -> None:
        for tag, page in self.phones.items():
            name = name_of(self.database, slug, tag)
            expect(page.locator(HERE)).to_contain_text(name, timeout=within)

    def are_thanked(self, *, seen: str, skipped: str) -> None:
        for tag, page in self.phones.items():
            expect(page.locator("h1")).to_contain_text(THANKS[tag])
            told = page.locator("main").inner_text()
            assert name_of(self.database, seen, tag) in told
            assert name_of(self.database, skipped, tag) not in told


@contextmanager
def phone(browser: Browser, museum: Server, language: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=museum.address, viewport=PHONE, locale=language, has_touch=True
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def address_of(database: Database, tour: int) -> str:
    """Make the address of a delegation's page."""
    with database.writing() as db:
        link = TourLink.made(tour, SECRET, datetime.now(UTC))
        db.add(link)
        return f"/d/{link.token(SECRET)}"


def write(hand: Hand, words: str) -> None:
    hand.tap("[data-opens=note]")
    hand.page.keyboard.type(words)
    hand.tap("#note [type=submit]")
    expect(hand.page.locator("#note")).to_be_hidden()


def set_out(hand: Hand, guests: Guests) -> None:
    """Start, stand at the first stop, count, write, and go on to the second."""
    hand.go()
    hand.go()
    sent(hand.page)
    guests.are_at(STOPS[0])
    hand.tap("[data-do=fewer]")
    write(hand, "Naxışı kim çəkib?")
    hand.go()
    sent(hand.page)
    guests.are_at(STOPS[1])


def go_on_alone(hand: Hand) -> None:
    """Go on while there is no server: the third stop, the fourth skipped, a note."""
    hand.go()
    hand.tap(MENU)
    hand.tap("#menu [data-do=skip]")
    write(hand, "Kamançaya qulaq asdılar")
    expect(hand.page.locator("[data-show=unsent]")).to_contain_text("3")


def finish(hand: Hand) -> None:
    hand.tap(MENU)
    hand.tap("#menu [data-opens=finish]")
    hand.tap("#finish [data-do=finish]")
    sent(hand.page)


def test_a_guides_day(
    museum: Server, museum_database: Database, browser: Browser, tmp_path: Path
) -> None:
    book = Book(museum_database, museum.address)
    nigar = book.guide(language="az")
    tour = book.tour(nigar, languages=[])
    path = address_of(museum_database, tour)
    with (
        phone(browser, museum, "az") as walk,
        phone(browser, museum, "zh-Hans") as chinese,
        phone(browser, museum, "ar") as arabic,
        phone(browser, museum, "en") as late,
    ):
        sign_in(walk.context, museum.address, nigar)
        guests = Guests(museum_database, {"zh-Hans": chinese, "ar": arabic})
        walk.goto(f"/staff/tours/{tour}")
        walk.locator(f"a[href='/staff/walk/az#{tour}']").first.tap()
        walk.locator(GO).wait_for()
        guests.open(path)
        hand = Hand(walk)
        set_out(hand, guests)

        museum.process.kill()
        museum.process.wait()
        go_on_alone(hand)
        address = museum_database.writer.engine.url.render_as_string(hide_password=False)
        again = Server.start(tmp_path / "data", address, "--port", str(museum.port))
        try:
            expect(walk.locator("[data-show=unsent]")).to_have_text("", timeout=WITHIN)
            guests.are_at(STOPS[2], WITHIN)
            late.goto(path)
            expect(late.locator(HERE)).to_contain_text("Kamancha")
            finish(hand)
            guests.are_thanked(seen=STOPS[2], skipped=STOPS[3])
        finally:
            again.end()

    kept = book.kept(tour)
    assert [str(event.kind) for event in kept] == [
        *("started", "arrived", "counted", "noted", "arrived"),
        *("arrived", "skipped", "noted", "finished"),
    ]
    written = [event.note.text for event in kept if event.note]
    assert written == ["Naxışı kim çəkib?", "Kamançaya qulaq asdılar"]
