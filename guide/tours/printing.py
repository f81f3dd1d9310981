"""Making the papers of a tour from what is known of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.exhibits.model import ExhibitText, read_along
from guide.exhibits.words import Passage, Words, first_in
from guide.languages.model import Language
from guide.qr.symbols import Symbol
from guide.tours.model import Level, PhotoPolicy, Tour
from guide.tours.naming import parties_in
from guide.tours.papers import (
    WRITTEN_IN,
    Brief,
    Contact,
    ContactFor,
    Entry,
    Guest,
    Handling,
    Interpreting,
    Named,
    NameList,
    Pair,
    Programme,
    Stop,
    WelcomeCard,
)
from guide.tours.people import Mode, PersonRole, Side, TourPerson
from guide.tours.queries import ways_on_foot
from guide.tours.stops import Priority, TourStop
from guide.tours.timetable import Leg, legs, minutes

MOST_POINTS = 3
"""Lines of what to look for at a stop; who walks reads no more."""


class NoDayError(Exception):
    """The tour has no time yet, which this paper would say."""


@dataclass(frozen=True)
class Occasion:
    """A tour that is printed: in which languages, for whom, and by which clock."""

    tour: Tour
    languages: Sequence[Language]
    reader: str
    printed: date
    zone: ZoneInfo

    @property
    def handling(self) -> Handling:
        """How the paper is to be kept."""
        return Handling(Level(self.tour.level), self.reader, self.printed)

    @property
    def tags(self) -> tuple[str, ...]:
        """The languages of the paper."""
        return tuple(language.tag for language in self.languages)

    @property
    def day(self) -> date:
        """The day on which the tour begins, by the museum's clock."""
        if self.tour.starts_at is None:
            raise NoDayError
        return self.tour.starts_at.astimezone(self.zone).date()

    @property
    def parties(self) -> list[Pair]:
        """What each party is called, in each language."""
        in_each = [parties_in(self.tour, language.chain) for language in self.languages]
        return list(zip(*in_each, strict=True))

    @property
    def guests(self) -> list[TourPerson]:
        """Who comes, in the order of precedence."""
        return [person for person in self.tour.persons if person.side == Side.GUEST]

    def clock(self, at: datetime | None) -> time | None:
        """Return what the museum's clock shows."""
        return at.astimezone(self.zone).time() if at else None

    def legs(self, db: Session) -> tuple[Leg, ...]:
        """Put its stops into time."""
        return legs(self.tour.stops, ways_on_foot(db))

    def clock_at(self, leg: Leg) -> time | None:
        """Return what the museum's clock shows when a stop begins."""
        starts_at = self.tour.starts_at
        return self.clock(starts_at + minutes(leg.begins)) if starts_at else None


def programme_of(db: Session, occasion: Occasion, symbol: Symbol | None) -> Programme:
    """Make the programme; raise NoDayError while there is no time."""
    return Programme(
        languages=occasion.tags,
        handling=occasion.handling,
        day=occasion.day,
        parties=occasion.parties,
        head=_head(occasion),
        entries=list(_entries(db, occasion)),
        ends=occasion.clock(occasion.tour.ends_at),
        symbol=symbol,
    )


def card_of(occasion: Occasion, symbol: Symbol, host: str) -> WelcomeCard:
    """Make the welcome card; raise NoDayError while there is no time."""
    return WelcomeCard(
        languages=occasion.tags,
        handling=occasion.handling,
        day=occasion.day,
        parties=occasion.parties,
        symbol=symbol,
        host=host,
    )


def name_list_of(occasion: Occasion) -> NameList:
    """Make the list of names; raise NoDayError while there is no time."""
    return NameList(
        languages=occasion.tags,
        handling=occasion.handling,
        day=occasion.day,
        parties=occasion.parties,
        guests=[_guest(person, occasion.languages) for person in occasion.guests],
    )


def brief_of(db: Session, occasion: Occasion) -> Brief:
    """Make the brief for the guide, in the first language of the occasion."""
    tour, [language, *_] = occasion.tour, occasion.languages
    told = tour.brief
    return Brief(
        language=language.tag,
        handling=occasion.handling,
        reference=tour.reference,
        parties=parties_in(tour, language.chain),
        day=occasion.day if tour.starts_at else None,
        begins=occasion.clock(tour.starts_at),
        ends=occasion.clock(tour.ends_at),
        door=_written(told.door),
        people=tour.people,
        guests=[_guest(person, [language]) for person in occasion.guests],
        hosts=[
            _guest(person, [language]) for person in tour.persons if person.side == Side.HOST
        ],
        guests_languages=list(tour.languages),
        interpreters=list(_interpreters(occasion)),
        stops=list(_stops(db, occasion, language)),
        talking_points=_written(told.talking_points),
        country_links=_written(told.country_links),
        to_avoid=_written(told.to_avoid),
        access=_written(told.access_needs),
        dietary=_written(told.dietary),
        quiet=_written(told.quiet_needs),
        dress=_written(told.dress),
        gifts=_written(told.gifts_planned),
        weather=_written(told.weather_plan),
        photo_policy=PhotoPolicy(tour.photo_policy),
        with_press=tour.with_press,
        contacts=[
            Contact(of, line)
            for of, words in (
                (ContactFor.HOST, told.host_unit),
                (ContactFor.REQUEST, told.requested_by),
                (ContactFor.ANYTHING, told.contact),
                (ContactFor.SECURITY, told.security_contact),
                (ContactFor.VEHICLES, told.vehicles),
            )
            if (line := _written(words))
        ],
        notes=_written(told.notes),
    )


def _head(occasion: Occasion) -> list[Named]:
    heads = (one for one in occasion.guests if one.role == PersonRole.HEAD)
    if (head := next(heads, None)) is None:
        return []
    return [
        Named(name_in(head, language.tag), first_in(head.positions, language.chain))
        for language in occasion.languages
    ]


def name_in(person: TourPerson, tag: str) -> Passage:
    """Say a name as readers of a language get it, with the language that it then is in."""
    name = person.name_in(tag)
    if name == person.name_official:
        return Passage(name, person.name_language)
    return Passage(name, "az" if name == person.name_az else "en")


def _entries(db: Session, occasion: Occasion) -> Iterator[Entry]:
    """Put stops that follow each other in one exhibition together, below its name."""
    for _, some in groupby(occasion.legs(db), lambda leg: _heading_key(leg.stop)):
        found = list(some)
        first = found[0].stop
        at = occasion.clock_at(found[0])
        if at is None:
            raise NoDayError
        room = first.room
        yield Entry(
            at,
            _pair(room.names if room else first.names, first, occasion.languages),
            [
                _pair(leg.stop.exhibit.names, leg.stop, occasion.languages)
                for leg in found
                if leg.stop.exhibit
            ],
        )


def _heading_key(stop: TourStop) -> tuple[str, int]:
    return ("room", stop.room.id) if stop.room else ("stop", stop.id)


def _pair(words: Words, stop: TourStop, languages: Iterable[Language]) -> Pair:
    return tuple(first_in(words, one.chain) or stop.name_in(one.chain) for one in languages)


def _guest(person: TourPerson, languages: Sequence[Language]) -> Guest:
    spelt = ((person.name_az, "az"), (person.name_en, "en"))
    return Guest(
        name=Passage(person.name_official, person.name_language),
        role=PersonRole(person.role),
        spellings=[
            Passage(name, tag) for name, tag in spelt if name and name != person.name_official
        ],
        positions=_positions(person.positions, languages),
        party=_written(person.affiliation),
        address=_written(person.short_address),
        pronunciation=_written(person.pronunciation),
        is_not_photographed=person.do_not_photograph,
    )


def _positions(told: Words, languages: Iterable[Language]) -> list[Passage]:
    """Say what somebody is in each language; what two of them share is said once."""
    found = (first_in(told, language.chain) for language in languages)
    return [*dict.fromkeys(one for one in found if one)]


def _interpreters(occasion: Occasion) -> Iterator[Interpreting]:
    for one in occasion.tour.interpreters:
        yield Interpreting(
            name=Passage(one.interpreter.name, WRITTEN_IN),
            from_language=one.from_language,
            to_language=one.to_language,
            mode=Mode(one.mode),
            whisper_sets=one.whisper_sets,
            begins=occasion.clock(one.starts_at),
            ends=occasion.clock(one.ends_at),
            contact=one.interpreter.contact,
        )


def _stops(db: Session, occasion: Occasion, language: Language) -> Iterator[Stop]:
    points = _points(db, occasion.tour.stops, language.chain)
    for leg in occasion.legs(db):
        stop = leg.stop
        yield Stop(
            at=occasion.clock_at(leg),
            minutes=stop.minutes,
            name=stop.name_in(language.chain),
            priority=Priority(stop.priority),
            points=points.get(stop.exhibit_id or 0, ()),
            note=_written(stop.note),
        )


def _points(
    db: Session, stops: Iterable[TourStop], chain: Sequence[str]
) -> Mapping[int, Sequence[Passage]]:
    """Read what to look for at each exhibit, as it is published, along a chain."""
    wanted = {stop.exhibit_id for stop in stops if stop.exhibit_id}
    query = select(ExhibitText).where(
        ExhibitText.exhibit_id.in_(wanted), ExhibitText.published_at.is_not(None)
    )
    of_each: dict[int, list[ExhibitText]] = {}
    for text in db.scalars(query):
        of_each.setdefault(text.exhibit_id, []).append(text)
    return {
        exhibit: read_along(texts, chain).look_for[:MOST_POINTS]
        for exhibit, texts in of_each.items()
    }


def _written(words: str) -> Passage | None:
    return Passage(words, WRITTEN_IN) if words.strip() else None
