"""The report of a tour by token: in the media type that is accepted, for its readers."""

import re
from http import HTTPStatus
from io import BytesIO

import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Role
from guide.db import Database
from guide.tours.model import Level, State
from guide.tours.people import Duty, TourStaff
from tests.accounts.conftest import Desk
from tests.api.conftest import System, WithToken, is_problem
from tests.tours.conftest import Booked
from tests.tours.reporting.conftest import Walked, walked_tour

__all__ = ["walked_tour"]

HTML, JSON, PDF = "text/html", "application/json", "application/pdf"


@pytest.fixture
def walked(walked_tour: Walked, nigar: Desk) -> int:
    """The number of a visit that has been walked, level 1."""
    return walked_tour(nigar)


def taken_as(system: System, tour: int, accept: str) -> str:
    answer = system.get(f"/tours/{tour}/report", headers={"accept": accept})
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["content-type"].partition(";")[0]


def test_a_report_is_what_the_office_hands_out(desk: System, leyla: Desk, walked: int) -> None:
    told = desk.get(f"/tours/{walked}/report?lang=en")
    office = leyla.phone.get(f"/staff/tours/{walked}/report.json?language=en")

    assert told.headers["content-type"] == JSON
    assert told.content == office.content
    assert told.json()["route"]["was"] == 85


def test_it_is_read_in_a_language_of_the_guide(desk: System, walked: int) -> None:
    told = {
        tag: desk.get(f"/tours/{walked}/report?lang={tag}").json() for tag in ("az", "en", "ar")
    }

    assert {tag: one["language"] for tag, one in told.items()} == {
        tag: tag for tag in ("az", "en", "ar")
    }
    assert desk.get(f"/tours/{walked}/report").json() == told["az"]
    refused = desk.get(f"/tours/{walked}/report?lang=zz")
    assert is_problem(refused, 422, "unknown-language")


def test_as_a_page_it_is_in_one_language(desk: System, walked: int) -> None:
    page = desk.get(f"/tours/{walked}/report?lang=ar", headers={"accept": HTML})

    assert page.headers["content-language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in page.text
    assert page.text.count("<h1>") == 1
    assert "杨万明" in page.text
    assert "<script" not in page.text
    assert "<img" not in page.text


def test_as_a_pdf_it_says_the_same(desk: System, walked: int) -> None:
    answer = desk.get(f"/tours/{walked}/report?lang=en", headers={"accept": PDF})

    assert answer.headers["content-type"] == PDF
    pages = PdfDocument(BytesIO(answer.content))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert "Visit report" in text
    assert "2024-001" in text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", JSON),
        (" , ", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", HTML),
        ("TEXT/HTML; Charset=utf-8", HTML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("application/json;q=0.2, text/html;q=0.7", HTML),
        ("application/json;q=0, */*", HTML),
        ("*/*, text/html", HTML),
        ("text/html;q=0.001, image/png", HTML),
        ("text/html;q=2, application/json;q=0.1", JSON),
        ("text/html;q=, nonsense, application/json;q=0.1", JSON),
    ],
)
def test_what_is_accepted_most_is_given(
    desk: System, walked: int, accept: str, kind: str
) -> None:
    assert taken_as(desk, walked, accept) == kind


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/plain, image/*", "*/*;q=0", "nonsense", "é", "q=1", "a" * 4000],
)
def test_what_it_cannot_be_is_told_so(desk: System, walked: int, accept: str) -> None:
    answer = desk.get(f"/tours/{walked}/report", headers={"accept": accept.encode("latin-1")})

    assert is_problem(answer, 406, "not-acceptable")
    assert answer.json()["offered"] == [JSON, HTML, PDF]
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    "state", [one for one in State if one not in {State.UNDER_WAY, State.COMPLETED}]
)
def test_there_is_none_before_the_guests_are_there(
    desk: System, booked: Booked, state: State
) -> None:
    number = booked(state=state)

    assert desk.get(f"/tours/{number}").status_code == HTTPStatus.OK
    assert is_problem(desk.get(f"/tours/{number}/report"), 404)


# Who may.


@pytest.mark.parametrize("accept", [JSON, HTML, PDF, "image/png"])
@pytest.mark.parametrize("role", [Role.GUIDE, Role.CURATOR, Role.ADMIN])
def test_for_others_than_planners_there_is_no_report(
    with_token: WithToken, walked: int, role: Role, accept: str
) -> None:
    answer = with_token(role).get(f"/tours/{walked}/report", headers={"accept": accept})

    assert is_problem(answer, 404)


def test_nobody_reads_it_without_a_token(stranger: System, walked: int) -> None:
    assert is_problem(stranger.get(f"/tours/{walked}/report"), 401, "no-token")


def test_a_guide_reads_that_of_a_tour_of_theirs(
    kiosk: System, museum: Database, walked: int
) -> None:
    with museum.writing() as db:
        db.add(TourStaff(tour_id=walked, account_id=kiosk.number, duty=Duty.GUIDE))

    assert taken_as(kiosk, walked, JSON) == JSON


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CLOSED])
def test_a_confidential_one_is_for_its_makers(
    with_token: WithToken, desk: System, walked_tour: Walked, nigar: Desk, level: Level
) -> None:
    number = walked_tour(nigar, level=level, made_by=desk.number)

    for other in [with_token(role, f"another {role}") for role in Role]:
        for accept in (JSON, HTML, PDF, "image/png"):
            answer = other.get(f"/tours/{number}/report", headers={"accept": accept})
            never = other.get("/tours/99999/report", headers={"accept": accept})
            assert is_problem(answer, 404)
            assert answer.content == never.content
    assert desk.get(f"/tours/{number}/report").json()["level"] == level


def test_that_a_confidential_one_was_opened_is_in_the_trail(
    desk: System, walked_tour: Walked, nigar: Desk, museum: Database
) -> None:
    number = walked_tour(nigar, level=Level.CLOSED, made_by=desk.number)

    desk.get(f"/tours/{number}/report")

    with museum.reading() as db:
        told = select(AuditEntry.account_id, AuditEntry.subject)
        told = told.where(AuditEntry.deed == "tour.opened")
        assert db.execute(told).all() == [(desk.number, f"tour:{number}")]


def test_a_confidential_one_says_whose_token_had_it(
    desk: System, walked_tour: Walked, nigar: Desk
) -> None:
    number = walked_tour(nigar, level=Level.CLOSED, made_by=desk.number)

    page = desk.get(f"/tours/{number}/report?lang=en", headers={"accept": HTML}).text

    assert re.search(r"<p class=\"meta\">.*<bdi>desk</bdi></p>", page)
    pdf = desk.get(f"/tours/{number}/report?lang=en", headers={"accept": PDF})
    first = PdfDocument(BytesIO(pdf.content))[0]
    assert "desk" in first.get_textpage().get_text_bounded()


def test_the_contract_describes_it(stranger: System) -> None:
    told = stranger.get("/openapi.json").json()
    way = told["paths"]["/api/v1/tours/{tour_id}/report"]["get"]

    assert set(way["responses"]["200"]["content"]) == {JSON, HTML, PDF}
    assert "406" in way["responses"]
    assert {"lang", "tour_id"} == {one["name"] for one in way["parameters"]}
    assert "is_signed" in told["components"]["schemas"]["Report"]["required"]
