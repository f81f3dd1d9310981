"""Labels as a curator keeps them: all of them, and one with its history and its deeds."""

import csv
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.accounts.queries import account_numbered
from guide.exhibits.model import Exhibition
from guide.qr import deeds
from guide.qr.code import canonical, grouped
from guide.qr.label_forms import MergeForm, MintForm, PlaceForm
from guide.qr.label_pages import (
    LabelPage,
    LabelsPage,
    ShownLabel,
    chain_of,
    events_of,
    name_of,
    rooms_of,
)
from guide.qr.labels import Standing, history, record_check, standings
from guide.qr.model import AliasRefusedError, Carrier, Verdict
from guide.qr.queries import printed
from guide.qr.registry import things_called
from guide.settings import Settings
from guide.web.cells import plain
from guide.web.forms import Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
AREA = "labels"

FILTERS: Mapping[str, Callable[[Standing], bool]] = {
    "used": lambda one: one.code.is_in_use,
    "unverified": lambda one: one.is_unverified,
    "damaged": lambda one: (
        one.code.is_in_use and one.verdict in {Verdict.DAMAGED, Verdict.MISSING}
    ),
    "retired": lambda one: not one.code.is_in_use,
    "nfc": lambda one: one.label.carrier == Carrier.NFC and one.code.is_in_use,
}


def label_in_path(db: Db, _curator: Curator, code: str) -> Standing:
    """Find the label that the address names; only a curator gets so far."""
    found = standings(db, code)
    if not found:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found[0]


LabelInPath = Annotated[Standing, Depends(label_in_path)]


@router.api_route("/staff/labels/list", methods=READ, name="qr.labels.list")
def show_labels(request: Request, db: Db, curator: Curator, show: str = "used") -> Response:
    """List the labels by room."""
    if show not in FILTERS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    frame = OfficeFrame.around(request, curator, AREA)
    query = select(Exhibition).where(Exhibition.removed_at.is_(None))
    rooms = db.scalars(query.order_by(Exhibition.position, Exhibition.slug))
    page = LabelsPage(
        frame,
        rooms=rooms_of(filter(FILTERS[show], standings(db)), frame),
        show=show,
        filters=tuple(FILTERS),
        exhibitions=tuple((one.slug, name_of(one, frame)) for one in rooms),
    )
    return render(request, page)


@router.api_route("/staff/labels/nfc.csv", methods=READ, name="qr.labels.nfc")
def list_tags(request: Request, db: Db, curator: Curator) -> Response:
    """List the addresses to write into tags, for the program that writes them."""
    frame = OfficeFrame.around(request, curator)
    settings: Settings = request.app.state.settings
    base = settings.public_url or settings.serving_url
    sheet = StringIO()
    lines = csv.writer(sheet)
    lines.writerow(("code", "address", "name", "room", "place", "written"))
    for one in filter(FILTERS["nfc"], standings(db)):
        name, room = one.code.name_in(chain_of(frame)), name_of(one.code.room, frame)
        written = one.last_print.at.date().isoformat() if one.last_print else ""
        address = f"{base}/q/{one.code.code}"
        told = (one.code.code, address, name.text, room.text, one.label.place, written)
        lines.writerow([plain(cell) for cell in told])
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="nfc.csv"',
    }
    return Response("\ufeff" + sheet.getvalue(), media_type="text/csv", headers=headers)


@router.post("/staff/labels/list", name="qr.labels.mint")
def mint(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Mint a further code for an exhibit, or one for a poster."""
    form = read(MintForm, fields)
    things = [] if isinstance(form, Rejected) else things_called(db, form.kind, form.slug)
    if isinstance(form, Rejected) or not things:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    minted = deeds.mint_further(
        db,
        things[0],
        at=_now(),
        by=_account(db, curator),
        carrier=form.carrier,
        place=form.place,
    )
    return _again(request, minted.code, "minted")


@router.api_route("/staff/labels/{code:label}", methods=READ, name="qr.label")
def show_label(
    request: Request, db: Db, curator: Curator, label: LabelInPath, done: str = ""
) -> Response:
    """Show one label, what happened to it, and what can be done."""
    return render(request, _page(request, db, curator, label, done=done))


@router.post("/staff/labels/{code:label}/place", name="qr.label.place")
def hang(
    request: Request, db: Db, curator: Curator, label: LabelInPath, fields: Posted
) -> Response:
    """Say where a label should hang."""
    form = read(PlaceForm, fields)
    if isinstance(form, Rejected):
        page = _page(request, db, curator, label, problem="place")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    deeds.hang(db, label.code, form.place, at=_now(), by=_account(db, curator))
    return _again(request, label.code.code, "hung")


@router.post("/staff/labels/{code:label}/damage", name="qr.label.damage")
def report_damage(request: Request, db: Db, curator: Curator, label: LabelInPath) -> Response:
    """Say that a label can no longer be read well."""
    record_check(db, label.code.code, Verdict.DAMAGED, at=_now(), by=curator.id)
    return _again(request, label.code.code, "damaged")


@router.post("/staff/labels/{code:label}/writing", name="qr.label.write")
def write_tag(request: Request, db: Db, curator: Curator, label: LabelInPath) -> Response:
    """Say that a tag was written and locked."""
    if label.label.carrier != Carrier.NFC:
        raise HTTPException(HTTPStatus.CONFLICT)
    deeds.write_tag(db, label.code, at=_now(), by=_account(db, curator))
    return _again(request, label.code.code, "written")


@router.post("/staff/labels/{code:label}/retirement", name="qr.label.retire")
def retire(request: Request, db: Db, curator: Curator, label: LabelInPath) -> Response:
    """Say that a label is gone for good."""
    deeds.retire(db, label.code, at=_now(), by=_account(db, curator))
    return _again(request, label.code.code, "retired")


@router.post("/staff/labels/{code:label}/merger", name="qr.label.merge")
def merge(
    request: Request, db: Db, curator: Curator, label: LabelInPath, fields: Posted
) -> Response:
    """Make a code follow another, because their exhibits are one."""
    form = read(MergeForm, fields)
    typed = "" if isinstance(form, Rejected) else canonical(form.into)
    into = printed(db, typed) if typed else None
    with suppress(AliasRefusedError):
        if into:
            deeds.merge(db, label.code, into, at=_now(), by=_account(db, curator))
            return _again(request, label.code.code, "merged")
    page = _page(request, db, curator, label, problem="into")
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    label: Standing,
    *,
    done: str = "",
    problem: str = "",
) -> LabelPage:
    frame = OfficeFrame.around(request, curator, AREA)
    code = label.code
    return LabelPage(
        frame,
        label=ShownLabel.of(label, frame),
        room=name_of(code.room, frame),
        kind="exhibition" if code.exhibition_id else "exhibit",
        slug=code.thing.slug,
        alias_of=code.alias_of or "",
        alias_written=grouped(code.alias_of or ""),
        events=events_of(history(db, code.code), deeds.done_to(db, code.code), code, frame),
        done=done,
        problem=problem,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _account(db: Session, curator: Person) -> Account | None:
    return account_numbered(db, curator.id)


def _again(request: Request, code: str, done: str) -> Response:
    path = request.app.url_path_for("qr.label", code=code)
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
