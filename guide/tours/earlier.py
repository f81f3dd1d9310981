"""The routes that a tour had before, so that every change can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from guide.exhibits.halls import Hall
from guide.exhibits.model import Exhibit, Exhibition
from guide.tours.model import Tour
from guide.tours.stops import EarlierRoute, Priority, TourStop

MOST_KEPT = 20
FIELDS = ("minutes", "priority", "note")
"""What of a stop people change; the trail names these, and "stops" and "order"."""
THINGS = ("exhibit_id", "exhibition_id")

Told = Sequence[Mapping[str, Any]]


def told(stops: Iterable[TourStop]) -> Told:
    """Say what stops hold, as it is kept."""
    return [
        {
            "id": stop.id,
            "exhibit_id": stop.exhibit_id,
            "exhibition_id": stop.exhibition_id,
            "hall_id": stop.hall_id,
            "names": dict(stop.names),
            "minutes": stop.minutes,
            "priority": str(stop.priority),
            "note": stop.note,
        }
        for stop in stops
    ]


def changes(before: Told, after: Told) -> list[str]:
    """Name what differs between two routes: "stops", "order", "minutes", "priority", "note"."""
    one, other = ({stop["id"]: stop for stop in route} for route in (before, after))
    found: list[str] = []
    if one.keys() != other.keys():
        found.append("stops")
    both = one.keys() & other.keys()
    if [key for key in one if key in both] != [key for key in other if key in both]:
        found.append("order")
    found += [
        name for name in FIELDS if any(one[key][name] != other[key][name] for key in both)
    ]
    return found


def keep(db: Session, tour: Tour, before: Told, account_id: int, at: datetime) -> None:
    """Keep the route as it was before a change; of the oldest no more than the last twenty."""
    db.add(EarlierRoute(tour_id=tour.id, at=at, account_id=account_id, stops=before))
    db.flush()
    kept = [one.id for one in earlier_routes(db, tour.id)]
    db.execute(delete(EarlierRoute).where(EarlierRoute.id.in_(kept[MOST_KEPT:])))


def earlier_routes(db: Session, tour_id: int) -> list[EarlierRoute]:
    """List the routes that a tour had, the latest first."""
    query = select(EarlierRoute).where(EarlierRoute.tour_id == tour_id)
    return list(db.scalars(query.order_by(EarlierRoute.id.desc())))


def put_back(db: Session, tour: Tour, route: Told) -> None:
    """Give a tour an earlier route again, but for what the guide no longer has.

    Stops that are still there are the same stops as before.
    """
    there = {stop.id: stop for stop in tour.stops}
    keys = {"exhibit_id": Exhibit.id, "exhibition_id": Exhibition.id, "hall_id": Hall.id}
    known = {
        name: set(db.scalars(select(key).where(key.in_(_named(route, name)))))
        for name, key in keys.items()
    }
    stops: list[TourStop] = []
    for said in route:
        if any(said[name] and said[name] not in known[name] for name in THINGS):
            continue
        stop = there.get(said["id"]) or TourStop()
        stop.exhibit_id, stop.exhibition_id = said["exhibit_id"], said["exhibition_id"]
        stop.hall_id = said["hall_id"] if said["hall_id"] in known["hall_id"] else None
        stop.names, stop.note = said["names"], said["note"]
        stop.minutes, stop.priority = said["minutes"], Priority(said["priority"])
        stops.append(stop)
    put(tour, stops)


def put(tour: Tour, stops: Sequence[TourStop]) -> None:
    """Make stops the route of a tour, in their order."""
    for position, stop in enumerate(stops, 1):
        stop.position = position
    tour.stops = list(stops)


def _named(route: Told, name: str) -> set[int]:
    return {said[name] for said in route if said[name]}
