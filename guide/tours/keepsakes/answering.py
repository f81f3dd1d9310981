"""What answers a form of the guest book or of the gifts, and what is cleared away with it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from guide.tours.access import OpenTour
from guide.tours.keepsakes.keeping import Keeper, Outcome, fresh_key
from guide.tours.keepsakes.vault import Vault
from guide.tours.model import Tour
from guide.tours.pages import TourPage
from guide.web.pages import render

MEGABYTES = 30
"""How large a photograph may be that somebody sends."""

DONE = frozenset({"added", "saved", "removed"})
"""What the address of a list may say was done last."""

Again = Callable[[Mapping[str, str], Outcome], TourPage]
"""Shows a form once more, with what was sent and why it was not kept."""


def keeper_of(request: Request, db: Session, found: OpenTour) -> Keeper:
    """Return what keeps the forms of this request."""
    state = request.app.state
    return Keeper(db, found, state.vault, state.secret, datetime.now(UTC))


def answered(  # noqa: PLR0913, PLR0917 (what was asked, and what became of it)
    request: Request,
    tour: Tour,
    outcome: Outcome,
    sent: Mapping[str, str],
    again: Again,
    to: str,
) -> Response:
    """Lead on `to` where what was kept is listed, or show the form once more."""
    if not outcome.problem:
        return _cleared(request, tour, outcome, RedirectResponse(to, HTTPStatus.SEE_OTHER))
    values = dict(sent)
    if outcome.problem == "reused":  # sent once more it is one of its own
        values["key"] = fresh_key()
    page = again(values, outcome)
    return _cleared(request, tour, outcome, render(request, page, outcome.status))


def _cleared(request: Request, tour: Tour, outcome: Outcome, answer: Response) -> Response:
    """Remove, once the answer is kept, the files that nothing names any more."""
    vault: Vault = request.app.state.vault
    if outcome.left:
        answer.background = BackgroundTask(vault.clear_away, tour.id, outcome.left)
    return answer
