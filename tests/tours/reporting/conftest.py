"""The visit of 29 April 2024 as it was told, with times, counts and notes made up for it.

It is planned, walked by a phone whose clock is ours, and completed; so everything in its
report is known beforehand.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.accounts.permissions import Person
from guide.db import Database
from guide.exhibits.model import Exhibition
from guide.languages.model import Language
from guide.tours.keepsakes.model import Direction, Gift, GuestBookPage, Publish
from guide.tours.model import Party, State, TourBrief
from guide.tours.people import (
    Duty,
    Interpreter,
    Side,
    TourInterpreter,
    TourPerson,
    TourStaff,
)
from guide.tours.queries import whole_tour
from guide.tours.reporting.making import Material
from guide.tours.sample import MEETING
from guide.tours.walking.entries import Entry
from guide.tours.walking.events import Kind
from guide.tours.walking.record import Sent, take_down
from tests import make
from tests.accounts.conftest import Desk

BAKU = ZoneInfo("Asia/Baku")
STARTS = datetime(2024, 4, 29, 7, 0, tzinfo=UTC)
"""11:00 in Baku."""

Steps = tuple[tuple[int, str, dict[str, Any]], ...]

ROOMS = ("carpet-dance-of-loops", "mini-azerbaijan", "musical-instruments", "classic-cars")
PLANNED = (20, 14, 12, 14, 12)
WALK: Steps = (
    (0, "counted", {"number": 14}),
    (0, "started", {}),
    (0, "arrived", {"stop": 0}),
    (22, "left", {}),
    (24, "arrived", {"stop": 1}),
    (30, "noted", {"text": "Question on natural dyes", "tag": "question"}),
    (41, "left", {}),
    (43, "arrived", {"stop": 2}),
    (54, "left", {}),
    (56, "arrived", {"stop": 3}),
    (60, "noted", {"text": "Listened to the kamancha", "tag": "interest"}),
    (66, "noted", {"text": "A chair was missing", "tag": "incident"}),
    (72, "left", {}),
    (75, "arrived", {"stop": 4}),
    (78, "noted", {"text": "Send the page on the 170 colours", "tag": "follow-up"}),
    (85, "counted", {"number": 13}),
    (85, "finished", {}),
)
"""Minutes from the beginning, and what the phone takes down then."""

Walked = Callable[..., int]


def entries(stops: list[int], walk: Steps = WALK) -> list[Entry]:
    found = []
    for n, (minute, kind, said) in enumerate(walk, 1):
        told = dict(said)
        if "stop" in told:
            told["stop"] = str(stops[int(str(told["stop"]))])
        at = STARTS + timedelta(minutes=minute)
        found.append(Entry(key=UUID(int=n), kind=Kind(kind), at=at, **told))
    return found


def april(db: Session) -> dict[str, Any]:
    """Return what is known of the visit beforehand, as fields of a tour."""
    rooms = {room.slug: room.id for room in db.scalars(select(Exhibition))}
    interpreter = Interpreter(name="Rəna Quliyeva", contact="", languages=["az", "zh"])
    db.add(interpreter)
    db.flush()
    return {
        "reference": "2024-001",
        "state": State.CONFIRMED,
        "parties": (
            Party(
                "organisation",
                {
                    "en": "Chinese People’s Association for Friendship with Foreign Countries",
                    "az": "Çin Xalqının Xarici Ölkələrlə Dostluq Cəmiyyəti",
                },
            ),
            Party("country", {}, "CN"),
        ),
        "languages": ["zh-Hans"],
        "people": 14,
        "date": "2024-04-29",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(minutes=80),
        "brief": TourBrief(),
        "stops": [
            make.stop(1, names=MEETING, minutes=PLANNED[0]),
            *(
                make.stop(n, exhibition_id=rooms[slug], minutes=PLANNED[n - 1])
                for n, slug in enumerate(ROOMS, 2)
            ),
        ],
        "persons": persons(),
        "interpreters": [
            TourInterpreter(
                interpreter_id=interpreter.id,
                from_language="az",
                to_language="zh-Hans",
                mode="consecutive",
            )
        ],
    }


def persons() -> list[TourPerson]:
    """Return who came and who received them, not in the order of precedence."""
    return [
        make.person("محمد بن راشد", role="member", precedence=3, name_language="ar"),
        make.person(
            "Əliyeva Ə.",
            role="aide",
            precedence=2,
            name_language="az",
            do_not_photograph=True,
        ),
        make.person(
            "杨万明",
            name_language="zh-Hans",
            name_en="Yang Wanming",
            name_az="Yan Vanmin",
            positions={"en": "President", "az": "prezident"},
        ),
        make.person(
            "Anar Alakbarov",
            side=Side.HOST,
            name_language="en",
            name_az="Anar Ələkbərov",
            positions={
                "en": "Assistant to the President of Azerbaijan, Executive Director of the "
                "Heydar Aliyev Foundation",
                "az": "Azərbaycan Prezidentinin köməkçisi, Heydər Əliyev Fondunun icraçı "
                "direktoru",
            },
        ),
    ]


@pytest.fixture
def walked_tour(museum: Database) -> Walked:
    """Put the visit into the book, let a guide walk it, and complete it."""

    def walk(  # noqa: PLR0913 (what a test may tell otherwise)
        guide: Desk,
        planner: Desk | None = None,
        *,
        walk: Steps = WALK,
        received: datetime = STARTS + timedelta(minutes=86),
        clock_off: timedelta = timedelta(),
        gift: bool = True,
        page: bool = True,
        **fields: object,
    ) -> int:
        serving = ((guide, Duty.GUIDE), (planner, Duty.PLANNER))
        with museum.writing() as db:
            plan = {
                **april(db),
                "staff": [
                    TourStaff(account_id=desk.number, duty=duty)
                    for desk, duty in serving
                    if desk
                ],
            }
            tour = make.tour(**{**plan, **fields})
            db.add(tour)
            db.flush()
            number = tour.id
        with museum.writing() as db:
            tour = db.scalars(whole_tour(number)).one()
            guide_account = db.get_one(Account, guide.number)
            who = Person(
                guide.number, guide_account.name, guide_account.email, "en", frozenset(), 0, ""
            )
            some = entries([stop.id for stop in tour.stops], walk)
            take_down(db, tour, some, Sent(who, received - clock_off, received), "secret")
            if gift:
                db.add(keepsake(number))
            if page:
                db.add(guest_book_page(number))
        return number

    return walk


def keepsake(tour_id: int, **fields: object) -> Gift:
    told = {
        "key": str(UUID(int=100)),
        "made_at": STARTS,
        "direction": Direction.GIVEN,
        "description_az": "Xalça naxışlı qutu",
        "description_en": "A box with a carpet’s pattern",
        "giver": "Anar Ələkbərov",
        "recipient": "Yan Vanmin",
        "register_number": "17",
    }
    return Gift(tour_id=tour_id, **{**told, **fields})


def guest_book_page(tour_id: int, **fields: object) -> GuestBookPage:
    told = {
        "key": str(UUID(int=101)),
        "made_at": STARTS,
        "picture": "a" * 64,
        "text": "友谊长存",
        "language": "zh-Hans",
        "translation": "Dostluq əbədi olsun",
        "signatory": "杨万明",
        "publish": Publish.ASKED,
    }
    return GuestBookPage(tour_id=tour_id, **{**told, **fields})


def material(museum: Database, tour_id: int) -> Material:
    with museum.reading() as db:
        tour = db.scalars(whole_tour(tour_id)).one()
        return Material.of(db, tour, BAKU)


def language(museum: Database, tag: str) -> Language:
    with museum.reading() as db:
        return db.get_one(Language, tag)
