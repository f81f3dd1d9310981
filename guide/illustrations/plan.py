"""What every plan of a drawing has in common."""

from pydantic import BaseModel, ConfigDict


class Plan(BaseModel):
    """What one drawing is made from. The same plan always gives the same bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def has_bar(self) -> bool:
        """Say whether a bar of a known length stands below the drawing."""
        return False
