"""Files in and out: an upload, what its columns say, what it would do, what it did."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.curation import exports
from guide.curation.contents import Contents, NotOfferedError, UnreadableError, format_of
from guide.curation.editing import AREA, READ, account_of
from guide.curation.holdings import Holdings, holdings
from guide.curation.import_pages import (
    ColumnsPage,
    ImportsPage,
    RunPage,
    Sayings,
    ShownRun,
    TrialPage,
    Trouble,
)
from guide.curation.mapping import choices, fault_in, suggested
from guide.curation.pages import Tongue
from guide.curation.proposing import Proposal, check_kinds, propose
from guide.curation.queries import names_of, tongues
from guide.curation.reading import read_apart, workbook
from guide.curation.runs import (
    ChangedSinceError,
    FaultyError,
    NotTheSameError,
    Run,
    carry_out,
    run_numbered,
    runs,
    take_back,
)
from guide.curation.shelf import Shelf, Upload
from guide.db import Database
from guide.exhibits.model import SOURCE_LANGUAGE
from guide.settings import Settings
from guide.web.forms import Number, Posted
from guide.web.pages import render
from guide.web.session import SAFE, Db

router = APIRouter()
IMPORTS = "/staff/imports"
UPLOAD = IMPORTS + "/uploads/{upload}"
RUN = IMPORTS + "/runs/{run}"
EXPORTS = "/staff/exports"
FIELD = "file"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "po": "text/x-gettext-translation; charset=utf-8",
}
HEADINGS = ("row", "column", "found", "expected", "how_to_fix")


async def file_sent(request: Request) -> AsyncIterator[UploadFile | None]:
    """Give the file of a form, if one was chosen, and close it in the end."""
    async with request.form() as form:
        found = form.get(FIELD)
        is_file = isinstance(found, UploadFile) and (found.filename or found.size)
        yield found if is_file and isinstance(found, UploadFile) else None


FileSent = Annotated[UploadFile | None, Depends(file_sent)]


def shelf_of(request: Request) -> Shelf:
    """Return where uploads wait."""
    settings: Settings = request.app.state.settings
    return Shelf(settings.data_dir / "imports")


def upload_in_path(request: Request, curator: Curator, upload: str) -> Upload:
    """Find the upload that the address names, for whoever uploaded it."""
    found = shelf_of(request).get(upload, datetime.now(UTC))
    if found is None or found.account != curator.id:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


UploadInPath = Annotated[Upload, Depends(upload_in_path)]


def run_in_path(request: Request, db: Db, _curator: Curator, run: Number) -> Run:
    """Find the import that the address names; others who take it back wait."""
    found = run_numbered(db, run, locked=request.method not in SAFE)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


RunInPath = Annotated[Run, Depends(run_in_path)]


@router.api_route(IMPORTS, methods=READ, name="curation.imports")
def show_imports(request: Request, db: Db, curator: Curator) -> Response:
    """Show what goes in and out, and what was imported."""
    return render(request, _imports_page(request, db, curator))


@router.post(IMPORTS, name="curation.imports.upload")
def take_file(request: Request, sent: FileSent, curator: Curator) -> Response:
    """Read a file; nothing of the guide changes. No transaction waits while it is read."""
    at = datetime.now(UTC)
    shelf = shelf_of(request)
    shelf.sweep(at)
    database: Database = request.app.state.database
    name = PurePath((sent.filename or "" if sent else "").replace("\\", "/")).name
    with database.reading() as db:
        languages = [one.tag for one in tongues(db)]
    try:
        contents = _read(sent, name)
        check_kinds(contents, languages)
    except UnreadableError as bad:
        is_strange = isinstance(bad, NotOfferedError) and bad.word != "kind"
        status = (
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE
            if is_strange
            else HTTPStatus.NOT_FOUND
            if isinstance(bad, NotOfferedError)
            else HTTPStatus.UNPROCESSABLE_ENTITY
        )
        with database.reading() as db:
            page = _imports_page(request, db, curator, Trouble.of(bad, name))
            return render(request, page, status)
    grid = contents.grid
    mapping = suggested(grid.head, languages) if grid else ()
    shown = "".join(sign for sign in name if sign.isprintable())[:120] or contents.format
    kept = shelf.put(Upload(shown, at, curator.id, contents, mapping))
    if grid:
        return _to(request, "curation.imports.columns", upload=kept)
    return _to(request, "curation.imports.trial", upload=kept)


@router.api_route(UPLOAD + "/columns", methods=READ, name="curation.imports.columns")
def show_columns(
    request: Request, db: Db, curator: Curator, upload: str, sent: UploadInPath
) -> Response:
    """Ask what each column of a table says."""
    if sent.contents.grid is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    page = _columns_page(request, db, curator, upload, sent, sent.mapping)
    return render(request, page)


@router.post(UPLOAD + "/columns", name="curation.imports.columns.settle")
def settle_columns(  # noqa: PLR0913, PLR0917 (each is asked for)
    request: Request,
    db: Db,
    curator: Curator,
    upload: str,
    sent: UploadInPath,
    fields: Posted,
) -> Response:
    """Keep what each column says."""
    grid = sent.contents.grid
    if grid is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    known = choices([one.tag for one in tongues(db)])
    mapping = tuple(fields.get(f"column-{place}", "") for place in range(len(grid.head)))
    wrong = "unknown" if not set(mapping) <= set(known) else fault_in(mapping)
    if wrong:
        page = _columns_page(request, db, curator, upload, sent, mapping, wrong)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    shelf_of(request).settle(upload, sent, mapping)
    return _to(request, "curation.imports.trial", upload=upload)


@router.api_route(UPLOAD, methods=READ, name="curation.imports.trial")
def show_trial(
    request: Request, db: Db, curator: Curator, upload: str, sent: UploadInPath
) -> Response:
    """Say what an import would do, and write nothing."""
    if sent.contents.grid and fault_in(sent.mapping):
        return _to(request, "curation.imports.columns", upload=upload)
    return render(request, _trial_page(request, db, curator, upload, sent))


@router.api_route(UPLOAD + "/errors.{format_}", methods=READ, name="curation.imports.errors")
def fetch_errors(
    request: Request,
    db: Db,
    curator: Curator,
    sent: UploadInPath,
    format_: str,
) -> Response:
    """Write what is wrong in a file as a table: where, what is there, and how to mend it."""
    if format_ not in {"csv", "xlsx"}:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    frame = OfficeFrame.around(request, curator, AREA)
    say = Sayings(request.app.state.templates, frame)
    found = propose(sent.contents, sent.mapping, holdings(db)).faults
    rows = [
        HEADINGS,
        *(
            (str(one.row), one.column, one.found, say.expected(one), say.cure(one))
            for one in found
        ),
    ]
    made = exports.as_csv(rows) if format_ == "csv" else workbook(rows)
    return _download(made, format_, f"errors.{format_}")


@router.post(UPLOAD + "/run", name="curation.imports.run")
def import_file(  # noqa: PLR0913, PLR0917 (each is asked for)
    request: Request,
    db: Db,
    curator: Curator,
    upload: str,
    sent: UploadInPath,
    fields: Posted,
) -> Response:
    """Import a file whole, if it would still do what was shown."""
    at = datetime.now(UTC)
    by = account_of(db, curator)
    digest = fields.get("digest", "")
    try:
        run = carry_out(db, sent.name, sent.contents, sent.mapping, digest, by=by, at=at)
    except FaultyError:
        page = _trial_page(request, db, curator, upload, sent, problem="faulty")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotTheSameError:
        page = _trial_page(request, db, curator, upload, sent, problem="moved-on")
        return render(request, page, HTTPStatus.CONFLICT)
    return _to(request, "curation.imports.show", run=str(run.id))


@router.api_route(RUN, methods=READ, name="curation.imports.show")
def show_run(request: Request, db: Db, curator: Curator, run: RunInPath) -> Response:
    """Show what an import did."""
    return render(request, _run_page(request, db, curator, run))


@router.post(RUN + "/reversal", name="curation.imports.revert")
def revert_run(request: Request, db: Db, curator: Curator, run: RunInPath) -> Response:
    """Put everything back as it was before an import, or nothing."""
    try:
        take_back(db, run, by=account_of(db, curator), at=datetime.now(UTC))
    except ChangedSinceError as changed:
        page = _run_page(request, db, curator, run, changed.subjects)
        return render(request, page, HTTPStatus.CONFLICT)
    return _to(request, "curation.imports.show", run=str(run.id))


@router.api_route(EXPORTS + "/exhibits.{format_}", methods=READ, name="curation.exports.table")
def export_table(
    db: Db,
    _curator: Curator,
    format_: str,
    language: str = "",
    exhibition: str = "",
) -> Response:
    """Write the exhibits as a table, or everything as JSON."""
    held = _chosen(db, language, exhibition)
    name = "-".join(one for one in ("exhibits", exhibition, language) if one)
    match format_:
        case "csv":
            made = exports.as_csv(exports.table(held, language))
        case "xlsx":
            made = workbook(exports.table(held, language))
        case "json":
            made = exports.as_json(held)
        case _:
            raise HTTPException(HTTPStatus.NOT_FOUND)
    return _download(made, format_, f"{name}.{format_}")


@router.api_route(EXPORTS + "/texts.po", methods=READ, name="curation.exports.po")
def export_language(
    db: Db, _curator: Curator, language: str = "en", exhibition: str = ""
) -> Response:
    """Write one language beside its source, for the programs of translators."""
    if language == SOURCE_LANGUAGE:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    held = _chosen(db, language, exhibition)
    made = exports.as_po(held, language, datetime.now(UTC))
    return _download(made, "po", f"{language}.po")


def _read(sent: UploadFile | None, name: str) -> Contents:
    if sent is None:
        raise UnreadableError("no-file")
    raw = sent.file.read()
    return read_apart(format_of(name, raw), raw)


def _chosen(db: Session, language: str, exhibition: str) -> Holdings:
    held = holdings(db)
    if language and language not in held.languages:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if exhibition and ("exhibition", exhibition) not in held.records:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return held.of(exhibition) if exhibition else held


def _download(made: bytes, format_: str, name: str) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(made, media_type=TYPES[format_], headers=headers)


def _imports_page(
    request: Request, db: Session, curator: Person, trouble: Trouble | None = None
) -> ImportsPage:
    frame = OfficeFrame.around(request, curator, AREA)
    found = runs(db)
    names = names_of(db, [one.account_id for one in found])
    return ImportsPage(
        frame,
        tongues=tuple(Tongue.of(one) for one in tongues(db)),
        runs=tuple(ShownRun.of(one, names, frame) for one in found),
        trouble=trouble,
    )


def _columns_page(  # noqa: PLR0913, PLR0917 (each is shown)
    request: Request,
    db: Session,
    curator: Person,
    upload: str,
    sent: Upload,
    mapping: tuple[str, ...],
    problem: str = "",
) -> ColumnsPage:
    frame = OfficeFrame.around(request, curator, AREA)
    return ColumnsPage.of(frame, upload, sent, mapping, tongues(db), problem)


def _trial_page(  # noqa: PLR0913 (each is shown)
    request: Request,
    db: Session,
    curator: Person,
    upload: str,
    sent: Upload,
    *,
    problem: str = "",
) -> TrialPage:
    frame = OfficeFrame.around(request, curator, AREA)
    proposal: Proposal = propose(sent.contents, sent.mapping, holdings(db))
    return TrialPage.of(frame, upload, sent, proposal, problem)


def _run_page(
    request: Request,
    db: Session,
    curator: Person,
    run: Run,
    changed: tuple[str, ...] = (),
) -> RunPage:
    frame = OfficeFrame.around(request, curator, AREA)
    names = names_of(db, [run.account_id, run.reverted_by])
    return RunPage.of(frame, run, names, changed)


def _to(request: Request, name: str, **parts: Any) -> Response:  # noqa: ANN401 (as Starlette has it)
    path = request.app.url_path_for(name, **parts)
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
