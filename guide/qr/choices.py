"""What a curator chooses to print. It is all in the address, to be kept or sent to somebody."""

from typing import Annotated, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.datastructures import QueryParams

LISTS = ("exhibition", "exhibit", "code", "language")

Named = Annotated[str, StringConstraints(max_length=80)]
Several = Annotated[tuple[Named, ...], Field(max_length=1_000)]


class Choices(BaseModel):
    """The choices as they were asked for; whether there are such things is `Order`'s to say.

    `label` is the one that is looked at, from 1; `distance` is in cm.
    """

    model_config = ConfigDict(frozen=True)

    exhibition: Several = ()
    exhibit: Several = ()
    code: Several = ()
    language: Several = ("az", "en")
    stock: Named = "L7173"
    start: Annotated[int, Field(ge=1, le=2_500)] = 1
    distance: Annotated[int, Field(ge=1, le=1_000)] = 30
    label: Annotated[int, Field(ge=1, le=100_000)] = 1
    crop_marks: bool = False
    calibration: bool = False
    draft: bool = False

    @classmethod
    def read(cls, told: QueryParams) -> tuple[Self, frozenset[str]]:
        """Take what can be read, and name what cannot; of that the usual is taken."""
        said: dict[str, object] = {
            name: tuple(filter(None, told.getlist(name))) if name in LISTS else told[name]
            for name in told
            if name in cls.model_fields
        }
        try:
            return cls.model_validate(said), frozenset()
        except ValidationError as bad:
            wrong = frozenset(str(one["loc"][0]) for one in bad.errors())
        return cls.model_validate({k: v for k, v in said.items() if k not in wrong}), wrong

    @property
    def query(self) -> str:
        """The choices as an address carries them."""
        said = self.model_dump(exclude_defaults=True)
        return urlencode(
            {name: "on" if value is True else value for name, value in said.items()},
            doseq=True,
        )

    def at(self, label: int) -> Self:
        """Look at another label of the same."""
        return self.model_copy(update={"label": label})
