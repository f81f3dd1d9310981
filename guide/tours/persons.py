"""The persons of a tour: who comes, and who receives them, in the order of precedence."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.languages.queries import all_languages
from guide.tours import deeds
from guide.tours.access import OpenTour, ReadableTour
from guide.tours.correcting import PeopledTour
from guide.tours.model import StaleTourError, Tour
from guide.tours.naming import OTHER_LANGUAGES
from guide.tours.pages import AREA, TourHead
from guide.tours.people import PersonRole, Side, TourPerson, in_precedence
from guide.tours.person_forms import (
    MOST_PERSONS,
    Row,
    person_of,
    rows_of,
    rows_pasted,
    said_in,
    values_of,
)
from guide.tours.person_pages import (
    Difference,
    PeoplePage,
    PersonPage,
    SeveralPage,
    sides_of,
    tongue_of,
)
from guide.tours.requesting import seen_version, spoken_options
from guide.web.cells import plain
from guide.web.forms import Number, Posted, Rejected
from guide.web.pages import Choice, render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
PEOPLE = "/staff/tours/{tour_id}/people"
NEW = PEOPLE + "/new"
SEVERAL = PEOPLE + "/several"
PERSON = PEOPLE + "/{person_id}"
DONE = frozenset({"saved", "removed", "ordered"})
SHARED = ("side", "language")
"""What a form of several persons says of all of them."""


def person_in_path(found: PeopledTour, person_id: Number) -> TourPerson:
    """Find the person that the address names, among those of its tour."""
    person = next((one for one in found.tour.persons if one.id == person_id), None)
    if person is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return person


PersonInPath = Annotated[TourPerson, Depends(person_in_path)]


@router.api_route(PEOPLE, methods=READ, name="tours.people")
def show_people(request: Request, _db: Db, found: ReadableTour, done: str = "") -> Response:
    """Show who comes, and who receives them."""
    frame = OfficeFrame.around(request, found.who, AREA)
    page = PeoplePage.of(found, frame, done=done if done in DONE else "")
    return render(request, page)


@router.api_route(PEOPLE + ".csv", methods=READ, name="tours.people.csv")
def export_people(db: Db, found: ReadableTour) -> Response:
    """Write the names as a table for a spreadsheet, signs as they were typed."""
    told = {tag for one in found.tour.persons for tag in one.positions}
    tags = [one.tag for one in all_languages(db) if one.tag in told]
    made = _table(found.tour, [*tags, *sorted(told.difference(tags))])
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="people-{found.tour.reference}.csv"',
    }
    return Response(made, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(PEOPLE + "/order", name="tours.people.order")
def order_people(request: Request, db: Db, found: PeopledTour, fields: Posted) -> Response:
    """Move somebody up or down among those of their side."""
    tour = found.tour
    try:
        tour.correct(seen_version(fields.get("version", "")))
    except StaleTourError:
        frame = OfficeFrame.around(request, found.who, AREA)
        page = PeoplePage.of(found, frame, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    if moved := _move(tour, fields.get("move", "")):
        names = [f"person:{one.id}" for one in moved]
        _write_down(db, found, "people.ordered", names)
    return _to_list(request, tour, "ordered")


@router.api_route(NEW, methods=READ, name="tours.person.new")
def ask_for_person(request: Request, db: Db, found: PeopledTour, side: str = "") -> Response:
    """Ask who it is."""
    values = {
        "side": side if side in set(Side) else Side.GUEST,
        "role": PersonRole.MEMBER,
        "name_language": next(iter(found.tour.languages), "az"),
    }
    return render(request, _person_page(request, db, found, None, values))


@router.post(NEW, name="tours.person.create")
def add_person(request: Request, db: Db, found: PeopledTour, fields: Posted) -> Response:
    """Add a person."""
    return _keep(request, db, found, None, fields)


@router.api_route(SEVERAL, methods=READ, name="tours.people.several")
def ask_for_several(request: Request, db: Db, found: PeopledTour, side: str = "") -> Response:
    """Ask for lines to be pasted: name; position; affiliation."""
    values = {
        "side": side if side in set(Side) else Side.GUEST,
        "language": next(iter(found.tour.languages), "az"),
    }
    return render(request, _several_page(request, db, found, values))


@router.post(SEVERAL, name="tours.people.several.check")
def check_several(request: Request, db: Db, found: PeopledTour, fields: Posted) -> Response:
    """Show the persons that pasted lines became, to be checked; nobody is stored."""
    rows = rows_pasted(fields.get("lines", ""))
    problem = _fault_of(db, found, fields, rows)
    if problem == "unreadable":
        problem = ""  # the rows say which, and can be put right there
    shown = () if problem else rows
    page = _several_page(request, db, found, fields, shown, problem)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK)


@router.post(SEVERAL + "/entry", name="tours.people.several.enter")
def enter_several(request: Request, db: Db, found: PeopledTour, fields: Posted) -> Response:
    """Add the persons that were checked, after those who are there."""
    rows, tour = list(rows_of(fields)), found.tour
    if problem := _fault_of(db, found, fields, rows):
        page = _several_page(request, db, found, fields, rows, problem)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        tour.correct(seen_version(fields.get("version", "")))
    except StaleTourError:
        page = _several_page(request, db, found, fields, rows, "stale")
        return render(request, page, HTTPStatus.CONFLICT)
    side, language = Side(fields["side"]), fields["language"]
    last = _last(tour, side)
    added = [person_of(row, side, language, last + n) for n, row in enumerate(rows, 1)]
    tour.persons.extend(added)
    db.flush()
    _write_down(db, found, "people.entered", [f"person:{one.id}" for one in added])
    return _to_list(request, tour, "saved")


@router.api_route(PERSON, methods=READ, name="tours.person")
def show_person(request: Request, db: Db, found: PeopledTour, person: PersonInPath) -> Response:
    """Show a person, to be changed."""
    return render(request, _person_page(request, db, found, person, values_of(person)))


@router.post(PERSON, name="tours.person.save")
def save_person(
    request: Request, db: Db, found: PeopledTour, person: PersonInPath, fields: Posted
) -> Response:
    """Change what is said of a person."""
    return _keep(request, db, found, person, fields)


@router.post(PERSON + "/removal", name="tours.person.remove")
def remove_person(
    request: Request, db: Db, found: PeopledTour, person: PersonInPath, fields: Posted
) -> Response:
    """Take a person out of the list."""
    tour = found.tour
    try:
        tour.correct(seen_version(fields.get("version", "")))
    except StaleTourError:
        values = values_of(person)
        page = _person_page(request, db, found, person, values, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    _write_down(db, found, "person.removed", [f"person:{person.id}"])
    tour.persons.remove(person)
    return _to_list(request, tour, "removed")


def _keep(
    request: Request,
    db: Session,
    found: OpenTour,
    person: TourPerson | None,
    fields: Mapping[str, str],
) -> Response:
    tour = found.tour
    if seen_version(fields.get("version", "")) != tour.version:
        page = _person_page(request, db, found, person, fields, problem="stale")
        return render(request, page, HTTPStatus.CONFLICT)
    tags = [one.tag for one in _tongues(request, db, found, person)]
    said = said_in(fields, tags)
    if isinstance(said, Rejected):
        page = _person_page(
            request, db, found, person, fields, errors=said.errors, problem="unreadable"
        )
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if problem := _refusal(tour, person, said.form.side, said.form.role):
        page = _person_page(request, db, found, person, fields, problem=problem)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    kept = person or TourPerson()
    changed = said.fill(kept, _last(tour, said.form.side, but=person))
    if changed:
        tour.correct(tour.version)
        if person is None:
            tour.persons.append(kept)
        db.flush()
        deed = "person.changed" if person else "person.added"
        _write_down(db, found, deed, [f"person:{kept.id}", *(changed if person else ())])
    return _to_list(request, tour, "saved")


def _refusal(tour: Tour, person: TourPerson | None, side: Side, role: PersonRole) -> str:
    """Say why somebody cannot be in the list so: a second head of the guests, or too many."""
    heads = [one for one in tour.persons if (one.side, one.role) == (Side.GUEST, "head")]
    if (side, role) == (Side.GUEST, PersonRole.HEAD) and any(
        one is not person for one in heads
    ):
        return "second-head"
    return "full" if person is None and len(tour.persons) >= MOST_PERSONS else ""


def _fault_of(
    db: Session, found: OpenTour, fields: Mapping[str, str], rows: Sequence[Row]
) -> str:
    known = {*(one.tag for one in all_languages(db)), *OTHER_LANGUAGES}
    if not rows:
        return "none"
    if len(rows) + len(found.tour.persons) > MOST_PERSONS:
        return "full"
    if fields.get("side") not in set(Side) or fields.get("language") not in known:
        return "language"
    return "unreadable" if any(row.wrong for row in rows) else ""


def _move(tour: Tour, move: str) -> Sequence[TourPerson]:
    """Put somebody before or after their neighbour; return those of the side, or nobody.

    Numbers that people have set stay as far as they can: they are given anew in the new
    order, and only equal ones grow.
    """
    way, _, key = move.partition("-")
    person = next((one for one in tour.persons if str(one.id) == key), None)
    if person is None or way not in {"up", "down"}:
        return ()
    ordered = in_precedence(tour.persons, person.side)
    numbers = [one.precedence for one in ordered]
    here = ordered.index(person)
    there = here - 1 if way == "up" else here + 1
    if not 0 <= there < len(ordered):
        return ()
    ordered[here], ordered[there] = ordered[there], ordered[here]
    least = 0
    for one, number in zip(ordered, numbers, strict=True):
        least = one.precedence = max(number, least + 1)
    return ordered


def _last(tour: Tour, side: Side, but: TourPerson | None = None) -> int:
    there = (one for one in tour.persons if one.side == side and one is not but)
    return max((one.precedence for one in there), default=0)


def _person_page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    found: OpenTour,
    person: TourPerson | None,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
) -> PersonPage:
    frame = OfficeFrame.around(request, found.who, AREA)
    tongues = _tongues(request, db, found, person)
    theirs = _differences(person, values) if problem == "stale" else ()
    return PersonPage.of(found, frame, person, values, tongues, errors, problem, theirs)


def _differences(person: TourPerson | None, values: Mapping[str, str]) -> Sequence[Difference]:
    """List what stands in the fields of a stale form by now, where that is something else."""
    if person is None:
        return ()
    now = values_of(person)
    return [
        Difference(name, said) for name, said in now.items() if said != values.get(name, "")
    ]


def _several_page(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    found: OpenTour,
    values: Mapping[str, str],
    rows: Sequence[Row] = (),
    problem: str = "",
) -> SeveralPage:
    frame = OfficeFrame.around(request, found.who, AREA)
    tongues = [tongue_of(one.tag, [one], frame) for one in all_languages(db)]
    return SeveralPage(
        frame,
        head=TourHead.of(found, frame),
        version=found.tour.version,
        values={**dict.fromkeys(("lines", *SHARED), ""), **values},
        rows=tuple(rows),
        languages=spoken_options(tongues, frame),
        problem=problem,
        there=sides_of(found, frame) if problem == "stale" else (),
    )


def _tongues(
    request: Request, db: Session, found: OpenTour, person: TourPerson | None
) -> list[Choice]:
    """List the languages of positions: those of the guide, and what this one has besides."""
    frame = OfficeFrame.around(request, found.who, AREA)
    known = all_languages(db)
    tags = dict.fromkeys([one.tag for one in known])
    tags |= dict.fromkeys(person.positions if person else ())
    return [tongue_of(tag, known, frame) for tag in tags]


def _table(tour: Tour, tags: Sequence[str]) -> bytes:
    """Write the persons as RFC 4180; spreadsheets know UTF-8 by its mark."""
    names = ("name_official", "name_language", "name_az", "name_en", "short_address")
    others = ("affiliation", "pronunciation", "do_not_photograph", "contact")
    positions = [f"position_{tag}" for tag in tags]
    sheet = StringIO(newline="")
    table = csv.writer(sheet)
    table.writerow(["side", "precedence", "role", *names, *positions, *others])
    for one in (person for side in Side for person in in_precedence(tour.persons, side)):
        told = [str(one.side), str(one.precedence), str(one.role)]
        told += [getattr(one, name) for name in names]
        told += [one.positions.get(tag, "") for tag in tags]
        no_photograph = "yes" if one.do_not_photograph else ""
        told += [one.affiliation, one.pronunciation, no_photograph, one.contact]
        table.writerow([plain(cell) for cell in told])
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()


def _write_down(db: Session, found: OpenTour, deed: str, names: Sequence[str]) -> None:
    deeds.write_down(db, found.tour, deed, found.who, datetime.now(UTC), names)


def _to_list(request: Request, tour: Tour, done: str) -> Response:
    path = request.app.url_path_for("tours.people", tour_id=str(tour.id))
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
