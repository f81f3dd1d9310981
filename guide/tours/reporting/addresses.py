"""The addresses of a report: read, written, signed, and had as files."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame, zone_of
from guide.languages.model import Language, Offer
from guide.languages.queries import offer
from guide.settings import Settings
from guide.tours.access import DecidableTour, OpenTour, ReadableTour
from guide.tours.keepsakes.vault import Vault, named_files
from guide.tours.model import State
from guide.tours.overview import TOUR
from guide.tours.pages import AREA
from guide.tours.reporting.files import as_csv, as_json
from guide.tours.reporting.form import Before, read_words
from guide.tours.reporting.handing_out import material_of, named_on, printed, report_of
from guide.tours.reporting.making import Material, facts_mark, keep, written_last
from guide.tours.reporting.page import (
    Around,
    ReportPrintPage,
    Sent,
    drafts,
    filled,
    page_of,
)
from guide.tours.reporting.report import Report
from guide.tours.reporting.sections import sheet_of
from guide.tours.reporting.versions import SIGNED, StaleReportError, mark_of, save, sign
from guide.tours.setting import UndrawableError
from guide.web.forms import Number, Posted, Rejected
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
REPORT = TOUR + "/report"
FIRST, SECOND = "az", "en"
"""The languages of a report unless others are chosen."""

DONE = frozenset({"saved", "signed"})
KEPT_BY_NOBODY = {"Cache-Control": "no-store"}


@router.api_route(REPORT, methods=READ, name="tours.report")
def show_report(  # noqa: PLR0913, PLR0917 (each may be in the address)
    request: Request,
    db: Db,
    found: ReadableTour,
    second: str = "",
    done: str = "",
    later: str = "",
) -> Response:
    """Show the report: what is known, and fields for what people say."""
    material = _material(request, db, found)
    around = _around(request, db, found, second, is_later=bool(later))
    said = Sent(done=done if done in DONE else "")
    return render(request, page_of(found, material, around, said))


@router.post(REPORT, name="tours.report.save")
def save_report(request: Request, db: Db, found: ReadableTour, fields: Posted) -> Response:
    """Save a new version; two who do so at once are told of each other."""
    return _saved(request, db, found, fields, is_signing=False)


@router.post(REPORT + "/signature", name="tours.report.sign")
def sign_report(request: Request, db: Db, found: DecidableTour, fields: Posted) -> Response:
    """Save what was written and sign it: nothing changes that version any more.

    Nobody signs what they have not seen: what became known since the page was opened is
    shown first.
    """
    return _saved(request, db, found, fields, is_signing=True)


@router.api_route(REPORT + ".pdf", methods=READ, name="tours.report.pdf")
def fetch_pdf(request: Request, db: Db, found: ReadableTour, version: str = "") -> Response:
    """Hand the report out as it is printed, in one language or two, one after the other."""
    material = _material(request, db, found)
    named = request.query_params.getlist("languages") or [FIRST, SECOND]
    wanted = [tag.strip() for tag in ",".join(named).split(",") if tag.strip()]
    chosen = [_language(request, db, tag) for tag in dict.fromkeys(wanted)]
    if len(chosen) not in {1, 2}:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    reports = tuple(report_of(material, one, version) for one in chosen)
    today = datetime.now(UTC).astimezone(material.zone).date()
    tags = tuple(one.tag for one in chosen)
    try:
        pdf = printed(found, reports, today, _pictures(request, db, found, reports))
    except UndrawableError as failed:
        around = _around(request, db, found, "")
        said = Sent(problem="undrawable", characters=f"{failed.characters}: {failed.text}")
        page = page_of(found, material, around, said)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _file(found, "-".join(tags), pdf, "pdf", "application/pdf")


@router.api_route(REPORT + ".json", methods=READ, name="tours.report.json")
def fetch_json(
    request: Request, db: Db, found: ReadableTour, language: str = SECOND, version: str = ""
) -> Response:
    """Hand the report out as data, in one language."""
    chosen = _language(request, db, language)
    report = report_of(_material(request, db, found), chosen, version)
    return _file(found, chosen.tag, as_json(report), "json", "application/json")


@router.api_route(REPORT + ".csv", methods=READ, name="tours.report.csv")
def fetch_csv(
    request: Request, db: Db, found: ReadableTour, language: str = SECOND, version: str = ""
) -> Response:
    """Hand the report out as a table, in one language."""
    chosen = _language(request, db, language)
    report = report_of(_material(request, db, found), chosen, version)
    return _file(found, chosen.tag, as_csv(report), "csv", "text/csv; charset=utf-8")


@router.api_route(REPORT + "/print", methods=READ, name="tours.report.print")
def show_print(request: Request, db: Db, found: ReadableTour, language: str = "") -> Response:
    """Show the last version as it stands on paper."""
    return _printed(request, db, found, language, "")


@router.api_route(REPORT + "/versions/{number}", methods=READ, name="tours.report.version")
def show_version(
    request: Request, db: Db, found: ReadableTour, number: Number, language: str = ""
) -> Response:
    """Show a version; a signed one as it was signed."""
    return _printed(request, db, found, language, str(number))


def _saved(
    request: Request, db: Session, found: OpenTour, fields: Posted, *, is_signing: bool
) -> Response:
    material = _material(request, db, found)
    if found.tour.state != State.COMPLETED:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    around = _around(request, db, found, fields.get("shown", ""), is_later=True)
    if found.tour.forgotten_at:
        page = page_of(found, material, around, Sent(problem="forgotten"))
        return render(request, page, HTTPStatus.CONFLICT)
    before = Before(written_last(material), drafts(material, around), around.frame.lang)
    words = read_words(fields, before)
    if isinstance(words, Rejected):
        said = Sent(fields, words.errors, problem="unreadable")
        page = page_of(found, material, around, said)
        page = replace(page, mark=fields.get("mark", ""))
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    is_seen = fields.get("mark") == mark_of(material.versions)
    if is_signing and is_seen and fields.get("facts") != facts_mark(material, around.own):
        page = page_of(found, material, around, Sent(fields, problem="facts"))
        return render(request, page, HTTPStatus.CONFLICT)
    now, tour = datetime.now(UTC), found.tour
    try:
        version = save(db, tour, words, fields.get("mark", ""), found.who, now)
    except StaleReportError:
        is_signed = mark_of(material.versions).endswith(SIGNED)
        problem = "signed-meanwhile" if is_signed else "stale"
        said = Sent(fields, theirs=filled(material, around), problem=problem)
        return render(request, page_of(found, material, around, said), HTTPStatus.CONFLICT)
    if is_signing and version.signed_at is None:
        sign(db, tour, version, found.who, now)
        keep(db, tour, around.frame.zone, around.languages)
    path = request.app.url_path_for("tours.report", tour_id=str(tour.id))
    second = _around(request, db, found, fields.get("second", "")).second.tag
    done = "signed" if is_signing else "saved"
    return RedirectResponse(f"{path}?second={second}&done={done}", HTTPStatus.SEE_OTHER)


def _printed(
    request: Request, db: Session, found: OpenTour, tag: str, version: str
) -> Response:
    material = _material(request, db, found)
    around = _around(request, db, found, "")
    language = _language(request, db, tag) if tag else around.own
    report = report_of(material, language, version)
    page = ReportPrintPage(
        around.frame,
        str(found.tour.id),
        version,
        sheet_of(report),
        around.tongues,
        language.direction,
        named_on(found),
    )
    return render(request, page)


def _pictures(
    request: Request, db: Session, found: OpenTour, reports: Iterable[Report]
) -> dict[str, bytes]:
    """Read what was photographed and signed, as large as paper shows it and if still there."""
    vault: Vault = request.app.state.vault
    shown = {hash_ for one in reports for page in one.book for hash_ in page.pictures}
    there = shown & named_files(db, found.tour.id)
    read = {hash_: vault.read(hash_, "large") for hash_ in sorted(there)}
    return {hash_: body for hash_, body in read.items() if body}


def _material(request: Request, db: Session, found: OpenTour) -> Material:
    return material_of(db, found, zone_of(request))


def _offer(request: Request, db: Session) -> Offer:
    settings: Settings = request.app.state.settings
    return offer(db, settings.default_language)


def _language(request: Request, db: Session, tag: str) -> Language:
    if (found := _offer(request, db).spelt(tag)) is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _around(
    request: Request, db: Session, found: OpenTour, second: str, *, is_later: bool = False
) -> Around:
    languages = tuple(_offer(request, db))
    named = {one.tag: one for one in languages}
    chosen = named.get(second) or named.get(SECOND) or languages[0]
    frame = OfficeFrame.around(request, found.who, AREA)
    return Around(frame, languages, chosen, is_later)


def _file(found: OpenTour, tongues: str, body: bytes, ending: str, media_type: str) -> Response:
    name = f"{found.tour.reference}-report-{tongues}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **KEPT_BY_NOBODY}
    return Response(body, media_type=media_type, headers=headers)
