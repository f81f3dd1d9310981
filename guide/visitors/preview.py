"""A draft as visitors would read it, for whoever has the link while it is good."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.db import Database
from guide.exhibits import publishing
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.model import ExhibitText, Told
from guide.exhibits.preview import DraftShown, draft_shown
from guide.exhibits.showing import OnShow
from guide.languages.model import Language
from guide.visitors.pages import (
    DraftOfExhibit,
    DraftOfExhibition,
    DraftOfHome,
    PreviewGonePage,
)
from guide.web.pages import Frame, PublicPage, path_of, render
from guide.web.reader import language_of_refusal, offered

router = APIRouter()
UNSEEN = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@router.api_route("/preview/{token}", methods=["GET", "HEAD"], name="visitors.preview")
def show_preview(request: Request, token: str) -> Response:
    """Show the draft that a link is for; one that is over or forged is not found."""
    database: Database = request.app.state.database
    said = draft_shown(request.app.state.secret, token)
    page = None
    if said is not None:
        with database.reading() as db:
            page = _page(request, db, said)
    if page is None:
        languages = offered(request)
        frame = Frame.of(language_of_refusal(request, languages), languages)
        gone = PreviewGonePage(frame, "/")
        return render(request, gone, HTTPStatus.NOT_FOUND, UNSEEN)
    return render(request, page, headers=UNSEEN)


def _page(request: Request, db: Session, said: DraftShown) -> PublicPage | None:
    on_show: OnShow = request.app.state.on_show
    languages = offered(request)
    language = db.scalar(select(Language).where(Language.tag == said.language))
    owner = publishing.owner_of(db, said.kind, said.slug)
    if owner is None or language is None:
        return None
    words = publishing.text_of(db, owner, said.language).newest
    around = Frame.of(language, languages), path_of(request), language.chain
    if said.kind == "exhibit" and (exhibit := on_show.exhibit(said.slug)):
        names = {**exhibit.signpost.names, language.tag: words.name}
        signpost = replace(exhibit.signpost, names=names)
        shown = replace(
            exhibit,
            signpost=signpost,
            texts=_with(exhibit.texts, words, language.tag),
            room=exhibit.room.with_(signpost),
        )
        return DraftOfExhibit.of(*around, shown)
    if said.kind == "exhibition" and (room := on_show.exhibition(said.slug)):
        names = {**room.signpost.names, language.tag: words.name}
        texts = _with(room.texts, words, language.tag)
        shown_room = replace(room, signpost=replace(room.signpost, names=names), texts=texts)
        return DraftOfExhibition.of(*around, shown_room)
    center = on_show.center()
    if said.kind != "center" or center is None:
        return None
    names = {**center.names, language.tag: words.name}
    texts = _with(center.texts, words, language.tag)
    return DraftOfHome.of(
        *around, replace(center, names=names, texts=texts), on_show.exhibitions()
    )


def _with(texts: Sequence[Told], words: Manuscript, language: str) -> tuple[Told, ...]:
    """Put the draft in the place of the published text of its language."""
    draft = ExhibitText(
        language=language,
        status=words.status,
        hook=words.hook,
        look_for=words.look_for,
        story=words.story,
        made_from=words.made_from,
    )
    return (*(one for one in texts if one.language != language), draft)
