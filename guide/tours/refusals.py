"""What somebody reads when a tour does not let itself be changed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar

from fastapi import Request, Response

from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import signed_in
from guide.tours.left import ShownFinding
from guide.tours.pages import AREA, TourHead
from guide.tours.promises import PromiseBrokenError
from guide.web.errors import refusal
from guide.web.pages import render


@dataclass(frozen=True)
class RefusedPage(OfficePage):
    """Says why nothing was changed; `problem` is "fixed", "illegal" or "promise".

    `broken` is what a change of the tour at `head` would have broken, `typed` its form,
    which a planner sends again to `action` with a reason when that `may_be_let`.
    """

    template: ClassVar[str] = "tours/refused.html"

    problem: str
    back: str
    action: str = ""
    head: TourHead | None = None
    broken: tuple[ShownFinding, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    may_be_let: bool = False


def fixed(request: Request, _raised: Exception) -> Response:
    """Say that it is too late to change the plan."""
    return _refused(request, "fixed")


def illegal(request: Request, _raised: Exception) -> Response:
    """Say that the tour cannot be moved there from where it is now."""
    return _refused(request, "illegal")


def broken_promise(request: Request, raised: Exception) -> Response:
    """Say what a change of a confirmed tour would break; it was not made."""
    if not isinstance(raised, PromiseBrokenError):
        raise TypeError(raised)
    return _refused(request, "promise", raised)


def _refused(
    request: Request, problem: str, broken: PromiseBrokenError | None = None
) -> Response:
    who = signed_in(request, datetime.now(UTC))
    if who is None:  # signed out in this very moment
        return refusal(request, HTTPStatus.CONFLICT)
    frame = OfficeFrame.around(request, who, AREA)
    back = request.app.url_path_for("tours.tour", tour_id=request.path_params["tour_id"])
    page = RefusedPage(frame, problem, back)
    if broken:
        again = {name: said for name, said in broken.typed.items() if name not in NOT_AGAIN}
        page = replace(
            page,
            action=request.url.path,
            head=broken.head,
            broken=broken.broken,
            typed=tuple(again.items()),
            may_be_let=broken.may_be_let,
        )
    return render(request, page, HTTPStatus.CONFLICT)


NOT_AGAIN = frozenset({"csrf", "reason_to_let"})
"""Fields of a form that are asked for anew."""
