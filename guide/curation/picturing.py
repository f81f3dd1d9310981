"""The pictures of an exhibit: sent, described, put in order, shown, taken off."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.curation import media_deeds as deeds
from guide.curation.editing import AREA, READ, account_of
from guide.curation.media_forms import picture_in, values_of_picture
from guide.curation.media_pages import (
    PicturePage,
    PictureRow,
    PicturesPage,
    Said,
    ShownFile,
    Whose,
    in_tongues,
    state_of,
    unsaid_in,
)
from guide.curation.pages import chain_of
from guide.curation.queries import tongues
from guide.curation.recording import RECORD, ExhibitInPath
from guide.exhibits.model import Exhibit
from guide.exhibits.pictures import ExhibitPicture, UnfinishedError, pictures_of
from guide.media.cabinet import Cabinet, Kept
from guide.media.receiving import FileSent, take_in
from guide.media.serving import answer
from guide.media.signatures import Kind
from guide.web.forms import Number, Posted
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
PICTURES = RECORD + "/pictures"
ONE = PICTURES + "/{picture_id}"
DONE = frozenset(
    {"added", "already", "saved", "shown", "taken-off", "removed", "brought-back", "moved"}
)
REFUSED = {
    "large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "room": HTTPStatus.INSUFFICIENT_STORAGE,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What answers a file that is not taken, where it is not 422."""

MOVES = {"up": -1, "down": 1}


def picture_sent(request: Request, _curator: Curator, sent: FileSent) -> Kept | str:
    """Keep a picture before the transaction begins; a word says why it is not taken."""
    return take_in(request, Kind.PICTURE, sent)


PictureSent = Annotated[Kept | str, Depends(picture_sent)]


def picture_in_path(db: Db, exhibit: ExhibitInPath, picture_id: Number) -> ExhibitPicture:
    """Find the picture that the address names; its exhibit is held by whoever changes it."""
    for one in pictures_of(db, exhibit.id):
        if one.id == picture_id:
            return one
    raise HTTPException(HTTPStatus.NOT_FOUND)


PictureInPath = Annotated[ExhibitPicture, Depends(picture_in_path)]


@router.api_route("/staff/media/{hash_}/{file}", methods=READ, name="curation.media")
def send_file(request: Request, _curator: Curator, hash_: str, file: str) -> Response:
    """Send a picture or recording to a curator, shown to visitors or not."""
    cabinet: Cabinet = request.app.state.cabinet
    sent = answer(request, cabinet.store, hash_, file)
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


@router.api_route(PICTURES, methods=READ, name="curation.pictures")
def list_pictures(  # noqa: PLR0913, PLR0917 (the exhibit, and what is said of what was done)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    done: str = "",
    about: str = "",
) -> Response:
    """Show the pictures of an exhibit."""
    said = Said(done=done if done in DONE else "", about=about if about.isdecimal() else "")
    return render(request, _list(request, db, curator, exhibit, said))


@router.post(PICTURES, name="curation.picture.create")
def add_picture(
    request: Request, curator: Curator, kept: PictureSent, db: Db, exhibit: ExhibitInPath
) -> Response:
    """Add a picture; nobody sees it until it is described and shown."""
    if isinstance(kept, str):
        page = _list(request, db, curator, exhibit, Said(problem=kept))
        return render(request, page, REFUSED.get(kept, HTTPStatus.UNPROCESSABLE_ENTITY))
    by, at = account_of(db, curator), datetime.now(UTC)
    picture, is_new = deeds.add_picture(db, exhibit, kept, by=by, at=at)
    return _again(request, exhibit, picture, "added" if is_new else "already")


@router.api_route(ONE, methods=READ, name="curation.picture")
def show_picture(  # noqa: PLR0913, PLR0917 (what the address names, and what was done)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    picture: PictureInPath,
    done: str = "",
) -> Response:
    """Show one picture, and what is said of it."""
    said = Said(done=done if done in DONE else "")
    values = values_of_picture(picture)
    return render(request, _page(request, db, curator, (exhibit, picture), values, said=said))


@router.post(ONE, name="curation.picture.save")
def save_picture(  # noqa: PLR0913, PLR0917 (what the address names, and what was sent)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    picture: PictureInPath,
    fields: Posted,
) -> Response:
    """Save what is said of a picture; of one that is shown visitors read it at once."""
    refused = _saved(request, db, curator, (exhibit, picture), fields)
    return refused or _again(request, exhibit, picture, "saved")


@router.post(ONE + "/publication", name="curation.picture.show")
def show_to_visitors(  # noqa: PLR0913, PLR0917 (what the address names, and what was sent)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    picture: PictureInPath,
    fields: Posted,
) -> Response:
    """Save what was typed last, and show the picture; or say what is missing."""
    refused = _saved(request, db, curator, (exhibit, picture), fields)
    if refused:
        return refused
    try:
        by, at = account_of(db, curator), datetime.now(UTC)
        deeds.show_picture(db, picture, by=by, at=at)
    except UnfinishedError as unfinished:
        values = values_of_picture(picture)
        said = Said(problem="unfinished", lacks=unfinished.lacks)
        page = _page(request, db, curator, (exhibit, picture), values, said=said)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _again(request, exhibit, picture, "shown")


@router.post(ONE + "/publication/end", name="curation.picture.hide")
def take_off(
    request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath, picture: PictureInPath
) -> Response:
    """Show a picture to visitors no more."""
    deeds.take_off(db, picture, by=account_of(db, curator), at=datetime.now(UTC))
    return _again(request, exhibit, picture, "taken-off")


@router.post(ONE + "/place", name="curation.picture.move")
def move(  # noqa: PLR0913, PLR0917 (what the address names, and what was sent)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    picture: PictureInPath,
    fields: Posted,
) -> Response:
    """Move a picture up or down; the first is the one that a page opens with."""
    steps = MOVES.get(fields.get("to", ""), 0)
    if steps and picture.removed_at is None:
        all_, by = pictures_of(db, exhibit.id), account_of(db, curator)
        deeds.move(db, picture, steps, all_, by=by, at=datetime.now(UTC))
    return _to_list(request, exhibit, picture, "moved")


@router.post(ONE + "/removal", name="curation.picture.remove")
def remove(
    request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath, picture: PictureInPath
) -> Response:
    """Put a picture into the bin."""
    deeds.remove(db, picture, by=account_of(db, curator), at=datetime.now(UTC))
    return _to_list(request, exhibit, picture, "removed")


@router.post(ONE + "/removal/end", name="curation.picture.restore")
def bring_back(
    request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath, picture: PictureInPath
) -> Response:
    """Take a picture out of the bin."""
    deeds.bring_back(db, picture, by=account_of(db, curator), at=datetime.now(UTC))
    return _to_list(request, exhibit, picture, "brought-back")


def _saved(
    request: Request,
    db: Session,
    curator: Person,
    what: tuple[Exhibit, ExhibitPicture],
    fields: Mapping[str, str],
) -> Response | None:
    """Save what was typed; return the page that says why not."""
    _, picture = what
    if picture.removed_at is not None or fields.get("version") != str(picture.version):
        page = _page(request, db, curator, what, fields, said=Said(problem="stale"))
        return render(request, page, HTTPStatus.CONFLICT)
    told, errors = picture_in(fields, [one.tag for one in tongues(db)])
    if errors:
        said = Said(problem="unreadable")
        page = _page(request, db, curator, what, fields, errors=errors, said=said)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        deeds.save(db, picture, told, by=account_of(db, curator), at=datetime.now(UTC))
    except UnfinishedError as unfinished:
        said = Said(problem="would-lack", lacks=unfinished.lacks)
        page = _page(request, db, curator, what, fields, said=said)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return None


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    what: tuple[Exhibit, ExhibitPicture],
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    said: Said,
) -> PicturePage:
    exhibit, picture = what
    frame = OfficeFrame.around(request, curator, AREA)
    languages = tongues(db)
    blank = values_of_picture(picture)
    typed = {**dict.fromkeys(blank, ""), **values}
    point, _ = picture_in(typed, [])
    return PicturePage(
        frame,
        whose=whose(exhibit, frame),
        shown=ShownFile.of(picture, point["focus_x"], point["focus_y"], 960),
        version=picture.version,
        state=state_of(picture),
        since=PictureRow.of(picture, frame, languages).since,
        lacks=said.lacks or picture.lacks,
        unsaid=unsaid_in(picture, languages),
        values=typed,
        errors=errors or {},
        alts=in_tongues("alt", typed, languages),
        captions=in_tongues("caption", typed, languages),
        said=said,
    )


def _list(
    request: Request, db: Session, curator: Person, exhibit: Exhibit, said: Said
) -> PicturesPage:
    frame = OfficeFrame.around(request, curator, AREA)
    languages = tongues(db)
    rows = [PictureRow.of(one, frame, languages) for one in pictures_of(db, exhibit.id)]
    return PicturesPage(
        frame,
        whose=whose(exhibit, frame),
        rows=tuple(row for row in rows if row.state != "removed"),
        removed=tuple(row for row in rows if row.state == "removed"),
        said=said,
    )


def whose(exhibit: Exhibit, frame: OfficeFrame) -> Whose:
    """Name the exhibit, in a language that the office reads."""
    return Whose(exhibit.slug, exhibit.name_in(chain_of(frame)))


def _again(
    request: Request, exhibit: Exhibit, picture: ExhibitPicture, done: str
) -> RedirectResponse:
    parts = {"slug": exhibit.slug, "picture_id": str(picture.id)}
    path = request.app.url_path_for("curation.picture", **parts)
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)


def _to_list(
    request: Request, exhibit: Exhibit, picture: ExhibitPicture, done: str
) -> RedirectResponse:
    path = request.app.url_path_for("curation.pictures", slug=exhibit.slug)
    return RedirectResponse(f"{path}?done={done}&about={picture.id}", HTTPStatus.SEE_OTHER)
