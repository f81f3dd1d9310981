"""Drawing in lines: curves through a few points, mirrored halves, and the frame around them.

Everything is measured from the ground or the foot upwards and from the left to the right.
A way is written as its points, `x,y x,y x,y`: a smooth curve goes through all of them, and
turns sharply where a point ends with a stroke (`x,y/`). Weights are the classes `line`,
`inner` and `fine`; fills are `tint`, `shade`, `void`, `deep` and `accent`. The style sheet
gives them widths and colours, light and dark, and keeps the strokes from scaling.
"""

from cmath import rect
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import radians
from typing import NamedTuple

MARGIN = 0.08  # of the longer side, all around
FILLS = {"tint", "shade", "void", "deep", "accent"}


class Knot(NamedTuple):
    """A point of a way, x + y·i, and whether the way turns sharply there."""

    at: complex
    is_corner: bool = False


class Frame(NamedTuple):
    """How far the object reaches; the margin comes on top."""

    left: float
    bottom: float
    right: float
    top: float


def knots(way: str, across: float = 1, up: float = 1) -> list[Knot]:
    """Read a way, stretched across and upwards."""
    found = []
    for word in way.split():
        x, y = word.rstrip("/").split(",")
        found.append(Knot(complex(float(x) * across, float(y) * up), word.endswith("/")))
    return found


def through(way: Iterable[Knot]) -> str:
    """Draw an open way."""
    runs: list[list[complex]] = [[]]
    for knot in way:
        runs[-1].append(knot.at)
        if knot.is_corner:
            runs.append([knot.at])
    return _move(runs[0][0]) + "".join(_curve(run) for run in runs)


def around(way: Sequence[Knot]) -> str:
    """Draw a closed way, smooth where it closes unless a corner stands there."""
    first = next((n for n, knot in enumerate(way) if knot.is_corner), None)
    if first is not None:
        return through([*way[first:], *way[: first + 1]]) + "Z"
    lap = [knot.at for knot in way]
    return _move(lap[0]) + _curve([lap[-1], *lap, *lap[:2]], ends=1) + "Z"


def band(near: Sequence[Knot], far: Sequence[Knot]) -> str:
    """Draw what lies between two ways that run the same way."""
    ends = {near[0].at, near[-1].at, far[0].at, far[-1].at}
    return around([Knot(at, at in ends or corner) for at, corner in (*near, *reversed(far))])


def mirrored(half: str, middle: complex = 0, scale: tuple[float, float] = (1, 1)) -> str:
    """Draw a closed way from its right half, which runs from the top to the foot."""
    right = knots(half, *scale)
    left = [Knot(-knot.at.conjugate(), knot.is_corner) for knot in reversed(right)]
    return around(moved([*right, *(knot for knot in left if knot.at.real)], middle))


def moved(way: Iterable[Knot], by: complex) -> list[Knot]:
    """Return the same way in another place."""
    return [knot._replace(at=knot.at + by) for knot in way]


def straight(*points: complex) -> str:
    """Draw an open way of straight lines."""
    return through(Knot(point, is_corner=True) for point in points)


def polygon(*points: complex) -> str:
    """Draw a closed way of straight lines."""
    return straight(*points) + "Z"


def box(left: float, bottom: float, width: float, height: float) -> str:
    """Draw a rectangle."""
    across, up = _number(width), _number(height)
    return f"{_move(complex(left, bottom))}h{across}v{up}h-{across}Z"


def ring(middle: complex, radius: float, high: float | None = None) -> str:
    """Draw a circle, or an ellipse of half this height."""
    arc = f"a{_number(radius)} {_number(high or radius)} 0 1 0 "
    return f"{_move(middle - radius)}{arc}{_number(2 * radius)} 0{arc}{_number(-2 * radius)} 0Z"


def turn(degrees: float, radius: float = 1) -> complex:
    """Return the point at this angle, counted from the right against the clock."""
    return rect(radius, radians(degrees))


def stroke(marks: str, *ways: str) -> str:
    """Put ways on paper with a weight, a fill or both."""
    return f'<path class="{marks}" d="{"".join(ways).replace(" -", "-")}"/>'


def strokes(parts: Mapping[str, str], across: float = 1, up: float = 1) -> str:
    """Put a table of ways on paper in its order: marks, and their ways parted by semicolons."""
    drawn = []
    for marks, ways in parts.items():
        draw = around if FILLS & set(marks.split()) else through
        drawn.append(stroke(marks, *(draw(knots(w, across, up)) for w in ways.split(";"))))
    return "".join(drawn)


def framed(kind: str, frame: Frame, *drawn: str, scale: tuple[float, float] = (1, 1)) -> str:
    """Set a drawing in its frame, ready to stand inline in a page beside its caption."""
    across, up = scale
    left, top = frame.left * across, frame.top * up
    width, height = frame.right * across - left, top - frame.bottom * up
    margin = max(width, height) * MARGIN
    sides = (left - margin, -top - margin, width + 2 * margin, height + 2 * margin)
    return (
        f'<svg viewBox="{" ".join(map(_number, sides))}" role="img" aria-hidden="true" '
        f'class="drawing {kind}"><g transform="scale({across:.4g} {-up:.4g})">'
        f"{''.join(drawn)}</g></svg>"
    )


def _curve(points: Sequence[complex], ends: int = 0) -> str:
    """Go through these points; the outermost `ends` at either side only give the direction."""
    if len(points) < 2 + ends:
        return ""
    if len(points) == 2:  # noqa: PLR2004  two points are a straight line
        return f"l{_pair(_step(*points))}"
    lengths = [abs(b - a) or 1 for a, b in pairwise(points)]
    slopes = [
        (b - a) / length for (a, b), length in zip(pairwise(points), lengths, strict=True)
    ]
    tangents = [
        (before * far + after * near) / (near + far)
        for (before, after), (near, far) in zip(
            pairwise(slopes), pairwise(lengths), strict=True
        )
    ]
    tangents = [2 * slopes[0] - tangents[0], *tangents, 2 * slopes[-1] - tangents[-1]]
    drawn = ""
    for n in range(ends, len(points) - 1 - ends):
        third = lengths[n] / 3
        step = _step(points[n], points[n + 1])
        leave, arrive = tangents[n] * third, step - tangents[n + 1] * third
        drawn += f"c{_pair(leave)} {_pair(arrive)} {_pair(step)}"
    return drawn


def _step(start: complex, end: complex) -> complex:
    """Go from one point to the next as the paper has them, so that roundings never add up."""
    return _rounded(end) - _rounded(start)


def _rounded(point: complex) -> complex:
    return complex(round(point.real, 1), round(point.imag, 1))


def _move(point: complex) -> str:
    return f"M{_pair(point)}"


def _pair(point: complex) -> str:
    return f"{_number(point.real)} {_number(point.imag)}"


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:g}"
