"""A drawing that somebody made of the house, cleaned until it can stand in a page.

What can run or fetch something is refused, with its line. What a drawing program adds for
itself is left out. What stays is outlines without a colour of their own, in the ink of the
page, so that they can be seen in light and dark. Words are refused: they cannot be
translated; halls and marks have names in every language (`halls.toml`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from markupsafe import escape

LARGEST = 40_000
"""Characters; a schematic plan of a house takes some 5,000."""
DEEPEST = 30
FLOORS = range(-5, 31)
SVG = "http://www.w3.org/2000/svg"

SHAPES = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
)
DANGEROUS = frozenset(
    {"script", "style", "foreignObject", "image", "use", "a", "animate", "animateMotion"}
    | {"animateTransform", "set", "handler", "listener", "iframe", "embed", "object", "audio"}
    | {"video", "filter", "feImage", "pattern", "mask", "clipPath", "marker"}
)
WORDS = frozenset({"text", "tspan", "textPath"})

NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?"
VALUES: Mapping[str, str] = {
    **dict.fromkeys(
        ("x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2"),
        NUMBER,
    ),
    "stroke-width": NUMBER,
    "opacity": NUMBER,
    "fill-opacity": NUMBER,
    "stroke-opacity": NUMBER,
    "stroke-dasharray": r"none|[\d.,\s]+",
    "stroke-linecap": "butt|round|square",
    "stroke-linejoin": "miter|round|bevel",
    "fill-rule": "nonzero|evenodd",
    "d": r"[MmZzLlHhVvCcSsQqTtAaeE\d.,+\-\s]+",
    "points": r"[eE\d.,+\-\s]+",
    "transform": r"((matrix|translate|scale|rotate|skewX|skewY)\([eE\d.,+\-\s]+\)[\s,]*)+",
}
"""What an attribute may say; one that is not here is left out."""
VIEW_BOX = rf"\s*{NUMBER}[\s,]+{NUMBER}[\s,]+{NUMBER}[\s,]+{NUMBER}\s*"
OF_A_FLOOR = re.compile(r"floor-(-?\d{1,2})")


class PlanError(ValueError):
    """The drawing cannot be taken: on this line something is not as it must be."""

    def __init__(self, line: int, found: str, expected: str) -> None:
        super().__init__(f"line {line}: found {found}, expected {expected}")
        self.line = line
        self.found = found
        self.expected = expected


@dataclass
class Shape:
    """An element that stays, with what stays of it."""

    name: str
    said: dict[str, str] = field(default_factory=dict[str, str])
    within: "list[Shape]" = field(default_factory=list["Shape"])

    def written(self, indent: str = "") -> str:
        """Write it as XML, one element a line."""
        said = "".join(f' {name}="{escape(value)}"' for name, value in self.said.items())
        if not self.within:
            return f"{indent}<{self.name}{said}/>\n"
        inner = "".join(shape.written(indent + "  ") for shape in self.within)
        return f"{indent}<{self.name}{said}>\n{inner}{indent}</{self.name}>\n"

    @property
    def floor(self) -> int | None:
        """The floor that a group is of; None where it is of all."""
        found = OF_A_FLOOR.fullmatch(self.said.get("id", ""))
        return int(found[1]) if found else None


def clean(svg: str) -> str:
    """Return a drawing with only what may stay, always in the same shape; raises PlanError."""
    return _read(svg).written()


def view_box(svg: str) -> tuple[float, float, float, float]:
    """Return the frame of a cleaned drawing: start, top, width, height."""
    start, top, width, height = (
        float(one) for one in re.split(r"[\s,]+", _read(svg).said["viewBox"].strip())
    )
    return start, top, width, height


def of_floor(svg: str, floor: int) -> str:
    """Return what a cleaned drawing shows of a floor, without the frame around it."""
    drawn = (one for one in _read(svg).within if one.floor in {None, floor})
    return "".join(shape.written() for shape in drawn)


def floors_of(svg: str) -> set[int]:
    """Name the floors that a cleaned drawing has groups for."""
    return {one.floor for one in _read(svg).within if one.floor is not None}


def _read(svg: str) -> Shape:
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartDoctypeDeclHandler = lambda *_: reader.refuse("a document type", "only <svg>")
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = lambda _: reader.end()
    reader.parser = parser
    try:
        parser.Parse(svg.encode(), True)  # noqa: FBT003 (expat takes it by place: it is all)
    except expat.ExpatError as bad:
        raise PlanError(bad.lineno, expat.errors.messages[bad.code], "XML") from None
    if reader.root is None:
        raise PlanError(1, "no drawing", "<svg>")
    return reader.root


class _Reader:
    """Takes a drawing element by element; what lies in one that is left out goes with it."""

    parser: expat.XMLParserType

    def __init__(self) -> None:
        self.root: Shape | None = None
        self._open: list[Shape | None] = []

    def refuse(self, found: str, expected: str) -> None:
        raise PlanError(self.parser.CurrentLineNumber, found, expected)

    def begin(self, name: str, said: Mapping[str, str]) -> None:
        space, _, word = name.rpartition(" ")
        if len(self._open) >= DEEPEST:
            self.refuse("an element within too many others", f"at most {DEEPEST} levels")
        if word in DANGEROUS:
            self.refuse(f"<{word}>", "outlines only: path, rect, circle, line, polygon, g")
        if word in WORDS and space == SVG:
            self.refuse(f"<{word}>", "no words: the halls' names stand in halls.toml")
        for one in said:
            if one.rpartition(" ")[2].startswith(("on", "href")):
                self.refuse(f"the attribute {one.rpartition(' ')[2]}", "nothing that acts")
        is_drawn = space == SVG and word in SHAPES
        parent = self._open[-1] if self._open else None
        if self.root is None:
            if not is_drawn or word != "svg":
                self.refuse(f"<{word}>", f'<svg xmlns="{SVG}">')
            self.root = shape = Shape("svg", self._frame(said))
        elif is_drawn and word != "svg" and parent is not None:
            shape = Shape(word, _kept(said, is_outermost=parent is self.root))
            parent.within.append(shape)
        else:
            self._open.append(None)
            return
        self._open.append(shape)

    def end(self) -> None:
        self._open.pop()

    def _frame(self, said: Mapping[str, str]) -> dict[str, str]:
        box = said.get("viewBox", "")
        if not re.fullmatch(VIEW_BOX, box):
            self.refuse(f"the viewBox «{box[:40]}»", "four numbers, as in 0 0 300 200")
        numbers = re.split(r"[\s,]+", box.strip())
        if min(float(numbers[2]), float(numbers[3])) <= 0:
            self.refuse(f"the viewBox «{box[:40]}»", "a width and a height above 0")
        return {"xmlns": SVG, "viewBox": " ".join(numbers)}


def _kept(said: Mapping[str, str], *, is_outermost: bool) -> dict[str, str]:
    style = (one.partition(":") for one in said.get("style", "").split(";"))
    told = {**said, **{name.strip(): value.strip() for name, _, value in style}}
    kept = {
        name: " ".join(told[name].split())
        for name, pattern in VALUES.items()
        if name in told and re.fullmatch(pattern, told[name].strip())
    }
    if is_outermost and OF_A_FLOOR.fullmatch(told.get("id", "")):
        kept["id"] = told["id"]
    if "stroke" in told:
        kept["stroke"] = "none" if told["stroke"] == "none" else "currentColor"
    if "fill" in told:
        kept["fill"] = "currentColor" if told["fill"] == "currentColor" else "none"
    return kept
