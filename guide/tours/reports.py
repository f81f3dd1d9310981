"""What a source says of a visit that was: read from a record, held to what can be kept.

A record is what `tours.md` calls the shape of a report: words of the source, and nothing
where it says nothing. Words stay sign for sign; dates are as exact as they are told.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from guide.tours.naming import countries
from guide.tours.slots import is_partial_date
from guide.web.forms import as_told

CONFIDENCES = ("high", "medium", "low")
LINES = ("head", "title", "organisation", "country", "host", "source")
TEXTS = ("date", "gift", "note")
DISPLAYS, GUEST_BOOK, CONFIDENCE = "exhibitions_seen", "guest_book", "confidence"
KNOWN = (
    *("head", "title", "organisation", "country", "date", DISPLAYS, "host", GUEST_BOOK, "gift"),
    *("source", CONFIDENCE, "note"),
)
"""The headings of a record, in the order in which it is written."""
LANGUAGE = "source_language"
"""The heading of the language of a record, where it is not that of the others."""
USUAL_LANGUAGE = "en"

PUBLISHER, PUBLISHED_ON, PERSONS_NAMED = "publisher", "published_on", "persons_named"
"""Headings that the office asks for of a source that tells of a tour of the house."""

LONGEST_LINE = 600
LONGEST_TEXT = 4_000
LONGEST_HEADING = 80
MOST_DISPLAYS = 60
MOST_HEADINGS = 20

TOLD_DATE = re.compile(
    r"(\d{4}(?:-\d{2}){0,2})(?:[/–](\d{4}(?:-\d{2}){0,2}|\d{2}))?(?![\w/–-])", re.ASCII
)
"""A date at the beginning of what is told: 2022-11 (release dated 17 Nov), 2017-08-08/09."""

Record = Mapping[str, Any]
Dates = tuple[str | None, str | None]


@dataclass(frozen=True)
class Fault:
    """What of a record cannot be kept: its heading, a word that says why, what stands there."""

    heading: str
    word: str
    found: str = ""


@dataclass(frozen=True)
class Report:
    """A record that can be kept. Empty words, None and no displays are what is not said."""

    source: str
    confidence: str
    language: str = USUAL_LANGUAGE
    head: str = ""
    title: str = ""
    organisation: str = ""
    country: str = ""
    date_told: str = ""
    date: str | None = None
    last_date: str | None = None
    displays: tuple[str, ...] = ()
    host: str = ""
    guest_book: bool | None = None
    gift: str = ""
    note: str = ""
    also: Record = field(default_factory=dict[str, Any])

    @property
    def country_code(self) -> str:
        """The territory that CLDR names exactly as it is told, in this language, or none."""
        return _codes(self.language).get(self.country, "")

    @property
    def host_person(self) -> tuple[str, str] | None:
        """The name and the post of the host, when one person with one post is told."""
        return one_person(self.host)

    @property
    def persons_named(self) -> tuple[tuple[str, str], ...]:
        """The names and posts of others, as they are told under a heading of their own."""
        named = self.also.get(PERSONS_NAMED)
        lines = named if isinstance(named, list) else [named]
        told = (one.partition(",") for one in lines if isinstance(one, str))
        return tuple((name.strip(), post.strip()) for name, _, post in told)

    @property
    def told_date(self) -> str:
        """The date in the words of the source."""
        if self.date_told or not self.date:
            return self.date_told
        return f"{self.date}/{self.last_date}" if self.last_date else self.date

    @property
    def key(self) -> str:
        """What tells a visit from others: who, of what, when, and who says so; as a hash."""
        told = (self.source, self.told_date, self.head, self.organisation, self.country)
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    def record(self) -> dict[str, Any]:
        """Write the record as it came: what is not said is null."""
        told: dict[str, Any] = {
            "head": self.head or None,
            "title": self.title or None,
            "organisation": self.organisation or None,
            "country": self.country or None,
            "date": self.told_date or None,
            DISPLAYS: list(self.displays),
            "host": self.host or None,
            GUEST_BOOK: self.guest_book,
            "gift": self.gift or None,
        }
        if self.language != USUAL_LANGUAGE:
            told[LANGUAGE] = self.language
        told |= self.also
        told |= {"source": self.source, CONFIDENCE: self.confidence}
        return told | ({"note": self.note} if self.note else {})


def read_record(
    record: object, language: str, known: Sequence[str], today: date
) -> Report | list[Fault]:
    """Take a record, or list everything of it that cannot be kept.

    `language` is that of its words when it names none itself, one of the `known`; `today` is
    the day in the museum: what is told has happened.
    """
    if not isinstance(record, dict):
        return [Fault("", "type", found(record))]
    faults = list(_faults(record, today))
    language = record.get(LANGUAGE) or language
    if language not in known:
        faults.append(Fault(LANGUAGE, "language", found(language)))
    if faults:
        return faults
    told = {name: record.get(name) or "" for name in (*LINES, "gift", "note")}
    told["date_told"] = record.get("date") or ""
    day, last = dates_in(told["date_told"].strip())
    if told["date_told"] == day:
        told["date_told"] = ""
    also = {name: value for name, value in record.items() if name not in {*KNOWN, LANGUAGE}}
    also |= {name: None for name in (DISPLAYS, "note") if record.get(name, "") is None}
    return Report(
        **{name: words.strip() and words for name, words in told.items()},
        language=language,
        confidence=record[CONFIDENCE],
        date=day,
        last_date=last,
        displays=tuple(record.get(DISPLAYS) or ()),
        guest_book=record.get(GUEST_BOOK),
        also=also,
    )


def dates_in(told: str) -> Dates:
    """Return the first and the last day of what is told, as exactly as it is known."""
    match = TOLD_DATE.match(told)
    if match is None or not is_partial_date(match[1]):
        return None, None
    first, last = match[1], match[2] or ""
    if len(last) == len("09"):
        last = first[:-2] + last
    is_day = len(first) == len(last) and is_partial_date(last) and first < last
    return first, last if is_day else None


def one_person(told: str) -> tuple[str, str] | None:
    """Return a name and a post, when what is told is clearly one person: "Name, post"."""
    name, comma, post = told.partition(",")
    words = name.split()
    is_name = 2 <= len(words) <= MOST_WORDS and all(map(_begins_a_name, words))  # noqa: PLR2004 (a name and another)
    if not (comma and post.strip() and is_name) or SEVERAL.search(told) or BESIDE.search(name):
        return None
    return name.strip(), post.strip()


MOST_WORDS = 5
SEVERAL = re.compile(r";|\baccompanied\b|\btogether\b", re.IGNORECASE)
BESIDE = re.compile(r"\b(and|with|və|ilə|и|с|ve|ile|et|avec)\b|[&(/\d]", re.IGNORECASE)
"""What stands between several persons, in the languages of the press."""


def found(value: object) -> str:
    """Return what stands somewhere in a form that can be shown, however strange it is."""
    if isinstance(value, str):
        return value[:80].encode("utf-8", "replace").decode()
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    return json.dumps(value)[:80]


def _begins_a_name(word: str) -> bool:
    return not word[0].islower()


@cache
def _codes(language: str) -> Mapping[str, str]:
    return {name: code for code, name in countries(language)}


def _faults(record: Record, today: date) -> Iterator[Fault]:
    for name in (*LINES, *TEXTS, LANGUAGE):
        yield from _faults_of_words(name, record.get(name), lines=name in TEXTS)
    yield from _faults_of_displays(record.get(DISPLAYS))
    if not isinstance(record.get(GUEST_BOOK), bool | None):
        yield Fault(GUEST_BOOK, "yes-or-no", found(record[GUEST_BOOK]))
    if record.get(CONFIDENCE) not in CONFIDENCES:
        yield Fault(CONFIDENCE, "confidence", found(record.get(CONFIDENCE)))
    said = {name for name in (*LINES, *TEXTS) if _says(record.get(name))}
    if "source" not in said:
        yield Fault("source", "missing")
    if "head" in said and "title" not in said:
        yield Fault("title", "missing")
    if not said & {"organisation", "country"}:
        yield Fault("organisation", "missing")
    if isinstance(told := record.get("date"), str):
        yield from _faults_of_date(told.strip(), today)
    yield from faults_besides(record)


def _says(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _faults_of_words(name: str, value: object, *, lines: bool) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, str):
        yield Fault(name, "words", found(value))
    elif len(value) > (LONGEST_TEXT if lines else LONGEST_LINE):
        yield Fault(name, "long", found(value))
    elif value.strip() and not _can_be_kept(value, lines=lines):
        yield Fault(name, "unreadable", found(value))


def _faults_of_displays(value: object) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, list):
        yield Fault(DISPLAYS, "list", found(value))
        return
    if len(value) > MOST_DISPLAYS:
        yield Fault(DISPLAYS, "many", str(len(value)))
        return
    for one in value:
        if _says(one):
            yield from _faults_of_words(DISPLAYS, one, lines=False)
        else:
            yield Fault(DISPLAYS, "words", found(one))


def _faults_of_date(told: str, today: date) -> Iterator[Fault]:
    match = TOLD_DATE.match(told)
    first, last = dates_in(told)
    if match and (first is None or (match[2] and last is None)):
        yield Fault("date", "no-such-date", found(told))
    elif first and (last or first) > today.isoformat()[: len(first)]:
        yield Fault("date", "future", found(told))


def faults_besides(record: Record) -> Iterator[Fault]:
    """List what cannot be kept of what a record says under headings of its own."""
    besides = [name for name in record if name not in {*KNOWN, LANGUAGE}]
    if len(besides) > MOST_HEADINGS:
        yield Fault("", "headings", str(len(besides)))
        return
    for name in besides:
        if not (0 < len(name) <= LONGEST_HEADING and _can_be_kept(name, lines=False)):
            yield Fault(found(name), "heading", found(name))
            continue
        value = record[name]
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield from _faults_of_words(name, one, lines=True)
            elif not (one is None or (isinstance(one, int | float) and math.isfinite(one))):
                yield Fault(name, "plain", found(one))


def _can_be_kept(words: str, *, lines: bool) -> bool:
    try:
        as_told(words, lines=lines)
    except ValueError:
        return False
    return True
