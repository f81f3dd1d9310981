"""What the pages of the labels and of the wall walk may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Self

from guide.accounts.audit import AuditEntry
from guide.accounts.office import OfficeFrame, OfficePage
from guide.exhibits.model import Exhibition
from guide.exhibits.words import Passage, first_in
from guide.qr.code import grouped
from guide.qr.labels import Standing
from guide.qr.model import Carrier, Check, Code, Print, Verdict

VERDICTS = {
    Verdict.RIGHT: "right",
    Verdict.DAMAGED: "damaged",
    Verdict.WRONG_PLACE: "wrong-place",
    Verdict.MISSING: "missing",
}
"""What templates call what was found."""


@dataclass(frozen=True)
class ShownLabel:
    """One label. `state` is "retired", "gone", "unprinted", "waiting", or what was found."""

    code: str
    written: str
    name: Passage
    place: str
    is_tag: bool
    is_poster: bool
    state: str

    @classmethod
    def of(cls, standing: Standing, frame: OfficeFrame) -> Self:
        """Show how a label stands."""
        code = standing.code
        return cls(
            code=code.code,
            written=grouped(code.code),
            name=code.name_in(chain_of(frame)),
            place=standing.label.place,
            is_tag=standing.label.carrier == Carrier.NFC,
            is_poster=code.exhibition_id is not None,
            state=_state(standing),
        )


@dataclass(frozen=True)
class ShownRoom:
    """A room, and its labels in their order."""

    slug: str
    name: Passage
    labels: tuple[ShownLabel, ...]

    @property
    def numbered(self) -> tuple[tuple[str, ShownLabel], ...]:
        """Its labels as its plan counts them: posters come first, and have no number."""
        posters = sum(one.is_poster for one in self.labels)
        return tuple(
            ("A3" if one.is_poster else str(place - posters), one)
            for place, one in enumerate(self.labels, 1)
        )

    @property
    def waiting(self) -> tuple[ShownLabel, ...]:
        """Those that hang and were not found right since they were printed."""
        return tuple(one for one in self.labels if one.state not in {"right", "unprinted"})


@dataclass(frozen=True)
class WallPage(OfficePage):
    """What is left of a walk, and a plan of the rooms; `done` is what was just looked at."""

    template: ClassVar[str] = "qr/wall.html"

    rooms: tuple[ShownRoom, ...]
    done: ShownLabel | None
    next: ShownLabel | None
    typed: str = ""

    @property
    def waiting(self) -> int:
        """How many labels wait."""
        return sum(len(room.waiting) for room in self.rooms)


@dataclass(frozen=True)
class CheckPage(OfficePage):
    """One label at the wall; `page` is where it leads visitors, empty if nowhere."""

    template: ClassVar[str] = "qr/check.html"

    label: ShownLabel
    room: Passage
    leads_to: str
    is_curator: bool
    problem: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened to a label; `word` is a deed, "printed", or what was found."""

    at: str
    who: str
    word: str
    detail: str


@dataclass(frozen=True)
class LabelPage(OfficePage):
    """One label: what happened to it, and what can be done."""

    template: ClassVar[str] = "qr/label.html"

    label: ShownLabel
    room: Passage
    kind: str
    slug: str
    alias_of: str
    alias_written: str
    events: tuple[Event, ...]
    done: str = ""
    problem: str = ""


@dataclass(frozen=True)
class LabelsPage(OfficePage):
    """All labels, or those that are asked for, by room; posters are ordered here."""

    template: ClassVar[str] = "qr/labels.html"

    rooms: tuple[ShownRoom, ...]
    show: str
    filters: tuple[str, ...]
    exhibitions: tuple[tuple[str, Passage], ...]


def chain_of(frame: OfficeFrame) -> tuple[str, str, str]:
    """Return the languages that the office reads a name in."""
    return (frame.lang, "en", "az")


def rooms_of(standings: Iterable[Standing], frame: OfficeFrame) -> tuple[ShownRoom, ...]:
    """Put labels, which come in the order of the rooms, together by room."""
    return tuple(
        ShownRoom(
            room.slug,
            name_of(room, frame),
            tuple(ShownLabel.of(one, frame) for one in those),
        )
        for room, those in groupby(standings, lambda one: one.code.room)
    )


def name_of(room: Exhibition, frame: OfficeFrame) -> Passage:
    """Return what a room is called in the office."""
    return first_in(room.names, chain_of(frame)) or Passage(room.slug, "zxx")


def events_of(
    history: Sequence[tuple[Print | Check, str | None]],
    deeds: Sequence[tuple[AuditEntry, str | None]],
    code: Code,
    frame: OfficeFrame,
) -> tuple[Event, ...]:
    """Put what happened to a label together, the newest first."""
    told = [(one.at, _told(one), who) for one, who in history]
    told += [(entry.at, (entry.deed, ""), who) for entry, who in deeds]
    if not any(entry.deed == "code.minted" for entry, _ in deeds):
        told.append((code.minted_at, ("code.minted", ""), None))
    told.sort(key=lambda one: one[0], reverse=True)
    return tuple(Event(frame.moment(at), who or "", *what) for at, what, who in told)


def _told(one: Print | Check) -> tuple[str, str]:
    if isinstance(one, Check):
        return VERDICTS[Verdict(one.verdict)], one.note
    return "printed", " · ".join((one.stock, f"v{one.design}", *one.titles))


def _state(standing: Standing) -> str:
    if standing.code.retired_at:
        return "retired"
    if not standing.code.is_in_use:
        return "gone"
    if standing.verdict:
        return VERDICTS[standing.verdict]
    return "waiting" if standing.last_print else "unprinted"
