"""The routes that visitors can follow: exhibits in an order, and the minutes they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.hall_forms import (
    free_slug,
    name_of,
    reordered,
    route_in,
    stop_rows,
    values_of_route,
    with_stop_moved,
)
from guide.curation.pages import Tongue, chain_of
from guide.curation.queries import tongues
from guide.curation.record_forms import slug_of_name
from guide.curation.record_pages import Choosable, InTongue, Typed, choosable
from guide.exhibits.hall_exchange import route_entry, write_route
from guide.exhibits.hall_sheets import RouteEntry
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.revisions import By, Cause, keep, latest_number
from guide.exhibits.visitor_routes import Route, routes_in_order, stops_by_route, take_away
from guide.exhibits.words import Passage, first_in
from guide.web.forms import Posted
from guide.web.pages import render
from guide.web.session import SAFE, Db

router = APIRouter()
ROUTES = "/staff/routes"
NEW = ROUTES + "/new"
ROUTE = ROUTES + "/{route}"
DONE = frozenset({"saved", "removed", "ordered"})


@dataclass(frozen=True)
class ListedRoute:
    """A route in the list."""

    slug: str
    name: Passage
    minutes: int
    stops: int


@dataclass(frozen=True)
class RoutesPage(OfficePage):
    """The routes in their order."""

    template: ClassVar[str] = "curation/routes.html"

    routes: tuple[ListedRoute, ...]
    done: str = ""


@dataclass(frozen=True)
class StopRow:
    """A stop of the form; the last ones are empty."""

    number: int
    exhibit: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class RoutePage(OfficePage):
    """A route, or what is asked of a new one; `problem` is "stale" or "unreadable"."""

    template: ClassVar[str] = "curation/route.html"

    slug: str
    name: Passage | None
    version: int
    values: Mapping[str, str]
    errors: Mapping[str, str]
    names: tuple[InTongue, ...]
    stops: tuple[StopRow, ...]
    exhibits: tuple[Choosable, ...]
    problem: str = ""
    done: str = ""


def route_in_path(request: Request, db: Db, _curator: Curator, route: str) -> Route:
    """Find the route that the address names; others who change it wait."""
    query = select(Route).where(Route.slug == route)
    found = db.scalar(query if request.method in SAFE else query.with_for_update())
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


RouteInPath = Annotated[Route, Depends(route_in_path)]


@router.api_route(ROUTES, methods=READ, name="curation.routes")
def list_routes(request: Request, db: Db, curator: Curator, done: str = "") -> Response:
    """List the routes."""
    frame = OfficeFrame.around(request, curator, AREA)
    stops = stops_by_route(db)
    routes = tuple(
        ListedRoute(
            one.slug,
            first_in(one.names, chain_of(frame)) or Passage(one.slug, "zxx"),
            one.minutes,
            len(stops.get(one.id, ())),
        )
        for one in routes_in_order(db)
    )
    return render(request, RoutesPage(frame, routes, done if done in DONE else ""))


@router.post(ROUTES + "/order", name="curation.routes.order")
def order_routes(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Move a route up or down in the list."""
    routes = {one.slug: one for one in routes_in_order(db)}
    order = reordered(list(routes), fields.get("move", ""))
    if order != list(routes):
        for position, slug in enumerate(order, 1):
            routes[slug].position = position
        at = datetime.now(UTC)
        db.add(AuditEntry.of(account_of(db, curator), "routes.ordered", "routes:all", at))
    return _to_list(request, "ordered")


@router.api_route(NEW, methods=READ, name="curation.route.new")
def ask_for_route(request: Request, db: Db, curator: Curator) -> Response:
    """Ask what a new route is called, and what it leads past."""
    return render(request, _page(request, db, curator, None, {"minutes": "30"}))


@router.post(NEW, name="curation.route.create")
def add_route(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Add a route, the last in the order."""
    routes = routes_in_order(db)
    wanted = slug_of_name(name_of(fields))
    slug = free_slug(wanted, "route", [one.slug for one in routes])
    entry, errors = _read(db, fields, slug)
    if entry is None:
        page = _page(request, db, curator, None, fields, problem="unreadable", errors=errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    route = Route(slug=slug)
    write_route(db, route, entry, max((one.position for one in routes), default=0) + 1)
    _keep(db, route, "route.added", curator, Cause.SAVED)
    return _again(request, route)


@router.api_route(ROUTE, methods=READ, name="curation.route")
def show_route(
    request: Request, db: Db, curator: Curator, route: RouteInPath, done: str = ""
) -> Response:
    """Show a route."""
    done = done if done in DONE else ""
    values = values_of_route(_entry(db, route))
    return render(request, _page(request, db, curator, route, values, done=done))


@router.post(ROUTE, name="curation.route.save")
def save_route(
    request: Request, db: Db, curator: Curator, route: RouteInPath, fields: Posted
) -> Response:
    """Save a route, with a stop moved if a button for that was pressed."""
    values = with_stop_moved(fields, fields.get("move", ""))
    if fields.get("version") != str(_version(db, route)):
        page = _page(request, db, curator, route, values, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    entry, errors = _read(db, values, route.slug)
    if entry is None:
        page = _page(request, db, curator, route, values, problem="unreadable", errors=errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if entry != _entry(db, route):
        write_route(db, route, entry, route.position)
        _keep(db, route, "route.saved", curator, Cause.SAVED)
    return _again(request, route)


@router.post(ROUTE + "/removal", name="curation.route.remove")
def remove_route(request: Request, db: Db, curator: Curator, route: RouteInPath) -> Response:
    """Take a route away; its exhibits stay, and what it said is kept as a revision."""
    _keep(db, route, "route.removed", curator, Cause.DISCARDED)
    take_away(db, route)
    return _to_list(request, "removed")


def _read(
    db: Session, values: Mapping[str, str], slug: str
) -> tuple[RouteEntry | None, dict[str, str]]:
    exhibits = db.scalars(select(Exhibit.slug))
    return route_in(values, slug, [one.tag for one in tongues(db)], exhibits)


def _entry(db: Session, route: Route) -> RouteEntry:
    return route_entry(route, stops_by_route(db).get(route.id, ()))


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    route: Route | None,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    done: str = "",
) -> RoutePage:
    frame = OfficeFrame.around(request, curator, AREA)
    typed = Typed(values, [Tongue.of(one) for one in tongues(db)])
    exhibits = (
        select(Exhibit.slug, Exhibit.names)
        .join(Exhibit.exhibition)
        .order_by(Exhibition.position, Exhibit.position, Exhibit.slug)
    )
    rows = stop_rows(values)
    named = [row for row in rows if values.get(f"stop-{row}")]
    is_there = Exhibit.removed_at.is_(None)
    stops = [values.get(f"stop-{row}", "") for row in named]
    exhibits = exhibits.where(is_there | Exhibit.slug.in_(stops))
    return RoutePage(
        frame,
        slug=route.slug if route else "",
        name=_name(route, frame) if route else None,
        version=_version(db, route) if route else 0,
        values={"minutes": "", **values},
        errors=errors or {},
        names=typed.in_tongues("names"),
        stops=tuple(
            StopRow(
                row,
                values.get(f"stop-{row}", ""),
                is_first=row not in named or row == named[0],
                is_last=row not in named or row == named[-1],
            )
            for row in rows
        ),
        exhibits=choosable([(slug, names) for slug, names in db.execute(exhibits)], frame),
        problem=problem,
        done=done,
    )


def _name(route: Route, frame: OfficeFrame) -> Passage:
    return first_in(route.names, chain_of(frame)) or Passage(route.slug, "zxx")


def _version(db: Session, route: Route) -> int:
    return latest_number(db, "route", route.id, "")


def _keep(db: Session, route: Route, deed: str, curator: Person, cause: Cause) -> None:
    at = datetime.now(UTC)
    told = _entry(db, route).model_dump(mode="json")
    keep(db, ("route", route.id, "", told), cause, at, By(curator.id))
    db.add(AuditEntry.of(account_of(db, curator), deed, f"route:{route.slug}"[:80], at))


def _again(request: Request, route: Route) -> Response:
    path = request.app.url_path_for("curation.route", route=route.slug)
    return RedirectResponse(f"{path}?done=saved", HTTPStatus.SEE_OTHER)


def _to_list(request: Request, done: str) -> Response:
    path = request.app.url_path_for("curation.routes")
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
