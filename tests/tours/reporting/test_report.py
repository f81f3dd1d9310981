"""What a report says: the visit of April 2024 word for word, and only what is known."""

import csv
import json
from datetime import timedelta
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from guide.db import Database
from guide.tours.keepsakes.model import Direction
from guide.tours.model import Level
from guide.tours.people import Side
from guide.tours.reporting.files import as_csv, as_json
from guide.tours.reporting.making import drafted, report_in
from guide.tours.reporting.press_note import length, limits
from guide.tours.reporting.report import Outcome, Report
from guide.tours.reporting.sections import sheet_of
from tests import make
from tests.accounts.conftest import Desk
from tests.tours.reporting.conftest import (
    STARTS,
    WALK,
    Steps,
    Walked,
    keepsake,
    language,
    material,
)

GOLDEN = Path(__file__).with_name("golden")
ALL = ("az", "en", "ru", "tr", "zh-Hans", "ar", "fr")


def report_on(museum: Database, tour_id: int, tag: str = "en") -> Report:
    found = material(museum, tour_id)
    return report_in(found, language(museum, tag), drafted(found))


def said_in(report: Report, key: str) -> str:
    """Everything that a section says, as one text."""
    [section] = [one for one in sheet_of(report).sections if one.key == key]
    rows = section.table.rows if section.table else ()
    passages = [
        *section.lines,
        *(line for fact in section.facts for line in fact.said),
        *(passage for row in rows for cell in row.cells for passage in cell),
    ]
    return "\n".join(one.text for one in passages) or section.empty


class Words(HTMLParser):
    """Collects the words of the sheet, a line for each piece."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.is_within = False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (as the parser calls it)
        self.is_within = self.is_within or tag == "article"

    def handle_endtag(self, tag: str) -> None:
        self.is_within = self.is_within and tag != "article"

    def handle_data(self, data: str) -> None:
        if self.is_within and data.strip():
            self.lines.append(data.strip())


def text_of(html: str) -> str:
    words = Words()
    words.feed(html)
    return "\n".join(words.lines) + "\n"


# The whole of it.


@pytest.mark.parametrize("tag", ["az", "en"])
def test_the_visit_is_reported_as_it_was(
    museum: Database, nigar: Desk, leyla: Desk, walked_tour: Walked, tag: str
) -> None:
    tour = walked_tour(nigar, leyla)

    told = as_json(report_on(museum, tour, tag))
    page = leyla.phone.get(f"/staff/tours/{tour}/report/print?language={tag}")

    assert told.decode() == (GOLDEN / f"report.{tag}.json").read_text("utf-8")
    assert text_of(page.text) == (GOLDEN / f"report.{tag}.txt").read_text("utf-8")


def test_what_is_kept_is_read_back_the_same(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    report = report_on(museum, walked_tour(nigar))

    assert Report.of(json.loads(json.dumps(report.kept()))) == report


def test_guests_stand_in_the_order_of_precedence(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    guests = report_on(museum, walked_tour(nigar)).guests

    assert [one.name.text for one in guests] == ["Yang Wanming", "Əliyeva Ə.", "محمد بن راشد"]


# Minutes.


def test_minutes_add_up_planned_and_actual(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    route = report_on(museum, walked_tour(nigar)).route

    assert (route.planned, route.was) == (80, 85)
    assert sum(row.planned or 0 for row in route.rows) + (route.walking_planned or 0) == 80
    assert sum(row.was or 0 for row in route.rows) + (route.walking or 0) == 85
    assert [row.differs for row in route.rows] == [2, 3, -1, 2, -2]


def test_a_pause_is_no_time_at_a_stop(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    walk: Steps = (
        (0, "arrived", {"stop": 0}),
        (5, "paused", {}),
        (15, "resumed", {}),
        (22, "left", {}),
        (25, "finished", {}),
    )
    route = report_on(museum, walked_tour(nigar, walk=walk)).route

    assert (route.rows[0].was, route.paused, route.walking, route.was) == (12, 10, 3, 25)


def test_what_was_skipped_added_and_not_taken_down_are_told_apart(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    walk: Steps = (
        (0, "arrived", {"stop": 0}),
        (20, "skipped", {"stop": 1}),
        (21, "added", {"exhibit": "tar"}),
        (22, "arrived", {"stop": 4}),
        (30, "finished", {}),
    )
    route = report_on(museum, walked_tour(nigar, walk=walk)).route

    assert [row.outcome for row in route.rows] == [
        Outcome.SEEN,
        Outcome.UNKNOWN,
        Outcome.SKIPPED,
        Outcome.UNKNOWN,
        Outcome.UNKNOWN,
        Outcome.SEEN,
    ]
    assert [row.is_added for row in route.rows] == [False, True, False, False, False, False]
    assert route.rows[1].planned is None
    assert route.is_partial
    assert route.planned == 80


def test_notes_stand_at_the_stop_where_they_were_made(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    rows = report_on(museum, walked_tour(nigar)).route.rows

    noted = [[one.text.text for one in row.noted] for row in rows]
    assert noted == [
        [],
        ["Question on natural dyes"],
        [],
        ["Listened to the kamancha", "A chair was missing"],
        ["Send the page on the 170 colours"],
    ]


def test_a_wrong_clock_is_put_right_and_said(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    """The phone is an hour behind: it sends at 11:26 what happened till 12:25."""
    tour = walked_tour(
        nigar, clock_off=timedelta(hours=1), received=STARTS + timedelta(hours=1, minutes=86)
    )
    report = report_on(museum, tour)

    assert report.route.clock_was_wrong
    assert report.route.was == 85
    assert "The clock of a phone was wrong" in said_in(report, "route")


def test_a_phone_years_ahead_says_nothing_of_the_future(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    walk: Steps = (
        (0, "arrived", {"stop": 0}),
        (60 * 24 * 365 * 50, "noted", {"text": "From the future", "tag": "interest"}),
        (86, "finished", {}),
    )
    report = report_on(museum, walked_tour(nigar, walk=walk))

    assert report.route.clock_was_wrong
    assert (report.route.was or 0) < 100


# What is not known.


def test_what_nobody_has_said_is_unknown_and_not_none(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    walk: Steps = ((0, "started", {}), (80, "finished", {}))
    tour = walked_tour(nigar, walk=walk, gift=False, page=False, persons=[], people=None)
    report = report_on(museum, tour)

    for key in ("delegation", "gifts", "guest-book", "press", "incidents", "follow-ups"):
        assert said_in(report, key) == "Not known."
    assert report.route.rows[0].outcome == Outcome.UNKNOWN
    assert (report.route.was, report.route.walking) == (80, None)
    assert (report.expected, report.counted_first, report.counted_last) == (None, None, None)


def test_one_count_is_no_count_at_the_end(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    report = report_on(museum, walked_tour(nigar, walk=(WALK[0], WALK[1], WALK[-1])))

    assert report.counted_first
    assert report.counted_last is None


# The press note.


@pytest.mark.parametrize("tag", ALL)
def test_a_press_note_is_as_long_as_they_are(
    museum: Database, nigar: Desk, walked_tour: Walked, tag: str
) -> None:
    note = report_on(museum, walked_tour(nigar), tag).press_note
    least, most = limits(tag)

    assert least <= length(note) <= most, note


def test_a_press_note_says_the_pattern(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    note = report_on(museum, walked_tour(nigar)).press_note

    for told in (
        "led by Yang Wanming, President",
        "received by Anar Alakbarov",
        "informed about the Center",
        "viewed the exhibitions “Azerbaijani carpet – dance of loops”",
        "signed the guest book",
        "presented with a keepsake",
    ):
        assert told in note


@pytest.mark.parametrize("tag", ALL)
def test_a_press_note_claims_nothing_that_is_not_known(
    museum: Database, nigar: Desk, walked_tour: Walked, tag: str
) -> None:
    bare = walked_tour(nigar, walk=WALK[-1:], gift=False, page=False, persons=[])
    whole = walked_tour(nigar, reference="2024-002")
    with museum.writing() as db:
        db.add(keepsake(bare, direction=Direction.RECEIVED))

    note = report_on(museum, bare, tag).press_note
    sentences = report_on(museum, whole, tag).press_note.replace("。", ".").split(".")
    assert note
    for sentence in sentences[-3:]:  # the guest book, the keepsake, and what is after the end
        assert not sentence.strip() or sentence.strip() not in note


@pytest.mark.parametrize("tag", ALL)
def test_a_press_note_never_says_who_led_or_interpreted_or_how_many_came(
    museum: Database, nigar: Desk, walked_tour: Walked, tag: str
) -> None:
    note = report_on(museum, walked_tour(nigar), tag).press_note

    for secret in ("Aysel", "Rəna", "14 ", " 13"):
        assert secret not in note


def test_a_closed_visit_has_no_press_note(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    report = report_on(museum, walked_tour(nigar, level=Level.CLOSED))

    assert report.press_note == ""
    assert said_in(report, "press-note") == "There is no press note of a closed visit."


# Files.


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠"])
def test_a_spreadsheet_calculates_nothing(
    museum: Database, nigar: Desk, walked_tour: Walked, begins: str
) -> None:
    evil = f"{begins}HYPERLINK(1)"
    persons = [
        make.person(evil, positions={"en": evil}),
        make.person(evil, side=Side.HOST, affiliation=evil),
    ]
    walk: Steps = (
        *WALK[:-1],
        (84, "noted", {"text": evil.strip(), "tag": "incident"}),
        WALK[-1],
    )
    tour = walked_tour(nigar, walk=walk, persons=persons)

    sheet = as_csv(report_on(museum, tour)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(sheet, newline="")) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []


def test_the_table_has_every_section_and_the_minutes_of_every_stop(
    museum: Database, nigar: Desk, walked_tour: Walked
) -> None:
    sheet = as_csv(report_on(museum, walked_tour(nigar))).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(sheet, newline="")))

    assert {row["section"] for row in rows} == {"", *(str(n) for n in range(1, 13))}
    route = [(row["planned"], row["was"]) for row in rows if row["section"] == "4"]
    assert route == [
        ("20", "22"),
        ("14", "17"),
        ("12", "11"),
        ("14", "16"),
        ("12", "10"),
        ("8", "9"),
        ("80", "85"),
    ]


@pytest.mark.parametrize("name", ["习近平", "محمد بن راشد", "Əliyeva Ə."])
def test_a_name_is_the_same_in_every_file(
    nigar: Desk, leyla: Desk, walked_tour: Walked, name: str
) -> None:
    tour = walked_tour(nigar, persons=[make.person(name, name_language="und")])

    for path in ("report", "report/print", "report.json", "report.csv"):
        assert name in leyla.phone.get(f"/staff/tours/{tour}/{path}").text
