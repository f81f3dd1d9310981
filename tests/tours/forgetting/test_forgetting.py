"""Persons are forgotten on their date, in every column; counts, times and countries stay."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.settings import Settings
from guide.tours.forgetting.forgetting import Forgetting
from guide.tours.forgetting.model import TourHold
from guide.tours.forgetting.retention import Retention
from guide.tours.forgetting.tombstones import Tombstone, Tombstones
from guide.tours.keepsakes.model import Direction, Gift
from guide.tours.model import Category, Party, PlanIsFixedError, State, Tour
from guide.tours.sample import sample_tour
from guide.tours.walking.events import WalkEvent, WalkNote
from tests import make
from tests.tours.conftest import stored
from tests.tours.forgetting.conftest import Marked
from tests.tours.forgetting.fates import (
    EMPTIED,
    KEPT,
    ROWS_GO,
    columns_with_letters,
    is_forgotten,
    is_free,
    tables_of_tours,
)
from tests.tours.forgetting.marked import DAY_AFTER, KEPT_UNTIL, MARK, THEN, hold, mark

BAKU = ZoneInfo("Asia/Baku")
HOUR = timedelta(hours=1)
WALKED = datetime(2026, 12, 19, 21, 30, tzinfo=UTC)
"""In Baku it is the 20th already."""
LONG_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


def every_row(museum: Database) -> str:
    """Return all that the tables of tours hold."""
    with museum.reading() as db:
        return json.dumps(
            [
                [table.name, *map(str, row)]
                for table in tables_of_tours()
                for row in db.execute(select(table).order_by(*table.primary_key))
            ],
            ensure_ascii=False,
        )


def trail(museum: Database) -> list[tuple[str, list[str]]]:
    with museum.reading() as db:
        entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(one.deed, one.fields) for one in entries]


def test_every_column_is_forgotten_or_kept_for_a_reason() -> None:
    columns = columns_with_letters()
    unknown = {name for name in columns if not is_forgotten(name) and name not in KEPT}
    assert not unknown, "say in fates.py what becomes of these, and forget them"
    assert not {name for name in KEPT if name not in columns or is_forgotten(name)}
    assert columns.keys() >= EMPTIED
    assert {table.name for table in tables_of_tours()} >= ROWS_GO


def test_a_marked_tour_has_a_mark_in_every_column_that_is_forgotten(
    museum: Database, marked: Marked, planner: int
) -> None:
    number = marked()
    with museum.writing() as db:
        hold(db, number, planner)
    rows = every_row(museum)
    wanted = {
        mark(name)
        for name, column in columns_with_letters().items()
        if is_forgotten(name) and is_free(column)
    }
    assert len(wanted) > 40
    assert not {word for word in wanted if word not in rows}


def test_nothing_goes_on_the_last_day_and_everything_on_the_next(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    number = marked()
    before = every_row(museum)

    assert forgetting.forget_due(KEPT_UNTIL).tours == 0
    assert every_row(museum) == before

    expected = forgetting.would_forget(DAY_AFTER)
    assert every_row(museum) == before
    done = forgetting.forget_due(DAY_AFTER)

    assert (done.tours, done.counts) == (expected.tours, expected.counts)
    assert done.counts == {
        "persons": 2,
        "brief": 16,
        "notes": 3,
        "stops": 2,
        "parties": 1,
        "interpreters": 1,
        "reasons": 1,
        "addresses": 1,
        "guest-book": 1,
        "gifts": 1,
        "reports": 1,
        "earlier-routes": 1,
    }
    assert MARK not in every_row(museum)
    tour = stored(museum, number)
    assert tour.forgotten_at == DAY_AFTER
    assert tour.parties == (Party("country", {}, "CN"),)


def test_counts_times_and_places_stay(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    number = marked(people=8, languages=["en", "zh-Hans"])

    def aggregates() -> tuple[object, ...]:
        tour = stored(museum, number)
        with museum.reading() as db:
            query = select(WalkEvent).where(WalkEvent.tour_id == number)
            events = [(one.seq, one.kind, one.tag, one.at) for one in db.scalars(query)]
        facts = (tour.people, tour.languages, tour.state, tour.level, tour.date)
        stops = [(stop.position, stop.minutes, stop.exhibit_id) for stop in tour.stops]
        times = (tour.starts_at, tour.ends_at, len(tour.interpreters))
        return (*facts, *times, stops, events)

    before = aggregates()
    forgetting.forget_due(DAY_AFTER)
    assert aggregates() == before


def test_of_a_gift_stays_that_it_is_there_its_number_and_its_place(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    number = marked(files=("", "", "c" * 64))

    assert forgetting.forget_due(DAY_AFTER).files == {"c" * 64}

    with museum.reading() as db:
        gift = db.scalars(select(Gift).where(Gift.tour_id == number)).one()
    assert (gift.direction, gift.custody) == (Direction.RECEIVED, "Store 3")
    assert gift.register_number == "HD-2026-17"
    names = ("description_az", "description_en", "giver", "recipient", "moment", "value")
    assert not any(getattr(gift, name) for name in (*names, "picture"))


def test_forgetting_twice_changes_nothing(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    marked()
    forgetting.forget_due(DAY_AFTER)
    once = every_row(museum), trail(museum)

    assert forgetting.would_forget(DAY_AFTER + HOUR).tours == 0
    assert forgetting.forget_due(DAY_AFTER + HOUR).tours == 0

    assert (every_row(museum), trail(museum)) == once


def test_a_tour_that_is_not_due_is_left_alone(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    marked()
    later = marked(date="2026-12-02", starts_at=None, ends_at=None)
    forgetting.forget_due(DAY_AFTER)
    assert stored(museum, later).forgotten_at is None
    assert every_row(museum).count(mark("tour_persons.contact")) == 2


def test_the_trail_counts_and_names_nobody(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    marked()
    forgetting.forget_due(DAY_AFTER)
    [(deed, fields)] = trail(museum)
    assert deed == "tour.forgotten"
    assert "persons:2" in fields
    assert not any(MARK in field for field in fields)


def test_a_hold_stops_the_clock_and_lifting_lets_it_run(
    museum: Database, marked: Marked, planner: int, forgetting: Forgetting
) -> None:
    number = marked()
    with museum.writing() as db:
        hold(db, number, planner)
    assert forgetting.would_forget(DAY_AFTER).tours == 0
    assert forgetting.forget_due(DAY_AFTER).tours == 0

    with museum.writing() as db:
        db.delete(db.get_one(TourHold, number))
    assert forgetting.forget_due(DAY_AFTER).tours == 1
    assert MARK not in every_row(museum)


def test_organisations_stay_unless_the_visit_was_private(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    official = marked(category=Category.OFFICIAL)
    with museum.writing() as db:
        db.get_one(Tour, official).parties = (Party("organisation", {"en": "Friends"}),)
    forgetting.forget_due(DAY_AFTER)
    assert stored(museum, official).parties == (Party("organisation", {"en": "Friends"}),)


def test_what_a_source_has_published_stays(museum: Database, forgetting: Forgetting) -> None:
    with museum.writing() as db:
        tour = sample_tour(db, THEN)
        assert tour
        number = tour.id
    before = every_row(museum)

    assert forgetting.forget_due(DAY_AFTER).tours == 0

    assert every_row(museum) == before
    with museum.writing() as db:
        tour = db.get_one(Tour, number)
        db.refresh(tour, ["persons", "brief"])
        tour.persons[0].contact = MARK
        tour.persons.append(make.person(MARK, role="member"))
        tour.brief.notes = MARK
    assert forgetting.forget_due(DAY_AFTER).counts == {"persons": 2, "brief": 1}
    assert MARK not in every_row(museum)
    kept = stored(museum, number)
    assert [one.name_official for one in kept.persons] == ["Yang Wanming", "Anar Alakbarov"]
    assert kept.stops[0].names["en"] == "Meeting"
    assert forgetting.would_forget(DAY_AFTER).tours == 0


def test_a_note_that_comes_after_is_emptied_too(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    number = marked()
    forgetting.forget_due(DAY_AFTER)
    with museum.writing() as db:
        event = db.scalars(select(WalkEvent.id).where(WalkEvent.tour_id == number)).first()
        db.add(WalkNote(event_id=event, text=MARK))

    assert forgetting.forget_due(DAY_AFTER + HOUR).counts == {"notes": 1}

    assert MARK not in every_row(museum)
    assert stored(museum, number).forgotten_at == DAY_AFTER


def test_a_forgotten_request_is_not_taken_up_again(
    museum: Database, marked: Marked, forgetting: Forgetting
) -> None:
    number = marked(state=State.REQUESTED)
    forgetting.forget_due(DAY_AFTER)
    tour = stored(museum, number)
    assert tour.may_become == {State.CANCELLED}
    with pytest.raises(PlanIsFixedError):
        tour.change(tour.version)


def test_one_that_was_forgotten_does_not_come_back(
    museum: Database, house: Settings, marked: Marked, planner: int, forgetting: Forgetting
) -> None:
    """As after a restore of a backup that still has it whole, and held."""
    number, earlier = marked(), KEPT_UNTIL - timedelta(days=90)
    tour = stored(museum, number)
    Tombstones(house.data_dir).add([Tombstone.of(tour, earlier)])
    with museum.writing() as db:
        hold(db, number, planner, at=THEN)

    assert forgetting.would_forget(earlier + HOUR).tours == 1
    assert forgetting.forget_due(earlier + HOUR).tours == 1

    assert MARK not in every_row(museum)
    assert stored(museum, number).forgotten_at == earlier


def test_a_tombstone_is_not_of_another_tour_of_that_reference(
    museum: Database, house: Settings, marked: Marked, forgetting: Forgetting
) -> None:
    """As after two restores: the other was made before this one was forgotten."""
    tour = stored(museum, marked())
    other = Tombstone(tour.reference, THEN, tour.id + 1, tour.made_at + HOUR)
    Tombstones(house.data_dir).add([other])
    assert forgetting.forget_due(THEN + HOUR).tours == 0


def test_tombstones_of_earlier_releases_are_of_whoever_had_the_reference_before(
    museum: Database, house: Settings, marked: Marked, forgetting: Forgetting
) -> None:
    before, after = stored(museum, marked()), stored(museum, marked())
    stones = (Tombstone(before.reference, THEN), Tombstone(after.reference, LONG_BEFORE))
    lines = [f"{stone.reference} {stone.at.isoformat()}" for stone in stones]
    Tombstones(house.data_dir).file.write_text("\n\n".join(lines))

    assert forgetting.forget_due(THEN + HOUR).tours == 1

    assert stored(museum, before.id).forgotten_at == THEN
    assert stored(museum, after.id).forgotten_at is None


def test_a_tombstone_of_an_earlier_release_is_of_no_other_once_its_tour_is_known(
    museum: Database, house: Settings, marked: Marked, forgetting: Forgetting
) -> None:
    tour = stored(museum, marked())
    stones = Tombstones(house.data_dir)
    stones.file.write_text(f"\n{tour.reference} {THEN.isoformat()}\n")
    stones.add([Tombstone(tour.reference, THEN, tour.id + 1, tour.made_at)])

    assert forgetting.forget_due(THEN + HOUR).tours == 0


def test_tombstones_hold_references_and_times_and_survive_a_line_cut_short(
    museum: Database, house: Settings, marked: Marked, forgetting: Forgetting
) -> None:
    stones = Tombstones(house.data_dir)
    stones.add([Tombstone("2026-900", THEN)])
    with stones.file.open("a") as file:
        file.write(f"\n2026-901 901 {THEN.isoformat()}")
    tour = stored(museum, marked())
    forgetting.forget_due(DAY_AFTER)
    assert stones.read().stones == {
        Tombstone("2026-900", THEN),
        Tombstone(tour.reference, DAY_AFTER, tour.id, tour.made_at),
    }
    assert stones.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("fields", "last"),
    [
        ({"date": "2026-12-01"}, date(2027, 5, 30)),
        ({"date": "2026-12-01", "last_date": "2026-12-03"}, date(2027, 6, 1)),
        ({"date": "2026-12"}, date(2027, 6, 29)),
        ({"date": "2026-02"}, date(2026, 8, 27)),
        ({"date": "2026"}, date(2027, 6, 29)),
        ({"date": "spring"}, date(2027, 5, 22)),
        ({"date": None}, date(2027, 5, 22)),
        ({"date": "9999-12-31"}, date.max),
        # A visit that took place later than it was planned, by the museum's clock.
        ({"date": "2026-12-01", "completed_at": WALKED}, date(2027, 6, 18)),
        ({"date": "2026-12-01", "departed_at": WALKED}, date(2027, 6, 18)),
        ({"date": "2026-12-25", "completed_at": WALKED}, date(2027, 6, 23)),
        ({"date": None, "departed_at": WALKED}, date(2027, 6, 18)),
    ],
)
def test_days_count_from_the_last_day_as_exactly_as_it_is_known(
    fields: dict[str, object], last: date
) -> None:
    tour = make.tour(starts_at=None, ends_at=None, **fields)
    assert Retention(180, BAKU).last_day(tour) == last


@pytest.mark.parametrize(
    ("zone", "last", "next_"),
    [
        # The day that ends is the museum's: 20:00 in London is midnight in Baku.
        ("Asia/Baku", "2027-05-30T19:59:59", "2027-05-30T20:00:00"),
        # Summer time begins on 28 March 2027 in Paris: a day of 23 hours.
        ("Europe/Paris", "2027-03-28T21:59:59", "2027-03-28T22:00:00"),
        # It ends on 31 October 2027: a day of 25 hours.
        ("Europe/Paris", "2027-10-31T22:59:59", "2027-10-31T23:00:00"),
    ],
)
def test_the_last_day_ends_at_the_museums_midnight_whatever_the_clocks_do(
    zone: str, last: str, next_: str
) -> None:
    at = datetime.fromisoformat(last).replace(tzinfo=UTC)
    day = at.astimezone(ZoneInfo(zone)).date() - timedelta(days=180)
    tour = make.tour(date=day.isoformat(), starts_at=None, ends_at=None)
    retention = Retention(180, ZoneInfo(zone))
    assert not retention.is_over(tour, at)
    assert retention.is_over(tour, datetime.fromisoformat(next_).replace(tzinfo=UTC))
