"""The plan of the house: a drawing that is uploaded, and what is marked on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.hall_forms import mark_rows, marks_in, values_of_marks
from guide.exhibits.floor_plan import LARGEST, PlanError, clean
from guide.exhibits.hall_exchange import said_of_plan
from guide.exhibits.hall_sheets import MARKS
from guide.exhibits.halls import PLAN_ID, Plan, plan_of_house
from guide.exhibits.revisions import By, Cause, keep, latest_number
from guide.web.forms import told_in
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
PLAN = "/staff/halls/plan"
DONE = frozenset({"saved", "removed"})
FILE = "drawing"


@dataclass(frozen=True)
class Sent:
    """What a form with a file says."""

    fields: Mapping[str, str]
    drawing: bytes


async def sent(request: Request) -> Sent:
    """Return the fields and the drawing, which is empty when none was chosen."""
    async with request.form() as form:
        file = form.get(FILE)
        return Sent(told_in(form), await file.read() if isinstance(file, UploadFile) else b"")


SentForm = Annotated[Sent, Depends(sent)]


@dataclass(frozen=True)
class MarkRow:
    """A mark to be edited; the last is empty."""

    number: int
    what: str
    floor: str
    start: str
    top: str
    is_wrong: bool

    @classmethod
    def of(cls, number: int, values: Mapping[str, str], errors: Mapping[str, str]) -> "MarkRow":
        """Take a row of the form."""
        what, floor, start, top = (
            values.get(f"mark-{number}-{part}", "")
            for part in ("what", "floor", "start", "top")
        )
        return cls(number, what, floor, start, top, f"mark-{number}" in errors)


@dataclass(frozen=True)
class PlanPage(OfficePage):
    """The plan; `refused` is the line of a drawing, what was found there, and wanted."""

    template: ClassVar[str] = "curation/hall_plan.html"

    version: int
    has_drawing: bool
    rows: tuple[MarkRow, ...]
    refused: tuple[int, str, str] | None = None
    problem: str = ""
    done: str = ""
    marks: tuple[str, ...] = MARKS


@router.api_route(PLAN, methods=READ, name="curation.plan")
def show_plan(request: Request, db: Db, curator: Curator, done: str = "") -> Response:
    """Show the plan."""
    values = values_of_marks(plan_of_house(db).marks)
    page = _page(request, db, curator, values, done=done if done in DONE else "")
    return render(request, page)


@router.post(PLAN, name="curation.plan.save")
def save_plan(request: Request, db: Db, curator: Curator, form: SentForm) -> Response:
    """Save the marks, and the drawing if one was sent; visitors see it at once."""
    if form.fields.get("version") != str(_version(db)):
        page = _page(request, db, curator, form.fields, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    marks, errors = marks_in(form.fields)
    plan = plan_of_house(db)
    try:
        svg = _drawing(form.drawing) if form.drawing else plan.svg
    except PlanError as bad:
        told = bad.line, bad.found, bad.expected
        page = _page(request, db, curator, form.fields, errors, told, "unreadable")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if errors:
        page = _page(request, db, curator, form.fields, errors, problem="unreadable")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    plan.svg = svg
    plan.marks = [one.model_dump(mode="json") for one in marks]
    _keep(db, plan, curator, "plan.saved")
    return _again(request, "saved")


@router.post(PLAN + "/removal", name="curation.plan.remove")
def remove_drawing(request: Request, db: Db, curator: Curator) -> Response:
    """Take the drawing away; halls and marks stay."""
    plan = plan_of_house(db)
    if plan.svg:
        plan.svg = ""
        _keep(db, plan, curator, "plan.removed")
    return _again(request, "removed")


def _drawing(raw: bytes) -> str:
    """Return what may stay of a drawing; raises PlanError."""
    if len(raw) > 4 * LARGEST:
        raise PlanError(1, f"{len(raw)} bytes", f"at most {4 * LARGEST}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = raw[: bad.start].count(b"\n") + 1
        raise PlanError(line, "bytes that are no text", "UTF-8") from None
    cleaned = clean(text)
    if len(cleaned) > LARGEST:
        raise PlanError(1, f"{len(cleaned)} characters", f"at most {LARGEST}")
    return cleaned


def _page(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    refused: tuple[int, str, str] | None = None,
    problem: str = "",
    done: str = "",
) -> PlanPage:
    known = [row for row in mark_rows(values) if values.get(f"mark-{row}-what")]
    numbers = (*known, max(known, default=-1) + 1)
    return PlanPage(
        OfficeFrame.around(request, curator, AREA),
        version=_version(db),
        has_drawing=bool(plan_of_house(db).svg),
        rows=tuple(MarkRow.of(number, values, errors or {}) for number in numbers),
        refused=refused,
        problem=problem,
        done=done,
    )


def _version(db: Session) -> int:
    return latest_number(db, "plan", PLAN_ID, "")


def _keep(db: Session, plan: Plan, curator: Person, deed: str) -> None:
    at = datetime.now(UTC)
    db.add(plan)
    db.flush()
    keep(db, said_of_plan(plan), Cause.SAVED, at, By(curator.id))
    db.add(AuditEntry.of(account_of(db, curator), deed, "plan:1", at))


def _again(request: Request, done: str) -> Response:
    path = request.app.url_path_for("curation.plan")
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
