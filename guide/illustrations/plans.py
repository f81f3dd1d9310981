"""The kinds of drawing, and how a plan in `exhibit.toml` names its kind."""

from functools import lru_cache
from typing import Annotated

from pydantic import Field, TypeAdapter

from guide.illustrations.carpets import Carpet
from guide.illustrations.cars import Car
from guide.illustrations.instruments import Instrument
from guide.illustrations.monuments import Monument

Illustration = Annotated[Carpet | Car | Instrument | Monument, Field(discriminator="kind")]
"""What one drawing is made from; it stands in `exhibit.toml` as [illustration]."""

_adapter: TypeAdapter[Illustration] = TypeAdapter(Illustration)


def plan_of(values: object) -> Illustration:
    """Read a plan as it was stored; raise pydantic's ValidationError for what is none."""
    return _adapter.validate_python(values)


@lru_cache(maxsize=256)
def drawing(plan: Illustration) -> str:
    """Draw a plan as SVG; a drawing is kept, since a carpet takes a tenth of a second."""
    return plan.svg()
