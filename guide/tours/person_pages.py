"""What the pages of the persons of a tour may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame
from guide.exhibits.words import first_in
from guide.languages.model import Language
from guide.tours.access import OpenTour
from guide.tours.naming import direction_of, language_name
from guide.tours.pages import TourHead, TourPage, chain_of
from guide.tours.people import PersonRole, Side, TourPerson, in_precedence
from guide.tours.person_forms import FIELDS, MOST_PERSONS, Row
from guide.tours.requesting import Option, spoken_options
from guide.web.pages import Choice


@dataclass(frozen=True)
class Written:
    """Words as they stand on a page: their language, and the way that their letters run."""

    text: str
    language: str
    direction: str

    @classmethod
    def of(cls, text: str, language: str) -> Self:
        """Say how words are to be set."""
        return cls(text, language, direction_of(text))


@dataclass(frozen=True)
class ListedPerson:
    """A person in the list; `others` are the name in other letters, none twice."""

    id: str
    name: Written
    others: tuple[Written, ...]
    role: str
    precedence: int
    address: str
    position: Written | None
    affiliation: str
    pronunciation: str
    contact: str
    do_not_photograph: bool
    is_first: bool
    is_last: bool

    @classmethod
    def of(cls, person: TourPerson, among: Sequence[TourPerson], frame: OfficeFrame) -> Self:
        """Show a person among those of the side."""
        official = person.name_official
        others = {"az": person.name_az, "en": person.name_en}
        chain = (*chain_of(frame), person.name_language, *sorted(person.positions))
        position = first_in(person.positions, chain)
        return cls(
            id=str(person.id),
            name=Written.of(official, person.name_language),
            others=tuple(
                Written.of(name, tag)
                for tag, name in others.items()
                if name not in {"", official}
            ),
            role=person.role,
            precedence=person.precedence,
            address=person.short_address,
            position=Written.of(position.text, position.language) if position else None,
            affiliation=person.affiliation,
            pronunciation=person.pronunciation,
            contact=person.contact,
            do_not_photograph=person.do_not_photograph,
            is_first=person is among[0],
            is_last=person is among[-1],
        )


@dataclass(frozen=True)
class SideList:
    """Guests, or hosts, in their order."""

    side: str
    persons: tuple[ListedPerson, ...]


def sides_of(found: OpenTour, frame: OfficeFrame) -> tuple[SideList, ...]:
    """List guests and hosts, guests first."""
    ordered = {side: in_precedence(found.tour.persons, side) for side in Side}
    return tuple(
        SideList(side, tuple(ListedPerson.of(one, among, frame) for one in among))
        for side, among in ordered.items()
    )


@dataclass(frozen=True)
class PeoplePage(TourPage):
    """Who comes and who receives them; `problem` is "stale" or empty."""

    template: ClassVar[str] = "tours/people.html"

    sides: tuple[SideList, ...]
    version: int
    is_full: bool
    problem: str = ""
    done: str = ""
    most: int = MOST_PERSONS

    @classmethod
    def of(cls, found: OpenTour, frame: OfficeFrame, problem: str = "", done: str = "") -> Self:
        """Show the persons of a tour."""
        return cls(
            frame,
            head=TourHead.of(found, frame),
            sides=sides_of(found, frame),
            version=found.tour.version,
            is_full=len(found.tour.persons) >= MOST_PERSONS,
            problem=problem,
            done=done,
        )


@dataclass(frozen=True)
class PositionField:
    """The position in one language."""

    name: str
    tag: str
    endonym: str
    direction: str
    value: str


@dataclass(frozen=True)
class Difference:
    """A field of a stale form, and what stands in it by now."""

    field: str
    now: str


@dataclass(frozen=True)
class PersonPage(TourPage):
    """A person, or what is asked of a new one.

    `problem` is "unreadable", "stale", "second-head", "full" or "gone"; of a stale form
    `theirs` is what stands there now.
    """

    template: ClassVar[str] = "tours/person.html"

    id: str
    name: Written | None
    version: int
    values: Mapping[str, str]
    errors: Mapping[str, str]
    positions: tuple[PositionField, ...]
    languages: tuple[Option, ...]
    problem: str = ""
    theirs: tuple[Difference, ...] = ()
    sides: tuple[str, ...] = tuple(Side)
    roles: tuple[str, ...] = tuple(PersonRole)

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
        cls,
        found: OpenTour,
        frame: OfficeFrame,
        person: TourPerson | None,
        values: Mapping[str, str],
        tongues: Sequence[Choice],
        errors: Mapping[str, str] | None = None,
        problem: str = "",
        theirs: Iterable[Difference] = (),
    ) -> Self:
        """Show a person of a tour, or an empty form."""
        return cls(
            frame,
            head=TourHead.of(found, frame),
            id=str(person.id) if person else "",
            name=Written.of(person.name_official, person.name_language) if person else None,
            version=found.tour.version,
            values={**dict.fromkeys(FIELDS, ""), **values},
            errors=errors or {},
            positions=tuple(_position(one, values) for one in tongues),
            languages=spoken_options(list(tongues), frame),
            problem=problem,
            theirs=tuple(theirs),
        )


@dataclass(frozen=True)
class SeveralPage(TourPage):
    """Lines that somebody pastes, or the persons that they became, to be checked.

    `problem` is "none", "full", "unreadable", "language" or "stale"; of a stale form `there`
    is who is in the list by now.
    """

    template: ClassVar[str] = "tours/several.html"

    version: int
    values: Mapping[str, str]
    rows: tuple[Row, ...]
    languages: tuple[Option, ...]
    problem: str = ""
    there: tuple[SideList, ...] = ()
    sides: tuple[str, ...] = tuple(Side)
    most: int = MOST_PERSONS


def tongue_of(tag: str, known: Iterable[Language], frame: OfficeFrame) -> Choice:
    """Return a language that a position is told in, of the guide's or not."""
    found = next((one for one in known if one.tag == tag), None)
    if found:
        return Choice(found.tag, found.endonym, found.direction)
    return Choice(tag, language_name(tag, frame.lang), "auto")


def _position(tongue: Choice, values: Mapping[str, str]) -> PositionField:
    name = f"position-{tongue.tag}"
    return PositionField(
        name, tongue.tag, tongue.endonym, tongue.direction, values.get(name, "")
    )
