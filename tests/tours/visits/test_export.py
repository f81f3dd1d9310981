"""The list as a file: what the page finds, no names, and nothing that calculates."""

import csv
from http import HTTPStatus
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from guide.tours.model import Level, Party, State
from guide.tours.visits.export import HEAD
from guide.web.cells import BEGIN_A_FORMULA
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked
from tests.tours.test_calendar import CANARY, secretive

FORMATS = ("csv", "xlsx")
WRONG = [f"{sign}SUM(1+1)" for sign in BEGIN_A_FORMULA if sign.strip()]

every_format = pytest.mark.parametrize("format_", FORMATS)


def exported(desk: Desk, format_: str, **words: str) -> list[list[str]]:
    """The rows of a file, the head first."""
    answer = desk.phone.get(f"/staff/tours/visits.{format_}", params={"when": "all", **words})
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == f'attachment; filename="visits.{format_}"'
    if format_ == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(BytesIO(answer.content))["visits"]
    return [
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


@every_format
def test_a_file_holds_what_the_page_finds(leyla: Desk, booked: Booked, format_: str) -> None:
    booked(
        reference="2026-701",
        parties=(
            Party("organisation", {"az": "Əliyev Fondu", "zh-Hans": "友好协会"}),
            Party("country", {}, "CN"),
        ),
        languages=["zh-Hans", "en"],
        people=8,
    )
    booked(reference="2026-702", category="press")

    head, *rows = exported(leyla, format_, country="CN")

    assert head == list(HEAD)
    assert len(rows) == 1
    told = dict(zip(head, rows[0], strict=True))
    assert told["reference"] == "2026-701"
    assert told["organisations"] == "Əliyev Fondu"
    assert (told["countries"], told["country_codes"]) == ("China", "CN")
    assert (told["begins"], told["ends"]) == ("11:00", "12:30")
    assert (told["expected"], told["counted"], told["guests"]) == ("8", "", "8")


@every_format
def test_a_file_names_no_person_and_nothing_that_is_closed(
    leyla: Desk, orkhan: Desk, nigar: Desk, booked: Booked, format_: str
) -> None:
    for level in Level:
        booked(guide=nigar, planner=orkhan, state=State.CONFIRMED, **secretive(level=level))

    for desk, many in ((leyla, 3), (orkhan, 4), (nigar, 4)):
        rows = exported(desk, format_)
        assert len(rows) == many + 1
        assert CANARY not in repr(rows)
        assert "orkhan" not in repr(rows)
        assert "Aysel" not in repr(rows)
    assert len(exported(leyla, format_, level="3")) == 1


@every_format
def test_a_guide_takes_along_their_own(
    nigar: Desk, elvin: Desk, booked: Booked, format_: str
) -> None:
    booked(guide=nigar, reference="2026-711")
    booked(guide=elvin, reference="2026-712", state=State.CONFIRMED)

    assert [row[0] for row in exported(nigar, format_)[1:]] == ["2026-711"]


@pytest.mark.parametrize("wrong", WRONG)
def test_no_cell_calculates(leyla: Desk, booked: Booked, wrong: str) -> None:
    booked(parties=(Party("organisation", {"en": wrong}), Party("country", {"en": wrong})))

    cells = dict(zip(*exported(leyla, "csv"), strict=True))
    book = leyla.phone.get("/staff/tours/visits.xlsx?when=all").content
    row = list(load_workbook(BytesIO(book))["visits"].iter_rows())[1]

    assert cells["organisations"] == cells["countries"] == f"'{wrong}"
    assert {cell.data_type for cell in row if cell.value is not None} <= {"s", "n"}
    assert [cell.value for cell in row].count(wrong) == 2


@pytest.mark.parametrize("name", ["visits.ods", "visits.", "visits.csv.exe", "visits.json"])
def test_another_format_does_not_exist(leyla: Desk, name: str) -> None:
    assert leyla.phone.get(f"/staff/tours/{name}").status_code == HTTPStatus.NOT_FOUND


def test_a_wrong_period_leads_back_to_the_list(leyla: Desk, booked: Booked) -> None:
    booked()

    answer = leyla.phone.get("/staff/tours/visits.csv?from=2026-12-02&to=2026-12-01&q=a")

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.headers["location"].startswith("/staff/tours?view=list&q=a")


def test_an_empty_list_is_a_head(leyla: Desk) -> None:
    assert exported(leyla, "csv", q="nobody is called so") == [list(HEAD)]
