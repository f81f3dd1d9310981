"""The bin and the archive: what was removed, and the way back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.pages import chain_of
from guide.exhibits import bin as store
from guide.exhibits.bin import Binned, NotEmptyError, Thing
from guide.exhibits.exchange import exhibit_sheet, exhibition_sheet
from guide.exhibits.model import Exhibit, Exhibition
from guide.exhibits.revisions import By, Cause, keep
from guide.exhibits.words import Passage, first_in
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
BIN = "/staff/bin"
PAGES = {
    "exhibit": ("curation.record", "slug"),
    "exhibition": ("curation.room", "exhibition"),
    "word": ("curation.word", "word"),
    "vocabulary": ("curation.vocabulary", "vocabulary"),
}
"""The page of each kind, and what its address calls the slug."""


@dataclass(frozen=True)
class ListedThing:
    """Something in the bin: since when, and for how many days still."""

    kind: str
    slug: str
    name: Passage
    since: str
    days: int
    is_for_ever: bool

    @classmethod
    def of(cls, one: Binned, frame: OfficeFrame, now: datetime) -> "ListedThing":
        """List a thing in the language of the account."""
        slug = one.thing.slug
        name = first_in(one.thing.names, chain_of(frame)) or Passage(slug, "zxx")
        since = frame.moment(one.since)
        return cls(one.kind, slug, name, since, one.days_left(now), one.is_for_ever)


@dataclass(frozen=True)
class BinPage(OfficePage):
    """The bin and the archive; `just` was put there just now, `refused` could not be."""

    template: ClassVar[str] = "curation/bin.html"

    things: tuple[ListedThing, ...]
    archive: tuple[ListedThing, ...]
    just: ListedThing | None = None
    refused: Passage | None = None


@dataclass(frozen=True)
class InPath:
    """What the address names."""

    kind: str
    thing: Thing


def thing_in_path(db: Db, _curator: Curator, kind: str, slug: str) -> InPath:
    """Find what the address names, in the bin or not; others who change it wait."""
    found = store.thing_called(db, kind, slug)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return InPath(kind, found)


ThingInPath = Annotated[InPath, Depends(thing_in_path)]


@router.api_route(BIN, methods=READ, name="curation.bin")
def show_bin(request: Request, db: Db, curator: Curator, just: str = "") -> Response:
    """Show what was removed; `just` is a kind, a colon and a slug."""
    return render(request, _page(request, db, curator, just=just))


@router.post(BIN + "/{kind}/{slug}", name="curation.bin.create")
def put_into_bin(request: Request, db: Db, curator: Curator, named: ThingInPath) -> Response:
    """Put something into the bin; an exhibition only when no exhibit is left in it."""
    at, thing = datetime.now(UTC), named.thing
    if thing.removed_at is None:
        try:
            store.remove(db, thing, at)
        except NotEmptyError:
            page = _page(request, db, curator, refused=thing)
            return render(request, page, HTTPStatus.CONFLICT)
        _write_down(db, named.kind, thing, "bin.filled", account_of(db, curator), at)
    path = request.app.url_path_for("curation.bin")
    just = f"{named.kind}:{thing.slug}"
    return RedirectResponse(f"{path}?just={just}", HTTPStatus.SEE_OTHER)


@router.post(BIN + "/{kind}/{slug}/end", name="curation.bin.end")
def put_back(request: Request, db: Db, curator: Curator, named: ThingInPath) -> Response:
    """Take something out of the bin or the archive, as it was."""
    at = datetime.now(UTC)
    if named.thing.removed_at is not None:
        for one in store.put_back(db, named.thing):
            kind = "exhibition" if isinstance(one, Exhibition) else named.kind
            _write_down(db, kind, one, "bin.put-back", account_of(db, curator), at)
    route, called = PAGES[named.kind]
    path = request.app.url_path_for(route, **{called: named.thing.slug})
    return RedirectResponse(f"{path}?done=put-back", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, db: Session, curator: Person, just: str = "", refused: Thing | None = None
) -> BinPage:
    frame, now = OfficeFrame.around(request, curator, AREA), datetime.now(UTC)
    listed = [ListedThing.of(one, frame, now) for one in store.in_bin(db)]
    return BinPage(
        frame,
        things=tuple(one for one in listed if one.days),
        archive=tuple(one for one in listed if not one.days and one.is_for_ever),
        just=next((one for one in listed if f"{one.kind}:{one.slug}" == just), None),
        refused=first_in(refused.names, chain_of(frame)) if refused else None,
    )


def _write_down(  # noqa: PLR0913, PLR0917 (a deed, and what is written down of it)
    db: Session, kind: str, thing: Thing, deed: str, by: Account, at: datetime
) -> None:
    db.add(AuditEntry.of(by, deed, f"{kind}:{thing.slug}", at))
    if isinstance(thing, Exhibit):
        said = exhibit_sheet(thing).model_dump(mode="json")
    elif isinstance(thing, Exhibition):
        said = exhibition_sheet(thing).model_dump(mode="json")
    else:
        return
    keep(db, (kind, thing.id, "", said), Cause.SAVED, at, By(by.id))
