"""What an import would do: every record and text that it changes, and all that is wrong.

Nothing is written here. A proposal is made from a file and from what the guide holds, again
and again until somebody imports it; its digest says whether it is still the same one.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from guide.curation.contents import Contents, Entry, Grid, NotOfferedError, UnreadableError
from guide.curation.exports import RECORD_COLUMNS, SOURCE_COLUMN, TEXT_COLUMNS, words_of
from guide.curation.forms import Hook, LookFor, Name, Story
from guide.curation.holdings import Holdings, Record, RecordKey, TextKey, values_of
from guide.curation.mapping import KEY, LANGUAGE
from guide.exhibits.manuscript import FIELDS, Manuscript, written_anew
from guide.exhibits.model import SOURCE_LANGUAGE, Presence, Status
from guide.exhibits.publishing import CENTER_SLUG, OWNERS
from guide.exhibits.sheets import SLUG, CenterSheet, ExhibitionSheet, ExhibitSheet
from guide.exhibits.words import fingerprint

SHEETS: Mapping[str, type[Record]] = {
    "exhibit": ExhibitSheet,
    "exhibition": ExhibitionSheet,
    "center": CenterSheet,
}
NUMBERS = ("position", "minutes")
NEEDED = ("exhibition", "category", "minutes")
"""What a new exhibit cannot be without; a name besides."""

CELLS: Mapping[str, TypeAdapter[str]] = {
    "name": TypeAdapter(Name),
    "hook": TypeAdapter(Hook),
    "look_for": TypeAdapter(LookFor),
    "story": TypeAdapter(Story),
}
CONTEXT = re.compile(rf"(?P<word>{'|'.join(OWNERS)})/(?P<slug>[a-z0-9-]+)/(?P<field>\w+)")


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in one cell: `cause` is a word of `_import_words.html`."""

    cause: str
    row: int
    column: str
    found: str = ""
    expected: str = ""


@dataclass(frozen=True)
class RecordStep:
    """A record that would be made or changed: its fields before and after."""

    word: str
    slug: str
    is_new: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    sheet: Record
    language: str = ""


@dataclass(frozen=True)
class TextStep:
    """A text that would be made or changed."""

    word: str
    slug: str
    language: str
    is_new: bool
    before: Manuscript
    after: Manuscript


Step = RecordStep | TextStep


@dataclass(frozen=True)
class Proposal:
    """What an import would do; `outcomes` says it of each row, by its number."""

    outcomes: Mapping[int, str]
    faults: tuple[Fault, ...]
    records: tuple[RecordStep, ...]
    texts: tuple[TextStep, ...]

    def count(self, outcome: str) -> int:
        """Count the rows that are "created", "changed", the "same", or "wrong"."""
        return sum(one == outcome for one in self.outcomes.values())

    @property
    def steps(self) -> tuple[Step, ...]:
        """All that would be done."""
        return (*self.records, *self.texts)

    @cached_property
    def digest(self) -> str:
        """Return what two proposals have in common that would do the same."""
        told = [
            [one.word, one.slug, one.language, _plain(one.before), _plain(one.after)]
            for one in self.steps
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(said: Mapping[str, Any] | Manuscript) -> Mapping[str, Any]:
    return said.said() if isinstance(said, Manuscript) else said


@dataclass(frozen=True)
class Wanted:
    """What a file says of one field: `source` is what stood beside a translation."""

    row: int
    column: str
    field: str
    value: Any
    source: str | None = None
    is_fuzzy: bool | None = None


def check_kinds(contents: Contents, languages: Sequence[str]) -> None:
    """Refuse at once what no row can mend: kinds that curators do not keep, a language."""
    kinds = {kind for word in OWNERS for kind in (word, f"{word} text")}
    for number, sheet in enumerate(contents.sheets, 1):
        if sheet["kind"] not in kinds:
            raise NotOfferedError("kind", sheet["kind"], number)
    if contents.format == "po" and contents.language not in languages:
        raise UnreadableError("po-language", contents.language)


def propose(contents: Contents, mapping: Sequence[str], held: Holdings) -> Proposal:
    """Say what an import of a file would do."""
    making = _Proposing(held)
    if contents.grid:
        making.take_grid(contents.grid, mapping)
    for number, sheet in enumerate(contents.sheets, 1):
        making.take_sheet(number, sheet)
    for entry in contents.entries:
        making.take_entry(entry, contents.language)
    return making.made()


@dataclass
class _Proposing:
    held: Holdings
    rows: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    records: dict[RecordKey, dict[str, Wanted]] = field(default_factory=dict)
    texts: dict[TextKey, dict[str, Wanted]] = field(default_factory=dict)
    again: list[tuple[RecordKey | TextKey, Wanted]] = field(default_factory=list)
    may_be_new: set[RecordKey] = field(default_factory=set)

    # Taking what the file says.

    def take_grid(self, grid: Grid, mapping: Sequence[str]) -> None:
        bad = defaultdict(list)
        for cell in grid.bad:
            bad[cell.row].append(cell)
        place_of = {word: place for place, word in enumerate(mapping) if word}
        for row, cells in grid.rows:
            self.rows.append(row)
            for cell in bad[row]:
                if cell.column < len(mapping) and mapping[cell.column]:
                    name = grid.head[cell.column]
                    self.faults.append(Fault(f"cell-{cell.bad}", row, name, cell.found))
            said = {
                word: cells[place].strip()
                for word, place in place_of.items()
                if place < len(cells)
            }
            heads = {word: grid.head[place] for word, place in place_of.items()}
            self._take_row(row, said, heads)

    def _take_row(self, row: int, said: Mapping[str, str], heads: Mapping[str, str]) -> None:
        slug, tag = said.get(KEY, ""), said.get(LANGUAGE, "")
        if not re.fullmatch(SLUG, slug) or len(slug) > 80:  # noqa: PLR2004 (as sheets have it)
            self.faults.append(Fault("slug", row, heads[KEY], slug))
            return
        if LANGUAGE in heads and tag not in self.held.languages:
            known = " ".join(self.held.languages)
            self.faults.append(Fault("language", row, heads[LANGUAGE], tag, known))
            return
        self.may_be_new.add(("exhibit", slug))
        self.records.setdefault(("exhibit", slug), {})
        for word, value in said.items():
            name, _, language = word.partition(" ")
            if not value or word in {KEY, LANGUAGE} or name == SOURCE_COLUMN:
                continue
            if name in RECORD_COLUMNS:
                number = int(value) if name in NUMBERS and _is_number(value) else value
                self._want("exhibit", slug, "", Wanted(row, heads[word], name, number))
                continue
            source = said.get(f"{SOURCE_COLUMN} {name}") or said.get(
                f"{name} {SOURCE_LANGUAGE}"
            )
            wanted = Wanted(row, heads[word], name, value, source or None)
            self._want("exhibit", slug, language or tag, wanted)

    def take_sheet(self, row: int, sheet: Mapping[str, Any]) -> None:
        self.rows.append(row)
        kind, slug = sheet["kind"], sheet.get("slug", "")
        word = kind.removesuffix(" text")
        slug = CENTER_SLUG if word == "center" else slug
        if not re.fullmatch(SLUG, slug) or len(slug) > 80:  # noqa: PLR2004 (as sheets have it)
            self.faults.append(Fault("slug", row, "slug", slug))
            return
        said = {
            name: v for name, v in sheet.items() if name not in {"kind", "slug", "language"}
        }
        if kind == word:
            self._take_record(row, word, slug, said)
            return
        language = sheet.get("language", "")
        if self._is_unknown_language(row, language):
            return
        for name, value in said.items():
            if not _is_of_a_text(name, value):
                self.faults.append(Fault("value", row, name, _shown(value)))
            else:
                self._want(word, slug, language, Wanted(row, name, name, value))

    def _take_record(self, row: int, word: str, slug: str, said: Mapping[str, Any]) -> None:
        if (word, slug) in self.records:
            self.faults.append(Fault("said-twice", row, "slug", slug))
            return
        if word == "exhibit":
            self.may_be_new.add((word, slug))
        self.records.setdefault((word, slug), {})
        names = said.get("names", {})
        for language, name in names.items() if isinstance(names, dict) else ():
            if not isinstance(name, str):
                self.faults.append(Fault("value", row, "names", _shown(name)))
            elif not self._is_unknown_language(row, language):
                self._want(word, slug, language, Wanted(row, "names", "name", name))
        for name, value in said.items():
            if name != "names":
                self._want(word, slug, "", Wanted(row, name, name, value))

    def take_entry(self, entry: Entry, language: str) -> None:
        self.rows.append(entry.row)
        said = CONTEXT.fullmatch(entry.context)
        if said is None or said["field"] not in TEXT_COLUMNS:
            self.faults.append(Fault("context", entry.row, "msgctxt", entry.context))
        elif entry.said.strip():
            wanted = Wanted(
                entry.row,
                entry.context,
                said["field"],
                entry.said,
                entry.source,
                entry.is_fuzzy,
            )
            self._want(said["word"], said["slug"], language, wanted)

    def _is_unknown_language(self, row: int, language: str) -> bool:
        is_unknown = language not in self.held.languages
        if is_unknown:
            known = " ".join(self.held.languages)
            self.faults.append(Fault("language", row, "language", language, known))
        return is_unknown

    def _want(self, word: str, slug: str, language: str, wanted: Wanted) -> None:
        if language:
            fields = self.texts.setdefault((word, slug, language), {})
            key: RecordKey | TextKey = (word, slug, language)
        else:
            fields, key = self.records.setdefault((word, slug), {}), (word, slug)
        first = fields.setdefault(wanted.field, wanted)
        if first is wanted:
            return
        self.again.append((key, wanted))
        if first.value != wanted.value:
            before = f"{first.row}"
            fault = Fault("said-twice", wanted.row, wanted.column, _shown(wanted.value), before)
            self.faults.append(fault)

    # Comparing it with what is there.

    def made(self) -> Proposal:
        records = [step for key in self.records if (step := self._record_step(key))]
        texts = [one for key in self.texts if (one := self._text_step(key))]
        outcomes = self._outcomes(records, texts)
        return Proposal(outcomes, tuple(sorted(set(self.faults))), tuple(records), tuple(texts))

    def _record_step(self, key: RecordKey) -> RecordStep | None:
        word, slug = key
        wanted, record = self.records[key], self.held.records.get(key)
        if key in self.held.binned:
            self._blame(wanted, "binned", slug)
            return None
        if record is None and key not in self.may_be_new:
            self._blame(wanted, "unknown", slug)
            return None
        if record is None:
            return self._new_record(key)
        before = values_of(record)
        said = before | {name: one.value for name, one in wanted.items()}
        sheet = self._sheet(key, said, record.names)
        if sheet is None:
            return None
        after = values_of(sheet)
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return None
        return RecordStep(
            word,
            slug,
            is_new=False,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
            sheet=sheet,
        )

    def _new_record(self, key: RecordKey) -> RecordStep | None:
        word, slug = key
        wanted = self.records[key]
        names = {
            tag: one["name"].value
            for (owner, of, tag), one in self.texts.items()
            if (owner, of) == key and "name" in one
        }
        first = next(
            (one.row for one in wanted.values()),
            next((o.row for k, t in self.texts.items() if k[:2] == key for o in t.values()), 0),
        )
        lacking = [name for name in NEEDED if name not in wanted]
        lacking += [] if names else ["name"]
        for name in lacking:
            self.faults.append(Fault("incomplete", first, name, slug))
        if lacking:
            return None
        exhibition = wanted["exhibition"].value
        others = [
            one.position
            for one in self.held.records.values()
            if isinstance(one, ExhibitSheet) and one.exhibition == exhibition
        ]
        said = {"presence": Presence.UNCONFIRMED.value, "position": max(others, default=0) + 1}
        said |= {name: one.value for name, one in wanted.items()}
        sheet = self._sheet(key, said, names)
        if sheet is None:
            return None
        after = values_of(sheet)
        return RecordStep(word, slug, is_new=True, before={}, after=after, sheet=sheet)

    def _sheet(
        self, key: RecordKey, said: Mapping[str, Any], names: Mapping[str, str]
    ) -> Record | None:
        """Return a record as its sheet, or none and what is wrong with it."""
        wanted = self.records[key]
        rooms = [slug for word, slug in self.held.records if word == "exhibition"]
        known = {
            slug
            for word, slug in (*self.held.records, *self.held.binned, *self.records)
            if word == "exhibit"
        }
        try:
            told = json.dumps({**said, "names": dict(names)})
            sheet = SHEETS[key[0]].model_validate_json(told)
        except ValidationError as bad:
            for one in bad.errors():
                name = str(one["loc"][0])
                self._blame_for(wanted, name, one["loc"], one["input"])
            return None
        if isinstance(sheet, ExhibitSheet):
            if sheet.exhibition not in rooms:
                self._blame_one(
                    wanted, "exhibition", "exhibition", sheet.exhibition, " ".join(rooms)
                )
                return None
            strangers = [one.exhibit for one in sheet.related if one.exhibit not in known]
            for slug in strangers if "related" in wanted else ():
                self._blame_one(wanted, "related", "related", slug)
        return sheet

    def _text_step(self, key: TextKey) -> TextStep | None:
        word, slug, language = key
        wanted = self.texts[key]
        if (word, slug) in self.held.binned:
            self._blame(wanted, "binned", slug)
            return None
        if (word, slug) not in self.held.records and (word, slug) not in self.may_be_new:
            self._blame(wanted, "unknown", slug)
            return None
        before = self.held.text(*key)
        typed, source = before, dict[str, str]()
        for name in TEXT_COLUMNS:
            if name in wanted and (value := self._value(wanted[name], before)) is not None:
                typed = replace(typed, **{name: value})
        for name in FIELDS if language != SOURCE_LANGUAGE else ():
            source[name] = self._made_from(word, slug, name, wanted.get(name))
        confirmed = frozenset(
            name for name in FIELDS if _is_confirmed(wanted.get(name), before)
        )
        after = written_anew(before, typed, {k: v for k, v in source.items() if v}, confirmed)
        after = _as_said(after, wanted, before)
        if key not in self.held.texts and (word, slug) not in self.held.records:
            before = Manuscript(typed.name)  # a new record takes its names along
        if after == before:
            return None
        if key in self.held.locked:
            self._blame(wanted, "locked", "")
        return TextStep(*key, is_new=key not in self.held.texts, before=before, after=after)

    def _value(self, wanted: Wanted, before: Manuscript) -> Any:  # noqa: ANN401 (a field's)
        """Take a cell; what is there already is as it should be, however it is written."""
        told = wanted.value if isinstance(wanted.value, str) else "\n".join(wanted.value)
        told = told.replace("\r\n", "\n")
        if told.strip() == words_of(before, wanted.field).strip():
            return None
        try:
            words = CELLS[wanted.field].validate_python(told)
        except ValidationError as bad:
            is_long = bad.errors()[0]["type"] == "string_too_long"
            most = str(bad.errors()[0].get("ctx", {}).get("max_length", ""))
            found = str(len(told)) if is_long else _shown(told)
            cause = "too-long" if is_long else "signs"
            self.faults.append(Fault(cause, wanted.row, wanted.column, found, most))
            return None
        if wanted.field != "look_for":
            return words
        lines = (line.lstrip("-*• ").strip() for line in words.split("\n"))
        return tuple(one for one in lines if one)

    def _made_from(self, word: str, slug: str, name: str, wanted: Wanted | None) -> str:
        """Return the hash of the source that stood beside a translation, else of the newest."""
        newest = getattr(self.held.source(word, slug), name)
        beside = wanted.source if wanted else None
        if beside is None:
            own = self.texts.get((word, slug, SOURCE_LANGUAGE), {}).get(name)
            beside = own.value if own else None
        if beside is None or beside == words_of(self.held.source(word, slug), name):
            return fingerprint(newest) if newest else ""
        if name == "look_for":
            lines = beside.split("\n") if isinstance(beside, str) else beside
            return fingerprint([one.strip() for one in lines if one.strip()])
        return fingerprint(beside)

    # What is wrong, and what comes of each row.

    def _blame(self, wanted: Mapping[str, Wanted], cause: str, found: str) -> None:
        for one in wanted.values():
            self.faults.append(Fault(cause, one.row, one.column, found))

    def _blame_one(
        self,
        wanted: Mapping[str, Wanted],
        name: str,
        cause: str,
        found: str,
        expected: str = "",
    ) -> None:
        if one := wanted.get(name):
            self.faults.append(Fault(cause, one.row, one.column, found, expected))

    def _blame_for(
        self, wanted: Mapping[str, Wanted], name: str, place: Sequence[int | str], found: object
    ) -> None:
        one = wanted.get(name)
        row = one.row if one else min((w.row for w in wanted.values()), default=0)
        column = one.column if one and len(place) == 1 else ".".join(str(p) for p in place)
        cause, expected = "value", ""
        if name in NUMBERS:
            cause, expected = "number", "1–120" if name == "minutes" else "1–9999"
        elif name == "presence":
            cause, expected = "one-of", " ".join(Presence)
        elif name == "exhibition":
            rooms = (slug for word, slug in self.held.records if word == "exhibition")
            cause, expected = "exhibition", " ".join(rooms)
        self.faults.append(Fault(cause, row, column, _shown(found), expected))

    def _outcomes(
        self, records: Sequence[RecordStep], texts: Sequence[TextStep]
    ) -> dict[int, str]:
        wrong = {one.row for one in self.faults}
        done = defaultdict[int, set[str]](set)
        steps: dict[Any, Step] = {(one.word, one.slug): one for one in records}
        steps |= {(one.word, one.slug, one.language): one for one in texts}
        for key, one in self._all_wanted():
            step = steps.get(key)
            if step is None and one.field == "name" and (made := steps.get(key[:2])):
                step = made if made.is_new else None
            if step and ((isinstance(step, RecordStep) and step.is_new) or _touches(step, one)):
                done[one.row].add("created" if step.is_new else "changed")
        return {
            row: "wrong"
            if row in wrong
            else "changed"
            if "changed" in done[row]
            else "created"
            if done[row]
            else "same"
            for row in self.rows
        }

    def _all_wanted(self) -> Iterator[tuple[Any, Wanted]]:
        for key, fields in (*self.records.items(), *self.texts.items()):
            yield from ((key, one) for one in fields.values())
        yield from self.again


def _touches(step: Step, wanted: Wanted) -> bool:
    if isinstance(step, RecordStep):
        return wanted.field in step.after
    before, after = asdict(step.before), asdict(step.after)
    is_status = wanted.is_fuzzy is False and before["status"] != after["status"]
    is_made = before["made_from"].get(wanted.field) != after["made_from"].get(wanted.field)
    return bool(before[wanted.field] != after[wanted.field] or is_status or is_made)


def _is_confirmed(wanted: Wanted | None, before: Manuscript) -> bool:
    """Say whether a translator took the doubt from a message that was behind its source."""
    if wanted is None or wanted.is_fuzzy is not False or wanted.source is None:
        return False
    made = before.made_from.get(wanted.field)
    lines: str | list[str] = wanted.source
    if wanted.field == "look_for":
        lines = wanted.source.split("\n")
    return made is not None and made != fingerprint(lines)


def _as_said(after: Manuscript, wanted: Mapping[str, Wanted], before: Manuscript) -> Manuscript:
    """Take what JSON says of a text itself, and what no doubt left says of a machine's."""
    if "status" in wanted:
        after = replace(after, status=wanted["status"].value)
    if "made_from" in wanted:
        after = replace(after, made_from=dict(wanted["made_from"].value))
    doubts = [one.is_fuzzy for one in wanted.values()]
    is_whole = all(name in wanted for name in TEXT_COLUMNS if getattr(before, name))
    if (
        before.status == Status.MACHINE
        and is_whole
        and doubts
        and not any(doubt is not False for doubt in doubts)
    ):
        after = after.with_status(Status.REVIEWED)
    return after


def _is_of_a_text(name: str, value: object) -> bool:
    match name:
        case "hook" | "story":
            return isinstance(value, str)
        case "look_for":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case "status":
            return value in list(Status)
        case "made_from":
            return isinstance(value, dict) and all(
                name in FIELDS and isinstance(made, str) and re.fullmatch("[0-9a-f]{16}", made)
                for name, made in value.items()
            )
        case _:
            return False


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"\d{1,6}", value, re.ASCII))


def _shown(value: object) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{told[:60]}…" if len(told) > 60 else told  # noqa: PLR2004 (a line's worth)
