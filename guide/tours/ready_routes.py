"""What a route can be made from: the whole house in some minutes, or a route that there was."""

import re
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from guide.exhibits.visitor_routes import Route
from guide.exhibits.words import Passage
from guide.tours.access import OpenTour, exists_for, names_are_open_to
from guide.tours.finding import closed_places, on_show, open_rooms, shelves, stops_of_visitors
from guide.tours.model import Level, Tour
from guide.tours.naming import name_of
from guide.tours.queries import WITH_STOPS, ways_on_foot
from guide.tours.spreading import LENGTHS, spread, without_closed
from guide.tours.stops import Place, TourStop

WANTED = re.compile(r"(minutes|visitors|tour)-(\d{1,9})", re.ASCII)
MOST_TOURS = 20


def stops_of(db: Session, found: OpenTour, wanted: str) -> list[TourStop] | None:
    """Make the stops of a template by its name: "minutes-40", "visitors-3", "tour-7".

    What is not on show, or closed while the tour is there, is left out; None when there is
    no such template.
    """
    asked = WANTED.fullmatch(wanted)
    if asked is None:
        return None
    kind, number = asked[1], int(asked[2])
    closed = _closed(db, found.tour)
    if kind == "minutes":
        return _through_the_house(db, number, closed) if number in LENGTHS else None
    if kind == "visitors":
        there = db.get(Route, number)
        return without_closed(stops_of_visitors(db, number), closed) if there else None
    tour = db.scalar(_tours(found).where(Tour.id == number))
    return without_closed(_copied(db, tour), closed) if tour else None


def tours_to_take(db: Session, found: OpenTour) -> list[Tour]:
    """List the latest tours with stops that somebody may read, but for the one before them."""
    query = _tours(found).order_by(Tour.date.desc().nulls_last(), Tour.id.desc())
    return list(db.scalars(query.limit(MOST_TOURS)))


def name_with_date(tour: Tour, chain: Sequence[str]) -> Passage:
    """Return what a tour is called among others."""
    name = name_of(tour, chain)
    told = " · ".join(one for one in (name.text, tour.date or "", tour.reference) if one)
    return Passage(told, name.language)


def _through_the_house(db: Session, minutes: int, closed: frozenset[Place]) -> list[TourStop]:
    open_ = [without_closed(shelf, closed) for shelf in shelves(db)]
    return spread(open_, ways_on_foot(db), minutes)


def _closed(db: Session, tour: Tour) -> frozenset[Place]:
    if tour.starts_at is None or tour.ends_at is None:
        return frozenset()
    return closed_places(db, tour.starts_at, tour.ends_at)


def _tours(found: OpenTour) -> Select[Tour]:
    who = found.who
    return (
        select(Tour)
        .where(Tour.id != found.tour.id, exists_for(who), names_are_open_to(who))
        .where(Tour.stops.any())
        .options(*WITH_STOPS)
    )


def _copied(db: Session, tour: Tour) -> list[TourStop]:
    """Copy the stops of a tour; what was noted for those guests is not for others.

    Nor are the free words of a confidential tour, which may name somebody.
    """
    shown = {exhibit.id for exhibit in on_show(db)}
    rooms = open_rooms(db)
    is_confidential = tour.level >= Level.RESTRICTED
    return [
        TourStop(
            exhibit=stop.exhibit,
            exhibition=stop.exhibition,
            exhibit_id=stop.exhibit_id,
            exhibition_id=stop.exhibition_id,
            hall_id=stop.hall_id,
            names=stop.names,
            minutes=stop.minutes,
            priority=stop.priority,
            note="",
        )
        for stop in tour.stops
        if (stop.exhibit_id in shown if stop.exhibit_id else stop.exhibition_id in rooms)
        or (stop.room is None and not is_confidential)
    ]
