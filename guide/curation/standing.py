"""How every text of every exhibit stands: what is there, and the worst that is to be said.

Fixed columns in six statements, however many exhibits there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from guide.exhibits.drafts import Draft
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.media_checks import NOTHING, MediaStanding, standings
from guide.exhibits.model import SOURCE_LANGUAGE, Exhibit, Exhibition, ExhibitText, Status
from guide.exhibits.words import Words

PARTS = ("name", "hook", "story")
"""What a text of an exhibit consists of, as its cell counts."""

MEDIA = ("audio", "transcript", "alt", "photo")
"""What stands beside it: not counted, for a text can be ready without; but said."""

WORST_FIRST = ("blocked", "behind", "in-review", "machine", "writing", "ready", "empty")
"""What a cell may say: a cell says the first of these that is true of it."""

BLOCKING = ("name", "hook")


@dataclass(frozen=True)
class Cell:
    """One text: the worst to be said of it, the parts that are there, the fields behind."""

    word: str
    there: tuple[str, ...]
    behind: tuple[str, ...]
    media: MediaStanding = NOTHING

    @property
    def beside(self) -> tuple[str, ...]:
        """The pictures, recordings and their words that are there."""
        return tuple(part for part in MEDIA if getattr(self.media, part))

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that are not there."""
        return tuple(part for part in PARTS if part not in self.there)


EMPTY = Cell("empty", (), ())


@dataclass(frozen=True)
class Line:
    """One exhibit with the cells of its languages."""

    slug: str
    names: Words
    exhibition: str
    cells: Mapping[str, Cell]

    @property
    def has_photo(self) -> bool:
        """Say whether visitors see a photograph of it."""
        return any(cell.media.photo for cell in self.cells.values())

    def has(self, word: str) -> bool:
        """Say whether any of its texts is said to be so."""
        return any(cell.word == word for cell in self.cells.values())


@dataclass(frozen=True)
class Room:
    """An exhibition, and how many exhibits it has."""

    slug: str
    names: Words
    accent: str
    count: int


@dataclass
class _Written:
    live: dict[str, Row[*tuple[Any, ...]]] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)


def rooms(db: Session) -> list[Room]:
    """List the exhibitions in their order with the number of their exhibits."""
    counts: dict[int, int] = defaultdict(int)
    there = select(Exhibit.exhibition_id).where(Exhibit.removed_at.is_(None))
    for (room,) in db.execute(there):
        counts[room] += 1
    query = select(Exhibition.id, Exhibition.slug, Exhibition.names, Exhibition.accent)
    query = query.where(Exhibition.removed_at.is_(None))
    return [
        Room(slug, names, accent, counts[number])
        for number, slug, names, accent in db.execute(
            query.order_by(Exhibition.position, Exhibition.slug)
        )
    ]


def lines(db: Session, languages: Sequence[str], exhibition: str = "") -> list[Line]:
    """Return how the texts of the exhibits stand, all or those of one exhibition."""
    query = (
        select(Exhibit.id, Exhibit.slug, Exhibit.names, Exhibition.slug.label("room"))
        .join(Exhibit.exhibition)
        .where(Exhibit.removed_at.is_(None))
        .order_by(Exhibition.position, Exhibition.slug, Exhibit.position, Exhibit.slug)
    )
    if exhibition:
        query = query.where(Exhibition.slug == exhibition)
    exhibits = db.execute(query).all()
    written: dict[int, _Written] = defaultdict(_Written)
    for text in db.execute(_TEXTS):
        written[text.exhibit_id].live[text.language] = text
    for draft in db.scalars(select(Draft).where(Draft.kind == "exhibit text")):
        written[draft.owner_id].drafts[draft.language] = draft
    beside = standings(db, [one.id for one in exhibits], languages)
    return [
        Line(
            one.slug,
            one.names,
            one.room,
            _cells(
                one.names,
                written[one.id],
                {tag: beside[one.id, tag] for tag in languages},
            ),
        )
        for one in exhibits
    ]


_TEXTS = select(
    ExhibitText.exhibit_id,
    ExhibitText.language,
    ExhibitText.hook,
    ExhibitText.look_for,
    ExhibitText.story,
    ExhibitText.status,
    ExhibitText.made_from,
    ExhibitText.published_at,
)


def _cells(
    names: Words, written: _Written, beside: Mapping[str, MediaStanding]
) -> Mapping[str, Cell]:
    source = _newest(names, written, SOURCE_LANGUAGE)
    return {tag: _cell(names, written, tag, source, media) for tag, media in beside.items()}


def _cell(
    names: Words, written: _Written, tag: str, source: Manuscript, media: MediaStanding
) -> Cell:
    live, draft = written.live.get(tag), written.drafts.get(tag)
    newest = _newest(names, written, tag)
    there = tuple(part for part in PARTS if getattr(newest, part))
    if live is None and draft is None:
        return Cell("empty", there, (), media)
    behind = newest.out_of_date(source) if tag != SOURCE_LANGUAGE else ()
    is_published = live is not None and live.published_at is not None
    said = {
        "blocked": not media.alt or any(part not in there for part in BLOCKING),
        "behind": bool(behind),
        "in-review": draft is not None and draft.is_locked,
        "machine": newest.status == Status.MACHINE,
        "writing": draft is not None or not is_published or len(there) < len(PARTS),
    }
    word = next((word for word in WORST_FIRST if said.get(word)), "ready")
    return Cell(word, there, behind, media)


def _newest(names: Words, written: _Written, tag: str) -> Manuscript:
    if draft := written.drafts.get(tag):
        return draft.manuscript
    text = written.live.get(tag)
    name = names.get(tag, "")
    if text is None:
        return Manuscript(name)
    look_for, made_from = tuple(text.look_for), text.made_from
    return Manuscript(name, text.hook, look_for, text.story, text.status, made_from)
