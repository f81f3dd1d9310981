"""Looking back: every revision of a text, two of them compared, an old one brought back."""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.curation import deeds
from guide.curation.editing import AREA, READ, room_of
from guide.curation.finding import TEXT, RevisionInPath, TextInPath
from guide.curation.pages import (
    ComparisonPage,
    RevisionRow,
    RevisionsPage,
    TextHead,
    Tongue,
    compared_fields,
    revision_rows,
)
from guide.curation.queries import names_of, revision_numbered
from guide.exhibits import publishing
from guide.exhibits.drafts import LockedError
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.publishing import TextOf
from guide.exhibits.revisions import Revision, revisions_of
from guide.languages.model import Language
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
REVISIONS = TEXT + "/revisions"


@router.api_route(REVISIONS, methods=READ, name="curation.revisions")
def list_revisions(request: Request, db: Db, curator: Curator, text: TextInPath) -> Response:
    """List the revisions of a text."""
    frame = OfficeFrame.around(request, curator, AREA)
    rows = _rows(db, text, frame)
    page = RevisionsPage(frame, _head(db, text, frame), rows, has_draft=text.draft is not None)
    return render(request, page)


@router.api_route(REVISIONS + "/{number}", methods=READ, name="curation.revision")
def compare(  # noqa: PLR0913, PLR0917 (what the address names)
    request: Request,
    db: Db,
    curator: Curator,
    text: TextInPath,
    revision: RevisionInPath,
    against: int = -1,
) -> Response:
    """Show what a revision changed, or how it differs from another one."""
    return _compared(request, db, curator, text, revision, against)


@router.post(REVISIONS + "/{number}/restoration", name="curation.revision.restore")
def restore(
    request: Request, db: Db, curator: Curator, text: TextInPath, revision: RevisionInPath
) -> Response:
    """Make a draft of what a revision said; visitors see it once it is published."""
    try:
        account = db.get_one(Account, curator.id)
        deeds.restore(db, text, revision, by=account, at=datetime.now(UTC))
    except LockedError:
        return _compared(request, db, curator, text, revision, -1, problem="locked")
    parts = {"kind": publishing.word_of(text.owner), "slug": publishing.slug_of(text.owner)}
    path = request.app.url_path_for("curation.text", language=text.language, **parts)
    return RedirectResponse(f"{path}?done=restored", HTTPStatus.SEE_OTHER)


def _compared(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    text: TextOf,
    revision: Revision,
    against: int,
    *,
    problem: str = "",
) -> Response:
    frame = OfficeFrame.around(request, curator, AREA)
    other = revision.number - 1 if against < 0 else against
    before = revision_numbered(db, text, other) if other else None
    rows = {row.number: row for row in _rows(db, text, frame)}
    is_first = before is None and against < 0  # nothing to compare it with
    words = before.manuscript if before else revision.manuscript if is_first else Manuscript()
    page = ComparisonPage(
        frame,
        head=_head(db, text, frame),
        before=rows.get(before.number) if before else None,
        after=rows[revision.number],
        others=tuple(rows.values()),
        fields=compared_fields(words, revision.manuscript),
        problem=problem,
    )
    return render(request, page, HTTPStatus.CONFLICT if problem else HTTPStatus.OK)


def _rows(db: Session, text: TextOf, frame: OfficeFrame) -> tuple[RevisionRow, ...]:
    revisions = revisions_of(db, *text.key)
    who = [one.account_id for one in revisions] + [one.approved_by for one in revisions]
    return revision_rows(revisions, names_of(db, who), frame)


def _head(db: Session, text: TextOf, frame: OfficeFrame) -> TextHead:
    language = db.get_one(Language, text.language)
    return TextHead.of(text, Tongue.of(language), room_of(text, frame), frame)
