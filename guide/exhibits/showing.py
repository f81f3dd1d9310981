"""What is on show: read once for each edition, and shown in every language from that.

Fixed columns in a few statements, no object graph. The statements are made once, so that
only their values change (`docs/performance.md`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from guide.db import Database
from guide.exhibits.glossary import Word
from guide.exhibits.halls import Hall
from guide.exhibits.model import (
    Center,
    CenterText,
    Exhibit,
    Exhibition,
    ExhibitionText,
    ExhibitText,
    Fact,
    Related,
    Told,
    WrittenText,
)
from guide.exhibits.published import IS_PUBLISHED, NOW
from guide.exhibits.shown_media import (
    HAS_MEDIA,
    NO_MEDIA,
    ShownMedia,
    is_shown,
    shown_media,
)
from guide.exhibits.words import Passage, Words, first_in
from guide.web.edition import KeptForEdition, Watch

MOST_ROOMS = 1_000
MOST_FILES = 5_000
MOST_EXHIBITS = 500
"""Of each so many are kept, the Center has four rooms; an exhibit takes some 30 KB."""

AnyRow = Row[*tuple[Any, ...]]


IN_A_ROOM = Exhibit.exhibition_id == Exhibition.id
IS_OPEN = Exhibition.removed_at.is_(None) & (
    select(Exhibit.id).where(IN_A_ROOM, IS_PUBLISHED).correlate(Exhibition).exists()
    | select(ExhibitionText.exhibition_id)
    .where(
        ExhibitionText.exhibition_id == Exhibition.id,
        ExhibitionText.published_at <= NOW,
    )
    .exists()
)
"""An exhibition has something to show: a published exhibit, or a text of its own."""


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

    def with_(self, signpost: Signpost) -> Self:
        """Return the room with one exhibit as it is to be, at its place or after the others."""
        others = {one.slug: one for one in self.signposts} | {signpost.slug: signpost}
        return type(self).of(tuple(others.values()))

    def beside(self, slug: str, steps: int) -> Signpost | None:
        """Return the exhibit so many steps after one, before it if negative."""
        place = self.places[slug] + steps
        return self.signposts[place] if 0 <= place < len(self.signposts) else None


NO_ROOM = Room((), {})


@dataclass(frozen=True)
class Drawn:
    """An exhibit that has a drawing."""

    signpost: Signpost
    illustration: Mapping[str, Any]


@dataclass(frozen=True)
class ShownCenter:
    """The house as its entrance shows it."""

    names: Words
    address: Words
    facts: tuple[Fact, ...]
    texts: tuple[Told, ...]


@dataclass(frozen=True)
class ShownExhibition:
    """An exhibition as its page shows it."""

    signpost: Signpost
    accent: str
    facts: tuple[Fact, ...]
    closed_at: datetime | None
    is_removed: bool
    is_open: bool
    texts: tuple[Told, ...]
    room: Room
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True)
class ShownExhibit:
    """An exhibit as its page shows it, and the room that it stands in."""

    signpost: Signpost
    exhibition: Signpost
    is_room_removed: bool
    accent: str
    presence_note: Words
    facts: tuple[Fact, ...]
    related: tuple[Related, ...]
    illustration: Mapping[str, Any] | None
    is_withdrawn: bool
    is_off_display: bool
    texts: tuple[Told, ...]
    room: Room
    media: ShownMedia = NO_MEDIA
    hall: Signpost | None = None

    @property
    def is_published(self) -> bool:
        """Say whether visitors may see it."""
        return self.signpost.slug in self.room.places

    @property
    def drawn(self) -> Drawn | None:
        """Return it with its drawing, if it has one."""
        return Drawn(self.signpost, self.illustration) if self.illustration else None

    @classmethod
    def of(cls, row: AnyRow, texts: tuple[Told, ...], room: Room, media: ShownMedia) -> Self:
        """Put the rows of an exhibit together."""
        return cls(
            signpost=Signpost(row.slug, row.names, row.presence),
            exhibition=Signpost(row.room_slug, row.room_names),
            is_room_removed=row.room_removed_at is not None,
            accent=row.accent,
            presence_note=row.presence_note,
            facts=row.facts,
            related=row.related,
            illustration=row.illustration,
            is_withdrawn=row.withdrawn_at is not None,
            is_off_display=row.off_display_at is not None,
            texts=texts,
            room=room,
            media=media,
            hall=Signpost(row.hall_slug, row.hall_names) if row.hall_slug else None,
        )


@dataclass(frozen=True)
class ShownWord:
    """A word of the glossary as its page shows it; nobody has read the `unread` languages."""

    slug: str
    names: Words
    meanings: Words
    source: str
    unread: Sequence[str]


@dataclass(frozen=True)
class ListedExhibition:
    """An exhibition in the list of all: how many exhibits are published, the first drawn."""

    signpost: Signpost
    accent: str
    count: int
    drawn: Drawn | None


class OnShow:
    """What visitors may see, each thing read when it is first asked for in an edition."""

    def __init__(self, database: Database, watch: Watch) -> None:
        self.database = database
        self.watch = watch
        self._center = KeptForEdition(watch, 1, self._read_center)
        self._list = KeptForEdition(watch, 1, self._read_list)
        self._words = KeptForEdition(watch, 1, self._read_words)
        self._rooms = KeptForEdition(watch, MOST_ROOMS, self._read_room)
        self._exhibitions = KeptForEdition(watch, MOST_ROOMS, self._read_exhibition)
        self._exhibits = KeptForEdition(watch, MOST_EXHIBITS, self._read_exhibit)
        self._files = KeptForEdition(watch, MOST_FILES, self._read_file)

    def center(self) -> ShownCenter | None:
        """Return the Center, None before anything was imported."""
        return self._center.get("")

    def exhibitions(self) -> tuple[ListedExhibition, ...]:
        """List the exhibitions in the order of the rooms."""
        return self._list.get("") or ()

    def exhibition(self, slug: str) -> ShownExhibition | None:
        """Find an exhibition with its published exhibits."""
        return self._exhibitions.get(slug)

    def exhibit(self, slug: str) -> ShownExhibit | None:
        """Find an exhibit, published or not, and its room."""
        return self._exhibits.get(slug)

    def shows_file(self, hash_: str) -> bool:
        """Say whether visitors may have a picture or recording, by the hash of its master."""
        return bool(self._files.get(hash_))

    def _read_file(self, hash_: str) -> bool:
        with self.database.rows() as rows:
            return is_shown(rows, hash_)

    def words(self) -> tuple[ShownWord, ...]:
        """List the words of the glossary, in no order."""
        return self._words.get("") or ()

    def _read_words(self, _: str) -> tuple[ShownWord, ...]:
        with self.database.rows() as rows:
            return tuple(ShownWord(*row) for row in rows.execute(_WORDS))

    def _read_center(self, _: str) -> ShownCenter | None:
        with self.database.rows() as rows:
            row = rows.execute(_CENTER).first()
            texts = _texts(rows, _CENTER_TEXTS, row)
        return row and ShownCenter(row.names, row.address, row.facts, texts)

    def _read_list(self, _: str) -> tuple[ListedExhibition, ...]:
        with self.database.rows() as rows:
            first = {row.exhibition_id: _drawn(row) for row in rows.execute(_FIRST_DRAWN)}
            return tuple(
                ListedExhibition(
                    Signpost(row.slug, row.names), row.accent, row.how_many, first.get(row.id)
                )
                for row in rows.execute(_LISTED)
            )

    def _read_exhibition(self, slug: str) -> ShownExhibition | None:
        with self.database.rows() as rows:
            row = rows.execute(_EXHIBITION, {"slug": slug}).first()
            if row is None:
                return None
            texts = _texts(rows, _ROOM_TEXTS, row)
            drawn = tuple(_drawn(one) for one in rows.execute(_DRAWN_IN, {"room": row.id}))
        return ShownExhibition(
            signpost=Signpost(row.slug, row.names),
            accent=row.accent,
            facts=row.facts,
            closed_at=row.closed_at,
            is_removed=row.removed_at is not None,
            is_open=row.is_open,
            texts=texts,
            room=self._room(row.id),
            drawn=drawn,
        )

    def _read_exhibit(self, slug: str) -> ShownExhibit | None:
        with self.database.rows() as rows:
            row = rows.execute(_EXHIBIT, {"slug": slug}).first()
            texts = _texts(rows, _TEXTS, row)
            media = shown_media(rows, row.id) if row and row.has_media else NO_MEDIA
        room = self._room(row.exhibition_id) if row else NO_ROOM
        return ShownExhibit.of(row, texts, room, media) if row else None

    def _room(self, exhibition: int) -> Room:
        """Return a room; nobody who asks may hold a connection, of which there are so many."""
        return self._rooms.get(str(exhibition)) or NO_ROOM

    def _read_room(self, exhibition: str) -> Room:
        """Read a room whole, once: a big one is not read for each exhibit in it."""
        with self.database.rows() as rows:
            signposts = rows.execute(_ROOM, {"room": int(exhibition)})
            return Room.of(tuple(Signpost(*row) for row in signposts))


def next_publication(rows: Connection, now: datetime) -> datetime | None:
    """Return when the next text is due to be published."""
    return min((at for (at,) in rows.execute(_NEXT, {"now": now}) if at), default=None)


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
        Exhibition.removed_at.label("room_removed_at"),
        Exhibition.accent,
        HAS_MEDIA.label("has_media"),
        Hall.slug.label("hall_slug"),
        Hall.names.label("hall_names"),
    )
    .join(Exhibit.exhibition)
    .outerjoin(Hall, Hall.id == func.coalesce(Exhibit.hall_id, Exhibition.hall_id))
    .where(Exhibit.slug == bindparam("slug"))
)

_WORDS = select(Word.slug, Word.names, Word.meanings, Word.source, Word.unread).where(
    Word.removed_at.is_(None)
)

_CENTER = select(Center.id, Center.names, Center.address, Center.facts)

_EXHIBITION = select(
    Exhibition.id,
    Exhibition.slug,
    Exhibition.names,
    Exhibition.accent,
    Exhibition.facts,
    Exhibition.closed_at,
    Exhibition.removed_at,
    IS_OPEN.label("is_open"),
).where(Exhibition.slug == bindparam("slug"))


def _texts_of(
    text: type[WrittenText], owner: InstrumentedAttribute[int]
) -> Select[*tuple[Any, ...]]:
    return select(
        text.language, text.status, text.hook, text.look_for, text.story, text.made_from
    ).where(
        text.published_at <= NOW,
        owner == bindparam("owner"),
    )


_TEXTS = _texts_of(ExhibitText, ExhibitText.exhibit_id)
_CENTER_TEXTS = _texts_of(CenterText, CenterText.center_id)
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

_NEXT = union_all(
    *(
        select(func.min(text.published_at)).where(text.published_at > bindparam("now"))
        for text in (CenterText, ExhibitionText, ExhibitText)
    )
)

_LISTED = (
    select(
        Exhibition.id,
        Exhibition.slug,
        Exhibition.names,
        Exhibition.accent,
        select(func.count()).where(IN_A_ROOM, IS_PUBLISHED).scalar_subquery().label("how_many"),
    )
    .where(IS_OPEN)
    .order_by(Exhibition.position, Exhibition.slug)
)


def _drawn(row: AnyRow) -> Drawn:
    return Drawn(Signpost(row.slug, row.names, row.presence), row.illustration)


def _texts(
    rows: Connection, statement: Select[*tuple[Any, ...]], owner: AnyRow | None
) -> tuple[Told, ...]:
    return tuple(rows.execute(statement, {"owner": owner.id})) if owner else ()
