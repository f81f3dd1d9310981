"""What is asked for twice is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from guide.api.model import KEPT_FOR, KeptAnswer
from guide.db import Database
from guide.tours.model import State, Tour
from tests import make
from tests.api.conftest import System, is_problem
from tests.tours.conftest import Booked, stored

KEY = {"idempotency-key": "9f1c0b5e"}


def tours(museum: Database) -> int:
    with museum.reading() as db:
        return len(db.scalars(select(Tour.id)).all())


def test_the_same_request_gets_the_same_answer(desk: System, museum: Database) -> None:
    first = desk.post("/tours", {"people": 8}, headers=KEY)
    again = desk.post("/tours", {"people": 8}, headers=KEY)

    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    for name in ("location", "etag", "content-type"):
        assert again.headers[name] == first.headers[name]
    assert tours(museum) == 1


def test_another_request_with_the_key_is_refused(
    desk: System, booked: Booked, museum: Database
) -> None:
    number = booked()
    desk.post("/tours", {"people": 8}, headers=KEY)

    assert is_problem(desk.post("/tours", {"people": 9}, headers=KEY), 409, "key-reused")
    moved = desk.post(f"/tours/{number}/cancellation", headers=KEY)
    assert is_problem(moved, 409, "key-reused")
    assert tours(museum) == 2
    assert stored(museum, number).state == State.PLANNED


def test_a_key_is_its_tokens_own(desk: System, kiosk: System, museum: Database) -> None:
    for system in (desk, kiosk):
        assert system.post("/tours", {}, headers=KEY).status_code == 201

    assert tours(museum) == 2


def test_a_move_and_a_route_are_made_once(
    desk: System, booked: Booked, museum: Database
) -> None:
    number = booked()
    seen = {"if-match": '"1"'}
    body = {"stops": [{"exhibit": "tar"}]}
    path = f"/tours/{number}/stops"

    first = desk.ask("PUT", path, json=body, headers={**KEY, **seen})
    again = desk.ask("PUT", path, json=body, headers={**KEY, **seen})

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["etag"] == '"2"'
    other = {"idempotency-key": "other"}
    for _ in range(2):
        moved = desk.post(f"/tours/{number}/cancellation", headers=other)
        assert moved.json()["state"] == "cancelled"
    assert stored(museum, number).version == 3


def test_a_refusal_is_not_kept(desk: System, booked: Booked) -> None:
    number = booked(state=State.CANCELLED)

    assert desk.post(f"/tours/{number}/cancellation", headers=KEY).status_code == 409
    assert desk.post("/tours", {"people": 8}, headers=KEY).status_code == 201


def test_two_at_once_are_one(desk: System, museum: Database) -> None:
    with ThreadPoolExecutor(8) as hands:
        asked = [
            hands.submit(desk.post, "/tours", {"people": 8}, headers=KEY) for _ in range(16)
        ]
        answers = [one.result() for one in asked]

    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert tours(museum) == 1


def test_two_who_have_seen_the_same_do_not_overwrite_each_other(
    desk: System, booked: Booked, museum: Database
) -> None:
    number = booked()
    with ThreadPoolExecutor(8) as hands:
        asked = [hands.submit(desk.put_stops, number, {"exhibit": "tar"}) for _ in range(8)]
        answers = sorted(one.result().status_code for one in asked)

    assert answers == [200] + [412] * 7
    assert stored(museum, number).version == 2


def test_a_day_later_a_key_is_new(desk: System, museum: Database) -> None:
    desk.post("/tours", {"people": 8}, headers=KEY)
    with museum.writing() as db:
        over = datetime.now(UTC) - KEPT_FOR - timedelta(seconds=1)
        db.execute(update(KeptAnswer).values(made_at=over))

    assert desk.post("/tours", {"people": 9}, headers=KEY).status_code == 201
    with museum.reading() as db:
        assert len(db.scalars(select(KeptAnswer.key)).all()) == 1


def test_no_answer_to_a_write_names_a_person(
    desk: System, booked: Booked, museum: Database
) -> None:
    number = booked(persons=[make.person()], stops=[make.stop(note="Canary")])
    headers = {**KEY, "if-match": '"1"'}
    body = {"stops": [{"names": [{"text": "Tea", "language": "en"}], "note": "Canary"}]}
    desk.ask("PUT", f"/tours/{number}/stops", json=body, headers=headers)

    with museum.reading() as db:
        [kept] = db.scalars(select(KeptAnswer)).all()
    assert kept.status == 200
    assert "Canary" not in kept.body
    assert "Wanming" not in kept.body


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "\x7f", "é"])
def test_a_key_that_is_none_is_refused(desk: System, museum: Database, key: str) -> None:
    headers = {"idempotency-key": key.encode("latin-1")}

    assert is_problem(desk.post("/tours", {}, headers=headers), 422, "invalid")
    assert tours(museum) == 0
