"""The page of what happened: in order, in words, against the plan."""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from guide.accounts.model import Account
from guide.db import Database
from tests.accounts.conftest import Desk
from tests.tours.conftest import AT, Booked, stored
from tests.tours.keepsakes.conftest import BOOK, GIFTS, keep
from tests.tours.walking.conftest import Phone, entry

TAGS = re.compile(r"<[^>]+>|\s+")


def shown(desk: Desk, phone: Phone) -> str:
    """Read the page as a line of words."""
    answer = desk.phone.get(f"{phone.path}/happened")
    assert answer.status_code == HTTPStatus.OK
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", TAGS.sub(" ", main))


def test_it_tells_everything_in_its_order_and_who_took_it_down(
    walked: Phone,
) -> None:
    first, second, third = walked.now()["stops"]
    walked.send(
        entry("started", AT),
        entry("counted", AT + timedelta(minutes=1), number=7),
        entry("arrived", AT + timedelta(minutes=2), stop=first),
        entry(
            "noted",
            AT + timedelta(minutes=4),
            stop=first,
            tag="question",
            text="Who tunes it?",
        ),
        entry("skipped", AT + timedelta(minutes=9), stop=second),
        entry("arrived", AT + timedelta(minutes=10), stop=third),
        entry("counted", AT + timedelta(minutes=14), number=8),
        entry("finished", AT + timedelta(minutes=20)),
    )

    told = shown(walked.desk, walked)

    order = ("Set out", "Counted 7 guests", "question", "Who tunes it?", "Left a stop out")
    places = [told.index(one) for one in (*order, "Counted 8 guests", "Ended")]
    assert places == sorted(places)
    assert "11:04 Noted" in told
    assert "Aysel" in told
    assert "7 at first 8 at last" in told
    assert "11:00–11:20 20 min" in told


def test_a_stop_stands_with_its_plan_and_with_what_it_was(walked: Phone) -> None:
    first, second, third = walked.now()["stops"]
    walked.send(
        entry("arrived", AT, stop=first),
        entry("arrived", AT + timedelta(minutes=8), stop=third),
        entry("skipped", AT + timedelta(minutes=9), stop=second),
        entry("added", AT + timedelta(minutes=9), exhibit="balaban"),
        entry("finished", AT + timedelta(minutes=12)),
    )

    told = shown(walked.desk, walked)

    assert "Tar 5 min 11:00 8 min 11:00" in told
    assert "left out 5 min" in told
    assert "added on the way – –" in told or "not reached" in told


def test_what_came_late_and_what_was_set_right_is_said(walked: Phone) -> None:
    now = datetime.now(UTC)
    walked.send(entry("started"), entry("finished"))
    wrong = timedelta(minutes=-30)
    walked.send(entry("noted", now + wrong, text="Too late"), clock_off=wrong)

    told = shown(walked.desk, walked)

    assert "came late" in told
    assert "set on by 30 minutes" in told
    assert told.count("came late") == 1


def test_two_guides_are_both_named(walked: Phone, leyla: Desk, museum: Database) -> None:
    with museum.writing() as db:
        db.get_one(Account, walked.desk.number).name = "Nigar Rzayeva"
        db.get_one(Account, leyla.number).name = "Leyla Quliyeva"
    walked.send(entry("started"))
    Phone(leyla, walked.tour).send(entry("counted", number=3))

    told = shown(walked.desk, walked)

    assert "Set out Nigar Rzayeva" in told
    assert "Counted 3 guests Leyla Quliyeva" in told


def test_what_guests_left_is_there_too(walked: Phone) -> None:
    keep(walked, BOOK, text="Thank you", signatory="Yang Wanming")
    keep(walked, GIFTS, description_en="A carpet")
    walked.send(entry("gift", text="A vase"))

    told = shown(walked.desk, walked)

    for said in ("Thank you", "Yang Wanming", "A carpet", "A page of the guest book"):
        assert said in told
    assert "Register 1 gift noted on the walk" in told


def test_the_tab_is_there_from_the_first_event_on(walked: Phone) -> None:
    def has_tab() -> bool:
        return f'href="{walked.path}/happened"' in walked.desk.phone.get(walked.path).text

    assert not has_tab()
    walked.send(entry("counted", number=3))
    assert has_tab()


def test_a_planner_who_may_not_read_names_has_no_tab(
    booked: Booked, nigar: Desk, orkhan: Desk
) -> None:
    number = booked(guide=nigar, level=2, state="under-way")

    page = orkhan.phone.get(f"/staff/tours/{number}").text
    assert "/happened" not in page
    assert "/happened" in nigar.phone.get(f"/staff/tours/{number}").text


def test_nothing_was_taken_down(booked: Booked, nigar: Desk, museum: Database) -> None:
    number = booked(guide=nigar, state="completed", people=None, starts_at=None, ends_at=None)

    told = shown(nigar, Phone(nigar, number))

    assert "Nothing was taken down on the way." in told
    assert stored(museum, number).people is None
