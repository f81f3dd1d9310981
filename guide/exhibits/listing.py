"""Every published exhibit in the order of the house, to be listed and looked through."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from sqlalchemy import bindparam, select

from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition, ExhibitText, Told
from guide.exhibits.published import IS_PUBLISHED, NOW
from guide.exhibits.showing import Signpost
from guide.languages.folding import fold
from guide.web.edition import KeptForEdition, Watch

Place = tuple[int, str, int, str]
"""Where an exhibit stands: the position and slug of its exhibition, and its own."""


@dataclass(frozen=True)
class Listed:
    """A published exhibit in the list of all."""

    place: Place
    signpost: Signpost
    exhibition: Signpost

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """Its names and those of its exhibition, in every language, as they are compared."""
        names = (*self.signpost.names.values(), *self.exhibition.names.values())
        return tuple(dict.fromkeys(map(fold, names)))

    def is_called(self, words: Sequence[str]) -> bool:
        """Say whether folded words are all in its names."""
        return all(any(word in name for name in self.folded) for word in words)


class Listing:
    """The list of all published exhibits, read once for each edition."""

    def __init__(self, database: Database, watch: Watch) -> None:
        self.database = database
        self._all = KeptForEdition(watch, 1, self._read)

    def page(
        self, exhibition: str, words: str, after: Place | None, limit: int
    ) -> tuple[Listed, ...]:
        """List so many exhibits after a place, of an exhibition if one is named.

        Each of the words is in a name of an exhibit or of its exhibition: `qarabag` finds
        Qarabağ, and `%` only itself.
        """
        wanted = fold(words).split()
        found = (
            one
            for one in self._all.get("") or ()
            if (after is None or one.place > after)
            and (not exhibition or one.exhibition.slug == exhibition)
            and one.is_called(wanted)
        )
        return tuple(one for _, one in zip(range(limit), found, strict=False))

    def texts_of(self, slugs: Iterable[str]) -> Mapping[str, tuple[Told, ...]]:
        """Read the published texts of some exhibits, in one statement."""
        with self.database.rows() as rows:
            told = rows.execute(_TEXTS, {"slugs": list(slugs)}).all()
        return {slug: tuple(some) for slug, some in groupby(told, lambda row: row.slug)}

    def _read(self, _: str) -> tuple[Listed, ...]:
        with self.database.rows() as rows:
            # In Python: databases do not agree on the order of letters.
            found = (
                Listed(
                    (row.room_position, row.room_slug, row.position, row.slug),
                    Signpost(row.slug, row.names, row.presence),
                    Signpost(row.room_slug, row.room_names),
                )
                for row in rows.execute(_ALL)
            )
            return tuple(sorted(found, key=lambda one: one.place))


_ALL = (
    select(
        Exhibit.slug,
        Exhibit.position,
        Exhibit.names,
        Exhibit.presence,
        Exhibition.slug.label("room_slug"),
        Exhibition.position.label("room_position"),
        Exhibition.names.label("room_names"),
    )
    .join(Exhibit.exhibition)
    .where(IS_PUBLISHED, Exhibition.removed_at.is_(None))
)

_TEXTS = (
    select(
        Exhibit.slug,
        ExhibitText.language,
        ExhibitText.status,
        ExhibitText.hook,
        ExhibitText.look_for,
        ExhibitText.story,
        ExhibitText.made_from,
    )
    .join(ExhibitText, ExhibitText.exhibit_id == Exhibit.id)
    .where(
        Exhibit.slug.in_(bindparam("slugs", expanding=True)), ExhibitText.published_at <= NOW
    )
    .order_by(Exhibit.slug)
)
