"""What is told of a tour before it has a plan: who comes, when, and how confidential it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from guide.languages.catalogues import locale
from guide.tours.model import Category, Level, Party, PhotoPolicy, Tour
from guide.tours.naming import COUNTRY_CODE, NO_COUNTRY, OTHER_LANGUAGES
from guide.tours.slots import TimeSlot

MOST_PARTIES = 4
"""Organisations and countries of one tour; a summit is one organisation."""
MOST_LANGUAGES = 3
MOST_PEOPLE = 2_000


@dataclass(frozen=True)
class Details:
    """What somebody says of a tour, ready to be written down.

    `day` is all that is known of when, where there is no slot.
    """

    category: Category
    level: Level
    people: int | None
    day: date | None
    slot: TimeSlot | None
    parties: tuple[Party, ...]
    languages: tuple[str, ...]
    photo_policy: PhotoPolicy
    with_press: bool

    def fill(self, tour: Tour) -> list[str]:
        """Write it into a tour; return the names of the fields that change."""
        before = _stated(tour)
        tour.category, tour.level = self.category, int(self.level)
        tour.people, tour.parties = self.people, self.parties
        tour.languages = list(self.languages)
        tour.photo_policy, tour.with_press = self.photo_policy, self.with_press
        tour.take_slot(self.slot)
        if self.slot is None:
            tour.date = self.day.isoformat() if self.day else None
            tour.last_date = None
        after = _stated(tour)
        return [name for name, said in after.items() if before[name] != said]


def is_country(code: str) -> bool:
    """Say whether CLDR knows a territory by this code."""
    return (
        bool(COUNTRY_CODE.fullmatch(code))
        and code not in NO_COUNTRY
        and code in locale("en").territories
    )


def spoken_languages(tags: Iterable[str]) -> frozenset[str]:
    """Return the languages that guests may speak, whatever the guide offers."""
    return frozenset({*tags, *OTHER_LANGUAGES})


def _stated(tour: Tour) -> dict[str, object]:
    names = [
        *("category", "level", "people", "parties", "languages", "photo_policy"),
        *("with_press", "starts_at", "ends_at", "date"),
    ]
    said = {name: getattr(tour, name) for name in names}
    hours = tuple((one.starts_at, one.ends_at) for one in tour.interpreters)
    return {**said, "parties": tuple(said["parties"] or ()), "interpreters": hours}
