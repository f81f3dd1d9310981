"""`/d/{token}`: a delegation's own page, for everybody who has its address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response

from guide.db import Database
from guide.exhibits.showing import OnShow
from guide.exhibits.words import Passage
from guide.settings import Settings
from guide.tours.delegation import Opening, Visit, opened_by
from guide.tours.delegation import Sight as Told
from guide.tours.paper_words import Tongue
from guide.web.pages import Frame, PublicPage, render
from guide.web.reader import DelegationPass, Offered, keep_pass, language_with

router = APIRouter()
UNLISTED = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
BY_READER = UNLISTED | {"Vary": "Accept-Language, Cookie"}


@dataclass(frozen=True)
class Sight:
    """A stop as it is written; `slug` leads to its page, empty while visitors have none."""

    stop: int
    at: str
    name: Passage
    slug: str
    standing: str


@dataclass(frozen=True)
class Part:
    """Stops of one exhibition, below its name; or a stop that is in none."""

    head: Sight
    accent: str
    sights: tuple[Sight, ...]


@dataclass(frozen=True)
class DelegationPage(PublicPage):
    """What a delegation reads: the programme, and thanks when the visit is over.

    It holds words alone, and none that could name a person. `until` is when the programme
    closes, in milliseconds as scripts count; `token` is there while the group is on its way.
    """

    template: ClassVar[str] = "tours/delegation.html"

    is_over: bool
    is_under_way: bool
    is_on_the_way: bool
    seq: int
    until: int
    token: str
    parties: tuple[Passage, ...]
    date: str
    day: str
    begins: str
    ends: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Desk:
    """What a visit is written with: the clock of the museum, and what visitors may see."""

    zone: ZoneInfo
    on_show: OnShow

    @classmethod
    def of(cls, request: Request) -> Self:
        """Take them from the guide."""
        settings: Settings = request.app.state.settings
        return cls(ZoneInfo(settings.timezone), request.app.state.on_show)

    def page(
        self, visit: Visit, frame: Frame, opening: Opening, token: str, *, is_over: bool
    ) -> DelegationPage:
        """Write a visit down; one that was has no hours."""
        is_under_way = visit.is_under_way and not is_over
        return DelegationPage(
            frame,
            path="/",
            is_over=is_over,
            is_under_way=is_under_way,
            is_on_the_way=visit.is_on_the_way,
            seq=visit.seq,
            until=int(opening.over.timestamp() * 1000),
            token=token if is_under_way else "",
            parties=visit.parties,
            date=visit.day.isoformat() if visit.day else "",
            day=Tongue(frame.lang).day(visit.day)["text"] if visit.day else "",
            begins=self.clock(visit.starts_at, is_over=is_over),
            ends=self.clock(visit.ends_at, is_over=is_over),
            parts=tuple(self.parts(visit)),
        )

    def parts(self, visit: Visit) -> Iterator[Part]:
        """Write down what is seen, and where visitors read of it."""
        for part in visit.parts:
            room = self.on_show.exhibition(part.exhibition) if part.exhibition else None
            is_open = room is not None and room.is_open and not room.is_removed
            yield Part(
                self.sight(part.head, part.exhibition if is_open else ""),
                part.accent,
                tuple(self.sight(one, self.published(one.exhibit)) for one in part.sights),
            )

    def sight(self, sight: Told, slug: str) -> Sight:
        """Write down one stop, or the name above some."""
        at = self.clock(sight.at, is_over=False)
        return Sight(sight.stop, at, sight.name, slug, sight.standing)

    def published(self, slug: str) -> str:
        """Return the slug of an exhibit that has a page, empty for any other."""
        shown = self.on_show.exhibit(slug)
        has_page = shown is not None and shown.is_published and not shown.is_withdrawn
        return slug if has_page else ""

    def clock(self, at: datetime | None, *, is_over: bool) -> str:
        """Write down what the museum's clock shows; nothing once the visit is over."""
        return "" if at is None or is_over else at.astimezone(self.zone).strftime("%H:%M")


@router.api_route("/d/{token}", methods=["GET", "HEAD"], name="tours.delegation")
def show_delegation(
    request: Request, token: str, languages: Offered, lang: str = ""
) -> Response:
    """Show a delegation its page; whatever opens none is not found, and answers alike."""
    desk, now = Desk.of(request), datetime.now(UTC)
    database: Database = request.app.state.database
    with database.reading() as db:
        found = opened_by(db, token)
        opening = found and Opening.of(found[1], desk.zone)
        if found is None or opening is None or now >= opening.gone:
            raise HTTPException(HTTPStatus.NOT_FOUND, headers=UNLISTED)
        link, tour = found
        theirs = next((tag for tag in tour.languages if languages.named(tag)), None)
        asked = languages.spelt(lang)
        language = asked or language_with(request, languages, theirs)
        is_over = opening.thanks(now)
        told = Visit.seen if is_over else Visit.planned
        visit = told(db, tour, language, desk.zone)
    frame = Frame.of(language, languages)
    page = desk.page(visit, frame, opening, token, is_over=is_over)
    answer = render(request, page, headers=BY_READER)
    if now < opening.over:
        scanning = asked.tag if asked else theirs or language.tag
        until = int(opening.over.timestamp())
        keep_pass(
            request, answer, DelegationPass(visit=link.id, language=scanning, until=until)
        )
    return answer
