"""What people send of a report: free words, follow-ups in rows, a press note per language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints

from guide.exhibits.words import fingerprint, normalised
from guide.tours.papers import WRITTEN_IN
from guide.tours.reporting.report import Consent, FollowUp
from guide.tours.reporting.words import CAN_BE_NONE, Words
from guide.tours.tour_forms import MaybeDay
from guide.web.forms import FreeWords, Rejected, read, readable

Values = Mapping[str, str]

SPARE_ROWS = 2
MOST_ROWS = 30
"""Follow-ups of one visit; who has more writes them together."""


def _one_line(typed: str) -> str:
    return " ".join(readable(typed).split())


MaybeLine = Annotated[str, StringConstraints(max_length=300), AfterValidator(_one_line)]


class WordsForm(BaseModel):
    """The free words; each may be left empty."""

    interests: FreeWords = ""
    quotes: FreeWords = ""
    quoting: Consent = Consent.UNASKED
    press: FreeWords = ""
    released: FreeWords = ""
    incidents: FreeWords = ""


class RowForm(BaseModel):
    """A follow-up."""

    what: MaybeLine = ""
    owner: MaybeLine = ""
    by: MaybeDay = None


class NoteForm(BaseModel):
    """A press note in one language."""

    note: FreeWords = ""


TEXTS = ("interests", "quotes", "press", "released", "incidents")
"""Free words that a form asks for on several lines, in the order of the sections."""


@dataclass(frozen=True)
class Before:
    """What a form was filled from: the words there were, and the drafts of press notes.

    `language` is the one that the office speaks to the writer, and that they write in.
    """

    words: Words
    drafts: Mapping[str, str]
    language: str

    def tongue(self, name: str, typed: str) -> str:
        """Return the language of a field: of what was left as it was, the one it was in."""
        is_left = normalised(typed) == normalised(getattr(self.words, name))
        kept = self.words.tongues.get(name, WRITTEN_IN)
        return kept if is_left else self.language

    def tongue_of(self, what: str) -> str:
        """Return the language of a follow-up."""
        there = (one.language for one in self.words.follow_ups if one.what == what)
        return next(there, self.language)


def read_words(fields: Values, before: Before) -> Words | Rejected:
    """Take what was written, or say what of it cannot be taken.

    A press note that is the draft's as it was shown or as it is now, or empty, is not kept:
    the draft follows what becomes known. Those of languages that were not asked for stay as
    they were.
    """
    errors: dict[str, str] = {}
    form = read(WordsForm, fields)
    if isinstance(form, Rejected):
        errors |= form.errors
    rows = [replace(one, language=before.tongue_of(one.what)) for one in _rows(fields, errors)]
    notes = dict(before.words.notes)
    for tag, draft in before.drafts.items():
        if (typed := fields.get(f"note-{tag}")) is None:
            continue
        note = read(NoteForm, {"note": typed})
        if isinstance(note, Rejected):
            errors[f"note-{tag}"] = note.errors["note"]
            continue
        notes.pop(tag, None)
        if note.note and fingerprint(note.note) not in {
            fingerprint(draft),
            fields.get(f"draft-{tag}"),
        }:
            notes[tag] = note.note
    if errors or isinstance(form, Rejected):
        return Rejected(fields, errors)
    return Words(
        **form.model_dump(),
        follow_ups=tuple(rows),
        none=tuple(key for key in CAN_BE_NONE if fields.get(f"none-{key}")),
        notes=notes,
        tongues={
            name: before.tongue(name, typed) for name in TEXTS if (typed := getattr(form, name))
        },
        seq=_number(fields.get("seq", "")),
    )


def values_of(words: Words, notes: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form that words fill; `notes` are the press notes shown."""
    values = {name: str(getattr(words, name)) for name in TEXTS}
    values["quoting"] = words.quoting
    for n, one in enumerate(words.follow_ups):
        values[f"what-{n}"], values[f"owner-{n}"] = one.what, one.owner
        values[f"by-{n}"] = one.by.isoformat() if one.by else ""
    values |= {f"none-{key}": "yes" for key in words.none}
    values |= {f"note-{tag}": note for tag, note in notes.items()}
    return values


def rows_of(values: Values) -> Sequence[int]:
    """Return the places of the rows to be shown: all that are filled, and some to spare."""
    filled = [n for n in range(MOST_ROWS) if any(_row(values, n).values())]
    last = filled[-1] if filled else -1
    return range(min(last + 1 + SPARE_ROWS, MOST_ROWS))


def _rows(fields: Values, errors: dict[str, str]) -> list[FollowUp]:
    found = []
    for n in range(MOST_ROWS):
        typed = _row(fields, n)
        row = read(RowForm, typed)
        if isinstance(row, Rejected):
            errors |= {f"{name}-{n}": word for name, word in row.errors.items()}
        elif row.what:
            found.append(FollowUp(row.what, row.owner, row.by))
        elif row.owner or row.by:
            errors[f"what-{n}"] = "missing"
    return found


def _row(fields: Values, n: int) -> dict[str, str]:
    return {name: fields.get(f"{name}-{n}", "") for name in ("what", "owner", "by")}


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 (digits of a number of a row)
