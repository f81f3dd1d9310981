"""What the addresses of texts name: found, and only for a curator."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from guide.accounts.permissions import Curator
from guide.curation.queries import revision_numbered
from guide.exhibits import publishing
from guide.exhibits.publishing import TextOf
from guide.exhibits.revisions import Revision
from guide.languages.model import Language
from guide.web.forms import Number
from guide.web.session import SAFE, Db

TEXT = "/staff/texts/{kind}/{slug}/{language}"
"""Where the pages of a text lie; `kind` is exhibit, exhibition or center."""


def text_in_path(
    request: Request, db: Db, _curator: Curator, kind: str, slug: str, language: str
) -> TextOf:
    """Find the text that the address names, written or not; others who write it wait."""
    is_deed = request.method not in SAFE
    owner = publishing.owner_of(db, kind, slug, locked=is_deed)
    if owner is None or db.get(Language, language) is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return publishing.text_of(db, owner, language)


TextInPath = Annotated[TextOf, Depends(text_in_path)]


def revision_in_path(db: Db, text: TextInPath, number: Number) -> Revision:
    """Find the revision that the address names."""
    found = revision_numbered(db, text, number)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


RevisionInPath = Annotated[Revision, Depends(revision_in_path)]
