"""The record of an exhibit: where it is, what is known of it, whether it is to be seen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.curation.editing import AREA, READ, account_of
from guide.curation.halling import choosable_halls, is_hall
from guide.curation.pages import Tongue, ways_of
from guide.curation.queries import tongues
from guide.curation.record_forms import (
    NewExhibitForm,
    moved,
    rows_in,
    sheet_in,
    slug_of_name,
    values_of,
)
from guide.curation.record_pages import (
    Changed,
    NewExhibitPage,
    OfferedTerms,
    RecordPage,
    Since,
    Typed,
    choosable,
    differences,
)
from guide.exhibits import publishing
from guide.exhibits.exchange import bring_in, exhibit_sheet
from guide.exhibits.glossary import Vocabulary, vocabularies
from guide.exhibits.model import SOURCE_LANGUAGE, Exhibit, Exhibition, Presence
from guide.exhibits.revisions import By, Cause, keep, latest_number
from guide.exhibits.sheets import ExhibitSheet
from guide.qr.registry import mint_missing
from guide.web.forms import Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import SAFE, Db

router = APIRouter()
NEW = "/staff/exhibits/new"
RECORD = "/staff/exhibits/{slug}"
KIND = "exhibit"
DONE = frozenset({"saved", "off-display", "on-display", "withdrawn", "back", "put-back"})


def exhibit_in_path(request: Request, db: Db, _curator: Curator, slug: str) -> Exhibit:
    """Find the exhibit that the address names; others who change it wait."""
    query = (
        select(Exhibit)
        .where(Exhibit.slug == slug)
        .options(selectinload(Exhibit.texts), selectinload(Exhibit.exhibition))
    )
    found = db.scalar(query if request.method in SAFE else query.with_for_update())
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


ExhibitInPath = Annotated[Exhibit, Depends(exhibit_in_path)]


@router.api_route(NEW, methods=READ, name="curation.exhibit.new")
def ask_for_exhibit(request: Request, db: Db, curator: Curator) -> Response:
    """Ask what a new exhibit is called."""
    frame = OfficeFrame.around(request, curator, AREA)
    return render(request, NewExhibitPage(frame, choosable(_exhibitions(db), frame)))


@router.post(NEW, name="curation.exhibit.create")
def add_exhibit(request: Request, db: Db, curator: Curator, fields: Posted) -> Response:
    """Add an exhibit that no visitor sees yet, with a code for its label."""
    form = read(NewExhibitForm, {"name": "", "exhibition": "", "category": "", **fields})
    rooms = {slug for slug, _ in _exhibitions(db)}
    if not isinstance(form, Rejected):
        slug = _free_slug(db, slug_of_name(form.name))
        if form.exhibition in rooms:
            at = datetime.now(UTC)
            sheet = _blank(db, form)
            bring_in(db, {(KIND, slug, ""): sheet}, at, Cause.SAVED, By(curator.id))
            mint_missing(db, at)
            _write_down(db, slug, "exhibit.added", curator, at)
            parts = {"kind": KIND, "slug": slug, "language": SOURCE_LANGUAGE}
            path = request.app.url_path_for("curation.text", **parts)
            return RedirectResponse(path, HTTPStatus.SEE_OTHER)
        form = Rejected(form.model_dump(), {"exhibition": "unknown"})
    frame = OfficeFrame.around(request, curator, AREA)
    page = NewExhibitPage(frame, choosable(_exhibitions(db), frame), form)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.api_route(RECORD, methods=READ, name="curation.record")
def show_record(
    request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath, done: str = ""
) -> Response:
    """Show the record of an exhibit."""
    values = values_of(exhibit_sheet(exhibit))
    page = _page(request, db, curator, exhibit, values, done=done if done in DONE else "")
    return render(request, page)


@router.post(RECORD, name="curation.record.save")
def save_record(
    request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath, fields: Posted
) -> Response:
    """Save the record; visitors see it at once, but for facts without a source."""
    before = exhibit_sheet(exhibit)
    values = moved(fields, fields.get("move", ""))
    if fields.get("version") != str(_version(db, exhibit)):
        theirs = differences(values_of(before), values)
        page = _page(request, db, curator, exhibit, values, problem="stale", changed=theirs)
        return render(request, page, HTTPStatus.CONFLICT)
    sheet, errors = sheet_in(values, before, [one.tag for one in tongues(db)])
    if sheet is not None:
        errors |= _unknown(db, sheet, exhibit.slug)
    if sheet is None or errors:
        page = _page(request, db, curator, exhibit, values, problem="unreadable", errors=errors)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if sheet != before:
        at = datetime.now(UTC)
        bring_in(db, {(KIND, exhibit.slug, ""): sheet}, at, Cause.SAVED, By(curator.id))
        changed = [
            name
            for name in ExhibitSheet.model_fields
            if getattr(sheet, name) != getattr(before, name)
        ]
        _write_down(db, exhibit.slug, "record.saved", curator, at, *changed)
    return _again(request, exhibit, "saved")


@router.post(RECORD + "/display/end", name="curation.display.end")
def take_off_display(
    request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath
) -> Response:
    """Say that an exhibit is not to be seen now; its page stays and says so."""
    at = datetime.now(UTC)
    _do(db, exhibit, curator, "exhibit.off-display", lambda: exhibit.take_off_display(at), at)
    return _again(request, exhibit, "off-display")


@router.post(RECORD + "/display", name="curation.display.create")
def put_on_display(
    request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath
) -> Response:
    """Say that an exhibit is to be seen again."""
    at = datetime.now(UTC)
    _do(db, exhibit, curator, "exhibit.on-display", exhibit.put_on_display, at)
    return _again(request, exhibit, "on-display")


@router.post(RECORD + "/withdrawal", name="curation.withdrawal.create")
def withdraw(request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath) -> Response:
    """Take an exhibit out of the guide; its codes say so, and lead to its exhibition."""
    at = datetime.now(UTC)
    _do(db, exhibit, curator, "exhibit.withdrawn", lambda: exhibit.withdraw(at), at)
    return _again(request, exhibit, "withdrawn")


@router.post(RECORD + "/withdrawal/end", name="curation.withdrawal.end")
def bring_back(request: Request, db: Db, curator: Curator, exhibit: ExhibitInPath) -> Response:
    """Put a withdrawn exhibit into the guide again."""
    at = datetime.now(UTC)
    _do(db, exhibit, curator, "exhibit.brought-back", exhibit.bring_back, at)
    return _again(request, exhibit, "back")


def _do(  # noqa: PLR0913, PLR0917 (a deed, and what is written down of it)
    db: Session,
    exhibit: Exhibit,
    curator: Person,
    deed: str,
    change: Callable[[], None],
    at: datetime,
) -> None:
    """Change whether an exhibit is to be seen; a change that changes nothing is not kept."""
    before = exhibit_sheet(exhibit)
    change()
    db.flush()
    now = exhibit_sheet(exhibit)
    if now != before:
        said = (KIND, exhibit.id, "", now.model_dump(mode="json"))
        keep(db, said, Cause.SAVED, at, By(curator.id))
        _write_down(db, exhibit.slug, deed, curator, at)


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    exhibit: Exhibit,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    changed: tuple[Changed, ...] = (),
    problem: str = "",
    done: str = "",
) -> RecordPage:
    frame = OfficeFrame.around(request, curator, AREA)
    languages = tongues(db)
    typed = Typed(values, [Tongue.of(one) for one in languages])
    since = Since.of(exhibit, frame)
    lists = vocabularies(db)
    others = db.execute(
        select(Exhibit.slug, Exhibit.names).where(
            Exhibit.id != exhibit.id,
            Exhibit.removed_at.is_(None)
            | Exhibit.slug.in_([one.exhibit for one in exhibit.related]),
        )
    )
    return RecordPage(
        frame,
        slug=exhibit.slug,
        name=exhibit.name_in((frame.lang, "en", "az")),
        version=_version(db, exhibit),
        ways=ways_of(languages, publishing.states_of(db, exhibit), ""),
        values={**dict.fromkeys(values_of(exhibit_sheet(exhibit)), ""), **values},
        errors=errors or {},
        exhibitions=choosable(_exhibitions(db, exhibit.exhibition_id), frame),
        exhibits=choosable([(slug, names) for slug, names in others], frame),
        halls=choosable_halls(db, frame),
        notes=typed.in_tongues("presence_note"),
        facts=typed.facts(rows_in(values, "fact")),
        related=typed.related(rows_in(values, "related")),
        categories=_categories(db, lists, frame.lang),
        offered=tuple(OfferedTerms.of(lists, one.tag) for one in languages),
        off_display=since.off_display,
        withdrawn=since.withdrawn,
        removed=since.removed,
        changed=changed,
        problem=problem,
        done=done,
    )


def _categories(db: Session, lists: Sequence[Vocabulary], tag: str) -> tuple[str, ...]:
    """List what exhibits are called already, and the words of the vocabularies."""
    known = db.scalars(select(Exhibit.category).distinct().order_by(Exhibit.category))
    return tuple(dict.fromkeys([*known, *OfferedTerms.of(lists, tag).words]))


def _version(db: Session, exhibit: Exhibit) -> int:
    return latest_number(db, KIND, exhibit.id, "")


def _unknown(db: Session, sheet: ExhibitSheet, slug: str) -> dict[str, str]:
    """Name the fields that point at what is not there."""
    own = select(Exhibit.exhibition_id).where(Exhibit.slug == slug)
    rooms = {one for one, _ in _exhibitions(db, db.scalar(own))}
    exhibits = set(db.scalars(select(Exhibit.slug))) - {slug}
    found = {} if sheet.exhibition in rooms else {"exhibition": "unknown"}
    if not is_hall(db, sheet.hall):
        found["hall"] = "unknown"
    for number, one in enumerate(sheet.related):
        if one.exhibit not in exhibits:
            found[f"related-{number}-exhibit"] = "unknown"
    return found


def _exhibitions(db: Session, own: int | None = None) -> list[tuple[str, Mapping[str, str]]]:
    """List the exhibitions that are not in the bin, and that which an exhibit is in."""
    query = select(Exhibition.slug, Exhibition.names).where(
        Exhibition.removed_at.is_(None) | (Exhibition.id == own)
    )
    return [
        (slug, names)
        for slug, names in db.execute(query.order_by(Exhibition.position, Exhibition.slug))
    ]


def _blank(db: Session, form: NewExhibitForm) -> ExhibitSheet:
    """Return a record of which only the name is known; it stands last in its room."""
    room = select(Exhibition.id).where(Exhibition.slug == form.exhibition).scalar_subquery()
    last = db.scalar(select(func.max(Exhibit.position)).where(Exhibit.exhibition_id == room))
    return ExhibitSheet.model_validate(
        {
            "exhibition": form.exhibition,
            "position": (last or 0) + 1,
            "category": form.category,
            "presence": Presence.UNCONFIRMED,
            "minutes": 3,
            "names": {SOURCE_LANGUAGE: form.name},
        }
    )


def _free_slug(db: Session, wanted: str) -> str:
    """Return the slug, with a number where it is taken already."""
    taken = set(db.scalars(select(Exhibit.slug)))
    slug = wanted or KIND
    number = 2
    while slug in taken or slug == "new":
        slug, number = f"{wanted or KIND}-{number}", number + 1
    return slug


def _write_down(
    db: Session, slug: str, deed: str, curator: Person, at: datetime, *fields: str
) -> None:
    account = account_of(db, curator)
    db.add(AuditEntry.of(account, deed, f"exhibit:{slug}", at, fields))


def _again(request: Request, exhibit: Exhibit, done: str) -> Response:
    path = request.app.url_path_for("curation.record", slug=exhibit.slug)
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
