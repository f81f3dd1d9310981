"""Drawing a carpet: a pattern after no particular one, dyed and written as an SVG file."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from random import Random
from typing import Literal, NamedTuple

from pydantic import Field

from guide.illustrations.carpet_patterns import COLUMNS, ROWS, Cartoon, Grounds, Layout
from guide.illustrations.plan import Plan

Dye = Literal["madder", "indigo", "ivory", "saffron", "walnut"]
Yarn = tuple[str, int]
"""A wool and its step of abrash: -1, 0 or 1."""
Rectangle = tuple[int, int, int, int]
"""x, y, width and height in knots."""

MARGIN, END = 1, 6  # beside the carpet, and above and below it, where the fringe hangs
ABRASH = 0.055  # how far a ground drifts from its colour, to either side
UNDYED = "#b5a688"  # warps and flat-woven ends: visible on a light page and on a dark one
FURROWS = (  # between rows and columns of knots: two dashed lines as wide as the carpet
    '<g stroke="#000" stroke-dasharray=".16 .84" stroke-dashoffset=".08">'
    f'<path stroke-width="{COLUMNS}" stroke-opacity=".09" d="M{COLUMNS // 2} 0v{ROWS}"/>'
    f'<path stroke-width="{ROWS}" stroke-opacity=".05" d="M0 {ROWS // 2}h{COLUMNS}"/></g>'
)


class Palette(NamedTuple):
    grounds: Grounds
    wools: dict[str, str]


PALETTES: dict[Dye, Palette] = {
    "madder": Palette(
        Grounds("r", "b", "w", "r"),
        {"k": "#2b1f1c", "b": "#1b2841", "r": "#a4372d", "t": "#35695f",
         "y": "#c39444", "s": "#88a0a5", "w": "#f1e9d4"},
    ),
    "indigo": Palette(
        Grounds("b", "w", "r", "w"),
        {"k": "#2a211e", "b": "#1b2943", "r": "#a93a2e", "t": "#3b6a6b",
         "y": "#c19444", "s": "#909f94", "w": "#f1e9d4"},
    ),
    "ivory": Palette(
        Grounds("w", "r", "b", "y"),
        {"k": "#2a1f1d", "b": "#1c2a44", "r": "#a03d33", "t": "#3f6a5c",
         "y": "#c39349", "s": "#84a0a8", "w": "#f1e9d4"},
    ),
    "saffron": Palette(
        Grounds("y", "b", "r", "w"),
        {"k": "#2c201b", "b": "#1d2740", "r": "#a23a31", "t": "#3d6656",
         "y": "#c29445", "s": "#999e80", "w": "#f1e9d4"},
    ),
    "walnut": Palette(
        Grounds("k", "y", "r", "w"),
        {"k": "#2c1f19", "b": "#1e2942", "r": "#a54033", "t": "#44634c",
         "y": "#c29450", "s": "#a79a83", "w": "#f1e9d4"},
    ),
}  # fmt: skip


class Carpet(Plan):
    """A carpet of 72 × 108 knots. The seed chooses motifs, their wools and their unevenness."""

    kind: Literal["carpet"]
    seed: int
    palette: Dye
    field: Layout
    medallions: int = Field(default=1, ge=1, le=3)

    def svg(self) -> str:
        """Draw a file of its own, one unit a knot, the same on a light page and a dark one."""
        chance = Random(self.seed)  # noqa: S311  chance that repeats, not a secret
        grounds, wools = PALETTES[self.palette]
        knots = self.knots()
        drifts = {wool: _drift(chance) for wool in (grounds.field, grounds.border)}
        dyed = [
            [(w, drifts[w][y] if w in drifts else 0) for w in k] for y, k in enumerate(knots)
        ]
        fills = "".join(
            f'<path fill="{shade(wools[wool], drift)}" d="{_path(rectangles)}"/>'
            for (wool, drift), rectangles in _painted(dyed)
        )
        frame = f"{-MARGIN} {-END} {COLUMNS + 2 * MARGIN} {ROWS + 2 * END}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{frame}">'
            f"{_fringe(chance)}{fills}{FURROWS}</svg>"
        )

    def knots(self) -> list[str]:
        """Return the pattern row by row, one letter of a wool for each knot."""
        cartoon = Cartoon(PALETTES[self.palette].grounds, Random(self.seed))  # noqa: S311  as above
        cartoon.lay(self.field, self.medallions)
        return cartoon.rows()


def shade(colour: str, drift: int) -> str:
    """Lighten or darken a colour by so many steps of abrash."""
    parts = (int(colour[at : at + 2], 16) * (1 + drift * ABRASH) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _drift(chance: Random) -> list[int]:
    """Where yarn of another dye bath came in, row by row: -1, 0 or 1, a step at a time."""
    rows: list[int] = []
    tone = 0
    while len(rows) < ROWS:
        rows += [tone] * chance.randint(5, 16)
        following = chance.choice([-1, 1]) if tone == 0 else 0
        rows += [following, tone]  # the skeins mingle for a row
        tone = following
    return rows[:ROWS]


def _painted(knots: list[list[Yarn]]) -> Iterator[tuple[Yarn, list[Rectangle]]]:
    """Each yarn and what to fill with it: the most used wool first, its own tone before others.

    A yarn runs on beneath those painted after it: fewer rectangles, and no seams.
    """
    wools = Counter(wool for row in knots for wool, _ in row)
    yarns = sorted(
        {yarn for row in knots for yarn in row},
        key=lambda yarn: (-wools[yarn[0]], yarn[0], abs(yarn[1]), yarn[1]),
    )
    order = {yarn: n for n, yarn in enumerate(yarns)}
    yield yarns[0], [(0, 0, COLUMNS, ROWS)]
    for rank, yarn in enumerate(yarns[1:], 1):
        rectangles: list[Rectangle] = []
        growing: dict[tuple[int, int], int] = {}  # the rectangles that end in this row
        for y, row in enumerate(knots):
            grown: dict[tuple[int, int], int] = {}
            own = {yarn} if yarn[1] else {(yarn[0], drift) for drift in (-1, 0, 1)}
            for run in _runs([0 if knot in own else order[knot] - rank for knot in row]):
                if (at := growing.get(run)) is None:
                    at = len(rectangles)
                    rectangles.append((run[0], y, run[1], 0))
                x, top, width, height = rectangles[at]
                rectangles[at] = x, top, width, height + 1
                grown[run] = at
            growing = grown
        yield yarn, rectangles


def _runs(ranks: list[int]) -> Iterator[tuple[int, int]]:
    """Where a yarn runs in one row and how far; rank 0 is the yarn, more is painted later."""
    for is_open, knots in groupby(enumerate(ranks), key=lambda knot: knot[1] >= 0):
        own = [x for x, rank in knots if is_open and rank == 0]
        if own:
            yield own[0], own[-1] - own[0] + 1


def _path(rectangles: list[Rectangle]) -> str:
    """Relative moves, each from the lower left corner of the rectangle before; fill closes."""
    path, at_x, at_y = "", 0, 0
    for x, y, width, height in rectangles:
        path += f"m{x - at_x} {y - at_y}h{width}v{height}h-{width}"
        at_x, at_y = x, y + height
    return path.replace(" -", "-")


def _fringe(chance: Random) -> str:
    """Warps of uneven length at both ends, and the flat weave that they come from."""
    strands = ""
    for edge, outward in ((-0.7, -1), (ROWS + 0.7, 1)):
        for x in range(COLUMNS):
            length, lean = chance.randint(26, 44) / 10 * outward, chance.randint(-4, 4) / 10
            strands += f"M{x + 0.5:g} {edge:g}l{lean:g} {length:g}"
    strands = strands.replace(" -", "-")
    return (
        f'<path stroke="{UNDYED}" stroke-width=".35" d="{strands}"/>'
        f'<path fill="{UNDYED}" d="M0-1h{COLUMNS}v{ROWS + 2}H0"/>'
    )
