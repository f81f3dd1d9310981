"""The printed papers of a tour, as what they say: a programme, a brief, names, a card.

They hold words and no rows of the database. A paper in two languages says the same in both:
such words are a `Pair`, a passage for each of its languages. Times and days are those of
the museum's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from guide.exhibits.words import Passage
from guide.qr.symbols import Symbol
from guide.tours.model import Level, PhotoPolicy
from guide.tours.people import Mode, PersonRole
from guide.tours.stops import Priority

WRITTEN_IN = "az"
"""The language in which the office writes what has no language of its own."""

Pair = tuple[Passage, ...]
"""The same words in each language of a paper, one or two."""


class ContactFor(StrEnum):
    """What somebody is called for."""

    HOST = "host"
    REQUEST = "request"
    ANYTHING = "anything"
    SECURITY = "security"
    VEHICLES = "vehicles"


@dataclass(frozen=True)
class Handling:
    """How confidential a paper is, who has it printed, and on which day."""

    level: Level
    reader: str
    printed: date

    @property
    def is_watermarked(self) -> bool:
        """Say whether every page carries the reader's name and the level."""
        return self.level >= Level.RESTRICTED


@dataclass(frozen=True)
class Named:
    """A person and what they are, in the words of one language."""

    name: Passage
    position: Passage | None = None


@dataclass(frozen=True)
class Entry:
    """A line of the programme: when, what, and below that what is seen or who is met."""

    at: time
    heading: Pair
    lines: Sequence[Pair] = ()


@dataclass(frozen=True)
class Programme:
    """What guests and hosts have in their hands: the times once, the words in each language.

    `head` is who leads the delegation, for each language. Without `symbol` there is no
    address to lead to.
    """

    languages: Sequence[str]
    handling: Handling
    day: date
    parties: Sequence[Pair]
    head: Sequence[Named]
    entries: Sequence[Entry]
    ends: time | None = None
    symbol: Symbol | None = None


@dataclass(frozen=True)
class WelcomeCard:
    """What each guest gets at the door: no names of persons are on it.

    The guests' language stands first. `host` is the readable address of the guide.
    """

    languages: Sequence[str]
    handling: Handling
    day: date
    parties: Sequence[Pair]
    symbol: Symbol
    host: str


@dataclass(frozen=True)
class Guest:
    """Somebody of the delegation; `name` is as officially written, in its own script.

    `spellings` are the same name in letters of other languages, `party` is whom they come
    from, `positions` one for each language of the paper that it was told in.
    """

    name: Passage
    role: PersonRole
    spellings: Sequence[Passage] = ()
    positions: Sequence[Passage] = ()
    party: Passage | None = None
    address: Passage | None = None
    pronunciation: Passage | None = None
    is_not_photographed: bool = False


@dataclass(frozen=True)
class NameList:
    """Who comes, in the order of precedence."""

    languages: Sequence[str]
    handling: Handling
    day: date
    parties: Sequence[Pair]
    guests: Sequence[Guest]


@dataclass(frozen=True)
class Interpreting:
    """Who interprets, from which language into which, and how."""

    name: Passage
    from_language: str
    to_language: str
    mode: Mode
    whisper_sets: str = ""
    begins: time | None = None
    ends: time | None = None
    contact: str = ""


@dataclass(frozen=True)
class Stop:
    """What is shown: when, for how many minutes, how much it matters, and what to say."""

    at: time | None
    minutes: int
    name: Passage
    priority: Priority
    points: Sequence[Passage] = ()
    note: Passage | None = None


@dataclass(frozen=True)
class Contact:
    """Whom to call: what for, and the line that somebody has written."""

    of: ContactFor
    line: Passage


@dataclass(frozen=True)
class Brief:
    """What the guide reads before the guests come, in the guide's own language.

    What is empty or None was not told: unknown, which is not the same as none.
    """

    language: str
    handling: Handling
    reference: str
    parties: Sequence[Passage]
    day: date | None = None
    begins: time | None = None
    ends: time | None = None
    door: Passage | None = None
    people: int | None = None
    guests: Sequence[Guest] = ()
    hosts: Sequence[Guest] = ()
    guests_languages: Sequence[str] = ()
    interpreters: Sequence[Interpreting] = ()
    stops: Sequence[Stop] = ()
    talking_points: Passage | None = None
    country_links: Passage | None = None
    to_avoid: Passage | None = None
    access: Passage | None = None
    dietary: Passage | None = None
    quiet: Passage | None = None
    dress: Passage | None = None
    gifts: Passage | None = None
    weather: Passage | None = None
    photo_policy: PhotoPolicy = PhotoPolicy.UNKNOWN
    with_press: bool = False
    contacts: Sequence[Contact] = ()
    notes: Passage | None = None

    @property
    def languages(self) -> Sequence[str]:
        """The one language that it is written in."""
        return (self.language,)


Paper = Programme | WelcomeCard | NameList | Brief
