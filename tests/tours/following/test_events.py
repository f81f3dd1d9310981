"""What those who follow are told, and when a stream ends (acceptance 24–26; 108–110)."""

import re
from datetime import timedelta
from http import HTTPStatus
from time import monotonic

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.tours.links import TourLink
from guide.tours.model import Party, State, Tour
from tests.conftest import OPENING_DAY
from tests.tours.following.conftest import Served, Visit, Visiting, wait_for
from tests.tours.test_delegation import NOBODY, on_day
from tests.tours.walking.conftest import entry

CANARY = "Kanareyka7f3a"
NOWHERE = {"stop": None, "exhibit_slug": None, "seq": 0}
SOON = 5.0
"""Seconds within which everything must be known."""


def test_who_comes_late_is_told_at_once_where_it_is(served: Served, visit: Visit) -> None:
    first, second, _ = visit.stops
    visit.guide.send(
        entry("started"), entry("arrived", stop=first), entry("arrived", stop=second)
    )

    fields = served.follow(visit.address).fields()

    assert fields["data"] == f'{{"stop":"{second}","exhibit_slug":"kamancha","seq":3}}'
    assert fields["id"] == "3"
    assert 3_000 <= int(fields["retry"]) < 6_000


def test_phones_come_back_one_after_the_other(served: Served, visit: Visit) -> None:
    waits = {served.follow(visit.address).fields()["retry"] for _ in range(10)}

    assert len(waits) > 5


def test_each_move_is_told_to_all_who_follow(served: Served, visit: Visit) -> None:
    first, _, third = visit.stops
    pages = [served.follow(visit.address, phone) for phone in ("a", "b", "")]
    assert [page.told() for page in pages] == [NOWHERE] * 3

    visit.guide.send(entry("started"), entry("arrived", stop=first))
    assert [page.told()["exhibit_slug"] for page in pages] == ["tar"] * 3
    visit.guide.send(entry("arrived", stop=third))
    assert [page.told() for page in pages] == [
        {"stop": third, "exhibit_slug": "saz", "seq": 3}
    ] * 3


def test_it_is_nowhere_before_the_beginning_and_after_the_end(
    served: Served, visit: Visit
) -> None:
    page = served.follow(visit.address)
    told = [page.told()]
    for happened in (
        entry("started"),
        entry("arrived", stop=visit.stops[0]),
        entry("finished"),
    ):
        visit.guide.send(happened)
        told.append(page.told())

    assert [one["stop"] for one in told] == [None, None, visit.stops[0], None]
    assert [one["seq"] for one in told] == [0, 1, 2, 3]
    assert served.follow(visit.address).told() == told[-1]


def test_notes_counts_pauses_and_what_comes_late_are_not_told(
    served: Served, visit: Visit
) -> None:
    first, second, _ = visit.stops
    page = served.follow(visit.address)
    page.told()
    for silent in (
        entry("counted", number=7),
        entry("noted", text=CANARY),
        entry("paused"),
        entry("resumed"),
        entry("gift", text=CANARY),
    ):
        visit.guide.send(silent)
    visit.guide.send(entry("arrived", stop=first))
    assert page.told()["seq"] == 6

    visit.guide.send(entry("finished"))
    assert page.told()["seq"] == 7
    visit.guide.send(entry("arrived", stop=second))  # from a phone that was away

    assert served.follow(visit.address).told() == {**NOWHERE, "seq": 7}


def test_a_stop_that_is_added_on_the_way_can_be_followed(served: Served, visit: Visit) -> None:
    page = served.follow(visit.address)
    page.told()
    added = entry("added", exhibit="balaban")
    visit.guide.send(entry("arrived", stop=visit.stops[0]), added)
    assert page.told()["seq"] == 2

    visit.guide.send(entry("arrived", stop=added["key"]))

    assert page.told()["exhibit_slug"] == "balaban"


def test_a_message_holds_three_fields_and_nobody(served: Served, visiting: Visiting) -> None:
    guests = (Party("organisation", {"en": CANARY}),)
    for level in range(4):
        visit = visiting(level=level, parties=guests)
        page = served.follow(visit.address)
        said = [page.fields()]
        for stop in visit.stops:
            visit.guide.send(entry("arrived", stop=stop))
            visit.guide.send(entry("noted", text=CANARY, stop=stop))
            said.append(page.fields())

        for one in said:
            pattern = r'\{"stop":(null|"\d+"),"exhibit_slug":(null|"[a-z0-9-]+"),"seq":\d+\}'
            assert re.fullmatch(pattern, one["data"])
            assert set(one) <= {"id", "data", "retry"}


def test_an_exhibit_without_a_page_is_not_named(
    served: Served, visit: Visit, museum: Database
) -> None:
    with museum.writing() as db:
        db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one().withdraw(OPENING_DAY)
    first = visit.stops[0]
    visit.guide.send(entry("arrived", stop=first))

    assert served.follow(visit.address).told() == {
        "stop": first,
        "exhibit_slug": None,
        "seq": 1,
    }


@pytest.mark.parametrize(
    "heard",
    [
        "0",
        "-1",
        "999999999999999999999999",
        "1e9",
        "null",
        "' OR 1=1",
        "\xff" * 200,
        "a" * 4_000,
    ],
)
def test_whatever_a_phone_says_it_heard_it_is_told_how_things_stand(
    served: Served, visit: Visit, heard: str
) -> None:
    page = served.follow(visit.address, **{"Last-Event-ID": heard})

    assert page.told() == NOWHERE


# How it is answered.


def test_it_is_kept_nowhere_and_held_up_by_nobody(served: Served, visit: Visit) -> None:
    headers = served.follow(visit.address).answer.headers

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_connection_that_is_silent_is_seen_to_live(served: Served, visit: Visit) -> None:
    page = served.follow(visit.address)
    page.told()
    assert served.hub.beat_seconds == 15
    served.now(served.hub.beat)

    assert page.lines() == [":"]


def test_only_the_own_host_and_only_reading(served: Served, visit: Visit) -> None:
    path = f"{visit.address}/events"

    assert served.read(path, host="evil.example").answer.status == HTTPStatus.BAD_REQUEST
    assert served.read(path, "POST").answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    head = served.read(path, "HEAD").answer
    assert (head.status, head.read()) == (HTTPStatus.OK, b"")
    assert served.hub.count == 0


@pytest.mark.parametrize("what", ["events", "now"])
def test_what_opens_nothing_is_answered_as_the_page_is(
    served: Served, visiting: Visiting, museum: Database, what: str
) -> None:
    revoked = visiting()
    with museum.writing() as db:
        for link in db.scalars(select(TourLink)):
            link.revoke(OPENING_DAY)
    closed = {
        "revoked": revoked.address,
        "cancelled": visiting(state=State.CANCELLED).address,
        "not confirmed": visiting(state=State.PLANNED).address,
        "gone": visiting(**on_day(-40)).address,
        "unknown": f"/d/{NOBODY}",
        "short": "/d/x",
        "other letters": "/d/%D9%A1%F0%9F%98%80",
    }

    for address in closed.values():
        page, answer = served.read(address).answer, served.read(f"{address}/{what}").answer
        assert (answer.status, answer.read()) == (HTTPStatus.NOT_FOUND, page.read())
        of_page = [one for one in page.getheaders() if one[0] != "date"]
        assert [one for one in answer.getheaders() if one[0] != "date"] == of_page

    thanked = visiting(**on_day(-1)).address
    assert served.read(thanked).answer.status == HTTPStatus.OK
    answer = served.read(f"{thanked}/{what}").answer
    assert answer.status == HTTPStatus.NOT_FOUND


# How it ends.


def revoke(museum: Database) -> None:
    with museum.writing() as db:
        db.execute(update(TourLink).values(revoked_at=OPENING_DAY))


def cancel(museum: Database) -> None:
    with museum.writing() as db:
        db.scalars(select(Tour)).one().cancel()


def let_the_day_end(museum: Database) -> None:
    with museum.writing() as db:
        tour = db.scalars(select(Tour)).one()
        assert tour.starts_at
        assert tour.ends_at
        tour.starts_at -= timedelta(days=1)
        tour.ends_at -= timedelta(days=1)


@pytest.mark.parametrize("end", [revoke, cancel, let_the_day_end])
def test_a_stream_ends_when_there_is_nothing_to_follow_any_more(
    elsewhere: Served, visit: Visit, museum: Database, end: object
) -> None:
    page = elsewhere.follow(visit.address)
    page.told()
    began = monotonic()
    assert callable(end)

    end(museum)

    assert page.has_ended()
    assert monotonic() - began < SOON
    assert elsewhere.hub.count == 0
    assert elsewhere.follow(visit.address).answer.status == HTTPStatus.NOT_FOUND


def test_a_revoked_address_ends_at_once_where_it_was_revoked(
    served: Served, visit: Visit, visiting: Visiting, museum: Database
) -> None:
    page = served.follow(visit.address)
    page.told()
    revoke(museum)
    assert page.has_ended()
    other = visiting()
    still = served.follow(other.address)
    still.told()

    other.guide.send(entry("started"))

    assert still.told()["seq"] == 1


def test_of_five_streams_of_a_phone_the_oldest_ends(served: Served, visit: Visit) -> None:
    other = served.follow(visit.address, "another-phone")
    nameless = [served.follow(visit.address) for _ in range(6)]
    too_long = [served.follow(visit.address, "p" * 37) for _ in range(6)]
    pages = [served.follow(visit.address, "p" * 36) for _ in range(5)]
    there = [other, *nameless, *too_long, *pages[1:]]
    for page in there:
        page.told()

    assert pages[0].told() == NOWHERE
    assert pages[0].has_ended()
    visit.guide.send(entry("started"))
    assert [page.told()["seq"] for page in there] == [1] * len(there)


def test_when_too_many_follow_others_are_asked_to_come_back(
    served: Served, visit: Visit
) -> None:
    served.hub.most = 1
    first = served.follow(visit.address)
    first.told()

    answer = served.follow(visit.address).answer
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert int(answer.headers["retry-after"]) > 0
    assert served.read(f"{visit.address}/now").answer.status == HTTPStatus.FOUND
    first.leave()

    wait_for(lambda: served.hub.count == 0)
    assert served.hub.visits == {}
    assert served.follow(visit.address).told() == NOWHERE


def test_the_log_tells_neither_address_nor_phone(served: Served, visit: Visit) -> None:
    with capture_logs() as lines:
        served.follow(visit.address, "a-phone").told()
        served.read(f"{visit.address}/now")

    routes = [line["route"] for line in lines if line["event"] == "request"]
    assert routes == ["/d/{token}/events", "/d/{token}/now"]
    assert visit.address[3:] not in str(lines)
    assert "a-phone" not in str(lines)
