"""Tours as they are answered: of names only what whoever asks may read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from guide.api.shown import Said, Shape
from guide.exhibits.words import Words
from guide.tours.access import OpenTour
from guide.tours.clashes import Finding
from guide.tours.model import Category, Party, PhotoPolicy, State, Tour
from guide.tours.people import Duty, PersonRole, Side, TourPerson
from guide.tours.readiness import Readiness
from guide.tours.stops import Priority, TourStop
from guide.tours.timetable import Leg, minutes

IN_WORDS: Mapping[str, str] = {
    "no-slot": "No day and time yet",
    "no-stops": "No stop yet",
    "no-guide": "Nobody leads it yet",
    "no-interpreter": "Nobody speaks a language of the guests",
    "guide-busy": "Its guide leads another tour at that time",
    "interpreter-busy": "Its interpreter is at work elsewhere at that time",
    "same-place": "Another delegation is in the same place at that time",
    "near-place": "Another delegation is close by",
    "house-booked": "The house is booked at that time",
    "over-capacity": "More people than the hall holds",
    "closed": "Closed at that time",
    "exhibition-over": "The exhibition is over",
    "off-display": "Off display",
    "over-slot": "The stops take longer than the slot",
    "no-language": "Languages not known",
    "no-headcount": "How many come is not known",
    "no-party": "Who comes is not known",
    "not-offered": "The guide does not speak a language of the guests",
    "text-missing": "No text in a language of the guests",
    "text-unreviewed": "Not reviewed in a language of the guests",
    "text-behind": "Out of date in a language of the guests",
    "label-unverified": "Labels that nobody has looked at",
}

Level = Annotated[
    int,
    Field(
        ge=0, le=3, description="0 public, 1 internal, 2 restricted, 3 closed.", examples=[1]
    ),
]
Day = Annotated[
    str | None,
    Field(
        description="As exactly as it is known: 2026-12-01, 2026-12 or 2026.",
        examples=["2026-12-01"],
    ),
]


class PartyShape(Shape):
    """An organisation or a country that guests come from."""

    kind: str
    code: Annotated[str, Field(description="A territory of CLDR, or nothing.")]
    names: list[Said]

    @classmethod
    def of(cls, party: Party) -> Self:
        """Show a party."""
        return cls(kind=party.kind, code=party.code, names=said_in(party.names))


class TourRow(Shape):
    """A tour in a list. `version` grows with each change of the plan."""

    id: int
    reference: Annotated[str, Field(examples=["2026-014"])]
    version: int
    state: State
    level: Level
    category: Category
    starts_at: datetime | None
    ends_at: datetime | None
    date: Day
    last_date: Day
    people: int | None
    languages: list[str]
    parties: list[PartyShape]

    @classmethod
    def of(cls, tour: Tour) -> Self:
        """List a tour that can be opened; its parties are no persons."""
        return cls(
            id=tour.id,
            reference=tour.reference,
            version=tour.version,
            state=State(tour.state),
            level=int(tour.level),
            category=Category(tour.category),
            starts_at=tour.starts_at,
            ends_at=tour.ends_at,
            date=tour.date,
            last_date=tour.last_date,
            people=tour.people,
            languages=list(tour.languages),
            parties=[PartyShape.of(one) for one in tour.parties],
        )


class Tours(Shape):
    """A page of tours; `next` is the cursor of the page after it, if there is one."""

    items: list[TourRow]
    next: str | None


class StopShape(Shape):
    """A stop: an exhibit, an exhibition as a whole, or something that has words alone."""

    id: int
    kind: Literal["exhibit", "exhibition", "words"]
    slug: Annotated[str | None, Field(description="Of the exhibit or exhibition.")]
    names: Annotated[
        list[Said],
        Field(description="Words of the office's own are empty for who may not read names."),
    ]
    minutes: int
    priority: Priority
    starts_at: datetime | None
    note: Annotated[str | None, Field(description="Null for who may not read names.")]
    added_on_the_way: bool

    @classmethod
    def of(cls, leg: Leg, starts_at: datetime | None, *, readable: bool) -> Self:
        """Show a stop in its place in time."""
        stop = leg.stop
        thing = stop.exhibit or stop.exhibition
        words = stop.names if readable else {}
        return cls(
            id=stop.id,
            kind=_kind(stop),
            slug=thing.slug if thing else None,
            names=said_in(thing.names if thing else words),
            minutes=stop.minutes,
            priority=Priority(stop.priority),
            starts_at=starts_at + minutes(leg.begins) if starts_at else None,
            note=stop.note if readable else None,
            added_on_the_way=stop.added_by is not None,
        )


class PersonShape(Shape):
    """Somebody of the delegation, or of its hosts."""

    side: Side
    role: PersonRole
    precedence: int
    name: Said
    positions: list[Said]

    @classmethod
    def of(cls, person: TourPerson) -> Self:
        """Show a person by the name of the note verbale."""
        return cls(
            side=Side(person.side),
            role=PersonRole(person.role),
            precedence=person.precedence,
            name=Said(text=person.name_official, language=person.name_language),
            positions=said_in(person.positions),
        )


class StaffShape(Shape):
    """One of the staff who leads a tour or plans it."""

    name: str
    duty: Duty


class TourShape(TourRow):
    """A tour with its plan; `persons` are null for whoever may not read names."""

    departed_at: datetime | None
    completed_at: datetime | None
    photo_policy: PhotoPolicy
    with_press: bool
    staff: list[StaffShape]
    stops: list[StopShape]
    persons: list[PersonShape] | None

    @classmethod
    def whole(cls, found: OpenTour, timetable: Iterable[Leg]) -> Self:
        """Show a tour to whoever has it open."""
        tour, readable = found.tour, found.readable
        stops = [StopShape.of(leg, tour.starts_at, readable=readable) for leg in timetable]
        staff = [StaffShape(name=one.account.name, duty=Duty(one.duty)) for one in tour.staff]
        return cls(
            **dict(TourRow.of(tour)),
            departed_at=tour.departed_at,
            completed_at=tour.completed_at,
            photo_policy=PhotoPolicy(tour.photo_policy),
            with_press=tour.with_press,
            staff=staff,
            stops=stops,
            persons=[PersonShape.of(one) for one in tour.persons] if readable else None,
        )


class TourChanged(Shape):
    """How a tour stands after a write; nobody is named in it."""

    id: int
    reference: str
    version: int
    state: State
    starts_at: datetime | None
    ends_at: datetime | None

    @classmethod
    def of(cls, tour: Tour) -> Self:
        """Say how a tour stands."""
        return cls(
            id=tour.id,
            reference=tour.reference,
            version=tour.version,
            state=State(tour.state),
            starts_at=tour.starts_at,
            ends_at=tour.ends_at,
        )


class Clash(Shape):
    """Something that stands against a tour, or is left to do before it.

    `key` names it as long as it is the same; `tour` is another tour. Of one that may not be
    opened there is only when the house is booked.
    """

    word: Annotated[str, Field(examples=["guide-busy"])]
    key: Annotated[str, Field(examples=["guide:3:17"])]
    in_words: str
    blocks: Annotated[bool, Field(description="It stands in the way of confirming.")]
    tour: int | None
    who: str
    language: str
    stops: list[int]
    begins: datetime | None
    ends: datetime | None
    count: int
    is_let: Annotated[bool, Field(description="Somebody lets it stand, with a reason.")]

    @classmethod
    def of(cls, finding: Finding, *, is_let: bool = False) -> Self:
        """Show a finding as whoever asks may see it."""
        return cls(
            word=finding.word,
            key=finding.key,
            in_words=IN_WORDS.get(finding.word, finding.word),
            blocks=finding.blocks,
            tour=finding.other.id if finding.other else None,
            who=finding.who,
            language=finding.language,
            stops=[stop.id for stop in finding.stops],
            begins=finding.begins,
            ends=finding.ends,
            count=finding.count,
            is_let=is_let,
        )


class ReadinessShape(Shape):
    """What stands against a tour and what is left to do before it, the worst first."""

    state: State
    is_ready: bool
    blocking: int
    findings: list[Clash]

    @classmethod
    def of(cls, tour: Tour, readiness: Readiness) -> Self:
        """Show how ready a tour is."""
        return cls(
            state=State(tour.state),
            is_ready=readiness.is_ready,
            blocking=len(readiness.blocking),
            findings=[
                Clash.of(one, is_let=readiness.is_let(one)) for one in readiness.findings
            ],
        )


class Taken(Shape):
    """An entry that is kept, and its place among the events of the tour."""

    key: str
    seq: int


class EventsTaken(Shape):
    """Which entries are kept, each once, and how the tour stands after them."""

    taken: list[Taken]
    tour: TourChanged


def said_in(words: Words) -> list[Said]:
    """List words in all their languages, by tag."""
    return [Said(text=text, language=tag) for tag, text in sorted(words.items())]


def words_in(said: Sequence[Said]) -> Words:
    """Return words by tag; the last of a language counts."""
    return {one.language: one.text for one in said}


def _kind(stop: TourStop) -> Literal["exhibit", "exhibition", "words"]:
    if stop.exhibit_id:
        return "exhibit"
    return "exhibition" if stop.exhibition_id else "words"
