"""What the map shows: a plan for each floor, the halls as a list, and routes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from markupsafe import Markup

from guide.exhibits.floor_plan import floors_of, of_floor, view_box
from guide.exhibits.mapping import ShownHall, ShownMap
from guide.exhibits.showing import Signpost
from guide.exhibits.words import Passage
from guide.visitors.pages import Row
from guide.web.markdown import drawn
from guide.web.pages import PUBLIC, Frame, PublicPage

MARGIN = 10
"""Around halls that are shown without a drawing behind them, in the units of their places."""
OF_FRAME = 20
"""A sign is this part of the frame high: 360 px wide, it is as large as the text of a page."""

Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Spot:
    """A hall on a plan, by the number that it has in the list."""

    slug: str
    sign: str
    name: Passage
    place: Place
    at: tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """Something marked on a plan; `side` is where its word begins, so that it stays inside."""

    what: str
    at: tuple[int, int]
    side: str


@dataclass(frozen=True)
class FloorPlan:
    """The plan of one floor; `size` is that of the signs on it."""

    floor: int
    frame: str
    size: float
    behind: Markup
    halls: tuple[Spot, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class HallRow:
    """A hall in the list: its number, and what is in it."""

    slug: str
    number: int
    name: Passage
    floor: int
    is_on_plan: bool
    exhibitions: tuple[Row, ...]
    exhibits: tuple[Row, ...]


@dataclass(frozen=True)
class RouteRow:
    """A route and its stops."""

    slug: str
    name: Passage
    minutes: int
    stops: tuple[Row, ...]


@dataclass(frozen=True)
class MapPage(PublicPage):
    """The house: where things are, and ways through it."""

    template: ClassVar[str] = "visitors/map.html"
    cache_control: ClassVar[str] = PUBLIC

    plans: tuple[FloorPlan, ...]
    halls: tuple[HallRow, ...]
    elsewhere: tuple[Row, ...]
    routes: tuple[RouteRow, ...]

    @property
    def has_floors(self) -> bool:
        """Say whether there is more than one floor, which must then be told."""
        floors = {one.floor for one in self.halls} | {one.floor for one in self.plans}
        return len(floors) > 1

    @classmethod
    def of(cls, frame: Frame, path: str, chain: Sequence[str], shown: ShownMap) -> Self:
        """Lay the halls out in the reader's language."""
        halls = tuple(_listed(number, one, chain) for number, one in enumerate(shown.halls, 1))
        return cls(
            frame=frame,
            path=path,
            plans=plans_of(shown, chain),
            halls=halls,
            elsewhere=_rows(shown.elsewhere, chain),
            routes=tuple(
                RouteRow(
                    one.signpost.slug,
                    one.signpost.name_in(chain),
                    one.minutes,
                    _rows(one.stops, chain),
                )
                for one in shown.routes
            ),
        )


def plans_of(shown: ShownMap, chain: Sequence[str]) -> tuple[FloorPlan, ...]:
    """Draw each floor that has a hall with a place, or a drawing of its own."""
    floors = {one.floor for one in shown.halls if one.place}
    floors |= floors_of(shown.svg) if shown.svg else set()
    if not floors:
        return ()
    frame = view_box(shown.svg) if shown.svg else _around(shown)
    size = frame[2] / OF_FRAME
    return tuple(
        FloorPlan(
            floor=floor,
            frame=" ".join(f"{side:g}" for side in frame),
            size=round(size, 1),
            behind=drawn(of_floor(shown.svg, floor) if shown.svg else ""),
            halls=tuple(
                _spot(one.signpost, str(number), one.place, chain)
                for number, one in enumerate(shown.halls, 1)
                if one.floor == floor and one.place
            ),
            marks=tuple(
                _mark(one, frame[0], frame[2]) for one in shown.marks if one["floor"] == floor
            ),
        )
        for floor in sorted(floors)
    )


def _around(shown: ShownMap) -> tuple[float, float, float, float]:
    """Return the frame that holds every hall and mark, on all floors alike."""
    places = [one.place for one in shown.halls if one.place]
    places += [(*_at(one), 0, 0) for one in shown.marks]
    start, top = min(one[0] for one in places), min(one[1] for one in places)
    end, foot = max(one[0] + one[2] for one in places), max(one[1] + one[3] for one in places)
    return (
        start - MARGIN,
        top - MARGIN,
        end - start + 2 * MARGIN,
        foot - top + 2 * MARGIN,
    )


def _spot(signpost: Signpost, sign: str, place: Place, chain: Sequence[str]) -> Spot:
    start, top, width, height = place
    middle = (start + width / 2, top + height / 2)
    return Spot(signpost.slug, sign, signpost.name_in(chain), place, middle)


def _mark(mark: Mapping[str, Any], start: float, width: float) -> Mark:
    part = (_at(mark)[0] - start) / width * 3
    side = "start" if part < 1 else "end" if part > 2 else "middle"  # noqa: PLR2004 (thirds)
    return Mark(str(mark["what"]), _at(mark), side)


def _at(mark: Mapping[str, Any]) -> tuple[int, int]:
    start, top = mark["at"]
    return start, top


def _listed(number: int, hall: ShownHall, chain: Sequence[str]) -> HallRow:
    return HallRow(
        slug=hall.signpost.slug,
        number=number,
        name=hall.signpost.name_in(chain),
        floor=hall.floor,
        is_on_plan=hall.place is not None,
        exhibitions=_rows(hall.exhibitions, chain),
        exhibits=_rows(hall.exhibits, chain),
    )


def _rows(signposts: Iterable[Signpost], chain: Sequence[str]) -> tuple[Row, ...]:
    return tuple(Row.of(one, chain) for one in signposts)
