"""The page of one tour: how it stands, what is left to do before it, and its moves."""

from dataclasses import dataclass, field
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.tours.access import OpenTour, TourInPath
from guide.tours.clashes import guides_of
from guide.tours.forgetting.holding import hold_of
from guide.tours.forgetting.retention import Retention
from guide.tours.left import LeftToDo, left_to_do
from guide.tours.model import State
from guide.tours.naming import language_name
from guide.tours.pages import AREA, TourHead, TourPage, partial_date
from guide.tours.past_pages import Told, told_of
from guide.tours.people import Duty
from guide.tours.publishing import may_be_told
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
TOUR = "/staff/tours/{tour_id}"
DONE = frozenset(
    {"requested", "saved", "planned", "confirmed", "departed", "completed", "cancelled"}
    | {"overridden", "override-ended"}
)


@dataclass(frozen=True)
class Said:
    """What the page says beside the tour: what was done, or why something was not."""

    done: str = ""
    problem: str = ""
    key: str = ""

    @property
    def refused(self) -> str:
        """The key of the clash that was to be let stand without a reason."""
        return self.key if self.problem == "reason" else ""


@dataclass(frozen=True)
class Keeping:
    """Until when the persons of a tour are kept, unless somebody holds them."""

    last_day: str
    is_held: bool


@dataclass(frozen=True)
class Overview(TourPage):
    """A tour as a whole."""

    template: ClassVar[str] = "tours/tour.html"

    left: LeftToDo | None
    moves: tuple[str, ...]
    guides: tuple[str, ...]
    planners: tuple[str, ...]
    interpreters: tuple[str, ...]
    languages: tuple[str, ...]
    people: int | None
    stops: int
    published: Told | None
    is_only_told: bool
    may_be_told: bool
    keeping: Keeping | None
    said: Said = field(default_factory=Said)


@router.api_route(TOUR, methods=READ, name="tours.tour")
def show_tour(request: Request, db: Db, found: TourInPath, done: str = "") -> Response:
    """Show a tour."""
    said = Said(done=done if done in DONE else "")
    return render(request, overview(request, db, found, said))


def overview(request: Request, db: Session, found: OpenTour, said: Said) -> Overview:
    """Put the page of a tour together."""
    frame = OfficeFrame.around(request, found.who, AREA)
    tour = found.tour
    return Overview(
        frame,
        TourHead.of(found, frame),
        left=left_to_do(db, found, frame),
        moves=moves_of(found),
        guides=tuple(one.account.name for one in guides_of(tour)),
        planners=tuple(one.account.name for one in tour.staff if one.duty == Duty.PLANNER),
        interpreters=tuple(one.interpreter.name for one in tour.interpreters),
        languages=tuple(language_name(tag, frame.lang) for tag in tour.languages),
        people=tour.people,
        stops=len(tour.stops),
        published=told_of(tour, frame) if found.readable else None,
        is_only_told=tour.is_only_told and found.readable,
        may_be_told=found.may_decide and may_be_told(tour),
        keeping=_keeping(request, db, found, frame) if found.may_decide else None,
        said=said,
    )


def _keeping(request: Request, db: Session, found: OpenTour, frame: OfficeFrame) -> Keeping:
    last_day = Retention.of(request.app.state.settings).last_day(found.tour)
    return Keeping(
        partial_date(last_day.isoformat(), frame), is_held=bool(hold_of(db, found.tour))
    )


def moves_of(found: OpenTour) -> tuple[str, ...]:
    """Return the moves that whoever looks may make now, by the state that they lead to."""
    may = found.tour.may_become
    allowed = {
        State.PLANNED: found.may_change,
        State.CONFIRMED: found.may_decide,
        State.UNDER_WAY: found.readable,
        State.COMPLETED: found.readable,
        State.CANCELLED: found.may_decide,
    }
    return tuple(state for state in State if state in may and allowed[state])
