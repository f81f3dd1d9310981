"""Where a delegation is, as its guests' phones are told: a stop and its exhibit, nobody."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from json import dumps
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from guide.accounts.tokens import hashed
from guide.exhibits.model import Exhibit
from guide.exhibits.showing import OnShow
from guide.tours.delegation import Opening
from guide.tours.links import TourLink
from guide.tours.model import State, Tour
from guide.tours.stops import TourStop
from guide.tours.walking.events import MOVES, WalkEvent
from guide.tours.walking.walk import Walk

IN_TIME = WalkEvent.is_late.is_(False)
"""What comes when the tour is over moves nobody."""

_MOVED = (
    select(func.max(WalkEvent.seq))
    .where(WalkEvent.tour_id == Tour.id, WalkEvent.kind.in_(MOVES), IN_TIME)
    .scalar_subquery()
)

HasPage = Callable[[str], bool]
"""Says whether visitors have a page of the exhibit with this slug."""


@dataclass(frozen=True)
class Whereabouts:
    """Where a delegation is; at no stop before the beginning and after the end.

    `seq` grows with each move: who has seen two knows which is the later. The exhibit is
    named only if visitors have a page of it.
    """

    stop: str | None
    exhibit_slug: str | None
    seq: int

    @property
    def message(self) -> bytes:
        """Return it as an event of a stream."""
        data = dumps(asdict(self), separators=(",", ":"))
        return f"id: {self.seq}\ndata: {data}\n\n".encode()


@dataclass(frozen=True)
class Followed:
    """A visit that can be followed; `moved` and `state` tell whether it has gone on."""

    link: int
    tour: int
    state: State
    moved: int

    @property
    def stand(self) -> tuple[int, State]:
        """Return what differs when there is something to tell."""
        return self.moved, self.state


def followed(
    db: Session, zone: ZoneInfo, at: datetime, *which: ColumnElement[bool]
) -> Iterator[Followed]:
    """Find visits that can be followed: the address lives, and the last day is not over."""
    query = select(TourLink.id, Tour, func.coalesce(_MOVED, 0))
    query = query.join(Tour, Tour.id == TourLink.tour_id)
    for link, tour, moved in db.execute(query.where(TourLink.revoked_at.is_(None), *which)):
        opening = Opening.of(tour, zone)
        if opening and at < opening.over:
            yield Followed(link, tour.id, tour.state, moved)


def of_token(token: str) -> ColumnElement[bool]:
    """Return the condition that an address has this token."""
    return TourLink.token_hash == hashed(token)


def whereabouts(db: Session, found: Followed, has_page: HasPage) -> Whereabouts:
    """Return where a delegation is."""
    query = select(WalkEvent).where(WalkEvent.tour_id == found.tour, IN_TIME)
    walk = Walk.of(db.scalars(query.order_by(WalkEvent.seq)))
    is_over = found.state == State.COMPLETED or walk.finished_at is not None
    if is_over or walk.stop is None:
        return Whereabouts(None, None, walk.moved)
    of_stop = select(Exhibit.slug).join(TourStop, TourStop.exhibit_id == Exhibit.id)
    slug = db.scalar(of_stop.where(TourStop.id == walk.stop))
    return Whereabouts(str(walk.stop), slug if slug and has_page(slug) else None, walk.moved)


def pages_of(on_show: OnShow) -> HasPage:
    """Return what says whether visitors have a page of an exhibit."""

    def has_page(slug: str) -> bool:
        shown = on_show.exhibit(slug)
        return shown is not None and shown.is_published and not shown.is_withdrawn

    return has_page
