"""One search for the office: exhibits, exhibitions and codes, as people type them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator
from guide.curation.editing import AREA, READ
from guide.curation.pages import chain_of
from guide.exhibits.model import SOURCE_LANGUAGE, Exhibit, Exhibition, ExhibitText
from guide.exhibits.words import Passage, Words, first_in
from guide.languages.folding import fold
from guide.qr.code import canonical, grouped
from guide.qr.queries import printed
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
LONGEST_QUERY = 200
MOST_FOUND = 50


@dataclass(frozen=True)
class Found:
    """One answer: an exhibit, an exhibition or a label, and where the words stand."""

    kind: str
    name: Passage
    path: str
    excerpt: Passage | None = None


@dataclass(frozen=True)
class SearchPage(OfficePage):
    """What was looked for, and what was found."""

    template: ClassVar[str] = "curation/search.html"

    query: str
    found: tuple[Found, ...]
    is_cut: bool


@router.api_route("/staff/search", methods=READ, name="curation.search")
def search(request: Request, db: Db, curator: Curator, q: str = "") -> Response:
    """Look for words in names and texts, and for a code."""
    frame = OfficeFrame.around(request, curator, AREA)
    asked = " ".join(q[:LONGEST_QUERY].split())
    found = list(_found(request, db, asked, chain_of(frame))) if asked else []
    page = SearchPage(frame, asked, tuple(found[:MOST_FOUND]), len(found) > MOST_FOUND)
    return render(request, page)


def _found(request: Request, db: Session, asked: str, chain: Sequence[str]) -> Iterator[Found]:
    typed, wanted = canonical(asked), fold(asked).split()
    label = printed(db, typed) if typed else None
    if label:
        path = str(request.app.url_path_for("qr.label", code=label.code))
        yield Found("label", Passage(grouped(label.code), "zxx"), path)
    rooms = select(Exhibition.slug, Exhibition.names).where(Exhibition.removed_at.is_(None))
    for slug, names in db.execute(rooms):
        if _has(wanted, slug, *names.values()):
            yield Found(
                "exhibition", _named(names, slug, chain), _text(request, "exhibition", slug)
            )
    by_text = []
    exhibits = select(Exhibit.id, Exhibit.slug, Exhibit.names)
    for number, slug, names in db.execute(exhibits.where(Exhibit.removed_at.is_(None))):
        one = Found("exhibit", _named(names, slug, chain), _text(request, "exhibit", slug))
        if _has(wanted, slug, *names.values()):
            yield one
        else:
            by_text.append((number, slug, one.name))
    yield from _in_texts(request, db, wanted, by_text)


def _in_texts(
    request: Request,
    db: Session,
    wanted: Sequence[str],
    those: Sequence[tuple[int, str, Passage]],
) -> Iterator[Found]:
    columns = (
        ExhibitText.exhibit_id,
        ExhibitText.language,
        ExhibitText.hook,
        ExhibitText.story,
    )
    texts: dict[int, list[tuple[str, str]]] = {}
    for number, language, hook, story in db.execute(select(*columns)):
        texts.setdefault(number, []).append((language, f"{hook}\n{story}"))
    for number, slug, name in those:
        for language, words in texts.get(number, ()):
            if _has(wanted, words):
                path = _text(request, "exhibit", slug, language)
                line = next((one for one in words.split("\n") if _has(wanted[:1], one)), words)
                yield Found("exhibit", name, path, Passage(line, language))
                break


def _has(wanted: Sequence[str], *words: str) -> bool:
    """Say whether every word that is looked for begins or stands in some of these."""
    told = fold("\n".join(words))
    return all(one in told for one in wanted)


def _text(request: Request, kind: str, slug: str, language: str = SOURCE_LANGUAGE) -> str:
    parts = {"kind": kind, "slug": slug, "language": language}
    return str(request.app.url_path_for("curation.text", **parts))


def _named(names: Words, slug: str, chain: Sequence[str]) -> Passage:
    return first_in(names, chain) or Passage(slug, "zxx")
