"""What other systems may send about tours, by the same rules as the forms of the office."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from guide.tours.details import (
    MOST_LANGUAGES,
    MOST_PARTIES,
    MOST_PEOPLE,
    Details,
    is_country,
    spoken_languages,
)
from guide.tours.letting import Reason
from guide.tours.model import Category, Level, Party, PhotoPolicy
from guide.tours.naming import COUNTRY
from guide.tours.slots import LONGEST, TimeSlot, day_of
from guide.tours.stops import MOST_MINUTES, MOST_STOPS, Priority
from guide.tours.walking.entries import MOST_AT_ONCE, Entry, Moment
from guide.web.forms import LARGEST_NUMBER, FreeWords, LongLine
from guide.web.json_bodies import ProblemError

MOST_TONGUES = 40
"""Languages that one thing is named in."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Years further off are slips of a finger."""

TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
SLUG = r"^[a-z0-9-]{1,80}$"


def _written(told: object) -> object:
    """Take what begins with a year: a number, even as text, would be seconds since 1970."""
    if not isinstance(told, str) or told[4:5] != "-":
        raise ValueError("it begins with no year")
    return told


def _this_century(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("too far off")
    return day


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


Day = Annotated[date, BeforeValidator(_written), AfterValidator(_this_century)]
At = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_this_century),
    AfterValidator(_in_utc),
]
Slug = Annotated[str, Field(pattern=SLUG, examples=["tar"])]


class Sent(BaseModel):
    """Something that is sent: fields that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Sent):
    """A name in one language."""

    text: Annotated[LongLine, Field(examples=["Friendship Association"])]
    language: Annotated[str, Field(pattern=TAG, examples=["en"])]


class PartySent(Sent):
    """An organisation or a country that guests come from: by its names, or by its code."""

    kind: Literal["organisation", "country"]
    code: Annotated[str, Field(max_length=2, description="Of a country, as CLDR has it.")] = ""
    names: Annotated[list[Name], Field(max_length=MOST_TONGUES)] = []

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.code and not (self.kind == COUNTRY and is_country(self.code)):
            raise ValueError("no country has this code")
        if not (self.code or self.names):
            raise ValueError("who?")
        return self

    def party(self) -> Party:
        """Return the party."""
        names = {one.language: one.text for one in self.names}
        return Party(self.kind, names, self.code)


class TourSent(Sent):
    """A tour that is asked for: when it is, as exactly as that is known, and who comes."""

    category: Category = Category.OFFICIAL
    level: Annotated[
        int,
        Field(
            ge=0,
            le=3,
            strict=True,
            description=(
                "0 public, 1 internal, 2 restricted, 3 closed: for its makers alone. "
                "2 and 3 are for tokens of planners."
            ),
        ),
    ] = Level.INTERNAL
    starts_at: At | None = None
    ends_at: At | None = None
    date: Annotated[
        Day | None, Field(description="While it is not known when on that day.")
    ] = None
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE, strict=True)] | None = None
    languages: Annotated[
        list[Annotated[str, Field(pattern=TAG)]], Field(max_length=MOST_LANGUAGES)
    ] = []
    parties: Annotated[list[PartySent], Field(max_length=MOST_PARTIES)] = []
    photo_policy: PhotoPolicy = PhotoPolicy.UNKNOWN
    with_press: Annotated[bool, Field(strict=True)] = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "category": "official",
                    "level": 1,
                    "starts_at": "2026-12-01T11:00:00+04:00",
                    "ends_at": "2026-12-01T12:30:00+04:00",
                    "people": 8,
                    "languages": ["en"],
                    "parties": [
                        {
                            "kind": "organisation",
                            "names": [{"text": "Friendship Association", "language": "en"}],
                        },
                        {"kind": "country", "code": "CN"},
                    ],
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _has_its_time(self) -> Self:
        begins, ends = self.starts_at, self.ends_at
        if (begins is None) != (ends is None):
            raise ValueError("it begins and ends, or neither is known")
        if begins and ends and not begins < ends <= begins + LONGEST:
            raise ValueError("it ends after it begins, within twelve hours")
        if begins and self.date:
            raise ValueError("the day is that of its beginning")
        return self

    def details(
        self, tags: Iterable[str], zone: ZoneInfo, levels: Collection[Level]
    ) -> Details:
        """Return what is told.

        Raise ProblemError for a language that nobody has, and a level that is not among them.
        """
        known = spoken_languages(tags)
        faults = list(self._unknown(known, frozenset(tags)))
        if self.level not in levels:
            faults.append({"field": "level", "fault": "planners"})
        if faults:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            raise ProblemError(status, "invalid", faults=faults)
        slot = _slot(self.starts_at, self.ends_at, zone)
        return Details(
            category=self.category,
            level=Level(self.level),
            people=self.people,
            day=slot.day if slot else self.date,
            slot=slot,
            parties=tuple(one.party() for one in self.parties),
            languages=tuple(dict.fromkeys(self.languages)),
            photo_policy=self.photo_policy,
            with_press=self.with_press,
        )

    def _unknown(
        self, spoken: frozenset[str], offered: frozenset[str]
    ) -> Iterator[dict[str, Any]]:
        for number, tag in enumerate(self.languages):
            if tag not in spoken:
                yield {"field": f"languages.{number}", "fault": "unknown"}
        for number, party in enumerate(self.parties):
            for place, name in enumerate(party.names):
                if name.language not in offered:
                    field = f"parties.{number}.names.{place}.language"
                    yield {"field": field, "fault": "unknown"}


class StopSent(Sent):
    """A stop: one that is there (`id`), or a new one of an exhibit, an exhibition, or words.

    What is not said stays as it is; of a new stop it is what the office would put down.
    """

    id: Annotated[int, Field(ge=1, le=LARGEST_NUMBER, strict=True)] | None = None
    exhibit: Slug | None = None
    exhibition: Slug | None = None
    names: Annotated[list[Name], Field(min_length=1, max_length=MOST_TONGUES)] | None = None
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES, strict=True)] | None = None
    priority: Priority | None = None
    note: FreeWords | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        things = (self.id, self.exhibit, self.exhibition, self.names)
        if sum(one is not None for one in things) != 1:
            raise ValueError("one of id, exhibit, exhibition and names")
        return self


class StopsSent(Sent):
    """A whole route in its order: stops that are not in it are taken out."""

    stops: Annotated[list[StopSent], Field(max_length=MOST_STOPS)]
    reason: Annotated[
        Reason | None,
        Field(description="Why a planner breaks what somebody else was promised."),
    ] = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "stops": [
                        {"exhibit": "tar", "minutes": 6, "priority": "must"},
                        {"exhibition": "classic-cars"},
                        {"names": [{"text": "Tea", "language": "en"}], "minutes": 15},
                    ]
                }
            ]
        }
    )


class EventsSent(Sent):
    """What happened, from the oldest entry on that was not acknowledged.

    The same entries as a guide's phone sends. An entry that comes again is the same one; one
    that says something else under the same key is 409.
    """

    sent_at: Annotated[Moment, BeforeValidator(_written)]
    entries: Annotated[list[Entry], Field(min_length=1, max_length=MOST_AT_ONCE)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sent_at": "2026-12-01T07:00:05Z",
                    "entries": [
                        {
                            "key": "0b8f8f1e-6b1e-4b0a-9d5e-2f4f0a7c9f10",
                            "kind": "arrived",
                            "at": "2026-12-01T07:00:00Z",
                            "stop": "12",
                        }
                    ],
                }
            ]
        }
    )


def _slot(begins: datetime | None, ends: datetime | None, zone: ZoneInfo) -> TimeSlot | None:
    return TimeSlot(begins, ends, day_of(begins, zone)) if begins and ends else None
