"""What others were promised: no change of a confirmed tour breaks it without a reason."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.tours.access import OpenTour, TourInPath, exists_for, require_changeable
from guide.tours.clashes import ClashError
from guide.tours.deeds import let_stand
from guide.tours.left import ShownFinding, shown_to
from guide.tours.letting import ReasonForm
from guide.tours.pages import AREA, TourHead
from guide.tours.readiness import may_be_let, promises_broken, stands_against
from guide.web.forms import Posted, Rejected, read
from guide.web.session import SAFE, Db


class PromiseBrokenError(Exception):
    """A change was not made: what it would have broken, in words for whoever made it.

    `typed` is its form, to be sent again with a reason when it `may_be_let`.
    """

    def __init__(
        self, head: TourHead, broken: tuple[ShownFinding, ...], typed: Mapping[str, str]
    ) -> None:
        super().__init__([one.word for one in broken])
        self.head = head
        self.broken = broken
        self.typed = typed
        self.may_be_let = head.may_decide and all(one.may_be_let for one in broken)


@contextmanager
def promises_kept(db: Session, found: OpenTour, fields: Mapping[str, str]) -> Iterator[None]:
    """Look a confirmed tour over when its plan was changed, as it was looked over before.

    Raises ClashError for what stands against it only since then, unless a planner says why
    that may stand (`reason_to_let`). Nobody lets a tour stand that takes place at no time.
    """
    tour, seen = found.tour, found.tour.version
    before = stands_against(db, tour) if tour.is_binding else frozenset()
    yield
    if tour.version == seen or not tour.is_binding:
        return
    broken = promises_broken(db, tour, exists_for(found.who), before)
    if not broken:
        return
    reason = read(ReasonForm, fields)
    is_final = not all(may_be_let(one) for one in broken)
    if is_final or isinstance(reason, Rejected) or not found.may_decide:
        raise ClashError(broken)
    keys = [one.key for one in broken]
    let_stand(db, tour, keys, reason.reason_to_let, found.who, datetime.now(UTC))


def changeable_tour(
    request: Request, db: Db, found: TourInPath, fields: Posted
) -> Iterator[OpenTour]:
    """Open a tour to change its plan.

    Raises PlanIsFixedError when it is too late for that, PromiseBrokenError for a change
    that breaks what others were promised, which undoes it.
    """
    require_changeable(found)
    if request.method in SAFE:
        yield found
        return
    try:
        with promises_kept(db, found, fields):
            yield found
    except ClashError as clash:
        frame = OfficeFrame.around(request, found.who, AREA)
        broken = shown_to(db, found, frame, clash.findings)
        raise PromiseBrokenError(TourHead.of(found, frame), broken, fields) from None


ChangeableTour = Annotated[OpenTour, Depends(changeable_tour, scope="function")]
