"""One's own account: the language, the password, one-time codes, and browsers."""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from guide.accounts.audit import AuditEntry
from guide.accounts.codes import address_of, key_of, step_of, takes_code
from guide.accounts.forms import LanguageForm
from guide.accounts.model import Account, StaffSession
from guide.accounts.office import OfficeFrame
from guide.accounts.pages import (
    AccountPage,
    CodeKey,
    browsers_of,
)
from guide.accounts.passwords import Passwords, fault_of
from guide.accounts.permissions import (
    NotSignedInError,
    Person,
    Staff,
    remember,
)
from guide.accounts.queries import (
    account_numbered,
    close_invitations,
    end_sessions,
    forget_failures,
    locked_account,
    sessions_of,
)
from guide.accounts.signing_in import (
    let_in,
    spend_a_try,
    tried,
    tries_of,
)
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.web.forms import Number, Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]


@router.api_route("/staff/account", methods=READ, name="accounts.own")
def show_own(request: Request, db: Db, person: Staff, done: str = "") -> Response:
    """Show one's own account."""
    return render(request, _own_page(request, db, person, done=done))


@router.post("/staff/account/language", name="accounts.own.language")
def choose_language(request: Request, db: Db, person: Staff, fields: Posted) -> Response:
    """Let the office speak another language to somebody."""
    form = read(LanguageForm, fields)
    if isinstance(form, Rejected):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    _own(db, person).language = form.language
    return _own_again(request, "language")


@router.post("/staff/account/password", name="accounts.own.password")
async def change_password(request: Request, person: Staff, fields: Posted) -> Response:
    """Change the password; every other browser is signed out, this one gets a new session."""
    passwords: Passwords = request.app.state.passwords
    new = fields.get("new", "")
    state = request.app.state
    about = (person.name, person.email)
    if fault := await run_in_threadpool(fault_of, new, about):
        return await run_in_threadpool(_own_problem, request, person, fault)
    spent = await run_in_threadpool(tried, state.database, state.secret, person.email, _now())
    if spent.is_locked:
        return await run_in_threadpool(_own_problem, request, person, "locked")
    if not await passwords.matches(fields.get("password", ""), spent.password_hash):
        return await run_in_threadpool(_own_problem, request, person, "password")
    kept = await passwords.hashed(new)
    return await run_in_threadpool(
        _replace_password, request, person, spent.password_hash, kept
    )


@router.post("/staff/account/code", name="accounts.own.code")
def prepare_code(request: Request, db: Db, person: Staff) -> Response:
    """Show a new key for a phone; nothing is asked for until a code of it was typed."""
    account = _own(db, person)
    if account.has_code:
        raise HTTPException(HTTPStatus.CONFLICT)
    account.prepare_code(fresh_token())
    return render(request, _own_page(request, db, person, key=_key(request, account)))


@router.post("/staff/account/code/confirmation", name="accounts.own.code.confirm")
def confirm_code(request: Request, db: Db, person: Staff, fields: Posted) -> Response:
    """Ask for one-time codes from now on, the first one having been right."""
    account, now = _own(db, person), _now()
    if account.totp_salt is None or account.has_code:
        raise HTTPException(HTTPStatus.CONFLICT)
    key = key_of(request.app.state.secret, account.totp_salt)
    step = step_of(key, fields.get("code", ""), now, None)
    if step is None:
        page = _own_page(request, db, person, key=_key(request, account))
        again = replace(page, problem="code")
        return render(request, again, HTTPStatus.UNPROCESSABLE_ENTITY)
    account.confirm_code(step, now)
    db.add(AuditEntry.of(account, "code.confirmed", f"account:{account.id}", now))
    return _own_again(request, "code")


@router.post("/staff/account/code/removal", name="accounts.own.code.remove")
def remove_code(request: Request, db: Db, person: Staff, fields: Posted) -> Response:
    """Ask for one-time codes no more, a last one having been right."""
    account, now = _own_locked(db, person), _now()
    secret: str = request.app.state.secret
    may_try = spend_a_try(db, tries_of(secret, account.email), account, now)
    if not may_try or not takes_code(secret, account, fields.get("code", ""), now):
        page = _own_page(request, db, person)
        again = replace(page, problem="removal" if may_try else "locked")
        return render(request, again, HTTPStatus.UNPROCESSABLE_ENTITY)
    account.forget_code()
    forget_failures(db, tries_of(secret, account.email))
    db.add(AuditEntry.of(account, "code.removed", f"account:{account.id}", now))
    return _own_again(request, "no-code")


@router.post("/staff/account/sessions/end", name="accounts.own.sessions.end")
def end_other_sessions(request: Request, db: Db, person: Staff) -> Response:
    """Sign every other browser out."""
    account, now = _own(db, person), _now()
    end_sessions(db, account, now, but=person.session_id)
    db.add(AuditEntry.of(account, "sessions.ended", f"account:{account.id}", now))
    return _own_again(request, "sessions")


@router.post("/staff/account/sessions/{session_id}/end", name="accounts.own.session.end")
def end_one_session(request: Request, db: Db, person: Staff, session_id: Number) -> Response:
    """Sign one browser of one's own out."""
    now = _now()
    own = {one.id: one for one in sessions_of(db, _own(db, person), now)}
    if session_id not in own:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    own[session_id].revoke(now)
    return _own_again(request, "sessions")


def _now() -> datetime:
    return datetime.now(UTC)


def _own(db: Session, person: Person) -> Account:
    account = account_numbered(db, person.id)
    if account is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return account


def _own_locked(db: Session, person: Person) -> Account:
    account = locked_account(db, person.id)
    if account is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return account


def _own_page(
    request: Request, db: Session, person: Person, done: str = "", key: CodeKey | None = None
) -> AccountPage:
    frame, account = OfficeFrame.around(request, person), _own(db, person)
    browsers = browsers_of(sessions_of(db, account, _now()), frame, person.session_id)
    return AccountPage(frame, account.email, browsers, account.has_code, key, done=done)


def _own_again(request: Request, done: str) -> RedirectResponse:
    path = f"{request.app.url_path_for('accounts.own')}?done={done}"
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def _own_problem(request: Request, person: Person, problem: str) -> Response:
    database: Database = request.app.state.database
    with database.reading() as db:
        page = replace(_own_page(request, db, person), problem=problem)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _replace_password(
    request: Request, person: Person, compared: str | None, kept: str
) -> Response:
    """Raise NotSignedInError if the session ended, or the password changed, meanwhile."""
    database: Database = request.app.state.database
    now, token = _now(), fresh_token()
    with database.writing() as db:
        account = _own_locked(db, person)
        session = db.get_one(StaffSession, person.session_id, with_for_update=True)
        if not session.is_open(now) or account.password_hash != compared:
            raise NotSignedInError(None, by_script=False)
        account.set_password(kept, now)
        end_sessions(db, account, now)
        close_invitations(db, account, now)
        let_in(db, request.app.state.secret, account, hashed(token), now)
        db.add(AuditEntry.of(account, "password.changed", f"account:{account.id}", now))
    response = _own_again(request, "password")
    remember(response, request.app.state.settings, token)
    return response


def _key(request: Request, account: Account) -> CodeKey:
    key = key_of(request.app.state.secret, account.totp_salt or "")
    return CodeKey.of(key, address_of(key, account.email))
