"""Between the database and the files of halls, plan and routes: the same, both ways."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from guide.exhibits.folder import Fault, Folder
from guide.exhibits.hall_sheets import (
    HallEntry,
    HallsSheet,
    MarkEntry,
    PlanSheet,
    RouteEntry,
    RoutesSheet,
    WayEntry,
)
from guide.exhibits.halls import (
    PLAN_ID,
    Hall,
    HallWay,
    Plan,
    halls_in_order,
    minutes_between,
    plan_of_house,
)
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.revisions import Said
from guide.exhibits.sheets import ExhibitionSheet, ExhibitSheet, Key, Sheet
from guide.exhibits.visitor_routes import (
    Route,
    lead_along,
    routes_in_order,
    stops_by_route,
    take_away,
)

HALLS, PLAN, ROUTES = ("halls", "", ""), ("plan", "", ""), ("routes", "", "")


def hall_sheets(db: Session) -> dict[Key, Sheet]:
    """Write halls, plan and routes as sheets; what there is nothing of has none."""
    sheets: dict[Key, Sheet] = {}
    halls, plan = halls_sheet(db), plan_of_house(db)
    if halls != HallsSheet():
        sheets[HALLS] = halls
    if plan.svg:
        sheets[PLAN] = PlanSheet(svg=plan.svg)
    if (routes := routes_sheet(db)).routes:
        sheets[ROUTES] = routes
    return sheets


def halls_sheet(db: Session) -> HallsSheet:
    """Write the halls, the ways between them and the marks as their sheet."""
    ways = minutes_between(db).items()
    return HallsSheet(
        halls=tuple(hall_entry(hall) for hall in halls_in_order(db)),
        ways=tuple(
            WayEntry(between=pair, minutes=minutes)
            for pair, minutes in sorted(ways)
            if pair[0] < pair[1]
        ),
        marks=tuple(MarkEntry.model_validate(dict(one)) for one in plan_of_house(db).marks),
    )


def hall_entry(hall: Hall) -> HallEntry:
    """Write one hall."""
    return HallEntry.model_validate(
        {
            "slug": hall.slug,
            "floor": hall.floor,
            "capacity": hall.capacity,
            "place": tuple(hall.place) if hall.place else None,
            "names": hall.names,
        }
    )


def routes_sheet(db: Session) -> RoutesSheet:
    """Write the routes as their sheet."""
    stops = stops_by_route(db)
    return RoutesSheet(
        routes=tuple(
            route_entry(route, stops.get(route.id, ())) for route in routes_in_order(db)
        )
    )


def route_entry(route: Route, stops: tuple[str, ...]) -> RouteEntry:
    """Write one route."""
    names = dict(route.names)
    return RouteEntry(slug=route.slug, minutes=route.minutes, stops=stops, names=names)


def words_of(
    sheet: HallsSheet | RoutesSheet,
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, str]]]:
    """Yield what is said in several languages, with its place in the file."""
    if isinstance(sheet, HallsSheet):
        for number, hall in enumerate(sheet.halls):
            yield ("halls", number, "names"), hall.names
    else:
        for number, route in enumerate(sheet.routes):
            yield ("routes", number, "names"), route.names


def bring_in(db: Session, sheet: HallsSheet | PlanSheet | RoutesSheet) -> None:
    """Write halls, the plan or routes into the database."""
    match sheet:
        case HallsSheet():
            _bring_in_halls(db, sheet)
        case PlanSheet():
            _bring_in_plan(db, sheet)
        case RoutesSheet():
            _bring_in_routes(db, sheet)


def _bring_in_halls(db: Session, sheet: HallsSheet) -> None:
    """Make the halls what the sheet says; one that it does not name is taken away."""
    known = {hall.slug: hall for hall in halls_in_order(db)}
    db.execute(delete(HallWay))
    for position, entry in enumerate(sheet.halls, 1):
        hall = known.pop(entry.slug, None) or Hall(slug=entry.slug)
        write_hall(hall, entry, position)
        db.add(hall)
    for gone in known.values():
        for owner in (Exhibit, Exhibition):
            db.execute(update(owner).where(owner.hall_id == gone.id).values(hall_id=None))
        db.delete(gone)
    db.flush()
    write_ways(db, sheet.ways)
    plan = plan_of_house(db)
    plan.marks = [one.model_dump(mode="json") for one in sheet.marks]
    db.add(plan)
    db.flush()


def write_hall(hall: Hall, entry: HallEntry, position: int) -> None:
    """Give a hall what its entry says."""
    hall.position = position
    hall.floor = entry.floor
    hall.capacity = entry.capacity
    hall.place = list(entry.place) if entry.place else None
    hall.names = entry.names


def write_ways(db: Session, ways: Iterable[WayEntry]) -> None:
    """Add ways between halls that have none yet."""
    ids = dict(db.execute(select(Hall.slug, Hall.id)).all())
    for way in ways:
        one, other = sorted(ids[slug] for slug in way.between)
        db.add(HallWay(hall_id=one, other_id=other, minutes=way.minutes))
    db.flush()


def _bring_in_plan(db: Session, sheet: PlanSheet) -> None:
    """Put the drawing behind the halls."""
    plan = plan_of_house(db)
    plan.svg = sheet.svg
    db.add(plan)


def _bring_in_routes(db: Session, sheet: RoutesSheet) -> None:
    """Make the routes what the sheet says; one that it does not name is taken away."""
    known = {route.slug: route for route in routes_in_order(db)}
    for position, entry in enumerate(sheet.routes, 1):
        route = known.pop(entry.slug, None) or Route(slug=entry.slug)
        write_route(db, route, entry, position)
    for gone in known.values():
        take_away(db, gone)


def write_route(db: Session, route: Route, entry: RouteEntry, position: int) -> None:
    """Give a route what its entry says."""
    route.position = position
    route.minutes = entry.minutes
    route.names = entry.names
    db.add(route)
    db.flush()
    lead_along(db, route, entry.stops)


def hall_with_id_of(db: Session, slug: str | None) -> int | None:
    """Return the number of a hall by its slug, none for none."""
    return db.scalar(select(Hall.id).where(Hall.slug == slug)) if slug else None


def slug_of_hall(db: Session | None, hall: int | None) -> str | None:
    """Return the slug of a hall by its number, none for none."""
    found = db.get(Hall, hall) if db and hall else None
    return found.slug if found else None


def said_by_halls(db: Session, sheets: Mapping[Key, Sheet]) -> Iterator[Said]:
    """Tell what was brought in of halls, plan and routes, a hall and a route each by itself."""
    if HALLS in sheets:
        for hall in halls_in_order(db):
            yield said_of_hall(db, hall)
    if HALLS in sheets or PLAN in sheets:
        yield said_of_plan(plan_of_house(db))
    if isinstance(routes := sheets.get(ROUTES), RoutesSheet):
        ids = {route.slug: route.id for route in routes_in_order(db)}
        for route in routes.routes:
            yield "route", ids[route.slug], "", route.model_dump(mode="json")


def said_of_hall(db: Session, hall: Hall) -> Said:
    """Tell what is known of a hall, and how far the others are."""
    ways = minutes_between(db).items()
    near = {other: minutes for (one, other), minutes in ways if one == hall.slug}
    told = hall_entry(hall).model_dump(mode="json") | {"ways": near}
    return "hall", hall.id, "", told


def said_of_plan(plan: Plan) -> Said:
    """Tell what the plan shows besides the halls."""
    return "plan", PLAN_ID, "", {"svg": plan.svg, "marks": list(plan.marks)}


def hall_faults(folder: Folder) -> Iterator[Fault]:
    """Yield what no file sees alone: halls and exhibits that are not there, or there twice."""
    halls, routes = folder.sheets.get(HALLS), folder.sheets.get(ROUTES)
    known: set[str] = set()
    if isinstance(halls, HallsSheet):
        yield from _twice(folder, HALLS, "halls", [one.slug for one in halls.halls])
        known = {one.slug for one in halls.halls}
        yield from _wrong_ways(folder, halls, known)
    for key, sheet in folder.sheets.items():
        hall = sheet.hall if isinstance(sheet, ExhibitSheet | ExhibitionSheet) else None
        if hall and hall not in known:
            yield folder.fault(key, ("hall",), f"«{hall}»", "the slug of a hall")
    if isinstance(routes, RoutesSheet):
        yield from _twice(folder, ROUTES, "routes", [one.slug for one in routes.routes])
        for number, route in enumerate(routes.routes):
            for stop in route.stops:
                if ("exhibit", stop, "") not in folder.sheets:
                    expected = "the slug of an exhibit in this folder"
                    place = ("routes", number, "stops")
                    yield folder.fault(ROUTES, place, f"«{stop}»", expected)


def _twice(folder: Folder, key: Key, table: str, slugs: list[str]) -> Iterator[Fault]:
    for number, slug in enumerate(slugs):
        if slug in slugs[:number]:
            place = (table, number, "slug")
            yield folder.fault(key, place, f"a second «{slug}»", "each slug once")


def _wrong_ways(folder: Folder, sheet: HallsSheet, known: set[str]) -> Iterator[Fault]:
    seen: set[frozenset[str]] = set()
    for number, way in enumerate(sheet.ways):
        place = ("ways", number, "between")
        for slug in sorted(set(way.between) - known):
            yield folder.fault(HALLS, place, f"«{slug}»", "the slug of a hall")
        if (pair := frozenset(way.between)) in seen:
            found = f"«{' – '.join(way.between)}» again"
            yield folder.fault(HALLS, place, found, "each pair of halls once")
        seen.add(pair)
