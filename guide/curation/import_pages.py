"""What the pages of imports may see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from typing import Any, ClassVar, Self

from markupsafe import Markup

from guide.accounts.office import OfficeFrame, OfficePage
from guide.curation.contents import UnreadableError
from guide.curation.exports import RECORD_COLUMNS, SOURCE_COLUMN, TEXT_COLUMNS
from guide.curation.mapping import KEY, LANGUAGE
from guide.curation.pages import Tongue
from guide.curation.proposing import Fault, Proposal, RecordStep, TextStep
from guide.curation.runs import Run
from guide.curation.runs import Step as DoneStep
from guide.curation.shelf import Upload
from guide.exhibits.comparing import Piece, compared
from guide.languages.catalogues import OFFICE_WORDS
from guide.languages.model import Language
from guide.web.pages import Templates

MOST_SHOWN = 200
"""Changes and errors of a group that a page shows; the file of errors has all of them."""
SAMPLES = 3
WORDS = "curation/_import_words.html"


class Sayings:
    """The sentences of `_import_words.html`, for files instead of pages."""

    def __init__(self, templates: Templates, frame: OfficeFrame) -> None:
        jinja = templates.within(frame.of_language, OFFICE_WORDS)
        self._words: Any = jinja.get_template(WORDS).module

    def expected(self, fault: Fault) -> str:
        """Say what a cell should hold."""
        return self._plain(self._words.expected(fault))

    def cure(self, fault: Fault) -> str:
        """Say how to mend it."""
        return self._plain(self._words.cure(fault))

    @staticmethod
    def _plain(said: Markup) -> str:
        return " ".join(unescape(said).split())


@dataclass(frozen=True)
class Trouble:
    """Why a file cannot be read, in a word; what stands there, and where."""

    word: str
    found: str
    row: int
    file: str

    @classmethod
    def of(cls, bad: UnreadableError, file: str) -> Self:
        """Take what a refusal says."""
        shown = "".join(sign for sign in file if sign.isprintable())[:120]
        return cls(bad.word, bad.found, bad.row, shown)


@dataclass(frozen=True)
class ShownRun:
    """An import in the list."""

    number: int
    file: str
    at: str
    who: str
    created: int
    changed: int
    same: int
    reverted: str

    @classmethod
    def of(cls, run: Run, names: Mapping[int, str], frame: OfficeFrame) -> Self:
        """Tell of an import."""
        return cls(
            run.id,
            run.file,
            frame.moment(run.at),
            names.get(run.account_id or 0, ""),
            run.created,
            run.changed,
            run.same,
            frame.moment(run.reverted_at) if run.reverted_at else "",
        )


@dataclass(frozen=True)
class ImportsPage(OfficePage):
    """What goes in and out, and what was imported."""

    template: ClassVar[str] = "curation/imports.html"

    tongues: tuple[Tongue, ...]
    runs: tuple[ShownRun, ...]
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Meaning:
    """What a column may say: a field, and the language that it is in."""

    word: str
    field: str
    tongue: str


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, what is in its first rows, what it says."""

    place: int
    head: str
    samples: tuple[str, ...]
    chosen: str


@dataclass(frozen=True)
class ColumnsPage(OfficePage):
    """Which column says what."""

    template: ClassVar[str] = "curation/import_columns.html"

    upload: str
    file: str
    rows: int
    columns: tuple[Column, ...]
    plain: tuple[Meaning, ...]
    in_tongues: tuple[Meaning, ...]
    beside: tuple[Meaning, ...]
    matched: int
    problem: str

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 (each is shown)
        cls,
        frame: OfficeFrame,
        upload: str,
        sent: Upload,
        mapping: Sequence[str],
        languages: Sequence[Language],
        problem: str,
    ) -> Self:
        """Show a table's columns."""
        grid = sent.contents.grid
        head, rows = (grid.head, grid.rows) if grid else ((), ())
        columns = tuple(
            Column(place, name, _samples(rows, place), mapping[place])
            for place, name in enumerate(head)
        )
        return cls(
            frame,
            upload=upload,
            file=sent.name,
            rows=sent.contents.size,
            columns=columns,
            plain=tuple(
                Meaning(name, name, "")
                for name in (KEY, LANGUAGE, *RECORD_COLUMNS, *TEXT_COLUMNS)
            ),
            in_tongues=tuple(
                Meaning(f"{name} {one.tag}", name, one.endonym)
                for one in languages
                for name in TEXT_COLUMNS
            ),
            beside=tuple(Meaning(f"{SOURCE_COLUMN} {name}", name, "") for name in TEXT_COLUMNS),
            matched=sum(bool(one.chosen) for one in columns),
            problem=problem,
        )


@dataclass(frozen=True)
class Group:
    """The errors of one kind."""

    cause: str
    count: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Difference:
    """A field that would change, or did."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """A record or a text that would change, or did."""

    word: str
    slug: str
    language: str
    is_new: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class TrialPage(OfficePage):
    """What an import would do; nothing is written."""

    template: ClassVar[str] = "curation/import_trial.html"

    upload: str
    file: str
    format: str
    rows: int
    created: int
    changed: int
    same: int
    wrong: int
    groups: tuple[Group, ...]
    changes: tuple[Change, ...]
    steps: int
    digest: str
    problem: str

    @classmethod
    def of(
        cls, frame: OfficeFrame, upload: str, sent: Upload, proposal: Proposal, problem: str
    ) -> Self:
        """Show a proposal."""
        by_cause = sorted(proposal.faults, key=lambda one: one.cause)
        groups = [
            (cause, tuple(some)) for cause, some in groupby(by_cause, lambda one: one.cause)
        ]
        return cls(
            frame,
            upload=upload,
            file=sent.name,
            format=sent.contents.format,
            rows=sent.contents.size,
            created=proposal.count("created"),
            changed=proposal.count("changed"),
            same=proposal.count("same"),
            wrong=proposal.count("wrong"),
            groups=tuple(Group(cause, len(some), some[:MOST_SHOWN]) for cause, some in groups),
            changes=tuple(_proposed(one) for one in proposal.steps[:MOST_SHOWN]),
            steps=len(proposal.steps),
            digest=proposal.digest,
            problem=problem,
        )


@dataclass(frozen=True)
class RunPage(OfficePage):
    """What an import did; `moved_on` names what was changed since."""

    template: ClassVar[str] = "curation/import_run.html"

    run: ShownRun
    changes: tuple[Change, ...]
    steps: int
    reverted_by: str
    moved_on: tuple[str, ...]

    @classmethod
    def of(
        cls, frame: OfficeFrame, run: Run, names: Mapping[int, str], moved_on: tuple[str, ...]
    ) -> Self:
        """Show an import."""
        return cls(
            frame,
            run=ShownRun.of(run, names, frame),
            changes=tuple(_done(one) for one in run.steps[:MOST_SHOWN]),
            steps=len(run.steps),
            reverted_by=names.get(run.reverted_by or 0, ""),
            moved_on=moved_on,
        )


def _samples(rows: Sequence[tuple[int, tuple[str, ...]]], place: int) -> tuple[str, ...]:
    said = [cells[place] for _, cells in rows[:50] if cells[place].strip()]
    return tuple(f"{one[:60]}…" if len(one) > 60 else one for one in said[:SAMPLES])  # noqa: PLR2004 (a line's worth)


def _proposed(step: RecordStep | TextStep) -> Change:
    if isinstance(step, TextStep):
        before, after = step.before.said(), step.after.said()
    else:
        before, after = dict(step.before), dict(step.after)
    differences = tuple(_differences(before, after))
    return Change(step.word, step.slug, step.language, step.is_new, differences)


def _done(step: DoneStep) -> Change:
    differences = tuple(_differences(step.before or {}, step.after))
    return Change(step.word, step.slug, step.language, step.before is None, differences)


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name, now in after.items():
        old = before.get(name)
        if name != "made_from" and now != old and (now or old):
            yield Difference(name, compared(_words(old), _words(now)))


def _words(value: Any) -> str:  # noqa: ANN401 (a field's)
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(_words(one) for one in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_words(one)}" for name, one in value.items())
    return str(value)
