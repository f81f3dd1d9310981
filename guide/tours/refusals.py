"""What somebody reads when a tour does not let itself be changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar

from fastapi import Request, Response

from guide.accounts.model import Role
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import signed_in
from guide.tours.clashes import ClashError
from guide.tours.pages import AREA
from guide.web.errors import refusal
from guide.web.pages import render


@dataclass(frozen=True)
class RefusedPage(OfficePage):
    """Says why nothing was changed; `problem` is "fixed", "illegal" or "promise".

    What a change would have broken is named in the words of the template; `typed` is its
    form, which a planner sends again to `action` with a reason.
    """

    template: ClassVar[str] = "tours/refused.html"

    problem: str
    back: str
    action: str = ""
    broken: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    may_let: bool = False


def fixed(request: Request, _raised: Exception) -> Response:
    """Say that it is too late to change the plan."""
    return _refused(request, "fixed")


def illegal(request: Request, _raised: Exception) -> Response:
    """Say that the tour cannot be moved there from where it is now."""
    return _refused(request, "illegal")


def broken_promise(request: Request, raised: Exception) -> Response:
    """Say what a change of a confirmed tour would break; it was not made."""
    if not isinstance(raised, ClashError):
        raise TypeError(raised)
    return _refused(request, "promise", raised)


def _refused(request: Request, problem: str, clash: ClashError | None = None) -> Response:
    who = signed_in(request, datetime.now(UTC))
    if who is None:  # signed out in this very moment
        return refusal(request, HTTPStatus.CONFLICT)
    typed = clash.typed if clash else {}
    page = RefusedPage(
        OfficeFrame.around(request, who, AREA),
        problem,
        back=request.app.url_path_for("tours.tour", tour_id=request.path_params["tour_id"]),
        action=request.url.path,
        broken=tuple(dict.fromkeys(one.word for one in clash.findings)) if clash else (),
        typed=tuple((name, said) for name, said in typed.items() if name not in NOT_AGAIN),
        may_let=bool(typed) and who.is_any_of(Role.PLANNER),
    )
    return render(request, page, HTTPStatus.CONFLICT)


NOT_AGAIN = frozenset({"csrf", "reason_to_let"})
"""Fields of a form that are asked for anew."""
