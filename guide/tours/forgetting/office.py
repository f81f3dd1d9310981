"""The page that says when the persons of a tour are forgotten: held, let go, forgotten now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar, Self

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame
from guide.settings import Settings
from guide.tours.access import DecidableTour, OpenTour
from guide.tours.forgetting.emptying import Emptied, counts_of
from guide.tours.forgetting.forgetting import forget
from guide.tours.forgetting.holding import (
    AlreadyForgottenError,
    AlreadyHeldError,
    HeldError,
    NotOverError,
    hold_of,
    lift,
    put_on_hold,
)
from guide.tours.forgetting.retention import Retention, has_been
from guide.tours.forgetting.tombstones import Tombstones
from guide.tours.letting import Reason
from guide.tours.model import State
from guide.tours.pages import AREA, TourHead, TourPage, partial_date
from guide.web.forms import Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
TOUR = "/staff/tours/{tour_id}"
DONE = frozenset({"held", "lifted", "forgotten"})
OVER = frozenset({State.COMPLETED, State.CANCELLED})
PROBLEMS = {
    AlreadyHeldError: "held-already",
    AlreadyForgottenError: "forgotten-already",
    HeldError: "held",
    NotOverError: "not-over",
}


class HoldForm(BaseModel):
    """Why the persons of a tour stay."""

    reason: Reason


@dataclass(frozen=True)
class Held:
    """Who holds a tour, since when, and why."""

    who: str
    at: str
    reason: str

    @classmethod
    def of(cls, db: Session, found: OpenTour, frame: OfficeFrame) -> Self | None:
        """Say what holds a tour."""
        hold = hold_of(db, found.tour)
        if hold is None:
            return None
        who = db.get_one(Account, hold.account_id)
        return cls(who.name, frame.moment(hold.at), hold.reason)


@dataclass(frozen=True)
class Counted:
    """How many of a kind would go."""

    kind: str
    count: int


@dataclass(frozen=True)
class ForgettingPage(TourPage):
    """When the persons of a tour are forgotten, what that takes, and what stops it."""

    template: ClassVar[str] = "tours/forgetting.html"

    last_day: str
    days: int
    held: Held | None
    goes: tuple[Counted, ...]
    may_forget: bool
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    done: str = ""


@router.api_route(TOUR + "/forgetting", methods=READ, name="tours.forgetting")
def show(request: Request, db: Db, found: DecidableTour, done: str = "") -> Response:
    """Show when the persons of a tour are forgotten."""
    return render(request, _page(request, db, found, done=done if done in DONE else ""))


@router.post(TOUR + "/hold", name="tours.hold")
def hold(request: Request, db: Db, found: DecidableTour, fields: Posted) -> Response:
    """Stop the clock, by name and reason."""
    form = read(HoldForm, fields)
    if isinstance(form, Rejected):
        page = _page(request, db, found, values=fields, problem="reason")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        put_on_hold(db, found.tour, form.reason, found.who, datetime.now(UTC))
    except (AlreadyHeldError, AlreadyForgottenError) as refused:
        return _conflict(request, db, found, refused, fields)
    return _to_page(request, found, "held")


@router.post(TOUR + "/hold/removal", name="tours.hold.lift")
def let_go(request: Request, db: Db, found: DecidableTour) -> Response:
    """Let the clock run again."""
    lift(db, found.tour, found.who, datetime.now(UTC))
    return _to_page(request, found, "lifted")


@router.post(TOUR + "/forgetting", name="tours.forget")
def forget_now(request: Request, db: Db, found: DecidableTour, fields: Posted) -> Response:
    """Forget the persons of a tour that is over, before its days are."""
    if fields.get("sure") != "yes":
        page = _page(request, db, found, problem="sure")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    try:
        emptied = _forget(db, found, settings, now)
    except (AlreadyForgottenError, HeldError, NotOverError) as refused:
        return _conflict(request, db, found, refused, fields)
    answer = _to_page(request, found, "forgotten")
    # After the answer, and so after the commit: a row never names a file that is gone.
    answer.background = BackgroundTask(request.app.state.vault.cabinet.discard, emptied.files)
    return answer


def _forget(db: Session, found: OpenTour, settings: Settings, now: datetime) -> Emptied:
    tour = found.tour
    if tour.forgotten_at:
        raise AlreadyForgottenError
    if hold_of(db, tour):
        raise HeldError
    if not is_over(found, now, Retention.of(settings)):
        raise NotOverError
    account = db.get_one(Account, found.who.id)
    return forget(db, tour, now, Tombstones(settings.data_dir), by=account)


def is_over(found: OpenTour, now: datetime, retention: Retention) -> bool:
    """Say whether nobody needs the persons of a tour any more to receive them."""
    return found.tour.state in OVER or has_been(found.tour, now, retention.zone)


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    found: OpenTour,
    *,
    values: Mapping[str, str] | None = None,
    problem: str = "",
    done: str = "",
) -> ForgettingPage:
    frame = OfficeFrame.around(request, found.who, AREA)
    retention = Retention.of(request.app.state.settings)
    tour, held = found.tour, Held.of(db, found, frame)
    is_due = is_over(found, datetime.now(UTC), retention)
    return ForgettingPage(
        frame,
        TourHead.of(found, frame),
        last_day=partial_date(retention.last_day(tour).isoformat(), frame),
        days=retention.days,
        held=held,
        goes=tuple(Counted(kind, count) for kind, count in counts_of(db, tour).items()),
        may_forget=is_due and held is None and tour.forgotten_at is None,
        values={"reason": "", **(values or {})},
        problem=problem,
        done=done,
    )


def _conflict(
    request: Request,
    db: Session,
    found: OpenTour,
    refused: Exception,
    fields: Mapping[str, str],
) -> Response:
    page = _page(request, db, found, values=fields, problem=PROBLEMS[type(refused)])
    return render(request, page, HTTPStatus.CONFLICT)


def _to_page(request: Request, found: OpenTour, done: str) -> Response:
    path = request.app.url_path_for("tours.forgetting", tour_id=str(found.tour.id))
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
