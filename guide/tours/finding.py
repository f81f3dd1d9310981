"""What can be put into a route: exhibits on show, and exhibitions as a whole."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, joinedload

from guide.exhibits.halls import Hall
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.pictures import ExhibitRecording
from guide.exhibits.visitor_routes import RouteStop
from guide.exhibits.words import Words
from guide.languages.folding import fold
from guide.qr.code import canonical
from guide.qr.queries import printed
from guide.tours.queries import closures_between
from guide.tours.spreading import Shelf
from guide.tours.standing import Standing, Texts
from guide.tours.stops import Place, Priority, TourStop

AS_A_WHOLE = 15
"""Minutes that are put down for an exhibition as a whole, or all that its exhibits take."""

IS_ON_SHOW = and_(
    Exhibit.removed_at.is_(None),
    Exhibit.withdrawn_at.is_(None),
    Exhibit.off_display_at.is_(None),
)
IS_OPEN = and_(Exhibition.removed_at.is_(None), Exhibition.closed_at.is_(None))


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; `exhibition` and `hall` are slugs, and may be empty."""

    words: str = ""
    exhibition: str = ""
    hall: str = ""
    with_audio: bool = False
    with_text: bool = False


@dataclass(frozen=True)
class Addable:
    """Something that can be added, as the stop that it would become."""

    stop: TourStop
    names: Words
    has_audio: bool = False


def new_stop(thing: Exhibit | Exhibition, minutes: int = 0) -> TourStop:
    """Make a stop of something; an exhibit takes the minutes that its curator gave it."""
    named = {"names": {}, "priority": Priority.SHOULD, "note": ""}
    if isinstance(thing, Exhibit):
        return TourStop(
            exhibit=thing, exhibit_id=thing.id, minutes=minutes or thing.minutes, **named
        )
    return TourStop(exhibition=thing, exhibition_id=thing.id, minutes=minutes, **named)


def on_show(db: Session) -> list[Exhibit]:
    """List what is to be seen in exhibitions that are open, in the order of the house."""
    return list(db.scalars(_on_show()))


def open_rooms(db: Session) -> frozenset[int]:
    """Return the exhibitions that are open."""
    return frozenset(db.scalars(select(Exhibition.id).where(IS_OPEN)))


def shelves(db: Session) -> list[Shelf]:
    """Return what is on show, exhibition by exhibition."""
    by_room: dict[int, list[TourStop]] = {}
    for exhibit in on_show(db):
        by_room.setdefault(exhibit.exhibition_id, []).append(new_stop(exhibit))
    return list(by_room.values())


def stops_of_visitors(db: Session, route_id: int) -> list[TourStop]:
    """Return the exhibits of a visitors' route that are on show."""
    query = _on_show().join(RouteStop, RouteStop.exhibit_id == Exhibit.id)
    query = query.where(RouteStop.route_id == route_id).order_by(None)
    return [new_stop(exhibit) for exhibit in db.scalars(query.order_by(RouteStop.number))]


def thing(db: Session, kind: str, number: int) -> TourStop | None:
    """Find what somebody wants to add; what is not on show is not there."""
    if kind == "exhibit":
        exhibit = db.scalar(_on_show().where(Exhibit.id == number))
        return new_stop(exhibit) if exhibit else None
    room = db.scalar(select(Exhibition).where(Exhibition.id == number, IS_OPEN))
    return new_stop(room, _whole(db, room)) if room else None


def called(
    db: Session, exhibits: Collection[str], exhibitions: Collection[str]
) -> dict[tuple[str, str], tuple[Exhibit | Exhibition, int]]:
    """Find what can be added, by kind and slug, with the minutes that are put down for it."""
    there = on_show(db) if exhibits or exhibitions else []
    found: dict[tuple[str, str], tuple[Exhibit | Exhibition, int]] = {
        ("exhibit", one.slug): (one, one.minutes) for one in there if one.slug in exhibits
    }
    rooms = select(Exhibition).where(Exhibition.slug.in_(exhibitions), IS_OPEN)
    for room in db.scalars(rooms) if exhibitions else ():
        taken = sum(one.minutes for one in there if one.exhibition_id == room.id)
        found["exhibition", room.slug] = (room, _as_a_whole(taken))
    return found


def closed_places(db: Session, starts_at: datetime, ends_at: datetime) -> frozenset[Place]:
    """Return where nobody may go in a time or a part of it."""
    return frozenset(one.place for one in closures_between(db, starts_at, ends_at))


def addable(
    db: Session, wish: Wish, languages: Sequence[str], present: Sequence[TourStop]
) -> list[Addable]:
    """List what can be added and meets a wish, exhibitions first, without what is there."""
    there = {(stop.exhibit_id, stop.exhibition_id) for stop in present}
    found = [
        one
        for one in _all(db)
        if (one.stop.exhibit_id, one.stop.exhibition_id) not in there
        and (one.has_audio or not wish.with_audio)
    ]
    wanted, code = fold(wish.words).split(), _coded(db, wish.words)
    halls = {hall.slug: Place("hall", hall.id) for hall in db.scalars(select(Hall))}
    found = [
        one
        for one in found
        if (code == (one.stop.exhibit_id, one.stop.exhibition_id) or _is_called(one, wanted))
        and (not wish.exhibition or (one.stop.room and one.stop.room.slug == wish.exhibition))
        and (not wish.hall or one.stop.place == halls.get(wish.hall))
    ]
    if not wish.with_text:
        return found
    texts = Texts.about(db, [one.stop for one in found])
    return [one for one in found if _is_told(texts, one, languages)]


def _all(db: Session) -> Iterator[Addable]:
    exhibits = on_show(db)
    minutes: dict[int, int] = {}
    for exhibit in exhibits:
        number = exhibit.exhibition_id
        minutes[number] = minutes.get(number, 0) + exhibit.minutes
    rooms = select(Exhibition).where(IS_OPEN)
    for room in db.scalars(rooms.order_by(Exhibition.position, Exhibition.slug)):
        yield Addable(new_stop(room, _as_a_whole(minutes.get(room.id, 0))), room.names)
    heard = set(
        db.scalars(
            select(ExhibitRecording.exhibit_id).where(ExhibitRecording.shown_at.is_not(None))
        )
    )
    for exhibit in exhibits:
        yield Addable(new_stop(exhibit), exhibit.names, exhibit.id in heard)


def _on_show() -> Select[Exhibit]:
    return (
        select(Exhibit)
        .join(Exhibit.exhibition)
        .where(IS_ON_SHOW, IS_OPEN)
        .options(joinedload(Exhibit.exhibition))
        .order_by(Exhibition.position, Exhibition.slug, Exhibit.position, Exhibit.slug)
    )


def _whole(db: Session, room: Exhibition) -> int:
    there = [one.minutes for one in on_show(db) if one.exhibition_id == room.id]
    return _as_a_whole(sum(there))


def _as_a_whole(minutes: int) -> int:
    return min(minutes, AS_A_WHOLE) or AS_A_WHOLE


def _is_called(one: Addable, wanted: Sequence[str]) -> bool:
    """Say whether all words are in one of its names, or in that of its exhibition."""
    room = one.stop.room
    names = [*one.names.values(), *(room.names.values() if room else ())]
    folded = [fold(name) for name in names]
    return all(any(word in name for name in folded) for word in wanted)


def _coded(db: Session, words: str) -> tuple[int | None, int | None] | None:
    typed = canonical(words)
    code = printed(db, typed) if typed else None
    return (code.exhibit_id, code.exhibition_id) if code else None


def _is_told(texts: Texts, one: Addable, languages: Sequence[str]) -> bool:
    return all(texts.standing(one.stop, tag) != Standing.MISSING for tag in languages)
