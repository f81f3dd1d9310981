"""A closed tour, marked in every column: nobody else finds a mark anywhere in the office."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from guide.accounts.model import Role
from guide.accounts.permissions import staff_routes
from guide.db import Database
from guide.tours.keepsakes.keeping import GIFTS, GUEST_BOOK
from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.model import BRIEF, Party, State, TourBrief
from guide.tours.people import Interpreter, TourInterpreter
from guide.tours.reporting.model import TourReport
from guide.tours.reporting.words import Words
from guide.tours.stops import EarlierRoute
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.tours.conftest import Booked

MARK = "Zanzibar Pemba"
SOON = datetime.now(UTC) + timedelta(days=2)
ASKED = ("", "?view=week", "?view=month", "?view=list", "?view=list&past=1", "?q=Zanzibar")


@pytest.fixture
def closed(booked: Booked, museum: Database, leyla: Desk, nigar: Desk) -> int:
    """A confirmed, closed tour of tomorrow's morrow with a mark in everything that is free."""
    persons = [
        make.person(
            f"{MARK} Khan",
            **dict.fromkeys(("name_az", "name_en", "sort_name", "short_address"), MARK),
            **dict.fromkeys(("affiliation", "pronunciation", "contact"), MARK),
            positions={"en": MARK},
        )
    ]
    with museum.writing() as db:
        mei = Interpreter(name="Mei", languages=["en"])
        db.add(mei)
        db.flush()
        interpreter = mei.id
    number = booked(
        guide=nigar,
        planner=leyla,
        level=3,
        state=State.CONFIRMED,
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=1),
        date=SOON.date().isoformat(),
        parties=(Party("organisation", {"en": MARK, "az": MARK}),),
        brief=TourBrief(**dict.fromkeys(BRIEF, MARK)),
        persons=persons,
        stops=[make.stop(names={"en": MARK}, note=MARK)],
        interpreters=[
            TourInterpreter(
                interpreter_id=interpreter,
                from_language="en",
                to_language="az",
                mode="consecutive",
                whisper_sets=MARK,
            )
        ],
    )
    with museum.writing() as db:
        stops = [{"names": {"en": MARK}, "minutes": 5, "note": MARK, "priority": "must"}]
        db.add(EarlierRoute(tour_id=number, at=SOON, account_id=leyla.number, stops=stops))
        words = Words(interests=MARK, incidents=MARK, notes={"en": MARK}).kept()
        db.add(TourReport(tour_id=number, number=1, made_at=SOON, words=words))
        kept = {"tour_id": number, "key": MARK, "made_at": SOON}
        db.add(
            GuestBookPage(**kept, **{**dict.fromkeys(GUEST_BOOK.fields, MARK), "publish": "no"})
        )
        db.add(Gift(**kept, **{**dict.fromkeys(GIFTS.fields, MARK), "direction": "given"}))
    return number


@pytest.fixture(params=[Role.PLANNER, Role.GUIDE, Role.CURATOR, Role.ADMIN])
def stranger(request: pytest.FixtureRequest, signed_in: SignedIn) -> Desk:
    """Somebody who has nothing to do with the tour."""
    return signed_in(request.param, email="stranger@example.org")


def paths(guide: TestClient, tour_id: int) -> Iterator[str]:
    """Go through every page of the office that names a tour, or nothing at all."""
    assert isinstance(guide.app, FastAPI)
    for route in staff_routes(guide.app):
        path = str(route.path)
        named = set(re.findall(r"{(\w+)(?::\w+)?}", path))
        if "GET" in (route.methods or ()) and named <= {"tour_id", "paper"}:
            yield path.replace("{tour_id}", str(tour_id)).replace("{paper}", "brief")


def test_every_page_of_a_closed_tour_is_not_there(
    guide: TestClient, stranger: Desk, closed: int
) -> None:
    pages = [path for path in paths(guide, closed) if f"/tours/{closed}" in path]
    assert len(pages) > 5
    for path in pages:
        assert stranger.phone.get(path).status_code == HTTPStatus.NOT_FOUND, path


def test_no_page_of_the_office_says_a_word_of_it(
    guide: TestClient, stranger: Desk, closed: int
) -> None:
    pages = [path for path in paths(guide, closed) if f"/tours/{closed}" not in path]
    pages += [f"/staff/tours{asked}" for asked in ASKED]
    pages += [
        f"/staff/tours?day={SOON.date()}&view={view}" for view in ("day", "week", "month")
    ]
    for path in pages:
        assert MARK not in stranger.phone.get(path).text, path


def test_whoever_serves_it_finds_every_page(
    guide: TestClient, leyla: Desk, closed: int
) -> None:
    pages = [path for path in paths(guide, closed) if f"/tours/{closed}" in path]
    for path in pages:
        answer = leyla.phone.get(path)
        fixed = path.endswith(("/template", "/shortening"))  # they ask for more
        fixed = fixed or "/report" in path  # there is nothing to report yet
        fixed = fixed or path.endswith("/published")  # it has not taken place
        assert answer.status_code == HTTPStatus.OK or fixed, path
    assert MARK in leyla.phone.get(f"/staff/tours/{closed}").text


@pytest.mark.usefixtures("closed")
def test_its_feed_says_no_more_than_when(leyla: Desk) -> None:
    made = leyla.phone.post("/staff/tours/calendars", data={**leyla.form, "kind": "all"})
    [address] = set(re.findall(r"/calendar/[\w-]+\.ics", made.text))

    feed = leyla.phone.get(address)

    assert feed.status_code == HTTPStatus.OK
    assert b"BEGIN:VEVENT" in feed.content
    assert MARK.encode() not in feed.content
