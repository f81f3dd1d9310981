"""The list of visits: what finds one, for whom, and what the address keeps."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import select

from guide.accounts.model import Role
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.tours.model import Level, Party, State
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.tours.conftest import AT, Booked
from tests.tours.test_calendar import counted

MOST_QUERIES = 20
HREF = re.compile(r'class="name" href="/staff/tours/(\d+)"')

ITALY = (Party("country", {}, "IT"),)
SCHOOL = (Party("organisation", {"az": "Şəki 3 saylı məktəb"}),)

Listed = Callable[..., set[int]]


def seen(desk: Desk, **words: str) -> str:
    answer = desk.phone.get("/staff/tours", params={"view": "list", "when": "all", **words})
    assert answer.status_code == HTTPStatus.OK
    return answer.text


def found(desk: Desk, **words: str) -> set[int]:
    """The numbers of the visits that are listed."""
    return {int(number) for number in HREF.findall(seen(desk, **words))}


@pytest.fixture
def exhibit_of(museum: Database) -> Callable[[str], int]:
    """Return the number of an exhibit of an exhibition."""

    def first(slug: str) -> int:
        with museum.reading() as db:
            query = select(Exhibit.id).join(Exhibit.exhibition).where(Exhibition.slug == slug)
            return db.scalars(query.order_by(Exhibit.position)).first() or 0

    return first


@pytest.mark.parametrize("words", ["italiya", "ITALY", "İtaliya", "italy 2026-777"])
def test_a_country_is_found_by_what_the_office_calls_it(
    leyla: Desk, booked: Booked, words: str
) -> None:
    there = booked(parties=ITALY, reference="2026-777")
    booked(parties=SCHOOL)

    assert found(leyla, q=words) == {there}


@pytest.mark.parametrize("words", ["seki", "ŞƏKİ", "mekteb seki"])
def test_a_party_is_found_without_its_marks(leyla: Desk, booked: Booked, words: str) -> None:
    there = booked(parties=SCHOOL)
    booked(parties=ITALY)

    assert found(leyla, q=words) == {there}


def test_a_reference_and_a_place_are_found(
    leyla: Desk, booked: Booked, exhibit_of: Callable[[str], int]
) -> None:
    stops = [make.stop(1, exhibit_id=exhibit_of("classic-cars"))]
    cars = booked(stops=stops, reference="2026-901")
    booked(stops=[make.stop(1, exhibit_id=exhibit_of("musical-instruments"))])

    assert found(leyla, q="2026-901") == {cars}
    assert found(leyla, q="klassik avtomobil") == {cars}
    assert found(leyla, exhibition="classic-cars") == {cars}


@pytest.mark.parametrize("level", list(Level))
def test_a_person_is_found_by_whoever_may_read_the_name_and_nobody_else(  # noqa: PLR0913, PLR0917
    leyla: Desk, orkhan: Desk, nigar: Desk, elvin: Desk, booked: Booked, level: Level
) -> None:
    named = {
        "persons": [make.person("Əliyeva Ə.", affiliation="Kanarlar")],
        "stops": [make.stop(1, names={"az": "Çay Sadıqovla"})],
    }
    there = booked(guide=nigar, planner=orkhan, level=level, **named)
    booked(guide=elvin)

    for words in ("eliyeva", "kanarlar", "sadiqov"):
        for desk in (orkhan, nigar):
            assert found(desk, q=words) == {there}
        assert found(leyla, q=words) == ({there} if level <= Level.INTERNAL else set())
        assert found(elvin, q=words) == set()


def test_a_closed_visit_is_found_by_nothing(
    leyla: Desk, orkhan: Desk, booked: Booked, exhibit_of: Callable[[str], int]
) -> None:
    hidden = booked(
        planner=orkhan,
        level=Level.CLOSED,
        state=State.CONFIRMED,
        category="state",
        parties=(Party("country", {}, "MC"),),
        languages=["mn"],
        reference="2026-999",
        stops=[make.stop(1, exhibit_id=exhibit_of("classic-cars"))],
    )
    booked(parties=ITALY)
    asked: list[dict[str, str]] = [
        {"q": "Monako"},
        {"q": "2026-999"},
        {"q": "klassik"},
        {"country": "MC"},
        {"language": "mn"},
        {"level": "3"},
        {"category": "state"},
        {"state": "confirmed"},
        {"exhibition": "classic-cars"},
        {"from": "2026-12-01", "to": "2026-12-01", "q": "Monako"},
    ]

    for words in asked:
        assert found(leyla, **words) == set(), words
        assert found(orkhan, **words) == {hidden}, words
    whole = seen(leyla)
    for told in ('value="MC"', 'value="mn"', 'value="3"', 'value="state"', "2026-999"):
        assert told not in whole, told
        assert told in seen(orkhan), told
    assert "<dd>1</dd>" in whole


@pytest.mark.parametrize(
    ("words", "which"),
    [
        ({"state": "cancelled"}, {"cancelled"}),
        ({"category": "press"}, {"press"}),
        ({"level": "0"}, {"press"}),
        ({"country": "IT"}, {"press"}),
        ({"language": "zh-Hans"}, {"cancelled"}),
        ({"language": "zh"}, set()),
        ({"country": "IT", "state": "cancelled"}, set()),
        ({"state": "no such state"}, set()),
        ({"from": "2026-12-02"}, {"press"}),
        ({"to": "2026-12-01"}, {"cancelled", "plain"}),
        ({"from": "2026-12-05", "to": "2026-12-05"}, {"press"}),
        ({}, {"plain", "press", "cancelled", "some day"}),
    ],
)
def test_a_field_narrows_the_list(
    leyla: Desk, booked: Booked, words: dict[str, str], which: set[str]
) -> None:
    there = {
        "plain": booked(),
        "press": booked(category="press", level=0, parties=ITALY, date="2026-12-05"),
        "cancelled": booked(state=State.CANCELLED, languages=["zh-Hans"]),
        "some day": booked(date=None, starts_at=None, ends_at=None),
    }

    assert found(leyla, **words) == {there[name] for name in which}


@pytest.mark.parametrize(
    ("words", "is_there"),
    [
        ({"from": "2017-04-20", "to": "2017-12-31"}, True),
        ({"from": "2017-05-01"}, False),
        ({"to": "2017-04-01"}, True),
        ({"to": "2017-03-31"}, False),
    ],
)
def test_a_day_that_is_half_known_is_of_every_day_that_it_may_be(
    leyla: Desk, booked: Booked, words: dict[str, str], is_there: bool
) -> None:
    there = booked(date="2017-04", starts_at=None, ends_at=None, state=State.COMPLETED)

    assert found(leyla, **words) == ({there} if is_there else set())


@pytest.mark.parametrize(
    "words",
    [{"from": "yesterday"}, {"to": "2026-02-30"}, {"from": "2026-12-02", "to": "2026-12-01"}],
)
def test_a_period_that_is_none_is_said_and_what_was_typed_comes_back(
    leyla: Desk, booked: Booked, words: dict[str, str]
) -> None:
    booked(parties=ITALY)

    answer = leyla.phone.get("/staff/tours", params={"view": "list", **words})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "the last one is not before the first" in answer.text
    assert ('value="2026-12-02"' in answer.text) == (len(words) == 2)


def test_what_is_asked_for_stays_in_every_address_of_the_list(
    leyla: Desk, museum: Database
) -> None:
    with museum.writing() as db:
        db.add_all(make.tour(parties=ITALY, languages=["it"]) for _ in range(60))

    page = seen(leyla, country="IT", q="italy")

    assert "1–50 of 60" in page
    for kept in re.findall(r'href="(/staff/tours\?[^"]*page=2[^"]*)"', page):
        assert "country=IT" in kept
        assert "q=italy" in kept
        assert "51–60 of 60" in leyla.phone.get(kept.replace("&amp;", "&")).text
    assert "page=2" in page
    assert 'value="italy"' in page
    assert '<option value="IT" selected>Italy</option>' in page


def test_an_empty_list_says_how_to_widen_it(leyla: Desk, booked: Booked) -> None:
    there = booked(parties=ITALY, date="2024-05-05", starts_at=None, ends_at=None)

    answer = leyla.phone.get("/staff/tours?view=list&q=italy").text

    assert "No visit is like this" in answer
    wider = re.search(r'href="([^"]+)">Look among all', answer)
    assert wider
    assert f"/staff/tours/{there}" in leyla.phone.get(wider[1].replace("&amp;", "&")).text


def test_a_guide_looks_among_their_own(nigar: Desk, elvin: Desk, booked: Booked) -> None:
    hers = booked(guide=nigar, parties=ITALY)
    booked(guide=elvin, parties=ITALY, state=State.CONFIRMED)

    assert found(nigar, country="IT") == {hers}
    assert "<dd>1</dd>" in seen(nigar)


def test_a_planner_looks_among_those_of_a_guide(
    leyla: Desk, nigar: Desk, elvin: Desk, booked: Booked
) -> None:
    hers = booked(guide=nigar, parties=ITALY)
    booked(guide=elvin, parties=ITALY)
    booked(guide=nigar)

    assert found(leyla, country="IT", guide=str(nigar.number)) == {hers}


@pytest.mark.parametrize(
    "words",
    [
        {"q": "%_'\"<script>"},
        {"q": "x" * 5000},
        {"q": " ".join("word" for _ in range(500))},
        {"q": "\u202e🙂"},
        {"country": "'; drop table tours"},
        {"level": "99999999999999999999"},
        {"page": "999999999"},
        {"when": "never"},
    ],
)
def test_whatever_is_typed_is_no_fault_of_the_guide(
    leyla: Desk, booked: Booked, words: dict[str, str]
) -> None:
    booked()

    answer = leyla.phone.get("/staff/tours", params={"view": "list", **words})

    assert answer.status_code == HTTPStatus.OK
    assert "<script>" not in answer.text.replace("<script src", "").replace("<script type", "")


@pytest.mark.parametrize("words", [{}, {"q": "yang friendship"}, {"country": "IT"}])
def test_the_queries_do_not_grow_with_the_visits(
    leyla: Desk,
    nigar: Desk,
    booked: Booked,
    museum: Database,
    words: dict[str, str],
) -> None:
    def book(several: int) -> None:
        for _ in range(several):
            booked(
                guide=nigar,
                parties=(Party("organisation", {"en": "Friendship"}), *ITALY),
                persons=[make.person()],
                stops=[make.stop(1, names={"en": "Tea"})],
            )

    book(1)
    with counted(museum) as few:
        assert len(found(leyla, **words)) == 1
    book(12)
    with counted(museum) as many:
        assert len(found(leyla, **words)) == 13

    assert len(many) == len(few)
    assert len(many) <= MOST_QUERIES


def test_what_was_typed_of_the_coming_is_past_a_day_later(leyla: Desk, booked: Booked) -> None:
    now = datetime.now(UTC)
    past, coming = now - timedelta(days=3), now + timedelta(days=3)
    was = booked(starts_at=past, ends_at=past + timedelta(hours=1), date=f"{past:%Y-%m-%d}")
    comes = booked(
        starts_at=coming, ends_at=coming + timedelta(hours=1), date=f"{coming:%Y-%m-%d}"
    )

    assert found(leyla, when="coming") == {comes}
    assert found(leyla, when="past") == {was}
    assert found(leyla, when="all") == {was, comes}


def test_for_curators_and_admins_there_is_no_list_and_no_file(signed_in: SignedIn) -> None:
    desk = signed_in(Role.CURATOR, Role.ADMIN)

    for path in ("/staff/tours?view=list", "/staff/tours/visits.csv"):
        assert desk.phone.get(path).status_code == HTTPStatus.NOT_FOUND


def test_the_day_of_a_slot_is_that_of_the_museum(leyla: Desk, booked: Booked) -> None:
    booked(starts_at=AT, ends_at=AT + timedelta(hours=1))

    assert "11:00–12:00" in seen(leyla)
