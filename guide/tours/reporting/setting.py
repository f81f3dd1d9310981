"""Setting a report on paper: what `report.typ` is told."""

from typing import Any

from guide.qr.proof import Spot
from guide.tours.paper_words import Said, Tongue, spoken
from guide.tours.reporting.report import Passages, ReportPaper
from guide.tours.reporting.sections import HEADER, Fact, Section, Sheet, Table, sheet_of
from guide.tours.setting import setting_of


@setting_of.register
def _(paper: ReportPaper) -> tuple[str, dict[str, Any], Spot | None]:
    sheets = [sheet_of(report) for report in paper.reports]
    told = {
        "title": " · ".join(f"{sheet.title} {sheet.reference}" for sheet in sheets[:1]),
        "parts": [_part(sheet, paper) for sheet in sheets],
    }
    return "report.typ", told, None


def _part(sheet: Sheet, paper: ReportPaper) -> dict[str, Any]:
    tongue = Tongue(sheet.language)
    handling = paper.handling
    own = tongue.said(sheet.title)
    marks = (sheet.reference, sheet.level, sheet.version)
    return {
        "lang": own["lang"],
        "dir": own["dir"],
        "title": own,
        "parties": _all(sheet.parties),
        "foot": tongue.said(" · ".join(marks)),
        "printed": tongue.gettext(
            "Printed for %(reader)s, %(day)s",
            reader=handling.reader,
            day=tongue.short_day(handling.printed)["text"],
        ),
        "sections": [_section(section, tongue) for section in sheet.sections],
    }


def _section(section: Section, tongue: Tongue) -> dict[str, Any]:
    return {
        "key": section.key,
        "number": str(section.number) if section.number else "",
        "heading": tongue.said(section.heading),
        "facts": [_fact(fact, tongue) for fact in _printed(section)],
        "table": _table(section.table, tongue) if section.table else None,
        "lines": _all(section.lines),
        "empty": tongue.said(section.empty),
        "unknown": tongue.said(section.unknown),
    }


def _printed(section: Section) -> tuple[Fact, ...]:
    """Leave out who came, which stands below the title."""
    return section.facts[:-1] if section.key == HEADER else section.facts


def _fact(fact: Fact, tongue: Tongue) -> dict[str, Any]:
    return {
        "label": tongue.said(fact.label),
        "said": _all(fact.said),
        "pictures": list(fact.pictures),
    }


def _table(table: Table, tongue: Tongue) -> dict[str, Any]:
    return {
        "columns": [tongue.said(column) for column in table.columns],
        "figures": sorted(table.figures),
        "rows": [
            {"cells": [_all(cell) for cell in row.cells], "sum": row.is_sum}
            for row in table.rows
        ],
    }


def _all(some: Passages) -> list[Said]:
    return [spoken(one) for one in some]
