"""Of a tour that somebody cannot open they learn that the house is booked, and nothing else."""

import html
import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.halls import Hall
from guide.exhibits.model import Exhibit
from guide.tours.diary import Override
from guide.tours.model import Level, State
from guide.tours.people import Interpreter, SpokenLanguage, TourInterpreter
from tests import make
from tests.accounts.conftest import Desk
from tests.tours.conftest import AT, Booked, stored

BOOKED = "House booked 11:00–12:30 · Whether the two meet is not said."
CONFIRMED, REFUSED = HTTPStatus.SEE_OTHER, HTTPStatus.CONFLICT


@pytest.fixture
def things(museum: Database, nigar: Desk, elvin: Desk) -> dict[str, int]:
    """Exhibits of several exhibitions by their slug; two guides who speak with the guests."""
    with museum.writing() as db:
        for guide in (nigar, elvin):
            db.add(SpokenLanguage(account_id=guide.number, language="en"))
        hall = Hall(slug="hall", position=1, floor=0, capacity=20, names={"en": "Hall"})
        db.add(hall)
        db.flush()
        db.scalars(select(Exhibit).where(Exhibit.slug == "saz")).one().hall_id = hall.id
        return dict(db.execute(select(Exhibit.slug, Exhibit.id)).all())


@pytest.fixture
def closed(booked: Booked, nigar: Desk, orkhan: Desk, things: dict[str, int]) -> int:
    """A closed tour of twelve, first over tea, then at the tar, then at the saz in its hall."""
    stops = [
        make.stop(1, names={"en": "Tea"}, minutes=10),
        make.stop(2, exhibit_id=things["tar"], minutes=15),
        make.stop(3, exhibit_id=things["saz"], minutes=15),
    ]
    return booked(
        guide=nigar,
        planner=orkhan,
        state=State.CONFIRMED,
        level=Level.CLOSED,
        people=12,
        stops=stops,
    )


@pytest.fixture
def drafted(booked: Booked, elvin: Desk, things: dict[str, int]) -> Booked:
    """Put a tour of an hour with one exhibit into the book, while the closed one is there."""

    def draft(slug: str = "tar", **fields: object) -> int:
        stops = [make.stop(exhibit_id=things[slug], minutes=60)]
        return booked(**{"guide": elvin, "stops": stops, **fields})

    return draft


def left_of(desk: Desk, tour_id: int, page: str = "") -> str:
    """Read what is left to do, without markup, forms and what is said of the texts."""
    shown = desk.phone.get(f"/staff/tours/{tour_id}{page}").text
    found = shown[shown.index('<ul class="findings">') :].partition("</ul>")[0]
    bare = re.sub(r"<details>.*?</details>", "", found, flags=re.DOTALL).split("<li>")
    said = (" ".join(html.unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in bare)
    return "\n".join(one for one in said if one and not one.startswith("Not reviewed"))


def confirm(desk: Desk, tour_id: int) -> int:
    return desk.phone.post(f"/staff/tours/{tour_id}/confirmation", data=desk.form).status_code


@pytest.mark.usefixtures("closed")
def test_a_guide_reads_the_same_wherever_a_closed_tour_is(
    elvin: Desk, booked: Booked, things: dict[str, int]
) -> None:
    def told(people: int, *slugs: str, begins: int = 0) -> str:
        stops = [
            make.stop(place, exhibit_id=things[slug], minutes=30)
            for place, slug in enumerate(slugs, 1)
        ]
        starts_at = AT + timedelta(minutes=begins)
        draft = booked(guide=elvin, people=people, stops=stops, starts_at=starts_at)
        return left_of(elvin, draft)

    elsewhere = told(8, "bibi-heybat-mosque")

    assert elsewhere.count("House booked") == 1
    assert BOOKED in elsewhere
    assert "11:12" not in elsewhere
    assert "Another delegation" not in elsewhere
    assert elsewhere == told(8, "tar")
    assert elsewhere == told(8, "saz") == told(9, "saz")
    assert elsewhere == told(8, "tar", begins=60)
    assert elsewhere == told(8, "tar", "saz")


def test_nobody_is_told_who_leads_a_closed_tour(
    leyla: Desk, nigar: Desk, booked: Booked, closed: int
) -> None:
    number = booked(guide=nigar)

    for page in ("", "/route"):
        assert BOOKED in left_of(leyla, number, page)
        assert "leads another tour" not in left_of(leyla, number, page)
    assert f"/staff/tours/{closed}" not in leyla.phone.get(f"/staff/tours/{number}").text


def test_a_tour_at_another_time_hears_nothing(
    leyla: Desk, nigar: Desk, booked: Booked, closed: int, museum: Database
) -> None:
    begins = stored(museum, closed).ends_at
    assert begins
    number = booked(guide=nigar, starts_at=begins, ends_at=begins + timedelta(hours=1))

    assert "House booked" not in left_of(leyla, number)


def test_a_closed_tour_that_begins_with_its_interpreter_is_told_of(
    leyla: Desk, drafted: Booked, closed: int, museum: Database
) -> None:
    begins, ends = AT - timedelta(hours=1), AT - timedelta(minutes=5)
    number = drafted(starts_at=begins, ends_at=ends, stops=[])
    assert "House booked" not in left_of(leyla, number)
    with museum.writing() as db:
        early = TourInterpreter(
            tour_id=closed,
            interpreter=Interpreter(name="Mei", languages=["ja"]),
            from_language="ja",
            to_language="az",
            mode="consecutive",
            starts_at=begins,
        )
        db.add(early)

    said = left_of(leyla, number)

    assert BOOKED in said
    assert "Mei" not in said


def test_whoever_can_open_it_reads_where_and_who(
    orkhan: Desk, nigar: Desk, booked: Booked, closed: int, things: dict[str, int]
) -> None:
    number = booked(guide=nigar, stops=[make.stop(exhibit_id=things["tar"], minutes=15)])

    said = left_of(orkhan, number)

    assert "leads another tour" in said
    assert "11:12–11:15" in said
    assert "House booked" not in said
    assert f"/staff/tours/{closed}" in orkhan.phone.get(f"/staff/tours/{number}").text


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("led_by", "slug", "people", "answer"),
    [
        pytest.param("elvin", "bibi-heybat-mosque", 8, CONFIRMED, id="elsewhere"),
        pytest.param("elvin", "tar", 8, REFUSED, id="the same exhibition"),
        pytest.param("elvin", "saz", 8, CONFIRMED, id="a hall that holds both"),
        pytest.param("elvin", "saz", 9, REFUSED, id="a hall that does not"),
        pytest.param("nigar", "bibi-heybat-mosque", 8, REFUSED, id="the same guide"),
    ],
)
def test_only_where_two_really_meet_the_second_is_not_confirmed(  # noqa: PLR0913, PLR0917
    request: pytest.FixtureRequest,
    leyla: Desk,
    drafted: Booked,
    museum: Database,
    led_by: str,
    slug: str,
    people: int,
    answer: int,
) -> None:
    guide: Desk = request.getfixturevalue(led_by)
    number = drafted(slug, guide=guide, people=people)
    before = left_of(leyla, number)

    assert confirm(leyla, number) == answer
    assert (stored(museum, number).state == State.CONFIRMED) is (answer == CONFIRMED)
    assert left_of(leyla, number) == before


def let(desk: Desk, tour_id: int, key: str) -> int:
    said = {"key": key, "reason": "They are few."}
    answer = desk.phone.post(f"/staff/tours/{tour_id}/overrides", data={**desk.form, **said})
    return answer.status_code


def test_a_booked_house_is_let_stand_by_name_and_with_a_reason(
    leyla: Desk, drafted: Booked, closed: int
) -> None:
    number = drafted()

    assert let(leyla, number, f"house-booked:{closed}") == CONFIRMED
    assert confirm(leyla, number) == CONFIRMED
    assert "They are few." in left_of(leyla, number)


def test_whoever_can_open_it_reads_who_let_it_stand(
    leyla: Desk, orkhan: Desk, drafted: Booked, closed: int
) -> None:
    number = drafted()
    let(leyla, number, f"house-booked:{closed}")

    said = left_of(orkhan, number)

    assert "Another delegation in the same place" in said
    assert "They are few." in said


def test_what_is_not_told_cannot_be_guessed_by_letting_it_stand(
    leyla: Desk, nigar: Desk, drafted: Booked, closed: int
) -> None:
    number = drafted(guide=nigar)

    assert let(leyla, number, f"guide:{nigar.number}:{closed}") == REFUSED


def test_a_hall_that_a_closed_tour_fills_tells_of_a_booked_house_alone(
    leyla: Desk, drafted: Booked, closed: int
) -> None:
    drafted("saz", state=State.CONFIRMED, guide=None, people=4)
    number = drafted("saz", people=5)  # the hall holds twenty, twelve are of the closed tour
    before = left_of(leyla, number)

    assert confirm(leyla, number) == REFUSED
    assert left_of(leyla, number) == before
    assert BOOKED in before
    assert "in the same place" not in before
    let(leyla, number, f"house-booked:{closed}")
    assert confirm(leyla, number) == CONFIRMED


def test_a_change_that_meets_a_closed_tour_needs_a_reason(
    leyla: Desk, drafted: Booked, closed: int, things: dict[str, int], museum: Database
) -> None:
    number = drafted("bibi-heybat-mosque", state=State.CONFIRMED)
    asked = {**leyla.form, "version": "1", "add": f"exhibit-{things['tar']}"}
    path = f"/staff/tours/{number}/route"
    leyla.phone.post(path, data=asked)  # the closed tour has left the tar by then
    [first, tar] = stored(museum, number).stops
    moved = {f"number-{first.id}": "2", f"number-{tar.id}": "1"}
    moved |= {f"minutes-{first.id}": "60", f"minutes-{tar.id}": "15"}
    moved |= {f"priority-{one.id}": "must" for one in (first, tar)}
    sent = {**leyla.form, "version": "2", **moved}

    answer = leyla.phone.post(path, data=sent)

    assert answer.status_code == REFUSED
    assert "House booked" in answer.text
    assert "in the same place" not in answer.text
    assert [one.id for one in stored(museum, number).stops] == [first.id, tar.id]
    leyla.phone.post(path, data={**sent, "reason_to_let": "They are few."})
    assert [one.id for one in stored(museum, number).stops] == [tar.id, first.id]
    with museum.reading() as db:
        assert db.scalars(select(Override.key)).all() == [f"house-booked:{closed}"]
