"""The calendar: which tours take place when, by day, week and month, and as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from guide.accounts.model import Role
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import GuideOrPlanner, Person
from guide.tours.access import is_led_by, is_theirs
from guide.tours.agenda import agenda_of
from guide.tours.calendar_pages import CalendarPage, Guide, Top, ViewLink
from guide.tours.calendar_views import Views, days_shown, title_of
from guide.tours.days import View, after, before, day_in
from guide.tours.pages import AREA
from guide.tours.places import house_of
from guide.tours.queries import WITH_STAFF, WITH_STOPS, colleagues
from guide.tours.slots import day_of
from guide.tours.visits import wish as visits
from guide.tours.visits.listing import Listing, listed
from guide.tours.visits.wish import Wish
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]


class Words(visits.Words):
    """What an address may ask for, as it was typed."""

    view: str = ""
    day: str = ""
    mine: str = ""
    guide: str = ""


Asked = Annotated[Words, Query()]


@dataclass(frozen=True)
class Whose:
    """Whose tours are asked for: everybody's, or `only` some, named so in addresses."""

    words: Mapping[str, str]
    only: ColumnElement[bool] | None
    guides: tuple[Guide, ...]

    @classmethod
    def of(cls, db: Session, who: Person, asked: Words) -> "Whose":
        """Find out; raise 404 for a guide who is none, or whose tours are not theirs to see."""
        is_planner = who.is_any_of(Role.PLANNER)
        guides = tuple(
            Guide(str(one.id), one.name, str(one.id) == asked.guide)
            for one in (colleagues(db, Role.GUIDE) if is_planner else ())
        )
        if asked.mine or asked.guide == str(who.id):
            return cls({"mine": "1"}, is_theirs(who), guides)
        if not asked.guide:
            return cls({}, None, guides)
        if not any(one.is_chosen for one in guides):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return cls({"guide": asked.guide}, is_led_by(int(asked.guide)), guides)


@dataclass(frozen=True)
class Here:
    """Where in the calendar somebody is, and the addresses around it.

    What is looked for in the list stays when its address is left for another list.
    """

    path: str
    view: View
    day: date
    today: date
    whose: Mapping[str, str]
    wish: Wish
    is_wrong: bool

    @classmethod
    def of(cls, request: Request, asked: Words, whose: Whose, today: date) -> "Here":
        """Read the address: the day is today where it names none."""
        day = day_in(asked.day)
        usual = View.LIST if "mine" in whose.words else View.DAY
        view = View(asked.view) if asked.view in set(View) else usual
        path = request.app.url_path_for("tours.calendar")
        is_wrong = bool(asked.day) and day is None
        wish = Wish.of(asked)
        return cls(path, view, day or today, today, whose.words, wish, is_wrong)

    def address(self, view: View, day: date | None, **more: str) -> str:
        """Return the address of a view of a day, of the same tours; nothing for no day."""
        if day is None:
            return ""
        words = {"view": view.value, "day": day.isoformat(), **self._wished(view), **more}
        return f"{self.path}?{urlencode({**words, **self.whose})}"

    def of_whom(self, **whose: str) -> str:
        """Return the address of the same view and day, of other tours."""
        words = {"view": self.view.value, "day": self.day.isoformat()}
        return f"{self.path}?{urlencode({**words, **self._wished(self.view), **whose})}"

    @property
    def fixed(self) -> dict[str, str]:
        """The words of an address of the list that stay whatever is looked for."""
        return {"view": View.LIST.value, "day": self.day.isoformat(), **self.whose}

    def _wished(self, view: View) -> Mapping[str, str]:
        return self.wish.address if view is View.LIST else {}


@router.api_route("/staff/tours", methods=READ, name="tours.calendar")
def show_calendar(request: Request, db: Db, who: GuideOrPlanner, asked: Asked) -> Response:
    """Show the tours that somebody may open, and when the house is booked by others."""
    frame = OfficeFrame.around(request, who, AREA)
    whose = Whose.of(db, who, asked)
    here = Here.of(request, asked, whose, day_of(datetime.now(UTC), frame.zone))
    top = _top(here, frame, who, whose.guides)
    if here.view is View.LIST:
        listing = Listing(frame, who, here.wish, whose.only, here.today)
        page: CalendarPage = listed(db, listing, top, (here.path, here.fixed), asked.page)
    else:
        page = _view(db, who, here, top, frame, whose)
    is_wrong = here.is_wrong or (here.view is View.LIST and here.wish.is_wrong)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, page, status)


def _view(  # noqa: PLR0913, PLR0917 (what is asked, and what is around it)
    db: Session, who: Person, here: Here, top: Top, frame: OfficeFrame, whose: Whose
) -> CalendarPage:
    load = (*WITH_STOPS, *WITH_STAFF) if here.view is View.DAY else WITH_STAFF
    days = days_shown(here.view, here.day)
    agenda = agenda_of(db, who, days, frame.zone, whose.only, load=load)
    addresses = {day: here.address(View.DAY, day) for day in days.days}
    views = Views(agenda, house_of(db), frame, top, addresses, here.day, here.today)
    if here.view is View.MONTH:
        return views.month()
    return views.week() if here.view is View.WEEK else views.day()


def _top(here: Here, frame: OfficeFrame, who: Person, guides: Sequence[Guide]) -> Top:
    view = here.view
    return Top(
        view=view.value,
        day=here.day.isoformat(),
        title=title_of(view, here.day, frame),
        views=tuple(
            ViewLink(one.value, here.address(one, here.day), is_here=one is view)
            for one in View
        ),
        back=here.address(view, before(here.day, view)),
        onward=here.address(view, after(here.day, view)),
        today=here.address(view, here.today),
        whose="mine" if "mine" in here.whose else here.whose.get("guide", ""),
        everybodys=here.of_whom(),
        mine=here.of_whom(mine="1"),
        guides=tuple(guides),
        is_planner=who.is_any_of(Role.PLANNER),
        is_wrong=here.is_wrong,
    )
