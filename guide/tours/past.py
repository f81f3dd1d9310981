"""Visits that were: what a source says of one becomes a tour that is over."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from guide.accounts.permissions import Person
from guide.tours import deeds
from guide.tours.access import exists_for, names_are_open_to
from guide.tours.displays import Displays
from guide.tours.model import (
    Category,
    Level,
    Party,
    PhotoPolicy,
    PublishedTour,
    State,
    Tour,
    TourBrief,
)
from guide.tours.naming import COUNTRY, ORGANISATION
from guide.tours.people import PersonRole, Side, TourPerson
from guide.tours.report_files import Numbered
from guide.tours.reports import Fault, Report, read_record
from guide.tours.stops import Priority, TourStop

UNKNOWN_MINUTES = 0
"""Minutes of a stop of which nobody has said how long it took; no page shows them."""


def past_tours(who: Person) -> Select[Tour]:
    """Select the tours that a source tells of and that somebody may read, latest first."""
    open_to = (exists_for(who), names_are_open_to(who))
    query = select(Tour).join(Tour.published).where(*open_to)
    return query.options(joinedload(Tour.published)).order_by(Tour.id)


def latest_first(tours: Iterable[Tour]) -> list[Tour]:
    """Put tours in the order of their days, the latest first, those without a day last."""
    return sorted(tours, key=lambda tour: (tour.date or "", tour.reference), reverse=True)


def report_of(tour: Tour, told: PublishedTour) -> Report:
    """Return what the source said, as it came."""
    return Report(
        source=told.source,
        confidence=told.confidence,
        language=told.language,
        head=told.head,
        title=told.title,
        organisation=told.organisation,
        country=told.country,
        date_told=told.date_told,
        date=tour.date,
        last_date=tour.last_date,
        displays=tuple(told.displays),
        host=told.host,
        guest_book=told.guest_book,
        gift=told.gift,
        note=told.note,
        also=dict(told.also),
    )


def keys_there(db: Session) -> dict[str, int]:
    """Return what tells the visits that are there from others: as they came in, and as now."""
    found: dict[str, int] = {}
    query = select(Tour).join(Tour.published).options(joinedload(Tour.published))
    for tour in db.scalars(query):
        if told := tour.published:
            found[told.key] = found[report_of(tour, told).key] = tour.id
    return found


@dataclass(frozen=True)
class Fate:
    """What becomes of a record: "new", "there", "twice" in the file, or "faulty"."""

    row: int
    word: str
    report: Report | None = None
    faults: tuple[Fault, ...] = ()
    tour_id: int = 0


def fates(
    records: Iterable[Numbered], language: str, known: Sequence[str], today: date, db: Session
) -> list[Fate]:
    """Say what would become of each record; `read_record` says what is asked of it."""
    there = keys_there(db)
    seen = set[str]()
    found: list[Fate] = []
    for one in records:
        report = read_record(one.record, language, known, today)
        if isinstance(report, list):
            found.append(Fate(one.row, "faulty", faults=tuple(report)))
        elif report.key in there:
            found.append(Fate(one.row, "there", report, tour_id=there[report.key]))
        else:
            found.append(Fate(one.row, "twice" if report.key in seen else "new", report))
            seen.add(report.key)
    return found


def digest_of(expected: Iterable[Fate]) -> str:
    """Return a hash of what would become of records, by which a later look is compared."""
    told = [(one.row, one.word, one.report and one.report.key) for one in expected]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def enter(
    db: Session, report: Report, displays: Displays, by: int | None, at: datetime
) -> Tour:
    """Put a visit that was into the book, public as its source is.

    Of what the source does not say nothing is claimed: no languages, no number of people, no
    minutes. Its reference is of the year that it was in, or else of the year it is entered.
    """
    tour = Tour(
        reference=deeds.next_reference(db, int((report.date or f"{at:%Y}")[:4])),
        version=1,
        state=State.COMPLETED,
        level=Level.PUBLIC,
        category=Category.OFFICIAL,
        parties=(),
        languages=[],
        people=None,
        photo_policy=PhotoPolicy.UNKNOWN,
        with_press=False,
        made_at=at,
        made_by=by,
        brief=TourBrief(),
        persons=[],
        stops=[],
        staff=[],
        interpreters=[],
    )
    tour.published = PublishedTour(key=report.key)
    _write(tour, tour.published, report)
    tour.stops = list(_stops(report, displays))
    db.add(tour)
    db.flush()
    return tour


def attach(tour: Tour, report: Report, seen: int) -> list[str]:
    """Keep what a source has published of a tour of the house; return the headings that change.

    What the house knows of it itself stays as it is. Raises StaleTourError when it was changed
    since this version was seen.
    """
    before = report_of(tour, tour.published) if tour.published else None
    tour.correct(seen)
    tour.published = tour.published or PublishedTour()
    _say(tour.published, report)
    return _changed(before, report)


def detach(tour: Tour, seen: int) -> None:
    """Say that no source tells of a tour of the house. Raises StaleTourError."""
    tour.correct(seen)
    tour.published = None


def correct(tour: Tour, report: Report, displays: Displays, seen: int) -> list[str]:
    """Put right what is said of a visit; return the headings that change.

    Stops before the displays, as the meeting of the sample, are nothing a source lists: they
    stay.
    Raises StaleTourError when it was changed since this version was seen.
    """
    told = tour.published
    if told is None:
        raise LookupError("no source tells of this tour")
    before = report_of(tour, told)
    tour.correct(seen)
    changed = _changed(before, report)
    _write(tour, told, report)
    if {"displays", "language"} & set(changed):
        besides = tour.stops[: len(tour.stops) - len(before.displays)]
        tour.stops = [*besides, *_stops(report, displays)]
        for position, stop in enumerate(tour.stops, 1):
            stop.position = position
    return changed


def _changed(before: Report | None, report: Report) -> list[str]:
    names = [one.name for one in fields(Report)]
    return [
        one for one in names if before is None or getattr(before, one) != getattr(report, one)
    ]


def _say(told: PublishedTour, report: Report) -> None:
    words = ("source", "confidence", "language", "head", "title", "organisation", "country")
    for name in (*words, "date_told", "host", "guest_book", "gift", "note"):
        setattr(told, name, getattr(report, name))
    told.displays, told.also = list(report.displays), dict(report.also)


def _write(tour: Tour, told: PublishedTour, report: Report) -> None:
    _say(told, report)
    tour.date, tour.last_date = report.date, report.last_date
    tour.parties = tuple(_parties(report))
    _place(tour, Side.GUEST, (report.head, report.title) if report.head else None, report)
    _place(tour, Side.HOST, report.host_person, report)


def _parties(report: Report) -> Iterator[Party]:
    if report.organisation:
        yield Party(ORGANISATION, {report.language: report.organisation})
    if report.country_code:
        yield Party(COUNTRY, {}, report.country_code)
    elif report.country:
        yield Party(COUNTRY, {report.language: report.country})


def _place(tour: Tour, side: Side, who: tuple[str, str] | None, report: Report) -> None:
    """Let a side have this one person, as the source writes the name, or nobody."""
    there = next((one for one in tour.persons if one.side == side), None)
    if who is None:
        tour.persons = [one for one in tour.persons if one.side != side]
        return
    if there is None:
        there = TourPerson(side=side, role=PersonRole.HEAD, precedence=1)
        tour.persons.append(there)
    there.name_official, there.name_language = who[0], report.language
    there.positions = {report.language: who[1]} if who[1] else {}


def _stops(report: Report, displays: Displays) -> Iterator[TourStop]:
    for position, told in enumerate(report.displays, 1):
        meant = displays.meant_by(told)
        yield TourStop(
            position=position,
            exhibition=meant,
            names={} if meant else {report.language: told},
            minutes=UNKNOWN_MINUTES,
            priority=Priority.SHOULD,
            note="",
        )
