"""The places of the house by name, in the order in which it lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from guide.exhibits.words import Passage, Words, first_in
from guide.tours.queries import exhibitions_in_order, halls_by_id, ways_on_foot
from guide.tours.stops import Place
from guide.tours.timetable import Ways


@dataclass(frozen=True)
class House:
    """The halls and exhibitions by their places, in order, and the ways between halls."""

    places: Mapping[Place, Words]
    ways: Ways

    @property
    def order(self) -> tuple[Place, ...]:
        """The places as they follow each other: halls first."""
        return tuple(self.places)

    def name_of(self, place: Place, chain: Sequence[str]) -> Passage | None:
        """Return the name of a hall or an exhibition, None of what is neither."""
        if place not in self.places:
            return None
        words = self.places[place]
        otherwise = next(iter(sorted(words.items())), ("zxx", "–"))
        return first_in(words, chain) or Passage(otherwise[1], otherwise[0])


def house_of(db: Session) -> House:
    """Return the house as it is now."""
    halls = sorted(halls_by_id(db).values(), key=lambda hall: (hall.position, hall.slug))
    places = {Place("hall", hall.id): hall.names for hall in halls}
    places |= {Place("exhibition", one.id): one.names for one in exhibitions_in_order(db)}
    return House(places, ways_on_foot(db))
