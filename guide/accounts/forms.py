"""What staff may send."""

from typing import Annotated
from urllib.parse import unquote, urlsplit

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field

from guide.accounts.emails import UnfitEmailError, canonical_email
from guide.accounts.model import Role
from guide.accounts.permissions import STAFF
from guide.web.forms import LARGEST_NUMBER, Line
from guide.web.paths import own_path

SIGN_IN = f"{STAFF}/session"
"""Leads whoever is signed in to what is next, and so for ever if that were itself."""


def _next_path(value: str) -> str:
    path = own_path(value, otherwise=STAFF)
    return STAFF if urlsplit(unquote(path)).path.casefold() == SIGN_IN else path


def _email(typed: str) -> str:
    try:
        return canonical_email(typed)
    except UnfitEmailError:
        raise ValueError("it is not an e-mail address") from None


Before = Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)]
Next = Annotated[str, AfterValidator(_next_path)]
Email = Annotated[str, AfterValidator(_email)]
Language = Annotated[str, Field(pattern="^(az|en)$")]


class SignInForm(BaseModel):
    """Who somebody says they are; anything may be typed, and wrong."""

    email: str = ""
    password: str = ""
    next: Next = STAFF


class CodeForm(BaseModel):
    """A one-time code, and the word that says whose password was right."""

    proved: str = ""
    code: str = ""
    next: Next = STAFF


class RolesForm(BaseModel):
    """Roles, each a box to tick."""

    guide: bool = False
    planner: bool = False
    curator: bool = False
    admin: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that were ticked."""
        return frozenset(role for role in Role if getattr(self, role.value))


class InviteForm(RolesForm):
    """Somebody new."""

    email: Email
    name: Line
    language: Language = "az"


class LanguageForm(BaseModel):
    """What the office speaks to somebody."""

    language: Language
