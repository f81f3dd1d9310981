"""Signing in and out, and taking an invitation."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from guide.accounts.audit import AuditEntry
from guide.accounts.codes import takes_code
from guide.accounts.forms import CodeForm, SignInForm
from guide.accounts.model import Account, Invitation
from guide.accounts.office import OfficeFrame
from guide.accounts.pages import (
    CodeStepPage,
    InvitationPage,
    SignInPage,
)
from guide.accounts.passwords import Passwords, fault_of
from guide.accounts.permissions import (
    Everyone,
    Staff,
    cookie_name,
    forget,
    remember,
    signed_in,
)
from guide.accounts.queries import (
    close_invitations,
    end_sessions,
    forget_failures,
    invitation_with,
    locked_account,
)
from guide.accounts.signing_in import (
    FailuresByAddress,
    Tried,
    begin_session,
    end_session,
    let_in,
    spend_a_try,
    tried,
    tries_of,
)
from guide.accounts.tokens import fresh_token, hashed
from guide.db import Database
from guide.web.forms import Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
PROVED_SECONDS = 300
"""How long a one-time code may be looked for once the password was right."""
RETRY = {"Retry-After": "60"}


class NoSuchInvitationError(Exception):
    """The link works no more, or never did."""


@router.api_route(
    "/staff/session", methods=READ, name="accounts.session", dependencies=[Everyone]
)
def ask_who_is_there(request: Request, next: str = "", welcome: str = "") -> Response:  # noqa: A002 (the address says next)
    """Show the form, or the desk to somebody who is signed in."""
    form = SignInForm(next=next)
    if signed_in(request, _now()):
        return _see(form.next)
    frame = OfficeFrame.for_stranger(request)
    return render(request, SignInPage(frame, form.next, is_welcome=welcome != ""))


@router.post("/staff/session", name="accounts.session.create", dependencies=[Everyone])
async def sign_in(request: Request, fields: Posted) -> Response:
    """Let somebody in by e-mail address and password, or ask for the one-time code."""
    form = read(SignInForm, fields)
    if isinstance(form, Rejected):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    state, now, address = request.app.state, _now(), _address(request)
    failures: FailuresByAddress = state.failures
    passwords: Passwords = state.passwords
    if failures.is_spent(address, now):
        return await run_in_threadpool(_ask_again, request, form, "locked")
    failures.count(address, now)  # before it is known, so that a burst is no more than one
    spent = await run_in_threadpool(tried, state.database, state.secret, form.email, now)
    if spent.is_locked:
        failures.give_back(address)
        return await run_in_threadpool(_ask_again, request, form, "locked")
    if await passwords.matches(form.password, spent.password_hash):
        failures.give_back(address)
        return await run_in_threadpool(_begin, request, form, spent, now)
    return await run_in_threadpool(_ask_again, request, form, "wrong")


@router.post("/staff/session/code", name="accounts.session.code", dependencies=[Everyone])
def take_code(request: Request, db: Db, fields: Posted) -> Response:
    """Let somebody in by the one-time code, the password having been right."""
    form, now = read(CodeForm, fields), _now()
    if isinstance(form, Rejected):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    frame = OfficeFrame.for_stranger(request)
    account = _proved(request, db, form.proved)
    if account is None:
        page = SignInPage(frame, form.next, problem="late")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    secret: str = request.app.state.secret
    if not spend_a_try(db, tries_of(secret, account.email), account, now):
        again = CodeStepPage(frame, form.next, form.proved, "locked")
        return render(request, again, HTTPStatus.TOO_MANY_REQUESTS, RETRY)
    if not takes_code(secret, account, form.code, now):
        again = CodeStepPage(frame, form.next, form.proved, "wrong")
        return render(request, again, HTTPStatus.UNPROCESSABLE_ENTITY)
    _end_present_session(request, db, now)
    token = fresh_token()
    let_in(db, secret, account, hashed(token), now)
    return _welcome(request, form.next, token)


@router.post("/staff/session/end", name="accounts.session.end")
def sign_out(request: Request, db: Db, person: Staff) -> Response:
    """End this session, and forget what the browser has kept of it."""
    end_session(db, person.session_hash, _now())
    response = _see(request.app.url_path_for("accounts.session"))
    forget(response, request.app.state.settings)
    # Not the storage: it holds what a guide has yet to send.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


# Invitations.


def open_invitation(db: Db, token: str) -> Invitation:
    """Find the invitation that the address names, if it still works."""
    invitation = invitation_with(db, hashed(token))
    if invitation is None or not invitation.is_open(_now()) or invitation.account.disabled_at:
        raise NoSuchInvitationError
    return invitation


@router.api_route(
    "/staff/invitations/{token}",
    methods=READ,
    name="accounts.invitation",
    dependencies=[Everyone],
)
def show_invitation(
    request: Request, token: str, invitation: Annotated[Invitation, Depends(open_invitation)]
) -> Response:
    """Ask somebody who was invited for a password."""
    return render(request, _invitation_page(request, invitation, token))


@router.post(
    "/staff/invitations/{token}", name="accounts.invitation.accept", dependencies=[Everyone]
)
async def accept_invitation(request: Request, token: str, fields: Posted) -> Response:
    """Set the password; the link works no more, and whoever is signed in is signed out."""
    refused = await run_in_threadpool(_refused_password, request, token, fields)
    if refused is not None:
        return refused
    passwords: Passwords = request.app.state.passwords
    kept = await passwords.hashed(fields["password"])
    await run_in_threadpool(_use_invitation, request, token, kept)
    return _see(request.app.url_path_for("accounts.session") + "?welcome=1")


def _now() -> datetime:
    return datetime.now(UTC)


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _ask_again(request: Request, form: SignInForm, problem: str) -> Response:
    page = SignInPage(OfficeFrame.for_stranger(request), form.next, form.email[:254], problem)
    if problem == "locked":
        return render(request, page, HTTPStatus.TOO_MANY_REQUESTS, RETRY)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _begin(request: Request, form: SignInForm, spent: Tried, now: datetime) -> Response:
    state, token = request.app.state, fresh_token()
    database: Database = state.database
    with database.writing() as db:
        account = begin_session(db, state.secret, spent, hashed(token), now)
        if account is None:
            return _ask_again(request, form, "wrong")
        if account.has_code:
            proved = _prover(request).dumps([account.id, _mark(account)])
            frame = OfficeFrame.for_stranger(request)
            return render(request, CodeStepPage(frame, form.next, str(proved)))
        _end_present_session(request, db, now)
    return _welcome(request, form.next, token)


def _end_present_session(request: Request, db: Session, now: datetime) -> None:
    """Signing in begins anew: a session that the browser came with is ended."""
    if came_with := request.cookies.get(cookie_name(request.app.state.settings)):
        end_session(db, hashed(came_with), now)


def _welcome(request: Request, path: str, token: str) -> Response:
    response = _see(path)
    remember(response, request.app.state.settings, token)
    return response


def _prover(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.app.state.secret, salt="password was right")


def _mark(account: Account) -> str:
    """Say which password it was."""
    return account.password_set_at.isoformat() if account.password_set_at else ""


def _proved(request: Request, db: Session, proved: str) -> Account | None:
    """Find whose password was right within five minutes, if it still is theirs."""
    try:
        number, mark = _prover(request).loads(proved, max_age=PROVED_SECONDS)
    except BadSignature:
        return None
    account = locked_account(db, number)
    if account is None or account.disabled_at or _mark(account) != mark:
        return None
    return account


def _invitation_page(
    request: Request, invitation: Invitation, token: str, problem: str = ""
) -> InvitationPage:
    account, frame = invitation.account, OfficeFrame.for_stranger(request)
    return InvitationPage(frame, account.name, account.email, token, problem)


def _refused_password(request: Request, token: str, fields: Posted) -> Response | None:
    database: Database = request.app.state.database
    with database.reading() as db:
        invitation = open_invitation(db, token)
        account = invitation.account
        problem = fault_of(fields.get("password", ""), (account.name, account.email))
        if not problem:
            return None
        page = _invitation_page(request, invitation, token, problem)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _use_invitation(request: Request, token: str, kept: str) -> None:
    database: Database = request.app.state.database
    now = _now()
    with database.writing() as db:
        invitation = open_invitation(db, token)
        account = invitation.account
        invitation.use(now)
        account.set_password(kept, now)
        close_invitations(db, account, now)
        end_sessions(db, account, now)
        forget_failures(db, tries_of(request.app.state.secret, account.email))
        db.add(AuditEntry.of(account, "password.set", f"account:{account.id}", now))
