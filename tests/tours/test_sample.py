"""The sample tour: the visit of 29 April 2024, with what nobody has stated left open."""

import json
from datetime import UTC, datetime

from sqlalchemy import select

from guide.db import Database
from guide.tours.model import State, Tour
from guide.tours.past import report_of
from guide.tours.queries import whole_tour
from guide.tours.sample import sample_tour
from tests.accounts.conftest import Desk
from tests.tours.test_past import VISITS, imported, visits

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def samples(museum: Database) -> list[Tour]:
    with museum.reading() as db:
        numbers = db.scalars(select(Tour.id).order_by(Tour.id))
        return [tour for one in numbers if (tour := db.scalar(whole_tour(one)))]


def add(museum: Database) -> Tour:
    with museum.writing() as db:
        assert sample_tour(db, AT)
    (tour,) = samples(museum)
    return tour


def test_the_sample_is_the_visit_as_it_was_told(museum: Database) -> None:
    tour = add(museum)

    assert (tour.state, tour.level, tour.reference) == (State.COMPLETED, 0, "2024-001")
    assert [one.code for one in tour.parties] == ["", "CN"]
    head, host = tour.persons
    assert (head.name_official, head.positions) == ("Yang Wanming", {"en": "President"})
    assert host.name_official == "Anar Alakbarov"
    assert host.positions["en"].startswith("Assistant to the President of Azerbaijan")
    rooms = [stop.exhibition and stop.exhibition.slug for stop in tour.stops]
    assert rooms == [
        None,
        "carpet-dance-of-loops",
        "mini-azerbaijan",
        "musical-instruments",
        "classic-cars",
    ]
    assert tour.stops[0].names == {"az": "Görüş", "en": "Meeting"}
    assert [stop.position for stop in tour.stops] == [1, 2, 3, 4, 5]


def test_what_is_not_stated_is_unknown(museum: Database, leyla: Desk) -> None:
    tour = add(museum)

    assert (tour.people, tour.languages, tour.starts_at, tour.ends_at) == (None, [], None, None)
    assert (tour.staff, tour.interpreters, tour.completed_at) == ([], [], None)
    assert tour.published
    assert tour.published.guest_book is None
    shown = leyla.phone.get(f"/staff/tours/{tour.id}").text
    assert shown.count('class="unstated">not stated') == 6
    assert "News.Az, 29 April 2024" in shown
    assert "29 April 2024" in shown


def test_the_sample_is_added_once(museum: Database) -> None:
    add(museum)
    with museum.writing() as db:
        assert sample_tour(db, AT) is None
    assert len(samples(museum)) == 1


def test_the_sample_is_one_of_the_visits_of_our_research(museum: Database, leyla: Desk) -> None:
    tour = add(museum)
    assert tour.published
    assert report_of(tour, tour.published).record() == visits()[-1]

    imported(leyla, json.loads(VISITS.read_text("utf-8")))

    assert len(samples(museum)) == len(visits())


def test_the_meeting_stays_when_what_was_seen_is_put_right(
    museum: Database, leyla: Desk
) -> None:
    tour = add(museum)
    page = {"source": "News.Az, 29 April 2024", "confidence": "high", "source_language": "en"}
    page |= {"head": "Yang Wanming", "title": "President", "country": "China"}
    page |= {"date": "2024-04-29", "exhibitions_seen": "Classic cars", "version": "1"}

    leyla.phone.post(f"/staff/tours/past/{tour.id}", data={**leyla.form, **page})

    (corrected,) = samples(museum)
    assert [stop.position for stop in corrected.stops] == [1, 2]
    assert corrected.stops[0].names["en"] == "Meeting"
