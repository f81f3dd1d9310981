"""What is emptied when the persons of a tour are forgotten, and what of it is counted.

Rows that are about persons go; fields that may name one are emptied where their row says
more than that. What official news has published of a visit stays. `tests/tours/forgetting`
holds every column of every table of tours to one list: forgotten, or kept and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from guide.tours.diary import Override
from guide.tours.forgetting.model import TourHold
from guide.tours.keepsakes.model import Gift, GuestBookPage
from guide.tours.keepsakes.vault import named_files
from guide.tours.links import TourLink
from guide.tours.model import BRIEF, Category, Party, Tour
from guide.tours.past import report_of
from guide.tours.people import Side, TourInterpreter, TourPerson
from guide.tours.reporting.model import TourReport
from guide.tours.stops import EarlierRoute, TourStop
from guide.tours.walking.events import WalkEvent, WalkNote

OfATour = type[GuestBookPage | TourReport | EarlierRoute | TourHold]

ROWS: Final[Mapping[str, OfATour]] = {
    "guest-book": GuestBookPage,
    "reports": TourReport,
    "earlier-routes": EarlierRoute,
    "holds": TourHold,
}
"""Tables of which every row of a tour goes, by what they are counted as."""

WORDS_OF_PERSONS = (
    *("name_az", "name_en", "sort_name", "short_address"),
    *("affiliation", "pronunciation", "contact"),
)
"""What people have written of a person beside the name, its language and the post."""


WORDS_OF_GIFT: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(("description_az", "description_en", "giver", "recipient"), ""),
    **dict.fromkeys(("moment", "value"), ""),
    "picture": None,
}
"""What is emptied of a gift. That there is one stays, with its number in the museum's register
and where it is kept: the register knows the rest."""


@dataclass(frozen=True)
class Emptied:
    """How many of each kind were emptied, and the hashes of files that nothing names now."""

    counts: Mapping[str, int]
    files: frozenset[str] = frozenset()


def words_of(tour: Tour) -> dict[str, int]:
    """Count what the rows of a tour that is loaded whole hold and would be emptied, by kind."""
    kept = _parties_kept(tour)
    return {
        "persons": sum(1 for one in tour.persons if not _is_as_published(one, tour)),
        "brief": len([name for name in BRIEF if tour.brief and getattr(tour.brief, name)]),
        "stops": sum(1 for stop in tour.stops if _says_something(stop, tour)),
        "parties": sum(1 for party in tour.parties if party not in kept),
        "interpreters": sum(1 for one in tour.interpreters if one.whisper_sets),
    }


def counts_of(db: Session, tour: Tour) -> dict[str, int]:
    """Count all that would be emptied of a tour that is loaded whole, by kind."""
    counts = {
        **words_of(tour),
        "notes": _count(db, WalkNote.event_id.in_(_events(tour))),
        "reasons": _count(db, Override.tour_id == tour.id, Override.reason != ""),
        "addresses": _count(db, TourLink.tour_id == tour.id, TourLink.revoked_at.is_(None)),
        "gifts": _count(db, Gift.tour_id == tour.id, _gift_says_something()),
        **{name: _count(db, table.tour_id == tour.id) for name, table in ROWS.items()},
    }
    return {name: count for name, count in counts.items() if count}


def empty(db: Session, tour: Tour, at: datetime) -> Emptied:
    """Empty what may name a person of a tour that is loaded whole; twice changes nothing."""
    counts, files = counts_of(db, tour), frozenset(named_files(db, tour.id))
    tour.persons = [one for one in tour.persons if _published_name(one, tour) is not None]
    for person in tour.persons:
        for name, value in _as_published(person, tour).items():
            setattr(person, name, value)
    for name in BRIEF if tour.brief else ():
        setattr(tour.brief, name, "")
    for stop in tour.stops:
        stop.note = ""
        if not tour.is_only_told:
            stop.names = {}
    for interpreter in tour.interpreters:
        interpreter.whisper_sets = ""
    tour.parties = _parties_kept(tour)
    db.execute(delete(WalkNote).where(WalkNote.event_id.in_(_events(tour))))
    db.execute(update(Override).where(Override.tour_id == tour.id).values(reason=""))
    open_links = (TourLink.tour_id == tour.id) & TourLink.revoked_at.is_(None)
    db.execute(update(TourLink).where(open_links).values(revoked_at=at))
    db.execute(update(Gift).where(Gift.tour_id == tour.id).values(WORDS_OF_GIFT))
    for table in ROWS.values():
        db.execute(delete(table).where(table.tour_id == tour.id))
    db.flush()
    return Emptied(counts, files)


def with_something_left(db: Session) -> set[int]:
    """Return the numbers of the tours of which tables beside their own rows still say anything.

    A phone may bring a note long after the visit.
    """
    queries = [
        select(WalkEvent.tour_id).join(WalkNote, WalkNote.event_id == WalkEvent.id),
        select(TourStop.tour_id).where(TourStop.note != ""),
        select(TourInterpreter.tour_id).where(TourInterpreter.whisper_sets != ""),
        select(Override.tour_id).where(Override.reason != ""),
        select(Gift.tour_id).where(_gift_says_something()),
        *(select(table.tour_id) for table in ROWS.values()),
    ]
    return {number for query in queries for number in db.scalars(query.distinct())}


def _count(db: Session, *conditions: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).where(*conditions)) or 0


def _gift_says_something() -> ColumnElement[bool]:
    return or_(
        *(getattr(Gift, name).is_distinct_from(empty) for name, empty in WORDS_OF_GIFT.items())
    )


def _events(tour: Tour) -> Select[int]:
    return select(WalkEvent.id).where(WalkEvent.tour_id == tour.id)


def _published_name(person: TourPerson, tour: Tour) -> tuple[str, str] | None:
    """Return the name and the post by which a source has published a person, if it has."""
    if tour.published is None:
        return None
    told = report_of(tour, tour.published)
    said = (told.head, told.title) if person.side == Side.GUEST else told.host_person
    names = {person.name_official, person.name_az, person.name_en} - {""}
    every = (said, *told.persons_named) if said else told.persons_named
    return next((one for one in every if one[0] in names), None)


def _as_published(person: TourPerson, tour: Tour) -> dict[str, object]:
    """Return what the columns of a published person hold when nothing else is said of them."""
    name, post = _published_name(person, tour) or ("", "")
    language = tour.published.language if tour.published else ""
    blank = dict.fromkeys(WORDS_OF_PERSONS, "")
    positions = {language: post} if post else {}
    named = {"name_official": name, "name_language": language, "positions": positions}
    return {**blank, **named, "do_not_photograph": False}


def _is_as_published(person: TourPerson, tour: Tour) -> bool:
    return _published_name(person, tour) is not None and all(
        getattr(person, name) == value for name, value in _as_published(person, tour).items()
    )


def _says_something(stop: TourStop, tour: Tour) -> bool:
    """Say whether somebody has written of a stop what no source has."""
    return bool(stop.note or (stop.names and not tour.is_only_told))


def _parties_kept(tour: Tour) -> tuple[Party, ...]:
    """Organisations and countries stay; of a private visit countries and what is published."""
    if tour.category != Category.PRIVATE or tour.is_only_told:
        return tour.parties
    told = tour.published
    said = {told.organisation, told.country} - {""} if told else set[str]()
    kept = (_party_kept(one, said) for one in tour.parties)
    return tuple(one for one in kept if one.names or one.code)


def _party_kept(party: Party, said: set[str]) -> Party:
    names = {tag: name for tag, name in party.names.items() if name in said}
    return Party(party.kind, names, party.code)
