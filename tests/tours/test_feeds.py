"""Calendars to subscribe to: what they hold, who reads them, and when they end."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar, Event
from sqlalchemy import select
from structlog.testing import capture_logs

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.db import Database
from guide.tours.ics import Appointment, calendar_of
from guide.tours.links import CalendarFeed
from guide.tours.model import Level, Party, State
from guide.tours.queries import whole_tour
from tests import make
from tests.accounts.conftest import Desk
from tests.tours.conftest import AT, Booked
from tests.tours.test_calendar import CANARY, named, secretive

CALENDARS = "/staff/tours/calendars"


def made(desk: Desk, kind: str = "own") -> str:
    """Make a calendar; return its address as a path."""
    answer = desk.phone.post(CALENDARS, data={**desk.form, "kind": kind})
    assert answer.status_code == HTTPStatus.OK
    (path,) = re.findall(r'value="[^"]*(/calendar/[\w-]+\.ics)"', answer.text)
    return str(path)


def read(guide: TestClient, path: str) -> Calendar:
    answer = guide.get(path)
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    parsed = Calendar.from_ical(answer.content)
    assert isinstance(parsed, Calendar)
    return parsed


@dataclass(frozen=True)
class Told:
    """What an appointment says."""

    summary: str
    status: str
    sequence: int
    starts: datetime
    ends: datetime
    stamped: datetime
    changed: datetime | None
    names: frozenset[str]

    @classmethod
    def of(cls, event: Event) -> "Told":
        return cls(
            str(event.get("summary")),
            str(event.get("status")),
            int(event.get("sequence")),
            event.decoded("dtstart"),
            event.decoded("dtend"),
            event.decoded("dtstamp"),
            event.decoded("last-modified", None),
            frozenset(name.casefold() for name in event),
        )


def events(guide: TestClient, path: str) -> dict[str, Told]:
    return {str(event.get("uid")): Told.of(event) for event in read(guide, path).events}


def summaries(guide: TestClient, path: str) -> list[str]:
    return [told.summary for told in events(guide, path).values()]


def change(museum: Database, number: int, **fields: object) -> None:
    with museum.writing() as db:
        tour = db.scalars(whole_tour(number)).one()
        for name, value in fields.items():
            setattr(tour, name, value)


def test_a_tour_is_as_it_is_stored(guide: TestClient, nigar: Desk, booked: Booked) -> None:
    number = booked(guide=nigar, **named("Friendship Association"))
    path = made(nigar)

    calendar = read(guide, path)

    ((uid, told),) = events(guide, path).items()
    assert uid == f"tour-{number}@guide"
    assert (told.summary, told.status, told.sequence) == (
        "Friendship Association",
        "TENTATIVE",
        1,
    )
    assert (told.starts, told.ends) == (AT, AT + timedelta(minutes=90))
    assert told.stamped == told.changed == make.YESTERDAY
    assert "DTSTART;TZID=Asia/Baku:20261201T110000" in guide.get(path).text
    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Baku"]
    assert not calendar.get_missing_tzids()


def test_a_change_keeps_the_name_and_counts_on(
    guide: TestClient, leyla: Desk, booked: Booked
) -> None:
    number = booked(planner=leyla)
    path = made(leyla)
    ((was, before),) = events(guide, path).items()
    form = {
        **leyla.form,
        "party-0-kind": "organisation",
        "party-0-en": "A school",
        "category": "school",
        "day": "2026-12-03",
        "begins": "15:00",
        "ends": "16:00",
        "level": "1",
        "photo_policy": "ask",
        "version": "1",
    }

    saved = leyla.phone.post(f"/staff/tours/{number}/details", data=form)

    assert saved.status_code == HTTPStatus.SEE_OTHER
    ((uid, after),) = events(guide, path).items()
    assert uid == was
    assert after.sequence > before.sequence
    assert before.changed
    assert after.changed
    assert after.changed > before.changed
    assert after.starts == datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
    assert after.summary == "A school"


def test_what_is_cancelled_says_so_for_thirty_days(
    guide: TestClient, museum: Database, leyla: Desk, booked: Booked
) -> None:
    number = booked(planner=leyla, state=State.CANCELLED, version=3)
    now = datetime.now(UTC)
    booked(planner=leyla, state=State.CANCELLED, made_at=now - timedelta(days=31))
    with museum.writing() as db:
        entry = ("tour.cancelled", f"tour:{number}", now - timedelta(days=29))
        db.add(AuditEntry.of(db.get_one(Account, leyla.number), *entry))

    ((uid, event),) = events(guide, made(leyla)).items()

    assert uid == f"tour-{number}@guide"
    assert event.status == "CANCELLED"
    assert event.sequence == 3


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.REQUESTED, "TENTATIVE"),
        (State.PLANNED, "TENTATIVE"),
        (State.CONFIRMED, "CONFIRMED"),
        (State.UNDER_WAY, "CONFIRMED"),
        (State.COMPLETED, "CONFIRMED"),
    ],
)
def test_a_state_is_said_as_calendars_do(
    guide: TestClient, nigar: Desk, booked: Booked, state: State, said: str
) -> None:
    booked(guide=nigar, state=state)

    (event,) = events(guide, made(nigar)).values()

    assert event.status == said


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Level.PUBLIC, "The Embassy, France"),
        (Level.INTERNAL, "The Embassy, France"),
        (Level.RESTRICTED, "Tour 2026-414"),
        (Level.CLOSED, "House booked"),
    ],
)
def test_a_phone_says_less_the_more_confidential_a_tour_is(
    guide: TestClient, nigar: Desk, booked: Booked, level: Level, said: str
) -> None:
    parties = (Party("organisation", {"en": "The Embassy"}), Party("country", {}, "FR"))
    fields = secretive(level=level, parties=parties, reference="2026-414")
    booked(guide=nigar, **fields)
    path = made(nigar)

    assert summaries(guide, path) == [said]
    assert CANARY not in guide.get(path).text


def test_a_closed_tour_of_others_is_a_time_and_nothing_else(
    guide: TestClient, leyla: Desk, orkhan: Desk, booked: Booked
) -> None:
    closed = secretive(level=Level.CLOSED, state=State.CONFIRMED, reference=CANARY)
    booked(planner=orkhan, **closed, **named(CANARY))
    booked(planner=orkhan, level=Level.CLOSED, state=State.PLANNED, **named(CANARY))
    path = made(leyla, "all")

    (event,) = events(guide, path).values()

    assert event.summary == "House booked"
    assert event.changed is None
    assert event.starts == AT
    assert CANARY not in guide.get(path).text
    assert summaries(guide, made(leyla, "own")) == []


def test_ones_own_and_all_that_one_may_see(
    guide: TestClient, leyla: Desk, nigar: Desk, booked: Booked
) -> None:
    booked(guide=nigar, **named("A school"))
    booked(planner=leyla, **named("The Embassy"))

    assert sorted(summaries(guide, made(leyla, "all"))) == ["A school", "The Embassy"]
    assert summaries(guide, made(leyla)) == ["The Embassy"]
    assert summaries(guide, made(nigar)) == ["A school"]


@pytest.mark.parametrize("kind", ["all", "", "everything"])
def test_a_guide_gets_no_calendar_of_all(museum: Database, nigar: Desk, kind: str) -> None:
    answer = nigar.phone.post(CALENDARS, data={**nigar.form, "kind": kind})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    with museum.reading() as db:
        assert db.scalars(select(CalendarFeed)).all() == []


def test_without_a_time_there_is_no_appointment(
    guide: TestClient, nigar: Desk, booked: Booked
) -> None:
    booked(guide=nigar, starts_at=None, ends_at=None)

    assert summaries(guide, made(nigar)) == []


def test_who_loses_a_tour_or_the_role_loses_the_appointment(
    guide: TestClient, museum: Database, leyla: Desk, nigar: Desk, booked: Booked
) -> None:
    number = booked(guide=nigar, **named("A school"))
    hers, all_of_it = made(nigar), made(leyla, "all")
    assert summaries(guide, hers) == summaries(guide, all_of_it) == ["A school"]

    change(museum, number, staff=[])
    with museum.writing() as db:
        account = db.scalars(select(Account).where(Account.id == leyla.number)).one()
        db.refresh(account, ["held"])
        account.give_roles([Role.CURATOR])

    assert summaries(guide, hers) == []
    assert summaries(guide, all_of_it) == []


def test_unknown_ended_and_of_a_disabled_account_answer_alike(
    guide: TestClient, museum: Database, nigar: Desk, elvin: Desk
) -> None:
    ended, disabled = made(nigar), made(elvin)
    with museum.reading() as db:
        number = db.scalars(
            select(CalendarFeed.id).where(CalendarFeed.account_id == nigar.number)
        ).one()
    nigar.phone.post(f"{CALENDARS}/{number}/end", data=nigar.form)
    with museum.writing() as db:
        db.get_one(Account, elvin.number).disable(datetime.now(UTC))

    answers = [guide.get(path) for path in (ended, disabled, f"/calendar/{'A' * 43}.ics")]

    told = {
        (
            answer.status_code,
            re.sub(r"/calendar/[\w-]+\.ics", "", answer.text),
            answer.headers["cache-control"],
            answer.headers["x-robots-tag"],
            answer.headers["referrer-policy"],
        )
        for answer in answers
    }
    assert len(told) == 1
    assert next(iter(told))[0] == HTTPStatus.NOT_FOUND
    assert next(iter(told))[2:] == ("no-store", "noindex", "no-referrer")


def test_a_calendar_is_kept_by_nobody_and_listed_nowhere(
    guide: TestClient, museum: Database, nigar: Desk
) -> None:
    with capture_logs() as lines:
        path = made(nigar)
        answer = guide.get(path)
    token = path.removeprefix("/calendar/").removesuffix(".ics")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert [line["route"] for line in lines] == [CALENDARS, "/calendar/{token}.ics"]
    assert token not in str(lines)
    assert token not in nigar.phone.get(CALENDARS).text
    assert len(token) * 6 >= 128
    with museum.reading() as db:
        feed = db.scalars(select(CalendarFeed)).one()
        assert token not in str(vars(feed))
        deeds = set(db.scalars(select(AuditEntry.deed)))
    assert "calendar.made" in deeds


def test_nobody_ends_the_calendar_of_another(
    guide: TestClient, museum: Database, nigar: Desk, leyla: Desk
) -> None:
    path = made(nigar)
    with museum.reading() as db:
        number = db.scalars(select(CalendarFeed.id)).one()

    answer = leyla.phone.post(f"{CALENDARS}/{number}/end", data=leyla.form)

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert guide.get(path).status_code == HTTPStatus.OK


def test_the_words_are_in_the_language_of_the_account(
    guide: TestClient, museum: Database, nigar: Desk, booked: Booked
) -> None:
    with museum.writing() as db:
        db.get_one(Account, nigar.number).language = "az"
    parties = (Party("organisation", {"en": "The Embassy", "az": "Səfirlik"}),)
    booked(guide=nigar, parties=parties)
    booked(guide=nigar, level=Level.CLOSED)

    assert sorted(summaries(guide, made(nigar))) == ["Mərkəz məşğuldur", "Səfirlik"]


@pytest.mark.parametrize(
    "name", ["A;B,C\\D", "A\r\nATTENDEE:mailto:x@example.org", "习近平" * 60, "Əliyeva Ə."]
)
def test_words_of_any_kind_stay_one_line(
    guide: TestClient, nigar: Desk, booked: Booked, name: str
) -> None:
    booked(guide=nigar, **named(name))
    path = made(nigar)

    assert all(len(line) <= 75 for line in guide.get(path).content.split(b"\r\n"))
    (event,) = events(guide, path).values()
    assert str(event.summary).splitlines() == name.splitlines()
    assert "attendee" not in event.names


def test_an_empty_calendar_is_one(guide: TestClient, nigar: Desk) -> None:
    assert read(guide, made(nigar)).events == []


@pytest.mark.parametrize("hour", range(4))
def test_every_hour_of_a_night_on_which_clocks_go_back_is_its_own(hour: int) -> None:
    at = datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(hours=hour)
    till = at + timedelta(hours=1)
    one = Appointment(1, 1, State.PLANNED, "Night", at, till, make.YESTERDAY, None)

    parsed = Calendar.from_ical(calendar_of([one], "Tours", ZoneInfo("Europe/Paris")))

    told = Told.of(parsed.events[0])
    assert (told.starts.astimezone(UTC), told.ends.astimezone(UTC)) == (at, till)
