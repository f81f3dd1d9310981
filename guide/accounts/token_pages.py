"""Tokens of other systems as an admin keeps them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import ClassVar, Self

from babel.dates import format_date
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from guide.accounts.api_tokens import TokenIsThereError, make_token, revoke_token
from guide.accounts.model import ApiToken, Role
from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Admin, Person
from guide.accounts.queries import account_numbered, api_tokens, token_numbered
from guide.languages.catalogues import locale
from guide.web.forms import Line, Number, Posted, Rejected, read
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
READ = ["GET", "HEAD"]
AREA = "accounts"
TOKENS = "/staff/accounts/tokens"


class TokenForm(BaseModel):
    """A token that is asked for."""

    name: Line
    role: Role


@dataclass(frozen=True)
class ListedToken:
    """A token in the list; what is empty never happened."""

    number: str
    name: str
    role: str
    made: str
    used: str
    is_revoked: bool

    @classmethod
    def of(cls, token: ApiToken, frame: OfficeFrame) -> Self:
        """Show a token, which is not shown itself."""
        used = _day(token.last_used_on, frame) if token.last_used_on else ""
        return cls(
            number=str(token.id),
            name=token.name,
            role=next(iter(token.account.roles), ""),
            made=_day(token.made_at.astimezone(frame.zone).date(), frame),
            used=used,
            is_revoked=not token.is_open,
        )


@dataclass(frozen=True)
class TokensPage(OfficePage):
    """The tokens, and a form for a new one; `fresh` is one that was just made, shown once."""

    template: ClassVar[str] = "accounts/tokens.html"

    tokens: tuple[ListedToken, ...]
    roles: tuple[str, ...] = tuple(Role)
    fresh: str = ""
    name: str = ""
    done: str = ""
    form: Rejected = field(default_factory=Rejected)


@router.api_route(TOKENS, methods=READ, name="accounts.tokens")
def show_tokens(request: Request, db: Db, admin: Admin, done: str = "") -> Response:
    """List the tokens of other systems."""
    done = "revoked" if done == "revoked" else ""
    return render(request, _page(request, db, admin, done=done))


@router.post(TOKENS, name="accounts.tokens.make")
def make(request: Request, db: Db, admin: Admin, fields: Posted) -> Response:
    """Make a token and show it, once: a page, so that no address ever holds it."""
    form = read(TokenForm, fields)
    if isinstance(form, Rejected):
        page = _page(request, db, admin, form=form)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        by = account_numbered(db, admin.id)
        token = make_token(db, form.name, form.role, by, datetime.now(UTC))
    except TokenIsThereError:
        page = _page(request, db, admin, form=Rejected(fields, {"name": "taken"}))
        return render(request, page, HTTPStatus.CONFLICT)
    return render(request, _page(request, db, admin, fresh=token, name=form.name))


@router.post(TOKENS + "/{token_id}/revocation", name="accounts.tokens.revoke")
def revoke(request: Request, db: Db, admin: Admin, token_id: Number) -> Response:
    """Let a token do nothing more."""
    token = token_numbered(db, token_id)
    if token is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    revoke_token(db, token, account_numbered(db, admin.id), datetime.now(UTC))
    path = request.app.url_path_for("accounts.tokens")
    return RedirectResponse(f"{path}?done=revoked", HTTPStatus.SEE_OTHER)


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    admin: Person,
    *,
    fresh: str = "",
    name: str = "",
    done: str = "",
    form: Rejected | None = None,
) -> TokensPage:
    frame = OfficeFrame.around(request, admin, AREA)
    tokens = tuple(ListedToken.of(one, frame) for one in api_tokens(db))
    blank = form or Rejected()
    values = {"name": "", "role": Role.GUIDE, **blank.values}
    return TokensPage(
        frame, tokens, fresh=fresh, name=name, done=done, form=Rejected(values, blank.errors)
    )


def _day(day: date, frame: OfficeFrame) -> str:
    return format_date(day, "d MMMM y", locale=locale(frame.lang))
