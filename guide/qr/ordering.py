"""The addresses of the studio: choosing labels, looking at them, printing them."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.accounts.queries import account_numbered
from guide.db import Database
from guide.languages.queries import offer
from guide.qr.cautions import cautions_of
from guide.qr.choices import Choices
from guide.qr.forme import TitleTooLongError
from guide.qr.labels import record_prints, suggested_reprints
from guide.qr.order import Order
from guide.qr.printshop import Printed, PrintshopBusyError, State, Ticket
from guide.qr.proof import UnprovedSheetError
from guide.qr.run import Run
from guide.qr.stocks import LabelsRefusedError
from guide.qr.studio import Studio
from guide.qr.studio_pages import Preview, PrintPage, StudioPage, Warned, chain_of
from guide.settings import Settings
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
AREA = "labels"
SECONDS_BETWEEN_LOOKS = "2"
POINTS = 72 / 25.4
SIZE = re.compile(rb'viewBox="[^"]*" width="[^"]*" height="[^"]*"')
"""How typst begins an SVG."""
MADE_NAME = re.compile(r"[^a-z0-9-]+")


@router.api_route("/staff/labels", methods=READ, name="qr.studio")
def show_studio(request: Request, db: Db, curator: Curator) -> Response:
    """Show what was chosen, as it will be printed."""
    return _show(request, db, curator)


@router.api_route("/staff/labels/sheets/preview.svg", methods=READ, name="qr.studio.drawing")
def draw(request: Request, db: Db, _curator: Curator, closer: str = "") -> Response:
    """Draw the sheet that is looked at, or the one label closer."""
    order = _ordered(request, db)
    if order.faults:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    try:
        drawn = _studio(request).drawings.of(order.run_of_sheet())
    except (LabelsRefusedError, UnprovedSheetError):
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    return Response(_closer(drawn, order) if closer else drawn, media_type="image/svg+xml")


@router.post("/staff/labels/runs", name="qr.runs.create")
def print_labels(request: Request, curator: Curator) -> Response:
    """Print what the address chooses; a second print at the same time waits, or is told."""
    database: Database = request.app.state.database
    with database.reading() as db:
        order = _ordered(request, db)
        if order.faults:
            return _show(request, db, curator, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            run = order.run()
        except LabelsRefusedError as refused:
            problem = ("refused", str(refused))
            return _show(request, db, curator, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            number = _begin(request, curator, order, run)
        except PrintshopBusyError:
            return _show(request, db, curator, ("busy", ""), HTTPStatus.CONFLICT)
    path = request.app.url_path_for("qr.runs.one", run_number=number)
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def print_in_path(request: Request, _curator: Curator, run_number: str) -> Printed:
    """Find the print that the address names; only a curator gets so far."""
    printed = _studio(request).printshop.find(run_number)
    if printed is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return printed


def proved_in_path(printed: Annotated[Printed, Depends(print_in_path)]) -> Printed:
    """Find one whose every sheet was proved; no other is handed out."""
    if printed.state is not State.DONE:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return printed


PrintInPath = Annotated[Printed, Depends(print_in_path)]
ProvedInPath = Annotated[Printed, Depends(proved_in_path)]


@router.api_route("/staff/labels/runs/{run_number}", methods=READ, name="qr.runs.one")
def show_print(
    request: Request, curator: Curator, run_number: str, printed: PrintInPath
) -> Response:
    """Show how far a print has come; the page asks again until there is something to fetch."""
    frame = OfficeFrame.around(request, curator, AREA)
    at = frame.moment(datetime.fromisoformat(printed.ticket.at))
    page = PrintPage.of(frame, run_number, printed, at)
    is_working = printed.state is State.WORKING
    return render(
        request, page, headers={"Refresh": SECONDS_BETWEEN_LOOKS} if is_working else None
    )


@router.api_route(
    "/staff/labels/runs/{run_number}/labels.pdf", methods=READ, name="qr.runs.pdf"
)
def fetch_labels(printed: ProvedInPath) -> Response:
    """Hand the proved sheets out."""
    return _file(printed.pdf(), f"{printed.ticket.name}.pdf", "application/pdf")


@router.api_route(
    "/staff/labels/runs/{run_number}/slip.json", methods=READ, name="qr.runs.slip"
)
def fetch_slip(printed: ProvedInPath) -> Response:
    """Hand out what was proved, to be filed with the sheets."""
    return _file(printed.slip(), f"{printed.ticket.name}.json", "application/json")


def _show(
    request: Request,
    db: Session,
    curator: Person,
    problem: tuple[str, str] = ("", ""),
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    order = _ordered(request, db)
    frame = OfficeFrame.around(request, curator, AREA)
    chain = chain_of(frame)
    cautions = [Warned("stock-file", detail=fault) for fault in order.press.faults]
    if order.unknown:
        cautions.append(Warned("unknown", detail=", ".join(order.unknown)))
    cautions += [Warned.of(one, chain) for one in cautions_of(db, order)]
    preview = None
    if not order.faults:
        try:
            preview = _preview(request, order)
        except TitleTooLongError as refused:
            of = next(one for one in order.codes if refused.is_of(one.code))
            cautions.insert(0, Warned.about("too-long", of, chain))
        except (LabelsRefusedError, UnprovedSheetError) as refused:
            problem = ("refused", str(refused))
    if preview and preview.reach < order.choices.distance:
        cautions.insert(0, Warned("near", detail=str(preview.reach)))
    page = StudioPage.of(
        frame,
        order,
        preview,
        reprints=suggested_reprints(db),
        cautions=cautions,
        problem=problem,
    )
    return render(request, page, status)


def _preview(request: Request, order: Order) -> Preview:
    """Draw the sheet that is looked at, and describe it."""
    run = order.run_of_sheet()
    _studio(request).drawings.of(run)
    path_for = request.app.url_path_for
    return Preview.of(order, run, path_for("qr.studio"), path_for("qr.studio.drawing"))


def _ordered(request: Request, db: Session) -> Order:
    """Hold what the address chooses against the museum; one that says nothing gets a start."""
    settings: Settings = request.app.state.settings
    choices, unread = Choices.read(request.query_params)
    press = _studio(request).press(datetime.now(ZoneInfo(settings.timezone)).date())
    offered = offer(db, settings.default_language)
    order = Order.of(db, offered, press, choices, unread)
    if not request.query_params and order.halls:
        first = choices.model_copy(update={"exhibition": (order.halls[0].exhibition.slug,)})
        return Order.of(db, offered, press, first, unread)
    return order


def _begin(request: Request, curator: Person, order: Order, run: Run) -> str:
    database: Database = request.app.state.database
    now = datetime.now(UTC)
    ticket = Ticket(
        query=order.choices.query,
        name=_named(order),
        who=curator.name,
        at=now.isoformat(),
        labels=len(run.faces),
        pages=run.pages,
        is_draft=order.is_draft,
    )

    def made() -> None:
        if order.is_draft:
            return
        with database.writing() as db:
            by = account_numbered(db, curator.id)
            db.add(AuditEntry.of(by, "labels.printed", f"labels:{len(run.faces)}", now))
            record_prints(
                db,
                run.titles,
                stock=run.stock.name,
                languages=run.languages,
                at=now,
                by=curator.id,
            )

    return _studio(request).printshop.begin(run, ticket, now, made)


def _named(order: Order) -> str:
    """Name a file for people: what is printed, on what, and when."""
    slugs = [*order.choices.exhibition, *order.choices.exhibit, *order.choices.code]
    what = slugs[0] if len(slugs) == 1 else f"{len(order.codes)}"
    stock = MADE_NAME.sub("-", order.stock.name.casefold()).strip("-")
    draft = "draft-" if order.is_draft else ""
    return f"labels-{draft}{what}-{stock}-{order.press.today}"


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


def _closer(drawn: bytes, order: Order) -> bytes:
    """Cut the label that is looked at out of its sheet."""
    left, top = (one * POINTS for one in order.stock.corner(order.position))
    wide, high = order.stock.width * POINTS, order.stock.height * POINTS
    size = f'viewBox="{left:.3f} {top:.3f} {wide:.3f} {high:.3f}" width="{wide:.3f}pt"'
    return SIZE.sub(f'{size} height="{high:.3f}pt"'.encode(), drawn, count=1)


def _studio(request: Request) -> Studio:
    studio: Studio = request.app.state.studio
    return studio
