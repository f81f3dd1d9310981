"""A tour is confirmed when nothing stands against it, or somebody says why that may stand."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.db import Database
from guide.exhibits.halls import Hall
from guide.exhibits.model import Exhibit
from guide.tours.diary import Override
from guide.tours.model import Party, State, Tour
from guide.tours.people import Duty, Interpreter, SpokenLanguage, TourInterpreter
from guide.tours.stops import Closure
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.tours.conftest import AT, Booked, stored

CONFIRMED = HTTPStatus.SEE_OTHER


@pytest.fixture
def ready(booked: Booked, museum: Database, nigar: Desk) -> int:
    """A planned tour against which nothing stands."""
    with museum.writing() as db:
        db.add(SpokenLanguage(account_id=nigar.number, language="en"))
        tar = db.scalars(select(Exhibit.id).where(Exhibit.slug == "tar")).one()
    return booked(guide=nigar, stops=[make.stop(exhibit_id=tar)])


def move(
    desk: Desk, tour_id: int, noun: str = "confirmation", version: int | str = 1
) -> HTTPStatus:
    form = {**desk.form, "version": str(version)}
    answer = desk.phone.post(f"/staff/tours/{tour_id}/{noun}", data=form)
    return HTTPStatus(answer.status_code)


def test_a_planner_confirms_what_is_ready(leyla: Desk, ready: int, museum: Database) -> None:
    assert move(leyla, ready) == CONFIRMED

    assert stored(museum, ready).state == State.CONFIRMED
    with museum.reading() as db:
        trail = db.scalars(select(AuditEntry.deed).where(AuditEntry.subject == f"tour:{ready}"))
        assert trail.all() == ["tour.confirmed"]


@pytest.mark.parametrize("noun", ["confirmation", "cancellation"])
@pytest.mark.parametrize("version", ["", "1", "3", "2 ", "9" * 5_000])
def test_nobody_decides_on_a_tour_that_was_changed_since_they_looked(
    leyla: Desk, ready: int, museum: Database, noun: str, version: str
) -> None:
    change(leyla, ready, 1, people="9")

    form = {**leyla.form, "version": version}
    answer = leyla.phone.post(f"/staff/tours/{ready}/{noun}", data=form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "The tour was changed since you opened this page" in answer.text
    assert "<dd>9</dd>" in answer.text
    assert stored(museum, ready).state == State.PLANNED
    assert move(leyla, ready, noun, shown_version(answer.text)) == HTTPStatus.SEE_OTHER


def test_what_somebody_else_decided_meanwhile_is_shown(
    leyla: Desk, orkhan: Desk, ready: int, museum: Database
) -> None:
    opened = shown_version(orkhan.phone.get(f"/staff/tours/{ready}").text)
    move(leyla, ready)

    assert move(orkhan, ready, "cancellation", opened) == HTTPStatus.CONFLICT
    assert stored(museum, ready).state == State.CONFIRMED


def test_a_guide_confirms_nothing(nigar: Desk, ready: int, museum: Database) -> None:
    assert move(nigar, ready) == HTTPStatus.NOT_FOUND

    assert stored(museum, ready).state == State.PLANNED


@pytest.mark.parametrize("noun", ["departure", "completion", "planning"])
def test_a_move_that_is_not_next_is_refused(
    leyla: Desk, ready: int, noun: str, museum: Database
) -> None:
    assert move(leyla, ready, noun) == HTTPStatus.CONFLICT

    assert stored(museum, ready).state == State.PLANNED
    with museum.reading() as db:
        assert not db.scalars(
            select(AuditEntry).where(AuditEntry.subject == f"tour:{ready}")
        ).all()


def test_the_whole_way(leyla: Desk, nigar: Desk, ready: int, museum: Database) -> None:
    move(leyla, ready)

    assert move(nigar, ready, "departure") == CONFIRMED
    assert move(nigar, ready, "completion") == CONFIRMED
    tour = stored(museum, ready)
    assert tour.state == State.COMPLETED
    assert tour.departed_at
    assert tour.completed_at


def test_a_guide_is_not_promised_twice(
    leyla: Desk, nigar: Desk, ready: int, booked: Booked, museum: Database
) -> None:
    booked(guide=nigar, state=State.CONFIRMED, starts_at=AT + timedelta(minutes=30))

    form = {**leyla.form, "version": "1"}
    answer = leyla.phone.post(f"/staff/tours/{ready}/confirmation", data=form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "leads another tour" in answer.text
    assert stored(museum, ready).state == State.PLANNED


def test_tours_that_touch_are_both_confirmed(
    leyla: Desk, nigar: Desk, ready: int, booked: Booked
) -> None:
    ends = AT + timedelta(hours=3)
    booked(
        guide=nigar, state=State.CONFIRMED, starts_at=AT + timedelta(minutes=90), ends_at=ends
    )

    assert move(leyla, ready) == CONFIRMED


def at_work(interpreter: Interpreter, **hours: datetime) -> TourInterpreter:
    return TourInterpreter(
        interpreter=interpreter,
        from_language="ja",
        to_language="az",
        mode="consecutive",
        **hours,
    )


@pytest.mark.parametrize("ours_is_early", [True, False])
def test_an_interpreter_who_comes_early_is_not_promised_twice(
    leyla: Desk, nigar: Desk, booked: Booked, *, ours_is_early: bool
) -> None:
    mei = Interpreter(name="Mei", languages=["ja"])
    early = at_work(mei, starts_at=AT - timedelta(hours=1), ends_at=AT + timedelta(minutes=90))
    alone = at_work(mei)
    sooner = {"starts_at": AT - timedelta(hours=1), "ends_at": AT - timedelta(minutes=10)}
    number = booked(
        guide=nigar,
        stops=[make.stop(names={"en": "Meeting"})],
        interpreters=[early if ours_is_early else alone],
        **({} if ours_is_early else sooner),
    )
    booked(
        state=State.CONFIRMED,
        interpreters=[alone if ours_is_early else early],
        **(sooner if ours_is_early else {}),
    )

    answer = leyla.phone.post(f"/staff/tours/{number}/confirmation", data=leyla.form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Mei interprets elsewhere" in answer.text


def test_a_delegation_that_stays_beyond_its_slot_is_in_the_way(
    leyla: Desk, ready: int, booked: Booked, museum: Database
) -> None:
    [tar] = stored(museum, ready).stops
    booked(
        state=State.CONFIRMED,
        starts_at=AT - timedelta(minutes=40),
        ends_at=AT - timedelta(minutes=10),
        stops=[make.stop(exhibit_id=tar.exhibit_id, minutes=70)],
    )

    answer = leyla.phone.post(f"/staff/tours/{ready}/confirmation", data=leyla.form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Another delegation in the same place" in answer.text


def test_the_third_delegation_finds_a_hall_full(
    leyla: Desk, ready: int, booked: Booked, museum: Database
) -> None:
    [tar] = stored(museum, ready).stops
    with museum.writing() as db:
        hall = Hall(slug="hall", position=1, floor=0, capacity=20, names={"en": "Hall"})
        db.add(hall)
        db.flush()
        db.get_one(Exhibit, tar.exhibit_id).hall_id = hall.id
        db.get_one(Tour, ready).people = 10

    def also(people: int) -> None:
        stops = [make.stop(exhibit_id=tar.exhibit_id)]
        booked(state=State.CONFIRMED, people=people, stops=stops)

    also(5)
    also(6)
    answer = leyla.phone.post(f"/staff/tours/{ready}/confirmation", data=leyla.form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.text.count("Another delegation in the same place") == 2


def test_a_clash_is_let_stand_by_name_and_with_a_reason(
    leyla: Desk, nigar: Desk, ready: int, booked: Booked
) -> None:
    other = booked(guide=nigar, state=State.CONFIRMED)
    key = f"guide:{nigar.number}:{other}"
    reason = {"key": key, "reason": "They come together."}
    leyla.phone.post(f"/staff/tours/{ready}/overrides", data={**leyla.form, **reason})

    assert move(leyla, ready) == CONFIRMED
    shown = leyla.phone.get(f"/staff/tours/{ready}").text
    assert "They come together." in shown


@pytest.mark.parametrize("reason", ["", "   ", "\u0007", "x" * 501])
def test_without_a_reason_nothing_is_let_stand(
    leyla: Desk, booked: Booked, museum: Database, reason: str
) -> None:
    number = booked()
    said = {"key": "guide:none", "reason": reason}

    answer = leyla.phone.post(f"/staff/tours/{number}/overrides", data={**leyla.form, **said})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    with museum.reading() as db:
        assert db.scalars(select(Override)).all() == []


@pytest.mark.parametrize("key", ["guide:none", "guide\0", "\0" * 100, "x" * 5_000])
def test_what_nobody_let_stand_is_taken_back_in_vain(
    leyla: Desk, ready: int, key: str, museum: Database
) -> None:
    said = {**leyla.form, "key": key}

    answer = leyla.phone.post(f"/staff/tours/{ready}/overrides/removal", data=said)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    with museum.reading() as db:
        assert db.scalars(select(AuditEntry)).all() == []


def test_that_there_is_no_time_cannot_be_let_stand(leyla: Desk, booked: Booked) -> None:
    number = booked(starts_at=None, ends_at=None)
    said = {"key": "slot:none", "reason": "Later."}

    answer = leyla.phone.post(f"/staff/tours/{number}/overrides", data={**leyla.form, **said})

    assert answer.status_code == HTTPStatus.CONFLICT


def disabled(account: Account) -> None:
    account.disable(datetime.now(UTC))


def a_guide_no_more(account: Account) -> None:
    account.give_roles([Role.CURATOR])


@pytest.mark.parametrize("leave", [disabled, a_guide_no_more])
def test_whoever_has_left_leads_no_tour_and_can_be_taken_out(
    leyla: Desk,
    nigar: Desk,
    ready: int,
    museum: Database,
    leave: Callable[[Account], None],
) -> None:
    with museum.writing() as db:
        leave(db.get_one(Account, nigar.number, options=[selectinload(Account.held)]))
    team = f"/staff/tours/{ready}/staff"

    answer = leyla.phone.post(f"/staff/tours/{ready}/confirmation", data=leyla.form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Nobody leads it yet" in answer.text
    assert "Nobody speaks English" in answer.text
    shown = leyla.phone.get(team).text
    assert f'name="guide-{nigar.number}" value="1" checked' in shown
    assert shown.count("cannot be chosen any more") == 1
    kept = {**leyla.form, "version": "1", f"guide-{nigar.number}": "1"}
    leyla.phone.post(team, data=kept)
    assert [one.account_id for one in stored(museum, ready).staff] == [nigar.number]
    leyla.phone.post(team, data={**leyla.form, "version": "2"})
    assert stored(museum, ready).staff == []
    assert "cannot be chosen any more" not in leyla.phone.get(team).text


def test_a_guide_without_the_language_needs_an_interpreter_or_a_word(
    leyla: Desk, nigar: Desk, booked: Booked
) -> None:
    number = booked(guide=nigar, languages=["zh-Hans"], stops=[make.stop(names={"en": "Hall"})])

    assert move(leyla, number) == HTTPStatus.CONFLICT
    assert "Nobody speaks" in leyla.phone.get(f"/staff/tours/{number}").text

    said = {"key": "language:zh-Hans", "reason": "The head speaks English."}
    leyla.phone.post(f"/staff/tours/{number}/overrides", data={**leyla.form, **said})
    assert move(leyla, number) == CONFIRMED


def shown_version(shown: str) -> str:
    """Return the version that the moves of a page are made from; they agree on it."""
    [version] = set(re.findall(r'name="version" value="(\d+)"', shown))
    return str(version)


def change(desk: Desk, tour_id: int, version: int, **fields: str) -> tuple[int, str]:
    asked = {
        "category": "official",
        "photo_policy": "ask",
        "level": "1",
        "people": "8",
        "language-0": "en",
        "party-0-kind": "organisation",
        "party-0-en": "Friends",
        "day": "2026-12-01",
        "begins": "11:00",
        "ends": "12:30",
        "version": str(version),
    }
    address = f"/staff/tours/{tour_id}/details"
    answer = desk.phone.post(address, data={**desk.form, **asked, **fields})
    return answer.status_code, answer.text


def test_a_change_of_a_confirmed_tour_breaks_no_promise(
    leyla: Desk, nigar: Desk, ready: int, booked: Booked, museum: Database
) -> None:
    move(leyla, ready)
    begins = AT + timedelta(minutes=90)
    booked(
        guide=nigar,
        state=State.CONFIRMED,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
    )

    status, shown = change(leyla, ready, 2, ends="13:00")

    assert status == HTTPStatus.CONFLICT
    assert "leads another tour" in shown
    assert "12:30–13:00" in shown
    assert 'name="ends" value="13:00"' in shown
    assert stored(museum, ready).ends_at == begins

    status, _ = change(leyla, ready, 2, ends="13:00", reason_to_let="Only half an hour.")
    assert status == HTTPStatus.SEE_OTHER
    assert stored(museum, ready).ends_at == begins + timedelta(minutes=30)
    with museum.reading() as db:
        assert [one.reason for one in db.scalars(select(Override))] == ["Only half an hour."]


def test_what_stood_against_it_before_is_no_news(
    leyla: Desk, nigar: Desk, ready: int, booked: Booked
) -> None:
    move(leyla, ready)
    booked(guide=nigar, state=State.CONFIRMED)

    status, _ = change(leyla, ready, 2, people="13")

    assert status == HTTPStatus.SEE_OTHER


def test_a_confirmed_tour_keeps_its_time(leyla: Desk, ready: int, museum: Database) -> None:
    move(leyla, ready)
    without = {"day": "", "begins": "", "ends": ""}

    status, shown = change(leyla, ready, 2, **without)

    assert status == HTTPStatus.CONFLICT
    assert "No day and time yet" in shown
    assert "reason_to_let" not in shown
    status, _ = change(leyla, ready, 2, **without, reason_to_let="Tuesday, perhaps.")
    assert status == HTTPStatus.CONFLICT
    assert stored(museum, ready).starts_at == AT


def test_a_confirmed_tour_keeps_its_guide_unless_somebody_says_why(
    leyla: Desk, ready: int, museum: Database
) -> None:
    move(leyla, ready)
    alone = {**leyla.form, "version": "2", f"planner-{leyla.number}": "on"}
    address = f"/staff/tours/{ready}/staff"

    answer = leyla.phone.post(address, data=alone)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Nobody leads it yet" in answer.text
    why = {"reason_to_let": "The director leads them."}
    assert leyla.phone.post(address, data=alone | why).status_code == HTTPStatus.SEE_OTHER
    assert [one.duty for one in stored(museum, ready).staff] == [Duty.PLANNER]


def test_what_stands_against_others_tours_is_not_named_to_strangers(
    leyla: Desk, orkhan: Desk, nigar: Desk, ready: int, booked: Booked
) -> None:
    marker = (Party("organisation", {"en": "Zanzibar Marker Society"}),)
    booked(guide=nigar, planner=orkhan, state=State.CONFIRMED, level=3, parties=marker)

    shown = leyla.phone.get(f"/staff/tours/{ready}").text

    assert "House booked" in shown
    assert "Zanzibar" not in shown
    assert "Zanzibar" in orkhan.phone.get(f"/staff/tours/{ready}").text


def test_every_kind_of_clash_is_listed_with_the_way_to_mend_it(
    leyla: Desk, nigar: Desk, booked: Booked, museum: Database
) -> None:
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.take_off_display(datetime.now(UTC))
        room, tar_id = tar.exhibition_id, tar.id
        db.add(
            Closure(
                exhibition_id=room,
                starts_at=AT,
                ends_at=AT + timedelta(hours=1),
                reason="Cleaning",
            )
        )
    stops = [make.stop(exhibit_id=tar_id, minutes=100)]
    other = booked(guide=nigar, state=State.CONFIRMED, stops=[make.stop(exhibit_id=tar_id)])
    number = booked(guide=nigar, stops=stops, languages=["ka"], people=None)

    shown = leyla.phone.get(f"/staff/tours/{number}").text

    for said in (
        *("leads another tour", "Another delegation in the same place", "Closed at that time"),
        *("Off display", "10 minutes over", "Nobody speaks Georgian"),
        *("How many come is not known", "The guide does not speak Georgian"),
    ):
        assert said in shown
    assert f'href="/staff/tours/{other}"' in shown
    for page in ("details", "staff"):
        assert f'href="/staff/tours/{number}/{page}"' in shown


def test_a_curator_finds_no_tour(signed_in: SignedIn, ready: int) -> None:
    aysel = signed_in(Role.CURATOR, email="aysel@example.org")

    assert aysel.phone.get(f"/staff/tours/{ready}").status_code == HTTPStatus.NOT_FOUND
