"""A report as files: JSON for programs, CSV for spreadsheets."""

import csv
import json
from collections.abc import Iterator
from io import StringIO

from guide.tours.reporting.report import Outcome, Passages, Report
from guide.tours.reporting.sections import ROUTE, Section, sheet_of
from guide.web.cells import plain

COLUMNS = ("section", "heading", "what", "words", "planned", "was", "noted")
"""The headings of the table; `planned` and `was` are minutes."""

Cells = tuple[str, ...]


def as_json(report: Report) -> bytes:
    """Write a report as it is kept."""
    told = {**report.kept(), "is_signed": report.is_signed}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(report: Report) -> bytes:
    """Write a report as RFC 4180: each section a few rows, each stop of the route one."""
    paper = StringIO(newline="")
    table = csv.writer(paper)
    table.writerow(COLUMNS)
    for section in sheet_of(report).sections:
        number = str(section.number or "")
        rows = _stops(section, report) if section.key == ROUTE else _rows(section)
        for row in rows:
            table.writerow([plain(cell) for cell in (number, section.heading, *row)])
    return b"\xef\xbb\xbf" + paper.getvalue().encode()


def _rows(section: Section) -> Iterator[Cells]:
    rest = ("", "", "")
    for line in (section.lines,) if section.lines else ():
        yield ("", _joined(line), *rest)
    for fact in section.facts:
        yield (fact.label, _joined(fact.said), *rest)
    for row in section.table.rows if section.table else ():
        first = 1 if section.table and 0 in section.table.figures else 0
        what, *others = row.cells[first:]
        yield (_joined(what), "\n".join(_joined(one) for one in others if one), *rest)
    if not (section.lines or section.facts or section.table):
        yield ("", section.empty, *rest)


def _stops(section: Section, report: Report) -> Iterator[Cells]:
    """Write the route with its minutes as figures; its last rows are the sums."""
    rows = section.table.rows if section.table else ()
    for place, row in enumerate(rows):
        name, _, was, _, noted = row.cells
        is_stop = place < len(report.route.rows)
        stop = report.route.rows[place] if is_stop else None
        said = was if stop and stop.outcome != Outcome.SEEN else ()
        planned, took = (stop.planned, stop.was) if stop else _sums(report)[place - len(rows)]
        yield (_joined(name), _joined(said), _count(planned), _count(took), _joined(noted))
    if section.lines or not rows:
        yield ("", _joined(section.lines) or section.empty, "", "", "")


def _sums(report: Report) -> list[tuple[int | None, int | None]]:
    """Return the sums as the section has them, to be counted from the last one back."""
    route = report.route
    return [
        (route.walking_planned, route.walking),
        *([(None, route.paused)] if route.paused else []),
        (route.planned, route.was),
    ]


def _joined(some: Passages) -> str:
    return "\n".join(one.text for one in some)


def _count(count: int | None) -> str:
    return "" if count is None else str(count)
