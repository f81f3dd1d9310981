"""What those who receive the guests must know is written by several, and nothing is lost."""

from http import HTTPStatus

import pytest

from guide.db import Database
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked, stored


@pytest.mark.parametrize("notes", ["They like coffee.", "They like\a coffee.", "x" * 4_001])
def test_the_second_of_two_sees_what_the_first_wrote_whatever_they_wrote_themselves(
    leyla: Desk, orkhan: Desk, booked: Booked, museum: Database, notes: str
) -> None:
    number = booked()
    address = f"/staff/tours/{number}/brief"
    first = {"version": "1", "notes": "They like tea."}
    leyla.phone.post(address, data={**leyla.form, **first})

    answer = orkhan.phone.post(
        address, data={**orkhan.form, "version": "1", "notes": notes, "dress": "dark"}
    )

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Saved meanwhile by somebody else: They like tea." in " ".join(answer.text.split())
    assert "dark</textarea>" in answer.text
    brief = stored(museum, number).brief
    assert (brief.notes, brief.dress) == ("They like tea.", "")


def test_what_cannot_be_read_is_marked_and_the_rest_comes_back(
    leyla: Desk, booked: Booked
) -> None:
    said = {"version": "1", "notes": "a\0b", "dress": "dark"}

    answer = leyla.phone.post(f"/staff/tours/{booked()}/brief", data={**leyla.form, **said})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="notes-error"' in answer.text
    assert "dark</textarea>" in answer.text
