"""Who may see a tour, its names, and change it: `tours.md`, sections 4 and 7, as conditions.

Every query of tours for somebody goes through here. What somebody may not see does not
exist for them; of a closed tour others learn that the house is booked, and nothing else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Protocol

from fastapi import Depends, HTTPException, Request
from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.accounts.permissions import GuideOrPlanner, Person, Planner
from guide.db import Database
from guide.tours.model import BINDING, Level, PlanIsFixedError, State, Tour, subject_of
from guide.tours.people import Duty, TourStaff
from guide.tours.queries import whole_tour
from guide.tours.walking.events import WalkEvent
from guide.web.forms import Number
from guide.web.session import SAFE, Db

DRAFTS = (State.REQUESTED, State.PLANNED)
"""States in which a guide may still change a tour of their own."""


class Reader(Protocol):
    """Whoever tours are read for: somebody who is signed in, or the owner of a calendar."""

    @property
    def id(self) -> int: ...
    def is_any_of(self, *roles: Role) -> bool: ...


def is_theirs(who: Reader) -> ColumnElement[bool]:
    """Whether somebody leads a tour or is in charge of it, or made it as a planner.

    Never unknown. A guide who made a tour is put among its staff; taken off it, they have
    no more to do with it.
    """
    serves = (
        select(TourStaff.tour_id)
        .where(TourStaff.tour_id == Tour.id, TourStaff.account_id == who.id)
        .exists()
    )
    if not who.is_any_of(Role.PLANNER):
        return serves
    return or_(serves, and_(Tour.made_by.is_not(None), Tour.made_by == who.id))


def exists_for(who: Reader) -> ColumnElement[bool]:
    """Whether a tour can be opened by somebody."""
    if who.is_any_of(Role.PLANNER):
        return or_(Tour.level <= Level.RESTRICTED, is_theirs(who))
    return is_theirs(who) if who.is_any_of(Role.GUIDE) else false()


def names_are_open_to(who: Reader) -> ColumnElement[bool]:
    """Whether somebody may read the names and notes of a tour, and what is made of them."""
    if who.is_any_of(Role.PLANNER):
        return or_(Tour.level <= Level.INTERNAL, is_theirs(who))
    return is_theirs(who) if who.is_any_of(Role.GUIDE) else false()


def books_the_house_for(who: Reader) -> ColumnElement[bool]:
    """Whether a tour takes place that somebody cannot open: they may know when, no more."""
    if not who.is_any_of(Role.GUIDE, Role.PLANNER):
        return false()
    return and_(Tour.state.in_(BINDING), not_(exists_for(who)))


def is_led_by(account_id: int) -> ColumnElement[bool]:
    """Whether somebody leads a tour."""
    leads = TourStaff.account_id == account_id, TourStaff.duty == Duty.GUIDE
    return select(TourStaff.tour_id).where(TourStaff.tour_id == Tour.id, *leads).exists()


@dataclass(frozen=True)
class OpenTour:
    """A tour as somebody has it before them, and what they may do with it.

    Names are `readable` or not: with them everything that may name a person goes, and the
    right to change anything. `is_walked`: something was taken down on the way already.
    """

    tour: Tour
    who: Person
    readable: bool
    is_walked: bool = False

    @property
    def may_change(self) -> bool:
        """Say whether they may change the plan.

        Planners may until the guests are on their way, guides their own while it is a draft.
        """
        is_draft = self.tour.state in DRAFTS
        return self.readable and (
            self.tour.can_change if self.who.is_any_of(Role.PLANNER) else is_draft
        )

    @property
    def may_put_right(self) -> bool:
        """Say whether they may put right who came, when it is no plan any more."""
        return self.may_decide and self.tour.can_be_put_right

    @property
    def may_decide(self) -> bool:
        """Say whether they may confirm, cancel and let a clash stand."""
        return self.readable and self.who.is_any_of(Role.PLANNER)


def open_tour(db: Session, who: Person, tour_id: int, *, alone: bool = False) -> OpenTour:
    """Open a tour with everything of it; raise 404 for one that does not exist for them.

    With `alone`, whoever else wants to change it waits; who has waited reads it anew, for
    PostgreSQL would join the waiting row with others as they were before.
    """
    query = whole_tour(tour_id).where(exists_for(who))
    if alone:
        row = select(Tour.id).where(Tour.id == tour_id, exists_for(who))
        db.execute(row.with_for_update(of=Tour))
        query = query.execution_options(populate_existing=True)
    tour = db.scalar(query)
    if tour is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    walked = select(WalkEvent.id).where(WalkEvent.tour_id == tour.id).exists()
    readable = select(walked).where(Tour.id == tour.id, names_are_open_to(who))
    is_walked = db.scalar(readable)  # None for whoever may not read the names
    return OpenTour(tour, who, readable=is_walked is not None, is_walked=bool(is_walked))


def tour_in_path(request: Request, db: Db, who: GuideOrPlanner, tour_id: Number) -> OpenTour:
    """Open the tour that the address names; that a confidential one was opened is noted."""
    return asked_for(request, db, who, tour_id)


def asked_for(request: Request, db: Session, who: Person, tour_id: int) -> OpenTour:
    """Open a tour to read it, or alone to change it, as the request's method says.

    That a confidential one was opened is noted. Raises 404.
    """
    is_reading = request.method in SAFE
    found = open_tour(db, who, tour_id, alone=not is_reading)
    if found.tour.level >= Level.RESTRICTED and is_reading:
        database: Database = request.app.state.database
        with database.writing() as trail:
            _note(trail, found)
    return found


TourInPath = Annotated[OpenTour, Depends(tour_in_path)]


def readable_tour(found: TourInPath) -> OpenTour:
    """Open a tour to read the names in it; for whoever may not, the page does not exist."""
    require_readable(found)
    return found


ReadableTour = Annotated[OpenTour, Depends(readable_tour)]


def walked_tour(request: Request, db: Db, who: GuideOrPlanner, tour_id: Number) -> OpenTour:
    """Open a tour for whoever may walk it, who may read its names; else there is none.

    It is asked for every few seconds, and shows no name: that is not noted in the trail.
    """
    found = open_tour(db, who, tour_id, alone=request.method not in SAFE)
    if not found.readable:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


WalkedTour = Annotated[OpenTour, Depends(walked_tour)]


def decidable_tour(_planner: Planner, found: TourInPath) -> OpenTour:
    """Open a tour to confirm or cancel it, for planners."""
    require_decidable(found)
    return found


def require_readable(found: OpenTour) -> None:
    """Raise 404 for whoever may not read the names."""
    if not found.readable:
        raise HTTPException(HTTPStatus.NOT_FOUND)


def require_changeable(found: OpenTour) -> None:
    """Raise 404 for whoever may not read the names, PlanIsFixedError when it is too late."""
    require_readable(found)
    if not found.may_change:
        raise PlanIsFixedError


def require_decidable(found: OpenTour) -> None:
    """Raise 404 for whoever may not confirm or cancel it."""
    if not found.may_decide:
        raise HTTPException(HTTPStatus.NOT_FOUND)


DecidableTour = Annotated[OpenTour, Depends(decidable_tour)]


def _note(db: Session, found: OpenTour) -> None:
    account = db.get_one(Account, found.who.id)
    subject = subject_of(found.tour)
    db.add(AuditEntry.of(account, "tour.opened", subject, datetime.now(UTC)))
