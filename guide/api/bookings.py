"""Tours for other systems: asked for, planned, moved and walked, each by what its token may."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sqlalchemy.orm import Session

from guide.accounts.bearer import GuideOrPlannerByToken
from guide.accounts.office import zone_of
from guide.api.answers import for_one
from guide.api.contract import body_of, named
from guide.api.cursors import PAGE, Cursor, Limit, cursor_after, place_in, unknown_cursor
from guide.api.once import OnceOnly
from guide.api.refusing import told_plainly
from guide.api.tour_shapes import (
    EventsTaken,
    ReadinessShape,
    Taken,
    TourChanged,
    TourRow,
    Tours,
    TourShape,
)
from guide.api.tours_sent import Day, EventsSent, StopSent, StopsSent, TourSent
from guide.languages.queries import all_languages
from guide.tours import deeds, earlier, moves
from guide.tours.access import (
    OpenTour,
    asked_for,
    exists_for,
    require_changeable,
    require_readable,
)
from guide.tours.finding import called, new_stop
from guide.tours.left import BEFORE
from guide.tours.model import Tour
from guide.tours.promises import promises_kept
from guide.tours.queries import is_on, place_of, tours_after, ways_on_foot
from guide.tours.readiness import readiness_of
from guide.tours.stops import DEFAULT_MINUTES, Priority, TourStop
from guide.tours.timetable import legs
from guide.tours.walking.record import Sent, take_down_sent
from guide.web.forms import Number
from guide.web.json_bodies import API, JsonSent, ProblemError, read_json
from guide.web.session import Db

router = APIRouter(prefix=API, tags=["Tours"], generate_unique_id_function=named)
READ = ["GET", "HEAD"]
TOUR = "/tours/{tour_id}"
PLACE = (str, str, int)

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` of the tour as it was read; `*` is not enough.",
        examples=['"3"'],
    ),
]


def tour_asked(
    request: Request, db: Db, bearer: GuideOrPlannerByToken, tour_id: Number
) -> OpenTour:
    """Open the tour that the address names; that a confidential one was opened is noted."""
    return asked_for(request, db, bearer.who, tour_id)


TourAsked = Annotated[OpenTour, Depends(tour_asked)]


@router.api_route("/tours", methods=READ, name="api.tours", response_model=Tours)
def list_tours(  # noqa: PLR0913, PLR0917 (each may be asked)
    db: Db,
    bearer: GuideOrPlannerByToken,
    first: Annotated[
        Day | None, Query(alias="from", description="A day of the museum.")
    ] = None,
    last: Annotated[
        Day | None, Query(alias="to", description="A day of the museum; it is included.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response:
    """List the tours that the token may open, by day; those without a day come last."""
    place = _place(cursor)
    wanted = (exists_for(bearer.who), *is_on(first, last))
    found = tours_after(db, place, limit + 1, *wanted)
    after = _cursor(found[limit - 1]) if len(found) > limit else None
    return for_one(Tours(items=[TourRow.of(one) for one in found[:limit]], next=after))


@router.post(
    "/tours",
    name="api.tours.request",
    response_model=TourChanged,
    status_code=HTTPStatus.CREATED,
    openapi_extra=body_of(TourSent),
)
def request_tour(
    request: Request, db: Db, bearer: GuideOrPlannerByToken, once: OnceOnly, sent: JsonSent
) -> Response:
    """Put a new tour into the book; the token's account is in charge of it."""
    zone = zone_of(request)
    levels = deeds.levels_for(bearer.who)
    details = read_json(TourSent, sent).details(_tags(db), zone, levels)
    tour = deeds.request(db, details, bearer.who, datetime.now(UTC), zone)
    return once.keep(_changed(request, tour, HTTPStatus.CREATED))


@router.api_route(TOUR, methods=READ, name="api.tour", response_model=TourShape)
def show_tour(db: Db, found: TourAsked) -> Response:
    """Show a tour with its plan. Its `ETag` is its version."""
    timetable = legs(found.tour.stops, ways_on_foot(db))
    return for_one(TourShape.whole(found, timetable), headers=_tag(found.tour))


@router.put(
    TOUR + "/stops",
    name="api.tour.stops",
    response_model=TourChanged,
    openapi_extra=body_of(StopsSent),
)
def put_stops(  # noqa: PLR0913, PLR0917 (each is asked for)
    request: Request,
    db: Db,
    once: OnceOnly,
    found: TourAsked,
    sent: JsonSent,
    if_match: IfMatch = None,
) -> Response:
    """Put a route in the place of the one that is there.

    A confirmed tour is looked over once more: a change that breaks what somebody else was
    promised is 409 `clash`, unless a planner says why that may stand.
    """
    _require_seen(found, if_match, is_needed=True)
    route = read_json(StopsSent, sent)
    with told_plainly(found):
        require_changeable(found)
        before = earlier.told(found.tour.stops)
        with promises_kept(db, found, {"reason_to_let": route.reason or ""}):
            earlier.put(found.tour, _stops(db, found, route.stops))
            db.flush()
            deeds.reroute(db, found.tour, before, found.who, datetime.now(UTC))
    return once.keep(_changed(request, found.tour))


@router.post(TOUR + "/planning", name="api.tour.plan", response_model=TourChanged)
def plan(
    request: Request, db: Db, once: OnceOnly, found: TourAsked, if_match: IfMatch = None
) -> Response:
    """Say that a request is taken up; only what has a time is planned."""

    def take_up() -> None:
        require_changeable(found)
        found.tour.plan()
        deeds.write_down(db, found.tour, "tour.planned", found.who, datetime.now(UTC))

    return _moved(request, once, found, if_match, take_up)


@router.post(TOUR + "/confirmation", name="api.tour.confirm", response_model=TourChanged)
def confirm(
    request: Request, db: Db, once: OnceOnly, found: TourAsked, if_match: IfMatch = None
) -> Response:
    """Say that a tour takes place; 409 `clash` says what stands against it by now."""

    def settle() -> None:
        moves.confirm(db, found, datetime.now(UTC))

    return _moved(request, once, found, if_match, settle)


@router.post(TOUR + "/departure", name="api.tour.depart", response_model=TourChanged)
def depart(
    request: Request, db: Db, once: OnceOnly, found: TourAsked, if_match: IfMatch = None
) -> Response:
    """Say that the guests are on their way."""

    def set_out() -> None:
        moves.depart(db, found, datetime.now(UTC), request.app.state.secret)

    return _moved(request, once, found, if_match, set_out)


@router.post(TOUR + "/completion", name="api.tour.complete", response_model=TourChanged)
def complete(
    request: Request, db: Db, once: OnceOnly, found: TourAsked, if_match: IfMatch = None
) -> Response:
    """Say that the guests have left."""

    def end() -> None:
        moves.complete(db, found, datetime.now(UTC), request.app.state.secret)

    return _moved(request, once, found, if_match, end)


@router.post(TOUR + "/cancellation", name="api.tour.cancel", response_model=TourChanged)
def cancel(
    request: Request, db: Db, once: OnceOnly, found: TourAsked, if_match: IfMatch = None
) -> Response:
    """Say that a tour does not take place."""

    def call_off() -> None:
        moves.cancel(db, found, datetime.now(UTC))

    return _moved(request, once, found, if_match, call_off)


@router.post(
    TOUR + "/events",
    name="api.tour.events",
    response_model=EventsTaken,
    openapi_extra=body_of(EventsSent),
)
def record(request: Request, db: Db, found: TourAsked, sent: JsonSent) -> Response:
    """Take down what happened, each entry once; no other key is needed for that."""
    require_readable(found)
    batch = read_json(EventsSent, sent)
    origin = Sent(found.who, batch.sent_at, datetime.now(UTC))
    secret: str = request.app.state.secret
    with told_plainly(found):
        events = take_down_sent(db, found.tour, batch.entries, origin, secret)
    taken = [Taken(key=event.key, seq=event.seq) for event in events]
    shown = EventsTaken(taken=taken, tour=TourChanged.of(found.tour))
    return for_one(shown, headers=_tag(found.tour))


@router.api_route(
    TOUR + "/readiness", methods=READ, name="api.tour.readiness", response_model=ReadinessShape
)
def show_readiness(db: Db, found: TourAsked) -> Response:
    """Say what stands against a tour and what is left to do; 409 once it is under way."""
    require_readable(found)
    if found.tour.state not in BEFORE:
        raise ProblemError(HTTPStatus.CONFLICT, "too-late", state=str(found.tour.state))
    readiness = readiness_of(db, found.tour, exists_for(found.who))
    return for_one(ReadinessShape.of(found.tour, readiness), headers=_tag(found.tour))


def _moved(
    request: Request,
    once: OnceOnly,
    found: OpenTour,
    if_match: str | None,
    move: Callable[[], None],
) -> Response:
    _require_seen(found, if_match, is_needed=False)
    with told_plainly(found):
        move()
    return once.keep(_changed(request, found.tour))


def _require_seen(found: OpenTour, if_match: str | None, *, is_needed: bool) -> None:
    """Raise ProblemError unless the tour is as whoever changes it has seen it."""
    require_readable(found)
    if if_match is None or if_match.strip() == "*":
        if is_needed:
            raise ProblemError(HTTPStatus.PRECONDITION_REQUIRED, "no-version")
        return
    if _tag(found.tour)["ETag"] not in {one.strip() for one in if_match.split(",")}:
        status, version = HTTPStatus.PRECONDITION_FAILED, found.tour.version
        raise ProblemError(status, "stale", headers=_tag(found.tour), version=version)


def _stops(db: Session, found: OpenTour, sent: Sequence[StopSent]) -> list[TourStop]:
    """Make the stops of a route; raise ProblemError for those that there are not."""
    there = {stop.id: stop for stop in found.tour.stops}
    things = called(
        db,
        {one.exhibit for one in sent if one.exhibit},
        {one.exhibition for one in sent if one.exhibition},
    )
    tags = frozenset(_tags(db))
    stops: list[TourStop] = []
    faults: list[dict[str, str]] = []
    for number, one in enumerate(sent):
        fault = ""
        if one.id is not None:
            fault = "" if one.id in there else "id"
            stop = there.pop(one.id, None)
        elif one.names:
            fault = "" if all(name.language in tags for name in one.names) else "names"
            names = {name.language: name.text for name in one.names}
            stop = TourStop(names=names, minutes=DEFAULT_MINUTES)
        else:
            kind = "exhibit" if one.exhibit else "exhibition"
            thing = things.get((kind, one.exhibit or one.exhibition or ""))
            fault = "" if thing else kind
            stop = new_stop(*thing) if thing else None
        if stop is None or fault:
            faults.append({"field": f"stops.{number}.{fault}", "fault": "unknown"})
            continue
        stop.minutes = one.minutes or stop.minutes
        stop.priority = one.priority or stop.priority or Priority.SHOULD
        stop.note = (stop.note or "") if one.note is None else one.note
        stops.append(stop)
    if faults:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise ProblemError(status, "invalid", faults=faults)
    return stops


def _changed(request: Request, tour: Tour, status: HTTPStatus = HTTPStatus.OK) -> Response:
    headers = _tag(tour)
    if status == HTTPStatus.CREATED:
        path = request.app.url_path_for("api.tour", tour_id=str(tour.id))
        headers["Location"] = path
    return for_one(TourChanged.of(tour), status, headers)


def _tag(tour: Tour) -> dict[str, str]:
    return {"ETag": f'"{tour.version}"'}


def _cursor(tour: Tour) -> str:
    day, begins, number = place_of(tour)
    return cursor_after((day, begins.isoformat(), number))


def _place(cursor: str | None) -> tuple[str, datetime, int] | None:
    """Read where a list of tours goes on; raise ProblemError."""
    place = place_in(cursor, PLACE)
    if place is None:
        return None
    day, begins, number = place
    try:
        at = datetime.fromisoformat(str(begins)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise unknown_cursor() from None
    return str(day), at, int(number)


def _tags(db: Session) -> list[str]:
    return [one.tag for one in all_languages(db)]
