"""Drawing a car from the side, one unit 10 mm, all in a frame as wide as the longest.

Lengths and heights that a source gives stand in the plan and stretch the form to them. All else
(wheelbases, overhangs, wheels, outlines, and every measure of a car without one) is general
proportion, not measured; there are no badges, and nothing of a front that would be a likeness.
"""

from math import asin, degrees
from typing import Literal, NamedTuple

from pydantic import Field

from guide.illustrations.lines import (
    Frame,
    Knot,
    framed,
    ring,
    straight,
    stroke,
    strokes,
    through,
    turn,
)
from guide.illustrations.plan import Plan

LONGEST, TALLEST = 600, 178
METRE = 100


class Form(NamedTuple):
    """A side view, nose to the left; ways in the notation of `lines`, in units of 10 mm."""

    length: float
    height: float
    axles: tuple[float, float]
    wheel: float
    """Its diameter."""
    sill: float
    """How high the wheel arches begin; 0 if wings of their own stand over the wheels."""
    behind: dict[str, str]
    """What is painted before the wheels."""
    before: dict[str, str]
    """What is painted over them."""
    spokes: int = 0


FORMS = {
    "gaz-13": Form(
        length=560, height=162, axles=(97, 422), wheel=75, sill=31,
        behind={
            "tint line": "8,37 3,46 5,66 9,74/ 6,84 2,95/ 30,99.5 95,104 186,108/"
            " 199,112 222,142 246,156 290,161 350,161 404,157 436,146 458,122 466,111/"
            " 505,111 551,116/ 554,110 549,92 553,74 557,56 554,41/ 520,35 440,31/ 130,29/"
            " 50,32",
            "void inner": "205,113/ 225,140 243,153 247,154/ 242,113/;"
            "248,113/ 252,155 276,157.5 309,158/ 309,113/;"
            "315,113/ 315,158 356,157.5 391,155/ 397,113/;"
            "403,113/ 397,154 418,150 432,140 450,119/ 450,113/",
            "inner": "186,108 310,108.5 466,111/;15,80 150,84 300,85 430,84 548,92",
            "fine": "243,108 238,80 240,31;312,108/ 312,30;399,110 398,88 384,62 378,52;"
            "297,100/ 305,100/;384,100/ 392,100/;150,50 260,48 376,53",
        },
        before={
            "tint inner": "2,95/ 8,99 44,99 20,91/",
            "void inner": "2,43/ 2,55 8,58 54,57/ 54,47/;558,44/ 558,55 552,58 510,58/"
            " 510,48/",
            "accent inner": "7,76 10,75 15,81 14,89 9,91 6,86;549,93/ 547,107 553,108 553,94/",
        },
    ),
    "ford-a": Form(
        length=388, height=178, axles=(60, 323), wheel=75, sill=0, spokes=16,
        behind={
            "deep line": "361,129 367,112 368,88 367,64 361,47 355,64 354,88 355,112",
            "tint line": "72,34/ 68,116/ 74,121/ 120,122 152,125/ 162,128/ 163,168/ 158,171"
            " 170,176 240,178 300,177 334,170 340,156 345,110 349,60/ 300,34/",
            "void inner": "169,130/ 169,166/ 238,168/ 238,130/;252,130/ 251,168/ 322,164/"
            " 326,130/",
            "inner": "68,116/ 66,46/;152,125 151,90 152,34/;163,125/ 343,125/;156,172 250,174"
            " 338,166",
            "fine": "84,110/ 84,60/;92,110/ 92,60/;100,110/ 100,60/;108,110/ 108,60/;"
            "116,110/ 116,60/;124,110/ 124,60/;132,110/ 132,60/;140,110/ 140,60/;72,116"
            " 110,116 152,117;"
            "166,125/ 166,34/;244,170/ 246,34/;230,112/ 239,112/",
        },
        before={
            "shade line": "8,50 22,72 46,86 76,85 100,72 122,48 138,34/ 262,34/ 272,60"
            " 296,82 326,87 352,76 368,48/ 362,46 348,66 324,77 300,72 284,58 274,36 270,28/"
            " 134,28/ 116,42 96,64 72,76 48,76 28,64 16,48/",
            "void inner": "0,44/ 0,50/ 26,51/ 26,45/;366,46/ 366,51/ 388,50/ 388,45/",
            "inner": "62,90/ 58,82/",
            "accent inner": "60,94 50,95 45,103 50,111 60,112/ 63,103",
        },
    ),
    "gaz-m21": Form(
        length=481, height=162, axles=(85, 355), wheel=68, sill=32,
        behind={
            "tint line": "8,38 5,50 8,66/ 3,80 8,92/ 40,99 100,103 146,107/ 160,118 180,143"
            " 200,156 240,162 285,161 318,154 346,134 366,109/ 410,104 446,98 466,88 473,70"
            " 476,54 472,40/ 440,35 360,31/ 120,29/ 40,33",
            "void inner": "160,112/ 176,134 190,148 194,150/ 190,112/;196,112/ 199,152 220,157"
            " 248,158/ 248,112/;254,112/ 254,158 284,157 306,152 312,149/ 318,112/;"
            "324,112/ 319,146 336,133 351,112/",
            "inner": "146,107 250,107.5 366,109/;20,78 120,83 250,84 380,82 468,72",
            "fine": "190,107 184,80 186,31;251,107/ 251,30;322,107 326,88 312,60 306,50;"
            "238,98/ 245,98/;308,98/ 315,98/;10,92 60,88 150,92",
        },
        before={
            "void inner": "2,42/ 2,53 6,56 40,55/ 40,46/;479,43/ 479,54 476,57 436,56/"
            " 436,47/",
            "accent inner": "10,72 15,72 19,79 17,88 12,90 8,82;466,70/ 462,84 469,84 472,71/",
        },
    ),
    "fiat-508": Form(
        length=314, height=153, axles=(46, 271), wheel=66, sill=0, spokes=14,
        behind={
            "deep line": "299,111 304,97 305,77 304,57 299,43 294,57 293,77 294,97",
            "tint line": "56,30/ 46,102/ 52,107/ 90,109 118,112/ 128,116/ 137,146/ 146,151"
            " 190,153 240,152 270,146 280,130 286,92 292,52/ 250,30/",
            "void inner": "135,118/ 143,143/ 192,145/ 192,118/;204,118/ 203,145/ 262,141/"
            " 267,118/",
            "inner": "46,102/ 43,100/ 53,40/;118,112 119,80 122,30/;126,113/ 282,113/;136,147"
            " 196,149 274,141",
            "fine": "68,96/ 72,54/;76,97/ 79,54/;84,98/ 86,54/;92,99/ 93,54/;100,100/ 101,54/;"
            "108,101/ 108,54/;52,102 84,103 118,106;130,113/ 132,30/;198,147/ 198,30/;"
            "184,102/ 192,102/",
        },
        before={
            "shade line": "4,44 16,63 38,75 62,72 82,58 98,38 112,30/ 214,30/ 224,52 244,71"
            " 272,75 294,64 306,42/ 300,40 288,56 270,65 248,61 234,48 226,32 222,24/"
            " 108,24/ 92,36 76,54 58,63 38,65 22,56 12,42/",
            "void inner": "0,38/ 0,44/ 20,45/ 20,39/;300,40/ 300,45/ 314,44/ 314,39/",
            "inner": "44,80/ 42,74/",
            "accent inner": "42,81 33,82 29,89 33,96 42,97/ 45,89",
        },
    ),
    "gaz-m20": Form(
        length=466, height=164, axles=(86, 356), wheel=69, sill=33,
        behind={
            "tint line": "10,38 6,50 10,66 22,86 50,99 100,106 140,110/ 156,122 178,146 200,158"
            " 236,164 276,162 320,150 362,130 402,108 438,84 456,60 460,44 456,38/ 420,34"
            " 360,32/"
            " 120,30/ 50,33",
            "void inner": "158,115/ 176,138 192,151 197,153/ 194,115/;200,115/ 203,155 222,159"
            " 250,159/ 250,115/;256,115/ 256,159 286,156 316,146/ 322,115/;"
            "328,115/ 323,143 346,132 366,116/",
            "inner": "140,110 250,109 384,110/;40,72 150,77 260,77 300,74",
            "fine": "194,109 190,80 192,31;253,109/ 253,30;325,112 328,92 314,62 308,52;"
            "240,99/ 247,99/;312,99/ 319,99/;30,90 80,84 146,92;384,110 424,84 446,58",
        },
        before={
            "void inner": "2,42/ 2,53 8,56 42,55/ 42,46/;464,42/ 464,53 458,56 420,55/"
            " 420,46/",
            "accent inner": "17,68 24,68 29,76 27,85 21,86 15,78;447,66/ 441,78 447,80 453,69/",
        },
    ),
    "zis-110": Form(
        length=600, height=173, axles=(100, 476), wheel=80, sill=35,
        behind={
            "tint line": "24,44 16,60 22,80 28,104/ 40,112 90,118 160,122 204,124/ 218,138"
            " 240,160 272,170 330,173 390,172 436,163 470,140 492,114/ 530,102 562,84 580,60"
            " 586,44/ 560,36 470,33/ 140,31/ 60,36",
            "void inner": "222,128/ 238,150 254,161 260,163/ 258,128/;264,128/ 268,164 296,168"
            " 326,168.5/ 326,128/;332,128/ 332,168.5 366,168 394,165/ 400,128/;"
            "406,128/ 400,164 428,158 446,148 462,128/",
            "inner": "204,124 340,123.5 492,114/;36,94/ 62,104 100,108 150,104 205,86 262,56"
            " 290,48/;"
            "398,40/ 404,66 424,92 456,106 490,104 524,92 552,70",
            "fine": "260,123/ 258,58/;259,52/ 260,33/;329,123/ 329,32;403,123 408,108 404,80/;"
            "314,110/ 322,110/;390,110/ 398,110/;128,115/ 194,118/;140,111/ 194,113/",
        },
        before={
            "void inner": "2,45/ 2,57 12,60 50,59/ 50,49/;598,45/ 598,57 588,60 552,59/"
            " 552,49/",
            "accent inner": "30,78 40,77 47,86 44,97 34,98 28,88;574,70/ 570,84 577,84 581,71/",
        },
    ),
}  # fmt: skip


class Car(Plan):
    """A car from the side, as its model is generally known."""

    kind: Literal["car"]
    form: Literal["gaz-13", "ford-a", "gaz-m21", "fiat-508", "gaz-m20", "zis-110"]
    length_mm: float | None = Field(default=None, gt=0)
    height_mm: float | None = Field(default=None, gt=0)

    def svg(self) -> str:
        """Draw it in the middle of the common frame, on ground marked metre by metre."""
        form = FORMS[self.form]
        length = self.length_mm / 10 if self.length_mm else form.length
        across = length / form.length
        up = self.height_mm / 10 / form.height if self.height_mm else 1
        beside = (LONGEST - length) / 2
        return framed(
            "car",
            Frame(-beside, -8, LONGEST - beside, TALLEST),
            _ground(-beside),
            strokes(form.behind, across, up),
            *(_arch(form, axle * across) for axle in form.axles if form.sill),
            *(_wheel(form, axle * across) for axle in form.axles),
            strokes(form.before, across, up),
        )


def _ground(left: float) -> str:
    metres = [complex(left + n * METRE, 0) for n in range(LONGEST // METRE + 1)]
    return stroke("line", straight(metres[0], metres[-1])) + stroke(
        "fine", *(straight(metre - 3j, metre - 8j) for metre in metres)
    )


def _arch(form: Form, axle: float) -> str:
    """Draw the dark above a wheel, down to the sill."""
    middle = complex(axle, form.wheel / 2)
    radius = form.wheel / 2 + 5
    low = degrees(asin((form.sill - middle.imag) / radius))
    angles = (low + (180 - 2 * low) * n / 8 for n in range(9))
    way = through(Knot(middle + turn(angle, radius)) for angle in angles)
    return stroke("deep inner", way + "Z")


def _wheel(form: Form, axle: float) -> str:
    radius = form.wheel / 2
    middle = complex(axle, radius)
    rim, hub = (0.74, 0.16) if form.spokes else (0.58, 0.2)
    lines = [
        straight(middle + turn(angle, radius * hub), middle + turn(angle + 18, radius * rim))
        for angle in range(0, 360, 360 // form.spokes)
    ] if form.spokes else [ring(middle, radius * 0.42)]  # fmt: skip
    return (
        stroke("deep line", ring(middle, radius))
        + stroke("void inner", ring(middle, radius * rim))
        + stroke("fine", *lines)
        + stroke("shade fine", ring(middle, radius * hub))
    )
