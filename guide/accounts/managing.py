"""Accounts as an admin keeps them: who works here, what they may do, what they did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.audit import AuditEntry
from guide.accounts.forms import Before, InviteForm, RolesForm
from guide.accounts.model import (
    INVITED_FOR,
    Account,
    EmailIsTakenError,
    LastAdminError,
    Role,
)
from guide.accounts.office import OfficeFrame
from guide.accounts.pages import (
    AccountsPage,
    LinkPage,
    Listed,
    OneAccountPage,
    TrailPage,
    deeds_of,
)
from guide.accounts.permissions import Admin, Person
from guide.accounts.queries import (
    ENTRIES_AT_ONCE,
    account_numbered,
    add_account,
    end_sessions,
    everyone,
    forget_failures,
    invite,
    keep_an_admin,
    trail,
)
from guide.accounts.signing_in import tries_of
from guide.accounts.tokens import fresh_token, hashed
from guide.settings import Settings
from guide.web.forms import Number, Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
AREA = "accounts"


def account_in_path(db: Db, _admin: Admin, account_id: Number) -> Account:
    """Find the account that the address names; only an admin gets so far."""
    account = account_numbered(db, account_id)
    if account is None or account.machine_since:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return account


AccountInPath = Annotated[Account, Depends(account_in_path)]


@router.api_route("/staff/accounts", methods=READ, name="accounts.list")
def show_accounts(request: Request, db: Db, admin: Admin) -> Response:
    """List everyone who works here."""
    frame = OfficeFrame.around(request, admin, AREA)
    return render(request, AccountsPage.of(frame, everyone(db)))


@router.post("/staff/accounts", name="accounts.create")
def invite_somebody(request: Request, db: Db, admin: Admin, fields: Posted) -> Response:
    """Make an account, and show the link that its owner sets a password with, once."""
    form = read(InviteForm, fields)
    if not isinstance(form, Rejected) and not form.roles:
        form = Rejected(fields, {"roles": "missing"})
    if isinstance(form, Rejected):
        return _not_invited(request, db, admin, form)
    now = _now()
    account = Account(email=form.email, name=form.name, language=form.language, made_at=now)
    account.give_roles(form.roles)
    try:
        add_account(db, account)
    except EmailIsTakenError:
        return _not_invited(request, db, admin, Rejected(fields, {"email": "taken"}))
    _record(db, admin, "account.made", account, ("email", "language", "name", "roles"))
    return _show_link(request, db, admin, account)


@router.api_route("/staff/accounts/trail", methods=READ, name="accounts.trail")
def show_trail(request: Request, db: Db, admin: Admin, before: Before = None) -> Response:
    """Show who did what, the newest first."""
    frame = OfficeFrame.around(request, admin, AREA)
    entries = trail(db, before)
    has_older = len(entries) == ENTRIES_AT_ONCE
    older = f"?before={entries[-1][0].id}" if has_older else ""
    return render(request, TrailPage(frame, deeds_of(entries, frame), older))


@router.api_route("/staff/accounts/{account_id}", methods=READ, name="accounts.one")
def show_account(
    request: Request, admin: Admin, account: AccountInPath, done: str = ""
) -> Response:
    """Show one account."""
    return render(request, _page(request, admin, account, done=done))


@router.post("/staff/accounts/{account_id}/roles", name="accounts.one.roles")
def give_roles(
    request: Request, db: Db, admin: Admin, account: AccountInPath, fields: Posted
) -> Response:
    """Give somebody these roles and no others; they sign in anew."""
    form = read(RolesForm, fields)
    if isinstance(form, Rejected) or not form.roles:
        page = _page(request, admin, account, problem="roles")
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.roles == account.roles:
        return _again(request, account, "roles")

    def give() -> None:
        if Role.ADMIN not in form.roles:
            keep_an_admin(db, but=account)
        account.give_roles(form.roles)
        end_sessions(db, account, _now())
        _record(db, admin, "roles.given", account, ("roles",))

    return _unless_last_admin(request, admin, account, give, "roles")


@router.post("/staff/accounts/{account_id}/suspension", name="accounts.one.suspend")
def suspend(request: Request, db: Db, admin: Admin, account: AccountInPath) -> Response:
    """Disable an account: whoever is signed in with it is out at once."""

    def disable() -> None:
        keep_an_admin(db, but=account)
        account.disable(_now())
        end_sessions(db, account, _now())
        _record(db, admin, "account.disabled", account)

    return _unless_last_admin(request, admin, account, disable, "disabled")


@router.post("/staff/accounts/{account_id}/return", name="accounts.one.return")
def let_return(request: Request, db: Db, admin: Admin, account: AccountInPath) -> Response:
    """Enable an account again."""
    account.enable()
    _record(db, admin, "account.enabled", account)
    return _again(request, account, "enabled")


@router.post("/staff/accounts/{account_id}/invitation", name="accounts.one.invite")
def make_link(request: Request, db: Db, admin: Admin, account: AccountInPath) -> Response:
    """Make a new link: the password is forgotten, or the first link came to nothing.

    None for oneself: whoever found the browser open would need no password.
    """
    if account.disabled_at or account.id == admin.id:
        raise HTTPException(HTTPStatus.CONFLICT)
    secret: str = request.app.state.secret
    forget_failures(db, tries_of(secret, account.email))
    return _show_link(request, db, admin, account)


@router.post("/staff/accounts/{account_id}/code/removal", name="accounts.one.code.remove")
def remove_code(request: Request, db: Db, admin: Admin, account: AccountInPath) -> Response:
    """Ask somebody else for no one-time codes: their phone is lost."""
    if account.id == admin.id:
        raise HTTPException(HTTPStatus.CONFLICT)
    account.forget_code()
    end_sessions(db, account, _now())
    _record(db, admin, "code.removed", account)
    return _again(request, account, "no-code")


def _now() -> datetime:
    return datetime.now(UTC)


def _record(
    db: Session, admin: Person, deed: str, account: Account, fields: tuple[str, ...] = ()
) -> None:
    by = account_numbered(db, admin.id)
    db.add(AuditEntry.of(by, deed, f"account:{account.id}", _now(), fields))


def _not_invited(request: Request, db: Session, admin: Person, form: Rejected) -> Response:
    frame = OfficeFrame.around(request, admin, AREA)
    page = AccountsPage.of(frame, everyone(db), form)
    return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _show_link(request: Request, db: Session, admin: Person, account: Account) -> Response:
    """Show a new link; a page, not an address to return to: the token must not be in one."""
    now, token = _now(), fresh_token()
    invite(db, account, hashed(token), now)
    _record(db, admin, "invitation.made", account)
    settings: Settings = request.app.state.settings
    path = request.app.url_path_for("accounts.invitation", token=token)
    link = f"{settings.public_url or settings.serving_url}{path}"
    frame = OfficeFrame.around(request, admin, AREA)
    until = frame.moment(now + INVITED_FOR)
    return render(request, LinkPage(frame, Listed.of(account), link, until))


def _page(
    request: Request, admin: Person, account: Account, problem: str = "", done: str = ""
) -> OneAccountPage:
    frame = OfficeFrame.around(request, admin, AREA)
    return OneAccountPage(
        frame,
        Listed.of(account),
        frame.moment(account.made_at),
        has_code=account.has_code,
        is_own=account.id == admin.id,
        problem=problem,
        done=done,
    )


def _unless_last_admin(
    request: Request, admin: Person, account: Account, deed: Callable[[], None], done: str
) -> Response:
    """Do it, unless nobody would be left who can manage the accounts."""
    try:
        deed()
    except LastAdminError:
        page = _page(request, admin, account)
        return render(request, replace(page, problem="last-admin"), HTTPStatus.CONFLICT)
    return _again(request, account, done)


def _again(request: Request, account: Account, done: str) -> Response:
    path = request.app.url_path_for("accounts.one", account_id=str(account.id))
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
