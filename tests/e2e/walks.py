"""A tour that is ready to be walked, and a guide's phone that is signed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.tours.model import Party, State, TourBrief
from guide.tours.people import Duty, TourStaff
from guide.tours.walking.events import WalkEvent
from guide.tours.walking.queries import events_of
from tests import make
from tests.accounts.conftest import HASH
from tests.e2e.conftest import PHONE

numbers = count()
PATIENCE = 30_000
"""Milliseconds."""

STOPS = ("creation", "philharmonic", "kamancha", "tar")
GUEST = "Marker Guestname"
NOTE = "Marker point: say more than forty"
BRIEF = "Marker brief: the bridge of 1905"
CONTACT = "Marker Contact, +994 12 505 60 01"


@dataclass(frozen=True)
class Somebody:
    """A guide, and the cookie of their session."""

    number: int
    email: str
    token: str


@dataclass(frozen=True)
class Book:
    """A guide that is served, and its database."""

    database: Database
    address: str

    def guide(self, name: str = "Nigar", language: str = "en") -> Somebody:
        """Let somebody who leads tours sign in."""
        token, email = fresh_token(), f"walker-{next(numbers)}@example.org"
        with self.database.writing() as db:
            account = make.account(Role.GUIDE, email=email, password=HASH)
            account.name, account.language = name, language
            db.add_all([account, StaffSession.of(account, hashed(token), datetime.now(UTC))])
            db.flush()
            return Somebody(account.id, email, token)

    def tour(self, *guides: Somebody, minutes_ago: int = 5, **fields: object) -> int:
        """Put a confirmed tour into the book, full of what must not stay on a phone."""
        starts_at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        with self.database.writing() as db:
            things = {slug: number for number, slug in db.execute(NUMBERS)}
            stops = [make.stop(n, exhibit_id=things[one]) for n, one in enumerate(STOPS, 1)]
            stops[0].note = NOTE
            guest = make.person(
                GUEST, pronunciation="gest-neym", short_address="Your Excellency"
            )
            other = make.person("王万明", name_language="zh-Hans", precedence=2)
            other.do_not_photograph = True
            tour = make.tour(
                **{
                    "state": State.CONFIRMED,
                    "reference": f"walk-{starts_at.timestamp()}"[:20],
                    "parties": (Party("organisation", {"en": "Friendship Association"}),),
                    "people": 12,
                    "starts_at": starts_at,
                    "ends_at": starts_at + timedelta(minutes=60),
                    "stops": stops,
                    "persons": [guest, other],
                    "brief": TourBrief(
                        contact=CONTACT, talking_points=BRIEF, to_avoid="Marker avoid"
                    ),
                    "staff": [
                        TourStaff(account_id=one.number, duty=Duty.GUIDE) for one in guides
                    ],
                }
                | fields
            )
            db.add(tour)
            db.flush()
            return tour.id

    def kept(self, tour: int) -> list[WalkEvent]:
        """Return what the server has of a walk."""
        with self.database.reading() as db:
            return events_of(db, tour)

    def said(self, tour: int) -> list[str]:
        """Return in words what the server has of a walk."""
        return [str(event.kind) for event in self.kept(tour)]


NUMBERS = select(Exhibit.id, Exhibit.slug)

Walker = Callable[..., Page]
"""Opens a phone on which a guide is signed in."""


def sign_in(context: BrowserContext, address: str, who: Somebody) -> None:
    """Give a browser somebody's session."""
    context.add_cookies([{"name": "staff", "value": who.token, "url": address}])


def opened(page: Page, tour: int, lang: str = "en") -> Page:
    """Open the walk of a tour, and wait until it is there."""
    page.goto(f"/staff/walk/{lang}#{tour}")
    page.locator("footer [data-do=go]").wait_for()
    return page


@pytest.fixture
def book(staff_database: Database, served: str) -> Iterator[Book]:
    """What is served to all tests; who was let in is kept out afterwards."""
    made = Book(staff_database, served)
    yield made
    with staff_database.writing() as db:
        ours = select(Account).where(Account.email.like("walker-%"))
        for account in db.scalars(ours):
            account.disable(datetime.now(UTC))


@pytest.fixture
def walker(browser: Browser, served: str) -> Iterator[Walker]:
    """Phones of guides."""
    contexts: list[BrowserContext] = []

    def pick_up(who: Somebody, **options: object) -> Page:
        told = {"base_url": served, "viewport": PHONE, "locale": "en", "has_touch": True}
        context = browser.new_context(**(told | options))  # type: ignore[arg-type]  # as asked
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        sign_in(context, served, who)
        return context.new_page()

    yield pick_up
    for context in contexts:
        context.close()
