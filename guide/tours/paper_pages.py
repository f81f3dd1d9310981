"""The papers of a tour: choosing one and its languages, and getting it as a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.languages.model import Language, Offer
from guide.languages.queries import offer
from guide.qr.symbols import UnfitAddressError
from guide.settings import Settings
from guide.tours import deeds
from guide.tours.access import OpenTour, ReadableTour
from guide.tours.addresses import address_of, open_link, symbol_of
from guide.tours.forme import NoRoomError
from guide.tours.links import TourLink
from guide.tours.model import Tour
from guide.tours.pages import AREA, TourHead, TourPage
from guide.tours.papers import Paper
from guide.tours.printing import (
    Occasion,
    brief_of,
    card_of,
    name_list_of,
    programme_of,
)
from guide.tours.setting import UndrawableError, typeset
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
PAPERS = "/staff/tours/{tour_id}/papers"
FIRST = "az"
"""The house's own language, which stands on every paper unless another is chosen."""

DONE = frozenset({"address", "revoked"})


class Kind(StrEnum):
    """What can be printed, by what its file is called."""

    PROGRAMME = "programme"
    CARD = "welcome-card"
    NAMES = "names"
    BRIEF = "brief"


@dataclass(frozen=True)
class Choice:
    """A language that can be chosen, by its own name."""

    tag: str
    endonym: str


@dataclass(frozen=True)
class Offered:
    """A paper that can be printed; `lacks` is "time" or "address" while it cannot be.

    `first` and `second` are the languages that are chosen, the second none in a brief.
    """

    kind: str
    first: str
    second: str
    lacks: str

    @property
    def has_second(self) -> bool:
        """Say whether it may be in two languages."""
        return self.kind != Kind.BRIEF


@dataclass(frozen=True)
class Refused:
    """Why a paper was not made: a word, and the words and characters that it is about."""

    problem: str = ""
    text: str = ""
    characters: str = ""


@dataclass(frozen=True)
class PapersPage(TourPage):
    """What can be printed of a tour."""

    template: ClassVar[str] = "tours/papers.html"

    papers: tuple[Offered, ...]
    choices: tuple[Choice, ...]
    has_address: bool
    is_draft: bool
    refused: Refused
    done: str = ""


@dataclass(frozen=True)
class Asked:
    """A paper that somebody asks for, and in which languages."""

    kind: Kind
    languages: Sequence[Language]

    @property
    def file_name(self) -> str:
        """What its file is called, before the reference of its tour: plain letters."""
        tongues = "-".join(one.tag for one in self.languages)
        return f"{self.kind}-{tongues}"


@router.api_route(PAPERS, methods=READ, name="tours.papers")
def show_papers(request: Request, db: Db, found: ReadableTour, done: str = "") -> Response:
    """Show what can be printed."""
    page = _page(request, db, found, done=done if done in DONE else "")
    return render(request, page)


@router.post(PAPERS + "/address", name="tours.papers.address")
def make_address(request: Request, db: Db, found: ReadableTour) -> Response:
    """Make the address of the delegation's page; one that is there already stays."""
    if open_link(db, found.tour) is None:
        at = datetime.now(UTC)
        db.add(TourLink.made(found.tour.id, request.app.state.secret, at))
        db.flush()
        deeds.write_down(db, found.tour, "tour.address.made", found.who, at)
    return _back(request, found, "address")


@router.post(PAPERS + "/address/revocation", name="tours.papers.address.revoke")
def revoke_address(request: Request, db: Db, found: ReadableTour) -> Response:
    """Let the address open nothing any more; twice changes nothing."""
    if link := open_link(db, found.tour):
        at = datetime.now(UTC)
        link.revoke(at)
        deeds.write_down(db, found.tour, "tour.address.revoked", found.who, at)
    return _back(request, found, "revoked")


@router.api_route(PAPERS + "/{paper}.pdf", methods=READ, name="tours.papers.pdf")
def fetch_paper(request: Request, db: Db, found: ReadableTour, paper: str) -> Response:
    """Hand a paper out, made now: nothing of it is kept."""
    if paper not in set(Kind):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    kind, there = Kind(paper), _offer(request, db)
    frame = OfficeFrame.around(request, found.who, AREA)
    named = ",".join(request.query_params.getlist("languages")).split(",")
    wanted = [tag.strip() for tag in named if tag.strip()]
    if "languages" not in request.query_params:
        wanted = [tag for tag in _usual(there, found.tour, kind, frame) if tag]
    languages = _languages(there, wanted)
    if not languages or (kind is Kind.BRIEF and len(languages) > 1):
        return _refuse(request, db, found, Refused("languages"))
    if lacking := _lacks(db, found.tour, kind):
        return _refuse(request, db, found, Refused(lacking))
    asked = Asked(kind, languages)
    try:
        pdf = typeset(_paper(request, db, found, asked, frame.zone))
    except UndrawableError as failed:
        return _refuse(
            request, db, found, Refused("undrawable", failed.text, failed.characters)
        )
    except NoRoomError:
        return _refuse(request, db, found, Refused("no-room"))
    except UnfitAddressError:
        return _refuse(request, db, found, Refused("unfit"))
    name = f"{found.tour.reference}-{asked.file_name}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


def _back(request: Request, found: OpenTour, done: str) -> Response:
    path = request.app.url_path_for("tours.papers", tour_id=str(found.tour.id))
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)


def _paper(
    request: Request, db: Session, found: OpenTour, asked: Asked, zone: ZoneInfo
) -> Paper:
    today = datetime.now(UTC).astimezone(zone).date()
    occasion = Occasion(found.tour, asked.languages, found.who.name, today, zone)
    if asked.kind is Kind.BRIEF:
        return brief_of(db, occasion)
    if asked.kind is Kind.NAMES:
        return name_list_of(occasion)
    address = address_of(request, db, found.tour)
    symbol = symbol_of(request, address) if address else None
    if asked.kind is Kind.CARD and symbol:
        return card_of(occasion, symbol, urlsplit(symbol.payload).netloc)
    return programme_of(db, occasion, symbol)


def _refuse(request: Request, db: Session, found: OpenTour, refused: Refused) -> Response:
    page = _page(request, db, found, refused)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: Request,
    db: Session,
    found: OpenTour,
    refused: Refused | None = None,
    done: str = "",
) -> PapersPage:
    frame = OfficeFrame.around(request, found.who, AREA)
    there, tour = _offer(request, db), found.tour
    settings: Settings = request.app.state.settings
    return PapersPage(
        frame,
        TourHead.of(found, frame),
        papers=tuple(
            Offered(kind, *_usual(there, tour, kind, frame), _lacks(db, tour, kind))
            for kind in Kind
        ),
        choices=tuple(Choice(one.tag, one.endonym) for one in there),
        has_address=open_link(db, tour) is not None,
        is_draft=not settings.public_url,
        refused=refused or Refused(),
        done=done,
    )


def _usual(there: Offer, tour: Tour, kind: Kind, frame: OfficeFrame) -> tuple[str, str]:
    """Return the languages that a paper is in unless others are chosen.

    The house's own and the guests', which stands first on what they are given at the door.
    """
    theirs = next((tag for tag in tour.languages if there.named(tag)), "en")
    if kind is Kind.BRIEF:
        return frame.lang, ""
    return _two(theirs, FIRST) if kind is Kind.CARD else _two(FIRST, theirs)


def _two(first: str, second: str) -> tuple[str, str]:
    """Choose two languages, or one when they are the same."""
    return (first, second) if first != second else (first, "")


def _lacks(db: Session, tour: Tour, kind: Kind) -> str:
    """Say what has to be known, or made, before a paper can be."""
    if kind is not Kind.BRIEF and tour.starts_at is None:
        return "time"
    if kind is Kind.CARD and open_link(db, tour) is None:
        return "address"
    return ""


def _languages(there: Offer, tags: Sequence[str]) -> list[Language]:
    """Find one or two languages by their tags; nothing if any is not offered."""
    found = [language for tag in tags if (language := there.spelt(tag))]
    different = [*dict.fromkeys(found)]
    return different if len(found) == len(tags) and len(different) in {1, 2} else []


def _offer(request: Request, db: Session) -> Offer:
    settings: Settings = request.app.state.settings
    return offer(db, settings.default_language)
