"""How publishing goes in this house: alone, or by two."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Admin
from guide.curation import deeds
from guide.curation.editing import READ, account_of
from guide.exhibits.drafts import PublishingRules
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
ADDRESS = "/staff/rules"


@dataclass(frozen=True)
class RulesPage(OfficePage):
    """Whether a second person is wanted, and since when."""

    template: ClassVar[str] = "curation/rules.html"

    since: str


@router.api_route(ADDRESS, methods=READ, name="curation.rules")
def show_rules(request: Request, db: Db, admin: Admin) -> Response:
    """Show how publishing goes."""
    frame = OfficeFrame.around(request, admin, "accounts")
    since = _rules(db).second_person_since
    return render(request, RulesPage(frame, frame.moment(since) if since else ""))


@router.post(ADDRESS + "/second-person", name="curation.rules.review.begin")
def want_second_person(request: Request, db: Db, admin: Admin) -> Response:
    """Have a second person publish, from now on."""
    at = datetime.now(UTC)
    deeds.want_second_person(db, _rules(db), by=account_of(db, admin), at=at)
    return _again(request)


@router.post(ADDRESS + "/second-person/end", name="curation.rules.review.end")
def want_no_second_person(request: Request, db: Db, admin: Admin) -> Response:
    """Let everybody publish what they wrote."""
    at = datetime.now(UTC)
    deeds.want_no_second_person(db, _rules(db), by=account_of(db, admin), at=at)
    return _again(request)


def _rules(db: Session) -> PublishingRules:
    return db.scalars(select(PublishingRules)).one()


def _again(request: Request) -> Response:
    path = request.app.url_path_for("curation.rules")
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
