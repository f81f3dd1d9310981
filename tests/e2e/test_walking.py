"""A guide walks with a delegation: by thumb, by keyboard, and without a connection."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from guide.accounts.model import StaffSession
from guide.db import Database
from guide.settings import FILES
from guide.tours.model import State, Tour
from tests.e2e.conftest import ON_ONE_DATABASE, PHONE
from tests.e2e.server import Server
from tests.e2e.test_axe import AXE, barriers
from tests.e2e.test_layout import TWICE_AS_LARGE, WIDTHS, dressed, faults_at, round_by_tab
from tests.e2e.walks import (
    BRIEF,
    CONTACT,
    GUEST,
    NOTE,
    PATIENCE,
    Book,
    Walker,
    book,
    opened,
    sign_in,
    walker,
)

__all__ = ["book", "walker"]

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

GO = "[data-do=go]"
MENU = "header [data-opens=menu]"
SHEETS = ("menu", "note", "add", "guests", "contacts", "brief", "gift", "code", "finish")
STORED = """async () => {
  const opening = indexedDB.open("walk");
  const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
  const told = {};
  for (const name of db.objectStoreNames) {
    const all = db.transaction(name).objectStore(name).getAll();
    told[name] = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  }
  db.close();
  return told;
}"""
EMPTIED = """async () => {
  for (let tries = 0; (await (STORED)()).entries.length; tries += 1) {
    if (tries > 200) throw new Error("entries still wait");
    await new Promise((done) => { setTimeout(done, 50); });
  }
}"""
AGAIN = "() => new Promise((done) => { setTimeout(done, 650); })"
"""The time in which a second tap on the large button is the same one."""

CACHED = """async () => {
  const told = {}, ANY = { ignoreVary: true };
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      told[new URL(url).pathname] = await (await caches.match(url, ANY)).text();
  return told;
}"""
RENEWED = """async (old) => {
  for (let tries = 0; (await caches.keys()).includes(old); tries += 1) {
    if (tries > 200) throw new Error("the old version is still kept");
    await new Promise((done) => { setTimeout(done, 50); });
  }
  if ((await caches.keys()).length !== 1) throw new Error("not one version is kept");
}"""
WORKER = "navigator.serviceWorker.ready.then(({ active }) => active.state)"


class Hand:
    """A thumb that counts its taps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, where: str) -> None:
        self.page.locator(where).tap()
        self.taps += 1

    def go(self) -> None:
        """Tap the large button, which takes a second tap soon after for the same one."""
        self.page.evaluate(AGAIN)
        self.tap(GO)

    def spent(self) -> int:
        spent, self.taps = self.taps, 0
        return spent


def sent(page: Page) -> None:
    """Wait until nothing waits on the phone."""
    page.evaluate(EMPTIED.replace("STORED", STORED))


def test_a_walk_with_one_thumb(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    hand, where, name = Hand(page), page.locator(".where"), page.locator("h1")

    hand.go()
    expect(where).to_contain_text("Under way")
    assert hand.spent() == 1
    hand.go()
    expect(where).to_contain_text(re.compile(r"Stop 1 of 4 · 00:00"))
    assert hand.spent() == 1
    hand.go()
    expect(name).to_contain_text("Philharmonic")
    assert hand.spent() == 1
    hand.tap("[data-do=back]")
    expect(name).to_contain_text("Creation")
    assert hand.spent() == 1
    for deed in ("leave", "skip", "pause"):
        hand.tap(MENU)
        hand.tap(f"#menu [data-do={deed}]")
        expect(page.locator("#menu")).to_be_hidden()
        assert hand.spent() == 2
    expect(page.locator("[data-show=above]")).to_contain_text("Paused")
    hand.tap("footer [data-opens=add]")
    hand.tap("#add li button:has-text('Bandi')")
    expect(page.locator("#add")).to_be_hidden()
    assert hand.spent() == 2
    hand.go()
    expect(name).to_contain_text("Bandi")
    expect(where).to_contain_text("Stop 2 of 5")
    hand.go()
    expect(name).to_contain_text("Kamancha")
    hand.go()
    expect(name).to_contain_text("Tar")
    hand.spent()
    hand.go()
    hand.tap("#finish [data-do=finish]")
    assert hand.spent() == 2
    expect(name).to_have_text("The walk is over")
    sent(page)

    said = book.said(tour)
    assert said == [
        *("started", "arrived", "arrived", "arrived", "left", "skipped", "paused"),
        *("added", "arrived", "arrived", "arrived", "finished"),
    ]
    assert page.evaluate(STORED) == {"aside": [], "entries": [], "walks": []}


def test_guests_are_counted_and_notes_are_written(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    hand = Hand(page)

    hand.tap("[data-do=fewer]")
    expect(page.locator("[data-show=missing]")).to_have_text("1 of 12 missing")
    assert hand.spent() == 1
    page.get_by_label("Headcount").fill("35")
    page.keyboard.press("Enter")
    expect(page.locator("[data-show=missing]")).to_have_text("23 more than expected")
    hand.tap("[data-opens=note]")
    page.keyboard.type("Who tunes it?")
    hand.tap("#note [type=submit]")
    expect(page.locator("#note")).to_be_hidden()
    assert hand.spent() == 2
    hand.tap(MENU)
    hand.tap("#menu [data-opens=gift]")
    page.locator("#gift-text").fill("a carpet")
    hand.tap("#gift [type=submit]")
    expect(page.locator("#gift")).to_be_hidden()
    for way in ("We received it", "We gave it"):
        hand.tap(MENU)
        hand.tap("#menu [data-opens=gift]")
        expect(page.get_by_label("We gave it")).to_be_checked()
        page.get_by_label(way).tap()
        page.locator("#gift-text").fill("a vase")
        hand.tap("#gift [type=submit]")
        expect(page.locator("#gift")).to_be_hidden()
    sent(page)

    kept = book.kept(tour)
    assert [event.number for event in kept[:2]] == [11, 35]
    assert [event.note.text for event in kept if event.note] == [
        "Who tunes it?",
        *("a carpet", "a vase", "a vase"),
    ]
    assert [event.tag for event in kept[-3:]] == ["given", "received", "given"]


FULL = """() => {
  globalThis.add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => { throw new DOMException("", "QuotaExceededError"); };
}"""
ROOM = "() => { IDBObjectStore.prototype.add = add; }"


def test_what_the_phone_has_no_room_for_is_said_in_the_sheet_until_it_is_kept(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    unkept, note = "could not be kept on this phone", page.locator("#note")
    page.locator("[data-opens=note]").tap()
    page.locator("#note-text").fill("Who tunes it?")
    page.evaluate(FULL)

    page.locator("#note [type=submit]").tap()
    expect(note.get_by_role("alert")).to_contain_text(unkept)
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_contain_text(unkept)
    page.evaluate("dispatchEvent(new Event('online'))")
    with page.expect_response("**/walk/now"):
        pass
    expect(page.get_by_role("alert")).to_contain_text(unkept)

    page.evaluate(ROOM)
    page.locator("[data-opens=note]").tap()
    page.locator("#note [type=submit]").tap()
    expect(note).to_be_hidden()
    expect(page.get_by_role("alert")).to_be_hidden()
    sent(page)
    assert [event.note.text for event in book.kept(tour) if event.note] == ["Who tunes it?"]


def test_a_note_that_is_sent_twice_is_kept_once(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    page.locator("[data-opens=note]").tap()
    page.keyboard.type("Who tunes it?")

    page.evaluate(
        "const note = document.querySelector('#note form'); "
        "note.requestSubmit(); note.requestSubmit();"
    )

    expect(page.locator("#note")).to_be_hidden()
    sent(page)
    assert [event.note.text for event in book.kept(tour) if event.note] == ["Who tunes it?"]


def test_two_taps_at_once_are_one_step(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    page = opened(walker(nigar), book.tour(nigar))
    hand = Hand(page)
    hand.go()
    hand.go()
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")

    page.evaluate(AGAIN)
    page.locator(GO).dblclick()

    expect(page.locator(".where")).to_contain_text("Stop 2 of 4")


TWO_TAPS = """(where) => {
  const [first, second = first] = document.querySelectorAll(where);
  first.click();
  second.click();
}"""


def test_two_taps_in_a_sheet_are_one_deed_and_what_was_skipped_can_be_gone_to(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    hand = Hand(page)
    hand.go()
    hand.go()
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")

    def twice(sheet: str, where: str) -> None:
        hand.tap(f":is(header, footer) [data-opens={sheet}]")
        page.evaluate(TWO_TAPS, where)
        expect(page.locator(f"#{sheet}")).to_be_hidden()

    twice("menu", "#menu [data-do=skip]")
    twice("menu", "#menu [data-do=pause]")
    twice("add", "#add li:first-child button")
    twice("menu", f"#menu [data-do=leave], {GO}")
    hand.spent()
    hand.tap(MENU)
    hand.tap("#menu button:has-text('Go there after all'):has-text('Philharmonic')")
    assert hand.spent() == 2
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator("h1")).to_contain_text("Philharmonic")
    hand.tap(MENU)
    expect(page.locator("#menu")).not_to_contain_text("after all")

    sent(page)
    said = ["started", "arrived", "skipped", "paused", "added", "left", "arrived"]
    assert book.said(tour) == said


def test_what_is_pressed_is_large_and_below(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    page = opened(walker(nigar), book.tour(nigar))
    hand = Hand(page)
    hand.go()
    hand.go()
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")

    go = page.locator(GO).bounding_box()
    assert go
    assert go["height"] >= 72
    assert go["width"] >= PHONE["width"] - 2 * 24
    for one in ("fewer", "one-more"):
        box = page.locator(f"[data-do={one}]").bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 48
        assert box["y"] > PHONE["height"] / 2


def test_without_a_connection_everything_is_kept_and_sent_afterwards(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    hand = Hand(page)

    page.context.set_offline(True)
    hand.go()
    hand.go()
    hand.tap("[data-do=fewer]")

    expect(page.locator("[data-show=unsent]")).to_have_text("3 not sent yet")
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")
    assert book.said(tour) == []
    page.context.set_offline(False)
    expect(page.locator("[data-show=unsent]")).to_have_text("")
    assert book.said(tour) == ["started", "arrived", "counted"]


SEVENTEEN_MORE = """for (let n = 0; n < 17; n += 1)
  document.querySelector("[data-do=one-more]").click();"""


def test_what_was_acknowledged_before_the_connection_was_lost_again_stays(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    page.evaluate(WORKER)
    hand, where, unsent = Hand(page), page.locator(".where"), page.locator("[data-show=unsent]")
    page.route("**/events", lambda route: route.abort())
    hand.go()
    hand.go()
    hand.tap("footer [data-opens=add]")
    page.locator("#add-code").fill("by6v1")
    page.locator("#add form [type=submit]").tap()
    expect(where).to_contain_text("Stop 1 of 5")
    page.evaluate(SEVENTEEN_MORE)
    hand.go()
    expect(unsent).to_have_text("21 not sent yet")

    page.route("**/events", lambda route: route.continue_(), times=1)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(unsent).to_have_text("1 not sent yet")
    hand.tap("[data-do=one-more]")
    expect(unsent).to_have_text("2 not sent yet")
    expect(where).to_contain_text("Stop 2 of 5")
    page.context.set_offline(True)
    page.reload()
    expect(unsent).to_have_text("2 not sent yet")
    expect(where).to_contain_text("Stop 2 of 5")
    page.unroute("**/events")
    page.context.set_offline(False)

    expect(page.locator("h1")).to_contain_text("Tar")
    sent(page)
    kept = book.kept(tour)
    assert len(kept) == 22
    assert kept[2].stop_id == kept[20].stop_id


def test_the_walk_opens_again_while_the_server_is_gone(
    museum: Server, museum_database: Database, browser: Browser, tmp_path: Path
) -> None:
    book = Book(museum_database, museum.address)
    nigar = book.guide()
    tour = book.tour(nigar)
    context = browser.new_context(base_url=museum.address, viewport=PHONE, has_touch=True)
    context.set_default_timeout(PATIENCE)
    sign_in(context, museum.address, nigar)
    page = opened(context.new_page(), tour)
    hand = Hand(page)
    hand.go()
    hand.go()
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")
    sent(page)
    assert page.evaluate(WORKER) == "activated"

    museum.process.kill()
    museum.process.wait()
    hand.go()
    expect(page.locator(".where")).to_contain_text("Stop 2 of 4")
    expect(page.locator("[data-show=unsent]")).to_have_text("1 not sent yet")
    page.reload()
    expect(page.locator(".where")).to_contain_text("Stop 2 of 4")
    expect(page.locator("h1")).to_have_text("Stop 2")
    hand.go()
    expect(page.locator(".where")).to_contain_text("Stop 3 of 4")
    kept = json.dumps([page.evaluate(STORED), page.evaluate(CACHED)])
    page.close()
    page = context.new_page()
    page.goto(f"/staff/walk/en#{tour}")
    expect(page.locator("[data-show=unsent]")).to_have_text("2 not sent yet")

    address = museum_database.writer.engine.url.render_as_string(hide_password=False)
    again = Server.start(tmp_path / "again", address, "--port", str(museum.port))
    try:
        expect(page.locator("h1")).to_have_text("Kamancha", timeout=90_000)
        expect(page.locator("[data-show=unsent]")).to_have_text("")
        assert book.said(tour) == ["started", "arrived", "arrived", "arrived"]
        for marker in (GUEST, NOTE, BRIEF, CONTACT, "Friendship"):
            assert marker not in kept
    finally:
        context.close()
        again.end()


def test_an_old_page_and_a_new_server_lose_nothing(
    museum: Server, museum_database: Database, browser: Browser, tmp_path: Path
) -> None:
    book = Book(museum_database, museum.address)
    nigar = book.guide()
    tour = book.tour(nigar)
    context = browser.new_context(base_url=museum.address, viewport=PHONE, has_touch=True)
    context.set_default_timeout(PATIENCE)
    sign_in(context, museum.address, nigar)
    page = opened(context.new_page(), tour)
    page.evaluate(WORKER)
    (old,) = page.evaluate("caches.keys()")
    museum.process.kill()
    museum.process.wait()
    Hand(page).go()
    expect(page.locator("[data-show=unsent]")).to_have_text("1 not sent yet")
    new_files = tmp_path / "static"
    shutil.copytree(FILES / "static", new_files)
    for name in ("css/walk.css", "js/walk.js", "js/walk-queue.js", "js/walk-worker.js"):
        with (new_files / name).open("a") as file:
            file.write("\n/* of another version */\n")

    address = museum_database.writer.engine.url.render_as_string(hide_password=False)
    port = str(museum.port)
    again = Server.start(tmp_path / "again", address, "--port", port, static=new_files)
    try:
        expect(page.locator("[data-show=unsent]")).to_have_text("", timeout=90_000)
        page.reload()
        expect(page.locator(".where")).to_contain_text("Under way")
        page.evaluate(RENEWED, old)
        Hand(page).go()
        expect(page.locator(".where")).to_contain_text("Stop 1 of 4")
        sent(page)
        assert book.said(tour) == ["started", "arrived"]
    finally:
        context.close()
        again.end()


def test_the_worker_keeps_the_shells_and_their_files_and_nothing_else(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    page.evaluate(WORKER)
    page.goto(f"/staff/tours/{tour}")
    page.goto("/en/exhibits/tar")
    opened(page, tour)

    kept = page.evaluate(CACHED)

    pages = {path for path in kept if not path.startswith("/static/")}
    assert pages == {"/staff/walk/az", "/staff/walk/en"}
    assert len(kept) < 15
    assert not [path for path, text in kept.items() if GUEST in text or nigar.email in text]


def test_signing_out_loses_nothing_and_shows_nothing_to_another(
    book: Book, walker: Walker
) -> None:
    nigar, elvin = book.guide(), book.guide("Elvin")
    tour = book.tour(nigar, elvin)
    page = opened(walker(nigar), tour)
    hand = Hand(page)
    page.route("**/events", lambda route: route.abort())
    hand.go()
    hand.go()
    expect(page.locator("[data-show=unsent]")).to_have_text("2 not sent yet")
    page.goto("/staff")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.unroute("**/events")

    page.goto(f"/staff/walk/en#{tour}")
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    expect(page.locator("[data-show=unsent]")).to_have_text("")
    link = page.get_by_role("link", name="Sign in").get_attribute("href")
    assert link == f"/staff/session?next=%2Fstaff%2Fwalk%2Fen%23{tour}"
    page.evaluate(WORKER)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    expect(page.locator("body")).not_to_contain_text("Stop 1")
    expect(page.locator("[data-show=unsent]")).to_have_text("No connection")
    page.context.set_offline(False)

    sign_in(page.context, book.address, elvin)
    page.reload()
    expect(page.locator(GO)).to_contain_text("Start")
    expect(page.locator("[data-show=unsent]")).to_have_text("")
    assert book.said(tour) == []

    page.context.clear_cookies()
    page.goto(f"{link}")
    page.locator("#email").fill(nigar.email)
    page.locator("#password").fill("saz tar kamança balaban")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")
    sent(page)
    assert book.said(tour) == ["started", "arrived"]


ASLEEP = "localStorage.setItem('walk-left', '1')"
"""What the page to sign in does: a page that sets it is not told of it, as one that slept."""

SEEN = "document.dispatchEvent(new Event('visibilitychange'))"


def test_signing_out_in_another_tab_closes_the_walk_without_a_connection(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    walk, alert = f"**/staff/tours/{tour}/**", page.get_by_role("alert")

    def write_without_a_connection() -> None:
        page.locator("[data-opens=note]").tap()
        page.locator("#note-text").fill("Marker draft")
        page.route(walk, lambda route: route.abort())

    def see_nothing() -> None:
        expect(alert).to_contain_text("You are signed out")
        expect(page.locator("#note-text")).to_have_value("")
        assert "Friendship" not in page.content()

    write_without_a_connection()
    page.evaluate(f"{ASLEEP}; {SEEN}")
    see_nothing()

    page.unroute(walk)
    page.evaluate(SEEN)
    expect(page.locator("h1")).to_contain_text("Friendship")
    write_without_a_connection()
    other = page.context.new_page()
    other.goto("/staff")
    other.get_by_role("button", name="Menu").click()
    other.get_by_role("button", name="Sign out").click()
    see_nothing()


def test_a_phone_that_changes_hands_takes_down_for_whoever_is_signed_in(
    book: Book, walker: Walker
) -> None:
    nigar, elvin = book.guide(), book.guide("Elvin")
    tour = book.tour(nigar, elvin)
    page = opened(walker(nigar), tour)
    hand, above = Hand(page), page.locator("[data-show=above]")
    hand.go()
    hand.go()
    sent(page)
    page.locator("[data-opens=note]").tap()
    page.locator("#note-text").fill("Marker draft")
    page.keyboard.press("Escape")
    sign_in(page.context, book.address, elvin)

    expect(above).to_contain_text("Led by Nigar")
    expect(page.locator("#note-text")).to_have_value("")
    hand.go()
    expect(above).not_to_contain_text("Led by Nigar")
    sent(page)
    assert book.kept(tour)[-1].account_id == elvin.number

    page.route("**/events", lambda route: route.abort())
    Hand(page).tap("[data-do=fewer]")
    sign_in(page.context, book.address, nigar)
    page.unroute("**/events")
    expect(above).to_contain_text("Led by Elvin")
    assert [one["account"] for one in page.evaluate(STORED)["entries"]] == [elvin.number]


def test_a_session_that_ends_on_the_way_is_said_and_taps_are_kept(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    page.context.clear_cookies()

    Hand(page).go()

    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    expect(page.locator("body")).not_to_contain_text("Friendship")
    assert len(page.evaluate(STORED)["entries"]) == 1


def test_two_tabs_send_each_tap_once(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    first = opened(walker(nigar), tour)
    second = opened(first.context.new_page(), tour)
    first.context.set_offline(True)
    Hand(first).go()
    Hand(second).tap("[data-do=one-more]")
    Hand(first).tap("[data-do=fewer]")
    expect(second.locator("[data-show=unsent]")).to_have_text("3 not sent yet")

    first.context.set_offline(False)

    for page in (first, second):
        expect(page.locator("[data-show=unsent]")).to_have_text("")
    assert book.said(tour) == ["started", "counted", "counted"]


def test_two_guides_see_the_last_of_both(book: Book, walker: Walker) -> None:
    nigar, elvin = book.guide(), book.guide("Elvin")
    tour = book.tour(nigar, elvin)
    first, second = opened(walker(nigar), tour), opened(walker(elvin), tour)
    hand = Hand(first)
    hand.go()
    hand.go()

    expect(second.locator(".where")).to_contain_text("Stop 1 of 4")
    expect(second.locator("[data-show=above]")).to_contain_text("Led by Nigar")
    second.locator(GO).tap()

    expect(first.locator(".where")).to_contain_text("Stop 2 of 4")
    expect(first.locator("[data-show=above]")).to_contain_text("Led by Elvin")


def test_an_exhibit_is_added_by_its_code_without_a_connection(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    hand = Hand(page)
    hand.go()
    hand.go()
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")
    sent(page)
    page.context.set_offline(True)

    hand.tap("footer [data-opens=add]")
    page.locator("#add-code").fill("by6v1")
    page.locator("#add form [type=submit]").tap()
    expect(page.locator("[data-show=go-name]")).to_have_text("Code by6v1")
    hand.go()
    expect(page.locator("h1")).to_have_text("Code by6v1")
    page.context.set_offline(False)

    expect(page.locator("h1")).not_to_contain_text("Code", timeout=PATIENCE)
    expect(page.locator(".where")).to_contain_text("Stop 2 of 5")
    added, arrived = book.kept(tour)[-2:]
    assert (added.kind, arrived.kind) == ("added", "arrived")
    assert added.stop_id == arrived.stop_id


CAMERA = """(() => {
  globalThis.streams = [];
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 9, 9);
    streams.push(canvas.captureStream(5));
    return streams.at(-1);
  };
  globalThis.BarcodeDetector = class {
    async detect() { return [{ rawValue: "https://guide.example/q/by6v1" }]; }
  };
})();"""
BLIND = """globalThis.BarcodeDetector = class {};
navigator.mediaDevices.getUserMedia = async () => { throw new Error("not allowed"); };"""


def test_an_exhibit_is_added_by_the_camera(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = walker(nigar)
    page.add_init_script(CAMERA)
    opened(page, tour)

    page.locator("footer [data-opens=add]").tap()
    page.evaluate(TWO_TAPS, "[data-do=scan]")

    expect(page.locator("#add")).to_be_hidden()
    sent(page)
    assert book.said(tour) == ["added"]
    tracks = "streams.flatMap((one) => one.getTracks()).map(({ readyState }) => readyState)"
    assert page.evaluate(tracks) == ["ended", "ended"]


def test_a_camera_that_is_refused_leaves_the_code_to_be_typed(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    page = walker(nigar)
    page.add_init_script(BLIND)
    opened(page, book.tour(nigar))

    page.locator("footer [data-opens=add]").tap()
    page.get_by_role("button", name="Scan").tap()

    expect(page.locator("[data-show=scan-said]")).to_contain_text("Type the code instead")


def test_what_the_server_refuses_is_set_aside_and_the_rest_goes_on(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    page.locator("[data-opens=note]").tap()
    page.locator("#note-text").fill("Z" + "\u0300" * 40)  # a tower that no reader can read
    page.locator("#note [type=submit]").tap()
    expect(page.locator("#note")).to_be_hidden()
    Hand(page).go()

    expect(page.get_by_role("alert")).to_contain_text("1 could not be kept")
    sent(page)
    assert book.said(tour) == ["started"]
    page.locator("[data-show=refused-way]").tap()
    expect(page.locator("#refused")).to_contain_text("It could not be read.")
    page.locator("#refused").get_by_role("button", name="Take away").tap()
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator("h1")).to_be_focused()
    assert page.evaluate(STORED)["aside"] == []


def test_a_sheet_of_names_closes_when_somebody_is_signed_out(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    page = opened(walker(nigar), book.tour(nigar))
    page.locator(MENU).tap()
    page.locator("#menu [data-opens=guests]").tap()
    expect(page.locator("#guests")).to_contain_text(GUEST)
    with book.database.writing() as db:
        db.execute(delete(StaffSession).where(StaffSession.account_id == nigar.number))

    expect(page.locator("#guests")).to_be_hidden(timeout=15_000)
    assert GUEST not in page.content()


def test_a_page_that_is_left_holds_no_names(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    page = opened(walker(nigar), book.tour(nigar))
    page.locator(MENU).tap()
    page.locator("#menu [data-opens=guests]").tap()
    expect(page.locator("#guests")).to_contain_text(GUEST)
    page.context.set_offline(True)

    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")

    assert GUEST not in page.content()


def test_what_comes_after_the_persons_are_forgotten_is_set_aside(
    book: Book, walker: Walker
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    with book.database.writing() as db:
        db.get_one(Tour, tour).forgotten_at = datetime.now(UTC)
    page.locator("[data-opens=note]").tap()
    page.locator("#note-text").fill("Marker late")
    page.locator("#note [type=submit]").tap()

    expect(page.get_by_role("alert")).to_contain_text("1 could not be kept")
    sent(page)
    assert book.said(tour) == []
    refused = page.locator("#refused")
    page.locator("[data-show=refused-way]").tap()
    expect(refused).to_contain_text("persons of the visit were forgotten")
    expect(refused).to_contain_text("Marker late")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Hide names and notes").tap()
    page.locator("[data-show=refused-way]").tap()
    expect(refused).to_contain_text("Names and notes are hidden.")
    assert "Marker late" not in page.content()


def test_the_lock_hides_names_and_notes_and_stays(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    page = opened(walker(nigar), book.tour(nigar))
    hand = Hand(page)
    hand.go()
    hand.go()
    expect(page.locator("main")).to_contain_text(NOTE)
    page.locator("[data-opens=note]").tap()
    page.locator("#note-text").fill("A note of Marker")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Hide names and notes").tap()

    page.locator("[data-opens=note]").tap()
    expect(page.locator("#note-text")).to_have_value("")
    page.keyboard.press("Escape")
    for lap in range(2):
        for sheet in ("guests", "contacts", "brief"):
            page.locator(MENU).tap()
            page.locator(f"#menu [data-opens={sheet}]").tap()
            expect(page.locator(f"#{sheet}")).to_contain_text("Names and notes are hidden.")
            page.keyboard.press("Escape")
        assert "Marker" not in page.locator("body").inner_text()
        if not lap:
            page.reload()
            expect(page.locator(".where")).to_contain_text("Stop 1 of 4")
    page.get_by_role("button", name="Show them").tap()
    expect(page.locator("main")).to_contain_text(NOTE)


def test_the_code_is_made_and_shown_dark_on_white(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    page = opened(walker(nigar, color_scheme="dark"), book.tour(nigar))
    page.locator(MENU).tap()
    page.locator("#menu [data-opens=code]").tap()
    expect(page.locator("#code img")).to_have_count(0)

    page.get_by_role("button", name="Make the address").tap()

    expect(page.locator("#code img")).to_be_visible()
    expect(page.get_by_role("button", name="Make the address")).to_be_hidden()


@pytest.mark.parametrize("state", [State.PLANNED, State.CANCELLED])
def test_what_cannot_be_walked_says_so(book: Book, walker: Walker, state: State) -> None:
    nigar = book.guide()
    page = walker(nigar)
    page.goto(f"/staff/walk/en#{book.tour(nigar, state=state)}")

    expect(page.get_by_role("alert")).to_contain_text(re.compile("not confirmed|cancelled"))
    expect(page.locator(GO)).to_be_hidden()


def test_a_tour_of_somebody_else_is_not_there(book: Book, walker: Walker) -> None:
    nigar, elvin = book.guide(), book.guide("Elvin")
    page = walker(elvin)
    page.goto(f"/staff/walk/en#{book.tour(nigar)}")

    expect(page.get_by_role("alert")).to_contain_text("not yours to walk")
    expect(page.locator("body")).not_to_contain_text("Friendship")


def test_a_walk_by_keyboard_alone(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    page = opened(walker(nigar), tour)
    page.evaluate(AGAIN)
    page.locator(GO).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".where")).to_contain_text("Under way")
    page.evaluate(AGAIN)
    page.keyboard.press("Enter")
    expect(page.locator(".where")).to_contain_text("Stop 1 of 4")
    for _ in range(2):  # back over Add to the note
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("Asked about the knots")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#note")).to_be_hidden()
    expect(page.locator("section [data-opens=note]")).to_be_focused()
    page.locator(MENU).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(MENU)).to_be_focused()
    sent(page)

    noted = book.kept(tour)[-1]
    assert (noted.kind, noted.tag) == ("noted", "question")


LISTEN = """() => {
  globalThis.heard = [];
  const spoken = document.querySelector("[data-show=spoken]");
  const isBehind = () => Boolean(document.querySelector("dialog[open]"));
  const listener = new MutationObserver(() => heard.push([spoken.textContent, isBehind()]));
  listener.observe(spoken, { childList: true });
}"""


def test_by_keyboard_and_ear_nothing_is_lost(book: Book, walker: Walker) -> None:
    nigar = book.guide()
    page = opened(walker(nigar), book.tour(nigar))
    name, where = page.locator("h1"), page.locator(".where")

    def press(button: str) -> None:
        page.locator(button).focus()
        page.keyboard.press("Enter")

    for said in ("Under way", "Stop 1 of 4", "Stop 2 of 4"):
        page.evaluate(AGAIN)
        press(GO)
        expect(where).to_contain_text(said)
    press("[data-do=back]")
    expect(page.locator("[data-do=back]")).to_be_hidden()
    expect(name).to_be_focused()
    press("header [data-do=lock]")
    press("main [data-do=lock]")
    expect(name).to_be_focused()
    press(MENU)
    page.evaluate(LISTEN)
    press("#menu [data-do=leave]")
    expect(page.locator(MENU)).to_be_focused()
    page.wait_for_function("heard.length")
    ((said, is_behind),) = page.evaluate("heard")
    assert "Philharmonic" in said
    assert not is_behind


@pytest.fixture
def wall(browser: Browser, served: str) -> Iterator[Page]:
    """A screen of any size that lets styles and axe into what it shows."""
    context = browser.new_context(base_url=served, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["az", "en"])
def test_it_fits_and_everyone_can_use_it(wall: Page, book: Book, lang: str) -> None:
    nigar = book.guide(language=lang)
    tour = book.tour(nigar)
    sign_in(wall.context, book.address, nigar)
    page = opened(wall, tour, lang)
    faults: list[str] = []

    def look(what: str) -> None:
        told = [*faults_at(page, *WIDTHS), *barriers(page)]
        page.set_viewport_size(PHONE)
        faults.extend(f"{what}: {one}" for one in told)

    look("before")
    for _ in range(3):
        page.evaluate(AGAIN)
        page.locator(GO).click()
    expect(page.locator(".where")).to_contain_text("2")
    page.locator("[data-do=fewer]").click()
    look("at a stop")
    with dressed(page, TWICE_AS_LARGE):
        faults += faults_at(page, 360, themes=("light",))
    stops, unseen = round_by_tab(page)
    for sheet in SHEETS:
        page.evaluate(f"document.querySelector('[data-opens={sheet}]').click()")
        expect(page.locator(f"#{sheet}")).to_be_visible()
        look(sheet)
        page.keyboard.press("Escape")

    assert not faults + unseen, "\n".join(faults + unseen)
    assert stops > 5
