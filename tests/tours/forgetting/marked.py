"""A tour with a mark in every column that is to be forgotten; each mark names its column."""

from datetime import UTC, datetime

from sqlalchemy import JSON, literal, select, update
from sqlalchemy.orm import Session

from guide.tours.diary import Override
from guide.tours.forgetting.model import TourHold
from guide.tours.keepsakes.model import Direction, Gift, GuestBookPage
from guide.tours.links import TourLink
from guide.tours.model import Category, Level, Party, State, Tour, TourBrief
from guide.tours.people import Interpreter, TourInterpreter
from guide.tours.reporting.model import TourReport
from guide.tours.stops import EarlierRoute
from guide.tours.walking.events import Kind, Tag, WalkEvent, WalkNote
from tests import make
from tests.tours.forgetting.fates import columns_with_letters, is_forgotten, is_free

MARK = "Zanzibar"
THEN = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
KEPT_UNTIL = datetime(2027, 5, 30, 12, 0, tzinfo=UTC)
"""A noon of the last day of which a tour of 1 December 2026 is remembered: 180 days after."""
DAY_AFTER = datetime(2027, 5, 31, 12, 0, tzinfo=UTC)
NUMBER_OF_NOTES = 3


def mark(name: str) -> str:
    """Return a word that is nowhere else, and says which column it was in."""
    return MARK + name.replace("_", "").replace(".", "")


def marked_tour(
    db: Session, account: int, files: tuple[str, str, str] = ("", "", ""), **fields: object
) -> Tour:
    """Put a closed, completed, private visit into the book, marked all over."""
    mei = Interpreter(name="Mei", languages=["en"])
    db.add(mei)
    db.flush()
    tour = make.tour(
        **{
            "level": Level.CLOSED,
            "state": State.COMPLETED,
            "category": Category.PRIVATE,
            "parties": (Party("organisation", {"en": "A family"}), Party("country", {}, "CN")),
            "brief": TourBrief(),
            "persons": [make.person(), make.person("Li Na", role="member")],
            "stops": [make.stop(1, names={"en": "Tea"}), make.stop(2)],
            "interpreters": [
                TourInterpreter(
                    interpreter_id=mei.id,
                    from_language="en",
                    to_language="az",
                    mode="consecutive",
                )
            ],
            **fields,
        }
    )
    db.add(tour)
    db.flush()
    keep = {"tour_id": tour.id, "key": "a-key", "made_at": THEN}
    picture, signature, gift = files
    db.add_all(
        [
            *(
                WalkEvent(
                    tour_id=tour.id,
                    seq=seq,
                    key=f"key-{seq}",
                    digest="d" * 64,
                    kind=Kind.NOTED,
                    at=THEN,
                    received_at=THEN,
                    clock_off=0,
                    is_late=False,
                    tag=Tag.QUESTION,
                    note=WalkNote(text="A note"),
                )
                for seq in range(1, NUMBER_OF_NOTES + 1)
            ),
            GuestBookPage(**keep, picture=picture or None, signature=signature or None),
            Gift(
                **keep,
                direction=Direction.RECEIVED,
                picture=gift or None,
                custody="Store 3",
                register_number="HD-2026-17",
            ),
            TourReport(tour_id=tour.id, number=1, made_at=THEN, words={}, content={}),
            EarlierRoute(tour_id=tour.id, at=THEN, account_id=account, stops=[]),
            Override(tour_id=tour.id, key="slot:1", reason="x", account_id=account, at=THEN),
            TourLink.made(tour.id, "a key for tests", THEN),
        ]
    )
    db.flush()
    _mark(db, tour.id)
    db.refresh(tour)
    return tour


def hold(db: Session, tour_id: int, account: int, at: datetime = THEN) -> None:
    """Put a tour on hold for a reason that is marked."""
    reason = mark("tour_holds.reason")
    db.add(TourHold(tour_id=tour_id, at=at, account_id=account, reason=reason))


def _mark(db: Session, tour_id: int) -> None:
    """Write a mark into every free column that is to be forgotten."""
    events = select(WalkEvent.id).where(WalkEvent.tour_id == tour_id)
    for name, column in columns_with_letters().items():
        if not (is_forgotten(name) and is_free(column)):
            continue
        word, table = mark(name), column.table
        value: object = word
        if isinstance(column.type, JSON):
            value = [{"note": word}] if column.name == "stops" else {"en": word}
        elif name == "tours.parties":
            value = (Party("organisation", {"en": word}), Party("country", {}, "CN"))
        key = next(key for key in ("tour_id", "event_id", "id") if key in table.columns)
        if table.name == "tours":
            key = "id"
        mine = table.c[key].in_(events) if key == "event_id" else table.c[key] == tour_id
        db.execute(update(table).where(mine).values({column.name: literal(value, column.type)}))
