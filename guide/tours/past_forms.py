"""What people may send about a visit that was: the words of a source, and what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from guide.tours.model import Tour
from guide.tours.reports import (
    CONFIDENCE,
    DISPLAYS,
    GUEST_BOOK,
    LANGUAGE,
    LINES,
    MOST_DISPLAYS,
    PERSONS_NAMED,
    PUBLISHED_ON,
    PUBLISHER,
    Report,
    faults_besides,
    read_record,
)
from guide.tours.slots import is_partial_date
from guide.web.forms import Rejected

Values = Mapping[str, str]

SAID = {"yes": True, "no": False}
FIELDS = (
    *LINES,
    *("no_head", "date", "last_date", "date_told", DISPLAYS, GUEST_BOOK, "gift", "note"),
    *(CONFIDENCE, LANGUAGE, PUBLISHER, PUBLISHED_ON, PERSONS_NAMED),
)


def report_in(
    values: Values, known: Sequence[str], today: date, before: Report | None = None
) -> Report | Rejected:
    """Read the form of a visit; what it does not ask of a record that is there stays.

    `known` are the languages that a source may be in.
    """
    typed = {name: values.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    asked = (*LINES, "gift", "note")
    record = {
        **{name: typed[name] or None for name in asked},
        DISPLAYS: [line.strip() for line in typed[DISPLAYS].split("\n") if line.strip()],
        GUEST_BOOK: SAID.get(typed[GUEST_BOOK]),
        CONFIDENCE: typed[CONFIDENCE],
        "date_told": typed["date_told"] or None,
        LANGUAGE: typed[LANGUAGE],
    }
    report = read_record(record, "", known, today)
    errors = _faults_of_head(typed) | _faults_of_days(typed, today)
    if isinstance(report, list):
        errors = {one.heading: one.word for one in report} | errors
    if errors or isinstance(report, list):
        return Rejected(values, errors)
    first, last = typed["date"] or None, typed["last_date"] or None
    told = "" if typed["date_told"] == first else typed["date_told"]
    also = before.also if before else {"languages": None}
    return replace(report, date=first, last_date=last, date_told=told, also=also)


def source_in(
    values: Values, known: Sequence[str], today: date, tour: Tour
) -> Report | Rejected:
    """Read the form of a source that tells of a tour of the house, whose days are known.

    The rules are those of a visit that was.
    """
    report = report_in({**values, "date": "", "last_date": ""}, known, today)
    said = {name: values.get(name, "").strip() for name in (PUBLISHER, PUBLISHED_ON)}
    named = [line.strip() for line in values.get(PERSONS_NAMED, "").split("\n")]
    also: dict[str, Any] = {name: told for name, told in said.items() if told}
    if persons := [line for line in named if line]:
        also[PERSONS_NAMED] = persons
    errors = _faults_of_publishing(also, today)
    if isinstance(report, Rejected):
        return Rejected(values, {**errors, **report.errors})
    if errors:
        return Rejected(values, errors)
    return replace(report, date=tour.date, last_date=tour.last_date, also=also)


def values_of_report(report: Report) -> dict[str, str]:
    """Return the values of the form of a visit."""
    words = (*LINES, "gift", "note", "date_told", CONFIDENCE)
    said = {True: "yes", False: "no", None: ""}[report.guest_book]
    named = report.also.get(PERSONS_NAMED)
    return {
        **{name: str(report.also.get(name) or "") for name in (PUBLISHER, PUBLISHED_ON)},
        PERSONS_NAMED: "\n".join(map(str, named)) if isinstance(named, list) else "",
        **{name: getattr(report, name) for name in words},
        "no_head": "" if report.head else "1",
        "date": report.date or "",
        "last_date": report.last_date or "",
        DISPLAYS: "\n".join(report.displays),
        GUEST_BOOK: said,
        LANGUAGE: report.language,
    }


def _faults_of_publishing(also: Mapping[str, Any], today: date) -> dict[str, str]:
    errors = {one.heading: one.word for one in faults_besides(also)}
    if len(also.get(PERSONS_NAMED, ())) > MOST_DISPLAYS:
        errors[PERSONS_NAMED] = "many"
    day = also.get(PUBLISHED_ON, "")
    if day and not is_partial_date(day):
        errors[PUBLISHED_ON] = "no-such-date"
    elif day > today.isoformat():
        errors[PUBLISHED_ON] = "future"
    return errors


def _faults_of_head(typed: Values) -> dict[str, str]:
    if typed["no_head"] and typed["head"]:
        return {"head": "both"}
    return {} if typed["no_head"] or typed["head"] else {"head": "missing"}


def _faults_of_days(typed: Values, today: date) -> dict[str, str]:
    """Find days that are none, not yet, or the wrong way round; unknown ones are well."""
    first, last = typed["date"], typed["last_date"]
    errors = {
        name: "no-such-date"
        for name, day in (("date", first), ("last_date", last))
        if day and not is_partial_date(day)
    }
    if errors:
        return errors
    if last and not (len(first) == len(last) and first < last):
        return {"last_date": "order"}
    latest = last or first
    if latest > today.isoformat()[: len(latest)]:
        return {"last_date" if last else "date": "future"}
    return {}
