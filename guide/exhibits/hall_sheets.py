"""The files about halls and routes, as sheets: `halls.toml`, `plan.svg`, `routes.toml`."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from guide.exhibits.floor_plan import FLOORS, LARGEST, clean
from guide.exhibits.sheets import InLanguages, Sheet, Slug

Coordinate = Annotated[int, Field(ge=0, le=9_999)]
Extent = Annotated[int, Field(ge=1, le=9_999)]
Floor = Annotated[int, Field(ge=FLOORS[0], le=FLOORS[-1])]
Minutes = Annotated[int, Field(ge=1, le=60)]

MARKS = ("entrance", "exit", "lift", "stairs", "toilets", "cloakroom")
"""What can be marked on a plan besides halls; each has its word in every catalogue."""


class HallEntry(Sheet):
    kind = "hall"

    slug: Slug
    floor: Floor
    capacity: Annotated[int, Field(ge=1, le=9_999)] | None = None
    place: (
        Annotated[tuple[Coordinate, Coordinate, Extent, Extent], Field(strict=False)] | None
    ) = None
    names: InLanguages


class WayEntry(Sheet):
    """The minutes on foot between two halls, both ways alike."""

    kind = "way"

    between: Annotated[tuple[Slug, Slug], Field(strict=False)]
    minutes: Minutes

    @model_validator(mode="after")
    def _two_halls(self) -> Self:
        if self.between[0] == self.between[1]:
            raise ValueError("the slugs of two different halls")
        return self


class MarkEntry(Sheet):
    kind = "mark"

    what: Literal["entrance", "exit", "lift", "stairs", "toilets", "cloakroom"]
    floor: Floor
    at: Annotated[tuple[Coordinate, Coordinate], Field(strict=False)]


class HallsSheet(Sheet):
    """`halls.toml`: the halls in their order, the ways between them, the marks on the plan."""

    kind = "halls"

    halls: Annotated[tuple[HallEntry, ...], Field(strict=False)] = ()
    ways: Annotated[tuple[WayEntry, ...], Field(strict=False)] = ()
    marks: Annotated[tuple[MarkEntry, ...], Field(strict=False)] = ()


class PlanSheet(Sheet):
    """`plan.svg`: what the plan shows behind the halls, cleaned."""

    kind: ClassVar[str] = "plan"

    svg: Annotated[str, Field(max_length=LARGEST), AfterValidator(clean)]

    def written(self) -> str:
        """Write the file."""
        return self.svg


class RouteEntry(Sheet):
    kind = "route"

    slug: Slug
    minutes: Annotated[int, Field(ge=1, le=480)]
    stops: Annotated[tuple[Slug, ...], Field(strict=False, max_length=60)] = ()
    names: InLanguages


class RoutesSheet(Sheet):
    """`routes.toml`: the routes in their order, each with its exhibits in theirs."""

    kind = "routes"

    routes: Annotated[tuple[RouteEntry, ...], Field(strict=False)] = ()
