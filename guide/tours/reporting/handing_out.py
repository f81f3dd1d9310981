"""Handing a report out, in the office and to other systems: for whoever may read the names."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import HTTPException
from sqlalchemy.orm import Session

from guide.languages.model import Language
from guide.printed import NO_PICTURES
from guide.tours.access import OpenTour
from guide.tours.model import Level
from guide.tours.papers import Handling
from guide.tours.reporting import setting  # noqa: F401 (how its paper is set)
from guide.tours.reporting.making import REPORTED, Material, shown_in
from guide.tours.reporting.report import Report, ReportPaper
from guide.tours.setting import typeset
from guide.web.forms import LARGEST_NUMBER


def material_of(db: Session, found: OpenTour, zone: ZoneInfo) -> Material:
    """Read what a report is made from; raise 404 before the guests are on their way."""
    if found.tour.state not in REPORTED:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Material.of(db, found.tour, zone)


def report_of(material: Material, language: Language, version: str = "") -> Report:
    """Return a version of a report in a language, the last unless another is named; or 404."""
    number = None
    if version:
        is_number = version.isascii() and version.isdecimal() and len(version) < 10  # noqa: PLR2004 (digits of a number of a row)
        number = int(version) if is_number else LARGEST_NUMBER
    report = shown_in(material, language, number)
    if report is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return report


def printed(
    found: OpenTour,
    reports: Sequence[Report],
    today: date,
    pictures: Mapping[str, bytes] = NO_PICTURES,
) -> bytes:
    """Set a report as PDF, once in each language; a confidential one names who has it.

    `pictures` are those of its guest book, by their hashes; none where only the office
    opens them.
    Raises UndrawableError for characters that no font has.
    """
    handling = Handling(Level(found.tour.level), found.who.name, today)
    tags = tuple(one.language for one in reports)
    return typeset(ReportPaper(tags, handling, tuple(reports)), pictures)


def named_on(found: OpenTour) -> str:
    """Return whose name stands on a report that is read: none unless it is confidential."""
    return found.who.name if found.tour.level >= Level.RESTRICTED else ""
