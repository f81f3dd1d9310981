"""What a calendar to subscribe to holds, as its owner may see it at that very moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.languages.catalogues import OFFICE_WORDS, translations
from guide.tours.access import books_the_house_for, exists_for, is_theirs
from guide.tours.ics import Appointment
from guide.tours.links import CalendarFeed
from guide.tours.model import Level, State, Tour, subject_of
from guide.tours.naming import parties_in

CANCELLED_FOR = timedelta(days=30)
"""How long a calendar says of a tour that it was cancelled."""
PAST_FOR = timedelta(days=366)
"""How long it holds what is over."""


class Kind(StrEnum):
    """What a calendar holds: one's own tours, or all that one may see."""

    OWN = "own"
    ALL = "all"


@dataclass(frozen=True)
class Subscriber:
    """Whose calendar it is, with the roles that they hold now."""

    id: int
    roles: frozenset[Role]

    def is_any_of(self, *roles: Role) -> bool:
        """Say whether they hold one of these roles."""
        return not self.roles.isdisjoint(roles)


def appointments_of(
    db: Session, feed: CalendarFeed, account: Account, at: datetime
) -> list[Appointment]:
    """List what a calendar holds: the tours that its owner may open, and times of others."""
    who = Subscriber(account.id, account.roles)
    wanted = [exists_for(who), *([is_theirs(who)] if feed.kind == Kind.OWN else [])]
    recent = Tour.ends_at > at - PAST_FOR
    query = select(Tour).where(recent, *wanted).order_by(Tour.starts_at, Tour.id)
    tours = db.scalars(query).all()
    changed = _last_changes(db, tours)
    found = [
        Appointment(
            number=tour.id,
            version=tour.version,
            state=tour.state,
            summary=summary_of(tour, account.language),
            starts_at=tour.starts_at,
            ends_at=tour.ends_at,
            stamped_at=changed[tour.id],
            changed_at=changed[tour.id],
        )
        for tour in tours
        if tour.starts_at and tour.ends_at
        if tour.state != State.CANCELLED or changed[tour.id] > at - CANCELLED_FOR
    ]
    if feed.kind == Kind.ALL:
        found += _times_of_others(db, feed, who, account.language, at)
    return found


def _times_of_others(
    db: Session, feed: CalendarFeed, who: Subscriber, language: str, at: datetime
) -> list[Appointment]:
    """List when the house is booked; of these tours nothing else is read."""
    query = select(Tour.id, Tour.version, Tour.state, Tour.starts_at, Tour.ends_at)
    query = query.where(Tour.ends_at > at - PAST_FOR, books_the_house_for(who))
    words = in_words("House booked", language)
    return [
        Appointment(number, version, state, words, begins, ends, feed.made_at, None)
        for number, version, state, begins, ends in db.execute(query.order_by(Tour.id))
        if begins and ends
    ]


def _last_changes(db: Session, tours: Sequence[Tour]) -> dict[int, datetime]:
    """Return when tours were changed last, by the trail; to open one changes nothing."""
    subjects = {subject_of(tour): tour for tour in tours}
    query = (
        select(AuditEntry.subject, func.max(AuditEntry.at))
        .where(AuditEntry.subject.in_(subjects), AuditEntry.deed != "tour.opened")
        .group_by(AuditEntry.subject)
    )
    changed = {subjects[subject].id: at for subject, at in db.execute(query)}
    return {tour.id: changed.get(tour.id, tour.made_at) for tour in tours}


def summary_of(tour: Tour, language: str) -> str:
    """Say what a tour is on a phone, which others may read over a shoulder."""
    if tour.level >= Level.CLOSED:
        return in_words("House booked", language)
    if tour.level >= Level.RESTRICTED:
        return in_words("Tour %(reference)s", language) % {"reference": tour.reference}
    parties = parties_in(tour, (language, "en", "az"))
    return ", ".join(party.text for party in parties) or tour.reference


def in_words(words: str, language: str) -> str:
    """Say a sentence of the templates (`tours/calendars.html`) in somebody's language."""
    return str(translations(language, OFFICE_WORDS).ugettext(words))
