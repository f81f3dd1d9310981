"""What the table of what is missing may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame, OfficePage
from guide.curation.pages import Tongue, chain_of
from guide.curation.standing import PARTS, Cell, Line, Room
from guide.exhibits.words import Passage, first_in
from guide.languages.model import Language


@dataclass(frozen=True)
class ShownCell:
    """One text in the table."""

    tongue: Tongue
    word: str
    there: int
    parts: int
    missing: tuple[str, ...]
    behind: tuple[str, ...]
    is_heard: bool
    has_alt: bool

    @classmethod
    def of(cls, tongue: Tongue, cell: Cell) -> Self:
        """Count what is there."""
        there, parts = len(cell.there), len(PARTS)
        return cls(
            tongue,
            cell.word,
            there,
            parts,
            cell.missing,
            cell.behind,
            is_heard=cell.media.audio,
            has_alt=cell.media.alt,
        )


@dataclass(frozen=True)
class ShownLine:
    """One exhibit in the table."""

    slug: str
    name: Passage
    has_photo: bool
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class ShownRoom:
    """An exhibition to choose."""

    slug: str
    name: Passage
    count: int


@dataclass(frozen=True)
class MatrixPage(OfficePage):
    """Every exhibit in every language; `counts` says how many exhibits each filter shows."""

    template: ClassVar[str] = "curation/matrix.html"

    rooms: tuple[ShownRoom, ...]
    tongues: tuple[Tongue, ...]
    lines: tuple[ShownLine, ...]
    counts: Mapping[str, int]
    exhibition: str
    show: str

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 (each is shown)
        cls,
        frame: OfficeFrame,
        rooms: Iterable[Room],
        languages: Sequence[Language],
        lines: Iterable[Line],
        counts: Mapping[str, int],
        chosen: tuple[str, str],
    ) -> Self:
        """Show how texts stand."""
        chain = chain_of(frame)
        tongues = tuple(Tongue.of(one) for one in languages)
        return cls(
            frame,
            rooms=tuple(
                ShownRoom(one.slug, _named(one.names, one.slug, chain), one.count)
                for one in rooms
            ),
            tongues=tongues,
            lines=tuple(
                ShownLine(
                    line.slug,
                    _named(line.names, line.slug, chain),
                    line.has_photo,
                    tuple(ShownCell.of(one, line.cells[one.tag]) for one in tongues),
                )
                for line in lines
            ),
            counts=counts,
            exhibition=chosen[0],
            show=chosen[1],
        )


def _named(names: Mapping[str, str], slug: str, chain: Sequence[str]) -> Passage:
    return first_in(names, chain) or Passage(slug, "zxx")
