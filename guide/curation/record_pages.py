"""What the pages of an exhibit's record may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame, OfficePage
from guide.curation.pages import Tongue, Way, chain_of
from guide.exhibits.glossary import Vocabulary
from guide.exhibits.model import Exhibit, Presence, Reason
from guide.exhibits.words import Passage, first_in
from guide.web.forms import Rejected

FIRST_TONGUES = ("az", "en")
"""The languages of a fact that stand open; the others fold away."""
NEW = ("name", "exhibition", "category")
"""What is asked of a new exhibit."""
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True)
class InTongue:
    """A field of the form in one language."""

    tongue: Tongue
    name: str
    value: str


@dataclass(frozen=True)
class FactRow:
    """A fact to be edited; `lacks_source` says that visitors do not see it."""

    number: int
    place: int
    labels: tuple[InTongue, ...]
    values: tuple[InTongue, ...]
    source: str
    confidence: str
    lacks_source: bool
    is_new: bool

    @property
    def first(self) -> tuple[tuple[InTongue, InTongue], ...]:
        """Label and value in the languages that stand open."""
        return tuple(
            (label, value)
            for label, value in zip(self.labels, self.values, strict=True)
            if label.tongue.tag in FIRST_TONGUES
        )

    @property
    def others(self) -> tuple[tuple[InTongue, InTongue], ...]:
        """Label and value in the other languages."""
        return tuple(
            (label, value)
            for label, value in zip(self.labels, self.values, strict=True)
            if label.tongue.tag not in FIRST_TONGUES
        )


@dataclass(frozen=True)
class RelatedRow:
    """A pointer to another exhibit."""

    number: int
    exhibit: str
    reason: str


@dataclass(frozen=True)
class Choosable:
    """Something to choose by its slug."""

    slug: str
    name: Passage


@dataclass(frozen=True)
class OfferedTerms:
    """The words of all vocabularies in one language; a form offers them, and takes others."""

    tag: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, vocabularies: Sequence[Vocabulary], tag: str) -> Self:
        """Gather the words that are written in a language."""
        terms = [one for vocabulary in vocabularies for one in vocabulary.terms]
        return cls(
            tag, tuple(dict.fromkeys(one.names[tag] for one in terms if tag in one.names))
        )


@dataclass(frozen=True)
class Changed:
    """A field that another has saved meanwhile: what they say, what is typed here."""

    field: str
    theirs: str
    typed: str


@dataclass(frozen=True)
class RecordPage(OfficePage):
    """The record of an exhibit; `problem` and `done` are words that the template says."""

    template: ClassVar[str] = "curation/record.html"

    slug: str
    name: Passage
    version: int
    ways: tuple[Way, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    exhibitions: tuple[Choosable, ...]
    exhibits: tuple[Choosable, ...]
    notes: tuple[InTongue, ...]
    facts: tuple[FactRow, ...]
    related: tuple[RelatedRow, ...]
    categories: tuple[str, ...]
    offered: tuple[OfferedTerms, ...]
    halls: tuple[Choosable, ...]
    off_display: str
    withdrawn: str
    removed: str
    changed: tuple[Changed, ...] = ()
    problem: str = ""
    done: str = ""
    presences: tuple[str, ...] = tuple(Presence)
    reasons: tuple[str, ...] = tuple(Reason)
    confidences: tuple[str, ...] = CONFIDENCES
    of_exhibition: bool = True


@dataclass(frozen=True)
class NewExhibitPage(OfficePage):
    """Asks what a new exhibit is called, and where it is."""

    template: ClassVar[str] = "curation/new_exhibit.html"

    exhibitions: tuple[Choosable, ...]
    form: Rejected = field(default_factory=lambda: Rejected(dict.fromkeys(NEW, "")))


@dataclass(frozen=True)
class Typed:
    """The values of a form, laid out by language and row."""

    values: Mapping[str, str]
    tongues: Sequence[Tongue]

    def in_tongues(self, name: str) -> tuple[InTongue, ...]:
        """Lay a field out in every language."""
        return tuple(
            InTongue(one, f"{name}-{one.tag}", self.values.get(f"{name}-{one.tag}", ""))
            for one in self.tongues
        )

    def facts(self, rows: Iterable[int]) -> tuple[FactRow, ...]:
        """Lay the facts out, and an empty row after them."""
        known = list(rows)
        return tuple(
            self._fact(number, place, is_new=number not in known)
            for place, number in enumerate((*known, max(known, default=-1) + 1), 1)
        )

    def related(self, rows: Iterable[int]) -> tuple[RelatedRow, ...]:
        """Lay the relations out, and an empty row after them."""
        known = list(rows)
        return tuple(
            RelatedRow(
                number,
                self.values.get(f"related-{number}-exhibit", ""),
                self.values.get(f"related-{number}-reason", ""),
            )
            for number in (*known, max(known, default=-1) + 1)
        )

    def _fact(self, number: int, place: int, *, is_new: bool) -> FactRow:
        source = self.values.get(f"fact-{number}-source", "")
        return FactRow(
            number,
            place,
            self.in_tongues(f"fact-{number}-label"),
            self.in_tongues(f"fact-{number}-value"),
            source,
            self.values.get(f"fact-{number}-confidence", "medium"),
            lacks_source=not source and not is_new,
            is_new=is_new,
        )


def choosable(
    things: Iterable[tuple[str, Mapping[str, str]]], frame: OfficeFrame
) -> tuple[Choosable, ...]:
    """Name what can be chosen."""
    chain = chain_of(frame)
    return tuple(
        Choosable(slug, first_in(names, chain) or Passage(slug, "zxx"))
        for slug, names in things
    )


def differences(theirs: Mapping[str, str], typed: Mapping[str, str]) -> tuple[Changed, ...]:
    """List the fields that another has saved otherwise than they are typed here."""
    return tuple(
        Changed(name, theirs.get(name, ""), typed.get(name, ""))
        for name in dict.fromkeys([*theirs, *(n for n in typed if n in theirs)])
        if theirs.get(name, "") != typed.get(name, "").replace("\r\n", "\n").strip()
    )


@dataclass(frozen=True)
class Since:
    """Since when an exhibit is away."""

    off_display: str
    withdrawn: str
    removed: str

    @classmethod
    def of(cls, exhibit: Exhibit, frame: OfficeFrame) -> Self:
        """Write the moments, empty where it is there."""
        moments = (exhibit.off_display_at, exhibit.withdrawn_at, exhibit.removed_at)
        return cls(*(frame.moment(one) if one else "" for one in moments))
