"""Finding visits: what somebody may open is asked of the database, the rest is sifted here.

A visit is read as a few columns, with the exhibitions of its route and the guests that were
counted on the way: three queries, however many there are. Words are looked for without
case and marks; in names of persons, and in words that may name one, only where whoever
looks may read them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from guide.exhibits.halls import Hall
from guide.exhibits.model import Exhibit, Exhibition
from guide.languages.catalogues import locale
from guide.languages.folding import fold
from guide.tours.access import Reader, exists_for, names_are_open_to
from guide.tours.model import Level, Party, State, Tour
from guide.tours.naming import COUNTRY
from guide.tours.people import TourPerson
from guide.tours.queries import is_coming
from guide.tours.slots import bounds
from guide.tours.stops import TourStop
from guide.tours.visits.wish import FIELDS, When, Wish
from guide.tours.walking.events import Kind, WalkEvent

OFFICE_LANGUAGES = ("az", "en")
"""In which the office knows countries by name."""


@dataclass(frozen=True)
class Visit:
    """A tour as it is listed and counted: nothing in it names a person.

    `date` is as exactly as it is known. `expected` is how many were announced, `counted` how
    many were there when the guide last counted. `exhibitions` are slugs, of those that its
    route leads through.
    """

    id: int
    reference: str
    state: str
    level: int
    category: str
    parties: tuple[Party, ...]
    languages: tuple[str, ...]
    expected: int | None
    counted: int | None
    date: str
    last_date: str
    starts_at: datetime | None
    ends_at: datetime | None
    exhibitions: frozenset[str] = frozenset()

    @property
    def guests(self) -> int | None:
        """How many guests: as they were counted, else as they were announced."""
        return self.expected if self.counted is None else self.counted

    @property
    def countries(self) -> frozenset[str]:
        """The countries that it comes from, by their codes; by a name what has no code."""
        there = (one for one in self.parties if one.kind == COUNTRY)
        return frozenset(one.code or next(iter(one.names.values()), "") for one in there) - {""}

    def values(self, name: str) -> Collection[str]:
        """Return what it has in one of the fields that a list is narrowed by."""
        match name:
            case "country":
                return self.countries
            case "language":
                return self.languages
            case "exhibition":
                return self.exhibitions
            case "level":
                return (str(self.level),)
            case _:
                return (str(getattr(self, name)),)


@dataclass(frozen=True)
class Sifted:
    """The visits that are found, in their order, and what each field could be narrowed to."""

    found: tuple[Visit, ...]
    offered: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


def looked_up(  # noqa: PLR0913, PLR0917 (who looks, for what, among whose, and what day it is)
    db: Session,
    who: Reader,
    wish: Wish,
    only: ColumnElement[bool] | None,
    today: date,
    zone: ZoneInfo,
) -> Sifted:
    """Find the visits that somebody may open and that they look for.

    The coming ones begin with the nearest, all others with the latest.
    """
    conditions = [exists_for(who), *_in_time(wish, today, zone)]
    if only is not None:
        conditions.append(only)
    visits = _visits(db, conditions, nearest_first=wish.when is When.COMING)
    if wish.folded:
        said = _words_of(db, who, visits, conditions)
        visits = [one for one in visits if _has_all(said.get(one.id, ""), wish.folded)]
    return sifted(visits, wish)


def sifted(visits: Iterable[Visit], wish: Wish) -> Sifted:
    """Keep what a wish is narrowed to; a field offers what the other fields leave of it."""
    found: list[Visit] = []
    offered: dict[str, set[str]] = {name: set() for name in FIELDS}
    for visit in visits:
        failed = [
            name for name, value in wish.narrowed.items() if value not in visit.values(name)
        ]
        if not failed:
            found.append(visit)
        for name in FIELDS if not failed else failed if len(failed) == 1 else ():
            offered[name].update(visit.values(name))
    return Sifted(tuple(found), {name: frozenset(some) for name, some in offered.items()})


def closed_of_ended_years(db: Session, who: Reader, today: date) -> list[Visit]:
    """List the closed visits of years that are over and that do not exist for somebody.

    For totals alone: see `closed_by_year`.
    """
    over = (Tour.level == Level.CLOSED, Tour.state == State.COMPLETED)
    return _visits(db, [*over, Tour.date < f"{today.year:04}", not_(exists_for(who))])


def taken_place(db: Session, wish: Wish, today: date, zone: ZoneInfo) -> list[Visit]:
    """List the visits of a time that took place and are not closed, whoever asks.

    For totals alone, which are told to those who may open none of them.
    """
    over = (Tour.level < Level.CLOSED, Tour.state == State.COMPLETED)
    return _visits(db, [*over, *_in_time(wish, today, zone)])


def _in_time(wish: Wish, today: date, zone: ZoneInfo) -> Iterator[ColumnElement[bool]]:
    """Whether a tour is of the time that is asked for, as exactly as its day is known."""
    coming = is_coming(today, bounds(today, today, zone)[0])
    if wish.when is When.COMING:
        yield coming
    elif wish.when is When.PAST:
        yield not_(coming)
    if wish.first:
        day, last = wish.first.isoformat(), func.coalesce(Tour.last_date, Tour.date)
        yield or_(last >= day, last.in_((day[:4], day[:7])))
    if wish.last:
        yield and_(Tour.date.is_not(None), Tour.date <= wish.last.isoformat())


def _visits(
    db: Session, conditions: Sequence[ColumnElement[bool]], *, nearest_first: bool = False
) -> list[Visit]:
    rooms = _rooms(db, conditions)
    counted = _counted(db, conditions)
    columns = (
        *(Tour.id, Tour.reference, Tour.state, Tour.level, Tour.category, Tour.parties),
        *(Tour.languages, Tour.people, Tour.date, Tour.last_date, Tour.starts_at, Tour.ends_at),
    )
    order = (
        (Tour.date.nulls_last(), Tour.starts_at.nulls_last(), Tour.id)
        if nearest_first
        else (
            *(Tour.date.desc().nulls_last(), Tour.starts_at.desc().nulls_last()),
            Tour.id.desc(),
        )
    )
    query = select(*columns).where(*conditions).order_by(*order)
    return [
        Visit(
            id=row.id,
            reference=row.reference,
            state=row.state,
            level=row.level,
            category=row.category,
            parties=row.parties,
            languages=tuple(row.languages),
            expected=row.people,
            counted=counted.get(row.id),
            date=row.date or "",
            last_date=row.last_date or "",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            exhibitions=frozenset(rooms.get(row.id, ())),
        )
        for row in db.execute(query)
    ]


def _rooms(db: Session, conditions: Sequence[ColumnElement[bool]]) -> dict[int, set[str]]:
    """Return the exhibitions that routes lead through, by tour."""
    query = (
        select(TourStop.tour_id, Exhibition.slug)
        .join(Tour, Tour.id == TourStop.tour_id)
        .outerjoin(Exhibit, Exhibit.id == TourStop.exhibit_id)
        .join(
            Exhibition,
            Exhibition.id == func.coalesce(TourStop.exhibition_id, Exhibit.exhibition_id),
        )
    )
    found: dict[int, set[str]] = {}
    for tour, slug in db.execute(query.where(*conditions).distinct()):
        found.setdefault(tour, set()).add(slug)
    return found


def _counted(db: Session, conditions: Sequence[ColumnElement[bool]]) -> dict[int, int]:
    """Return how many guests were counted last, by tour."""
    last = (
        select(WalkEvent.tour_id, func.max(WalkEvent.seq).label("seq"))
        .join(Tour, Tour.id == WalkEvent.tour_id)
        .where(WalkEvent.kind == Kind.COUNTED, WalkEvent.number.is_not(None), *conditions)
        .group_by(WalkEvent.tour_id)
        .subquery()
    )
    query = select(WalkEvent.tour_id, WalkEvent.number).join(
        last, and_(last.c.tour_id == WalkEvent.tour_id, last.c.seq == WalkEvent.seq)
    )
    return {tour: number for tour, number in db.execute(query) if number is not None}


def _words_of(
    db: Session,
    who: Reader,
    visits: Iterable[Visit],
    conditions: Sequence[ColumnElement[bool]],
) -> dict[int, str]:
    """Return what can be looked for in each visit, folded."""
    said = {one.id: [fold(" ".join(_own_words(one)))] for one in visits}
    for tour, words in (*_names(db, who, conditions), *_places(db, conditions)):
        if tour in said:
            said[tour].append(words)
    return {tour: "\n".join(words) for tour, words in said.items()}


def _own_words(visit: Visit) -> Iterator[str]:
    yield visit.reference
    for party in visit.parties:
        yield from party.names.values()
        yield from _called(party.code)


@lru_cache(maxsize=512)
def _called(code: str) -> tuple[str, ...]:
    """Return what the office calls a country."""
    named = (locale(tag).territories.get(code) for tag in OFFICE_LANGUAGES)
    return tuple(name for name in named if name)


def _names(
    db: Session, who: Reader, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[tuple[int, str]]:
    """Yield the names of persons, and free words of stops, where they may be read."""
    open_to = (*conditions, names_are_open_to(who))
    named = select(
        *(TourPerson.tour_id, TourPerson.name_official, TourPerson.name_az),
        *(TourPerson.name_en, TourPerson.affiliation),
    ).join(Tour, Tour.id == TourPerson.tour_id)
    for tour, *words in db.execute(named.where(*open_to)):
        yield tour, fold("\n".join(words))
    free = select(TourStop.tour_id, TourStop.names).join(Tour, Tour.id == TourStop.tour_id)
    free = free.where(TourStop.exhibit_id.is_(None), TourStop.exhibition_id.is_(None))
    for tour, names in db.execute(free.where(*open_to)):
        yield tour, fold("\n".join(names.values()))


def _places(
    db: Session, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[tuple[int, str]]:
    """Yield what exhibits, exhibitions and halls of a route are called."""
    halls = {
        number: fold("\n".join(names.values()))
        for number, names in db.execute(select(Hall.id, Hall.names))
    }
    rooms = {
        number: "\n".join((fold("\n".join(names.values())), halls.get(hall or 0, "")))
        for number, names, hall in db.execute(
            select(Exhibition.id, Exhibition.names, Exhibition.hall_id)
        )
    }
    things = {
        number: "\n".join(
            (fold("\n".join(names.values())), rooms[room], halls.get(hall or 0, ""))
        )
        for number, names, room, hall in db.execute(
            select(Exhibit.id, Exhibit.names, Exhibit.exhibition_id, Exhibit.hall_id)
        )
    }
    query = (
        select(
            *(TourStop.tour_id, TourStop.exhibit_id, TourStop.exhibition_id, TourStop.hall_id)
        )
        .join(Tour, Tour.id == TourStop.tour_id)
        .where(*conditions)
        .distinct()
    )
    for tour, exhibit, room, hall in db.execute(query):
        yield (
            tour,
            "\n".join(
                (
                    things.get(exhibit or 0, ""),
                    rooms.get(room or 0, ""),
                    halls.get(hall or 0, ""),
                )
            ).strip(),
        )


def _has_all(said: str, words: Iterable[str]) -> bool:
    return all(word in said for word in words)
