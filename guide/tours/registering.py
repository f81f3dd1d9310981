"""Whom the house can call: its interpreters, and the languages in which its guides lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator, BaseModel, StringConstraints
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import GuideOrPlanner, Person, Planner
from guide.languages.queries import all_languages
from guide.tours.naming import OTHER_LANGUAGES, language_name
from guide.tours.pages import AREA
from guide.tours.people import Interpreter, SpokenLanguage
from guide.tours.queries import colleagues
from guide.tours.requesting import Option, spoken_options
from guide.tours.staffing import spoken_by_account
from guide.web.forms import Line, Number, Posted, Rejected, read, readable
from guide.web.pages import Choice, render
from guide.web.session import SAFE, Db

router = APIRouter()
READ = ["GET", "HEAD"]
INTERPRETERS = "/staff/tours/interpreters"
INTERPRETER = INTERPRETERS + "/{interpreter_id}"
LANGUAGES = "/staff/tours/languages"
DONE = frozenset({"saved", "retired", "called"})


class InterpreterForm(BaseModel):
    """An interpreter: a name, how to reach them."""

    name: Line
    contact: Annotated[str, StringConstraints(max_length=500), AfterValidator(readable)] = ""


@dataclass(frozen=True)
class ListedInterpreter:
    """An interpreter in the list."""

    id: str
    name: str
    contact: str
    languages: tuple[str, ...]
    is_retired: bool


@dataclass(frozen=True)
class InterpretersPage(OfficePage):
    """The interpreters, and a form for a new one."""

    template: ClassVar[str] = "tours/interpreters.html"

    interpreters: tuple[ListedInterpreter, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    languages: tuple[Option, ...]
    chosen: frozenset[str]
    editing: str = ""
    done: str = ""


@dataclass(frozen=True)
class Speaker:
    """One who leads tours, and the languages that they can lead in."""

    id: str
    name: str
    languages: tuple[str, ...]
    may_change: bool
    spoken: frozenset[str]


@dataclass(frozen=True)
class LanguagesPage(OfficePage):
    """Who can lead in which language."""

    template: ClassVar[str] = "tours/languages.html"

    speakers: tuple[Speaker, ...]
    languages: tuple[Option, ...]
    done: str = ""


@router.api_route(INTERPRETERS, methods=READ, name="tours.interpreters")
def list_interpreters(request: Request, db: Db, planner: Planner, done: str = "") -> Response:
    """List the interpreters, and ask for a new one."""
    done = done if done in DONE else ""
    return render(request, _interpreters(request, db, planner, {}, done=done))


@router.post(INTERPRETERS, name="tours.interpreter.create")
def add_interpreter(request: Request, db: Db, planner: Planner, fields: Posted) -> Response:
    """Add an interpreter."""
    return _kept(request, db, planner, Interpreter(), fields)


@router.api_route(INTERPRETER, methods=READ, name="tours.interpreter")
def show_interpreter(
    request: Request, db: Db, planner: Planner, interpreter_id: Number
) -> Response:
    """Show an interpreter, to be changed."""
    one = _interpreter(request, db, interpreter_id)
    values = {"name": one.name, "contact": one.contact}
    values |= dict.fromkeys((f"language-{tag}" for tag in one.languages), "1")
    return render(request, _interpreters(request, db, planner, values, editing=str(one.id)))


@router.post(INTERPRETER, name="tours.interpreter.save")
def save_interpreter(
    request: Request, db: Db, planner: Planner, interpreter_id: Number, fields: Posted
) -> Response:
    """Change an interpreter."""
    return _kept(request, db, planner, _interpreter(request, db, interpreter_id), fields)


@router.post(INTERPRETER + "/retirement", name="tours.interpreter.retire")
def retire(request: Request, db: Db, planner: Planner, interpreter_id: Number) -> Response:
    """Call somebody no more; tours that they were in keep them."""
    one = _interpreter(request, db, interpreter_id)
    one.retired_at = one.retired_at or datetime.now(UTC)
    _write_down(db, planner, "interpreter.retired", f"interpreter:{one.id}")
    return _to(request, "tours.interpreters", "retired")


@router.post(INTERPRETER + "/retirement/end", name="tours.interpreter.call")
def call_again(request: Request, db: Db, planner: Planner, interpreter_id: Number) -> Response:
    """Call somebody again."""
    one = _interpreter(request, db, interpreter_id)
    one.retired_at = None
    _write_down(db, planner, "interpreter.called", f"interpreter:{one.id}")
    return _to(request, "tours.interpreters", "called")


@router.api_route(LANGUAGES, methods=READ, name="tours.languages")
def list_languages(request: Request, db: Db, who: GuideOrPlanner, done: str = "") -> Response:
    """Show who can lead in which language; a guide sees their own."""
    frame = OfficeFrame.around(request, who, AREA)
    spoken = spoken_by_account(db)
    speakers = tuple(
        Speaker(
            str(one.id),
            one.name,
            tuple(language_name(tag, frame.lang) for tag in spoken.get(one.id, ())),
            may_change=_may_say(who, one.id),
            spoken=frozenset(spoken.get(one.id, ())),
        )
        for one in colleagues(db, Role.GUIDE)
        if _may_say(who, one.id)
    )
    page = LanguagesPage(frame, speakers, _options(db, frame), done if done in DONE else "")
    return render(request, page)


@router.post(LANGUAGES + "/{account_id}", name="tours.languages.save")
def save_languages(
    request: Request, db: Db, who: GuideOrPlanner, account_id: Number, fields: Posted
) -> Response:
    """Say in which languages somebody can lead."""
    is_guide = account_id in {one.id for one in colleagues(db, Role.GUIDE)}
    if not is_guide or not _may_say(who, account_id):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    db.execute(delete(SpokenLanguage).where(SpokenLanguage.account_id == account_id))
    db.add_all(
        SpokenLanguage(account_id=account_id, language=tag) for tag in _ticked(db, fields)
    )
    _write_down(db, who, "languages.told", f"account:{account_id}")
    return _to(request, "tours.languages", "saved")


def _may_say(who: Person, account_id: int) -> bool:
    return who.is_any_of(Role.PLANNER) or who.id == account_id


def _kept(
    request: Request,
    db: Session,
    planner: Person,
    one: Interpreter,
    fields: Mapping[str, str],
) -> Response:
    form, tags = read(InterpreterForm, fields), _ticked(db, fields)
    errors = dict(form.errors) if isinstance(form, Rejected) else {}
    if not tags:
        errors["languages"] = "none"
    if isinstance(form, Rejected) or errors:
        editing = str(one.id or "")
        page = _interpreters(request, db, planner, fields, errors=errors, editing=editing)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    one.name, one.contact, one.languages = form.name, form.contact, tags
    db.add(one)
    db.flush()
    _write_down(db, planner, "interpreter.saved", f"interpreter:{one.id}")
    return _to(request, "tours.interpreters", "saved")


def _interpreter(request: Request, db: Session, number: int) -> Interpreter:
    query = select(Interpreter).where(Interpreter.id == number)
    found = db.scalar(query if request.method in SAFE else query.with_for_update())
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _interpreters(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    planner: Person,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    editing: str = "",
    done: str = "",
) -> InterpretersPage:
    frame = OfficeFrame.around(request, planner, AREA)
    by_name = (Interpreter.retired_at.is_not(None), Interpreter.name, Interpreter.id)
    return InterpretersPage(
        frame,
        interpreters=tuple(
            ListedInterpreter(
                str(one.id),
                one.name,
                one.contact,
                tuple(language_name(tag, frame.lang) for tag in one.languages),
                one.retired_at is not None,
            )
            for one in db.scalars(select(Interpreter).order_by(*by_name))
        ),
        values={"name": "", "contact": "", **values},
        errors=errors or {},
        languages=_options(db, frame),
        chosen=frozenset(_ticked(db, values)),
        editing=editing,
        done=done,
    )


def _options(db: Session, frame: OfficeFrame) -> tuple[Option, ...]:
    tongues = [Choice(one.tag, one.endonym, one.direction) for one in all_languages(db)]
    return spoken_options(tongues, frame)


def _ticked(db: Session, values: Mapping[str, str]) -> list[str]:
    """Return the languages that are ticked in a form, those of the guide first."""
    tags = [*(one.tag for one in all_languages(db)), *OTHER_LANGUAGES]
    return [tag for tag in tags if values.get(f"language-{tag}")]


def _write_down(db: Session, who: Person, deed: str, subject: str) -> None:
    account = db.get_one(Account, who.id)
    db.add(AuditEntry.of(account, deed, subject, datetime.now(UTC)))


def _to(request: Request, route: str, done: str) -> Response:
    path = request.app.url_path_for(route)
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
