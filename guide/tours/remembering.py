"""Visits that were: entered by hand or from a file, looked for, put right, and given out."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import PurePath
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Person, Planner
from guide.db import Database
from guide.languages.queries import all_languages
from guide.settings import Settings
from guide.tours import deeds, diary
from guide.tours.access import OpenTour, open_tour
from guide.tours.displays import Displays
from guide.tours.model import Tour
from guide.tours.naming import OTHER_LANGUAGES
from guide.tours.pages import AREA
from guide.tours.past import (
    Fate,
    correct,
    digest_of,
    enter,
    fates,
    keys_there,
    latest_first,
    past_tours,
    report_of,
)
from guide.tours.past_forms import report_in, values_of_report
from guide.tours.past_pages import (
    MOST_LISTED,
    ImportPage,
    ListedVisit,
    PastPage,
    TrialPage,
    VisitPage,
    is_meant,
)
from guide.tours.person_pages import tongue_of
from guide.tours.queries import exhibitions_in_order
from guide.tours.report_files import (
    Numbered,
    UnreadableFileError,
    as_csv,
    as_json,
    brought,
    carried,
    read_file,
)
from guide.tours.reports import LANGUAGE, USUAL_LANGUAGE, Report
from guide.tours.requesting import Option, seen_version, spoken_options
from guide.tours.slots import day_of
from guide.web.forms import Number, Posted, Rejected
from guide.web.pages import render
from guide.web.session import SAFE, Db

router = APIRouter()
READ = ["GET", "HEAD"]
PAST = "/staff/tours/past"
NEW = PAST + "/new"
IMPORTS = PAST + "/imports"
VISIT = PAST + "/{past_id}"
FILE = "file"
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Sent:
    """A file that somebody sent, if one was chosen, and the language of its words."""

    file: UploadFile | None
    language: str


async def file_sent(request: Request) -> AsyncIterator[Sent]:
    """Give the file of a form, and close it in the end."""
    async with request.form() as form:
        file, language = form.get(FILE), form.get("language")
        is_chosen = isinstance(file, UploadFile) and bool(file.filename or file.size)
        yield Sent(
            file if is_chosen and isinstance(file, UploadFile) else None,
            language if isinstance(language, str) else USUAL_LANGUAGE,
        )


FileSent = Annotated[Sent, Depends(file_sent)]


def past_tour(request: Request, db: Db, planner: Planner, past_id: Number) -> OpenTour:
    """Open a visit of which a source alone tells, to put right what is said; others wait."""
    found = open_tour(db, planner, past_id, alone=request.method not in SAFE)
    if not found.tour.is_only_told or not found.readable:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


PastTour = Annotated[OpenTour, Depends(past_tour)]


@router.api_route(PAST, methods=READ, name="tours.past")
def list_past(
    request: Request, db: Db, planner: Planner, q: str = "", imported: str = ""
) -> Response:
    """List the visits that were, or those in which what is looked for stands."""
    query = q[:LONGEST_QUERY]
    frame = OfficeFrame.around(request, planner, AREA)
    found = [
        (tour, told)
        for tour in latest_first(db.scalars(past_tours(planner)))
        if (told := tour.published) and is_meant(told, tour, query)
    ]
    shown = tuple(ListedVisit.of(tour, told, frame) for tour, told in found[:MOST_LISTED])
    count = seen_version(imported)
    page = PastPage(frame, shown, len(found), query, count if count >= 0 else None)
    return render(request, page)


@router.api_route(PAST + "/visits.{format_}", methods=READ, name="tours.past.export")
def export_past(db: Db, planner: Planner, format_: str) -> Response:
    """Write the visits in the shape that they came in."""
    if format_ not in TYPES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    tours = db.scalars(past_tours(planner))
    reports = [report_of(tour, tour.published) for tour in tours if tour.published]
    made = as_json(reports) if format_ == "json" else as_csv(reports)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="visits.{format_}"',
    }
    return Response(made, media_type=TYPES[format_], headers=headers)


@router.api_route(NEW, methods=READ, name="tours.past.new")
def ask_for_visit(request: Request, db: Db, planner: Planner) -> Response:
    """Ask what a source says of a visit."""
    frame = OfficeFrame.around(request, planner, AREA)
    values = {LANGUAGE: frame.lang}
    return render(request, VisitPage.of(frame, values, languages_offered(db, frame)))


@router.post(NEW, name="tours.past.create")
def add_visit(request: Request, db: Db, planner: Planner, fields: Posted) -> Response:
    """Enter a visit that was, once."""
    frame = OfficeFrame.around(request, planner, AREA)
    report = report_in(fields, tongues_known(db), today_of(request))
    if isinstance(report, Rejected):
        page = _refused(db, frame, fields, report.errors, "unreadable")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    diary.hold(db)
    if there := keys_there(db).get(report.key):
        page = _refused(db, frame, fields, {}, "there", there)
        return render(request, page, HTTPStatus.CONFLICT)
    at = datetime.now(UTC)
    tour = enter(db, report, Displays(exhibitions_in_order(db)), planner.id, at)
    deeds.write_down(db, tour, "past.entered", planner, at)
    return to_tour(request, tour)


@router.api_route(IMPORTS, methods=READ, name="tours.past.imports")
def ask_for_file(request: Request, db: Db, planner: Planner) -> Response:
    """Ask for a file of visits."""
    return render(request, _import_page(request, db, planner, USUAL_LANGUAGE))


@router.post(IMPORTS, name="tours.past.imports.try")
def try_file(request: Request, planner: Planner, sent: FileSent) -> Response:
    """Say what would become of every record of a file; nothing is written, no writer waits."""
    language = sent.language
    database: Database = request.app.state.database
    with database.reading() as db:
        try:
            name, raw = _received(sent)
            records = read_file(name, raw)
        except UnreadableFileError as bad:
            return _unreadable(request, db, planner, language, bad)
        expected = _fates(request, db, records, language)
        page = _trial(request, db, planner, (name, language, carried(raw)), expected)
        return render(request, page)


@router.post(IMPORTS + "/run", name="tours.past.imports.run")
def import_file(request: Request, db: Db, planner: Planner, fields: Posted) -> Response:
    """Enter the records of a file, all of them or none, if it would still do what was shown."""
    name, language = fields.get("name", ""), fields.get("language", "")
    diary.hold(db)
    try:
        records = read_file(name, brought(fields.get("carried", "")))
    except UnreadableFileError as bad:
        return _unreadable(request, db, planner, language, bad)
    expected = _fates(request, db, records, language)
    is_faulty = any(one.word == "faulty" for one in expected)
    if is_faulty or digest_of(expected) != fields.get("digest"):
        file = (_name(name), language, fields.get("carried", ""))
        problem = "faulty" if is_faulty else "moved-on"
        page = _trial(request, db, planner, file, expected, problem)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty else HTTPStatus.CONFLICT
        return render(request, page, status)
    at, displays = datetime.now(UTC), Displays(exhibitions_in_order(db))
    new = [one.report for one in expected if one.word == "new" and one.report]
    for report in new:
        tour = enter(db, report, displays, planner.id, at)
        deeds.write_down(db, tour, "past.imported", planner, at)
    path = request.app.url_path_for("tours.past")
    return RedirectResponse(f"{path}?imported={len(new)}", HTTPStatus.SEE_OTHER)


@router.api_route(VISIT, methods=READ, name="tours.past.visit")
def show_visit(request: Request, db: Db, found: PastTour) -> Response:
    """Show what is said of a visit, to be put right."""
    frame = OfficeFrame.around(request, found.who, AREA)
    values = values_of_report(_report(found))
    page = VisitPage.of(frame, values, languages_offered(db, frame), tour=found.tour)
    return render(request, page)


@router.post(VISIT, name="tours.past.visit.correct")
def correct_visit(request: Request, db: Db, found: PastTour, fields: Posted) -> Response:
    """Put right what is said of a visit; two who do so at once are told of each other."""
    tour = found.tour
    frame = OfficeFrame.around(request, found.who, AREA)
    languages = languages_offered(db, frame)
    if seen_version(fields.get("version", "")) != tour.version:
        page = VisitPage.of(frame, fields, languages, tour=tour, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    report = report_in(fields, tongues_known(db), today_of(request), _report(found))
    if isinstance(report, Rejected):
        page = VisitPage.of(
            frame, fields, languages, tour=tour, errors=report.errors, problem="unreadable"
        )
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    displays = Displays(exhibitions_in_order(db))
    if changed := correct(tour, report, displays, tour.version):
        at = datetime.now(UTC)
        deeds.write_down(db, tour, "past.corrected", found.who, at, changed)
    return to_tour(request, tour)


def _received(sent: Sent) -> tuple[str, bytes]:
    if sent.file is None:
        raise UnreadableFileError("none")
    return _name(sent.file.filename or ""), sent.file.file.read()


def _report(found: OpenTour) -> Report:
    told = found.tour.published
    if told is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return report_of(found.tour, told)


def _refused(  # noqa: PLR0913, PLR0917 (each is shown)
    db: Session,
    frame: OfficeFrame,
    fields: Mapping[str, str],
    errors: Mapping[str, str],
    problem: str,
    there: int = 0,
) -> VisitPage:
    languages = languages_offered(db, frame)
    return VisitPage.of(frame, fields, languages, errors=errors, problem=problem, there=there)


def _unreadable(
    request: Request, db: Session, planner: Person, language: str, bad: UnreadableFileError
) -> Response:
    page = _import_page(request, db, planner, language, bad)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _import_page(
    request: Request,
    db: Session,
    planner: Person,
    language: str,
    bad: UnreadableFileError | None = None,
) -> ImportPage:
    frame = OfficeFrame.around(request, planner, AREA)
    trouble, found = (bad.word, bad.found) if bad else ("", "")
    return ImportPage(frame, languages_offered(db, frame), language, trouble, found)


def _fates(
    request: Request, db: Session, records: Iterable[Numbered], language: str
) -> list[Fate]:
    return fates(records, language, tongues_known(db), today_of(request), db)


def _trial(  # noqa: PLR0913, PLR0917 (each is shown)
    request: Request,
    db: Session,
    planner: Person,
    file: tuple[str, str, str],
    expected: Sequence[Fate],
    problem: str = "",
) -> TrialPage:
    frame = OfficeFrame.around(request, planner, AREA)
    displays = Displays(exhibitions_in_order(db))
    return TrialPage.of(frame, *file, digest_of(expected), expected, displays, problem)


def _name(sent: str) -> str:
    """Return what a file is called, without folders and signs that cannot be seen."""
    name = PurePath(sent.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[-120:]


def languages_offered(db: Session, frame: OfficeFrame) -> tuple[Option, ...]:
    """Offer the languages that a source may be in."""
    tongues = [tongue_of(one.tag, [one], frame) for one in all_languages(db)]
    return spoken_options(tongues, frame)


def tongues_known(db: Session) -> list[str]:
    """Return the tags of the languages that a source may be in."""
    return [*(one.tag for one in all_languages(db)), *OTHER_LANGUAGES]


def today_of(request: Request) -> date:
    """Return the day by the museum's clock."""
    settings: Settings = request.app.state.settings
    return day_of(datetime.now(UTC), ZoneInfo(settings.timezone))


def to_tour(request: Request, tour: Tour) -> Response:
    """Lead to the page of a tour that was changed."""
    path = request.app.url_path_for("tours.tour", tour_id=str(tour.id))
    return RedirectResponse(f"{path}?done=saved", HTTPStatus.SEE_OTHER)
