"""How far the words of a stop have come in the languages of a delegation, for its badge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from sqlalchemy.orm import Session

from guide.exhibits.model import WrittenText
from guide.tours.readiness import Thing, gap_of, published_texts, thing_of
from guide.tours.stops import TourStop


class Standing(StrEnum):
    """What can be said of a text; the worst that is true of it is said."""

    MISSING = "missing"
    MACHINE = "machine"
    BEHIND = "behind"
    READY = "ready"


OF_GAPS = {
    "text-missing": Standing.MISSING,
    "text-unreviewed": Standing.MACHINE,
    "text-behind": Standing.BEHIND,
}


@dataclass(frozen=True)
class Texts:
    """The texts that visitors can read about some stops."""

    published: Mapping[Thing, Mapping[str, WrittenText]] = field(default_factory=dict)

    @classmethod
    def about(cls, db: Session, stops: Iterable[TourStop]) -> Self:
        """Read what there is about some stops."""
        return cls(published_texts(db, (thing for stop in stops if (thing := thing_of(stop)))))

    def standing(self, stop: TourStop, language: str) -> Standing:
        """Say how a stop stands in a language.

        What the guide does not have is named by people: a language either has a name or not.
        """
        thing = thing_of(stop)
        if thing is None:
            return Standing.READY if stop.names.get(language) else Standing.MISSING
        return OF_GAPS.get(gap_of(self.published.get(thing, {}), language), Standing.READY)

    def standings(
        self, stop: TourStop, languages: Sequence[str]
    ) -> tuple[tuple[str, Standing], ...]:
        """Say how a stop stands in each of some languages."""
        return tuple((tag, self.standing(stop, tag)) for tag in languages)
