"""Who leads a tour, who is in charge of it and who interprets is chosen by planners."""

import html
import re
from http import HTTPStatus

import pytest

from guide.accounts.model import Account
from guide.db import Database
from guide.tours.people import Interpreter
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked, stored

SAVED = HTTPStatus.SEE_OTHER


@pytest.fixture
def mei(museum: Database) -> int:
    """An interpreter of the house."""
    with museum.writing() as db:
        one = Interpreter(name="Mei", languages=["zh-Hans"])
        db.add(one)
        db.flush()
        return one.id


def theirs(shown: str) -> str:
    """Return what a page tells of the team as it is stored."""
    begins = shown.index('<section class="theirs"')
    return html.unescape(
        re.sub("<[^>]+>", "", shown[begins : shown.index("</section>", begins)])
    )


def ticked(shown: str) -> set[str]:
    """Return the colleagues that a form has chosen, by their fields."""
    return set(re.findall(r'name="((?:guide|planner)-\d+)" value="1" checked', shown))


def called(museum: Database, desk: Desk, name: str) -> None:
    """Give somebody a name of their own."""
    with museum.writing() as db:
        db.get_one(Account, desk.number).name = name


def at_work(mei: int, **fields: str) -> dict[str, str]:
    """Fill the first row of the form with an interpreter."""
    row = {"interpreter": str(mei), "from": "zh-Hans", "to": "az", "mode": "consecutive"}
    return {f"{name}-0": said for name, said in (row | fields).items()}


@pytest.mark.parametrize("sets", ["1\0002", "1\a2", "1\ufffd", "4" * 81, "\u0958" * 80])
def test_whisper_sets_that_cannot_be_kept_are_refused_beside_their_field(
    leyla: Desk, booked: Booked, museum: Database, mei: int, sets: str
) -> None:
    number = booked()
    form = {**leyla.form, "version": "1", **at_work(mei, sets=sets)}

    answer = leyla.phone.post(f"/staff/tours/{number}/staff", data=form)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="sets-0-error"' in answer.text
    assert 'id="row-0-error"' not in answer.text
    assert stored(museum, number).interpreters == []


def test_whisper_sets_are_one_line_that_turns_no_words(
    leyla: Desk, booked: Booked, museum: Database, mei: int
) -> None:
    number = booked()
    form = {**leyla.form, "version": "1", **at_work(mei, sets=" 1  to\u202e 4 ")}

    answer = leyla.phone.post(f"/staff/tours/{number}/staff", data=form)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert [one.whisper_sets for one in stored(museum, number).interpreters] == ["1 to 4"]


# Two at once.


def test_whoever_comes_too_late_sees_the_team_as_it_is_now_beside_their_choice(  # noqa: PLR0913, PLR0917 (each has a part)
    leyla: Desk,
    orkhan: Desk,
    nigar: Desk,
    elvin: Desk,
    booked: Booked,
    museum: Database,
    mei: int,
) -> None:
    called(museum, elvin, "Elvin")
    called(museum, leyla, "Leyla")
    number = booked(guide=nigar, planner=orkhan)
    address = f"/staff/tours/{number}/staff"
    hers = {f"guide-{elvin.number}": "1", f"planner-{leyla.number}": "1", "version": "1"}
    hers |= at_work(mei, sets="1 to 4", begins="11:15", ends="12:00")
    assert leyla.phone.post(address, data={**leyla.form, **hers}).status_code == SAVED
    his = {f"guide-{nigar.number}": "1", f"planner-{orkhan.number}": "1"}

    answer = orkhan.phone.post(address, data={**orkhan.form, **his, "version": "1"})

    assert answer.status_code == HTTPStatus.CONFLICT
    told = theirs(answer.text)
    assert "Who leads itElvin" in told
    assert "Who is in chargeLeyla" in told
    assert "Mei: Simplified Chinese – Azerbaijani, consecutive, 11:15–12:00" in told
    assert "1 to 4" in told
    assert ticked(answer.text) == set(his)
    assert {one.account_id for one in stored(museum, number).staff} == {
        elvin.number,
        leyla.number,
    }
    again = {**orkhan.form, **his, "version": "2"}
    assert orkhan.phone.post(address, data=again).status_code == SAVED
    assert "theirs" not in orkhan.phone.get(address).text


def test_a_change_of_somebody_else_is_told_before_what_cannot_be_read(
    leyla: Desk, nigar: Desk, booked: Booked, mei: int
) -> None:
    number = booked(guide=nigar)
    late = {**leyla.form, "version": "0", **at_work(mei, sets="\a")}

    answer = leyla.phone.post(f"/staff/tours/{number}/staff", data=late)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "The team as it is now" in answer.text
