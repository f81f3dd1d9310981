"""What a phone takes down is kept once, in order, whatever happens on the way."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibition
from guide.qr.code import mint
from guide.tours.model import State, Tour
from guide.tours.queries import whole_tour
from guide.tours.walking.events import WalkEvent
from guide.tours.walking.queries import events_of
from tests import make
from tests.accounts.conftest import Desk
from tests.tours.conftest import stored
from tests.tours.walking.conftest import Phone, Walking, entry


def kept(museum: Database, phone: Phone) -> list[WalkEvent]:
    with museum.reading() as db:
        return events_of(db, phone.tour)


def test_a_walk_from_the_start_to_the_end(walked: Phone, museum: Database) -> None:
    first, second, third = walked.now()["stops"]

    answer = walked.send(
        entry("started"),
        entry("arrived", stop=first),
        entry("counted", number=11),
        entry("noted", text="Asked who tunes the kamancha", tag="question", stop=first),
        entry("skipped", stop=second),
        entry("arrived", stop=third),
        entry("finished"),
    )

    assert answer.status_code == HTTPStatus.OK
    assert [one["seq"] for one in answer.json()["taken"]] == [1, 2, 3, 4, 5, 6, 7]
    now = walked.now()
    assert (now["state"], now["stop"], now["count"]) == ("completed", third, 11)
    assert (now["seen"], now["skipped"]) == ([first, third], [second])
    tour = stored(museum, walked.tour)
    assert tour.departed_at
    assert tour.completed_at
    notes = [event.note.text for event in kept(museum, walked) if event.note]
    assert notes == ["Asked who tunes the kamancha"]


def test_what_names_no_stop_is_of_none(walked: Phone, museum: Database) -> None:
    walked.send(entry("started"), entry("noted", text="Asked for the way out"))

    assert [event.stop_id for event in kept(museum, walked)] == [None, None]


def test_an_entry_that_comes_again_is_the_same_one(walked: Phone, museum: Database) -> None:
    said = [entry("started"), entry("counted", number=3)]
    first = walked.send(*said).json()["taken"]

    again = walked.send(*said, entry("counted", number=4)).json()["taken"]

    assert again[:2] == first
    assert [event.number for event in kept(museum, walked)] == [None, 3, 4]


def test_what_is_left_open_or_said_to_be_nothing_is_the_same_entry(
    walked: Phone, museum: Database
) -> None:
    said = entry("counted", number=3)
    walked.send(said)

    answer = walked.send(said | {"text": "", "stop": None})

    assert answer.status_code == HTTPStatus.OK
    assert len(kept(museum, walked)) == 1


def test_a_key_that_says_something_else_is_refused_and_nothing_kept(
    walked: Phone, museum: Database
) -> None:
    said = entry("counted", number=3)
    walked.send(said)

    answer = walked.send(entry("counted", number=4), said | {"number": 5})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["key"] == said["key"]
    assert [event.number for event in kept(museum, walked)] == [3]


def test_what_was_taken_down_for_somebody_else_is_not_sent(walked: Phone, elvin: Desk) -> None:
    answer = walked.send(entry("started"), account=elvin.number)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["type"].endswith("other-account")


def test_only_who_leads_the_tour_or_plans_walks_it(
    walked: Phone, elvin: Desk, leyla: Desk
) -> None:
    assert Phone(elvin, walked.tour).send(entry("started")).status_code == HTTPStatus.NOT_FOUND
    assert Phone(leyla, walked.tour).send(entry("started")).status_code == HTTPStatus.OK


def test_a_closed_tour_is_not_walked_by_another_planner(
    walking: Walking, nigar: Desk, leyla: Desk
) -> None:
    phone = walking(nigar, level=3)

    assert Phone(leyla, phone.tour).send(entry("started")).status_code == HTTPStatus.NOT_FOUND


def test_nobody_walks_what_is_not_confirmed(walking: Walking, nigar: Desk) -> None:
    answer = walking(nigar, state=State.PLANNED).send(entry("started"))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["type"].endswith("not-confirmed")


@pytest.mark.parametrize("over", [State.COMPLETED, State.CANCELLED])
def test_what_comes_after_the_end_is_kept_and_marked(
    walking: Walking, nigar: Desk, museum: Database, over: State
) -> None:
    phone = walking(nigar, state=over)

    phone.send(entry("noted", text="They asked for the catalogue"))

    assert [event.is_late for event in kept(museum, phone)] == [True]
    assert stored(museum, phone.tour).state == over


def test_a_clock_that_is_wrong_is_put_right_and_marked(walked: Phone, museum: Database) -> None:
    day = timedelta(days=1)
    yesterday = datetime.now(UTC) - day

    walked.send(entry("started", yesterday), clock_off=-day)

    event = kept(museum, walked)[0]
    assert event.at == yesterday
    assert event.has_wrong_clock
    assert abs(event.happened_at - (yesterday + day)) < timedelta(seconds=2)
    assert stored(museum, walked.tour).departed_at == event.happened_at


def test_an_exhibit_that_is_scanned_comes_after_the_one_they_see(
    walked: Phone, museum: Database
) -> None:
    first, second, third = walked.now()["stops"]
    added = entry("added", exhibit="garmon")

    answer = walked.send(
        entry("arrived", stop=first), added, entry("arrived", stop=added["key"])
    )

    now = answer.json()["now"]
    new = now["stop"]
    assert now["stops"] == [first, new, second, third]
    with museum.reading() as db:
        tour = db.scalars(whole_tour(walked.tour)).one()
        names = [stop.exhibit.slug for stop in tour.stops if stop.exhibit]
    assert names == ["tar", "garmon", "kamancha", "saz"]


def test_what_is_added_on_the_way_is_a_change_of_the_route(
    walked: Phone, museum: Database
) -> None:
    added = entry("added", exhibit="garmon")
    before = stored(museum, walked.tour).version

    walked.send(added)
    walked.send(added)

    assert stored(museum, walked.tour).version == before + 1


def test_a_code_that_leads_nowhere_is_kept_as_it_was_scanned(walked: Phone) -> None:
    answer = walked.send(entry("added", code="https://guide.example/q/ZZZZZ"))

    assert answer.status_code == HTTPStatus.OK
    assert len(answer.json()["now"]["stops"]) == 4


def test_the_poster_of_an_exhibition_adds_the_exhibition(
    walked: Phone, museum: Database
) -> None:
    with museum.writing() as db:
        cars = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        poster = make.code(mint(set()), of=cars)
        db.add(poster)
        code, room, name = poster.code, cars.id, cars.names["en"]

    walked.send(entry("added", code=f"https://guide.example/q/{code}"))

    live = walked.desk.phone.get(f"{walked.path}/walk").json()
    assert live["stops"][0]["name"] == name
    tour = stored(museum, walked.tour)
    assert [stop.exhibition_id for stop in tour.stops if stop.added_by] == [room]


def test_the_office_says_that_guests_came_and_left(
    walked: Phone, nigar: Desk, museum: Database
) -> None:
    for noun in ("departure", "completion"):
        answer = nigar.phone.post(f"{walked.path}/{noun}", data=nigar.form)
        assert answer.status_code == HTTPStatus.SEE_OTHER

    assert [event.kind for event in kept(museum, walked)] == ["started", "finished"]


BAD = {
    "a root that is a list": [],
    "no entries": {"entries": []},
    "a kind that there is not": {"kind": "flown"},
    "no key": {"key": "7"},
    "a time without a zone": {"at": "2026-12-01T11:00:00"},
    "a time of no clock": {"at": "0001-01-01T00:00:00Z"},
    "a count below none": {"kind": "counted", "number": -1},
    "a count that is no number": {"kind": "counted", "number": "3"},
    "nobody counted": {"kind": "counted"},
    "a note without words": {"kind": "noted", "text": " \u200b"},
    "a note that is too long": {"kind": "noted", "text": "a" * 2_001},
    "a note with a control": {"kind": "noted", "text": "a\0b"},
    "a note that is a gift": {"kind": "noted", "text": "A carpet", "tag": "given"},
    "a stop that is none": {"kind": "arrived", "stop": "../7"},
    "a field that there is not": {"name": "Li"},
}


@pytest.mark.parametrize("told", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_refused_without_repeating_it(
    walked: Phone, museum: Database, told: object
) -> None:
    batch: object = {
        "account": walked.desk.number,
        "sent_at": datetime.now(UTC).isoformat(),
        "entries": [entry("started")],
    }
    if isinstance(told, dict) and isinstance(batch, dict):
        batch |= told if "entries" in told else {"entries": [entry("started") | told]}
    else:
        batch = told

    answer = walked.post(batch)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Li" not in answer.text
    assert not kept(museum, walked)


RAW = {
    b"": HTTPStatus.BAD_REQUEST,
    b"{": HTTPStatus.BAD_REQUEST,
    b'{"account": NaN}': HTTPStatus.BAD_REQUEST,
    b'{"account": 1, "account": 2}': HTTPStatus.BAD_REQUEST,
    b"[" * 20_000: HTTPStatus.BAD_REQUEST,
    b'{"entries": "\\ud800"}': HTTPStatus.UNPROCESSABLE_ENTITY,
    b"\xff\xfe{\x00}\x00": HTTPStatus.BAD_REQUEST,
    b"a" * 300_000: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


@pytest.mark.parametrize(("body", "status"), RAW.items(), ids=range(len(RAW)))
def test_a_body_that_is_no_json_of_ours(walked: Phone, body: bytes, status: HTTPStatus) -> None:
    headers = {"x-csrf-token": walked.desk.form["csrf"], "content-type": "application/json"}

    answer = walked.desk.phone.post(f"{walked.path}/events", content=body, headers=headers)

    assert answer.status_code == status


def test_a_body_that_says_it_is_something_else(walked: Phone) -> None:
    headers = {"x-csrf-token": walked.desk.form["csrf"], "content-type": "text/plain"}

    answer = walked.desk.phone.post(f"{walked.path}/events", content=b"{}", headers=headers)

    assert answer.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


def test_a_phone_that_is_signed_out_is_told_plainly(walked: Phone, guide: TestClient) -> None:
    answer = guide.post(f"{walked.path}/events", json={}, headers={"x-csrf-token": "-"})

    assert answer.status_code == HTTPStatus.UNAUTHORIZED


def test_the_walking_page_is_told_everything_and_names_the_points(
    walking: Walking, nigar: Desk
) -> None:
    phone = walking(
        nigar,
        persons=[],
        people=12,
    )

    told = nigar.phone.get(f"{phone.path}/walk").json()

    assert told["account"] == nigar.number
    assert told["expected"] == 12
    assert [stop["exhibit"] for stop in told["stops"]] == ["tar", "kamancha", "saz"]
    assert all(1 <= len(stop["points"]) <= 3 for stop in told["stops"])
    assert {"garmon"} <= {choice["exhibit"] for choice in told["exhibits"]}


def test_of_a_forgotten_tour_nothing_new_is_kept(walked: Phone, museum: Database) -> None:
    before = entry("noted", text="Before", tag="question")
    walked.send(before)
    with museum.writing() as db:
        db.get_one(Tour, walked.tour).forgotten_at = datetime.now(UTC)
    after = entry("added", code="The Minister's own wish")

    refused = walked.send(before, after)

    assert refused.status_code == HTTPStatus.CONFLICT
    assert refused.json()["type"] == "about:blank#forgotten"
    assert refused.json()["keys"] == [after["key"]]
    assert walked.send(before).status_code == HTTPStatus.OK
    assert [one.key for one in kept(museum, walked)] == [before["key"]]
    assert "Walk with the guests" not in walked.desk.phone.get(walked.path).text
