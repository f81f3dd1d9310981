"""Writing a report: versions, two at once, signing, and who may."""

import re
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.accounts.permissions import Person
from guide.db import Database
from guide.tours.model import Level, Party, State, Tour
from guide.tours.queries import whole_tour
from guide.tours.reporting.model import TourReport
from guide.tours.walking.entries import Entry
from guide.tours.walking.events import Kind, Tag
from guide.tours.walking.record import Sent, take_down
from tests.accounts.conftest import Desk
from tests.tours.conftest import Booked
from tests.tours.reporting.conftest import STARTS, WALK, Walked, keepsake

LATER = STARTS + timedelta(hours=5)


def path(tour: int, more: str = "") -> str:
    return f"/staff/tours/{tour}/report{more}"


def filled(desk: Desk, tour: int, more: str = "") -> dict[str, str]:
    """What the form of the page holds, as a browser would send it."""
    page = desk.phone.get(path(tour, more)).text
    form = page[page.index('<form class="report"') : page.index('<div class="report-more"')]
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>([^<]*)<', form))
    for tag in re.findall(r"<input [^>]*>", form):
        if found := re.search(r'name="((?:what|owner|by)-\d+)"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            fields[found[1]] = value[1] if value else ""
    fields |= {"quoting": "unasked", "second": "en", **desk.form}
    return fields


def send(desk: Desk, tour: int, more: str = "", **said: str) -> Response:
    return desk.phone.post(path(tour, more), data={**filled(desk, tour), **said})


def versions(museum: Database, tour: int) -> list[TourReport]:
    with museum.reading() as db:
        query = select(TourReport).where(TourReport.tour_id == tour)
        return list(db.scalars(query.order_by(TourReport.number)))


def happens_late(museum: Database, desk: Desk, tour: int, text: str) -> None:
    with museum.writing() as db:
        account = db.get_one(Account, desk.number)
        who = Person(account.id, account.name, account.email, "en", frozenset(), 0, "")
        entry = Entry(key=UUID(int=900), kind=Kind.NOTED, at=LATER, tag=Tag.QUESTION, text=text)
        found = db.scalars(whole_tour(tour)).one()
        take_down(db, found, [entry], Sent(who, LATER, LATER), "secret")


# From the notes to a version.


def test_the_draft_is_filled_from_the_notes_by_their_tags(
    nigar: Desk, walked_tour: Walked
) -> None:
    fields = filled(nigar, walked_tour(nigar))

    assert fields["interests"] == "Question on natural dyes\nListened to the kamancha"
    assert fields["incidents"] == "12:06 A chair was missing"
    assert fields["what-0"] == "Send the page on the 170 colours"
    assert "Yang Wanming" in fields["note-en"]
    assert "Yan Vanmin" in fields["note-az"]


def test_saving_makes_a_version_and_keeps_the_ones_before(
    nigar: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar)

    for words in ("First words", "Second words"):
        answer = send(nigar, tour, interests=words)
        assert answer.status_code == HTTPStatus.SEE_OTHER

    assert [one.words["interests"] for one in versions(museum, tour)] == [
        "First words",
        "Second words",
    ]
    assert "First words" in nigar.phone.get(path(tour, "/versions/1")).text
    assert "Second words" in nigar.phone.get(path(tour, "/versions/2")).text
    assert nigar.phone.get(path(tour, "/versions/3")).status_code == HTTPStatus.NOT_FOUND


def test_a_form_that_comes_twice_makes_one_version(
    nigar: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar)
    form = {**filled(nigar, tour), "interests": "Once"}

    answers = [nigar.phone.post(path(tour), data=form).status_code for _ in range(2)]

    assert answers == [HTTPStatus.SEE_OTHER] * 2
    assert len(versions(museum, tour)) == 1


def test_a_press_note_that_nobody_changed_follows_what_becomes_known(
    nigar: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, gift=False)
    send(nigar, tour, **{"note-az": "Öz sözümüz."})
    assert "keepsake" not in filled(nigar, tour)["note-en"]

    with museum.writing() as db:
        db.add(keepsake(tour))

    fields = filled(nigar, tour)
    assert "keepsake" in fields["note-en"]
    assert fields["note-az"] == "Öz sözümüz."


def test_a_press_note_that_names_the_guide_says_so(nigar: Desk, walked_tour: Walked) -> None:
    tour = walked_tour(nigar)
    assert "It names somebody" not in nigar.phone.get(path(tour)).text

    send(nigar, tour, **{"note-en": "Aysel led them."})

    assert "It names somebody" in nigar.phone.get(path(tour)).text


def test_words_are_quoted_with_consent_only(nigar: Desk, walked_tour: Walked) -> None:
    tour = walked_tour(nigar)

    send(nigar, tour, quotes="A house like a wave", quoting="asked")
    told = nigar.phone.get(path(tour, ".json?language=en")).json()
    assert (told["quotes"], told["quoting"]) == (None, "asked")
    printed = nigar.phone.get(path(tour, "/print?language=en")).text
    assert "A house like a wave" not in printed
    assert "consent was asked, and not given yet" in printed

    send(nigar, tour, quoting="yes")
    assert "A house like a wave" in nigar.phone.get(path(tour, "/print?language=en")).text


def test_none_is_what_somebody_has_said(nigar: Desk, walked_tour: Walked) -> None:
    tour = walked_tour(nigar, gift=False)
    before = nigar.phone.get(path(tour, ".json")).json()

    send(nigar, tour, **{"none-gifts": "yes", "none-press": "yes"})

    assert before["none"] == []
    assert nigar.phone.get(path(tour, ".json")).json()["none"] == ["gifts", "press"]
    sheet = nigar.phone.get(path(tour, ".csv")).text
    assert "7,Gifts,,None.," in sheet
    assert "9,Press and photographs,Approved for release,None.," in sheet


def test_what_was_noted_later_is_shown_to_whoever_writes(
    nigar: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar)
    send(nigar, tour)
    assert "Noted since this was written" not in nigar.phone.get(path(tour)).text

    happens_late(museum, nigar, tour, "And one more question")

    page = nigar.phone.get(path(tour)).text
    assert "Noted since this was written" in page
    assert "And one more question" in page


def test_a_page_of_the_guest_book_is_shown(nigar: Desk, walked_tour: Walked) -> None:
    tour = walked_tour(nigar)

    for more in ("", "/print"):
        page = nigar.phone.get(path(tour, more)).text
        assert f'src="/staff/tours/{tour}/keepsakes/{"a" * 64}/small"' in page


# What cannot be taken.


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("interests", "x" * 4001),
        ("interests", "\x07"),
        ("note-en", "y" * 4001),
        ("owner-0", "z" * 301),
        ("by-0", "2024-02-30"),
        ("by-0", "tomorrow"),
        ("quoting", "perhaps"),
    ],
)
def test_what_cannot_be_taken_comes_back_as_it_was_typed(
    nigar: Desk, walked_tour: Walked, museum: Database, field: str, typed: str
) -> None:
    tour = walked_tour(nigar)

    answer = send(nigar, tour, **{field: typed, "press": "AzərTAc"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "AzərTAc" in answer.text
    assert 'aria-invalid="true"' in answer.text or field == "quoting"
    assert versions(museum, tour) == []


def test_a_follow_up_says_what_is_to_be_done(nigar: Desk, walked_tour: Walked) -> None:
    answer = send(nigar, walked_tour(nigar), **{"what-1": "", "owner-1": "Aysel"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Say what is to be done." in answer.text


# Two at once.


def test_two_who_write_at_once_are_told_of_each_other(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    form = filled(leyla, tour)
    send(nigar, tour, interests="What Nigar wrote", **{"none-press": "yes"})

    answer = leyla.phone.post(path(tour), data={**form, "interests": "What Leyla wrote"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "What Nigar wrote" in answer.text
    assert "What Leyla wrote" in answer.text
    assert len(versions(museum, tour)) == 1

    again = {**form, "interests": "What Leyla wrote", "mark": "1"}
    assert leyla.phone.post(path(tour), data=again).status_code == HTTPStatus.SEE_OTHER
    assert [one.account_id for one in versions(museum, tour)] == [nigar.number, leyla.number]


def test_who_writes_while_another_signs_is_told(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    send(nigar, tour, interests="Theirs")
    form = filled(nigar, tour)
    send(leyla, tour, "/signature")

    answer = nigar.phone.post(path(tour), data={**form, "interests": "Mine"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Somebody else signed this report" in answer.text
    assert len(versions(museum, tour)) == 1


# Signing.


def test_what_is_signed_changes_no_more(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    answer = send(leyla, tour, "/signature", interests="As it was signed")
    assert answer.status_code == HTTPStatus.SEE_OTHER
    before = {
        tag: nigar.phone.get(path(tour, f".json?language={tag}")).json()
        for tag in ("az", "en", "ar")
    }

    happens_late(museum, nigar, tour, "Too late")
    with museum.writing() as db:
        db.add(keepsake(tour, key=str(UUID(int=500)), description_en="A late gift"))
        found = db.scalars(whole_tour(tour)).one()
        found.people, found.reference = 99, "2024-999"

    for tag, told in before.items():
        assert nigar.phone.get(path(tour, f".json?language={tag}")).json() == told
    page = leyla.phone.get(path(tour)).text
    assert "This version is signed" in page
    assert "As it was signed" in page
    assert "Too late" not in page
    assert "A late gift" not in page
    assert [one["name"] for one in before["en"]["approvals"]] == ["Aysel"]


def test_nobody_signs_what_they_have_not_seen(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    form = {**filled(leyla, tour), "interests": "What Leyla wrote"}
    with museum.writing() as db:
        db.add(keepsake(tour, key=str(UUID(int=500)), description_en="A late gift"))

    answer = leyla.phone.post(path(tour, "/signature"), data=form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "More has become known of this visit" in answer.text
    assert "What Leyla wrote" in answer.text
    assert "A late gift" in answer.text
    assert versions(museum, tour) == []
    assert send(leyla, tour, "/signature").status_code == HTTPStatus.SEE_OTHER


def test_a_press_note_that_was_left_as_drafted_follows_what_becomes_known(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    form = filled(leyla, tour)
    with museum.writing() as db:
        found = db.scalars(whole_tour(tour)).one()
        found.parties = (Party("organisation", {"en": "Zanzibar Marker Society"}),)

    answer = leyla.phone.post(path(tour), data={**form, "interests": "Looms"})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert versions(museum, tour)[0].words["notes"] == {}
    assert "Zanzibar" in leyla.phone.get(path(tour, ".json?language=en")).json()["press_note"]


def test_words_stay_in_the_language_of_whoever_wrote_them(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    with museum.writing() as db:
        db.get_one(Account, nigar.number).language = "az"
    theirs = {"interests": "Çeşnilər", "what-0": "Kataloqu göndərmək"}
    send(nigar, tour, incidents="", **theirs)

    send(leyla, tour, **{"incidents": "A fall", "what-1": "Send a letter"})

    told = leyla.phone.get(path(tour, ".json")).json()
    assert told["interests"]["language"] == "az"
    assert told["incidents"]["language"] == "en"
    assert [one["language"] for one in told["follow_ups"]] == ["az", "en"]


def test_a_later_version_is_begun_and_says_so(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    send(leyla, tour, "/signature", interests="As it was signed")

    begun = leyla.phone.get(path(tour, "?later=1")).text
    assert "The last version is signed and stays" in begun
    form = {**filled(leyla, tour, "?later=1"), "interests": "As it is now"}
    leyla.phone.post(path(tour), data=form)

    signed, later = versions(museum, tour)
    assert (signed.signed_by, later.signed_by) == (leyla.number, None)
    assert "As it was signed" in leyla.phone.get(path(tour, "/versions/1")).text
    told = leyla.phone.get(path(tour, ".json")).json()
    assert (told["number"], told["is_signed"]) == (2, False)
    assert [one["number"] for one in told["approvals"]] == [1]


def test_deeds_are_in_the_trail_without_words(
    nigar: Desk, leyla: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, leyla)
    send(leyla, tour, "/signature", interests="A secret remark")

    with museum.reading() as db:
        query = select(AuditEntry).where(AuditEntry.deed.like("tour.report.%"))
        entries = list(db.scalars(query.order_by(AuditEntry.id)))
        told = [(one.deed, one.subject) for one in entries]
        assert "A secret remark" not in str([one.fields for one in entries])
    assert told == [
        ("tour.report.saved", f"tour:{tour}"),
        ("tour.report.signed", f"tour:{tour}"),
    ]


# Who may.


def test_a_guide_writes_and_a_planner_signs(
    nigar: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar)

    assert send(nigar, tour, interests="Mine").status_code == HTTPStatus.SEE_OTHER
    assert send(nigar, tour, "/signature").status_code == HTTPStatus.NOT_FOUND
    assert versions(museum, tour)[0].signed_at is None


@pytest.mark.parametrize(("level", "found"), [(1, 200), (2, 404), (3, 404)])
def test_only_who_reads_names_reads_the_report(  # noqa: PLR0913, PLR0917 (a cast, and what each finds)
    nigar: Desk,
    elvin: Desk,
    orkhan: Desk,
    leyla: Desk,
    walked_tour: Walked,
    level: int,
    found: int,
) -> None:
    tour = walked_tour(nigar, leyla, level=level)

    for more in ("", "/print", ".json", ".csv", ".pdf"):
        assert nigar.phone.get(path(tour, more)).status_code == HTTPStatus.OK
        assert elvin.phone.get(path(tour, more)).status_code == HTTPStatus.NOT_FOUND
        assert orkhan.phone.get(path(tour, more)).status_code == found


def test_a_closed_visit_takes_no_press_note(
    nigar: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, level=Level.CLOSED)
    assert "There is no press note of a closed visit." in nigar.phone.get(path(tour)).text

    send(nigar, tour, **{"note-en": "Smuggled in"})

    assert versions(museum, tour)[0].words["notes"] == {}


def test_the_draft_can_be_read_while_the_visit_is_under_way(
    nigar: Desk, walked_tour: Walked
) -> None:
    tour = walked_tour(nigar, walk=WALK[:12])

    page = nigar.phone.get(path(tour)).text
    assert "The visit is under way" in page
    assert "Question on natural dyes" in page
    assert "<textarea" not in page
    answer = nigar.phone.post(
        path(tour), data={**nigar.form, "mark": "0", "interests": "Early"}
    )
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("state", [State.PLANNED, State.CONFIRMED, State.CANCELLED])
def test_there_is_nothing_to_report_before_the_guests_come(
    leyla: Desk, booked: Booked, state: State
) -> None:
    tour = booked(planner=leyla, state=state)

    assert leyla.phone.get(path(tour)).status_code == HTTPStatus.NOT_FOUND
    assert "/report" not in leyla.phone.get(f"/staff/tours/{tour}").text


def test_what_is_forgotten_cannot_be_written_anew(
    nigar: Desk, walked_tour: Walked, museum: Database
) -> None:
    tour = walked_tour(nigar, gift=False, page=False)
    written = filled(nigar, tour)
    with museum.writing() as db:
        found = db.get_one(Tour, tour)
        found.forgotten_at = LATER

    refused = nigar.phone.post(path(tour), data={**written, "incidents": "A chair broke."})

    assert refused.status_code == HTTPStatus.CONFLICT
    assert "Nothing was saved: the persons of this visit are forgotten" in refused.text
    assert versions(museum, tour) == []
    page = nigar.phone.get(path(tour)).text
    assert "<textarea" not in page
    assert "Names and notes of this visit were forgotten." in page
