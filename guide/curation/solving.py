"""What visitors reported: read, seen to, and taken from the desk."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from guide.accounts.office import OfficeFrame, OfficePage
from guide.accounts.permissions import Curator
from guide.curation import deeds
from guide.curation.editing import AREA, READ, account_of
from guide.curation.pages import chain_of
from guide.exhibits.problems import Problem
from guide.exhibits.words import Passage
from guide.web.forms import Number
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
SOLVED_SHOWN = 20


@dataclass(frozen=True)
class ShownProblem:
    """One report."""

    number: str
    slug: str
    name: Passage
    words: Passage
    at: str
    is_solved: bool


@dataclass(frozen=True)
class ProblemsPage(OfficePage):
    """What is open, and what was seen to lately; `done` is "solved" or "reopened"."""

    template: ClassVar[str] = "curation/problems.html"

    open: tuple[ShownProblem, ...]
    solved: tuple[ShownProblem, ...]
    done: str = ""


def problem_in_path(db: Db, _curator: Curator, number: Number) -> Problem:
    """Find the report that the address names."""
    found = db.get(Problem, number)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


ProblemInPath = Annotated[Problem, Depends(problem_in_path)]


@router.api_route("/staff/problems", methods=READ, name="curation.problems")
def list_problems(request: Request, db: Db, curator: Curator, done: str = "") -> Response:
    """List what visitors reported."""
    frame = OfficeFrame.around(request, curator, AREA)
    query = select(Problem).options(selectinload(Problem.exhibit)).order_by(Problem.at.desc())
    still = db.scalars(query.where(Problem.solved_at.is_(None)))
    seen_to = db.scalars(query.where(Problem.solved_at.is_not(None)).limit(SOLVED_SHOWN))
    page = ProblemsPage(
        frame,
        tuple(_shown(one, frame) for one in still),
        tuple(_shown(one, frame) for one in seen_to),
        done if done in {"solved", "reopened"} else "",
    )
    return render(request, page)


@router.post("/staff/problems/{number}/solution", name="curation.problem.solve")
def solve(request: Request, db: Db, curator: Curator, problem: ProblemInPath) -> Response:
    """Say that a report was seen to."""
    deeds.solve(db, problem, by=account_of(db, curator), at=datetime.now(UTC))
    return _again(request, "solved")


@router.post("/staff/problems/{number}/solution/end", name="curation.problem.reopen")
def reopen(request: Request, db: Db, curator: Curator, problem: ProblemInPath) -> Response:
    """Put a report back on the desk."""
    deeds.reopen(db, problem, by=account_of(db, curator), at=datetime.now(UTC))
    return _again(request, "reopened")


def _shown(one: Problem, frame: OfficeFrame) -> ShownProblem:
    return ShownProblem(
        str(one.id),
        one.exhibit.slug,
        one.exhibit.name_in(chain_of(frame)),
        Passage(one.words, "und"),
        frame.moment(one.at),
        one.solved_at is not None,
    )


def _again(request: Request, done: str) -> Response:
    path = request.app.url_path_for("curation.problems")
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)
