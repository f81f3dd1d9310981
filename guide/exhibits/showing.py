"""Reading what a public page shows: fixed columns in a few statements, no object graph.

The press prints a page from these, a third of the time that mapped objects take. The
statements are made once, so that only their values change (`docs/performance.md`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from guide.exhibits.model import (
    Exhibit,
    Exhibition,
    ExhibitionText,
    ExhibitText,
    Fact,
    Reading,
    Related,
    read_along,
)
from guide.exhibits.words import Passage, Words, first_in
from guide.web.edition import KeptForEdition, Watch

MOST_ROOMS = 1_000
"""Rooms that are kept; the Center has four."""

AnyRow = Row[*tuple[Any, ...]]

IS_PUBLISHED = Exhibit.withdrawn_at.is_(None) & (
    select(ExhibitText.exhibit_id)
    .where(ExhibitText.exhibit_id == Exhibit.id, ExhibitText.published_at.is_not(None))
    .exists()
)


@dataclass(frozen=True)
class Signpost:
    """What a link to an exhibit or exhibition needs."""

    slug: str
    names: Words
    presence: str = ""

    def name_in(self, chain: Sequence[str]) -> Passage:
        """Return the name along a chain of languages, the slug if it has none."""
        return first_in(self.names, chain) or Passage(self.slug, "zxx")


@dataclass(frozen=True)
class Room:
    """The published exhibits of an exhibition in their order, and the place of each slug."""

    signposts: tuple[Signpost, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, signposts: tuple[Signpost, ...]) -> Self:
        """Give each exhibit its place, from 0."""
        return cls(signposts, {one.slug: place for place, one in enumerate(signposts)})

    def beside(self, slug: str, steps: int) -> Signpost | None:
        """Return the exhibit so many steps after one, before it if negative."""
        place = self.places[slug] + steps
        return self.signposts[place] if 0 <= place < len(self.signposts) else None


class Rooms:
    """The rooms, kept for one edition: a big one is not read again for each exhibit in it."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self._kept: KeptForEdition[Room] = KeptForEdition(watch, MOST_ROOMS)

    def read(self, db: Session, exhibition: int) -> Room:
        """Read the room of an exhibition as it is now."""
        edition = self.watch.number
        rows = db.execute(_ROOM, {"room": exhibition})
        room = Room.of(tuple(Signpost(*row) for row in rows))
        self._kept.keep(str(exhibition), room, edition)
        return room

    def holding(self, db: Session, exhibition: int, slug: str) -> Room:
        """Return the room as it is kept, unless an exhibit has come to it since."""
        room = self._kept.get(str(exhibition))
        return room if room and slug in room.places else self.read(db, exhibition)


@dataclass(frozen=True)
class Drawn:
    """An exhibit that has a drawing."""

    signpost: Signpost
    illustration: Mapping[str, Any]


@dataclass(frozen=True)
class ShownExhibition:
    """An exhibition as its page shows it."""

    signpost: Signpost
    accent: str
    facts: tuple[Fact, ...]
    closed_at: datetime | None
    reading: Reading
    room: Room
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True)
class ShownExhibit:
    """An exhibit as its page shows it, and the room that it stands in."""

    signpost: Signpost
    exhibition: Signpost
    accent: str
    presence_note: Words
    facts: tuple[Fact, ...]
    related: tuple[Related, ...]
    illustration: Mapping[str, Any] | None
    is_withdrawn: bool
    is_off_display: bool
    reading: Reading
    room: Room

    @property
    def is_published(self) -> bool:
        """Say whether visitors may see it."""
        return self.signpost.slug in self.room.places

    @property
    def drawn(self) -> Drawn | None:
        """Return it with its drawing, if it has one."""
        return Drawn(self.signpost, self.illustration) if self.illustration else None

    @classmethod
    def of(cls, row: AnyRow, reading: Reading, room: Room) -> Self:
        """Put the rows of an exhibit together."""
        return cls(
            signpost=Signpost(row.slug, row.names, row.presence),
            exhibition=Signpost(row.room_slug, row.room_names),
            accent=row.accent,
            presence_note=row.presence_note,
            facts=row.facts,
            related=row.related,
            illustration=row.illustration,
            is_withdrawn=row.withdrawn_at is not None,
            is_off_display=row.off_display_at is not None,
            reading=reading,
            room=room,
        )


@dataclass(frozen=True)
class ListedExhibition:
    """An exhibition in the list of all: how many exhibits are published, the first drawn."""

    signpost: Signpost
    accent: str
    count: int
    drawn: Drawn | None


def shown_exhibit(
    db: Session, rooms: Rooms, slug: str, chain: Sequence[str]
) -> ShownExhibit | None:
    """Find an exhibit, published or not, with its texts along a chain and its room."""
    row = db.execute(_EXHIBIT, {"slug": slug}).first()
    if row is None:
        return None
    texts = db.execute(_TEXTS, {"owner": row.id, "chain": chain}).all()
    room = rooms.holding(db, row.exhibition_id, slug)
    return ShownExhibit.of(row, read_along(texts, chain), room)


def shown_exhibition(
    db: Session, rooms: Rooms, slug: str, chain: Sequence[str]
) -> ShownExhibition | None:
    """Find an exhibition with its texts along a chain and its published exhibits."""
    row = db.execute(_EXHIBITION, {"slug": slug}).first()
    if row is None:
        return None
    texts = db.execute(_ROOM_TEXTS, {"owner": row.id, "chain": chain}).all()
    return ShownExhibition(
        signpost=Signpost(row.slug, row.names),
        accent=row.accent,
        facts=row.facts,
        closed_at=row.closed_at,
        reading=read_along(texts, chain),
        room=rooms.read(db, row.id),
        drawn=tuple(_drawn(one) for one in db.execute(_DRAWN_IN, {"room": row.id})),
    )


def listed_exhibitions(db: Session) -> list[ListedExhibition]:
    """List the exhibitions in the order of the rooms."""
    first = {row.exhibition_id: _drawn(row) for row in db.execute(_FIRST_DRAWN)}
    return [
        ListedExhibition(
            Signpost(row.slug, row.names), row.accent, row.how_many, first.get(row.id)
        )
        for row in db.execute(_LISTED)
    ]


_EXHIBIT = (
    select(
        Exhibit.id,
        Exhibit.slug,
        Exhibit.exhibition_id,
        Exhibit.names,
        Exhibit.presence,
        Exhibit.presence_note,
        Exhibit.facts,
        Exhibit.related,
        Exhibit.illustration,
        Exhibit.withdrawn_at,
        Exhibit.off_display_at,
        Exhibition.slug.label("room_slug"),
        Exhibition.names.label("room_names"),
        Exhibition.accent,
    )
    .join(Exhibit.exhibition)
    .where(Exhibit.slug == bindparam("slug"))
)

_EXHIBITION = select(
    Exhibition.id,
    Exhibition.slug,
    Exhibition.names,
    Exhibition.accent,
    Exhibition.facts,
    Exhibition.closed_at,
).where(Exhibition.slug == bindparam("slug"))


def _texts_of(
    text: type[ExhibitText] | type[ExhibitionText], owner: InstrumentedAttribute[int]
) -> Select[*tuple[Any, ...]]:
    return select(
        text.language, text.status, text.hook, text.look_for, text.story, text.made_from
    ).where(
        text.published_at.is_not(None),
        owner == bindparam("owner"),
        text.language.in_(bindparam("chain", expanding=True)),
    )


_TEXTS = _texts_of(ExhibitText, ExhibitText.exhibit_id)
_ROOM_TEXTS = _texts_of(ExhibitionText, ExhibitionText.exhibition_id)

_ROOM = (
    select(Exhibit.slug, Exhibit.names, Exhibit.presence)
    .where(Exhibit.exhibition_id == bindparam("room"), IS_PUBLISHED)
    .order_by(Exhibit.position, Exhibit.slug)
)

_DRAWN = (
    select(
        Exhibit.exhibition_id,
        Exhibit.slug,
        Exhibit.names,
        Exhibit.presence,
        Exhibit.illustration,
    )
    .where(Exhibit.illustration.is_not(None), IS_PUBLISHED)
    .order_by(Exhibit.position, Exhibit.slug)
)
_NUMBERED = _DRAWN.add_columns(
    func.row_number()
    .over(partition_by=Exhibit.exhibition_id, order_by=(Exhibit.position, Exhibit.slug))
    .label("turn")
).subquery()
_FIRST_DRAWN = select(_NUMBERED).where(_NUMBERED.c.turn == 1)
_DRAWN_IN = _DRAWN.where(Exhibit.exhibition_id == bindparam("room"))

_LISTED = select(
    Exhibition.id,
    Exhibition.slug,
    Exhibition.names,
    Exhibition.accent,
    select(func.count())
    .where(Exhibit.exhibition_id == Exhibition.id, IS_PUBLISHED)
    .scalar_subquery()
    .label("how_many"),
).order_by(Exhibition.position, Exhibition.slug)


def _drawn(row: AnyRow) -> Drawn:
    return Drawn(Signpost(row.slug, row.names, row.presence), row.illustration)
