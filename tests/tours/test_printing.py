"""Papers are printed from what a tour is, for whoever may read its names."""

from collections.abc import Mapping
from http import HTTPStatus

import pytest
from httpx2 import Response
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.exhibits.model import Exhibit, ExhibitText
from guide.qr.proof import contents_of
from guide.tours.links import TourLink
from guide.tours.model import Level, Party, TourBrief
from guide.tours.people import Side
from tests import make
from tests.accounts.conftest import Desk
from tests.qr.test_labels import pages_of, symbols_in, words_of
from tests.tours.conftest import Booked
from tests.tours.papers import A_TENTH, XI, is_drawn

KINDS = ("programme", "welcome-card", "names", "brief")


@pytest.fixture
def visit(booked: Booked, museum: Database, nigar: Desk) -> int:
    """A tour with persons, stops and what those who receive it must know."""
    with museum.reading() as db:
        things = {
            slug: db.scalars(select(Exhibit.id).where(Exhibit.slug == slug)).one()
            for slug in ("tar", "kamancha")
        }
    return booked(
        guide=nigar,
        languages=["zh-Hans"],
        parties=(Party("organisation", {"az": "Dostluq Cəmiyyəti", "zh-Hans": "友好协会"}),),
        persons=[
            make.person(
                XI.text,
                name_language="zh-Hans",
                name_en="Xi Jinping",
                positions={"zh-Hans": "会长", "az": "sədr"},
                short_address="Your Excellency",
            ),
            make.person("Anar Həsənov", side=Side.HOST, role="greeter", name_language="az"),
        ],
        stops=[
            make.stop(1, names={"az": "Görüş", "zh-Hans": "会见"}, minutes=20),
            make.stop(2, exhibit_id=things["tar"], note="İşıq yandırılsın"),
            make.stop(3, exhibit_id=things["kamancha"]),
        ],
        brief=TourBrief(to_avoid="Hədiyyə verilmir", security_contact="Rəşad, 112"),
    )


def get(desk: Desk, tour_id: int, paper: str, languages: str = "az,zh-Hans") -> Response:
    address = f"/staff/tours/{tour_id}/papers/{paper}.pdf"
    return desk.phone.get(address, params={"languages": languages})


def make_address(desk: Desk, tour_id: int) -> Response:
    return desk.phone.post(f"/staff/tours/{tour_id}/papers/address", data=desk.form)


def test_a_programme_says_when_what_is_seen(leyla: Desk, visit: int) -> None:
    answer = get(leyla, visit, "programme")

    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].endswith('-programme-az-zh-Hans.pdf"')
    words = words_of(answer.content)
    for told in ("11:00", "Görüş", "会见", "11:22", "Tar", "Kamança", "12:30", "Səfərin sonu"):
        assert told in words
    assert words.count("11:22") == 1, "stops of one exhibition stand below its name"
    assert is_drawn(XI, answer.content, size="10.5pt")
    assert "Xi Jinping" in words, "who reads no Chinese gets the name in letters"


def test_a_list_has_the_guests_and_no_hosts(leyla: Desk, visit: int) -> None:
    pdf = get(leyla, visit, "names").content

    assert is_drawn(XI, pdf, size="11pt")
    assert "Həsənov" not in words_of(pdf)


def test_a_brief_has_what_the_guide_must_know(nigar: Desk, visit: int) -> None:
    words = words_of(get(nigar, visit, "brief", "en").content)

    for told in (
        "Your Excellency",
        "Anar Həsənov",
        "İşıq yandırılsın",
        "Hədiyyə verilmir",
        "Rəşad, 112",
        "Level 1: internal",
    ):
        assert told in words


def test_a_brief_says_what_to_look_for_in_its_language(
    nigar: Desk, visit: int, museum: Database
) -> None:
    with museum.reading() as db:
        query = select(ExhibitText).join(Exhibit, Exhibit.id == ExhibitText.exhibit_id)
        query = query.where(Exhibit.slug == "tar", ExhibitText.language == "az")
        [line, *_] = db.scalars(query).one().look_for

    words = words_of(get(nigar, visit, "brief", "az").content)

    assert line[:20] in words


# The address of the delegation's page.


def test_a_card_waits_for_an_address(leyla: Desk, visit: int, museum: Database) -> None:
    assert get(leyla, visit, "welcome-card").status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    assert make_address(leyla, visit).status_code == HTTPStatus.SEE_OTHER
    assert make_address(leyla, visit).status_code == HTTPStatus.SEE_OTHER

    answer = get(leyla, visit, "welcome-card", "zh-Hans,az")
    [read] = symbols_in(pages_of(answer.content, 300)[0])
    with museum.reading() as db:
        [link] = db.scalars(select(TourLink))
        trail = db.scalars(select(AuditEntry.deed).where(AuditEntry.deed.contains("address")))
        assert trail.all() == ["tour.address.made"]
    token = read.text.rpartition("/d/")[2]
    assert len(token) == 22
    assert link.token_hash not in read.text
    assert "友好协会" in words_of(answer.content)
    assert "Yang" not in words_of(answer.content)


def test_codes_are_drafts_while_the_guide_has_no_public_address(
    leyla: Desk, visit: int
) -> None:
    make_address(leyla, visit)
    for kind in ("programme", "welcome-card"):
        assert "DRAFT" in words_of(get(leyla, visit, kind).content)


def test_a_programme_has_no_code_before_there_is_an_address(leyla: Desk, visit: int) -> None:
    assert symbols_in(pages_of(get(leyla, visit, "programme").content, 300)[0]) == []


# Who may.


def test_the_page_has_each_paper(leyla: Desk, visit: int) -> None:
    page = leyla.phone.get(f"/staff/tours/{visit}/papers").text
    assert all(f"papers/{kind}.pdf" in page for kind in KINDS if kind != "welcome-card")
    assert "make it below" in page


def test_a_guide_of_another_tour_finds_no_papers(elvin: Desk, visit: int) -> None:
    assert_nothing_there(elvin, visit)


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CLOSED])
def test_a_planner_who_may_not_read_the_names_finds_no_papers(
    leyla: Desk, orkhan: Desk, booked: Booked, level: Level
) -> None:
    number = booked(planner=leyla, level=level, persons=[make.person()])

    assert_nothing_there(orkhan, number)
    pdf = get(leyla, number, "names", "en").content
    assert all(A_TENTH in content for content in contents_of(pdf))
    assert "Level" in words_of(pdf)


def test_a_paper_of_an_internal_tour_has_no_watermark(leyla: Desk, visit: int) -> None:
    contents = contents_of(get(leyla, visit, "names").content)
    assert not any(A_TENTH in content for content in contents)


def assert_nothing_there(desk: Desk, tour_id: int) -> None:
    answers = [get(desk, tour_id, kind, "en") for kind in KINDS]
    answers += [desk.phone.get(f"/staff/tours/{tour_id}/papers"), make_address(desk, tour_id)]
    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}


# What cannot be printed.


REFUSED: Mapping[str, tuple[str, str]] = {
    "none": ("programme", ""),
    "unknown": ("programme", "az,xx"),
    "three": ("programme", "az,en,fr"),
    "two in a brief": ("brief", "az,en"),
    "nonsense": ("names", "<b>"),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_languages_that_cannot_be_printed_are_refused_in_words(
    leyla: Desk, visit: int, wrong: str
) -> None:
    answer = get(leyla, visit, *REFUSED[wrong])
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "choose one or two of the languages" in answer.text


@pytest.mark.parametrize("paper", ["poster", "..", "PROGRAMME", "programme.pdf"])
def test_another_paper_does_not_exist(leyla: Desk, visit: int, paper: str) -> None:
    assert get(leyla, visit, paper).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("paper", ["programme", "names", "welcome-card"])
def test_a_tour_without_a_time_has_no_papers_that_say_it(
    leyla: Desk, booked: Booked, paper: str
) -> None:
    number = booked(starts_at=None, ends_at=None, date="2026-12")

    assert get(leyla, number, paper, "en").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert get(leyla, number, "brief", "en").status_code == HTTPStatus.OK


def test_a_name_that_no_font_draws_is_named(leyla: Desk, booked: Booked) -> None:
    number = booked(persons=[make.person("ანა")])

    answer = get(leyla, number, "names", "en")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<bdi>ანა</bdi>" in answer.text
    assert "GEORGIAN LETTER AN" in answer.text


def test_names_that_no_card_holds_are_refused_in_words(leyla: Desk, booked: Booked) -> None:
    long = {"en": "Association for Friendship with Foreign Countries " * 9}
    number = booked(parties=(Party("organisation", long),) * 3)
    make_address(leyla, number)

    answer = get(leyla, number, "welcome-card", "en")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "are too long for it" in answer.text


def test_nothing_chosen_is_the_houses_language_and_that_of_the_guests(
    leyla: Desk, visit: int
) -> None:
    answer = leyla.phone.get(f"/staff/tours/{visit}/papers/programme.pdf")
    assert answer.headers["content-disposition"].endswith('-programme-az-zh-Hans.pdf"')


def test_a_chosen_language_may_be_left_out(leyla: Desk, visit: int) -> None:
    address = f"/staff/tours/{visit}/papers/programme.pdf?languages=az&languages="
    answer = leyla.phone.get(address)
    assert answer.status_code == HTTPStatus.OK
    assert "会见" not in words_of(answer.content)
