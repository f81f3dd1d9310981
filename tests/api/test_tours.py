"""Tours by token: asked for, planned, moved and walked, as in the office."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.api.tour_shapes import IN_WORDS
from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.settings import FILES
from guide.tours.earlier import earlier_routes
from guide.tours.model import Level, State
from guide.tours.people import Duty, SpokenLanguage
from guide.tours.walking.queries import events_of
from tests import make
from tests.accounts.conftest import Desk
from tests.api.conftest import System, Told, is_problem
from tests.tours.conftest import AT, Booked, stored

ASKED: Told = {
    "starts_at": "2026-12-01T11:00:00+04:00",
    "ends_at": "2026-12-01T12:30:00+04:00",
    "people": 8,
    "languages": ["en", "ja"],
    "parties": [
        {
            "kind": "organisation",
            "names": [{"text": "Friendship Association", "language": "en"}],
        },
        {"kind": "country", "code": "CN"},
    ],
}


def exhibit(museum: Database, slug: str) -> int:
    with museum.reading() as db:
        return db.scalars(select(Exhibit.id).where(Exhibit.slug == slug)).one()


def walkable(booked: Booked, museum: Database, guide: Desk, **fields: object) -> int:
    """Put a tour into the book that nothing stands against."""
    with museum.writing() as db:
        db.add(SpokenLanguage(account_id=guide.number, language="en"))
    stops = [make.stop(1, exhibit_id=exhibit(museum, "tar"))]
    return booked(guide=guide, **{"stops": stops, **fields})


# Asking for one.


def test_a_tour_is_asked_for(desk: System, museum: Database) -> None:
    answer = desk.post("/tours", ASKED)

    told = answer.json()
    tour = stored(museum, told["id"])
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/tours/{tour.id}"
    assert answer.headers["etag"] == '"1"'
    assert told == {
        "id": tour.id,
        "reference": "2026-001",
        "version": 1,
        "state": "requested",
        "starts_at": "2026-12-01T07:00:00Z",
        "ends_at": "2026-12-01T08:30:00Z",
    }
    assert (tour.date, tour.people, list(tour.languages)) == ("2026-12-01", 8, ["en", "ja"])
    assert [one.kind for one in tour.parties] == ["organisation", "country"]


def test_a_planners_token_is_in_charge_and_a_guides_leads(
    desk: System, kiosk: System, museum: Database
) -> None:
    for system, duty in ((desk, Duty.PLANNER), (kiosk, Duty.GUIDE)):
        tour = stored(museum, system.post("/tours", ASKED).json()["id"])
        assert [(one.account_id, one.duty) for one in tour.staff] == [(system.number, duty)]


def test_the_trail_names_the_token(desk: System, museum: Database) -> None:
    number = desk.post("/tours", ASKED).json()["id"]

    with museum.reading() as db:
        told = select(Account.name).join(AuditEntry, AuditEntry.account_id == Account.id)
        told = told.where(AuditEntry.subject == f"tour:{number}")
        assert db.scalars(told).all() == ["desk"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"starts_at": None}, ""),
        ({"ends_at": "2026-12-01T10:00:00+04:00"}, ""),
        ({"ends_at": "2026-12-01T23:30:00+04:00"}, ""),
        ({"date": "2026-12-01"}, ""),
        ({"starts_at": "2026-12-01T11:00:00"}, "starts_at"),
        ({"starts_at": 1_764_572_400}, "starts_at"),
        ({"starts_at": "1764572400"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": None, "ends_at": None, "date": "2026-02-29"}, "date"),
        ({"starts_at": None, "ends_at": None, "date": "9999-12-31"}, "date"),
        ({"starts_at": None, "ends_at": None, "date": 20_261_201}, "date"),
        ({"people": 0}, "people"),
        ({"people": 2_001}, "people"),
        ({"people": "8"}, "people"),
        ({"people": 8.5}, "people"),
        ({"people": True}, "people"),
        ({"people": 2**63}, "people"),
        ({"people": -(2**63) - 1}, "people"),
        ({"people": 2**70}, "people"),
        ({"level": 4}, "level"),
        ({"level": "1"}, "level"),
        ({"category": "king"}, "category"),
        ({"photo_policy": ""}, "photo_policy"),
        ({"with_press": "yes"}, "with_press"),
        ({"languages": ["xx"]}, "languages.0"),
        ({"languages": ["en"] * 4}, "languages"),
        ({"languages": ["e" * 500]}, "languages.0"),
        ({"languages": None}, "languages"),
        ({"parties": [{"kind": "country"}]}, "parties.0"),
        ({"parties": [{"kind": "country", "code": "ZZ"}]}, "parties.0"),
        ({"parties": [{"kind": "organisation", "code": "CN"}]}, "parties.0"),
        ({"parties": [{"kind": "country", "code": "CN"}] * 5}, "parties"),
        ({"made_by": 1}, "?"),
        ({"state": "confirmed"}, "?"),
        ({"\ud800": 1}, ""),
    ],
)
def test_what_will_not_do_is_named_and_not_repeated(
    desk: System, said: Told, field: str
) -> None:
    answer = desk.post("/tours", {**ASKED, **said})

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["faults"][0]["field"] == field


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "\u200b", "a\0b", "a\x07b", "\x85", "\ud800", "a" * 301, "a" * 60_000),
        *("a" + "\u0301" * 1_000, "\ufffd"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused(desk: System, name: str) -> None:
    party = {"kind": "organisation", "names": [{"text": name, "language": "en"}]}

    answer = desk.post("/tours", {"parties": [party]})

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["faults"][0]["field"] == "parties.0.names.0.text"


@pytest.mark.parametrize(
    "name", ["X", "O'Brien; DROP TABLE", "Null", "{{7*7}}", "می‌خواهم", "奥"]
)
def test_a_name_is_kept_as_it_is(desk: System, museum: Database, name: str) -> None:
    party = {"kind": "organisation", "names": [{"text": name, "language": "en"}]}

    number = desk.post("/tours", {"parties": [party]}).json()["id"]

    assert stored(museum, number).parties[0].names == {"en": name}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"people": NaN}', 400),
        (b'{"people": -Infinity}', 400),
        (b'{"people": 1e400}', 422),
        (b'{"starts_at": 1e400}', 422),
        (b'{"people": ' + b"9" * 5_000 + b"}", 400),
        (b'{"people": 1, "people": 2}', 400),
        (b"[" * 60_000, 400),
        (b'{"a":' * 12_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"words"', 422),
        (b"1", 422),
        ("{}".encode("utf-16"), 400),
        ("{}".encode("utf-16-le"), 400),
        ("{}".encode("utf-8-sig"), 400),
        (b'{"\xff": 1}', 400),
        (b" " * 70_000, 413),
        (b"{" + b",".join(b'"f%d":1' % n for n in range(5_000)) + b"}", 422),
        (b"{" + b",".join(b'"f%d":1' % n for n in range(10_001)) + b"}", 413),
    ],
    ids=range(21),
)
def test_a_body_that_cannot_be_read_is_refused(desk: System, body: bytes, status: int) -> None:
    headers = {"content-type": "application/json"}

    answer = desk.ask("POST", "/tours", content=body, headers=headers)

    assert is_problem(answer, status)
    assert desk.get("/tours").json()["items"] == []


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_says_that_it_is_json(desk: System, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}

    assert is_problem(desk.ask("POST", "/tours", content=b"{}", headers=headers), 415)


def test_a_body_is_not_compressed(desk: System) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}

    assert is_problem(desk.ask("POST", "/tours", content=b"{}", headers=headers), 415)


# Listing and reading.


def test_tours_are_listed_by_day(desk: System, booked: Booked) -> None:
    late = booked(date="2026-12-03", starts_at=AT + timedelta(2), ends_at=AT + timedelta(2.05))
    early = booked()
    month = booked(date="2026-12", starts_at=None, ends_at=None)
    never = booked(date=None, starts_at=None, ends_at=None)

    def listed(query: str) -> list[int]:
        return [one["id"] for one in desk.get(f"/tours{query}").json()["items"]]

    assert listed("") == [month, early, late, never]
    assert listed("?from=2026-12-02") == [month, late]
    assert listed("?to=2026-12-02") == [month, early]
    assert listed("?from=2026-12-01&to=2026-12-01") == [month, early]
    assert listed("?from=2027-01-01") == []


def test_pages_of_tours_hold_each_once(desk: System, booked: Booked) -> None:
    numbers = [booked() for _ in range(5)]
    numbers += [booked(date=None, starts_at=None, ends_at=None) for _ in range(2)]
    seen: list[int] = []
    cursor = ""
    while cursor is not None:
        page = desk.get(f"/tours?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]

    assert seen == numbers


@pytest.mark.parametrize(
    "query",
    [
        *("from=", "from=yesterday", "to=2026-02-30", "from=1999-12-31", "to=99999-01-01"),
        *("cursor=abc", "cursor=WyIyMDI2IiwieCIsMV0", "limit=0", "from=1764572400"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(desk: System, query: str) -> None:
    assert is_problem(desk.get(f"/tours?{query}"), 422, "invalid")


def test_a_tour_is_read_with_its_plan(desk: System, booked: Booked, museum: Database) -> None:
    stops = [
        make.stop(1, exhibit_id=exhibit(museum, "tar"), note="Ask Aysel"),
        make.stop(2, names={"en": "Tea"}, minutes=15),
    ]
    number = booked(stops=stops, persons=[make.person()])

    answer = desk.get(f"/tours/{number}")

    told = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "no-store"
    assert [(one["kind"], one["slug"], one["minutes"]) for one in told["stops"]] == [
        ("exhibit", "tar", 5),
        ("words", None, 15),
    ]
    assert told["stops"][0]["starts_at"] == "2026-12-01T07:00:00Z"
    assert told["stops"][0]["note"] == "Ask Aysel"
    assert told["persons"][0]["name"] == {"text": "Yang Wanming", "language": "en"}


def test_words_of_a_route_are_for_who_may_read_names(desk: System, booked: Booked) -> None:
    stops = [make.stop(names={"en": "Tea with Yang Wanming"}, note="Ask Aysel")]
    number = booked(level=Level.RESTRICTED, stops=stops, persons=[make.person()])

    answer = desk.get(f"/tours/{number}")

    assert [(one["kind"], one["names"]) for one in answer.json()["stops"]] == [("words", [])]
    assert "Yang Wanming" not in answer.text


def test_head_of_a_tour_works(desk: System, booked: Booked) -> None:
    answer = desk.ask("HEAD", f"/tours/{booked()}")

    assert (answer.status_code, answer.content) == (200, b"")


# The route.


def test_a_route_is_put_in_the_place_of_another(
    desk: System, booked: Booked, museum: Database
) -> None:
    number = booked(stops=[make.stop(1, exhibit_id=exhibit(museum, "saz"), note="Stay")])
    [saz] = stored(museum, number).stops

    answer = desk.put_stops(
        number,
        {"exhibit": "tar", "minutes": 6, "priority": "must"},
        {"id": saz.id},
        {"exhibition": "classic-cars"},
        {"names": [{"text": "Tea", "language": "en"}]},
    )

    stops = stored(museum, number).stops
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert [one.name_in(("en",)).text for one in stops] == [
        *("Tar", "Saz", "Classic cars", "Tea")
    ]
    assert [(one.minutes, one.priority) for one in stops[:2]] == [(6, "must"), (5, "should")]
    assert (stops[1].id, stops[1].note) == (saz.id, "Stay")
    with museum.reading() as db:
        assert len(earlier_routes(db, number)) == 1


def test_the_same_route_changes_nothing(desk: System, booked: Booked) -> None:
    number = booked()
    desk.put_stops(number, {"exhibit": "tar"})
    [stop] = desk.get(f"/tours/{number}").json()["stops"]

    answer = desk.put_stops(number, {"id": stop["id"]}, version=2)

    assert answer.json()["version"] == 2


def test_no_route_is_a_route(desk: System, booked: Booked, museum: Database) -> None:
    number = booked(stops=[make.stop(1, names={"en": "Tea"})])

    assert desk.put_stops(number).status_code == 200
    assert stored(museum, number).stops == []


@pytest.mark.parametrize(
    ("stop", "field"),
    [
        ({}, "stops.1"),
        ({"exhibit": "tar", "exhibition": "classic-cars"}, "stops.1"),
        ({"exhibit": "never"}, "stops.1.exhibit"),
        ({"exhibit": "../x"}, "stops.1.exhibit"),
        ({"exhibition": "never"}, "stops.1.exhibition"),
        ({"id": 999}, "stops.1.id"),
        ({"id": 2**31}, "stops.1.id"),
        ({"names": []}, "stops.1.names"),
        ({"names": [{"text": "Tea", "language": "ja"}]}, "stops.1.names"),
        ({"names": [{"text": "\u200b", "language": "en"}]}, "stops.1.names.0.text"),
        ({"exhibit": "tar", "minutes": 0}, "stops.1.minutes"),
        ({"exhibit": "tar", "minutes": 241}, "stops.1.minutes"),
        ({"exhibit": "tar", "priority": "now"}, "stops.1.priority"),
        ({"exhibit": "tar", "note": "\0"}, "stops.1.note"),
        ({"exhibit": "tar", "note": "a" * 4_001}, "stops.1.note"),
        ({"exhibit": "tar", "hall": 1}, "stops.1.?"),
    ],
)
def test_a_stop_that_will_not_do_is_named(
    desk: System, booked: Booked, museum: Database, stop: Told, field: str
) -> None:
    number = booked()

    answer = desk.put_stops(number, {"exhibit": "tar"}, stop)

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["faults"][0]["field"] == field
    assert stored(museum, number).version == 1


def test_a_stop_stands_in_a_route_once(desk: System, booked: Booked) -> None:
    number = booked()
    desk.put_stops(number, {"exhibit": "tar"})
    [stop] = desk.get(f"/tours/{number}").json()["stops"]

    again = desk.put_stops(number, {"id": stop["id"]}, {"id": stop["id"]}, version=2)

    assert is_problem(again, 422)


def test_more_stops_than_a_route_holds_are_refused(desk: System, booked: Booked) -> None:
    assert is_problem(desk.put_stops(booked(), *[{"exhibit": "tar"}] * 61), 422)


@pytest.mark.parametrize("seen", [None, "*", " * "])
def test_whoever_changes_a_route_says_what_they_have_seen(
    desk: System, booked: Booked, seen: str | None
) -> None:
    headers = {"if-match": seen} if seen else {}

    answer = desk.ask("PUT", f"/tours/{booked()}/stops", json={"stops": []}, headers=headers)

    assert is_problem(answer, 428, "no-version")


@pytest.mark.parametrize("seen", ['"2"', "1", 'W/"1"', '"', "", '"0", "7"', "x" * 4_000])
def test_who_has_seen_another_version_changes_nothing(
    desk: System, booked: Booked, museum: Database, seen: str
) -> None:
    number = booked(stops=[make.stop(1, names={"en": "Tea"})])

    answer = desk.ask(
        "PUT", f"/tours/{number}/stops", json={"stops": []}, headers={"if-match": seen}
    )

    assert is_problem(answer, 412, "stale")
    assert (answer.headers["etag"], answer.json()["version"]) == ('"1"', 1)
    assert len(stored(museum, number).stops) == 1


def test_a_move_too_may_say_what_was_seen(desk: System, booked: Booked) -> None:
    path = f"/tours/{booked()}/cancellation"

    assert is_problem(desk.post(path, headers={"if-match": '"7"'}), 412, "stale")
    assert desk.post(path, headers={"if-match": '"7", "1"'}).status_code == 200


def test_a_plan_that_is_carried_out_is_fixed(desk: System, booked: Booked) -> None:
    number = booked(state=State.UNDER_WAY)

    assert is_problem(desk.put_stops(number), 409, "plan-is-fixed")


def test_a_confirmed_tour_breaks_no_promise(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    other = walkable(booked, museum, nigar, state=State.CONFIRMED)
    number = booked(state=State.CONFIRMED)

    answer = desk.put_stops(number, {"exhibit": "tar"})

    assert is_problem(answer, 409, "clash")
    [clash] = answer.json()["clashes"]
    assert (clash["word"], clash["tour"]) == ("same-place", other)
    assert stored(museum, number).stops == []
    reason = "The hall holds both."
    assert desk.put_stops(number, {"exhibit": "tar"}, reason=reason).status_code == 200


# Moves.


def test_a_tour_goes_its_way(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    number = walkable(booked, museum, nigar, state=State.REQUESTED)

    for move, state in (
        ("planning", "planned"),
        ("confirmation", "confirmed"),
        ("departure", "under-way"),
        ("completion", "completed"),
    ):
        answer = desk.post(f"/tours/{number}/{move}")
        assert (answer.status_code, answer.json()["state"]) == (200, state), move

    assert [one["state"] for one in desk.get("/tours").json()["items"]] == ["completed"]


def test_a_tour_is_cancelled(desk: System, booked: Booked, museum: Database) -> None:
    number = booked()

    assert desk.post(f"/tours/{number}/cancellation").json()["state"] == "cancelled"
    assert stored(museum, number).state == State.CANCELLED


@pytest.mark.parametrize("move", ["confirmation", "departure", "completion"])
def test_a_move_that_leads_nowhere_is_refused(desk: System, booked: Booked, move: str) -> None:
    number = booked(state=State.CANCELLED)

    answer = desk.post(f"/tours/{number}/{move}")

    assert is_problem(answer, 409, "illegal-move")
    assert answer.json()["state"] == "cancelled"


def test_what_has_no_time_is_not_planned(desk: System, booked: Booked) -> None:
    number = booked(state=State.REQUESTED, date=None, starts_at=None, ends_at=None)

    assert is_problem(desk.post(f"/tours/{number}/planning"), 409, "no-slot")


def test_a_clash_is_told_in_words_and_keys(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    other = walkable(booked, museum, nigar, state=State.CONFIRMED)
    number = booked(guide=nigar, stops=[make.stop(1, exhibit_id=exhibit(museum, "saz"))])

    answer = desk.post(f"/tours/{number}/confirmation")

    assert is_problem(answer, 409, "clash")
    clash = answer.json()["clashes"][0]
    assert clash["word"] == "guide-busy"
    assert clash["key"] == f"guide:{nigar.number}:{other}"
    assert clash["in_words"] == "Its guide leads another tour at that time"
    assert (clash["tour"], clash["begins"]) == (other, "2026-12-01T07:00:00Z")
    assert stored(museum, number).state == State.PLANNED


def test_a_clash_with_a_closed_tour_does_not_name_it(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    walkable(booked, museum, nigar, state=State.CONFIRMED, level=Level.CLOSED)
    number = booked(guide=nigar)

    told = desk.post(f"/tours/{number}/confirmation").json()["clashes"]
    seen = desk.get(f"/tours/{number}/readiness").json()["findings"]

    assert "guide-busy" not in [one["word"] for one in (*told, *seen)]
    for some in (told, seen):
        [clash] = [one for one in some if one["word"] == "house-booked"]
        assert (clash["begins"], clash["ends"]) == (
            *("2026-12-01T07:00:00Z", "2026-12-01T08:30:00Z"),
        )
        assert (clash["tour"], clash["who"], clash["stops"]) == (None, "", [])


# Readiness.


def test_what_is_left_to_do_is_told(desk: System, booked: Booked) -> None:
    told = desk.get(f"/tours/{booked()}/readiness").json()

    assert not told["is_ready"]
    assert told["blocking"] == 3
    words = [one["word"] for one in told["findings"]]
    assert words == ["no-stops", "no-guide", "no-interpreter"]
    assert told["findings"][0]["in_words"] == "No stop yet"


def test_it_is_told_until_the_guests_are_there(desk: System, booked: Booked) -> None:
    number = booked(state=State.COMPLETED)

    assert is_problem(desk.get(f"/tours/{number}/readiness"), 409, "too-late")


def test_every_finding_has_its_words() -> None:
    page = (FILES / "templates" / "tours" / "_findings.html").read_text("utf-8")

    assert all(f'"{word}"' in page for word in IN_WORDS)
    told = page.partition("{% macro title(finding) %}")[2].partition("{%- endmacro %}")[0]
    assert told.count("finding.word ==") == len(IN_WORDS)


# What happened.


def entry(kind: str, **said: object) -> Told:
    return {"key": str(uuid4()), "kind": kind, "at": datetime.now(UTC).isoformat(), **said}


def batch(*entries: Told) -> Told:
    return {"sent_at": datetime.now(UTC).isoformat(), "entries": entries}


def test_what_happened_is_taken_down_once(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    number = walkable(booked, museum, nigar, state=State.CONFIRMED)
    [stop] = stored(museum, number).stops
    told = batch(entry("started"), entry("arrived", stop=str(stop.id)))

    first = desk.post(f"/tours/{number}/events", told)
    again = desk.post(f"/tours/{number}/events", told)

    assert first.status_code == again.status_code == 200
    assert first.json()["taken"] == again.json()["taken"]
    assert [one["seq"] for one in first.json()["taken"]] == [1, 2]
    assert first.json()["tour"]["state"] == "under-way"
    with museum.reading() as db:
        assert [one.account_id for one in events_of(db, number)] == [desk.number] * 2


def test_who_has_not_seen_what_a_guide_added_cannot_put_another_route(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    number = walkable(booked, museum, nigar, state=State.CONFIRMED)
    tag = desk.get(f"/tours/{number}").headers["etag"]
    desk.post(f"/tours/{number}/events", batch(entry("added", exhibit="garmon")))

    answer = desk.put_stops(number, {"exhibit": "saz"}, version=int(tag.strip('"')))

    assert is_problem(answer, 412, "stale")
    assert "Garmon (accordion)" in [
        one.name_in(("en",)).text for one in stored(museum, number).stops
    ]


def test_a_key_says_one_thing(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    number = walkable(booked, museum, nigar, state=State.CONFIRMED)
    counted = entry("counted", number=8)
    desk.post(f"/tours/{number}/events", batch(counted))

    answer = desk.post(f"/tours/{number}/events", batch({**counted, "number": 9}))

    assert is_problem(answer, 409, "key-reused")
    assert answer.json()["key"] == counted["key"]


def test_nothing_happens_on_a_tour_that_is_not_confirmed(desk: System, booked: Booked) -> None:
    answer = desk.post(f"/tours/{booked()}/events", batch(entry("started")))

    assert is_problem(answer, 409, "not-confirmed")


def test_of_a_forgotten_tour_nothing_more_is_kept(
    desk: System, nigar: Desk, booked: Booked, museum: Database
) -> None:
    number = walkable(booked, museum, nigar, state=State.COMPLETED, forgotten_at=AT)
    noted = entry("noted", text="Yang Wanming asked")

    answer = desk.post(f"/tours/{number}/events", batch(noted))

    assert is_problem(answer, 409, "forgotten")
    assert answer.json()["keys"] == [noted["key"]]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"entries": []},
        {"sent_at": 1e12, "entries": [entry("started")]},
        {"sent_at": "2026-12-01T07:00:00Z", "entries": []},
        {"sent_at": "2026-12-01T07:00:00Z", "entries": [entry("flew")]},
        {"sent_at": "2026-12-01T07:00:00Z", "entries": [entry("arrived")]},
        {"sent_at": "2026-12-01T07:00:00Z", "entries": [entry("noted", text="\0")]},
        {"sent_at": "2026-12-01T07:00:00Z", "entries": [entry("started")] * 21},
        {"sent_at": "2026-12-01T07:00:00Z", "entries": [entry("started")], "account": 1},
    ],
)
def test_entries_that_cannot_be_read_are_refused(
    desk: System, nigar: Desk, booked: Booked, museum: Database, told: Told
) -> None:
    number = walkable(booked, museum, nigar, state=State.CONFIRMED)

    assert is_problem(desk.post(f"/tours/{number}/events", told), 422, "invalid")
    with museum.reading() as db:
        assert events_of(db, number) == []
