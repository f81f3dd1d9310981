"""Drawing an instrument from the front, one unit 1 mm, so that all of them share one scale.

Lengths and widths that a source gives stand in the plan and stretch the form to them; below
such an instrument lies a bar of 100 mm. All else is general form and not measured: where frets
and pegs sit, the bow, the reed, and every measure of an instrument without a source. Frets and
rings are counted, not placed; the strings of one course are drawn as one.
"""

from collections.abc import Callable, Sequence
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
    strokes,
    turn,
)
from guide.illustrations.plan import Plan

BAR = 100


class Instrument(Plan):
    """An instrument from the front, as its kind is generally known."""

    kind: Literal["instrument"]
    form: Literal["tar", "kamancha", "saz", "balaban", "naghara", "gaval", "garmon"]
    length_mm: float | None = Field(default=None, gt=0)
    """From top to foot as it is drawn: a drum's height, a frame drum's diameter."""
    wide_mm: float | None = Field(default=None, gt=0)
    """The bowl, the tube or the drum, at its widest."""
    frets: int = Field(default=0, ge=0, le=40)
    rings: int = Field(default=0, ge=0, le=100)

    @property
    def has_bar(self) -> bool:
        """Say whether its length is known, so that a bar can give the scale."""
        return self.length_mm is not None

    def svg(self) -> str:
        """Draw it upright, with the bar if its length is known."""
        form = FORMS[self.form]
        up = self.length_mm / form.length if self.length_mm else 1
        across = self.wide_mm / form.width if self.wide_mm else up
        left, bottom, right, top = form.frame
        bar = ""
        if self.length_mm:
            bottom -= 0.06 * form.length
            bar = _bar(BAR / across, complex((left + right) / 2, bottom), 0.01 * form.length)
        frame = Frame(left, bottom, right, top)
        return framed("instrument", frame, form.draw(self), bar, scale=(across, up))


def _tar(plan: Instrument) -> str:
    """Draw two bowls like a figure of eight, each with its own skin, and a long neck."""
    return (
        stroke("deep inner", *_pegs((746, 774, 802), 20), *_pegs((650, 690), 13, 0.6))
        + stroke("shade line", mirrored(
            "17,336/ 42,332 64,312 68,284 56,254 37,222/ 66,196 92,152 98,104 84,56 50,18 0,6"))
        + stroke("tint inner", mirrored("0,312 26,316 50,304 58,282 46,254 28,232 0,226"),
                 mirrored("0,212 30,204 62,174 84,140 89,102 76,60 46,26 0,15"))
        + stroke("void inner", mirrored("0,304 22,308 42,298 49,280 40,256 24,240 0,234"),
                 mirrored("0,202 26,194 54,168 75,136 80,102 68,66 42,36 0,25"))
        + stroke("tint line", mirrored("15,716/ 17,330/ 17,306 10,296 0,293"),
                 mirrored("15,716/ 23,730 25,760 20,804 24,826/ 34,836 32,852 16,858 0,858"))
        + stroke("deep inner", mirrored("9,730/ 12,764 9,808/"))
        + stroke("void fine", box(-15, 336, 4, 378), box(11, 336, 4, 378))
        + stroke("fine", *_frets(716, 342, 16, plan.frets))
        + stroke("fine", *_strings((-9, -5, 0, 5, 9), 740, 3.2, 94, 12))
        + stroke("void inner", box(-15.5, 713, 31, 6))
        + stroke("accent inner", polygon(-34 + 86j, -29 + 97j, 29 + 97j, 34 + 86j))
        + stroke("deep inner", mirrored("10,26/ 12,8/ 0,6/"))
    )  # fmt: skip


def _kamancha(_: Instrument) -> str:
    """Draw a bowl of staves on a spike, four strings, and its bow."""
    middle = 147.5j
    staves = [
        polygon(*(_oval(middle, angle + add, reach) for add, reach in
                  ((0, 1), (3.75, 1), (7.5, 1), (7.5, 0.7), (0, 0.7))))
        for angle in range(0, 360, 15)
    ]  # fmt: skip
    pearls = [ring(_oval(middle, angle, 0.675), 2) for angle in range(0, 360, 12)]
    return (
        stroke("deep inner", mirrored("4,66/ 3,20 1.5,0/"))
        + stroke("deep inner", *_pegs((588, 628), 16, 1.1))
        + stroke("tint line", ring(middle, 97.5, 87.5))
        + stroke("shade fine", *staves)
        + stroke("deep inner", ring(middle, 68.5, 61.5))
        + stroke("void", *pearls)
        + stroke("void inner", ring(middle, 62, 55.6))
        + stroke("tint line", mirrored("12,562/ 15,270/ 20,258 23,240 21,226/ 0,222"))
        + stroke("tint line", mirrored("12,562/ 19,582 20,626 15,648/"))
        + stroke("shade line", mirrored("11,648/ 12,656/ 19,670 13,684 4,692 0,700/"))
        + stroke("deep fine", mirrored("6,578/ 8,600 6,638/"))
        + stroke("inner", straight(-16 + 262j, 16 + 262j), straight(-15 + 270j, 15 + 270j))
        + stroke("fine", *_strings((-7, -2.5, 2.5, 7), 600, 3, 130, 66))
        + stroke("void inner", box(-12.5, 558, 25, 6))
        + stroke("accent inner", polygon(-29 + 122j, -25 + 133j, 25 + 140j, 29 + 129j))
        + stroke("shade inner", mirrored("8,68/ 6,56/ 0,54/"))
        + stroke("fine", straight(161 + 620j, 161 + 92j), straight(163 + 620j, 163 + 92j))
        + strokes({
            "tint line": "158,630/ 166,634 174,600 183,480 185,345 182,210 174,90 168,58"
            " 160,66/ 167,110 174,220 177,345 175,470 167,580/",
            "shade inner": "159,84/ 159,112/ 165,114/ 167,84/",
        })
    )  # fmt: skip


def _saz(plan: Instrument) -> str:
    """Draw a long drop of a body, a thin neck, and pegs from the front and from the side."""
    sides = [_peg(-14, y, -1, 1.1) for y in (1062, 1098, 1134, 1170)]
    front = [(-6, 1066), (6, 1093), (-6, 1120), (6, 1147), (-6, 1174)]
    holes = [ring(x + 214j + turn(60 * n, 11), 2.6) for x in (-52, 52) for n in range(6)]
    return (
        stroke("deep inner", *sides)
        + stroke("shade line", mirrored(
            "15,520/ 22,486 44,430 82,350 116,270 134,192 130,112 104,50 58,12 0,2"))
        + stroke("tint inner", mirrored(
            "0,486 20,450 68,350 102,268 120,190 116,114 92,60 52,28 0,20"))
        + stroke("fine", mirrored("0,300 40,260 62,190 52,110 30,70 0,60"),
                 mirrored("0,392 50,312 92,210 88,120 66,66 0,40"))
        + stroke("deep", *holes)
        + stroke("tint line", mirrored("12,1034/ 15,520/ 14,476 8,462 0,458/"))
        + stroke("shade line", mirrored("12,1034/ 18,1048 18,1184/ 12,1198 0,1200"))
        + stroke("inner", *_frets(1032, 536, 15, plan.frets))
        + stroke("fine", *_strings((-8, 0, 8), 1060, 3, 104, 8))
        + stroke("void inner", box(-12.5, 1030, 25, 8))
        + stroke("deep inner", *(ring(complex(*at), 6.5) for at in front))
        + stroke("accent inner", polygon(-36 + 96j, -30 + 108j, 30 + 108j, 36 + 96j))
        + stroke("deep inner", mirrored("14,22/ 16,4/ 0,2/"))
    )  # fmt: skip


def _balaban(_: Instrument) -> str:
    """Draw one tube three times, from the front, the side and behind, with its flat reed."""
    front = [ring(complex(-70, 44 + 27 * n), 3.6) for n in range(8)]
    tube = "9,290/ 15,286 16,270 12,258 10.5,250/ 10.5,12/ 11.5,8 11.5,0/ 0,0/"
    broad, thin = "14,386/ 12,350 5.5,306 5,290/", "1.2,386/ 3,350 5,306 5,290/"
    return (
        stroke("void inner", mirrored(broad, -70), mirrored(thin), mirrored(broad, 70))
        + stroke("tint line", *(mirrored(tube, at) for at in (-70, 0, 70)))
        + stroke("shade inner", *(box(at - 10.5, 246, 21, 6) for at in (-70, 0, 70)),
                 *(box(at - 11.5, 0, 23, 8) for at in (-70, 0, 70)))
        + stroke("deep fine", *front, ring(70 + 219j, 3.6))
        + stroke("accent inner", *(box(at - half, 332, 2 * half, 8)
                                   for at, half in ((-70, 16), (0, 6), (70, 16))))
    )  # fmt: skip


def _naghara(_: Instrument) -> str:
    """Draw a drum of two skins, held by one cord from edge to edge."""
    feet = [_rim(angle, 32) for angle in range(195, 346, 15)]
    heads = [_rim(angle, 387) for angle in (181, *range(202, 348, 15), 359)]
    cords = straight(
        heads[0], *(at for pair in zip(feet, heads[1:], strict=True) for at in pair)
    )
    front = [Knot(_rim(angle, 32)) for angle in range(180, 361, 15)]
    sides = [Knot(_rim(180, 387), is_corner=True), Knot(-157.5 + 210j), *front,
             Knot(157.5 + 210j), Knot(_rim(0, 387), is_corner=True)]  # fmt: skip
    return (
        stroke(
            "tint line", around([Knot(k.at, k.is_corner or k in front[::12]) for k in sides])
        )
        + stroke("shade inner", band(front, moved(front, 20j)))
        + stroke("inner", cords)
        + stroke("accent inner", *(ring(foot + 70j, 5) for foot in feet))
        + stroke("shade line", ring(387j, 157, 36))
        + stroke("void inner", ring(391j, 148, 30))
    )


def _gaval(plan: Instrument) -> str:
    """Draw a frame drum from within, where its rings hang, and beside it from the edge."""
    count = plan.rings
    middle = 200j
    places = [turn(90 + 360 * n / count) for n in range(count)]
    inlay = [(288 + 200j + 200j * turn(a).imag, 18 * turn(a).real) for a in range(-75, 76, 15)]
    return (
        stroke("shade line", ring(middle, 200))
        + stroke("void inner", ring(middle, 189))
        + stroke("fine", ring(middle, 162))
        + stroke("fine", *(straight(middle + 182 * at, middle + 192 * at) for at in places))
        + stroke("accent inner", *(ring(middle + 178 * at, 6.4) for at in places))
        + stroke("tint line", box(250, 0, 68, 400))
        + stroke("void inner", box(250, 0, 8, 400))
        + stroke("fine", straight(266, 266 + 400j), straight(310, 310 + 400j))
        + stroke("shade fine", *(
            polygon(at - high * 1j, at + 12, at + high * 1j, at - 12) for at, high in inlay
        ))
    )  # fmt: skip


def _garmon(_: Instrument) -> str:
    """Draw a fan of folds between two cases; keys on the one, buttons on the other."""
    folds = [(1.5 * n - 12, 13 * (n % 2)) for n in range(17)]
    tops = [_fan(angle, 1230 - deep) for angle, deep in folds]
    feet = [_fan(angle, 930 + deep) for angle, deep in folds]
    leaves = [polygon(*tops[n : n + 2], *feet[n : n + 2][::-1]) for n in range(0, 16, 2)]
    keys = range(936, 1226, 19)
    sharps = [r for n, r in enumerate(keys) if n % 7 in {1, 2, 4, 5, 6}]
    inlay = [[_fan(-12, r + dr, x) for dr, x in ((-22, -46), (0, -24), (22, -46), (0, -68))]
             for r in range(968, 1200, 56)]  # fmt: skip
    return (
        stroke("tint line", polygon(*tops, *feet[::-1]))
        + stroke("shade inner", *leaves)
        + stroke("void line", _plank(-12, -92, -142, 936, 1221))
        + stroke("fine", *(straight(_fan(-12, r, -92), _fan(-12, r, -142)) for r in keys))
        + stroke("deep", *(_plank(-12, -92, -118, r - 4, r + 4) for r in sharps))
        + stroke("tint line", _plank(-12, 0, -92, 918, 1242), _plank(12, 0, 92, 918, 1242))
        + stroke("shade inner", _plank(-12, -16, -76, 940, 1220), _plank(12, 16, 76, 940, 1220))
        + stroke("void fine", *(polygon(*corners) for corners in inlay))
        + stroke("accent inner", *(
            ring(_fan(12, r, x), 6) for x in (33, 59) for r in range(970, 1200, 28)
        ))
    )  # fmt: skip


class Form(NamedTuple):
    """How an instrument is drawn, how far it reaches, and the measures that a plan may set."""

    draw: Callable[[Instrument], str]
    frame: Frame
    length: float
    width: float


FORMS = {
    "tar": Form(_tar, Frame(-98, 6, 98, 858), 852, 196),
    "kamancha": Form(_kamancha, Frame(-97.5, 0, 185, 700), 700, 195),
    "saz": Form(_saz, Frame(-134, 2, 134, 1200), 1200, 268),
    "balaban": Form(_balaban, Frame(-87, 0, 87, 386), 290, 21),
    "naghara": Form(_naghara, Frame(-157.5, 0, 157.5, 423), 355, 305),
    "gaval": Form(_gaval, Frame(-200, 0, 318, 400), 400, 400),
    "garmon": Form(_garmon, Frame(-388, -31, 342, 335), 366, 730),
}


def _oval(middle: complex, angle: float, reach: float) -> complex:
    """Return a point of the kamancha's bowl, which is wider than high."""
    far = turn(angle, reach)
    return middle + complex(97.5 * far.real, 87.5 * far.imag)


def _rim(angle: float, height: float) -> complex:
    """Return a point of the naghara's edge, seen a little from above."""
    return complex(152.5 * turn(angle).real, height + 32 * turn(angle).imag)


def _fan(angle: float, reach: float, aside: float = 0) -> complex:
    """Return a point of the garmon, which opens about a middle far below it."""
    return turn(90 - angle, reach) + turn(-angle, aside) - 900j


def _plank(angle: float, start: float, end: float, low: float, high: float) -> str:
    return polygon(
        *(_fan(angle, r, x) for r, x in ((low, start), (high, start), (high, end), (low, end)))
    )


def _pegs(heights: Sequence[float], away: float, size: float = 1) -> list[str]:
    return [_peg(side * away, y + 4 * side, side, size) for y in heights for side in (-1, 1)]


def _peg(x: float, y: float, side: int, size: float = 1) -> str:
    way = knots(
        "-8,-2.5/ 14,-3/ 16,-8 25,-11 35,-7 39,0 35,7 25,11 16,8 14,3/ -8,2.5/",
        side * size,
        size,
    )
    return around(moved(way, complex(x, y)))


def _frets(nut: float, last: float, half: float, count: int) -> list[str]:
    """Draw as many frets as there are, ever closer: where each one stands is not known."""
    if not count:
        return []
    reach = (nut - last) / (1 - 0.95**count)
    heights = (nut - reach * (1 - 0.95**n) for n in range(1, count + 1))
    return [straight(complex(-half, y), complex(half, y)) for y in heights]


def _strings(
    tops: Sequence[float], top: float, spread: float, bridge: float, end: float
) -> list[str]:
    """Draw courses from the head over the bridge, where they lie wider, to the foot."""
    return [
        straight(complex(x, top), complex(x * spread, bridge), complex(x * 0.8, end))
        for x in tops
    ]


def _bar(length: float, middle: complex, tick: float) -> str:
    ends = middle - length / 2, middle + length / 2
    return stroke(
        "fine", straight(*ends), *(straight(e - tick * 1j, e + tick * 1j) for e in ends)
    )
