"""The guest book of a tour: a photograph, the words, a signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.languages.queries import all_languages
from guide.tours.access import OpenTour, ReadableTour, WalkedTour
from guide.tours.keepsakes.answering import DONE, MEGABYTES, answered, keeper_of
from guide.tours.keepsakes.forms import LONGEST_TEXT
from guide.tours.keepsakes.keeping import (
    GUEST_BOOK,
    Keeper,
    KeepsakeSent,
    Outcome,
    is_open,
    values_of,
)
from guide.tours.keepsakes.model import GuestBookPage, Publish
from guide.tours.keepsakes.queries import pages_of
from guide.tours.keepsakes.showing import ShownPage, keepers_of
from guide.tours.keepsakes.vault import Vault, named_files
from guide.tours.pages import AREA, TourHead, TourPage
from guide.tours.person_pages import Difference, tongue_of
from guide.tours.requesting import Option, spoken_options
from guide.tours.walking.entries import Entry
from guide.tours.walking.events import Kind, WalkEvent
from guide.tours.walking.record import Sent as SentByPhone
from guide.tours.walking.record import take_down
from guide.web.forms import Number, Posted
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
TOUR = "/staff/tours/{tour_id}"
BOOK = TOUR + "/guest-book"
PAGE = BOOK + "/{page_id}"


@dataclass(frozen=True)
class GuestBook(TourPage):
    """The pages that are kept, and a form for another, or for one of them (`id`).

    `problem` is why nothing was kept; of a form that crossed another `theirs` is what stands
    there now, and `kept` the page that it stands on.
    """

    template: ClassVar[str] = "tours/guest_book.html"

    pages: tuple[ShownPage, ...]
    id: str
    picture: str
    signature: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    seen: str
    languages: tuple[Option, ...]
    is_open: bool
    problem: str = ""
    done: str = ""
    theirs: tuple[Difference, ...] = ()
    kept: str = ""
    publishing: tuple[str, ...] = tuple(Publish)
    longest: int = LONGEST_TEXT
    most: int = MEGABYTES


def page_in_path(db: Db, found: WalkedTour, page_id: Number) -> GuestBookPage:
    """Find the page that the address names, of this tour."""
    query = select(GuestBookPage).where(
        GuestBookPage.id == page_id, GuestBookPage.tour_id == found.tour.id
    )
    page = db.scalar(query)
    if page is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return page


PageInPath = Annotated[GuestBookPage, Depends(page_in_path)]


@router.api_route(TOUR + "/keepsakes/{keepsake}/{size}", methods=READ, name="tours.keepsake")
def send_picture(
    request: Request, db: Db, found: WalkedTour, keepsake: str, size: str
) -> Response:
    """Send a photograph or a signature of this tour to whoever may read its names."""
    if keepsake not in named_files(db, found.tour.id):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    vault: Vault = request.app.state.vault
    return vault.send(request, keepsake, size)


@router.api_route(BOOK, methods=READ, name="tours.guest-book")
def show_book(request: Request, db: Db, found: ReadableTour, done: str = "") -> Response:
    """Show what guests have written, and ask for another page."""
    values = {
        **values_of(GUEST_BOOK, None),
        "language": next(iter(found.tour.languages), ""),
        "publish": Publish.NO,
    }
    done = done if done in DONE else ""
    return render(request, _book(request, db, found, None, values, done=done))


@router.post(BOOK, name="tours.guest-book.create")
def add_page(request: Request, sent: KeepsakeSent, db: Db, found: WalkedTour) -> Response:
    """Keep a page, once; that there is one becomes an event of the walk."""
    keeper = keeper_of(request, db, found)
    outcome = keeper.keep(GUEST_BOOK, None, sent)
    if outcome.is_new and outcome.row:
        _take_down(keeper, outcome.row.key)
    return _answer(request, db, found, None, outcome, sent.fields, "added")


@router.api_route(PAGE, methods=READ, name="tours.guest-book.page")
def show_page(request: Request, db: Db, found: ReadableTour, page: PageInPath) -> Response:
    """Show a page, to be changed."""
    return render(request, _book(request, db, found, page, values_of(GUEST_BOOK, page)))


@router.post(PAGE, name="tours.guest-book.page.save")
def save_page(
    request: Request, sent: KeepsakeSent, db: Db, found: WalkedTour, page: PageInPath
) -> Response:
    """Change a page."""
    outcome = keeper_of(request, db, found).keep(GUEST_BOOK, page, sent)
    return _answer(request, db, found, page, outcome, sent.fields, "saved")


@router.post(PAGE + "/removal", name="tours.guest-book.page.remove")
def remove_page(
    request: Request, db: Db, found: WalkedTour, page: PageInPath, fields: Posted
) -> Response:
    """Delete a page and its pictures."""
    keeper = keeper_of(request, db, found)
    outcome = keeper.remove(GUEST_BOOK, page, fields.get("seen", ""))
    values = values_of(GUEST_BOOK, page)
    return _answer(request, db, found, page, outcome, values, "removed")


def _answer(  # noqa: PLR0913, PLR0917 (what was asked, and what became of it)
    request: Request,
    db: Session,
    found: OpenTour,
    page: GuestBookPage | None,
    outcome: Outcome,
    sent: Mapping[str, str],
    done: str,
) -> Response:
    def again(values: Mapping[str, str], said: Outcome) -> GuestBook:
        return _book(request, db, found, page, values, outcome=said)

    path = request.app.url_path_for("tours.guest-book", tour_id=str(found.tour.id))
    return answered(request, found.tour, outcome, sent, again, f"{path}?done={done}")


def _take_down(keeper: Keeper, key: str) -> None:
    """Say in the walk that there is a page, unless the phone has said so; no word of it."""
    tour, at = keeper.found.tour, keeper.at
    query = select(WalkEvent.id).where(WalkEvent.tour_id == tour.id, WalkEvent.key == key)
    if keeper.db.scalar(query) is None:
        entry = Entry(key=UUID(key), kind=Kind.GUEST_BOOK, at=at)
        origin = SentByPhone(keeper.found.who, at, at)
        take_down(keeper.db, tour, [entry], origin, keeper.secret)


def _book(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    found: OpenTour,
    page: GuestBookPage | None,
    values: Mapping[str, str],
    *,
    outcome: Outcome | None = None,
    done: str = "",
) -> GuestBook:
    frame = OfficeFrame.around(request, found.who, AREA)
    pages = pages_of(db, found.tour.id)
    names = keepers_of(db, pages)
    said = outcome or Outcome()
    return GuestBook(
        frame,
        head=TourHead.of(found, frame),
        pages=tuple(ShownPage.of(one, frame, names) for one in pages),
        id=str(page.id) if page else "",
        picture=(page and page.picture) or "",
        signature=(page and page.signature) or "",
        values={**values_of(GUEST_BOOK, None), "publish": Publish.NO, **values},
        errors=said.errors or {},
        seen=keeper_of(request, db, found).seen(GUEST_BOOK, page),
        languages=_languages(db, frame),
        is_open=is_open(found.tour),
        problem=said.problem,
        done=done,
        theirs=tuple(said.theirs),
        kept=str(said.row.id) if said.row and said.problem == "reused" else "",
    )


def _languages(db: Session, frame: OfficeFrame) -> tuple[Option, ...]:
    tongues: Sequence[str] = [one.tag for one in all_languages(db)]
    return spoken_options([tongue_of(tag, (), frame) for tag in tongues], frame)
