"""What stays of a picture in a narrower or wider frame: always what matters in it."""

from dataclasses import dataclass

RATIOS = ((1, 1), (4, 3), (16, 9))
"""The frames that pictures are put into, as width to height."""


@dataclass(frozen=True)
class Crop:
    """A part of a picture, in its pixels."""

    left: int
    top: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Say whether a point of the picture is in it."""
        return (
            self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height
        )


def crop(  # noqa: PLR0913, PLR0917 (a size, a frame and a point)
    width: int, height: int, wide: int, high: int, x: float, y: float
) -> Crop:
    """Cut the largest part of a frame's shape, as near around a point as the edges let.

    The point is told in parts of the width and height, from 0 to 1.
    """
    across = min(width, height * wide // high)
    down = min(height, width * high // wide)
    return Crop(
        left=round(min(max(x * width - across / 2, 0), width - across)),
        top=round(min(max(y * height - down / 2, 0), height - down)),
        width=across,
        height=down,
    )
