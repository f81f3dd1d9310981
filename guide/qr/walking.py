"""The wall walk: whoever works here scans a label, and says how it hangs."""

from datetime import UTC, datetime
from http import HTTPStatus
from itertools import dropwhile
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.model import Role
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Person, Staff, signed_in
from guide.db import Database
from guide.qr.code import canonical
from guide.qr.label_forms import CheckForm
from guide.qr.label_pages import (
    CheckPage,
    ShownLabel,
    WallPage,
    name_of,
    rooms_of,
)
from guide.qr.labels import Standing, record_check, standings
from guide.qr.model import UnknownCodeError, WithdrawnError
from guide.qr.queries import followed
from guide.qr.scanning import path_to
from guide.web.forms import Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
AREA = "wall"


def path_for_staff(request: Request, typed: str) -> str | None:
    """Return where a scanned label leads somebody who is signed in, None for a visitor."""
    name = canonical(typed)
    if not name or not signed_in(request, datetime.now(UTC)):
        return None
    database: Database = request.app.state.database
    with database.reading() as db:
        known = standings(db, name)
    return request.app.url_path_for("qr.wall.check", code=name) if known else None


def label_in_path(db: Db, _person: Staff, code: str) -> Standing:
    """Find the label that the address names."""
    found = standings(db, code)
    if not found:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found[0]


LabelInPath = Annotated[Standing, Depends(label_in_path)]


@router.api_route("/staff/wall", methods=READ, name="qr.wall")
def show_wall(
    request: Request, db: Db, person: Staff, done: str = "", code: str = ""
) -> Response:
    """Show what is left of the walk, or open a label whose code was typed."""
    typed = canonical(code)
    if typed and standings(db, typed):
        path = request.app.url_path_for("qr.wall.check", code=typed)
        return RedirectResponse(path, HTTPStatus.SEE_OTHER)
    frame = OfficeFrame.around(request, person, AREA)
    hanging = [one for one in standings(db) if one.code.is_in_use]
    just = next((one for one in hanging if one.code.code == done), None)
    then = _after(hanging, just)
    page = WallPage(
        frame,
        rooms=rooms_of(hanging, frame),
        done=ShownLabel.of(just, frame) if just else None,
        next=ShownLabel.of(then, frame) if then else None,
        typed=code,
    )
    return render(request, page, HTTPStatus.NOT_FOUND if code else HTTPStatus.OK)


@router.api_route("/staff/wall/{code:label}", methods=READ, name="qr.wall.check")
def show_label(request: Request, db: Db, person: Staff, label: LabelInPath) -> Response:
    """Ask how a label hangs."""
    return render(request, _page(request, db, person, label))


@router.post("/staff/wall/{code:label}", name="qr.wall.check.record")
def check(
    request: Request, db: Db, person: Staff, label: LabelInPath, fields: Posted
) -> Response:
    """Keep what was found, and show what is next."""
    form = read(CheckForm, fields)
    if isinstance(form, Rejected):
        page = _page(request, db, person, label, problem="note")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    name = label.code.code
    record_check(db, name, form.verdict, at=datetime.now(UTC), by=person.id, note=form.note)
    path = request.app.url_path_for("qr.wall")
    return RedirectResponse(f"{path}?done={name}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, db: Session, person: Person, label: Standing, problem: str = ""
) -> CheckPage:
    frame = OfficeFrame.around(request, person, AREA)
    return CheckPage(
        frame,
        label=ShownLabel.of(label, frame),
        room=name_of(label.code.room, frame),
        leads_to=_leads_to(request, db, label, frame),
        is_curator=person.is_any_of(Role.CURATOR),
        problem=problem,
    )


def _leads_to(request: Request, db: Session, label: Standing, frame: OfficeFrame) -> str:
    try:
        found = followed(db, label.code.code)
    except (UnknownCodeError, WithdrawnError):
        return ""
    return path_to(found, frame.lang, request.app.state.templates)


def _after(hanging: list[Standing], just: Standing | None) -> Standing | None:
    """Find the next that nobody has looked at, from the one just seen and round again."""
    rest = dropwhile(lambda one: just is not None and one is not just, hanging)
    waiting = (one for one in (*rest, *hanging) if one.is_unverified and not one.verdict)
    return next(waiting, None)
