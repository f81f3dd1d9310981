"""Visits that were: entered by hand and from files, with what their source says, no more."""

import csv
import json
import re
from datetime import date
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import func, select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.tours.displays import Displays
from guide.tours.model import PublishedTour, State, Tour
from guide.tours.people import Side
from guide.tours.queries import exhibitions_in_order, whole_tour
from guide.tours.report_files import MOST_BYTES, MOST_RECORDS
from guide.tours.reports import Report, dates_in, one_person, read_record
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked

VISITS = Path(__file__).with_name("past_visits.json")
PAST = "/staff/tours/past"
RECORD: dict[str, Any] = {
    "head": "Wendy Morton",
    "title": "Minister",
    "country": "United Kingdom",
    "date": "2021-02-09",
    "exhibitions_seen": ["Mini Azerbaijan"],
    "source": "https://azertag.az/1708697",
    "confidence": "medium",
}
TYPED = {
    "head": "Wendy Morton",
    "title": "Minister",
    "country": "United Kingdom",
    "date": "2021-02",
    "date_told": "a Tuesday in February",
    "exhibitions_seen": "Mini-Azerbaijan\nAuditorium",
    "host": "Anar Alakbarov, Director",
    "guest_book": "yes",
    "source": "https://azertag.az/1708697",
    "source_language": "en",
    "confidence": "medium",
}


def visits() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(VISITS.read_text("utf-8"))
    return told


def upload(desk: Desk, raw: bytes, name: str = "visits.json", language: str = "en") -> Response:
    fields = {**desk.form, "language": language}
    return desk.phone.post(f"{PAST}/imports", data=fields, files={"file": (name, raw)})


def carry_on(desk: Desk, tried: Response) -> Response:
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', tried.text))
    return desk.phone.post(f"{PAST}/imports/run", data={**fields, **desk.form})


def imported(desk: Desk, records: object) -> Response:
    return carry_on(desk, upload(desk, json.dumps(records).encode()))


def tours(museum: Database) -> list[Tour]:
    with museum.reading() as db:
        numbers = db.scalars(select(Tour.id).order_by(Tour.id))
        return [tour for one in numbers if (tour := db.scalar(whole_tour(one)))]


def enter(desk: Desk, **typed: str) -> Response:
    return desk.phone.post(f"{PAST}/new", data={**desk.form, **TYPED, **typed})


@pytest.fixture
def past(leyla: Desk, museum: Database) -> list[Tour]:
    """The visits of our own research, imported."""
    assert imported(leyla, visits()).status_code == HTTPStatus.SEE_OTHER
    return tours(museum)


def by_head(past: list[Tour], head: str) -> Tour:
    return next(one for one in past if one.published and one.published.head == head)


# In and out.


def test_every_visit_comes_back_as_it_was(leyla: Desk, past: list[Tour]) -> None:
    assert len(past) == len(visits()) == 27
    assert leyla.phone.get(f"{PAST}/visits.json").json() == visits()


@pytest.mark.usefixtures("past")
def test_a_table_of_visits_comes_back_too(leyla: Desk, museum: Database) -> None:
    table = leyla.phone.get(f"{PAST}/visits.csv").content
    with museum.writing() as db:
        for one in db.scalars(select(Tour)):
            db.delete(db.scalar(whole_tour(one.id)))
    assert tours(museum) == []

    carry_on(leyla, upload(leyla, table, "visits.csv"))

    stated = [{k: v for k, v in one.items() if v is not None} for one in visits()]
    told = leyla.phone.get(f"{PAST}/visits.json").json()
    assert [{k: v for k, v in one.items() if v is not None} for one in told] == stated
    assert all(one["guest_book"] is None for one in told if not one["guest_book"])


@pytest.mark.usefixtures("past")
def test_the_same_file_twice_adds_nothing(leyla: Desk, museum: Database) -> None:
    tried = upload(leyla, VISITS.read_bytes())

    assert "There is nothing to import." in tried.text
    assert carry_on(leyla, tried).status_code != HTTPStatus.OK
    assert imported(leyla, {"delegation_reports": visits()}).status_code != HTTPStatus.OK
    assert len(tours(museum)) == 27


def test_a_visit_that_was_corrected_is_not_added_again(leyla: Desk, museum: Database) -> None:
    imported(leyla, [RECORD])
    (tour,) = tours(museum)
    address = f"{PAST}/{tour.id}"
    leyla.phone.post(address, data={**leyla.form, **TYPED, "version": "1", "head": "W. Morton"})

    assert "There is nothing to import." in upload(leyla, json.dumps([RECORD]).encode()).text
    (corrected,) = tours(museum)
    assert corrected.published
    assert corrected.published.head == "W. Morton"


def test_a_record_that_stands_twice_in_a_file_is_added_once(
    leyla: Desk, museum: Database
) -> None:
    other = RECORD | {"date": "2021-02-10"}

    imported(leyla, [RECORD, other, RECORD])

    assert [one.date for one in tours(museum)] == ["2021-02-09", "2021-02-10"]


def test_nothing_is_written_before_somebody_says_so(leyla: Desk, museum: Database) -> None:
    answer = upload(leyla, VISITS.read_bytes())

    assert answer.status_code == HTTPStatus.OK
    assert 'class="number">27<' in answer.text
    for told in visits():
        assert (told["head"] or "a group without a head") in answer.text
    assert tours(museum) == []


def test_an_import_that_would_do_something_else_by_now_is_shown_again(
    leyla: Desk, orkhan: Desk, museum: Database
) -> None:
    tried = upload(leyla, json.dumps([RECORD]).encode())
    imported(orkhan, [RECORD])

    answer = carry_on(leyla, tried)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "here already" in answer.text
    assert len(tours(museum)) == 1


def test_faults_are_named_by_row_and_stop_all(leyla: Desk, museum: Database) -> None:
    wrong = RECORD | {
        "source": None,
        "title": 7,
        "country": "",
        "guest_book": "maybe",
        "confidence": "certain",
        "date": "2021-02-30",
    }
    tried = upload(leyla, json.dumps([RECORD, wrong, "a visit"]).encode())

    for said in ("It is missing.", "high, medium or low", "True, false or null"):
        assert said in tried.text
    for said in ("Words belong here", "no such day", "no record with headings"):
        assert said in tried.text
    assert '<span class="code">2</span>' in tried.text
    assert 'name="carried"' not in tried.text
    assert tours(museum) == []


def test_a_file_with_faults_is_refused_even_when_it_is_sent_on(
    leyla: Desk, museum: Database
) -> None:
    good = upload(leyla, json.dumps([RECORD]).encode()).text
    digest = re.findall(r'name="digest" value="(\w+)"', good)[0]
    fields = {"digest": digest, "name": "a.json", "language": "en", "carried": "W10="}

    for carried in ("W10=", "WzFd", "%%%", "é", ""):
        data = {**leyla.form, **fields, "carried": carried}
        answer = leyla.phone.post(f"{PAST}/imports/run", data=data)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, carried
    assert tours(museum) == []


BAD_FILES: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "nothing in the file", "visits.json"),
    "space": (b" \n", "nothing in the file", "visits.json"),
    "no JSON": (b'[{"head": ]', "no JSON", "visits.json"),
    "half a file": (VISITS.read_bytes()[:900], "no JSON", "visits.json"),
    "no list": (b'{"visits": []}', "no list of records", "visits.json"),
    "a number": (b"7", "no list of records", "visits.json"),
    "not a number": (b'[{"size": NaN}]', "no JSON", "visits.json"),
    "10,000 records": (json.dumps([{}] * 10_000).encode(), "10000 records", "visits.json"),
    "large": (b" " * MOST_BYTES + b"[]", "larger than 1 MB", "visits.json"),
    "deep": (b"[" * 200_000, "nested too deeply", "visits.json"),
    "deep record": (b"[" + b'{"a":' * 90 + b"1" + b"}" * 90 + b"]", "number or", "visits.json"),
    "NUL": (b'[{"head": "\x00"}]', "zero bytes", "visits.json"),
    "written NUL": (b'[{"head": "a\\u0000"}]', "cannot be read", "visits.json"),
    "half a pair": (b'[{"head": "\\ud83d", "\\udc00": 1}]', "cannot be read", "visits.json"),
    "half a pair as a heading": (b'[{"\\udc00": 1}]', "The heading is empty", "visits.json"),
    "Latin-1": ('[{"head": "é"}]'.encode("latin-1"), "not in UTF-8", "visits.json"),
    "a huge number": (b'[{"size": ' + b"9" * 5_000 + b"}]", "no JSON", "visits.json"),
    "beyond numbers": (b'[{"size": 1e999}]', "number or a list", "visits.json"),
    "a book": (b"PK\x03\x04", "Only JSON and CSV", "visits.xlsx"),
    "no ending": (b"[]", "Only JSON and CSV", "visits"),
    "an empty list": (b"[]", "nothing in the file", "visits.json"),
    "no headings": (b"a,b\n1,2\n", "must have the headings", "visits.csv"),
    "only a head": (b"source,confidence\n", "nothing in the file", "visits.csv"),
    "quotes": (b'source,confidence\n"a', "quotation mark", "visits.csv"),
    "twice": (b"source,source,confidence\na,b,c\n", "Two columns", "visits.csv"),
    "ragged": (b"source,confidence\na,high,b\n", "The heading is empty", "v.csv"),
    "long table": (
        b"source,confidence\n" + b"a,high\n" * (MOST_RECORDS + 1),
        f"{MOST_RECORDS + 1} records",
        "visits.csv",
    ),
}
"""A file, what is said of it, and what it is called."""


@pytest.mark.parametrize("wrong", BAD_FILES)
def test_a_file_that_cannot_be_read_is_told_so(
    leyla: Desk, museum: Database, wrong: str
) -> None:
    raw, said, name = BAD_FILES[wrong]

    answer = upload(leyla, raw, name)

    assert answer.status_code in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert said in answer.text
    assert 'name="carried"' not in answer.text
    assert tours(museum) == []


def test_no_file_at_all_is_told_so(leyla: Desk) -> None:
    answer = leyla.phone.post(f"{PAST}/imports", data=leyla.form)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "No file was chosen." in answer.text


def test_a_file_that_is_far_too_large_is_not_received(leyla: Desk) -> None:
    answer = upload(leyla, b" " * (3 * 1024 * 1024))
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_as_many_records_as_may_be_go_in(leyla: Desk, museum: Database) -> None:
    many = [RECORD | {"head": f"Guest {number}"} for number in range(MOST_RECORDS)]

    answer = imported(leyla, many)

    assert answer.headers["location"].endswith(f"imported={MOST_RECORDS}")
    with museum.reading() as db:
        assert db.scalar(select(func.count()).select_from(PublishedTour)) == MOST_RECORDS
        assert db.scalar(select(func.max(Tour.reference))) is not None
    listed = leyla.phone.get(PAST).text
    assert listed.count('class="row"') == 200
    assert "More was found than is shown" in listed


# What becomes of a record.


def test_a_visit_says_what_its_source_says(past: list[Tour]) -> None:
    tour = by_head(past, "Wendy Morton")

    assert (tour.state, tour.level, tour.date) == (State.COMPLETED, 0, "2021-02-09")
    assert (tour.reference, tour.languages, tour.people) == ("2021-001", [], None)
    assert [(one.kind, one.code, one.names) for one in tour.parties] == [
        ("organisation", "", {"en": "FCDO"}),
        ("country", "GB", {}),
    ]
    head, host = tour.persons
    assert (head.side, head.role, head.name_official) == (Side.GUEST, "head", "Wendy Morton")
    assert head.positions == {"en": "Minister for European Neighbourhood and the Americas"}
    assert (host.name_official, host.positions) == ("Anar Alakbarov", {"en": "Director"})
    assert [stop.position for stop in tour.stops] == [1, 2, 3, 4]
    assert [stop.exhibition and stop.exhibition.slug for stop in tour.stops] == [
        None,
        None,
        "musical-instruments",
        None,
    ]
    assert tour.stops[0].names == {"en": "Pearls of Azerbaijan"}


@pytest.mark.parametrize(
    ("head", "days"),
    [
        ("Gurbanguly Berdimuhamedov", ("2017-08-08", "2017-08-09")),
        ("Mikhail Mishustin", ("2022-11", None)),
        ("Rumen Radev", ("2017", None)),
        ("Anikó Lévai", (None, None)),
        ("Ismail Kahraman", (None, None)),
        ("Sergei Shoigu", ("2016-08-15", None)),
    ],
)
def test_a_day_is_as_exact_as_it_is_told(
    past: list[Tour], head: str, days: tuple[str | None, str | None]
) -> None:
    tour = by_head(past, head)
    assert (tour.date, tour.last_date) == days


def test_a_country_that_no_list_settles_is_kept_as_words(past: list[Tour]) -> None:
    told = by_head(past, "Ersin Tatar").parties[-1]
    assert not told.code
    assert told.names["en"].startswith("'Turkish Republic of Northern Cyprus'")
    coded = {one.code for tour in past for one in tour.parties if one.kind == "country"}
    assert {"TM", "GE", "KZ", "HR", "TR", "CN", "GB"} <= coded
    group = next(one for one in past if one.published and not one.published.head)
    assert not [person for person in group.persons if person.side is Side.GUEST]


@pytest.mark.parametrize(
    ("told", "slug"),
    [
        ("Dance of loops", "carpet-dance-of-loops"),
        ("Azerbaijani carpet - dance of loops", "carpet-dance-of-loops"),
        ("İLMƏLƏRİN RƏQSİ", "carpet-dance-of-loops"),
        ("MINI AZERBAIJAN", "mini-azerbaijan"),
        ("Мини-Азербайджан", "mini-azerbaijan"),
        ("classic cars", "classic-cars"),
        ("Musical instruments: Unity and Diversity", "musical-instruments"),
        ("ancient musical instruments", None),
        ("carpets and ancient musical instruments", None),
        ("Official cars 1969–2003", None),
        ("Azerbaijani carpet", None),
        ("", None),
    ],
)
def test_an_exhibition_is_known_by_its_names(
    museum: Database, told: str, slug: str | None
) -> None:
    with museum.reading() as db:
        meant = Displays(exhibitions_in_order(db)).meant_by(told)
    assert (meant.slug if meant else None) == slug


@pytest.mark.parametrize(
    ("told", "person"),
    [
        ("Anar Alakbarov, Director", ("Anar Alakbarov", "Director")),
        (
            "Anar Alakbarov, Assistant to the President, Executive Director",
            ("Anar Alakbarov", "Assistant to the President, Executive Director"),
        ),
        ("Mehriban Aliyeva, First Vice-President; Anar Alakbarov", None),
        ("Anar Alakbarov, Director; accompanied by Leyla Aliyeva", None),
        ("President Ilham Aliyev and Mehriban Aliyeva", None),
        ("Ilham Aliyev and Mehriban Aliyeva, hosts", None),
        ("Center management", None),
        ("Center staff (guided explanation)", None),
        ("the director, Center", None),
        ("", None),
    ],
)
def test_a_host_is_a_person_when_it_is_clearly_one(
    told: str, person: tuple[str, str] | None
) -> None:
    assert one_person(told) == person


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ("2017-08-08/09", ("2017-08-08", "2017-08-09")),
        ("2017-08-08/2017-08-09", ("2017-08-08", "2017-08-09")),
        ("2017-08-09/08", ("2017-08-09", None)),
        ("2022-11 (release)", ("2022-11", None)),
        ("2017-02-30", (None, None)),
        ("20170830", (None, None)),
        ("2025–2026", ("2025", "2026")),
        ("about 2016", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_date_is_read_from_the_beginning_of_what_is_told(
    told: str, days: tuple[str | None, str | None]
) -> None:
    assert dates_in(told) == days


def test_a_visit_that_is_still_to_come_is_none_that_was() -> None:
    today = date(2026, 11, 26)
    for told, is_past in (("2026-11-26", True), ("2026-11", True), ("2026-11-27", False)):
        report = read_record(RECORD | {"date": told}, "en", ["en"], today)
        assert isinstance(report, Report) == is_past, told


# By hand.


def test_a_visit_is_entered_by_hand(leyla: Desk, museum: Database) -> None:
    answer = enter(leyla)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    (tour,) = tours(museum)
    assert tour.published
    assert (tour.date, tour.published.date_told) == ("2021-02", "a Tuesday in February")
    assert tour.published.guest_book is True
    assert [stop.exhibition is not None for stop in tour.stops] == [True, False]
    shown = leyla.phone.get(answer.headers["location"]).text
    for said in ("Wendy Morton", "February 2021", "a Tuesday in February", "medium: one weak"):
        assert said in shown
    assert shown.count('class="unstated">not stated') == 3  # organisation, gifts, languages
    assert "0 min" not in shown
    with museum.reading() as db:
        (entry,) = db.scalars(select(AuditEntry))
    assert (entry.deed, entry.fields) == ("past.entered", [])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"head": ""}, "head"),
        ({"no_head": "1"}, "head"),
        ({"title": ""}, "title"),
        ({"country": ""}, "organisation"),
        ({"source": " "}, "source"),
        ({"confidence": ""}, "confidence"),
        ({"confidence": "certain"}, "confidence"),
        ({"source_language": "xx"}, "source_language"),
        ({"date": "2021-02-30"}, "date"),
        ({"date": "February"}, "date"),
        ({"date": "2999"}, "date"),
        ({"date": "", "last_date": "2021-02"}, "last_date"),
        ({"date": "2021-02-09", "last_date": "2021-02-08"}, "last_date"),
        ({"gift": "a\x00b"}, "gift"),
        ({"host": "a\u202eb"}, "host"),
        ({"exhibitions_seen": "x\n" * 61}, "exhibitions_seen"),
        ({"note": "x" * 4_001}, "note"),
    ],
)
def test_a_form_that_will_not_do_comes_back_as_it_was_typed(
    leyla: Desk, museum: Database, typed: dict[str, str], field: str
) -> None:
    answer = enter(leyla, **typed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-error"' in answer.text
    assert "Auditorium" in answer.text or field == "exhibitions_seen"
    assert tours(museum) == []


def test_a_group_without_a_head_and_a_day_that_nobody_knows_go_in(
    leyla: Desk, museum: Database
) -> None:
    unknown = {"head": "", "title": "", "no_head": "1", "date": "", "date_told": ""}

    answer = enter(leyla, **unknown, host="", exhibitions_seen="", guest_book="")

    (tour,) = tours(museum)
    assert (tour.date, tour.persons, tour.stops) == (None, [], [])
    shown = leyla.phone.get(answer.headers["location"]).text
    assert "a group without a head" in shown
    assert shown.count('class="unstated">not stated') == 8


def test_the_same_visit_is_entered_once(leyla: Desk, museum: Database) -> None:
    enter(leyla)

    answer = enter(leyla, note="Told again.")

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Told again." in answer.text
    assert "here already" in answer.text
    assert len(tours(museum)) == 1


def test_what_is_said_is_put_right(leyla: Desk, past: list[Tour], museum: Database) -> None:
    yang = by_head(past, "Yang Wanming")
    address = f"{PAST}/{yang.id}"
    page = leyla.phone.get(address).text
    assert "dance of loops\nMini Azerbaijan" in page
    typed = TYPED | {"version": "1", "head": "YANG Wanming", "host": "Center staff"}

    answer = leyla.phone.post(address, data={**leyla.form, **typed})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    tour = by_head(tours(museum), "YANG Wanming")
    assert tour.id == yang.id
    assert [one.name_official for one in tour.persons] == ["YANG Wanming"]
    assert [stop.position for stop in tour.stops] == [1, 2]
    assert tour.published
    assert tour.published.also == yang.published.also if yang.published else False
    with museum.reading() as db:
        deeds = db.scalars(select(AuditEntry).where(AuditEntry.deed == "past.corrected"))
        fields = deeds.one().fields
    assert "head" in fields
    assert "YANG" not in str(fields)


def test_two_who_put_a_visit_right_at_once_see_both(
    leyla: Desk, orkhan: Desk, museum: Database
) -> None:
    enter(leyla)
    address = f"{PAST}/{tours(museum)[0].id}"
    typed = {**TYPED, "version": "1"}
    leyla.phone.post(address, data={**leyla.form, **typed, "gift": "a carpet"})

    answer = orkhan.phone.post(address, data={**orkhan.form, **typed, "gift": "a book"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert ">a book</textarea>" in answer.text
    assert ">a carpet</bdi>" in answer.text
    published = tours(museum)[0].published
    assert published
    assert published.gift == "a carpet"
    unreadable = {**orkhan.form, **typed, "gift": "a\0book"}
    assert ">a carpet</bdi>" in orkhan.phone.post(address, data=unreadable).text


def test_a_form_that_changes_nothing_leaves_no_trace(leyla: Desk, museum: Database) -> None:
    enter(leyla)
    address = f"{PAST}/{tours(museum)[0].id}"
    leyla.phone.post(address, data={**leyla.form, **TYPED, "version": "1"})

    with museum.reading() as db:
        assert [one.deed for one in db.scalars(select(AuditEntry))] == ["past.entered"]


# Finding.


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 27), ("plenkovic", 1), ("auditorium", 4), ("RUSSIA security", 1), ("zzz", 0)],
)
def test_a_visit_is_found_by_what_is_said_of_it(
    leyla: Desk, past: list[Tour], query: str, count: int
) -> None:
    assert len(past) == 27
    shown = leyla.phone.get(PAST, params={"q": query}).text
    assert shown.count('class="row"') == count


def test_the_latest_visit_stands_first_and_those_without_a_day_last(
    leyla: Desk, past: list[Tour]
) -> None:
    numbers = [
        int(one)
        for one in re.findall(
            r'class="row" href="/staff/tours/(\d+)"', leyla.phone.get(PAST).text
        )
    ]
    days = {tour.id: tour.date or "" for tour in past}
    assert [days[number] for number in numbers] == sorted(days.values(), reverse=True)


def test_visits_are_for_planners(nigar: Desk, leyla: Desk, booked: Booked) -> None:
    for way in ("", "/new", "/imports", "/visits.json", "/visits.csv"):
        assert nigar.phone.get(PAST + way).status_code == HTTPStatus.NOT_FOUND
    assert leyla.phone.get(f"{PAST}/{booked()}").status_code == HTTPStatus.NOT_FOUND
    assert leyla.phone.get(f"{PAST}/visits.xml").status_code == HTTPStatus.NOT_FOUND


def test_a_table_calculates_nothing_and_reads_itself(leyla: Desk, museum: Database) -> None:
    formula = RECORD | {"head": "=1+1", "title": "-x", "gift": "'=2", "country": "Atlantis"}
    imported(leyla, [formula])
    table = leyla.phone.get(f"{PAST}/visits.csv").content
    (row,) = csv.DictReader(StringIO(table.decode("utf-8-sig")))
    assert (row["head"], row["title"]) == ("'=1+1", "'-x")

    assert "There is nothing to import." in upload(leyla, table, "visits.csv").text
    assert len(tours(museum)) == 1


def test_an_address_is_a_link_and_other_words_are_none(leyla: Desk, museum: Database) -> None:
    imported(leyla, [RECORD, RECORD | {"source": "javascript:alert(1)"}])
    first, other = (leyla.phone.get(f"/staff/tours/{one.id}").text for one in tours(museum))
    assert 'href="https://azertag.az/1708697"' in first
    assert 'href="javascript' not in other
