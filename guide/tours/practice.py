"""A tour to try: one of today that a sample account leads, with guests whom nobody is.

There is always one that can still be walked while the guide is tried.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.queries import account_with_email
from guide.tours.access import is_led_by
from guide.tours.deeds import next_reference
from guide.tours.finding import shelves
from guide.tours.links import TourLink
from guide.tours.model import (
    Category,
    Level,
    Party,
    PhotoPolicy,
    State,
    Tour,
    TourBrief,
    subject_of,
)
from guide.tours.people import Duty, PersonRole, Side, SpokenLanguage, TourPerson, TourStaff
from guide.tours.slots import TimeSlot, day_of
from guide.tours.stops import TourStop

LEADS, PLANS = "guide@sample.invalid", "planner@sample.invalid"
DELEGATION = {
    "az": "Nümunə nümayəndə heyəti",
    "en": "Sample delegation",
    "ru": "Делегация для примера",
    "tr": "Örnek heyet",
    "zh-Hans": "示例代表团",
    "ar": "وفد للتجربة",
    "fr": "Délégation d’essai",
}
PARTIES = (Party("organisation", DELEGATION),)
HEAD, HEAD_IN_ENGLISH = "Nümunə qonaq", "Sample guest"
GUESTS = 8
OF_EACH_ROOM = 2
"""Exhibits of an exhibition that they see."""
SOON = timedelta(minutes=5)
"""Until it begins by the plan; it can be walked at once."""
FREE = timedelta(minutes=15)
"""Between the last stop and the end of the slot."""


@dataclass(frozen=True)
class Practice:
    """The number of the tour, and the token of its delegation's page."""

    tour: int
    token: str

    @classmethod
    def prepared(cls, db: Session, secret: str, at: datetime, zone: ZoneInfo) -> Self | None:
        """Return the tour to try, made anew when the last one is over.

        None without the sample accounts, and in a house that shows nothing.
        """
        leads, plans = (account_with_email(db, email) for email in (LEADS, PLANS))
        if leads is None or plans is None:
            return None
        still = Tour.state.in_((State.CONFIRMED, State.UNDER_WAY)), Tour.ends_at > at
        led = select(Tour).where(is_led_by(leads.id), *still).order_by(Tour.id)
        tour = next((one for one in db.scalars(led) if one.parties == PARTIES), None)
        if tour is None:
            route = _route(db)
            if not route:
                return None
            tour = _tour(db, route, at, zone)
            tour.made_by = plans.id
            tour.staff = [
                TourStaff(account_id=leads.id, duty=Duty.GUIDE),
                TourStaff(account_id=plans.id, duty=Duty.PLANNER),
            ]
            db.merge(SpokenLanguage(account_id=leads.id, language="en"))
            db.flush()
            db.add(AuditEntry.of(None, "tour.confirmed", subject_of(tour), at))
        of_tour = TourLink.tour_id == tour.id, TourLink.revoked_at.is_(None)
        link = db.scalar(select(TourLink).where(*of_tour))
        if link is None:
            link = TourLink.made(tour.id, secret, at)
            db.add(link)
            db.flush()
        return cls(tour.id, link.token(secret))


def _route(db: Session) -> list[TourStop]:
    route = [stop for shelf in shelves(db) for stop in shelf[:OF_EACH_ROOM]]
    for position, stop in enumerate(route, 1):
        stop.position = position
    return route


def _tour(db: Session, route: list[TourStop], at: datetime, zone: ZoneInfo) -> Tour:
    begins = (at + SOON).replace(second=0, microsecond=0)
    ends = begins + sum((timedelta(minutes=stop.minutes) for stop in route), FREE)
    tour = Tour(
        reference=next_reference(db, day_of(at, zone).year),
        version=1,
        state=State.REQUESTED,
        level=Level.INTERNAL,
        category=Category.WORKING,
        parties=PARTIES,
        languages=["en"],
        people=GUESTS,
        photo_policy=PhotoPolicy.UNKNOWN,
        with_press=False,
        made_at=at,
        brief=TourBrief(),
        persons=[
            TourPerson(
                side=Side.GUEST,
                role=PersonRole.HEAD,
                precedence=1,
                name_official=HEAD,
                name_language="az",
                name_en=HEAD_IN_ENGLISH,
                positions={},
            )
        ],
        stops=route,
        interpreters=[],
    )
    tour.take_slot(TimeSlot(begins, ends, day_of(begins, zone)))
    tour.plan()
    tour.confirm()
    db.add(tour)
    return tour
