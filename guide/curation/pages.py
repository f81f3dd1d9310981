"""What the curator's pages of one text may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from babel.dates import format_datetime

from guide.accounts.office import OfficeFrame, OfficePage
from guide.curation.checks import Check
from guide.exhibits.comparing import Piece, compared
from guide.exhibits.counting import LONGEST_CHUNK, LONGEST_HOOK, SIGNS_FOR_A_WORD, chunks, words
from guide.exhibits.manuscript import FIELDS, Manuscript
from guide.exhibits.model import SOURCE_LANGUAGE, Status
from guide.exhibits.publishing import TextOf, slug_of, word_of
from guide.exhibits.revisions import Revision
from guide.exhibits.words import Passage, first_in
from guide.languages.catalogues import locale
from guide.languages.model import Language
from guide.web.forms import Rejected

ROWS = ("name", *FIELDS)
LIMITS = {"hook": LONGEST_HOOK, "story": LONGEST_CHUNK}
"""Words; of a story, in one part."""
LINES = {"name": 1, "hook": 3, "look_for": 4, "story": 16}
"""Lines that a field of the form shows at once; it grows with what is typed."""


@dataclass(frozen=True)
class Tongue:
    """A language, as a page marks what is in it."""

    tag: str
    endonym: str
    direction: str

    @classmethod
    def of(cls, language: Language) -> Self:
        """Take what a page needs of a language."""
        return cls(language.tag, language.endonym, language.direction)


@dataclass(frozen=True)
class Way:
    """The way to the same thing in another language, and how its text stands there."""

    tongue: Tongue
    state: str
    is_this: bool


@dataclass(frozen=True)
class FieldRow:
    """One field, the source beside the translation.

    `standing` is "missing", "behind", "machine", "written" or "". What the source says is in
    pieces when it has moved on since the translation was made from `made_from`.
    """

    field: str
    source: tuple[Piece, ...]
    source_words: int
    source_hash: str
    typed: str
    words: int
    limit: int
    lines: int
    standing: str
    made_from: int
    theirs: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Movement:
    """Who did something with a text, and when."""

    at: str
    who: str


@dataclass(frozen=True)
class Preview:
    """A link to the draft, as a symbol for a phone: its size in modules, and what is dark."""

    path: str
    address: str
    until: str
    size: int
    dark: str


@dataclass(frozen=True)
class TextHead:
    """What every page about one text begins with."""

    kind: str
    slug: str
    name: Passage
    room: Passage | None
    tongue: Tongue
    state: str
    version: str

    @classmethod
    def of(cls, text: TextOf, tongue: Tongue, room: Passage | None, frame: OfficeFrame) -> Self:
        """Name a text."""
        name = first_in(text.owner.names, chain_of(frame))
        return cls(
            word_of(text.owner),
            slug_of(text.owner),
            name or Passage(slug_of(text.owner), "zxx"),
            room,
            tongue,
            text.state,
            text.version,
        )


@dataclass(frozen=True)
class TextPage(OfficePage):
    """One text to be written: field beside field, and what comes next.

    `problem` and `done` are words that the template says.
    """

    template: ClassVar[str] = "curation/text.html"

    head: TextHead
    ways: tuple[Way, ...]
    source: Tongue | None
    source_state: str
    source_revision: int
    rows: tuple[FieldRow, ...]
    checks: tuple[Check, ...]
    saved: Movement | None
    submitted: Movement | None
    returned: Movement | None
    returned_note: str
    planned: str
    is_machine: bool
    is_own: bool
    needs_second: bool
    may_draft_by_machine: bool
    preview: Preview
    signs_for_a_word: float
    zone: str
    errors: Mapping[str, str]
    due: str = ""
    problem: str = ""
    done: str = ""

    @property
    def waits_for_second(self) -> bool:
        """Say whether it is for somebody else to publish what this person writes here."""
        is_all_read = self.head.state == "published"
        return self.needs_second and (self.is_own or is_all_read)

    @property
    def blocks(self) -> bool:
        """Say whether anything is in the way of publishing."""
        return any(check.blocks for check in self.checks)

    @property
    def is_locked(self) -> bool:
        """Say whether the text waits for somebody or for its time."""
        return self.head.state in {"in-review", "scheduled"}

    @property
    def has_draft(self) -> bool:
        """Say whether there is something that visitors do not see yet."""
        return self.head.state in {"draft", "changed", "in-review", "scheduled"}


@dataclass(frozen=True)
class Beside:
    """A text, and what stands beside it.

    `earlier` has, for each field that the source has moved on from, the revision that the
    translation was made from.
    """

    text: TextOf
    source: Manuscript | None
    earlier: Mapping[str, Revision | None]

    def rows(self, form: Rejected | None, *, is_stale: bool) -> tuple[FieldRow, ...]:
        """Put the fields beside each other; `is_stale` adds what another saved meanwhile."""
        newest = typed_as(self.text.newest)
        values = form.values if form else newest
        return tuple(
            self._row(field, values.get(field, ""), newest[field] if is_stale else None)
            for field in ROWS
        )

    def _row(self, field: str, typed: str, theirs: str | None) -> FieldRow:
        source = self.source
        said = typed_as(source)[field] if source else ""
        before = self.earlier.get(field)
        was = typed_as(before.manuscript)[field] if before else said
        differs = theirs is not None and theirs != typed.replace("\r\n", "\n").strip()
        return FieldRow(
            field=field,
            source=compared(was, said) if said else (),
            source_words=round(words(said, SOURCE_LANGUAGE)),
            source_hash=source.fingerprints().get(field, "") if source else "",
            typed=typed,
            words=self._counted(field, typed),
            limit=LIMITS.get(field, 0),
            lines=LINES[field],
            standing=self._standing(field, typed),
            made_from=before.number if before else 0,
            theirs=compared(typed, theirs) if differs and theirs is not None else (),
        )

    def _counted(self, field: str, typed: str) -> int:
        """Count the words of a field; of a story, of its longest part."""
        parts = chunks(typed) if field == "story" else [typed]
        return round(max((words(one, self.text.language) for one in parts), default=0))

    def _standing(self, field: str, typed: str) -> str:
        if not typed:
            is_wanted = self.source is None or getattr(self.source, field)
            return "missing" if is_wanted else ""
        if field in self.earlier:
            return "behind"
        is_translated = self.source is not None and field != "name"
        is_machine = self.text.newest.status == Status.MACHINE
        return "machine" if is_translated and is_machine else "written"


@dataclass(frozen=True)
class RevisionRow:
    """One revision in the list."""

    number: int
    at: str
    who: str
    approved_by: str
    cause: str

    @classmethod
    def of(cls, one: Revision, names: Mapping[int, str], frame: OfficeFrame) -> Self:
        """Show who made it, who approved it, and why."""
        return cls(
            one.number,
            frame.moment(one.at),
            names.get(one.account_id or 0, ""),
            names.get(one.approved_by or 0, ""),
            one.cause,
        )


@dataclass(frozen=True)
class RevisionsPage(OfficePage):
    """Every revision of a text, to choose two of."""

    template: ClassVar[str] = "curation/revisions.html"

    head: TextHead
    revisions: tuple[RevisionRow, ...]
    has_draft: bool


@dataclass(frozen=True)
class ComparedField:
    """One field in two revisions."""

    field: str
    pieces: tuple[Piece, ...]
    is_changed: bool


@dataclass(frozen=True)
class ComparisonPage(OfficePage):
    """Two revisions, or one and what is read now; the newer one can be brought back."""

    template: ClassVar[str] = "curation/comparison.html"

    head: TextHead
    before: RevisionRow | None
    after: RevisionRow
    others: tuple[RevisionRow, ...]
    fields: tuple[ComparedField, ...]
    problem: str = ""


def compared_fields(before: Manuscript, after: Manuscript) -> tuple[ComparedField, ...]:
    """Compare two manuscripts field by field."""
    old, new = typed_as(before), typed_as(after)
    return tuple(
        ComparedField(field, compared(old[field], new[field]), old[field] != new[field])
        for field in ROWS
    )


def typed_as(manuscript: Manuscript) -> dict[str, str]:
    """Return the values of the form for a text: what to look for has a line for each thing."""
    return {
        "name": manuscript.name,
        "hook": manuscript.hook,
        "look_for": "\n".join(manuscript.look_for),
        "story": manuscript.story,
    }


def chain_of(frame: OfficeFrame) -> tuple[str, str, str]:
    """Return the languages that the office reads a name in."""
    return (frame.lang, "en", "az")


def ways_of(
    languages: Iterable[Language], states: Mapping[str, str], this: str
) -> tuple[Way, ...]:
    """Lead to the same thing in every language."""
    return tuple(
        Way(Tongue.of(one), states.get(one.tag, "missing"), one.tag == this)
        for one in languages
    )


def clock(at: datetime, frame: OfficeFrame) -> str:
    """Write the time of day in the museum's time."""
    return format_datetime(at.astimezone(frame.zone), "HH:mm", locale=locale(frame.lang))


def counted_by(tag: str) -> float:
    """Return how many signs count as a word in a language, 0 where spaces part the words."""
    return SIGNS_FOR_A_WORD.get(tag, 0)


def movement(
    at: datetime | None, who: int | None, names: Mapping[int, str], frame: OfficeFrame
) -> Movement | None:
    """Say who did something, and when."""
    return Movement(frame.moment(at), names.get(who or 0, "")) if at else None


def revision_rows(
    revisions: Sequence[Revision], names: Mapping[int, str], frame: OfficeFrame
) -> tuple[RevisionRow, ...]:
    """Show revisions."""
    return tuple(RevisionRow.of(one, names, frame) for one in revisions)
