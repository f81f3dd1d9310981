"""The map as visitors may see it: halls, what stands in each, and routes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from guide.exhibits.halls import Hall, Plan
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.published import IS_PUBLISHED
from guide.exhibits.showing import Signpost
from guide.exhibits.visitor_routes import Route, RouteStop


@dataclass(frozen=True)
class ShownHall:
    """A hall, the exhibitions in it, and exhibits that stand there by themselves."""

    signpost: Signpost
    floor: int
    place: tuple[int, int, int, int] | None
    exhibitions: tuple[Signpost, ...]
    exhibits: tuple[Signpost, ...]


@dataclass(frozen=True)
class ShownRoute:
    """A route with those of its exhibits that are published."""

    signpost: Signpost
    minutes: int
    stops: tuple[Signpost, ...]


@dataclass(frozen=True)
class ShownMap:
    """All that the map tells; `elsewhere` are the exhibitions whose hall is not known."""

    halls: tuple[ShownHall, ...]
    svg: str
    marks: tuple[Mapping[str, Any], ...]
    elsewhere: tuple[Signpost, ...]
    routes: tuple[ShownRoute, ...]


def read_map(rows: Connection) -> ShownMap:
    """Read the map."""
    exhibitions = rows.execute(_EXHIBITIONS).all()
    exhibits = rows.execute(_EXHIBITS).all()
    stops = rows.execute(_STOPS).all()
    plan = rows.execute(_PLAN).first()
    return ShownMap(
        halls=tuple(
            ShownHall(
                signpost=Signpost(row.slug, row.names),
                floor=row.floor,
                place=_place(row.place),
                exhibitions=tuple(_signpost(one) for one in exhibitions if one.hall == row.id),
                exhibits=tuple(_signpost(one) for one in exhibits if one.hall == row.id),
            )
            for row in rows.execute(_HALLS)
        ),
        svg=plan.svg if plan else "",
        marks=tuple(plan.marks) if plan else (),
        elsewhere=tuple(_signpost(one) for one in exhibitions if one.hall is None),
        routes=tuple(
            ShownRoute(Signpost(row.slug, row.names), row.minutes, along)
            for row in rows.execute(_ROUTES)
            if (along := tuple(_signpost(one) for one in stops if one.route_id == row.id))
        ),
    )


def _signpost(row: Any) -> Signpost:  # noqa: ANN401 (a row of slug and names)
    return Signpost(row.slug, row.names)


def _place(place: Sequence[int] | None) -> tuple[int, int, int, int] | None:
    if place is None:
        return None
    start, top, width, height = place
    return start, top, width, height


_HALLS = select(Hall.id, Hall.slug, Hall.names, Hall.floor, Hall.place).order_by(
    Hall.position, Hall.slug
)
_PLAN = select(Plan.svg, Plan.marks)
_EXHIBITIONS = select(
    Exhibition.slug, Exhibition.names, Exhibition.hall_id.label("hall")
).order_by(Exhibition.position, Exhibition.slug)
_EXHIBITS = (
    select(Exhibit.slug, Exhibit.names, Exhibit.hall_id.label("hall"))
    .join(Exhibit.exhibition)
    .where(
        Exhibit.hall_id.is_not(None),
        Exhibit.hall_id != func.coalesce(Exhibition.hall_id, 0),
        IS_PUBLISHED,
    )
    .order_by(Exhibition.position, Exhibit.position, Exhibit.slug)
)
_ROUTES = select(Route.id, Route.slug, Route.names, Route.minutes).order_by(
    Route.position, Route.slug
)
_STOPS = (
    select(RouteStop.route_id, Exhibit.slug, Exhibit.names)
    .join(Exhibit, Exhibit.id == RouteStop.exhibit_id)
    .where(IS_PUBLISHED, Exhibit.off_display_at.is_(None))
    .order_by(RouteStop.route_id, RouteStop.number)
)
