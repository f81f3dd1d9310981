"""A gift is registered once, from the desk or from what was noted on the walk."""

import re
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.tours.keepsakes.vault import Vault
from guide.tours.model import Tour
from tests.accounts.conftest import Desk
from tests.media import samples
from tests.tours.keepsakes.conftest import (
    GIFTS,
    HIDDEN,
    asked,
    gifts,
    keep,
    send,
    stored,
    whole,
)
from tests.tours.walking.conftest import Phone, Walking, entry

CARPET = {
    "direction": "given",
    "description_az": "“Qarabağ” xalçası",
    "description_en": "Silk carpet",
    "giver": "Heydər Əliyev Mərkəzi",
    "recipient": "محمد بن راشد",
    "moment": "After tea",
    "custody": "With the guest",
    "register_number": "2026-118",
    "value": "450 AZN",
}


def test_a_gift_is_registered_with_all_that_a_register_asks(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    answer = keep(walked, GIFTS, samples.noted(), **CARPET)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    (gift,) = gifts(museum)
    assert {name: getattr(gift, name) for name in CARPET} == CARPET
    assert b"Exif" not in whole(vault, gift.picture)
    shown = walked.desk.phone.get(f"{walked.path}/{GIFTS}").text
    for said in ("Silk carpet", "محمد بن راشد", "450 AZN", "2026-118"):
        assert said in shown


def test_a_gift_must_be_something_from_somebody(walked: Phone, museum: Database) -> None:
    nothing = keep(walked, GIFTS, giver="Somebody")
    nowhere = keep(walked, GIFTS, description_en="A vase", direction="lent")

    assert nothing.status_code == nowhere.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Say what the gift is" in nothing.text
    assert "A vase</textarea>" in nowhere.text
    assert gifts(museum) == []


def test_what_was_noted_on_the_walk_is_offered_until_it_is_registered(
    walked: Phone, museum: Database
) -> None:
    said = entry("gift", text="A blue vase, in its box")
    walked.send(entry("started"), said)
    path = f"{walked.path}/{GIFTS}"

    offered = walked.desk.phone.get(path).text
    assert "A blue vase, in its box" in offered
    assert f"?noted={said['key']}" in offered
    filled = walked.desk.phone.get(f"{path}?noted={said['key']}").text
    assert "A blue vase, in its box</textarea>" in filled
    form = asked(walked.desk, f"{path}?noted={said['key']}")
    send(walked.desk, path, **form, direction="received", description_en="A vase")

    (gift,) = gifts(museum)
    assert gift.key == said["key"]
    assert "?noted=" not in walked.desk.phone.get(path).text
    assert "?noted=" not in walked.desk.phone.get(f"{path}?noted={said['key']}").text


def checked(walked: Phone, noted: str = "") -> list[str]:
    """Return which direction the form for a gift begins with."""
    shown = walked.desk.phone.get(f"{walked.path}/{GIFTS}?noted={noted}").text
    return re.findall(r'name="direction" required value="(\w+)" checked', shown)


@pytest.mark.parametrize("direction", ["given", "received"])
def test_a_gift_is_offered_the_way_it_went(walked: Phone, direction: str) -> None:
    said = entry("gift", text="A carpet", tag=direction)
    walked.send(said)

    assert checked(walked, said["key"]) == [direction]
    words = "Given by" if direction == "given" else "Received by"
    assert f"{words} the Center · " in walked.desk.phone.get(f"{walked.path}/{GIFTS}").text
    assert f"{words} the Center" in walked.desk.phone.get(f"{walked.path}/happened").text


def test_whose_gift_it_is_must_be_chosen_when_nobody_has_told(walked: Phone) -> None:
    said = entry("gift", text="Received: a carpet", tag="question")
    untold = entry("gift", text="Received: a carpet")
    walked.send(said, untold)

    assert checked(walked) == checked(walked, said["key"]) == []
    assert checked(walked, untold["key"]) == []
    refused = send(walked.desk, f"{walked.path}/{GIFTS}", description_en="A vase", direction="")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_two_who_register_the_same_note_keep_one_and_lose_nothing(
    walked: Phone, museum: Database, leyla: Desk
) -> None:
    said = entry("gift", text="A vase")
    walked.send(entry("started"), said)
    path = f"{walked.path}/{GIFTS}"
    mine = asked(walked.desk, f"{path}?noted={said['key']}")
    theirs = asked(leyla, f"{path}?noted={said['key']}")

    first = send(walked.desk, path, **mine, description_en="A vase", custody="Depot")
    second = send(leyla, path, **theirs, description_en="A blue vase")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "<bdi>A vase</bdi>" in second.text
    assert "A blue vase</textarea>" in second.text
    assert [one.description_en for one in gifts(museum)] == ["A vase"]


def test_a_gift_is_changed_by_whoever_has_seen_it_as_it_is(
    walked: Phone, museum: Database
) -> None:
    keep(walked, GIFTS, **CARPET)
    path = f"{walked.path}/{GIFTS}/{gifts(museum)[0].id}"
    stale = asked(walked.desk, path)
    send(walked.desk, path, **asked(walked.desk, path), **CARPET | {"value": "500 AZN"})

    refused = send(walked.desk, path, **stale, **CARPET | {"value": "400 AZN"})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "<bdi>500 AZN</bdi>" in refused.text
    assert [one.value for one in gifts(museum)] == ["500 AZN"]

    again = asked_again(refused.text)
    send(walked.desk, path, **again, **CARPET | {"value": "400 AZN"})
    assert [one.value for one in gifts(museum)] == ["400 AZN"]


def asked_again(shown: str) -> dict[str, str]:
    return dict(HIDDEN.findall(shown))


def test_a_gift_is_deleted_with_its_photograph(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, GIFTS, samples.picture(), **CARPET)
    path = f"{walked.path}/{GIFTS}/{gifts(museum)[0].id}"

    form = {**walked.desk.form, **asked(walked.desk, path)}
    walked.desk.phone.post(f"{path}/removal", data=form)

    assert (gifts(museum), stored(vault)) == ([], set())
    with museum.reading() as db:
        ours = select(AuditEntry.deed).where(AuditEntry.deed.startswith("tour.gift"))
        deeds = list(db.scalars(ours.order_by(AuditEntry.id)))
    assert deeds == ["tour.gift.added", "tour.gift.removed"]


def test_what_is_left_of_a_gift_when_its_persons_are_forgotten_stays(
    walked: Phone, museum: Database
) -> None:
    keep(walked, GIFTS, **CARPET)
    path = f"{walked.path}/{GIFTS}/{gifts(museum)[0].id}"
    form = {**walked.desk.form, **asked(walked.desk, path)}
    with museum.writing() as db:
        db.scalars(select(Tour)).one().forget(datetime.now(UTC))

    answer = walked.desk.phone.post(f"{path}/removal", data=form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert [one.register_number for one in gifts(museum)] == ["2026-118"]


def test_a_gift_of_another_tour_is_not_there(
    walking: Walking, nigar: Desk, museum: Database
) -> None:
    one, other = walking(nigar), walking(nigar)
    keep(one, GIFTS, **CARPET)
    number = gifts(museum)[0].id

    assert nigar.phone.get(f"{other.path}/{GIFTS}/{number}").status_code == 404
    answer = send(nigar, f"{other.path}/{GIFTS}/{number}", **CARPET, key=gifts(museum)[0].key)
    assert answer.status_code == HTTPStatus.NOT_FOUND
