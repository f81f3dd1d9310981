"""The gifts of a tour, as a register of gifts has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.tours.access import OpenTour, ReadableTour, WalkedTour
from guide.tours.keepsakes.answering import DONE, MEGABYTES, answered, keeper_of
from guide.tours.keepsakes.forms import LONGEST_DESCRIPTION
from guide.tours.keepsakes.keeping import (
    GIFTS,
    KeepsakeSent,
    Outcome,
    is_open,
    values_of,
)
from guide.tours.keepsakes.model import Direction, Gift
from guide.tours.keepsakes.queries import gifts_of, noted_gifts
from guide.tours.keepsakes.showing import ShownGift, keepers_of
from guide.tours.pages import AREA, TourHead, TourPage
from guide.tours.person_pages import Difference
from guide.tours.walking.events import OF_GIFTS, WalkEvent
from guide.web.forms import Number, Posted
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
GIFTS_OF = "/staff/tours/{tour_id}/gifts"
GIFT = GIFTS_OF + "/{gift_id}"


@dataclass(frozen=True)
class NotedGift:
    """A gift that a guide noted on the walk; `words` may have been forgotten.

    `direction` is empty when nobody has told it.
    """

    key: str
    direction: str
    words: str
    at: str


@dataclass(frozen=True)
class GiftsPage(TourPage):
    """The gifts that are registered, those noted on the walk, and a form (`id`: of which).

    `problem` is why nothing was kept; of a form that crossed another `theirs` is what stands
    there now, and `kept` the gift that it stands on.
    """

    template: ClassVar[str] = "tours/gifts.html"

    gifts: tuple[ShownGift, ...]
    noted: tuple[NotedGift, ...]
    id: str
    picture: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    seen: str
    is_open: bool
    problem: str = ""
    done: str = ""
    theirs: tuple[Difference, ...] = ()
    kept: str = ""
    directions: tuple[str, ...] = tuple(Direction)
    longest: int = LONGEST_DESCRIPTION
    most: int = MEGABYTES


def gift_in_path(db: Db, found: WalkedTour, gift_id: Number) -> Gift:
    """Find the gift that the address names, of this tour."""
    gift = db.scalar(select(Gift).where(Gift.id == gift_id, Gift.tour_id == found.tour.id))
    if gift is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return gift


GiftInPath = Annotated[Gift, Depends(gift_in_path)]


@router.api_route(GIFTS_OF, methods=READ, name="tours.gifts")
def show_gifts(
    request: Request, db: Db, found: ReadableTour, done: str = "", noted: str = ""
) -> Response:
    """Show the gifts, and ask for another: one that was `noted` on the walk, by its key.

    Whose gift it is stands in the press note: what nobody has told must be chosen.
    """
    values = values_of(GIFTS, None)
    told = next((one for one in noted_gifts(db, found.tour.id) if one.key == noted), None)
    if told:
        values["key"], values["direction"] = told.key, _direction(told)
        tongue = "az" if found.who.language == "az" else "en"
        values[f"description_{tongue}"] = _words(told)
    done = done if done in DONE else ""
    return render(request, _page(request, db, found, None, values, done=done))


@router.post(GIFTS_OF, name="tours.gifts.create")
def add_gift(request: Request, sent: KeepsakeSent, db: Db, found: WalkedTour) -> Response:
    """Register a gift, once."""
    outcome = keeper_of(request, db, found).keep(GIFTS, None, sent)
    return _answer(request, db, found, None, outcome, sent.fields, "added")


@router.api_route(GIFT, methods=READ, name="tours.gift")
def show_gift(request: Request, db: Db, found: ReadableTour, gift: GiftInPath) -> Response:
    """Show a gift, to be changed."""
    return render(request, _page(request, db, found, gift, values_of(GIFTS, gift)))


@router.post(GIFT, name="tours.gift.save")
def save_gift(
    request: Request, sent: KeepsakeSent, db: Db, found: WalkedTour, gift: GiftInPath
) -> Response:
    """Change what is said of a gift."""
    outcome = keeper_of(request, db, found).keep(GIFTS, gift, sent)
    return _answer(request, db, found, gift, outcome, sent.fields, "saved")


@router.post(GIFT + "/removal", name="tours.gift.remove")
def remove_gift(
    request: Request, db: Db, found: WalkedTour, gift: GiftInPath, fields: Posted
) -> Response:
    """Delete a gift and its picture."""
    keeper = keeper_of(request, db, found)
    outcome = keeper.remove(GIFTS, gift, fields.get("seen", ""))
    values = values_of(GIFTS, gift)
    return _answer(request, db, found, gift, outcome, values, "removed")


def _answer(  # noqa: PLR0913, PLR0917 (what was asked, and what became of it)
    request: Request,
    db: Session,
    found: OpenTour,
    gift: Gift | None,
    outcome: Outcome,
    sent: Mapping[str, str],
    done: str,
) -> Response:
    def again(values: Mapping[str, str], said: Outcome) -> GiftsPage:
        return _page(request, db, found, gift, values, outcome=said)

    path = request.app.url_path_for("tours.gifts", tour_id=str(found.tour.id))
    return answered(request, found.tour, outcome, sent, again, f"{path}?done={done}")


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    found: OpenTour,
    gift: Gift | None,
    values: Mapping[str, str],
    *,
    outcome: Outcome | None = None,
    done: str = "",
) -> GiftsPage:
    frame = OfficeFrame.around(request, found.who, AREA)
    gifts = gifts_of(db, found.tour.id)
    names = keepers_of(db, gifts)
    said = outcome or Outcome()
    return GiftsPage(
        frame,
        head=TourHead.of(found, frame),
        gifts=tuple(ShownGift.of(one, frame, names) for one in gifts),
        noted=tuple(
            NotedGift(one.key, _direction(one), _words(one), frame.moment(one.happened_at))
            for one in noted_gifts(db, found.tour.id)
        ),
        id=str(gift.id) if gift else "",
        picture=(gift and gift.picture) or "",
        values={**values_of(GIFTS, None), **values},
        errors=said.errors or {},
        seen=keeper_of(request, db, found).seen(GIFTS, gift),
        is_open=is_open(found.tour),
        problem=said.problem,
        done=done,
        theirs=tuple(said.theirs),
        kept=str(said.row.id) if said.row and said.problem == "reused" else "",
    )


def _words(event: WalkEvent) -> str:
    return event.note.text if event.note else ""


def _direction(event: WalkEvent) -> str:
    return event.tag if event.tag in OF_GIFTS else ""
