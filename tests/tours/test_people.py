"""Persons of a tour: names sign for sign, in the order that people set."""

import csv
import re
from http import HTTPStatus
from io import StringIO

import pytest
from httpx2 import Response
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.tours.model import Level, State
from guide.tours.people import PersonRole, Side, in_precedence
from guide.tours.person_forms import MOST_PERSONS, rows_pasted
from tests import make
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked, stored

NAMES = {
    "习近平": ("zh-Hans", "ltr"),
    "محمد بن راشد": ("ar", "rtl"),
    "Əliyeva Ə.": ("az", "ltr"),
    "YANG Wanming": ("en", "ltr"),
    "Jose\u0301  Marti\u0301": ("es", "ltr"),  # composed of two signs, with two spaces
    "O’Neill-İlham": ("az", "ltr"),
}
ASKED = {
    "side": "guest",
    "role": "member",
    "name_official": "Yang Wanming",
    "name_language": "en",
}


def people(number: int) -> str:
    return f"/staff/tours/{number}/people"


def send(desk: Desk, number: int, way: str, version: str = "1", **fields: str) -> Response:
    form = {**desk.form, "version": version, **fields}
    return desk.phone.post(people(number) + way, data=form)


def names(museum: Database, number: int, side: Side = Side.GUEST) -> list[str]:
    persons = stored(museum, number).persons
    return [one.name_official for one in in_precedence(persons, side)]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_out_sign_for_sign(
    leyla: Desk, booked: Booked, museum: Database, name: str
) -> None:
    number = booked()
    language, direction = NAMES[name]

    answer = send(
        leyla, number, "/new", **{**ASKED, "name_official": name, "name_language": language}
    )

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert names(museum, number) == [name]
    shown = leyla.phone.get(people(number)).text
    assert f'<bdi lang="{language}" dir="{direction}">{name}</bdi>' in shown
    table = leyla.phone.get(people(number) + ".csv").content
    assert name.encode() in table
    (row,) = csv.DictReader(StringIO(table.decode("utf-8-sig")))
    assert row["name_official"] == name
    form = leyla.phone.get(f"{people(number)}/{stored(museum, number).persons[0].id}").text
    assert f'value="{name}"' in form


@pytest.mark.parametrize(
    "name", ["", " ", "a\u202eb", "Yang\x00", "Yang\nWanming", "\ufffd", "z" + "\u0323" * 9]
)
def test_a_name_that_cannot_be_kept_as_it_is_is_refused(
    leyla: Desk, booked: Booked, museum: Database, name: str
) -> None:
    number = booked()

    fields = {**ASKED, "name_official": name, "contact": "+994 12 000"}
    answer = send(leyla, number, "/new", **fields)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="name_official-error"' in answer.text
    assert "+994 12 000" in answer.text
    assert names(museum, number) == []


def test_everything_that_is_said_of_a_person_is_kept(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    number = booked()
    said = {
        "name_az": "Yan Vanmin",
        "name_en": "Yang Wanming",
        "sort_name": "Yang",
        "short_address": "Mr President",
        "affiliation": "Friendship Association",
        "pronunciation": "yahng wahn-ming",
        "contact": "through the embassy",
    }
    asked = {**ASKED, "name_official": "杨万明", "name_language": "zh-Hans", "role": "head"}
    asked |= {"position-en": "President", "position-zh-Hans": "会长", "do_not_photograph": "1"}

    send(leyla, number, "/new", precedence="3", **asked, **said)

    (person,) = stored(museum, number).persons
    assert {name: getattr(person, name) for name in said} == said
    assert person.positions == {"en": "President", "zh-Hans": "会长"}
    assert (person.role, person.precedence, person.do_not_photograph) == ("head", 3, True)
    shown = leyla.phone.get(people(number)).text
    for words in (*said.values(), "杨万明", "President", "Do not photograph"):
        assert words == "Yang" or words in shown


def test_guests_have_one_head_and_hosts_may_have_several(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    number = booked(persons=[make.person("Yang Wanming")])

    answer = send(leyla, number, "/new", **{**ASKED, "name_official": "Li Wei", "role": "head"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The guests have a head already" in answer.text
    assert 'value="Li Wei"' in answer.text
    host = {**ASKED, "side": "host", "role": "head"}
    assert send(leyla, number, "/new", **host).status_code == HTTPStatus.SEE_OTHER
    assert names(museum, number) == ["Yang Wanming"]


def test_the_head_can_be_saved_again_as_the_head(leyla: Desk, booked: Booked) -> None:
    number = booked(persons=[make.person("Yang Wanming")])
    asked = {**ASKED, "role": "head", "precedence": "1", "contact": "embassy"}

    assert send(leyla, number, "/1", **asked).status_code == HTTPStatus.SEE_OTHER


def test_equals_stand_by_the_name_they_are_sorted_under(
    booked: Booked, museum: Database
) -> None:
    asked = [("Zaur", ""), ("Çingiz", ""), ("Cavid", ""), ("Anar Zeynalov", "Zeynalov")]
    persons = [
        make.person(name, sort_name=under, role=PersonRole.MEMBER) for name, under in asked
    ]
    persons.append(make.person("Zohrə", role=PersonRole.MEMBER, precedence=0))
    number = booked(persons=persons)

    assert names(museum, number) == ["Zohrə", "Cavid", "Çingiz", "Zaur", "Anar Zeynalov"]


def test_somebody_is_moved_and_the_numbers_follow(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    persons = [
        make.person(name, role=PersonRole.MEMBER, precedence=number)
        for name, number in (("Aysel", 1), ("Babək", 1), ("Ceyhun", 10))
    ]
    number = booked(persons=persons)
    host = make.person("Anar", side=Side.HOST, precedence=1)
    other = booked(persons=[host])
    ceyhun = stored(museum, number).persons[-1].id

    send(leyla, number, "/order", move=f"up-{ceyhun}")

    assert names(museum, number) == ["Aysel", "Ceyhun", "Babək"]
    kept = in_precedence(stored(museum, number).persons, Side.GUEST)
    assert [one.precedence for one in kept] == [1, 2, 10]
    send(leyla, number, "/order", "2", move=f"up-{kept[0].id}")  # who is first stays first
    assert names(museum, number) == ["Aysel", "Ceyhun", "Babək"]
    stranger = stored(museum, other).persons[0].id
    send(leyla, number, "/order", "3", move=f"down-{stranger}")
    assert stored(museum, other).persons[0].precedence == 1


def test_who_has_no_number_comes_last(leyla: Desk, booked: Booked, museum: Database) -> None:
    number = booked(persons=[make.person("Yang Wanming", precedence=40)])

    send(leyla, number, "/new", **{**ASKED, "name_official": "Aa"})

    assert names(museum, number) == ["Yang Wanming", "Aa"]


def test_two_who_change_people_at_once_see_both_versions(
    leyla: Desk, orkhan: Desk, booked: Booked, museum: Database
) -> None:
    number = booked(persons=[make.person("Yang Wanming", contact="embassy")])
    person = stored(museum, number).persons[0].id
    theirs = {**ASKED, "role": "head", "precedence": "1", "contact": "ministry"}
    send(leyla, number, f"/{person}", **theirs)

    answer = send(orkhan, number, f"/{person}", **{**theirs, "contact": "hotel"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert 'value="hotel"' in answer.text
    assert "<bdi>ministry</bdi>" in answer.text
    assert stored(museum, number).persons[0].contact == "ministry"
    nameless = send(orkhan, number, f"/{person}", **{**theirs, "name_official": ""})
    assert nameless.status_code == HTTPStatus.CONFLICT
    assert "<bdi>Yang Wanming</bdi>" in nameless.text
    again = {**theirs, "contact": "hotel"}
    assert send(orkhan, number, f"/{person}", "2", **again).status_code == HTTPStatus.SEE_OTHER
    for way in ("/order", f"/{person}/removal"):
        stale = send(leyla, number, way, "2", move=f"up-{person}")
        assert stale.status_code == HTTPStatus.CONFLICT
    assert names(museum, number) == ["Yang Wanming"]


def test_somebody_is_taken_out(leyla: Desk, booked: Booked, museum: Database) -> None:
    number = booked(persons=[make.person("Yang Wanming")])
    other = booked(persons=[make.person("Noise")])
    person = stored(museum, number).persons[0].id

    foreign = send(leyla, other, f"/{person}/removal")
    answer = send(leyla, number, f"/{person}/removal")

    assert foreign.status_code == HTTPStatus.NOT_FOUND
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert names(museum, number) == []
    assert names(museum, other) == ["Noise"]


def test_the_trail_names_fields_and_numbers_and_nobody(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    number = booked()
    send(leyla, number, "/new", **{**ASKED, "contact": "embassy"})
    person = stored(museum, number).persons[0].id
    asked = {**ASKED, "precedence": "1", "contact": "ministry"}
    send(leyla, number, f"/{person}", "2", **asked)
    send(leyla, number, f"/{person}", "3", **asked)  # nothing changes
    send(leyla, number, f"/{person}/removal", "3")

    with museum.reading() as db:
        trail = [(one.deed, one.fields) for one in db.scalars(select(AuditEntry))]
    key = f"person:{person}"
    assert trail == [
        ("person.added", [key]),
        ("person.changed", ["contact", key]),
        ("person.removed", [key]),
    ]


def test_who_may_not_read_names_finds_no_page(
    leyla: Desk, nigar: Desk, elvin: Desk, booked: Booked
) -> None:
    closed = booked(level=Level.RESTRICTED, guide=nigar, persons=[make.person("Yang")])
    for way in ("", ".csv", "/new", "/several", "/1"):
        for stranger in (leyla, elvin):
            answer = stranger.phone.get(people(closed) + way)
            assert answer.status_code == HTTPStatus.NOT_FOUND, way
            assert "Yang" not in answer.text
    assert send(leyla, closed, "/new", **ASKED).status_code == HTTPStatus.NOT_FOUND
    assert "Yang" in nigar.phone.get(people(closed)).text


@pytest.mark.parametrize("state", [State.UNDER_WAY, State.COMPLETED])
def test_planners_put_right_who_came(
    leyla: Desk, booked: Booked, museum: Database, state: State
) -> None:
    planned = [make.person("Yang Wanming"), make.person("Li Wei", role="member", precedence=2)]
    number = booked(state=state, persons=planned)
    head, member = (one.id for one in stored(museum, number).persons)
    told = {**ASKED, "name_official": "Wang Fang", "role": "head", "precedence": "1"}
    came = {**ASKED, "name_official": "Li Wei"}

    send(leyla, number, f"/{head}", **told)
    send(leyla, number, "/new", "2", **{**ASKED, "name_official": "Chen Jing"})
    send(leyla, number, "/order", "3", move=f"up-{member}")
    stale = send(leyla, number, f"/{member}", "2", **{**came, "contact": "hotel"})

    assert stale.status_code == HTTPStatus.CONFLICT
    assert names(museum, number) == ["Li Wei", "Wang Fang", "Chen Jing"]
    report = leyla.phone.get(f"/staff/tours/{number}/report").text
    assert "Wang Fang" in report
    assert "Yang Wanming" not in report
    for page in (report, leyla.phone.get(f"/staff/tours/{number}").text):
        assert f'href="{people(number)}">Put the guests right' in page
    with museum.reading() as db:
        deeds = [one.deed for one in db.scalars(select(AuditEntry))]
    assert deeds == ["person.changed", "person.added", "people.ordered"]


def test_what_stands_against_a_tour_hinders_nobody_who_puts_its_guests_right(
    leyla: Desk, nigar: Desk, booked: Booked, museum: Database
) -> None:
    for _ in range(2):  # at the same time, with the same guide
        number = booked(guide=nigar, state=State.UNDER_WAY)

    assert send(leyla, number, "/new", **ASKED).status_code == HTTPStatus.SEE_OTHER
    assert names(museum, number) == ["Yang Wanming"]


def fixed(desk: Desk, number: int) -> bool:
    """Say whether somebody reads the names of a tour and has no way to change them."""
    shown = desk.phone.get(people(number)).text
    overview = desk.phone.get(f"/staff/tours/{number}").text
    assert "Yang Wanming" in shown
    is_offered = 'name="move"' in shown or "Put the guests right" in overview
    refused = send(desk, number, "/new", **ASKED).status_code == HTTPStatus.CONFLICT
    return refused and not is_offered


@pytest.mark.parametrize("state", [State.UNDER_WAY, State.COMPLETED])
def test_a_guide_leaves_who_came_to_planners(nigar: Desk, booked: Booked, state: State) -> None:
    assert fixed(nigar, booked(guide=nigar, state=state, persons=[make.person()]))


def test_what_was_called_off_or_forgotten_has_people_and_no_buttons(
    leyla: Desk, booked: Booked
) -> None:
    called_off = booked(state=State.CANCELLED, persons=[make.person()])
    forgotten = booked(
        state=State.COMPLETED, forgotten_at=make.YESTERDAY, persons=[make.person()]
    )

    assert fixed(leyla, called_off)
    assert fixed(leyla, forgotten)


PASTED = """习近平; Chairman; Government
Əliyeva Ə.;; Heydar Aliyev Center; Baku

  FAMILY Given  
"""  # noqa: W291 (as it is pasted)


def test_lines_become_persons_once_they_were_checked(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    number = booked(persons=[make.person("Yang Wanming", precedence=7)])

    checked = send(leyla, number, "/several", lines=PASTED, side="guest", language="en")

    assert checked.status_code == HTTPStatus.OK
    assert names(museum, number) == ["Yang Wanming"]
    fields = dict(re.findall(r'name="(\w+-\d)"[^>]* value="([^"]*)"', checked.text))
    assert fields["name-0"] == "习近平"
    assert fields["affiliation-1"] == "Heydar Aliyev Center; Baku"
    shared = {"side": "guest", "language": "en"}
    answer = send(leyla, number, "/several/entry", **shared, **fields)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert names(museum, number) == ["Yang Wanming", "习近平", "Əliyeva Ə.", "FAMILY Given"]
    added = in_precedence(stored(museum, number).persons, Side.GUEST)[1]
    assert (added.precedence, added.positions, added.affiliation) == (
        8,
        {"en": "Chairman"},
        "Government",
    )


def test_a_line_that_cannot_be_taken_stops_all_and_comes_back(
    leyla: Desk, booked: Booked, museum: Database
) -> None:
    number = booked()
    asked = {"side": "host", "language": "az", "name-0": "Aysel", "position-1": "no name"}

    answer = send(leyla, number, "/several/entry", **asked)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="name-1-error"' in answer.text
    assert 'value="no name"' in answer.text
    assert names(museum, number, Side.HOST) == []


def test_lines_for_a_list_that_moved_on_are_not_lost(
    leyla: Desk, orkhan: Desk, booked: Booked, museum: Database
) -> None:
    number = booked()
    asked = {"side": "guest", "language": "az", "name-0": "Aysel"}
    send(orkhan, number, "/new", **ASKED)

    answer = send(leyla, number, "/several/entry", **asked)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert 'value="Aysel"' in answer.text
    assert "Yang Wanming" in answer.text
    assert names(museum, number) == ["Yang Wanming"]


@pytest.mark.parametrize("asked", [{"side": "neither"}, {"language": "xx"}, {"lines": " \n"}])
def test_lines_without_what_goes_with_them_come_back(
    leyla: Desk, booked: Booked, asked: dict[str, str]
) -> None:
    fields = {"side": "guest", "language": "en", "lines": "Aysel"} | asked

    answer = send(leyla, booked(), "/several", **fields)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'role="alert"' in answer.text


def test_a_list_has_an_end(leyla: Desk, booked: Booked, museum: Database) -> None:
    persons = [
        make.person(f"Guest {n}", role=PersonRole.MEMBER, precedence=n)
        for n in range(1, MOST_PERSONS)
    ]
    number = booked(persons=persons)
    two = {"side": "guest", "language": "en", "lines": "Aysel\nBabək"}
    assert "too many" in send(leyla, number, "/several", **two).text

    first = send(leyla, number, "/new", **ASKED)
    answer = send(leyla, number, "/new", "2", **ASKED)

    assert first.status_code == HTTPStatus.SEE_OTHER
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The list is full" in answer.text
    assert len(stored(museum, number).persons) == MOST_PERSONS


def test_a_table_of_names_calculates_nothing(leyla: Desk, booked: Booked) -> None:
    number = booked(persons=[make.person("=1+1", contact="@me")])

    table = leyla.phone.get(people(number) + ".csv").content.decode("utf-8-sig")

    (row,) = csv.DictReader(StringIO(table))
    assert (row["name_official"], row["contact"]) == ("'=1+1", "'@me")


def test_what_stands_after_a_second_sign_is_of_the_affiliation() -> None:
    (row,) = rows_pasted("Yang; President; Association; Beijing")
    assert (row.name, row.position, row.affiliation) == (
        "Yang",
        "President",
        "Association; Beijing",
    )
