"""What the page of a report shows: its sections, what each still needs, and the fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from guide.accounts.office import OfficeFrame, OfficePage
from guide.exhibits.words import Passage, fingerprint
from guide.languages.model import Language
from guide.tours.access import OpenTour
from guide.tours.model import Level, State
from guide.tours.pages import TourHead, TourPage
from guide.tours.reporting.form import Values, rows_of, values_of
from guide.tours.reporting.making import (
    Material,
    drafted_note,
    facts_mark,
    noted_since,
    press_note_in,
    report_in,
    shown_in,
    written_last,
)
from guide.tours.reporting.press_note import length, limits, named_in
from guide.tours.reporting.report import Consent, Passages, Report
from guide.tours.reporting.sections import (
    APPROVALS,
    PRESS_NOTE,
    Fact,
    Section,
    Sheet,
    Table,
    sheet_of,
)
from guide.tours.reporting.versions import SIGNED, mark_of
from guide.tours.reporting.words import (
    BOOK,
    CAN_BE_NONE,
    FOLLOW_UPS,
    GIFTS,
    INCIDENTS,
    INTERESTS,
    PRESS,
    Words,
)

FIELDS: Mapping[str, tuple[str, ...]] = {
    INTERESTS: ("interests", "quotes"),
    PRESS: ("press", "released"),
    INCIDENTS: ("incidents",),
}
"""The free words that each section asks for."""

NEEDS_SOMEBODY = frozenset({"words", "missing"})


@dataclass(frozen=True)
class TextField:
    """Free words to be written; `theirs` is what somebody else has written meanwhile."""

    name: str
    value: str
    is_wrong: bool = False
    theirs: str = ""


@dataclass(frozen=True)
class FollowUpRow:
    """The fields of a follow-up; `wrong` are those that cannot be taken."""

    place: str
    number: int
    what: str
    owner: str
    by: str
    wrong: frozenset[str]


@dataclass(frozen=True)
class ReportSection:
    """A section as the page shows it; `state` is a word for how far it has come.

    `theirs` are the follow-ups that somebody else has written meanwhile, `their_quoting` and
    `their_tick` (set or unset) what they have chosen, where that differs.
    """

    key: str
    number: str
    heading: str
    state: str
    facts: tuple[Fact, ...]
    table: Table | None
    lines: Passages
    empty: str
    unknown: str
    texts: tuple[TextField, ...] = ()
    rows: tuple[FollowUpRow, ...] = ()
    theirs: tuple[str, ...] = ()
    may_be_none: bool = False
    is_none: bool = False
    quoting: str = ""
    is_written: bool = False
    their_quoting: str = ""
    their_tick: str = ""

    @property
    def needs_somebody(self) -> bool:
        """Say whether a person has something to say here."""
        return self.state in NEEDS_SOMEBODY


@dataclass(frozen=True)
class PressNote:
    """A press note in one language, how long it is and should be, and names that it says.

    `draft` is the mark of the draft that it was begun from.
    """

    tag: str
    endonym: str
    text: str
    length: int
    least: int
    most: int
    counts_signs: bool
    names: tuple[str, ...] = ()
    is_wrong: bool = False
    theirs: str = ""
    draft: str = ""

    @property
    def is_fit(self) -> bool:
        """Say whether it is as long as a press note is."""
        return self.least <= self.length <= self.most


@dataclass(frozen=True)
class VersionLine:
    """A version as it is listed."""

    number: str
    at: str
    by: str
    signed_at: str = ""
    signed_by: str = ""


@dataclass(frozen=True)
class Tongue:
    """A language that the report can be had in."""

    tag: str
    endonym: str


@dataclass(frozen=True)
class Sent:
    """What came with a form that was not taken, or nothing: its fields and what is wrong.

    `theirs` is what the form would be filled with by what is there now.
    """

    values: Values | None = None
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    theirs: Values | None = None
    problem: str = ""
    characters: str = ""
    done: str = ""


@dataclass(frozen=True)
class ReportPage(TourPage):
    """The report of a tour, to be read, written and signed.

    `mark` is that of the last version, `facts` that of what is known, `since` what was noted
    after the version was written.
    """

    template: ClassVar[str] = "tours/report.html"

    sections: tuple[ReportSection, ...]
    notes: tuple[PressNote, ...]
    versions: tuple[VersionLine, ...]
    tongues: tuple[Tongue, ...]
    second: str
    version: str
    number: str
    mark: str
    facts: str
    seq: str
    needed: int
    since: Passages
    said: Sent
    is_closed: bool
    is_under_way: bool
    is_signed: bool
    is_later: bool
    may_write: bool
    may_sign: bool


@dataclass(frozen=True)
class ReportPrintPage(OfficePage):
    """A version as it would stand on paper, in one language; `reader` as `named_on`."""

    template: ClassVar[str] = "tours/report_print.html"

    id: str
    number: str
    sheet: Sheet
    tongues: tuple[Tongue, ...]
    direction: str
    reader: str


@dataclass(frozen=True)
class Around:
    """What a page of a report is made with, besides the report."""

    frame: OfficeFrame
    languages: tuple[Language, ...]
    second: Language
    is_later: bool = False

    @property
    def own(self) -> Language:
        """The language of the office that the page is in."""
        return next(
            (one for one in self.languages if one.tag == self.frame.lang), self.languages[0]
        )

    @property
    def of_notes(self) -> tuple[Language, ...]:
        """The languages of press notes: the house's own, and another."""
        first = next((one for one in self.languages if one.tag == "az"), self.own)
        return tuple(dict.fromkeys((first, self.second)))

    @property
    def tongues(self) -> tuple[Tongue, ...]:
        """The languages that the report can be had in."""
        return tuple(Tongue(one.tag, one.endonym) for one in self.languages)


def page_of(found: OpenTour, material: Material, around: Around, said: Sent) -> ReportPage:
    """Show a report to somebody; a form that was not taken comes back as it was sent."""
    frame, words = around.frame, written_last(material)
    last = material.versions[-1].row if material.versions else None
    is_signed = bool(last and last.signed_at) and not around.is_later and said.values is None
    is_over = found.tour.state == State.COMPLETED and found.tour.forgotten_at is None
    may_write = is_over and not is_signed
    kept = shown_in(material, around.own) if is_signed else None
    report = kept or report_in(material, around.own, words)
    sheet = sheet_of(report)
    values = said.values or filled(material, around)
    if is_signed:
        values = {f"note-{one.tag}": _signed_note(material, one) for one in around.of_notes}
    sections = tuple(
        _section(section, report, values, said, may_write=may_write)
        for section in sheet.sections
        if section.key != PRESS_NOTE
    )
    return ReportPage(
        frame,
        TourHead.of(found, frame),
        sections=sections,
        notes=()
        if found.tour.level >= Level.CLOSED
        else tuple(_note(material, one, values, said) for one in around.of_notes),
        versions=tuple(_versions(material, frame)),
        tongues=around.tongues,
        second=around.second.tag,
        version=sheet.version,
        number=str(report.number),
        mark=mark_of(material.versions),
        facts=facts_mark(material, around.own),
        seq=str(material.last_seq),
        needed=sum(one.needs_somebody for one in sections),
        since=_since(material, words) if may_write else (),
        said=said,
        is_closed=found.tour.level >= Level.CLOSED,
        is_under_way=found.tour.state == State.UNDER_WAY,
        is_signed=is_signed,
        is_later=mark_of(material.versions).endswith(SIGNED) and not is_signed,
        may_write=may_write,
        may_sign=may_write and found.may_decide,
    )


def _signed_note(material: Material, language: Language) -> str:
    report = shown_in(material, language)
    is_in_it = report is not None and report.language == language.tag
    return report.press_note if report and is_in_it else ""


def filled(material: Material, around: Around) -> dict[str, str]:
    """Return the fields of the form as what is there now fills them."""
    words = written_last(material)
    notes = {one.tag: press_note_in(material, one, words) for one in around.of_notes}
    shown = {f"draft-{tag}": fingerprint(one) for tag, one in drafts(material, around).items()}
    return {**values_of(words, notes), **shown}


def drafts(material: Material, around: Around) -> dict[str, str]:
    """Return the drafts of the press notes that the page shows, by language."""
    if material.tour.level >= Level.CLOSED:
        return {}
    return {one.tag: drafted_note(material, one) for one in around.of_notes}


def _section(
    section: Section,
    report: Report,
    values: Values,
    said: Sent,
    *,
    may_write: bool,
) -> ReportSection:
    key, theirs = section.key, said.theirs or {}
    texts = tuple(
        TextField(
            name,
            values.get(name, ""),
            is_wrong=name in said.errors,
            theirs=_differs(theirs.get(name, ""), values.get(name, "")),
        )
        for name in (FIELDS.get(key, ()) if may_write else ())
    )
    rows = tuple(_rows(values, said)) if may_write and key == FOLLOW_UPS else ()
    return ReportSection(
        key,
        str(section.number),
        section.heading,
        _state(section, report),
        section.facts,
        section.table,
        section.lines,
        section.empty,
        section.unknown,
        texts,
        rows,
        _their_follow_ups(values, theirs) if rows else (),
        may_be_none=may_write and key in CAN_BE_NONE,
        is_none=bool(values.get(f"none-{key}")),
        quoting=values.get("quoting", Consent.UNASKED),
        is_written=bool(texts or rows),
        their_quoting=_differs(theirs.get("quoting", ""), values.get("quoting", "")),
        their_tick=_their_tick(f"none-{key}", values, theirs),
    )


def _state(section: Section, report: Report) -> str:
    """Say how far a section has come, in one of the words of `_report_words.html`."""
    key = section.key
    if key == APPROVALS:
        return "signed" if report.is_signed else "last"
    if key not in CAN_BE_NONE:
        told = any(one.said for one in section.facts) or section.table or section.lines
        return "filled" if told else "unknown"
    if not _says(key, report):
        return "none" if key in report.none else "missing"
    return _how_far(key, report)


def _how_far(key: str, report: Report) -> str:
    is_draft = report.number == 0
    waits = {Consent.ASKED, Consent.UNASKED}
    is_not_whole, word = {
        INTERESTS: (is_draft, "words"),
        INCIDENTS: (is_draft, "words"),
        FOLLOW_UPS: (not all(one.owner and one.by for one in report.follow_ups), "words"),
        GIFTS: (any(one.is_given is None for one in report.presents), "asked"),
        BOOK: (any(one.publish in waits for one in report.book), "asked"),
        PRESS: (not report.released, "asked"),
    }[key]
    return word if is_not_whole else "filled"


def _says(key: str, report: Report) -> bool:
    """Say whether a section tells what it is there for."""
    return bool(
        {
            INTERESTS: report.interests or report.quotes,
            GIFTS: report.presents,
            BOOK: report.book,
            PRESS: report.press or report.released,
            INCIDENTS: report.incidents,
            FOLLOW_UPS: report.follow_ups,
        }[key]
    )


def _rows(values: Values, said: Sent) -> Iterator[FollowUpRow]:
    for n in rows_of(values):
        wrong = frozenset(
            name for name in ("what", "owner", "by") if f"{name}-{n}" in said.errors
        )
        what, owner, by = (values.get(f"{name}-{n}", "") for name in ("what", "owner", "by"))
        yield FollowUpRow(str(n), n + 1, what, owner, by, wrong)


def _their_follow_ups(values: Values, theirs: Values) -> tuple[str, ...]:
    def told(some: Values) -> list[str]:
        rows = (
            [some.get(f"{name}-{n}", "") for name in ("what", "owner", "by")]
            for n in rows_of(some)
        )
        return [" · ".join(one for one in row if one) for row in rows if any(row)]

    there = told(theirs)
    return tuple(there) if theirs and there != told(values) else ()


def _their_tick(name: str, values: Values, theirs: Values) -> str:
    if not theirs or bool(values.get(name)) == bool(theirs.get(name)):
        return ""
    return "set" if theirs.get(name) else "unset"


def _note(material: Material, language: Language, values: Values, said: Sent) -> PressNote:
    name = f"note-{language.tag}"
    text = values.get(name, "")
    least, most = limits(language.tag)
    return PressNote(
        language.tag,
        language.endonym,
        text,
        length(text),
        least,
        most,
        counts_signs=language.tag.startswith("zh"),
        names=tuple(named_in(text, material.private_names)),
        is_wrong=name in said.errors,
        theirs=_differs((said.theirs or {}).get(name, ""), text),
        draft=values.get(f"draft-{language.tag}", ""),
    )


def _differs(theirs: str, ours: str) -> str:
    same = theirs.replace("\r\n", "\n").strip() == ours.replace("\r\n", "\n").strip()
    return "" if same else theirs


def _since(material: Material, words: Words) -> Passages:
    if not material.versions:
        return ()
    return tuple(
        Passage(one.event.note.text, "az")
        for one in noted_since(material, words.seq)
        if one.event.note
    )


def _versions(material: Material, frame: OfficeFrame) -> Iterator[VersionLine]:
    for version in reversed(material.versions):
        row = version.row
        yield VersionLine(
            str(row.number),
            frame.moment(row.made_at),
            version.by,
            frame.moment(row.signed_at) if row.signed_at else "",
            version.signed_by,
        )
