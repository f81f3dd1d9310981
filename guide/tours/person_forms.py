"""What people may send about a person: a name sign for sign, and what goes with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from guide.exhibits.words import Words
from guide.tours.naming import OTHER_LANGUAGES
from guide.tours.people import PersonRole, Side, TourPerson
from guide.web.forms import AsTyped, LongLine, Rejected, read

Values = Mapping[str, str]

MOST_PERSONS = 200
"""Persons of one tour, guests and hosts together."""
BIGGEST_PRECEDENCE = 9_999
STEP = ";"
"""What stands between the parts of a line that is pasted: name; position; affiliation."""
PARTS = ("name", "position", "affiliation")


def _empty(typed: object) -> object:
    return "" if isinstance(typed, str) and not typed.strip() else typed


Emptied = BeforeValidator(_empty)
Nothing = Annotated[str, StringConstraints(max_length=0)]
MaybeName = Annotated[Nothing | AsTyped, Emptied]
MaybeLine = Annotated[Nothing | LongLine, Emptied]


def _order(typed: object) -> object:
    return 0 if isinstance(typed, str) and not typed.strip() else typed


class PersonForm(BaseModel):
    """Somebody of a delegation, or of its hosts; precedence 0 is "after all others"."""

    side: Side
    role: PersonRole
    precedence: Annotated[
        Annotated[int, Field(ge=0, le=BIGGEST_PRECEDENCE)], BeforeValidator(_order)
    ] = 0
    name_official: AsTyped
    name_language: str
    name_az: MaybeName = ""
    name_en: MaybeName = ""
    sort_name: MaybeName = ""
    short_address: MaybeLine = ""
    affiliation: MaybeLine = ""
    pronunciation: MaybeLine = ""
    contact: MaybeLine = ""
    do_not_photograph: bool = False


FIELDS = tuple(PersonForm.model_fields)


@dataclass(frozen=True)
class Said:
    """What a form says of a person, ready to be written down."""

    form: PersonForm
    positions: Words

    def fill(self, person: TourPerson, last: int) -> list[str]:
        """Write it into a person; return the names of the fields that change.

        `last` is the greatest precedence of the side: who has none told comes after it.
        """
        told = {**self.form.model_dump(), "positions": dict(self.positions)}
        told["precedence"] = self.form.precedence or last + 1
        changed = [name for name, value in told.items() if getattr(person, name) != value]
        for name in changed:
            setattr(person, name, told[name])
        return changed


def said_in(values: Values, tags: Iterable[str]) -> Said | Rejected:
    """Read the form of a person; `tags` are the languages that positions are told in."""
    tags = list(tags)
    form = read(PersonForm, values)
    errors = dict(form.errors) if isinstance(form, Rejected) else {}
    positions, wrong = _positions_in(values, tags)
    errors |= wrong
    if values.get("name_language") not in {*tags, *OTHER_LANGUAGES}:
        errors["name_language"] = "unknown"
    if isinstance(form, Rejected) or errors:
        return Rejected(values, errors)
    return Said(form, positions)


def values_of(person: TourPerson) -> dict[str, str]:
    """Return the values of the form of a person."""
    values = {name: str(getattr(person, name)) for name in FIELDS}
    values["do_not_photograph"] = "1" if person.do_not_photograph else ""
    return values | {f"position-{tag}": said for tag, said in person.positions.items()}


# Several at once.


@dataclass(frozen=True)
class Row:
    """A person among several that were pasted; `wrong` names the part that will not do."""

    number: int
    name: str
    position: str
    affiliation: str
    wrong: str = ""


class _Parts(BaseModel):
    name: AsTyped
    position: MaybeLine = ""
    affiliation: MaybeLine = ""


def rows_pasted(pasted: str) -> list[Row]:
    """Take lines apart: name; position; affiliation. What follows is of the affiliation."""
    lines = (line for line in pasted.replace("\r", "\n").split("\n") if line.strip())
    rows = [[*map(str.strip, line.split(STEP, len(PARTS) - 1)), "", ""] for line in lines]
    return [_checked(number, *parts[: len(PARTS)]) for number, parts in enumerate(rows)]


def rows_of(values: Values) -> Iterator[Row]:
    """Read the rows of the form that shows them for checking; who has no name is left out."""
    for number in range(MOST_PERSONS + 1):
        parts = [values.get(f"{part}-{number}", "") for part in PARTS]
        if any(part.strip() for part in parts):
            yield _checked(number, *parts)


def person_of(row: Row, side: Side, language: str, precedence: int) -> TourPerson:
    """Make a person of a row that was checked; the words are as they were typed."""
    parts = _Parts(name=row.name, position=row.position, affiliation=row.affiliation)
    return TourPerson(
        side=side,
        role=PersonRole.MEMBER,
        precedence=precedence,
        name_official=parts.name,
        name_language=language,
        positions={language: parts.position} if parts.position else {},
        affiliation=parts.affiliation,
    )


def _checked(number: int, name: str, position: str, affiliation: str) -> Row:
    parts = {"name": name, "position": position, "affiliation": affiliation}
    said = read(_Parts, parts)
    wrong = next(iter(said.errors), "") if isinstance(said, Rejected) else ""
    return Row(number, name, position, affiliation, wrong)


def _positions_in(values: Values, tags: list[str]) -> tuple[Words, dict[str, str]]:
    positions: dict[str, str] = {}
    errors: dict[str, str] = {}
    for tag in tags:
        said = read(_Position, {"said": values.get(f"position-{tag}", "")})
        if isinstance(said, Rejected):
            errors[f"position-{tag}"] = "unreadable"
        elif said.said:
            positions[tag] = said.said
    return positions, errors


class _Position(BaseModel):
    said: MaybeLine
