"""What a source has published of a tour of the house stays when the rest is forgotten."""

from http import HTTPStatus

import pytest
from httpx2 import Response
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.settings import Settings
from guide.tours.forgetting.forgetting import Forgetting
from guide.tours.model import Category, Level, Party, State
from guide.tours.people import Side
from guide.upkeep.purge import forgetting_of
from tests import make
from tests.accounts.conftest import Desk
from tests.conftest import settings_for
from tests.tours.conftest import Booked, stored
from tests.tours.forgetting.marked import DAY_AFTER, MARK
from tests.tours.forgetting.test_forgetting import every_row

NEWS = {
    "source": "https://example.org/news/1",
    "publisher": "AZERTAC",
    "published_on": "2026-11-20",
    "source_language": "en",
    "confidence": "high",
    "head": "Yang Wanming",
    "title": "President",
    "organisation": "Friendship Association",
    "host": "Anar Alakbarov, Director",
    "persons_named": "Li Na, Secretary\nWang Wei",
    "exhibitions_seen": "Classic cars",
}


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for("sqlite://", tmp_path_factory.mktemp("house") / "data")


@pytest.fixture
def forgetting(museum: Database, house: Settings) -> Forgetting:
    return forgetting_of(house, museum)


@pytest.fixture
def over(booked: Booked, leyla: Desk) -> int:
    """A private visit that the house led, of people some of whom the news will name."""
    said = {"contact": MARK, "affiliation": MARK, "positions": {"en": MARK}}
    return booked(
        planner=leyla,
        state=State.COMPLETED,
        category=Category.PRIVATE,
        parties=(
            Party("organisation", {"en": "Friendship Association", "az": f"{MARK} ailəsi"}),
            Party("organisation", {"en": MARK}),
            Party("country", {}, "CN"),
        ),
        persons=[
            make.person("杨万明", name_language="zh-Hans", name_en="Yang Wanming", **said),
            make.person("Li Na", role="member", **said),
            make.person(MARK, role="member"),
            make.person("Anar Alakbarov", side=Side.HOST, **said),
            make.person(f"{MARK} of the house", side=Side.HOST),
        ],
        stops=[make.stop(1, names={"en": f"Tea with {MARK}"}, note=MARK)],
    )


def publish(desk: Desk, tour: int, version: int = 1, **said: str) -> Response:
    fields = {**desk.form, **NEWS, "version": str(version), **said}
    return desk.phone.post(f"/staff/tours/{tour}/published", data=fields)


def test_a_planner_adds_a_source_and_what_the_house_knows_stays_as_it_is(
    leyla: Desk, over: int, museum: Database
) -> None:
    before = stored(museum, over)
    page = leyla.phone.get(f"/staff/tours/{over}").text
    assert f"/staff/tours/{over}/published" in page

    answer = publish(leyla, over)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    after = stored(museum, over)
    assert after.published
    assert (after.published.source, after.published.head) == (NEWS["source"], "Yang Wanming")
    assert after.published.also == {
        "publisher": "AZERTAC",
        "published_on": "2026-11-20",
        "persons_named": ["Li Na, Secretary", "Wang Wei"],
    }
    assert (after.date, after.parties) == (before.date, before.parties)
    assert len(after.persons) == len(before.persons)
    assert [stop.names for stop in after.stops] == [stop.names for stop in before.stops]
    shown = leyla.phone.get(f"/staff/tours/{over}").text
    for said in ("AZERTAC", "Wang Wei", NEWS["source"], "Who leads it"):
        assert said in shown
    with museum.reading() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.deed == "source.saved")).one()
    assert "head" in entry.fields
    assert "Yang" not in str(entry.fields)


def test_what_was_published_stays_and_nothing_else(
    leyla: Desk, over: int, museum: Database, forgetting: Forgetting
) -> None:
    publish(leyla, over)
    expected = forgetting.would_forget(DAY_AFTER)

    done = forgetting.forget_due(DAY_AFTER)

    assert (done.tours, done.counts) == (expected.tours, expected.counts)
    assert done.counts == {"persons": 5, "stops": 1, "parties": 2}
    assert MARK not in every_row(museum)
    tour = stored(museum, over)
    assert tour.forgotten_at == DAY_AFTER
    assert [(one.name_official, one.positions) for one in tour.persons] == [
        ("Yang Wanming", {"en": "President"}),
        ("Li Na", {"en": "Secretary"}),
        ("Anar Alakbarov", {"en": "Director"}),
    ]
    assert tour.parties == (
        Party("organisation", {"en": "Friendship Association"}),
        Party("country", {}, "CN"),
    )
    assert tour.published
    assert tour.published.also["publisher"] == "AZERTAC"
    assert forgetting.would_forget(DAY_AFTER).tours == 0
    assert "Yang Wanming" in leyla.phone.get(f"/staff/tours/{over}").text


def test_a_source_can_be_added_to_a_tour_that_was_forgotten(
    leyla: Desk, over: int, museum: Database, forgetting: Forgetting
) -> None:
    forgetting.forget_due(DAY_AFTER)
    publish(leyla, over, version=2)
    assert forgetting.forget_due(DAY_AFTER).tours == 0
    published = stored(museum, over).published
    assert published
    assert published.head == "Yang Wanming"


def test_a_source_that_is_taken_away_keeps_nobody(
    leyla: Desk, over: int, museum: Database, forgetting: Forgetting
) -> None:
    publish(leyla, over)
    away = f"/staff/tours/{over}/published/removal"
    assert leyla.phone.post(away, data={**leyla.form, "version": "1"}).status_code == 409

    answer = leyla.phone.post(away, data={**leyla.form, "version": "2"})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert stored(museum, over).published is None
    forgetting.forget_due(DAY_AFTER)
    assert "Yang" not in every_row(museum)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"source": ""}, "source"),
        ({"head": ""}, "head"),
        ({"organisation": ""}, "organisation"),
        ({"confidence": ""}, "confidence"),
        ({"published_on": "2026-02-30"}, "published_on"),
        ({"published_on": "2999-01-01"}, "published_on"),
        ({"publisher": "a\x00b"}, "publisher"),
        ({"persons_named": "a\u202eb"}, "persons_named"),
        ({"persons_named": "x\n" * 61}, "persons_named"),
    ],
)
def test_the_rules_are_those_of_visits_that_were(
    leyla: Desk, over: int, museum: Database, said: dict[str, str], field: str
) -> None:
    answer = publish(leyla, over, 1, **said)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-error"' in answer.text
    assert "Classic cars" in answer.text
    assert stored(museum, over).published is None


def test_two_who_write_at_once_are_told_of_each_other(
    leyla: Desk, orkhan: Desk, over: int, museum: Database
) -> None:
    publish(leyla, over)
    answer = publish(orkhan, over, head="Somebody Else")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Somebody Else" in answer.text
    published = stored(museum, over).published
    assert published
    assert published.head == "Yang Wanming"


def test_only_what_took_place_in_the_house_and_only_planners_who_may_read_it(
    leyla: Desk, orkhan: Desk, nigar: Desk, booked: Booked, over: int
) -> None:
    coming = booked(planner=leyla, state=State.CONFIRMED)
    secret = booked(planner=leyla, state=State.COMPLETED, level=Level.RESTRICTED)
    for desk, tour in ((leyla, coming), (orkhan, secret), (nigar, over)):
        path = f"/staff/tours/{tour}/published"
        assert desk.phone.get(path).status_code == HTTPStatus.NOT_FOUND
        assert publish(desk, tour).status_code == HTTPStatus.NOT_FOUND
        assert desk.phone.post(f"{path}/removal", data=desk.form).status_code == 404
    assert publish(leyla, secret).status_code == HTTPStatus.SEE_OTHER


def test_what_a_source_says_of_a_tour_of_the_house_is_not_put_right_as_a_visit_that_was(
    leyla: Desk, over: int, museum: Database
) -> None:
    publish(leyla, over)
    before = every_row(museum)
    form = {**leyla.form, **NEWS, "version": "2", "date": "2021-01-01"}
    assert leyla.phone.post(f"/staff/tours/past/{over}", data=form).status_code == 404
    assert every_row(museum) == before
    assert "Yang Wanming" in leyla.phone.get("/staff/tours/past").text
