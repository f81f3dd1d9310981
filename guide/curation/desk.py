"""What waits for a curator, and what was written lately."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from guide.accounts.desk import Change, Task
from guide.accounts.model import Role
from guide.accounts.permissions import Person
from guide.curation.queries import names_of, tongues
from guide.curation.standing import Line, lines
from guide.exhibits.drafts import Draft
from guide.exhibits.model import Center, Exhibit
from guide.exhibits.problems import Problem
from guide.exhibits.publishing import OWNERS, Owner, slug_of, word_of
from guide.exhibits.revisions import Cause, Revision
from guide.exhibits.words import Passage, Words, first_in

LATEST = 10
"""Changes on the desk."""
EXCERPT = 80
"""Letters of a report that the desk shows."""


def tasks(request: Request, db: Session, person: Person) -> Iterator[Task]:
    """Bring what waits for a curator; nothing for others."""
    if not person.is_any_of(Role.CURATOR):
        return
    chain = (person.language, "en", "az")
    yield from _of_drafts(request, db, person, chain)
    table = lines(db, [one.tag for one in tongues(db)])
    yield from _of_texts(request, table, chain)
    yield from _without_source(request, db, chain)
    yield from _of_problems(request, db, chain)


def changes(request: Request, db: Session, person: Person) -> Iterator[Change]:
    """Tell a curator what was written lately."""
    if not person.is_any_of(Role.CURATOR):
        return
    query = (
        select(Revision)
        .where(Revision.kind.like("% text"), Revision.cause != Cause.IMPORTED)
        .order_by(Revision.at.desc(), Revision.id.desc())
        .limit(LATEST)
    )
    found = list(db.scalars(query))
    who = names_of(db, (one.account_id for one in found))
    owners = _owners(db, ((one.kind, one.owner_id) for one in found))
    for one in found:
        if owner := owners.get((one.kind, one.owner_id)):
            yield Change(
                one.at,
                who.get(one.account_id or 0, ""),
                one.cause,
                _named(owner.names, slug_of(owner), (person.language, "en", "az")),
                one.language,
                _path(request, owner, one.language),
            )


def _of_drafts(
    request: Request, db: Session, person: Person, chain: tuple[str, ...]
) -> Iterator[Task]:
    drafts = list(db.scalars(select(Draft).order_by(Draft.saved_at.desc())))
    owners = _owners(db, ((one.kind, one.owner_id) for one in drafts))
    who = names_of(db, (one.submitted_by for one in drafts))
    for one in drafts:
        owner = owners.get((one.kind, one.owner_id))
        kind = _asked(one, person)
        if owner and kind:
            group = "writing" if kind == "own-draft" else "asked"
            detail = who.get(one.submitted_by or 0, "") if kind == "review" else ""
            yield Task(
                group,
                kind,
                _named(owner.names, slug_of(owner), chain),
                _path(request, owner, one.language),
                (one.language,),
                one.submitted_at or one.returned_at or one.saved_at,
                detail or one.returned_note,
            )


def _asked(draft: Draft, person: Person) -> str:
    """Say what a draft asks of somebody: "review", "returned", "own-draft", or nothing."""
    is_own = person.id in draft.writers
    if draft.submitted_at:
        return "" if is_own else "review"
    if is_own and not draft.due_at:
        return "returned" if draft.returned_at else "own-draft"
    return ""


def _of_texts(
    request: Request, table: Iterable[Line], chain: tuple[str, ...]
) -> Iterator[Task]:
    unread = 0
    for line in table:
        said: dict[str, list[str]] = defaultdict(list)
        for tag, cell in line.cells.items():
            said[cell.word].append(tag)
        unread += len(said["machine"])
        for word in ("blocked", "behind"):
            if tags := said[word]:
                parts = {"kind": "exhibit", "slug": line.slug, "language": tags[0]}
                path = str(request.app.url_path_for("curation.text", **parts))
                yield Task(word, word, _named(line.names, line.slug, chain), path, tuple(tags))
    if unread:
        path = f"{request.app.url_path_for('curation.matrix')}?show=machine"
        yield Task("unread", "unread", None, path, count=unread)


def _without_source(request: Request, db: Session, chain: tuple[str, ...]) -> Iterator[Task]:
    query = select(Exhibit.slug, Exhibit.names, Exhibit.facts)
    for slug, names, facts in db.execute(query.where(Exhibit.removed_at.is_(None))):
        if lacking := sum(not fact.is_sourced for fact in facts):
            path = f"{request.app.url_path_for('curation.record', slug=slug)}#facts"
            yield Task("blocked", "source", _named(names, slug, chain), path, count=lacking)


def _of_problems(request: Request, db: Session, chain: tuple[str, ...]) -> Iterator[Task]:
    query = (
        select(Problem)
        .where(Problem.solved_at.is_(None))
        .options(selectinload(Problem.exhibit))
        .order_by(Problem.at.desc())
    )
    path = str(request.app.url_path_for("curation.problems"))
    for one in db.scalars(query):
        name = _named(one.exhibit.names, one.exhibit.slug, chain)
        words = one.words if len(one.words) <= EXCERPT else f"{one.words[:EXCERPT]}…"
        yield Task("reported", "problem", name, path, (one.language,), one.at, words)


def _owners(db: Session, wanted: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Owner]:
    """Find what texts belong to, by kind of text and number, but for what is in the bin."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for kind, number in wanted:
        numbers[kind].add(number)
    found: dict[tuple[str, int], Owner] = {}
    for kind, some in numbers.items():
        owner = OWNERS[kind.removesuffix(" text")]
        those = db.scalars(select(owner).where(owner.id.in_(some))).all()
        for one in cast("Sequence[Owner]", those):
            if isinstance(one, Center) or one.removed_at is None:
                found[kind, one.id] = one
    return found


def _path(request: Request, owner: Owner, language: str) -> str:
    parts = {"kind": word_of(owner), "slug": slug_of(owner), "language": language}
    return str(request.app.url_path_for("curation.text", **parts))


def _named(names: Words, slug: str, chain: tuple[str, ...]) -> Passage:
    return first_in(names, chain) or Passage(slug, "zxx")
