"""Who leads a tour, who is in charge of it and who interprets is chosen by planners."""

from http import HTTPStatus

import pytest

from guide.db import Database
from guide.tours.people import Interpreter
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked, stored


@pytest.fixture
def mei(museum: Database) -> int:
    """An interpreter of the house."""
    with museum.writing() as db:
        one = Interpreter(name="Mei", languages=["zh-Hans"])
        db.add(one)
        db.flush()
        return one.id


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
