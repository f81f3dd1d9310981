"""Writing a text: the editor, its drafts, review, and what visitors then read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.curation import deeds
from guide.curation.checks import Check, checks_of
from guide.curation.finding import TEXT, TextInPath, text_in_path
from guide.curation.forms import (
    PublicationForm,
    ReturnForm,
    TextForm,
    VersionForm,
    confirmed_in,
    hashes_in,
)
from guide.curation.machine import MachineDrafts
from guide.curation.pages import (
    Beside,
    Preview,
    TextHead,
    TextPage,
    Tongue,
    chain_of,
    clock,
    counted_by,
    movement,
    ways_of,
)
from guide.curation.queries import made_from, names_of, tongues
from guide.db import Database
from guide.exhibits import publishing
from guide.exhibits.drafts import LockedError
from guide.exhibits.manuscript import Manuscript, written_anew
from guide.exhibits.media_checks import lacks_of
from guide.exhibits.model import SOURCE_LANGUAGE, Exhibit, Status
from guide.exhibits.preview import GOOD_FOR, preview_token
from guide.exhibits.publishing import (
    NothingToPublishError,
    OwnTextError,
    StaleError,
    TextOf,
    UnfinishedError,
)
from guide.exhibits.words import Passage, first_in
from guide.qr.symbols import QUIET, Symbol
from guide.settings import Settings
from guide.web.forms import Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
AREA = "exhibits"
JSON = "application/json"

DONE = frozenset(
    {"saved", "discarded", "submitted", "taken-back", "sent-back", "published"}
    | {"planned", "withdrawn", "restored", "machine"}
)


@dataclass(frozen=True)
class Said:
    """What a page says beside the text: what was done, what went wrong, what was typed."""

    done: str = ""
    problem: str = ""
    form: Rejected | None = None
    theirs: bool = False
    due: str = ""


@router.api_route(TEXT, methods=READ, name="curation.text")
def show_text(
    request: Request, db: Db, curator: Curator, text: TextInPath, done: str = ""
) -> Response:
    """Show a text to be written, beside its source."""
    return _shown(request, db, curator, text, Said(done=done if done in DONE else ""))


@router.post(TEXT + "/draft", name="curation.draft.save")
def save_draft(
    request: Request, db: Db, curator: Curator, text: TextInPath, fields: Posted
) -> Response:
    """Save a draft; a script is told in JSON, a person sees the page again."""
    saved = _saved(request, db, curator, text, fields)
    if isinstance(saved, Response):
        return saved
    if _is_script(request):
        return _told(request, curator, saved, publishing.source_of(db, text.owner))
    return _again(request, text, "saved")


@router.post(TEXT + "/draft/removal", name="curation.draft.discard")
def discard_draft(
    request: Request, db: Db, curator: Curator, text: TextInPath, fields: Posted
) -> Response:
    """Throw a draft away; it stays among the revisions."""
    with_version = _read(VersionForm, fields)
    try:
        deeds.discard(db, text, with_version.version, by=account_of(db, curator), at=_now())
    except StaleError:
        return _refused(request, db, curator, text, Said(problem="moved-on"))
    except LockedError:
        return _refused(request, db, curator, text, Said(problem="locked"))
    return _again(request, text, "discarded")


@router.post(TEXT + "/review", name="curation.review.begin")
def ask_for_review(
    request: Request, db: Db, curator: Curator, text: TextInPath, fields: Posted
) -> Response:
    """Ask a second person to read the draft, with what was typed last."""
    saved = _saved(request, db, curator, text, fields)
    if isinstance(saved, Response):
        return saved
    problem = _tried(
        lambda: deeds.submit(db, saved, saved.version, by=account_of(db, curator), at=_now())
    )
    if problem:
        return _refused(request, db, curator, saved, Said(problem=problem))
    return _again(request, text, "submitted")


@router.post(TEXT + "/review/end", name="curation.review.end")
def take_back(request: Request, db: Db, curator: Curator, text: TextInPath) -> Response:
    """Make a draft again of what is in review, or planned."""
    deeds.take_back(db, text, by=account_of(db, curator), at=_now())
    return _again(request, text, "taken-back")


@router.post(TEXT + "/review/return", name="curation.review.return")
def send_back(
    request: Request, db: Db, curator: Curator, text: TextInPath, fields: Posted
) -> Response:
    """Give a draft back to its writers, with a note."""
    form = read(ReturnForm, fields)
    if isinstance(form, Rejected):
        return _refused(request, db, curator, text, Said(problem="note", form=form))
    if form.version != text.version:
        return _refused(request, db, curator, text, Said(problem="moved-on"))
    deeds.send_back(db, text, form.note, by=account_of(db, curator), at=_now())
    return _again(request, text, "sent-back")


@router.post(TEXT + "/publication", name="curation.publication.create")
def publish(
    request: Request, db: Db, curator: Curator, text: TextInPath, fields: Posted
) -> Response:
    """Show the draft, with what was typed last, to visitors: now, or when it is due."""
    saved = _saved(request, db, curator, text, fields)
    if isinstance(saved, Response):
        return saved
    form = _read(PublicationForm, fields)
    settings: Settings = request.app.state.settings
    due, at = _moment(form.due, ZoneInfo(settings.timezone)), _now()
    problem = ""
    if form.due and (due is None or due <= at):
        problem = "past" if due else "no-time"
    elif _is_blocked(db, saved):
        problem = "unfinished"
    else:
        by, is_read = account_of(db, curator), bool(form.is_read)
        problem = _tried(
            lambda: deeds.publish(
                db, saved, saved.version, by=by, at=at, due=due, is_read=is_read
            )
        )
    if problem:
        return _refused(request, db, curator, saved, Said(problem=problem, due=form.due))
    return _again(request, text, "planned" if due else "published")


@router.post(TEXT + "/publication/end", name="curation.publication.end")
def withdraw(
    request: Request, db: Db, curator: Curator, text: TextInPath, fields: Posted
) -> Response:
    """Take a text from visitors; they read it in another language."""
    version = _read(VersionForm, fields).version
    try:
        deeds.withdraw(db, text, version, by=account_of(db, curator), at=_now())
    except StaleError:
        return _refused(request, db, curator, text, Said(problem="moved-on"))
    return _again(request, text, "withdrawn")


@router.post(TEXT + "/machine-draft", name="curation.machine.create")
def draft_by_machine(  # noqa: PLR0913, PLR0917 (what the address names)
    request: Request, curator: Curator, kind: str, slug: str, language: str, fields: Posted
) -> Response:
    """Have a translation service write a draft from the source, to be read by a person.

    The service is asked between two transactions, so that nobody waits for it.
    """
    database: Database = request.app.state.database
    machine: MachineDrafts = request.app.state.machine_drafts
    with database.reading() as db:
        text = text_in_path(request, db, curator, kind, slug, language)
        source, version = publishing.source_of(db, text.owner), text.version
    is_asked = version == fields.get("version") and language != SOURCE_LANGUAGE
    written = machine.draft_of(source, language) if is_asked else None
    with database.writing() as db:
        text = text_in_path(request, db, curator, kind, slug, language)
        if written is None:
            problem = "machine" if is_asked else "moved-on"
        else:
            problem = _tried(
                lambda: publishing.save(db, text, written, version, by=None, at=_now())
            )
        if problem:
            return _refused(request, db, curator, text, Said(problem=problem))
        return _again(request, text, "machine")


def _saved(
    request: Request, db: Session, curator: Person, text: TextOf, fields: Mapping[str, str]
) -> TextOf | Response:
    """Save what was typed, if anything came with the form, or answer why that cannot be."""
    if "hook" not in fields:
        is_current = fields.get("version") == text.version
        return (
            text
            if is_current
            else _refused(request, db, curator, text, Said(problem="moved-on"))
        )
    form = read(TextForm, fields)
    if isinstance(form, Rejected):
        return _refused(request, db, curator, text, Said(problem="unreadable", form=form))
    written = written_anew(
        text.newest, form.manuscript(), hashes_in(fields), confirmed_in(fields)
    )
    typed = Rejected(fields)
    try:
        return publishing.save(db, text, written, form.version, by=curator.id, at=_now())
    except StaleError:
        said = Said(problem="stale", form=typed, theirs=True)
    except LockedError:
        said = Said(problem="locked", form=typed)
    return _refused(request, db, curator, text, said)


def _is_blocked(db: Session, text: TextOf) -> bool:
    source = publishing.source_of(db, text.owner)
    return any(one.blocks for one in _checks(db, text, source))


def _checks(db: Session, text: TextOf, source: Manuscript) -> tuple[Check, ...]:
    """Look a text over with the pictures and recordings that visitors get beside it."""
    owner, language = text.owner, text.language
    media = lacks_of(db, owner.id, language) if isinstance(owner, Exhibit) else ()
    return checks_of(owner, language, text.newest, source, media)


def _is_script(request: Request) -> bool:
    return JSON in request.headers.get("accept", "")


def _tried(deed: Any) -> str:  # noqa: ANN401 (a call without arguments, whatever it returns)
    """Do a deed; return a word for why it was refused, or nothing."""
    try:
        deed()
    except StaleError:
        return "moved-on"
    except LockedError:
        return "locked"
    except OwnTextError:
        return "own-text"
    except UnfinishedError:
        return "unfinished"
    except NothingToPublishError:
        return "nothing"
    return ""


STATUS: Mapping[str, HTTPStatus] = {
    "stale": HTTPStatus.CONFLICT,
    "moved-on": HTTPStatus.CONFLICT,
    "locked": HTTPStatus.CONFLICT,
    "own-text": HTTPStatus.CONFLICT,
    "nothing": HTTPStatus.CONFLICT,
}
"""What each problem is answered with; 422 for all others."""


def _refused(
    request: Request, db: Session, curator: Person, text: TextOf, said: Said
) -> Response:
    status = STATUS.get(said.problem, HTTPStatus.UNPROCESSABLE_ENTITY)
    if _is_script(request):
        return JSONResponse({"problem": said.problem}, status, {"Cache-Control": "no-store"})
    return _shown(request, db, curator, text, said, status)


def _shown(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    text: TextOf,
    said: Said,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    frame = OfficeFrame.around(request, curator, AREA)
    machine: MachineDrafts = request.app.state.machine_drafts
    languages = tongues(db)
    by_tag = {one.tag: one for one in languages}
    is_source = text.language == SOURCE_LANGUAGE
    source = None if is_source else publishing.text_of(db, text.owner, SOURCE_LANGUAGE)
    words = source.newest if source else None
    behind = text.newest.out_of_date(words) if words else ()
    earlier = {
        field: made_from(db, source, field, text.newest.made_from[field])
        for field in behind
        if source
    }
    draft = text.draft
    who = names_of(db, (draft.saved_by, draft.submitted_by, draft.returned_by) if draft else ())
    page = TextPage(
        frame,
        head=TextHead.of(text, Tongue.of(by_tag[text.language]), room_of(text, frame), frame),
        ways=ways_of(languages, publishing.states_of(db, text.owner), text.language),
        source=None if is_source else Tongue.of(by_tag[SOURCE_LANGUAGE]),
        source_state=source.state if source else "",
        source_revision=source.revision if source else 0,
        rows=Beside(text, words, earlier).rows(said.form, is_stale=said.theirs),
        checks=_checks(db, text, words or text.newest),
        saved=movement(draft.saved_at, draft.saved_by, who, frame) if draft else None,
        submitted=movement(draft.submitted_at, draft.submitted_by, who, frame)
        if draft
        else None,
        returned=movement(draft.returned_at, draft.returned_by, who, frame) if draft else None,
        returned_note=draft.returned_note if draft else "",
        planned=frame.moment(draft.due_at) if draft and draft.due_at else "",
        is_machine=text.newest.status == Status.MACHINE,
        is_own=bool(draft and curator.id in draft.writers),
        needs_second=publishing.second_person_wanted(db),
        may_draft_by_machine=machine.is_on and not is_source,
        preview=preview_of(request, text, frame),
        signs_for_a_word=counted_by(text.language),
        zone=str(frame.zone),
        errors=said.form.errors if said.form else {},
        due=said.due,
        problem=said.problem,
        done=said.done,
    )
    return render(request, page, status)


def preview_of(request: Request, text: TextOf, frame: OfficeFrame) -> Preview:
    """Make a link to the draft, good for half an hour, and its symbol."""
    settings: Settings = request.app.state.settings
    kind, slug = publishing.word_of(text.owner), publishing.slug_of(text.owner)
    token = preview_token(request.app.state.secret, kind, slug, text.language)
    path = request.app.url_path_for("visitors.preview", token=token)
    address = f"{settings.public_url or settings.serving_url}{path}"
    symbol = Symbol.draft_of(address)
    dark = "".join(f"M{x + QUIET} {y + QUIET}h{long}v1h-{long}z" for x, y, long in symbol.runs)
    until = clock(_now() + GOOD_FOR, frame)
    return Preview(str(path), address, until, len(symbol.modules) + 2 * QUIET, dark)


def room_of(text: TextOf, frame: OfficeFrame) -> Passage | None:
    """Name the exhibition that an exhibit is in."""
    owner = text.owner
    return (
        first_in(owner.exhibition.names, chain_of(frame))
        if isinstance(owner, Exhibit)
        else None
    )


def _told(request: Request, curator: Person, saved: TextOf, source: Manuscript) -> Response:
    """Tell a script what was saved, and what now stands where."""
    frame = OfficeFrame.around(request, curator, AREA)
    at = saved.draft.saved_at if saved.draft else _now()
    told = {
        "version": saved.version,
        "saved": clock(at, frame),
        "behind": list(saved.newest.out_of_date(source)),
    }
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _moment(typed: str, zone: ZoneInfo) -> datetime | None:
    """Read a time as a browser sends it, in the museum's time; none if no clock shows it."""
    try:
        local = datetime.fromisoformat(typed)
    except ValueError:
        return None
    if local.tzinfo is not None or "T" not in typed:
        return None
    at = local.replace(tzinfo=zone)
    is_on_the_clock = at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    return at.astimezone(UTC) if is_on_the_clock else None


def _read(form: type[Any], fields: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Read a form of which anything may be missing; what cannot be read counts as missing."""
    taken = read(form, fields)
    return form() if isinstance(taken, Rejected) else taken


def _now() -> datetime:
    return datetime.now(UTC)


def account_of(db: Session, curator: Person) -> Account:
    """Return the account of somebody who is signed in."""
    return db.get_one(Account, curator.id)


def _again(request: Request, text: TextOf, done: str) -> Response:
    parts = {"kind": publishing.word_of(text.owner), "slug": publishing.slug_of(text.owner)}
    path = request.app.url_path_for("curation.text", language=text.language, **parts)
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
