"""What the pages of visits that were may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame, OfficePage
from guide.languages.folding import fold
from guide.tours.displays import Displays
from guide.tours.model import Party, PublishedTour, Tour
from guide.tours.naming import COUNTRY, language_name, party_in
from guide.tours.pages import chain_of, partial_date
from guide.tours.past import Fate, report_of
from guide.tours.past_forms import FIELDS
from guide.tours.person_pages import Written
from guide.tours.report_files import MOST_RECORDS
from guide.tours.reports import CONFIDENCES, Fault, Report
from guide.tours.requesting import Option

MOST_LISTED = 200


@dataclass(frozen=True)
class AlsoSaid:
    """What a record says besides, under a heading of its own; empty is "not stated"."""

    heading: str
    said: str


@dataclass(frozen=True)
class Told:
    """What a source says of a visit, as a page shows it: nothing where it says nothing.

    `displays` are in order; `is_of_guide` tells those that are an exhibition of the guide.
    `guest_book` is "yes", "no" or empty. `link` is the source when it is an address.
    """

    head: Written | None
    title: Written | None
    organisation: Written | None
    country: Written | None
    day: str
    date_told: Written | None
    displays: tuple[Written, ...]
    host: Written | None
    guest_book: str
    gift: Written | None
    note: Written | None
    also: tuple[AlsoSaid, ...]
    source: str
    link: str
    confidence: str
    language: str

    @classmethod
    def of(cls, report: Report, frame: OfficeFrame) -> Self:
        """Show what is said, each in its own language."""

        def written(words: str) -> Written | None:
            return Written.of(words, report.language) if words else None

        return cls(
            head=written(report.head),
            title=written(report.title),
            organisation=written(report.organisation),
            country=_country(report, frame),
            day=days_in_words(report, frame),
            date_told=written(report.date_told),
            displays=tuple(Written.of(one, report.language) for one in report.displays),
            host=written(report.host),
            guest_book={True: "yes", False: "no", None: ""}[report.guest_book],
            gift=written(report.gift),
            note=written(report.note),
            also=tuple(_also(report)),
            source=report.source,
            link=report.source if report.source.startswith(("https://", "http://")) else "",
            confidence=report.confidence,
            language=language_name(report.language, frame.lang),
        )


def told_of(tour: Tour, frame: OfficeFrame) -> Told | None:
    """Return what a source says of a tour, if one does."""
    return Told.of(report_of(tour, tour.published), frame) if tour.published else None


def days_in_words(report: Report, frame: OfficeFrame) -> str:
    """Write the day, or the days, as exactly as they are known."""
    days = (partial_date(day, frame) for day in (report.date, report.last_date) if day)
    return " – ".join(days)


@dataclass(frozen=True)
class ListedVisit:
    """A visit in the list."""

    id: str
    reference: str
    told: Told

    @classmethod
    def of(cls, tour: Tour, told: PublishedTour, frame: OfficeFrame) -> Self:
        """Show a visit in the list."""
        return cls(str(tour.id), tour.reference, Told.of(report_of(tour, told), frame))


def is_meant(told: PublishedTour, tour: Tour, query: str) -> bool:
    """Say whether every word that is looked for stands somewhere in what is said of a visit."""
    said = (told.head, told.title, told.organisation, told.country, told.host, told.note)
    others = (*told.displays, told.gift, told.source, told.date_told, tour.date or "")
    among = fold(" ".join((*said, *others, tour.reference)))
    return all(word in among for word in fold(query).split())


@dataclass(frozen=True)
class PastPage(OfficePage):
    """The visits that were, of all or of those that are looked for."""

    template: ClassVar[str] = "tours/past.html"

    visits: tuple[ListedVisit, ...]
    count: int
    query: str
    imported: int | None = None

    @property
    def is_cut(self) -> bool:
        """Say whether more was found than is shown."""
        return self.count > len(self.visits)


@dataclass(frozen=True)
class VisitPage(OfficePage):
    """A visit to be entered (without an `id`) or to be put right.

    Of a tour of the house (`is_of_house`) a source has something to say (`is_told`) or not yet.
    `problem` is "unreadable", "stale" or "there" (`there` is the tour that it already is); of
    a stale form `theirs` is what is said now.
    """

    template: ClassVar[str] = "tours/visit.html"

    id: str
    version: int
    values: Mapping[str, str]
    errors: Mapping[str, str]
    languages: tuple[Option, ...]
    problem: str = ""
    there: str = ""
    theirs: Told | None = None
    is_of_house: bool = False
    is_told: bool = False
    confidences: tuple[str, ...] = CONFIDENCES

    @classmethod
    def of(  # noqa: PLR0913 (what is shown, and what is said of it)
        cls,
        frame: OfficeFrame,
        values: Mapping[str, str],
        languages: Iterable[Option],
        *,
        tour: Tour | None = None,
        errors: Mapping[str, str] | None = None,
        problem: str = "",
        there: int = 0,
    ) -> Self:
        """Show the form with these values."""
        return cls(
            frame,
            id=str(tour.id) if tour else "",
            version=tour.version if tour else 0,
            values={**dict.fromkeys(FIELDS, ""), **values},
            errors=errors or {},
            languages=tuple(languages),
            problem=problem,
            there=str(there) if there else "",
            theirs=told_of(tour, frame) if tour and problem == "stale" else None,
            is_of_house=bool(tour and not tour.is_only_told),
            is_told=bool(tour and tour.published),
        )


@dataclass(frozen=True)
class TriedDisplay:
    """Something that was seen, and the exhibition of the guide that it is taken for."""

    told: Written
    meant: str


@dataclass(frozen=True)
class TriedRecord:
    """A record of a file, and what would become of it."""

    row: int
    word: str
    tour_id: str
    told: Told | None
    displays: tuple[TriedDisplay, ...]
    host: Written | None
    is_country_known: bool
    faults: tuple[Fault, ...]

    @classmethod
    def of(cls, fate: Fate, displays: Displays, frame: OfficeFrame) -> Self:
        """Show what would become of a record."""
        report = fate.report
        told = Told.of(report, frame) if report else None
        host = report.host_person if report else None
        return cls(
            row=fate.row,
            word=fate.word,
            tour_id=str(fate.tour_id) if fate.tour_id else "",
            told=told,
            displays=tuple(_tried(told, displays, frame)) if told else (),
            host=Written.of(host[0], report.language) if host and report else None,
            is_country_known=bool(report and report.country_code),
            faults=fate.faults,
        )


@dataclass(frozen=True)
class ImportPage(OfficePage):
    """Asks for a file of visits; `trouble` says why the one that was sent will not do."""

    template: ClassVar[str] = "tours/past_import.html"

    languages: tuple[Option, ...]
    language: str
    trouble: str = ""
    found: str = ""
    most: int = MOST_RECORDS


@dataclass(frozen=True)
class TrialPage(OfficePage):
    """What would become of the records of a file; `carried` is the file on its way."""

    template: ClassVar[str] = "tours/past_trial.html"

    name: str
    language: str
    carried: str
    digest: str
    records: tuple[TriedRecord, ...]
    counts: Mapping[str, int]
    problem: str = ""

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 (each is shown)
        cls,
        frame: OfficeFrame,
        name: str,
        language: str,
        carried: str,
        digest: str,
        expected: Sequence[Fate],
        displays: Displays,
        problem: str = "",
    ) -> Self:
        """Show what would become of the records of a file."""
        words = [one.word for one in expected]
        return cls(
            frame,
            name=name,
            language=language,
            carried=carried,
            digest=digest,
            records=tuple(TriedRecord.of(one, displays, frame) for one in expected),
            counts={word: words.count(word) for word in ("new", "there", "twice", "faulty")},
            problem=problem,
        )


def _country(report: Report, frame: OfficeFrame) -> Written | None:
    if not report.country:
        return None
    if report.country_code:
        party = Party(COUNTRY, {}, report.country_code)
        said = party_in(party, chain_of(frame))
        return Written.of(said.text, said.language)
    return Written.of(report.country, report.language)


def _also(report: Report) -> Iterable[AlsoSaid]:
    for heading, said in report.also.items():
        parts = said if isinstance(said, list) else [said]
        yield AlsoSaid(heading, ", ".join(str(one) for one in parts if one is not None))


def _tried(told: Told, displays: Displays, frame: OfficeFrame) -> Iterable[TriedDisplay]:
    for one in told.displays:
        meant = displays.meant_by(one.text)
        name = (meant.names.get(frame.lang) or meant.slug) if meant else ""
        yield TriedDisplay(one, name)
