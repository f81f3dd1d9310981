"""Drawing a monument from the front, one unit 0.1 m, on its ground line and beside a person.

A height that a source gives stands in the plan and sets the size of the form; beside such a
monument lies a bar of 5 m. All else is general form, neither measured nor traced: windows,
stones and folds are as many as look well, and without a source the person beside gives no more
than a rough idea. The flag is drawn without its colours and its emblem.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Literal, NamedTuple

from pydantic import Field

from guide.illustrations.lines import (
    Frame,
    Knot,
    around,
    band,
    box,
    framed,
    knots,
    mirrored,
    moved,
    polygon,
    ring,
    straight,
    stroke,
    through,
    turn,
)
from guide.illustrations.plan import Plan

BAR = 50


class Monument(Plan):
    """A monument from the front, as it is generally known."""

    kind: Literal["monument"]
    form: Literal[
        "carpet-museum",
        "bibi-heybat-mosque",
        "center",
        "government-house",
        "philharmonic",
        "flag-square",
        "maiden-tower",
    ]
    height_m: float | None = Field(default=None, gt=0)
    width_m: float | None = Field(default=None, gt=0)

    @property
    def has_bar(self) -> bool:
        """Say whether its height is known, so that a bar can give the scale."""
        return self.height_m is not None

    def svg(self) -> str:
        """Draw it with a person, and with the bar if its height is known."""
        form = FORMS[self.form]
        left, right, height, width = form.left, form.right, form.height, form.width
        up = self.height_m * 10 / height if self.height_m else 1
        across = self.width_m * 10 / width if self.width_m else up
        below = 0.05 * (right - left)
        bar = ""
        if self.height_m:
            ends = complex(right - BAR / across, -below), complex(right, -below)
            tick = 0.006j * (right - left)
            bar = stroke(
                "inner", straight(*ends), *(straight(e - tick, e + tick) for e in ends)
            )
        return framed(
            "monument",
            Frame(left, -below - 2 if bar else 0, right, height),
            form.draw(),
            stroke("line", straight(left, right)),
            _person(form.person, across, up),
            bar,
            scale=(across, up),
        )


def _maiden_tower() -> str:
    """Draw a round tower, smooth below and ribbed above, and a solid buttress beside it."""
    wall = "78,295/ 81,292 81,286/ 82.5,0/"
    courses, beds, ribs = range(8, 96, 8), range(10, 260, 10), range(99, 282, 7)
    joints = [
        straight(complex(x, y), complex(x, y - 8))
        for y in courses
        for angle in range(-72 + y % 16, 80, 16)
        if abs(x := 82 * turn(angle + y * 5 % 7).imag) < 78  # noqa: PLR2004  not at the edge
    ]
    stones = [
        straight(complex(x, y), complex(x, y - 10))
        for y in beds
        for x in (92 + y * 7 % 17, 118 + y * 3 % 19)
    ]
    return (
        stroke("shade line", around(knots("78,0/ 76,284/ 106,283 130,272 140,250/ 147,0/")))
        + stroke(
            "fine", *stones, *(straight(complex(82, y), complex(146 - y / 40, y)) for y in beds)
        )
        + stroke("tint", mirrored(wall))
        + stroke("fine", _levels(82, *courses), *joints)
        + stroke("shade", *(_boxes(y, 163.2, 3.4, 0) for y in ribs))
        + stroke("fine", _levels(81.6, *ribs))
        + stroke("inner", _levels(81, 96, 288))
        + stroke("line", mirrored(wall))
        + stroke("deep inner", *(_pointed(y, 3, 8, -22) for y in (250, 212, 172, 128)))
        + stroke("deep inner", *(_pointed(y, 3, 8, 24) for y in (230, 150)))
        + stroke("deep inner", _pointed(0, 10, 26, -42))
    )


def _bibi_heybat() -> str:
    """Draw three domes, the middle one higher, between two minarets."""
    small = "0,212/ 6,204 22,190 33,168 35,150 35,138/"
    great = "0,286/ 9,275 34,255 52,222 56,198 56,184/"
    minarets, domes, windows = _both(204), _both(104), _both(74, 101, 128)
    finial = "0,20/ 1.5,10 4.5,6 1.5,0 1.5,-5/"
    lights = _both(8, 24)
    tops = (291j, *(x + 217j for x in domes), *(x + 366j for x in minarets))
    return (
        stroke("tint line", _boxes(0, 392, 84, 0), _halves("14,84/ 12,250/", *minarets))
        + stroke("shade line", _boxes(0, 38, 84, *minarets))
        + stroke("fine", _uprights(84, 250, *_both(198, 210)))
        + stroke("shade inner", _halves("12,240/ 21,254/ 21,264/", *minarets))
        + stroke("tint line", _boxes(264, 18, 62, *minarets))
        + stroke("deep inner", _pointed(266, 4, 24, *minarets))
        + stroke("shade line", _halves("0,370/ 3,358 12,342 12,326/", *minarets))
        + stroke("tint line", _boxes(112, 72, 26, *domes), _boxes(140, 114, 44, 0))
        + stroke("shade line", _halves(small, *domes), mirrored(great))
        + stroke("fine", *(_rib(small, share, x) for share in _both(0.2, 0.6) for x in domes))
        + stroke("fine", *(_rib(great, share, 0) for share in _both(0.15, 0.45, 0.75)))
        + stroke("tint line", _boxes(0, 304, 112, 0), _boxes(0, 100, 150, 0))
        + stroke("inner", _boxes(0, 84, 142, 0), *(_boxes(104, 102, 8, x) for x in _both(101)))
        + stroke("void inner", _pointed(0, 33, 126, 0))
        + stroke("deep inner", _pointed(0, 14, 58, 0), _pointed(26, 9, 52, *windows))
        + stroke("fine", _pointed(0, 27, 114, 0), _pointed(0, 21, 102, 0))
        + stroke("fine", _boxes(20, 24, 66, *windows))
        + stroke("deep fine", _pointed(152, 4, 24, *range(-42, 43, 14)))
        + stroke("deep fine", _pointed(116, 3, 16, *(x + dx for x in domes for dx in lights)))
        + stroke("accent inner", *(mirrored(finial, top) for top in tops))
    )


def _center() -> str:
    """Draw one sheet that leaves the ground, folds twice and returns, with glass beneath."""
    outer = knots(
        "-860,0 -720,40 -570,150 -420,246 -280,264 -140,226 -30,214 70,290 170,470 270,640"
        " 370,728 455,736 525,650 585,480 650,270 740,100 850,0"
    )
    inner = knots(
        "-860,0 -720,12 -570,50 -420,84 -280,90 -140,84 -30,98 70,170 160,340 245,510"
        " 320,606 380,616 425,540 465,390 505,220 545,80 580,0"
    )
    behind = knots("560,470 640,430 740,330 830,250 920,220 1010,170 1090,70 1160,0")
    below = knots("560,300 640,270 740,190 830,130 920,100 1000,70 1060,30 1100,0")
    glass = [
        _uprights(0, a.imag + (b - a).imag * (x - a.real) / (b - a).real + 10, x)
        for a, b in pairwise(knot.at for knot in inner[4:])
        for x in range(round(a.real) // 30 * 30 + 30, round(b.real), 30)
    ]  # their ends lie under the sheet
    floors = [straight(x + y, 500 - y.imag / 6 + y) for x, y in
              ((0, 100j), (90, 200j), (140, 300j), (190, 400j))]  # fmt: skip
    return (
        stroke("shade line", band(behind, [Knot(560)]))
        + stroke("inner", *(through(_between(behind, below, share)) for share in (0.4, 0.8)))
        + stroke("shade", through(inner) + "Z")
        + stroke("fine", *glass, *floors)
        + stroke("void line", band(outer, inner))
        + stroke(
            "inner", *(through(_between(outer, inner, n)) for n in (0.22, 0.44, 0.66, 0.84))
        )
    )


def _government_house() -> str:
    """Draw a long front in steps: an arcade, rows of windows, and loggias on its towers."""
    towers = _both(190, 290)
    bays = range(-126, 127, 36)
    windows = [x + dx for x in towers for dx in (-24, -8, 8, 24)]
    return (
        stroke("tint line", _boxes(222, 220, 34, 0))
        + stroke("shade line", _boxes(254, 232, 7, 0), _boxes(214, 248, 8, 0))
        + stroke("deep fine", _boxes(228, 6, 20, *range(-96, 97, 16)))
        + stroke("tint line", _boxes(0, 320, 210, 0), _boxes(0, 170, 228, *_both(245)))
        + stroke("shade line", _boxes(206, 312, 8, 0))
        + stroke("tint line", _boxes(0, 76, 250, *towers))
        + stroke("shade line", _boxes(236, 84, 7, *towers), _boxes(286, 84, 7, *towers))
        + stroke("tint line", _boxes(243, 68, 43, *towers))
        + stroke("tint line", _halves("0,312/ 20,306 26,293/", *towers))
        + stroke("deep inner", *(_round(246, 7, 34, x - 21, x, x + 21) for x in towers))
        + stroke("void inner", _round(84, 13, 108, *bays))
        + stroke("deep inner", _round(84, 8, 96, *bays))
        + stroke("deep fine", *(_boxes(y, 6, 12, *windows) for y in range(86, 226, 20)))
        + stroke("shade inner", _boxes(62, 668, 10, 0))
        + stroke("deep inner", _round(0, 9, 50, *range(-312, 313, 26)))
    )


def _philharmonic() -> str:
    """Draw a hall with high arched windows between two slender towers, and low arcades."""
    towers, bays = _both(118), (-60, 0, 60)
    return (
        stroke("tint line", _boxes(0, 540, 84, 0))
        + stroke("shade inner", _boxes(80, 548, 6, 0))
        + stroke("inner", _boxes(86, 128, 12, *_both(206)))
        + stroke("fine", _uprights(86, 98, *_both(*range(148, 270, 8))))
        + stroke("shade line", mirrored("70,216/ 88,175/"))
        + stroke("tint line", _round(175, 36, 58, 0))
        + stroke("inner", ring(204j, 18))
        + stroke("deep inner", ring(204j, 12))
        + stroke("tint line", _boxes(0, 192, 172, 0))
        + stroke("shade line", _boxes(168, 200, 7, 0))
        + stroke("inner", _boxes(175, 188, 13, 0))
        + stroke("fine", _uprights(175, 188, *range(-88, 92, 8)))
        + stroke("tint line", _boxes(0, 48, 200, *towers), _boxes(205, 38, 46, *towers))
        + stroke("shade line", _boxes(198, 56, 7, *towers), _boxes(249, 46, 6, *towers))
        + stroke("deep inner", *(_round(208, 5, 34, x - 9, x + 9) for x in towers))
        + stroke("shade line", _halves("0,284 12,280 19,268 20,255/", *towers))
        + stroke("accent inner", _halves("0,310/ 3,300 4,292 2,284/", *towers))
        + stroke("void inner", _round(82, 22, 74, *bays))
        + stroke("deep inner", _round(86, 16, 62, *bays))
        + stroke("void fine", _boxes(86, 2, 62, *bays))
        + stroke("inner", _levels(142, 70, 76))
        + stroke("deep inner", _round(0, 14, 56, *bays))
        + stroke("deep inner", _round(0, 10, 60, *_both(160, 190, 220, 250)))
        + stroke("deep inner", *(_round(y, 6, 38, *towers) for y in (18, 96, 150)))
    )


def _flag_square() -> str:
    """Draw a pole on steps, and a cloth of three bands in the wind."""
    top = knots("14,1570 134,1598 284,1544 444,1566 584,1604 714,1568")
    edges = [moved(top, -350j / 3 * band) for band in range(4)]
    fold, folds = knots("14,20 -2,-110 8,-230"), (190 + 1500j, 380 + 1490j, 600 + 1550j)
    return (
        stroke(
            "shade line", _boxes(0, 300, 14, 0), _boxes(14, 220, 14, 0), _boxes(28, 144, 20, 0)
        )
        + stroke("tint line", mirrored("5,1612/ 15,48/"), band(edges[0], edges[1]))
        + stroke("void line", band(edges[1], edges[2]))
        + stroke("shade line", band(edges[2], edges[3]))
        + stroke("fine", *(through(moved(fold, at)) for at in folds))
        + stroke("accent inner", ring(1613j, 7))
    )


def _carpet_museum() -> str:
    """Draw a carpet half rolled up: it is as wide as the building is long."""
    width = 172 + 30j
    field = range(-65, 86, 30)

    def on(angle: float, along: float, reach: float = 1) -> complex:
        far = turn(angle, reach)
        return complex(80 * far.real, 108 + 105 * far.imag) + along * width

    def strip(start: float, end: float) -> str:
        near, far = ([Knot(on(a, x)) for a in range(98, -83, -20)] for x in (start, end))
        return band(near, far)

    def lozenge(angle: float, along: float, tall: float, wide: float) -> str:
        corners = ((0, wide), (tall, 0), (0, -wide), (-tall, 0))
        return polygon(*(on(angle + a, along + b) for a, b in corners))

    border = [(angle, along) for angle in range(-74, 96, 14) for along in (0.125, 0.875)]
    return (
        stroke("shade line", box(30, 0, 232, 40))
        + stroke("fine", _uprights(0, 40, *range(92, 262, 10)))
        + stroke("shade line", polygon(-150, -150 + 5j, 22 + 33j, 80 + 33j, 80))
        + stroke("tint line", strip(0, 1))
        + stroke("shade inner", strip(0.05, 0.2), strip(0.8, 0.95))
        + stroke("void fine", *(lozenge(*at, 6, 0.045) for at in border))
        + stroke("shade inner", *(lozenge(angle, 0.5, 14, 0.22) for angle in field))
        + stroke("void fine", *(lozenge(angle, 0.5, 8, 0.12) for angle in field))
        + stroke("accent", *(lozenge(angle, 0.5, 3, 0.045) for angle in field))
        + stroke("void line", ring(108j, 80, 105))
        + stroke("inner", through(Knot(on(30 * n - 90, 0, 1 - 0.011 * n)) for n in range(63)))
    )


class Form(NamedTuple):
    """How a monument is drawn, how far its ground goes, and where the person stands on it."""

    draw: Callable[[], str]
    left: float
    right: float
    person: float
    height: float
    width: float


FORMS = {
    "carpet-museum": Form(_carpet_museum, -215, 300, -190, 244, 402),
    "bibi-heybat-mosque": Form(_bibi_heybat, -270, 270, -248, 386, 446),
    "center": Form(_center, -900, 1190, -790, 740, 2020),
    "government-house": Form(_government_house, -390, 390, -362, 312, 660),
    "philharmonic": Form(_philharmonic, -320, 320, -296, 310, 540),
    "flag-square": Form(_flag_square, -300, 760, -220, 1620, 714),
    "maiden-tower": Form(_maiden_tower, -150, 176, -118, 295, 165),
}


def _rib(dome: str, share: float, middle: float) -> str:
    """Draw a line over a dome, from its top to its foot."""
    return through(moved(knots(dome, across=share), middle))


def _between(one: list[Knot], other: list[Knot], share: float) -> list[Knot]:
    return [Knot(a.at + (b.at - a.at) * share) for a, b in zip(one, other, strict=True)]


def _both(*away: float) -> list[float]:
    """Return these places on the left of the middle and on its right."""
    return [side * x for x in away for side in (-1, 1)]


def _boxes(foot: float, width: float, height: float, *middles: float) -> str:
    return "".join(box(x - width / 2, foot, width, height) for x in middles)


def _halves(way: str, *middles: float) -> str:
    return "".join(mirrored(way, x) for x in middles)


def _levels(half: float, *heights: float) -> str:
    return "".join(straight(complex(-half, y), complex(half, y)) for y in heights)


def _uprights(foot: float, top: float, *places: float) -> str:
    return "".join(straight(complex(x, foot), complex(x, top)) for x in places)


def _pointed(foot: float, half: float, high: float, *middles: float) -> str:
    """Draw openings under pointed arches."""
    bow = f"{half * 0.62},{high - half * 0.5} {half},{high - 1.25 * half}/"
    return "".join(mirrored(f"0,{high}/ {bow} {half},0/", complex(x, foot)) for x in middles)


def _round(foot: float, half: float, high: float, *middles: float) -> str:
    """Draw openings under round arches."""
    spring = high - half
    bow = f"{half * 0.71},{spring + half * 0.71} {half},{spring}/"
    return "".join(mirrored(f"0,{high} {bow} {half},0/", complex(x, foot)) for x in middles)


def _person(x: float, across: float, up: float) -> str:
    """Draw a grown person, 1.7 m."""
    figure = "0,13.6/ 3,13 3.4,7.4/ 2.2,7/ 2,0/ 0.4,0/ 0,6/"
    head = ring(complex(x, 15.4 / up), 1.7 / across, 1.7 / up)
    return stroke("deep inner", mirrored(figure, x, (1 / across, 1 / up)), head)
