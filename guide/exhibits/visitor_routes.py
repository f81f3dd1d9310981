"""Routes: exhibits in an order that somebody thought of, such as the highlights."""

from sqlalchemy import JSON, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from guide.db import Base
from guide.exhibits.model import Exhibit
from guide.exhibits.words import Words


class Route(Base):
    """A walk that visitors can follow by themselves, with the minutes that it takes."""

    __tablename__ = "routes"
    # A number is never given again: revisions of a route that is gone stay its own.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (as SQLAlchemy reads it)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]
    minutes: Mapped[int]
    names: Mapped[Words] = mapped_column(JSON)


class RouteStop(Base):
    """An exhibit on a route; the first has the number 1."""

    __tablename__ = "route_stops"

    route_id: Mapped[int] = mapped_column(ForeignKey("routes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    exhibit_id: Mapped[int] = mapped_column(ForeignKey("exhibits.id"), index=True)


def routes_in_order(db: Session) -> list[Route]:
    """List the routes in their order."""
    return list(db.scalars(select(Route).order_by(Route.position, Route.slug)))


def stops_by_route(db: Session) -> dict[int, tuple[str, ...]]:
    """Return the slugs of the exhibits of every route, in their order."""
    query = (
        select(RouteStop.route_id, Exhibit.slug)
        .join(Exhibit, Exhibit.id == RouteStop.exhibit_id)
        .order_by(RouteStop.route_id, RouteStop.number)
    )
    found: dict[int, tuple[str, ...]] = {}
    for route, slug in db.execute(query):
        found[route] = (*found.get(route, ()), slug)
    return found


def lead_along(db: Session, route: Route, stops: tuple[str, ...]) -> None:
    """Give a route, which is in the database, these exhibits by their slugs."""
    ids = dict(
        db.execute(select(Exhibit.slug, Exhibit.id).where(Exhibit.slug.in_(stops))).all()
    )
    db.execute(delete(RouteStop).where(RouteStop.route_id == route.id))
    db.add_all(
        RouteStop(route_id=route.id, number=number, exhibit_id=ids[slug])
        for number, slug in enumerate(stops, 1)
    )
    db.flush()


def take_away(db: Session, route: Route) -> None:
    """Take a route away; its exhibits stay."""
    db.execute(delete(RouteStop).where(RouteStop.route_id == route.id))
    db.delete(route)
    db.flush()
