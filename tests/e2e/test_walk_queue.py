"""Whatever happens to requests, answers and tabs: what was appended is kept once, in order.

A schedule is drawn from a seed and carried out in a browser, with the module that phones run
and a server; only the way between them is ours. In the end the server must have what was
appended, and nothing else.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.walks import PATIENCE, Book, book, sign_in

__all__ = ["book"]

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

SEEDS = range(30)
MORE_SEEDS = range(1_000, 1_300)
STEPS = 30
UNREADABLE = "Z" + "\u0300" * 40
"""A tower of marks, which the server refuses."""

FAULTS = ("", "", "lost request", "lost answer", "doubled", "held")
SET_UP = """async ({ tour, hasLocks }) => {
  if (!hasLocks) Object.defineProperty(navigator, "locks", { value: undefined });
  const link = document.querySelector("link[href$='walk-queue.js']");
  const { Queue } = await import(link.href);
  const path = `/staff/tours/${tour}`;
  const headers = { "x-csrf-token": "none" };
  const { account, csrf } = await (await fetch(`${path}/walk`, { headers })).json();
  const deliver = async (batch) => {
    const answer = await fetch(`${path}/events`, {
      method: "POST",
      body: JSON.stringify(batch),
      headers: { "x-csrf-token": csrf, "content-type": "application/json" },
    });
    return { status: answer.status, told: await answer.json() };
  };
  const way = { faults: [], batches: [], held: [], owner: { account, tour }, sending: null };
  way.queue = await Queue.open("trial");
  way.post = async (batch) => {
    way.batches.push(batch);
    const fault = way.faults.shift() ?? "";
    if (fault === "lost request") throw new Error(fault);
    if (fault === "held") await new Promise((done) => way.held.push(done));
    const answer = await deliver(batch);
    if (fault === "doubled") return deliver(batch);
    if (fault === "lost answer") throw new Error(fault);
    return answer;
  };
  way.send = () => way.queue.send(way.owner, way.post).catch(() => null);
  way.echo = (n) => way.batches.length && deliver(way.batches[n % way.batches.length]);
  globalThis.way = way;
}"""
APPEND = "(said) => way.queue.append(way.owner, said).then(({ key }) => key)"
BEGIN_TO_SEND = "(faults) => { way.faults.push(...faults); way.sending = way.send(); }"
RELEASE = "() => { for (const go of way.held.splice(0)) go(); }"
ECHO = "(n) => Promise.resolve(way.echo(n)).then(() => null, () => null)"
CLEAR = "() => { way.faults.length = 0; for (const go of way.held.splice(0)) go(); }"
SETTLE = "() => way.sending"
DRAIN = "() => way.queue.send(way.owner, way.post)"
LEFT = """async () => ({
  waiting: (await way.queue.waiting(way.owner)).length,
  refused: (await way.queue.refused(way.owner)).map(({ key }) => key),
})"""


class Trial:
    """Two tabs of one phone, and what was appended on it."""

    def __init__(self, seed: int, tabs: list[Page], tour: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (a schedule, no secret)
        self.tabs = tabs
        self.told: dict[str, Any] = {"tour": tour, "hasLocks": self.chance.random() < 0.5}
        self.kept: list[int] = []
        self.refused: list[str] = []
        for tab in tabs:
            self.open(tab)

    def open(self, tab: Page) -> None:
        tab.goto("/staff/walk/en")
        tab.evaluate(SET_UP, self.told)

    def append(self, tab: Page) -> None:
        if self.chance.random() < 0.1:
            said = {"kind": "noted", "text": UNREADABLE}
            self.refused.append(tab.evaluate(APPEND, said))
            return
        number = len(self.kept) + 1
        tab.evaluate(APPEND, {"kind": "counted", "number": number})
        self.kept.append(number)

    def burst(self, tab: Page) -> None:
        """Fill more than one batch."""
        for _ in range(self.chance.randrange(15, 30)):
            self.append(tab)

    def send(self, tab: Page) -> None:
        faults = self.chance.choices(FAULTS, k=self.chance.randrange(4))
        tab.evaluate(BEGIN_TO_SEND, faults)

    def release(self, tab: Page) -> None:
        tab.evaluate(RELEASE)

    def echo(self, tab: Page) -> None:
        """Let a batch of long ago arrive once more."""
        tab.evaluate(ECHO, self.chance.randrange(100))

    def reload(self, tab: Page) -> None:
        """Restart in the midst of it: what is under way is lost, or is not."""
        self.open(tab)

    def step(self) -> None:
        deeds = (self.append, self.send, self.release, self.echo, self.reload, self.burst)
        weights = (10, 8, 3, 2, 1, 1)
        (deed,) = self.chance.choices(deeds, weights)
        deed(self.chance.choice(self.tabs))

    def end(self) -> None:
        """Let everything arrive that still may, then send without faults."""
        for clearing in (CLEAR, SETTLE):
            for tab in self.tabs:
                tab.evaluate(clearing)
        assert self.tabs[0].evaluate(DRAIN)["kind"] == "sent"


@pytest.fixture
def tabs(browser: Browser, served: str) -> Iterator[list[Page]]:
    context = browser.new_context(base_url=served)
    context.set_default_timeout(PATIENCE)
    yield [context.new_page(), context.new_page()]
    context.close()


def tried(seed: int, book: Book, tabs: list[Page]) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    sign_in(tabs[0].context, book.address, nigar)
    trial = Trial(seed, tabs, tour)
    for _ in range(STEPS):
        trial.step()
    trial.end()

    assert [event.number for event in book.kept(tour)] == trial.kept
    left = tabs[1].evaluate(LEFT)
    assert left["waiting"] == 0
    assert sorted(left["refused"]) == sorted(trial.refused)


def test_a_store_that_the_browser_has_closed_is_opened_again(
    book: Book, tabs: list[Page]
) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    sign_in(tabs[0].context, book.address, nigar)
    trial = Trial(1, tabs[:1], tour)
    said = {"kind": "counted", "number": 1}
    tabs[0].evaluate(APPEND, said)
    tabs[0].evaluate("() => way.queue.db.close()")

    tabs[0].evaluate(APPEND, said | {"number": 2})
    tabs[0].evaluate("() => way.queue.db.close()")
    trial.end()

    assert [event.number for event in book.kept(tour)] == [1, 2]


SLEEPER = """(owner) => new Promise((held) => {
  const name = `walk ${owner.account} ${owner.tour}`;
  navigator.locks.request(name, () => { held(); return new Promise(() => {}); });
})"""


def test_a_tab_that_sleeps_in_its_turn_is_not_waited_for(book: Book, tabs: list[Page]) -> None:
    nigar = book.guide()
    tour = book.tour(nigar)
    sign_in(tabs[0].context, book.address, nigar)
    trial = Trial(2, tabs, tour)
    trial.told["hasLocks"] = True
    for tab in tabs:
        trial.open(tab)
    owner = tabs[0].evaluate("() => way.owner")
    tabs[1].evaluate(SLEEPER, owner)
    tabs[0].evaluate(APPEND, {"kind": "counted", "number": 1})

    told = tabs[0].evaluate(DRAIN)

    assert told["kind"] == "sent"
    assert [event.number for event in book.kept(tour)] == [1]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_appended_is_kept_once_and_in_order(
    book: Book, tabs: list[Page], seed: int
) -> None:
    tried(seed, book, tabs)


@pytest.mark.long
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_it_is_in_three_hundred_more_schedules(book: Book, tabs: list[Page], seed: int) -> None:
    tried(seed, book, tabs)
