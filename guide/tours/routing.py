"""The route of a tour: what the guests see, in which order, and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame
from guide.exhibits.halls import halls_in_order
from guide.exhibits.visitor_routes import routes_in_order
from guide.languages.model import Language
from guide.tours import earlier, ready_routes
from guide.tours.access import OpenTour, TourInPath
from guide.tours.deeds import reroute
from guide.tours.finding import Wish, addable, thing
from guide.tours.left import left_to_do
from guide.tours.model import Tour
from guide.tours.pages import AREA, TourHead
from guide.tours.promises import ChangeableTour
from guide.tours.queries import exhibitions_in_order, ways_on_foot
from guide.tours.requesting import seen_version
from guide.tours.route_forms import (
    WORDS,
    Sent,
    lost,
    minutes_in,
    renumbered,
    route_in,
    typed_order,
)
from guide.tours.route_pages import (
    MOST_SHOWN,
    Adding,
    Choosable,
    EarlierRow,
    Printing,
    ProposalPage,
    RoutePage,
    Shown,
    Sums,
    Templates,
    slot_minutes,
    word_tags,
)
from guide.tours.shortening import shortened
from guide.tours.spreading import LENGTHS
from guide.tours.standing import Texts
from guide.tours.stops import DEFAULT_MINUTES, Priority, TourStop
from guide.tours.timetable import legs
from guide.web.forms import Posted, Rejected
from guide.web.pages import Choice, render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
ROUTE = "/staff/tours/{tour_id}/route"
TEMPLATE, SHORTER, UNDONE = ROUTE + "/template", ROUTE + "/shortening", ROUTE + "/return"
DONE = frozenset({"added", "removed", "moved", "saved", "replaced", "shorter", "returned"})
LONGEST_WISH = 200
AN_HOUR = 60


def wish_in_query(
    words: Annotated[str, Query(alias="q")] = "",
    exhibition: str = "",
    hall: str = "",
    audio: str = "",
    text: str = "",
) -> Wish:
    """Read what somebody looks for from the address."""
    return Wish(
        words[:LONGEST_WISH].strip(),
        exhibition,
        hall,
        with_audio=bool(audio),
        with_text=bool(text),
    )


WishInQuery = Annotated[Wish, Depends(wish_in_query)]


@dataclass(frozen=True)
class Said:
    """What is said of a route on its page: a form that came back, or what was done."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    problem: str = ""
    done: str = ""


NOTHING = Said({}, {})


@router.api_route(ROUTE, methods=READ, name="tours.route")
def show_route(
    request: Request, db: Db, found: TourInPath, wish: WishInQuery, done: str = ""
) -> Response:
    """Show the route, to be changed by whoever may."""
    said = Said({}, {}, done=done if done in DONE else "")
    return render(request, _page(request, db, found, wish, said))


@router.post(ROUTE, name="tours.route.save")
def save_route(
    request: Request, db: Db, found: ChangeableTour, wish: WishInQuery, fields: Posted
) -> Response:
    """Save all that the form says; one button of it also moves, adds or takes out a stop."""
    tour = found.tour
    if seen_version(fields.get("version", "")) != tour.version:
        page = _page(request, db, found, wish, Said(fields, {}, "stale"))
        return render(request, page, HTTPStatus.CONFLICT)
    sent = route_in(fields, tour.stops, word_tags(tour))
    added = _added(db, sent) if isinstance(sent, Sent) else []
    if isinstance(sent, Sent) and len(added) < sent.adds:
        sent = Rejected(fields, {"add": "unknown"})
    if isinstance(sent, Rejected):
        page = _page(request, db, found, wish, Said(fields, sent.errors, "unreadable"))
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    before = earlier.told(tour.stops)
    sent.fill(tour, added)
    is_changed = _changed(db, found, before)
    return _again(request, tour, wish, _deed(fields, sent) if is_changed else "")


@router.api_route(TEMPLATE, methods=READ, name="tours.route.template")
def show_template(
    request: Request, db: Db, found: ChangeableTour, template: str = ""
) -> Response:
    """Show what would stand in the place of the stops that are there."""
    return render(request, _template_page(request, db, found, template))


@router.post(TEMPLATE, name="tours.route.template.use")
def use_template(request: Request, db: Db, found: ChangeableTour, fields: Posted) -> Response:
    """Put the stops of a template in the place of those that are there."""
    tour, wanted = found.tour, fields.get("template", "")
    if seen_version(fields.get("version", "")) != tour.version:
        page = _template_page(request, db, found, wanted, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    stops = ready_routes.stops_of(db, found, wanted)
    if not stops:
        page = _template_page(request, db, found, wanted)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    before = earlier.told(tour.stops)
    earlier.put(tour, stops)
    _changed(db, found, before)
    return _again(request, tour, Wish(), "replaced")


@router.api_route(SHORTER, methods=READ, name="tours.route.shorter")
def show_shorter(
    request: Request, db: Db, found: ChangeableTour, minutes: str = ""
) -> Response:
    """Propose what to leave out so that the route takes some minutes."""
    return render(request, _shorter_page(request, db, found, minutes))


@router.post(SHORTER, name="tours.route.shorten")
def shorten(request: Request, db: Db, found: ChangeableTour, fields: Posted) -> Response:
    """Leave out what was proposed."""
    tour, typed = found.tour, fields.get("minutes", "")
    if seen_version(fields.get("version", "")) != tour.version:
        page = _shorter_page(request, db, found, typed, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    most = minutes_in(typed)
    if most is None:
        page = _shorter_page(request, db, found, typed)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    before = earlier.told(tour.stops)
    earlier.put(tour, shortened(tour.stops, ways_on_foot(db), most).kept)
    is_changed = _changed(db, found, before)
    return _again(request, tour, Wish(), "shorter" if is_changed else "")


@router.post(UNDONE, name="tours.route.return")
def return_to_earlier(
    request: Request, db: Db, found: ChangeableTour, wish: WishInQuery, fields: Posted
) -> Response:
    """Put a route back that the tour had before; what is there now is kept likewise."""
    tour = found.tour
    kept = {str(one.id): one for one in earlier.earlier_routes(db, tour.id)}
    wanted = kept.get(fields.get("earlier", ""))
    if seen_version(fields.get("version", "")) != tour.version or wanted is None:
        page = _page(request, db, found, wish, Said({}, {}, "moved-on"))
        return render(request, page, HTTPStatus.CONFLICT)
    before = earlier.told(tour.stops)
    earlier.put_back(db, tour, wanted.stops)
    is_changed = _changed(db, found, before)
    return _again(request, tour, wish, "returned" if is_changed else "")


def _added(db: Session, sent: Sent) -> list[TourStop]:
    """Make the stops that a form adds; a thing that is not on show is not among them."""
    found = thing(db, *sent.thing) if sent.thing else None
    words = TourStop(
        names=sent.words, minutes=sent.words_minutes, priority=Priority.SHOULD, note=""
    )
    return [*([found] if found else []), *([words] if sent.words else [])]


def _changed(db: Session, found: OpenTour, before: earlier.Told) -> bool:
    return reroute(db, found.tour, before, found.who, datetime.now(UTC))


def _deed(fields: Mapping[str, str], sent: Sent) -> str:
    if sent.adds:
        return "added"
    if fields.get("remove"):
        return "removed"
    return "moved" if fields.get("move") else "saved"


def _page(request: Request, db: Session, found: OpenTour, wish: Wish, said: Said) -> RoutePage:
    tour, ways = found.tour, ways_on_foot(db)
    frame = OfficeFrame.around(request, found.who, AREA)
    printing = Printing(found, frame, _tongues(db))
    stops = typed_order(said.values, tour.stops)
    is_stale = said.problem == "stale"
    values = renumbered(said.values, stops) if is_stale else said.values
    timetable = legs(stops, ways)
    texts = Texts.about(db, stops)
    sums = Sums.of(timetable, tour, frame)
    may_change = found.may_change
    return RoutePage(
        frame,
        TourHead.of(found, frame),
        left=left_to_do(db, found, frame),
        bands=tuple(printing.bands(timetable, texts, values, said.errors)),
        sums=sums,
        adding=_adding(db, tour, wish, printing, said.values) if may_change else None,
        templates=_templates(db, found, printing),
        earlier=_earlier(db, tour, printing) if may_change else (),
        search=_search(wish),
        shorter=str(sums.slot or AN_HOUR),
        done=said.done,
        problem=said.problem,
        errors=said.errors,
        now=printing.shown(tour.stops, ways) if is_stale else (),
        lost=lost(said.values, tour.stops) if is_stale else 0,
    )


def _adding(
    db: Session, tour: Tour, wish: Wish, printing: Printing, values: Mapping[str, str]
) -> Adding:
    found = addable(db, wish, tour.languages, tour.stops)
    return Adding(
        wish=wish,
        rows=tuple(printing.addable(one) for one in found[:MOST_SHOWN]),
        more=max(len(found) - MOST_SHOWN, 0),
        exhibitions=tuple(
            printing.choosable(one.slug, one.names) for one in exhibitions_in_order(db)
        ),
        halls=tuple(printing.choosable(one.slug, one.names) for one in halls_in_order(db)),
        words=printing.word_fields(values),
        words_minutes=values.get(WORDS + "minutes", str(DEFAULT_MINUTES)),
        tongues=tuple(printing.tongue(tag) for tag in tour.languages),
        is_said=any(values.get(WORDS + tag) for tag in word_tags(tour))
        or values.get("add") == "words",
    )


def _templates(db: Session, found: OpenTour, printing: Printing) -> Templates:
    if not found.may_change:
        return Templates((), (), ())
    return Templates(
        lengths=LENGTHS,
        visitors=tuple(
            printing.choosable(f"visitors-{one.id}", one.names) for one in routes_in_order(db)
        ),
        tours=tuple(
            Choosable(f"tour-{one.id}", ready_routes.name_with_date(one, printing.chain))
            for one in ready_routes.tours_to_take(db, found)
        ),
    )


def _earlier(db: Session, tour: Tour, printing: Printing) -> tuple[EarlierRow, ...]:
    routes = earlier.earlier_routes(db, tour.id)
    who = {one.account_id for one in routes}
    named = select(Account.id, Account.name).where(Account.id.in_(who))
    names = dict(db.execute(named).all())
    return tuple(printing.earlier(one, names.get(one.account_id or 0, "")) for one in routes)


def _template_page(
    request: Request, db: Session, found: OpenTour, wanted: str, *, problem: str = ""
) -> ProposalPage:
    stops = ready_routes.stops_of(db, found, wanted)
    if not stops:
        problem = "unknown" if stops is None else "empty"
    return _proposal(
        request, db, found, ("template", wanted), (stops or (), found.tour.stops), problem
    )


def _shorter_page(
    request: Request, db: Session, found: OpenTour, typed: str, *, problem: str = ""
) -> ProposalPage:
    tour = found.tour
    most = minutes_in(typed or str(slot_minutes(tour) or AN_HOUR))
    if most is None:
        return _proposal(request, db, found, ("shorter", typed), ((), ()), "minutes")
    proposed = shortened(tour.stops, ways_on_foot(db), most)
    if not proposed.dropped and not problem:
        problem = "nothing" if proposed.fits else "musts"
    return _proposal(
        request,
        db,
        found,
        ("shorter", str(most)),
        (proposed.kept, proposed.dropped),
        problem,
        fits=proposed.fits,
    )


def _proposal(  # noqa: PLR0913, PLR0917 (what is proposed, and what is said of it)
    request: Request,
    db: Session,
    found: OpenTour,
    asked: tuple[str, str],
    stops: tuple[Sequence[TourStop], Sequence[TourStop]],
    problem: str,
    *,
    fits: bool = True,
) -> ProposalPage:
    frame, ways = OfficeFrame.around(request, found.who, AREA), ways_on_foot(db)
    printing = Printing(found, frame, _tongues(db))
    kept, dropped = stops
    return ProposalPage(
        frame,
        TourHead.of(found, frame),
        kind=asked[0],
        what=asked[1],
        kept=printing.shown(kept, ways),
        dropped=_plainly(dropped, printing),
        sums=Sums.of(legs(kept, ways), found.tour, frame),
        fits=fits,
        problem=problem,
    )


def _plainly(stops: Sequence[TourStop], printing: Printing) -> tuple[Shown, ...]:
    return tuple(
        Shown(printing.name(stop), stop.minutes, priority=stop.priority) for stop in stops
    )


def _tongues(db: Session) -> list[Choice]:
    languages = db.scalars(select(Language).order_by(Language.position, Language.tag))
    return [Choice(one.tag, one.endonym, one.direction) for one in languages]


def _search(wish: Wish) -> str:
    """Write a wish as it stands in an address."""
    asked = {
        "q": wish.words,
        "exhibition": wish.exhibition,
        "hall": wish.hall,
        "audio": "1" if wish.with_audio else "",
        "text": "1" if wish.with_text else "",
    }
    return urlencode({name: said for name, said in asked.items() if said})


def _again(request: Request, tour: Tour, wish: Wish, done: str) -> Response:
    path = request.app.url_path_for("tours.route", tour_id=str(tour.id))
    told = "&".join(one for one in (_search(wish), f"done={done}" if done else "") if one)
    return RedirectResponse(f"{path}?{told}" if told else path, HTTPStatus.SEE_OTHER)
