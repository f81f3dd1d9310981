"""Readiness: one list of what stands against a tour and what is left to do before it.

Clashes come first; then whoever leads without the guests' language; then what guests would
find at the stops: no text in their language, one that nobody has read, one whose source has
moved on, a label that nobody has looked at.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from guide.exhibits.model import (
    SOURCE_LANGUAGE,
    ExhibitionText,
    ExhibitText,
    Status,
    WrittenText,
)
from guide.languages.model import Language
from guide.qr.labels import unverified
from guide.tours.clashes import (
    HOUSE_BOOKED,
    ClashError,
    Finding,
    Surroundings,
    booked_key,
    clashes_of,
    let_as_a_whole,
    overridden,
    who_can_lead,
)
from guide.tours.diary import Override, hold
from guide.tours.model import Tour
from guide.tours.people import SpokenLanguage
from guide.tours.queries import whole_tour
from guide.tours.stops import TourStop

NEVER_LET = frozenset({"no-slot"})
"""What nobody can let stand: a tour at no time."""

Thing = tuple[str, int]
"""What a stop shows: a kind, "exhibit" or "exhibition", and its number."""

GAPS = ("text-missing", "text-unreviewed", "text-behind")
"""What may be said of a text, the worst first."""


@dataclass(frozen=True)
class Readiness:
    """What stands against a tour, what is left to do, and what somebody lets stand."""

    findings: tuple[Finding, ...]
    overrides: Mapping[str, Override]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What must be settled, or let stand, before the tour is confirmed."""
        return tuple(one for one in self.findings if one.blocks and not self.is_let(one))

    @property
    def binding(self) -> tuple[Finding, ...]:
        """What stands against even a confirmed tour: it breaks what was promised."""
        return tuple(one for one in self.blocking if one.binds)

    @property
    def booked(self) -> tuple[Finding, ...]:
        """Tours that cannot be opened, and that stand in the way if the two really meet."""
        there = (one for one in self.findings if one.word == HOUSE_BOOKED)
        return tuple(one for one in there if not self.is_let(one))

    @property
    def is_ready(self) -> bool:
        """Say whether nothing is left to do."""
        return all(self.is_let(one) for one in self.findings)

    def is_let(self, finding: Finding) -> bool:
        """Say whether somebody lets it stand."""
        return self.override_of(finding) is not None

    def override_of(self, finding: Finding) -> Override | None:
        """Return who lets it stand, alone or with all that its tours have in common."""
        whole = booked_key(finding.other) if finding.other else ""
        return self.overrides.get(finding.key) or self.overrides.get(whole)


def may_be_let(finding: Finding) -> bool:
    """Say whether it can be let stand: what is in the way, or may turn out to be."""
    return (finding.blocks or finding.word == HOUSE_BOOKED) and finding.word not in NEVER_LET


def readiness_of(
    db: Session, tour: Tour, openable: ColumnElement[bool] | None = None
) -> Readiness:
    """Look a tour over, as everything is now; see of other tours only those `openable`."""
    found = [
        *_unfinished(tour),
        *clashes_of(tour, Surroundings.of(db, tour, openable)),
        *_unspoken(db, tour),
        *_unknown(tour),
        *_unread(db, tour),
        *_unlabelled(db, tour),
    ]
    ordered = sorted(found, key=lambda one: not one.blocks)
    return Readiness(tuple(ordered), overridden(db, tour))


def require_confirmable(db: Session, tour: Tour, openable: ColumnElement[bool]) -> None:
    """Hold the diary and look a tour over; raise ClashError where something stands against it.

    Whoever holds the diary sees what everybody before has promised. All tours count; what
    is told is what whoever may open some of them sees on the page as well.
    """
    hold(db)
    tour = _as_it_is_now(db, tour)
    if _in_truth(db, tour).blocking:
        seen = readiness_of(db, tour, openable)
        raise ClashError((*seen.blocking, *seen.booked))


def stands_against(db: Session, tour: Tour) -> frozenset[str]:
    """Return the keys of what stands against a tour although it is confirmed."""
    return frozenset(one.key for one in _in_truth(db, tour).binding)


def promises_broken(
    db: Session, tour: Tour, openable: ColumnElement[bool], before: Container[str]
) -> tuple[Finding, ...]:
    """Hold the diary and return what a change of a confirmed tour breaks.

    `before` are the keys of what stood against it already. Of tours that are not `openable`
    it says that the house is booked.
    """
    hold(db)
    tour = _as_it_is_now(db, tour)
    broken = [one for one in _in_truth(db, tour).binding if one.key not in before]
    if not broken:
        return ()
    keys = {one.key for one in broken} | {booked_key(one.other) for one in broken if one.other}
    seen = readiness_of(db, tour, openable)
    return tuple(one for one in (*seen.binding, *seen.booked) if one.key in keys)


def _in_truth(db: Session, tour: Tour) -> Readiness:
    """Look a tour over, whoever may open what; but for tours that are let stand as a whole."""
    return readiness_of(db, tour, Tour.id.not_in(let_as_a_whole(overridden(db, tour))))


def _as_it_is_now(db: Session, tour: Tour) -> Tour:
    """Read a tour again with what belongs to it, whatever was written in between."""
    db.flush()
    fresh = whole_tour(tour.id).execution_options(populate_existing=True)
    return db.scalars(fresh).one()


def _unfinished(tour: Tour) -> Iterator[Finding]:
    """Find what a plan cannot be without, nor lose once it is confirmed."""
    if tour.starts_at is None:
        yield Finding("no-slot", "slot:none", binds=True)
    if not tour.stops:
        yield Finding("no-stops", "stops:none", binds=True)
    if not who_can_lead(tour):
        yield Finding("no-guide", "guide:none", binds=True)


def _unspoken(db: Session, tour: Tour) -> Iterator[Finding]:
    """Find languages of the guests that neither a guide nor an interpreter of theirs has."""
    ids = [one.account_id for one in who_can_lead(tour)]
    spoken = set(
        db.scalars(select(SpokenLanguage.language).where(SpokenLanguage.account_id.in_(ids)))
    )
    for one in tour.interpreters:
        spoken |= {one.from_language, one.to_language}
    for tag in tour.languages:
        if tag not in spoken:
            yield Finding("no-interpreter", f"language:{tag}", language=tag)


def _unknown(tour: Tour) -> Iterator[Finding]:
    """Say what nobody has told yet, and what a good visit needs."""
    if not tour.languages:
        yield Finding("no-language", "language:none", blocks=False)
    if tour.people is None:
        yield Finding("no-headcount", "people:none", blocks=False)
    if not tour.parties:
        yield Finding("no-party", "party:none", blocks=False)


def _unread(db: Session, tour: Tour) -> Iterator[Finding]:
    """Find texts that guests would miss, or that nobody vouches for, by language."""
    offered = set(db.scalars(select(Language.tag).where(Language.switched_off_at.is_(None))))
    texts = _texts(db, tour.stops)
    for tag in tour.languages:
        if tag not in offered:
            yield Finding("not-offered", f"offer:{tag}", blocks=False, language=tag)
            continue
        gaps: dict[str, list[TourStop]] = defaultdict(list)
        for stop in tour.stops:
            thing = thing_of(stop)
            if thing and (word := gap_of(texts.get(thing, {}), tag)):
                gaps[word].append(stop)
        for word in GAPS:
            if gaps[word]:
                finding = Finding(word, f"{word}:{tag}", blocks=False, language=tag)
                yield replace(finding, stops=tuple(gaps[word]))


def gap_of(texts: Mapping[str, WrittenText], tag: str) -> str:
    """Return a word for what a thing's text in a language lacks, nothing when it is right."""
    text, source = texts.get(tag), texts.get(SOURCE_LANGUAGE)
    if text is None:
        return "text-missing"
    if text.status != Status.REVIEWED:
        return "text-unreviewed"
    is_behind = source is not None and tag != SOURCE_LANGUAGE and text.out_of_date(source)
    return "text-behind" if is_behind else ""


def _unlabelled(db: Session, tour: Tour) -> Iterator[Finding]:
    """Find stops whose labels hang and that nobody has found right since they were printed."""
    waiting = {(one.code.exhibit_id, one.code.exhibition_id) for one in unverified(db)}
    stops = tuple(
        stop
        for stop in tour.stops
        if thing_of(stop) and (stop.exhibit_id, stop.exhibition_id) in waiting
    )
    if stops:
        yield Finding("label-unverified", "labels", blocks=False, stops=stops)


def published_texts(
    db: Session, things: Iterable[Thing]
) -> dict[Thing, dict[str, WrittenText]]:
    """Return what visitors can read of exhibits and exhibitions, by language."""
    wanted = set(things)
    found: dict[Thing, dict[str, WrittenText]] = defaultdict(dict)
    for kind, text, owner in (
        ("exhibit", ExhibitText, ExhibitText.exhibit_id),
        ("exhibition", ExhibitionText, ExhibitionText.exhibition_id),
    ):
        ids = [id_ for of, id_ in wanted if of == kind]
        query = select(owner, text).where(owner.in_(ids), text.published_at.is_not(None))
        for id_, written in db.execute(query):
            found[kind, id_][written.language] = written
    return found


def _texts(db: Session, stops: Sequence[TourStop]) -> dict[Thing, dict[str, WrittenText]]:
    return published_texts(db, (thing for stop in stops if (thing := thing_of(stop))))


def thing_of(stop: TourStop) -> Thing | None:
    """Return what a stop shows, nothing for what the guide does not have."""
    if stop.exhibit_id:
        return ("exhibit", stop.exhibit_id)
    return ("exhibition", stop.exhibition_id) if stop.exhibition_id else None
