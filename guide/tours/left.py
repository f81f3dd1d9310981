"""What is left to do before a tour, in words for whoever looks, with the way to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Account, Role
from guide.accounts.office import OfficeFrame
from guide.exhibits.model import Exhibition
from guide.exhibits.words import Passage
from guide.tours.access import OpenTour, exists_for
from guide.tours.clashes import Finding
from guide.tours.model import State
from guide.tours.naming import language_name, name_of
from guide.tours.pages import chain_of, clock
from guide.tours.places import House, house_of
from guide.tours.readiness import Readiness, may_be_let, readiness_of

BEFORE = frozenset({State.REQUESTED, State.PLANNED, State.CONFIRMED})
"""States in which it matters what is left to do."""


@dataclass(frozen=True)
class ShownStop:
    """A stop that something is left to do for, and where that is done."""

    number: int
    name: Passage
    kind: str
    slug: str


@dataclass(frozen=True)
class Let:
    """Who lets something stand, when, and why."""

    who: str
    at: str
    reason: str


@dataclass(frozen=True)
class ShownFinding:
    """Something that stands against a tour, in words for whoever looks.

    `other` is the name of another tour, and `other_id` leads there.
    """

    word: str
    key: str
    blocks: bool
    may_be_let: bool
    other: Passage | None
    other_id: str
    who: str
    place: Passage | None
    language: str
    tag: str
    stops: tuple[ShownStop, ...]
    begins: str
    ends: str
    count: int
    reason: str
    let: Let | None


@dataclass(frozen=True)
class LeftToDo:
    """The one list before the guests come; `blocking` of it stand in the way of confirming.

    `curates` says whether whoever looks may write texts: then gaps lead to where they are
    written, else to what visitors find.
    """

    findings: tuple[ShownFinding, ...]
    blocking: int
    curates: bool

    @property
    def count(self) -> int:
        """How many things are left to do."""
        return sum(one.let is None for one in self.findings)


def left_to_do(db: Session, found: OpenTour, frame: OfficeFrame) -> LeftToDo | None:
    """Look a tour over for whoever has it open; None when it is too late, or not theirs."""
    if found.tour.state not in BEFORE or not found.readable:
        return None
    readiness = readiness_of(db, found.tour, exists_for(found.who))
    return LeftToDo(
        _Shown.around(db, found, frame, readiness).all(readiness),
        len(readiness.blocking),
        found.who.is_any_of(Role.CURATOR),
    )


def shown_to(
    db: Session, found: OpenTour, frame: OfficeFrame, findings: Iterable[Finding]
) -> tuple[ShownFinding, ...]:
    """Put findings that nobody lets stand in words for whoever has the tour open."""
    readiness = Readiness(tuple(findings), {})
    return _Shown.around(db, found, frame, readiness).all(readiness)


@dataclass(frozen=True)
class _Shown:
    """What findings are shown with; `names` are those of who let something stand."""

    frame: OfficeFrame
    house: House
    numbers: Mapping[int, int]
    names: Mapping[int, str]

    @classmethod
    def around(
        cls, db: Session, found: OpenTour, frame: OfficeFrame, readiness: Readiness
    ) -> Self:
        letting = {one.account_id for one in readiness.overrides.values()}
        names = select(Account.id, Account.name).where(Account.id.in_(letting))
        return cls(
            frame,
            house_of(db),
            {stop.id: number for number, stop in enumerate(found.tour.stops, 1)},
            dict(db.execute(names).all()),
        )

    def all(self, readiness: Readiness) -> tuple[ShownFinding, ...]:
        return tuple(self.one(finding, readiness) for finding in readiness.findings)

    def one(self, finding: Finding, readiness: Readiness) -> ShownFinding:
        frame, override, other = self.frame, readiness.override_of(finding), finding.other
        return ShownFinding(
            word=finding.word,
            key=finding.key,
            blocks=finding.blocks,
            may_be_let=may_be_let(finding),
            other=name_of(other, chain_of(frame)) if other else None,
            other_id=str(other.id) if other else "",
            who=finding.who,
            place=self.house.name_of(finding.place, chain_of(frame)),
            language=language_name(finding.language, frame.lang) if finding.language else "",
            tag=finding.language,
            stops=tuple(self._stops(finding)),
            begins=clock(finding.begins, frame) if finding.begins else "",
            ends=clock(finding.ends, frame) if finding.ends else "",
            count=finding.count,
            reason=finding.reason,
            let=Let(
                self.names.get(override.account_id, ""),
                frame.moment(override.at),
                override.reason,
            )
            if override
            else None,
        )

    def _stops(self, finding: Finding) -> Iterable[ShownStop]:
        for stop in finding.stops:
            thing = stop.exhibit or stop.exhibition
            kind = "exhibition" if isinstance(thing, Exhibition) else "exhibit"
            number = self.numbers.get(stop.id, stop.position)
            name = stop.name_in(chain_of(self.frame))
            yield ShownStop(number, name, kind, thing.slug if thing else "")
