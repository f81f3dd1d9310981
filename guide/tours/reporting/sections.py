"""The twelve sections of a report and its annex in words: what every form of it places.

A section is a few facts, a table, or lines; with none of them it says that nothing is known,
or that somebody said there was none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from guide.exhibits.words import Passage
from guide.tours.model import Level
from guide.tours.paper_words import Tongue
from guide.tours.reporting.press_note import introduced
from guide.tours.reporting.report import (
    BookPage,
    Consent,
    Counted,
    Hours,
    Outcome,
    Passages,
    Present,
    Report,
    Row,
    Somebody,
)
from guide.tours.reporting.words import (
    BOOK,
    CAN_BE_NONE,
    FOLLOW_UPS,
    GIFTS,
    INCIDENTS,
    INTERESTS,
    PRESS,
)
from guide.tours.setting import hours_of

HEADER, DELEGATION, HOSTS, ROUTE = "header", "delegation", "hosts", "route"
HEADCOUNT, APPROVALS, PRESS_NOTE = "headcount", "approvals", "press-note"

MINUS = "\u2212"


@dataclass(frozen=True)
class Fact:
    """What something is called, and what is said of it; nothing is not known.

    `pictures` are hashes of what only the office opens.
    """

    label: str
    said: Passages
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRow:
    """A row: its cells, a word for what it is, and whether it is a sum."""

    cells: tuple[Passages, ...]
    is_sum: bool = False


@dataclass(frozen=True)
class Table:
    """Rows below their headings; `figures` are the places of columns that hold figures."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Section:
    """A section; `number` is 0 for the annex.

    `empty` is said when nothing else is, `unknown` of a fact of which nothing is said.
    """

    key: str
    number: int
    heading: str
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    lines: Passages = ()
    empty: str = ""
    unknown: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole report in words; `version` says whether it is a draft or signed."""

    language: str
    title: str
    level: str
    version: str
    reference: str
    parties: Passages
    sections: tuple[Section, ...]


def sheet_of(report: Report) -> Sheet:
    """Put a report into the words of its language."""
    tongue = Tongue(report.language)
    say = _Words(report, tongue)
    unknown = say.gettext("Not known.")
    return Sheet(
        language=report.language,
        title=say.gettext("Visit report"),
        level=tongue.level(Level(report.level))["text"],
        version=say.version,
        reference=report.reference,
        parties=report.parties,
        sections=tuple(replace(one, unknown=unknown) for one in say.sections()),
    )


@dataclass(frozen=True)
class _Words:
    """A report, and the language that it is put into."""

    report: Report
    tongue: Tongue

    def gettext(self, sentence: str, **values: object) -> str:
        return self.tongue.gettext(sentence, **values)["text"]

    @property
    def version(self) -> str:
        number = self.report.number
        if self.report.is_signed:
            return self.gettext("Version %(number)s, signed", number=number)
        if number:
            return self.gettext("Draft %(number)s", number=number)
        return self.gettext("Draft")

    def sections(self) -> Iterator[Section]:
        report = self.report
        unknown = self.gettext("Not known.")
        yield Section(HEADER, 1, self.gettext("Reference and times"), tuple(self.header()))
        yield Section(
            DELEGATION,
            2,
            self.gettext("Delegation, in order of precedence"),
            table=self.persons(report.guests, is_numbered=True),
            empty=self.nobody,
        )
        yield Section(
            HOSTS,
            3,
            self.gettext("Hosts, guides, interpreters"),
            table=self.persons(report.receiving),
            empty=self.nobody,
        )
        yield Section(
            ROUTE,
            4,
            self.gettext("Route"),
            table=self.route() if report.route.rows else None,
            lines=tuple(self.about_times()),
            empty=unknown,
        )
        yield Section(HEADCOUNT, 5, self.gettext("Headcount"), facts=tuple(self.headcount()))
        yield from self.written()
        yield Section(
            APPROVALS,
            12,
            self.gettext("Approvals"),
            facts=tuple(self.approvals()),
            empty=self.gettext("Not signed."),
        )
        yield self.annex()

    def written(self) -> Iterator[Section]:
        """Put the sections into words that people have something to say in."""
        report = self.report
        yield self.section(
            INTERESTS,
            6,
            self.gettext("Interests, questions, remarks"),
            lines=self.lines(report.interests),
            facts=tuple(self.quotes()),
        )
        yield self.section(
            GIFTS,
            7,
            self.gettext("Gifts"),
            facts=tuple(self.present(one) for one in report.presents),
        )
        yield self.section(
            BOOK,
            8,
            self.gettext("Guest book"),
            facts=tuple(self.page(n, one) for n, one in enumerate(report.book, 1)),
        )
        yield self.section(
            PRESS, 9, self.gettext("Press and photographs"), facts=tuple(self.press())
        )
        yield self.section(
            INCIDENTS, 10, self.gettext("Incidents"), lines=self.lines(report.incidents)
        )
        yield self.section(FOLLOW_UPS, 11, self.gettext("Follow-ups"), table=self.follow_ups())

    def section(  # noqa: PLR0913 (what a section can hold)
        self,
        key: str,
        number: int,
        heading: str,
        *,
        facts: tuple[Fact, ...] = (),
        table: Table | None = None,
        lines: Passages = (),
    ) -> Section:
        """Say of a section without anything in it whether that is known."""
        report = self.report
        empty = self.gettext("Not known.")
        if key in report.none and key in CAN_BE_NONE:
            empty = self.gettext("None.")
        elif report.is_forgotten:
            empty = self.gettext("Names and notes of this visit were forgotten.")
        return Section(key, number, heading, facts, table, lines, empty)

    @property
    def nobody(self) -> str:
        if self.report.is_forgotten:
            return self.gettext("Names and notes of this visit were forgotten.")
        return self.gettext("Not known.")

    def header(self) -> Iterator[Fact]:
        report = self.report
        yield self.fact(self.gettext("Reference"), Passage(report.reference, "zxx"))
        day = self.tongue.day(report.day)["text"] if report.day else report.day_told
        yield self.fact(self.gettext("Day"), self.own(day))
        yield self.fact(self.gettext("Planned"), self.hours(report.planned))
        yield self.fact(self.gettext("Was"), self.hours(report.actual))
        level = self.tongue.level(Level(report.level))["text"]
        yield self.fact(self.gettext("Confidentiality"), self.own(level))
        spoken = self.tongue.languages(report.languages)["text"] if report.languages else ""
        yield self.fact(self.gettext("Languages"), self.own(spoken))
        yield Fact(self.gettext("Delegation"), report.parties)

    def persons(self, some: Sequence[Somebody], *, is_numbered: bool = False) -> Table | None:
        columns = [self.gettext("Name"), self.gettext("Position"), self.gettext("Role")]
        if is_numbered:
            columns.insert(0, self.gettext("No."))
        rows = []
        for n, one in enumerate(some, 1):
            name = (one.name, one.also) if one.also else (one.name,)
            cells: list[Passages] = [name, one.positions, self.some(one.role)]
            if is_numbered:
                cells.insert(0, (Passage(str(n), "zxx"),))
            rows.append(TableRow(tuple(cells)))
        figures = frozenset({0}) if is_numbered else frozenset[int]()
        return Table(tuple(columns), tuple(rows), figures) if rows else None

    def route(self) -> Table:
        route = self.report.route
        rows = [self.stop(row) for row in route.rows]
        if route.walking_planned is not None or route.walking is not None:
            walking = (
                self.gettext("Walking, and what was not taken down")
                if route.is_partial
                else self.gettext("Walking")
            )
            rows.append(self.sum_of(walking, route.walking_planned, route.walking))
        if route.paused:
            rows.append(self.sum_of(self.gettext("Pauses"), None, route.paused))
        rows.append(self.sum_of(self.gettext("In all"), route.planned, route.was, last=True))
        columns = (
            self.gettext("Stop"),
            self.gettext("Planned"),
            self.gettext("Was"),
            self.gettext("Differs"),
        )
        headings = tuple(one for one in (*columns, self.gettext("Noted on the way")))
        return Table(headings, tuple(rows), frozenset({1, 2, 3}))

    def stop(self, row: Row) -> TableRow:
        was = self.minutes(row.was)
        if row.outcome == Outcome.SKIPPED:
            was = self.some(self.gettext("skipped"))
        elif row.outcome == Outcome.UNKNOWN:
            was = self.some(self.gettext("not taken down"))
        added = self.some(self.gettext("added on the way")) if row.is_added else ()
        noted: list[Passage] = []
        for one in row.noted:
            noted.append(one.text)
            if one.is_late:
                noted.append(self.own(self.gettext("sent after the visit")))
            if one.clock_was_wrong:
                noted.append(self.own(self.gettext("the clock was wrong")))
        planned = self.minutes(row.planned)
        name = (row.name, *added)
        return TableRow((name, planned, was, self.differs(row.differs), tuple(noted)))

    def sum_of(
        self, label: str, planned: int | None, was: int | None, *, last: bool = False
    ) -> TableRow:
        both = planned is not None and was is not None
        differs = was - planned if both and was is not None and planned is not None else None
        cells = (self.some(label), self.minutes(planned), self.minutes(was))
        return TableRow((*cells, self.differs(differs), ()), is_sum=last)

    def about_times(self) -> Iterator[Passage]:
        route = self.report.route
        if route.clock_was_wrong:
            said = self.gettext("The clock of a phone was wrong: its times were put right.")
            yield self.own(said)
        if route.is_late:
            yield self.own(self.gettext("Some of this was sent after the visit was over."))

    def headcount(self) -> Iterator[Fact]:
        report = self.report
        expected = "" if report.expected is None else str(report.expected)
        yield self.fact(self.gettext("People expected"), Passage(expected, "zxx"))
        yield self.fact(self.gettext("At the start"), self.counted(report.counted_first))
        yield self.fact(self.gettext("At the end"), self.counted(report.counted_last))

    def quotes(self) -> Iterator[Fact]:
        report = self.report
        if report.quotes:
            yield Fact(self.gettext("Quoted with consent"), self.lines(report.quotes))
        elif report.interests or report.quoting != Consent.UNASKED:
            said = {
                Consent.NO: self.gettext("No words are quoted: consent was refused."),
                Consent.ASKED: self.gettext(
                    "No words are quoted: consent was asked, and not given yet."
                ),
            }.get(report.quoting, self.gettext("No words are quoted: consent was not asked."))
            yield self.fact(self.gettext("Quotations"), self.own(said))

    def present(self, one: Present) -> Fact:
        label = {
            True: self.gettext("Given by the house"),
            False: self.gettext("Received from the guests"),
            None: self.gettext("Noted on the way"),
        }[one.is_given]
        details = [
            self.gettext("Giver: %(words)s", words=one.giver) if one.giver else None,
            self.gettext("Recipient: %(words)s", words=one.recipient)
            if one.recipient
            else None,
            self.gettext("Handed over: %(words)s", words=one.moment) if one.moment else None,
            self.gettext("Kept: %(words)s", words=one.custody) if one.custody else None,
            self.gettext("Register no.: %(words)s", words=one.number) if one.number else None,
            self.gettext("Value: %(words)s", words=one.value) if one.value else None,
        ]
        if one.is_given is None:
            details.append(self.gettext("It is not in the register of gifts yet."))
        lines = (self.own(one) for one in details if one)
        return Fact(label, (one.what, *lines))

    def page(self, number: int, page: BookPage) -> Fact:
        told: list[Passage] = []
        if page.signatory:
            told.append(self.own(self.gettext("Signed by %(who)s", who=page.signatory)))
        told += self.lines(page.text)
        if page.translation:
            told.append(self.own(self.gettext("In translation:")))
            told += self.lines(page.translation)
        if page.pictures:
            told.append(self.own(self.gettext("A picture of it is kept in the office.")))
        publish = {
            Consent.YES: self.gettext("It may be published."),
            Consent.NO: self.gettext("It may not be published."),
            Consent.ASKED: self.gettext("Whether it may be published was asked."),
        }.get(page.publish)
        told += [self.own(publish)] if publish else []
        label = self.gettext("Page %(number)s", number=number)
        return Fact(label, tuple(told), page.pictures)

    def press(self) -> Iterator[Fact]:
        report = self.report
        announced = self.gettext("Press was announced.") if report.press_was_announced else ""
        press = [*self.some(announced), *self.lines(report.press)]
        if press:
            yield Fact(self.gettext("Press"), tuple(press))
        if report.photographing:
            yield self.fact(self.gettext("Photographs"), self.own(report.photographing))
        if report.not_photographed:
            yield Fact(self.gettext("Do not photograph"), report.not_photographed)
        if report.released:
            yield Fact(self.gettext("Approved for release"), self.lines(report.released))
        elif press or report.photographing or report.not_photographed:
            none = self.some(self.gettext("None.")) if PRESS in report.none else ()
            yield Fact(self.gettext("Approved for release"), none)

    def follow_ups(self) -> Table | None:
        report = self.report
        rows = tuple(
            TableRow(
                (
                    (Passage(one.what, one.language),),
                    (Passage(one.owner, one.language),) if one.owner else (),
                    self.some(self.tongue.short_day(one.by)["text"]) if one.by else (),
                )
            )
            for one in report.follow_ups
        )
        columns = (self.gettext("What"), self.gettext("Owner"), self.gettext("By"))
        return Table(columns, rows) if rows else None

    def approvals(self) -> Iterator[Fact]:
        report = self.report
        for one in report.approvals:
            at = f"{self.tongue.short_day(one.at.date())['text']}, {one.at:%H:%M}"
            label = self.gettext("Version %(number)s, signed", number=one.number)
            yield Fact(label, (self.own(f"{one.name}, {at}"),))
        if report.approvals and not report.is_signed:
            yield self.fact(self.version, self.own(self.gettext("Not signed.")))

    def annex(self) -> Section:
        report = self.report
        heading = self.gettext("Annex: press note, draft")
        if report.level >= Level.CLOSED:
            empty = self.gettext("There is no press note of a closed visit.")
            return Section(PRESS_NOTE, 0, heading, empty=empty)
        lines = self.some(report.press_note)
        return Section(PRESS_NOTE, 0, heading, lines=lines, empty=self.gettext("Not known."))

    def counted(self, one: Counted | None) -> Passage:
        return Passage(f"{one.people} ({one.at:%H:%M})" if one else "", "zxx")

    def hours(self, hours: Hours) -> Passage:
        when = hours_of(hours.begins, hours.ends)
        lasted = ""
        if hours.minutes is not None:
            lasted = self.gettext("%(minutes)s min", minutes=hours.minutes)
        return self.own(introduced((when, lasted), self.report.language))

    def minutes(self, count: int | None) -> Passages:
        if count is None:
            return ()
        return self.some(self.gettext("%(minutes)s min", minutes=count))

    def differs(self, count: int | None) -> Passages:
        if count is None:
            return ()
        sign = "+" if count > 0 else MINUS if count < 0 else ""
        return (Passage(f"{sign}{abs(count)}", "zxx"),)

    def own(self, text: str) -> Passage:
        return Passage(text, self.report.language)

    def some(self, text: str) -> Passages:
        return (self.own(text),) if text else ()

    def fact(self, label: str, said: Passage) -> Fact:
        return Fact(label, (said,) if said.text else ())

    def lines(self, passage: Passage | None) -> Passages:
        lines = passage.text.splitlines() if passage else []
        return tuple(
            Passage(line, passage.language) for line in lines if passage and line.strip()
        )
