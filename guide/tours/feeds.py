"""Calendars to subscribe to: made, shown once, read by phones without signing in, and ended."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import GuideOrPlanner, Person
from guide.accounts.tokens import fresh_token, hashed
from guide.settings import Settings
from guide.tours.appointments import Kind, appointments_of, in_words
from guide.tours.ics import calendar_of
from guide.tours.links import CalendarFeed
from guide.tours.pages import AREA
from guide.web.forms import Number, Posted
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
CALENDARS = "/staff/tours/calendars"
UNLISTED = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}


@dataclass(frozen=True)
class Feed:
    """A calendar in the list of one's own."""

    id: str
    kind: str
    made: str


@dataclass(frozen=True)
class CalendarsPage(OfficePage):
    """One's calendars; `link` is the address of one that was just made, shown this once.

    `problem` is "kind" when what was asked for is not theirs to have.
    """

    template: ClassVar[str] = "tours/calendars.html"

    feeds: tuple[Feed, ...]
    may_have_all: bool
    link: str = ""
    done: str = ""
    problem: str = ""


def feed_in_path(db: Db, who: GuideOrPlanner, feed_id: Number) -> CalendarFeed:
    """Find a calendar of one's own that is not ended; those of others do not exist."""
    query = _live(who).where(CalendarFeed.id == feed_id)
    feed = db.scalar(query.with_for_update())
    if feed is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return feed


FeedInPath = Annotated[CalendarFeed, Depends(feed_in_path)]


@router.api_route(CALENDARS, methods=READ, name="tours.calendars")
def list_calendars(request: Request, db: Db, who: GuideOrPlanner, done: str = "") -> Response:
    """Show one's calendars."""
    return render(request, _page(request, db, who, done="ended" if done == "ended" else ""))


@router.post(CALENDARS, name="tours.calendars.make")
def make_calendar(request: Request, db: Db, who: GuideOrPlanner, fields: Posted) -> Response:
    """Make a calendar and show its address, once; in the page, as it must be in no log."""
    kind, at = fields.get("kind", ""), datetime.now(UTC)
    if kind not in _kinds_for(who):
        page = _page(request, db, who, problem="kind")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    token = fresh_token()
    feed = CalendarFeed(account_id=who.id, kind=kind, token_hash=hashed(token), made_at=at)
    db.add(feed)
    db.flush()
    _write_down(db, who, "calendar.made", feed, at)
    settings: Settings = request.app.state.settings
    path = request.app.url_path_for("tours.calendar.feed", token=token)
    link = f"{settings.public_url or settings.serving_url}{path}"
    return render(request, _page(request, db, who, link=link))


@router.post(CALENDARS + "/{feed_id}/end", name="tours.calendars.end")
def end_calendar(request: Request, db: Db, who: GuideOrPlanner, feed: FeedInPath) -> Response:
    """Let an address open nothing any more."""
    at = datetime.now(UTC)
    feed.revoked_at = at
    _write_down(db, who, "calendar.ended", feed, at)
    path = request.app.url_path_for("tours.calendars")
    return RedirectResponse(f"{path}?done=ended", HTTPStatus.SEE_OTHER)


@router.api_route("/calendar/{token}.ics", methods=READ, name="tours.calendar.feed")
def serve_calendar(request: Request, db: Db, token: str) -> Response:
    """Send a calendar, as its owner may see it now; unknown and ended ones answer alike."""
    there = select(CalendarFeed, Account).join(Account, Account.id == CalendarFeed.account_id)
    there = there.where(CalendarFeed.token_hash == hashed(token))
    there = there.where(CalendarFeed.revoked_at.is_(None), Account.disabled_at.is_(None))
    found = db.execute(there.options(selectinload(Account.held))).first()
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, headers=UNLISTED)
    feed, account = found
    settings: Settings = request.app.state.settings
    appointments = appointments_of(db, feed, account, datetime.now(UTC))
    body = calendar_of(
        appointments, in_words("Tours", account.language), ZoneInfo(settings.timezone)
    )
    return Response(body, media_type="text/calendar", headers=UNLISTED)


def _kinds_for(who: Person) -> frozenset[str]:
    return frozenset(Kind if who.is_any_of(Role.PLANNER) else {Kind.OWN})


def _live(who: Person) -> Select[CalendarFeed]:
    return select(CalendarFeed).where(
        CalendarFeed.account_id == who.id, CalendarFeed.revoked_at.is_(None)
    )


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    who: Person,
    *,
    link: str = "",
    done: str = "",
    problem: str = "",
) -> CalendarsPage:
    frame = OfficeFrame.around(request, who, AREA)
    feeds = db.scalars(_live(who).order_by(CalendarFeed.made_at.desc(), CalendarFeed.id))
    return CalendarsPage(
        frame,
        tuple(Feed(str(one.id), one.kind, frame.moment(one.made_at)) for one in feeds),
        may_have_all=who.is_any_of(Role.PLANNER),
        link=link,
        done=done,
        problem=problem,
    )


def _write_down(db: Session, who: Person, deed: str, feed: CalendarFeed, at: datetime) -> None:
    account = db.get_one(Account, who.id)
    db.add(AuditEntry.of(account, deed, f"calendar:{feed.id}", at))
