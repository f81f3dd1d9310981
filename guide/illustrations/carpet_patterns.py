"""What a carpet shows, knot by knot, as letters for wools; colours are not known here."""

from itertools import pairwise, product
from math import atan2, cos, hypot, pi
from random import Random
from typing import Literal, NamedTuple

Layout = Literal[
    "medallions", "medallion-and-corners", "lattice", "branches", "animals", "close-up"
]
Dyes = dict[str, str]
"""The wool that each letter of a motif takes."""

COLUMNS, ROWS = 72, 108
HALF, MIDDLE = COLUMNS // 2, ROWS // 2
FIELD = 16  # knots from the edge to the field
FIELD_HALF, FIELD_ROWS = HALF - FIELD, ROWS - 2 * FIELD
MAIN, PERIOD = 4, 8  # where the main border begins; it is as wide as its motif is long

TONES = {"k": 0, "b": 0, "r": 1, "t": 1, "y": 2, "s": 2, "w": 3}
"""How light a wool is: black and blue, red and teal, yellow and sky, white.

Wools of one tone never touch, so that no motif can vanish in its ground.
"""

# Motifs are read outward from the middle line. A dot leaves what is there; of the letters,
# only `a` touches what lies around the motif.
BORDERS = [
    "........,...aa...,..acca..,.aceeca.,.aceeca.,..acca..,...aa...,........",
    "........,..aaaa..,.aaccaa.,.aceeca.,.aceeca.,.aaccaa.,..aaaa..,........",
    "........,.a.aa.a.,..acca..,.aceeca.,.aceeca.,..acca..,.a.aa.a.,........",
]
STRIPES = ["aa..,.aa.", "aaa.,.a..", "aa..,aa.."]
FLOWERS = [".aa.,acca,acca,.aa.", "a..a,.aa.,.aa.,a..a", ".aa.,aaaa,aaaa,.aa."]
BLOSSOM = "...aa...,.aaccaa.,.acccca.,acceecca,acceecca,.acccca.,.aaccaa.,...aa..."
BUD = "..aa..,.acca.,aceeca,aceeca,.acca.,..aa.."
LEAF = ".aa,aaa,aa."
TREE = (
    "....aa....,...aaaa...,...acca...,..aaccaa..,..acaaca..,.aaaccaaa.,.aacaacaa.,"
    ".acaccaca.,aacaaaacaa,aaaaccaaaa,.aaaaaaaa.,....aa....,....aa....,...aaaa..."
)
BUSH = "..aa..,.acca.,aaccaa,acaaca,aaccaa,.aaaa.,..aa..,.aaaa."
ANIMALS = [
    (
        "a.a.a.......,.aaa........,..aa.......a,aaaa......aa,.aaaaaaaaaa.,...aacaacaa.,"
        "...aaaaaaaa.,...aa....aa.,...a.a..a.a.,..a..a..a..a"
    ),
    (
        "a...........,.a..........,aaa.........,aaaa......a.,..aaaaaaaaa.,...acaacaca.,"
        "...aaaaaaaa.,...aa...aa..,...a.a..a.a.,...a.a..a.a."
    ),
    (
        ".a.........a,aaa........a,aaaa......a.,..aaaaaaaaa.,...acaacaaa.,...aaaaaaaa.,"
        "..aa.....aa.,.aa.......aa"
    ),
]
PANES = (  # a quarter of a star, its heart in the upper left corner, and of a cross
    "ccc.aaaa..,cc..aaa..x,c..aaa..xx,..aaaa.xxx,aaaaaa.xxx,aaaaaa.xxx,"
    "aa.....xx.,a..xxxxx.e,..xxxxx.ee,.xxxxx.eee"
)
BIRD = "..aa....,aaaa...a,..aaaaaa,..accaa.,...aaa..,...a.a.."
KNOT = (
    "...cc..cc...,..aaaaaaaa..,.aaaaaaaaaa.,..aaaaaaaa..,...ccaacc...,...ccaacc...,"
    "...ccaacc...,...cc..cc...,eeecceecceee"
)


class Grounds(NamedTuple):
    """The wools of the large surfaces; a stripe is what lies on a narrow border."""

    field: str
    border: str
    narrow: str
    stripe: str


class Cartoon:
    """A weaver's plan. Only its right half is kept; column 0 lies beside the middle line."""

    def __init__(self, grounds: Grounds, chance: Random) -> None:
        self.ground = grounds.field
        self.chance = chance
        self.half = [[self.ground] * HALF for _ in range(ROWS)]
        self._borders(grounds)

    def rows(self) -> list[str]:
        """All knots of the carpet, left to right."""
        return ["".join(reversed(row)) + "".join(row) for row in self.half]

    def lay(self, layout: Layout, medallions: int) -> None:
        """Draw the field."""
        match layout:
            case "medallions":
                self._medallions(medallions)
                self._sprinkle()
            case "medallion-and-corners":
                self._medallion_and_corners()
                self._sprinkle()
            case "lattice":
                self._lattice()
            case "branches":
                self._branches()
            case "animals":
                self._animals()
            case "close-up":
                self._close_up()

    def _knot(self, u: int, y: int, wool: str) -> None:
        u = max(u, -1 - u)
        if u < FIELD_HALF - 1 and FIELD < y < ROWS - FIELD - 1:  # its ground frames the field
            self.half[y][u] = wool

    def _stamp(self, motif: str, u: int, y: int, dyes: Dyes) -> None:
        for dy, row in enumerate(motif.split(",")):
            for du, letter in enumerate(row):
                if letter != ".":
                    self._knot(u + du, y + dy, dyes[letter])

    def _stamp_twice(self, motif: str, u: int, v: int, dyes: Dyes) -> None:
        """Stamp a motif centred at v rows below the middle, and its mirror image above."""
        rows = motif.split(",")
        top = MIDDLE + v - len(rows) // 2
        self._stamp(motif, u, top, dyes)
        self._stamp(",".join(reversed(rows)), u, ROWS - top - len(rows), dyes)

    def _dyes(self, ground: str, beside: str = "") -> Dyes:
        """Choose wools of three tones, none the ground's; `a` may touch the wool beside too."""
        avoid = {TONES[wool] for wool in ground + beside}
        wools = self.chance.sample(sorted(TONES), len(TONES))
        first = next(wool for wool in wools if TONES[wool] not in avoid)
        second = next(w for w in wools if TONES[w] not in {TONES[ground], TONES[first]})
        third = between(*wools, apart_from=ground + first + second)
        return {"a": first, "c": second, "e": third}

    # Borders

    def _borders(self, grounds: Grounds) -> None:
        _, border, narrow, stripe = grounds
        main = self.chance.choice(BORDERS).split(",")
        stripes = self.chance.choice(STRIPES).split(",")
        first = self._dyes(border)
        second = {"a": first["a"], "c": first["e"], "e": first["c"]}
        lines = {
            0: between(*"krwy", apart_from=narrow + stripe),
            3: between(apart_from=narrow + stripe + border),
            12: between(apart_from=narrow + stripe + border),
            15: between(apart_from=narrow + stripe + self.ground),
        }
        for u, y in product(range(HALF), range(ROWS)):
            # Both distances are from the nearest edge: this mirrors every corner on its
            # diagonal, and lets each side run from both of its ends and meet in the middle.
            depth, along = sorted((HALF - 1 - u, min(y, ROWS - 1 - y)))
            if depth >= FIELD:
                continue
            if depth in lines:
                self.half[y][u] = lines[depth]
            elif MAIN <= depth < MAIN + PERIOD:
                turn, step = divmod(along - MAIN, PERIOD)
                letter = main[depth - MAIN][step]
                self.half[y][u] = (second if turn % 2 else first).get(letter, border)
            else:
                row = stripes[depth - (1 if depth < MAIN else 13)]
                self.half[y][u] = stripe if row[along % len(row)] == "a" else narrow

    # Fields

    def _sprinkle(self) -> None:
        """Scatter small flowers, every other row dropped by half, wherever there is room."""
        flower = self.chance.choice(FLOWERS)
        dyes = [self._dyes(self.ground) for _ in range(3)]
        for j, v in enumerate(range(0, FIELD_ROWS // 2 + 6, 6)):
            for u in range(-2 + 5 * (j % 2), FIELD_HALF, 10):
                here = product(range(u - 1, u + 5), range(v - 3, v + 3))
                if all(self._is_ground(x, MIDDLE + row) for x, row in here):
                    self._stamp_twice(flower, u, v, dyes[(j + u // 10) % 3])

    def _is_ground(self, u: int, y: int) -> bool:
        u = max(u, -1 - u)
        inside = u < FIELD_HALF and FIELD <= y < ROWS - FIELD
        return inside and self.half[y][u] == self.ground

    def _medallions(self, count: int) -> None:
        """Place stepped medallions with toothed edges, one below the other."""
        across, down, rings = {  # knots to a step, and what each step inward shows
            1: (2, 4, "acccaeeee"),
            2: (2, 2, "acccaeeee"),
            3: (3, 2, "acceee"),
        }[count]
        pitch = FIELD_ROWS // count
        kinds = [self._dyes(self.ground) for _ in range(2)]
        for n in range(count):
            centre = MIDDLE + (2 * n + 1 - count) * pitch // 2
            dyes = kinds[abs(2 * n + 1 - count) // 2 % 2]
            for u, v in product(range(FIELD_HALF), range(pitch // 2 - 1)):
                ring = len(rings) - 1 - u // across - v // down
                if ring >= 0 or (ring == -1 and u // across % 2):
                    for y in (centre + v, centre - 1 - v):
                        self._knot(u, y, dyes[rings[max(ring, 0)]])
            self._stamp(BLOSSOM, -4, centre - 4, self._dyes(dyes["e"]))

    def _medallion_and_corners(self) -> None:
        """Place a lobed medallion with two pendants, and a quarter of it in every corner."""
        whole, quarter = self._dyes(self.ground), self._dyes(self.ground)
        for u, v in product(range(FIELD_HALF), range(FIELD_ROWS // 2)):
            far_u, far_v = FIELD_HALF - 1 - u, FIELD_ROWS // 2 - 1 - v
            for wool in (_lobe(u, v, whole), _lobe(far_u, far_v, quarter)):
                if wool:
                    self._knot(u, MIDDLE + v, wool)
                    self._knot(u, MIDDLE - 1 - v, wool)
        self._stamp_twice(BLOSSOM, -4, 0, self._dyes(whole["e"]))
        self._stamp_twice(FLOWERS[0], -2, 17, self._dyes(whole["c"]))
        self._stamp_twice(FLOWERS[0], 15, 33, self._dyes(quarter["e"], self.ground))
        self._stamp_twice(BUD, -3, 27, self._dyes(self.ground))

    def _lattice(self) -> None:
        """Stars and crosses of glass in a net of narrow bars, as in a window."""
        glass = [wool for wool in TONES if TONES[wool] != TONES[self.ground]]
        self.chance.shuffle(glass)
        panes = PANES.split(",")
        for u, v in product(range(FIELD_HALF), range(FIELD_ROWS // 2)):
            letter = panes[_fold(v)][_fold(u)]
            odd = ((u + 10) // 20 + (v + 10) // 20) % 2
            if letter != ".":
                wool = glass[(("ca" if odd else "ac") + "ex").index(letter)]
                self._knot(u, MIDDLE + v, wool)
                self._knot(u, MIDDLE - 1 - v, wool)

    def _branches(self) -> None:
        """Two branches that cross and cross again, with blossoms where they meet."""
        leaves = self._dyes(self.ground)
        stem = leaves["a"]
        half_wave = FIELD_ROWS // 4
        for sign in (1, -1):
            way = [round(9.5 + sign * 8.5 * cos(pi * v / half_wave)) for v in range(39)]
            for v, (here, there) in enumerate(pairwise(way)):
                for u in range(min(here, there), max(here, there) + 2):
                    self._knot(u, MIDDLE + v, stem)
                    self._knot(u, MIDDLE - 1 - v, stem)
            for v in (5, 14, 24, 33):
                self._stamp_twice(LEAF, way[v] + 2, v, leaves)
        big, small = self._dyes(self.ground, stem), self._dyes(self.ground, stem)
        for v in (0, half_wave):
            self._stamp_twice(BUD, 7, v, small)
        for v in (half_wave // 2, 3 * half_wave // 2 + 1):
            self._stamp_twice(BUD, 7, v, big)
            self._stamp_twice(BLOSSOM, -4, v, big)

    def _animals(self) -> None:
        """Rows of animals and birds on either side of a tree."""
        beasts = self.chance.sample(ANIMALS, len(ANIMALS))
        height = FIELD_ROWS // 4
        for n in range(4):
            ground_line = FIELD + (n + 1) * height - 2
            tree, u = (TREE, 6) if n % 2 == 0 else (BUSH, 5)
            dyes = [self._dyes(self.ground) for _ in range(3)]
            beast = beasts[n % len(beasts)]
            if n % 2:
                beast = ",".join(row[::-1] for row in beast.split(","))
            for motif, at, above, wools in (
                (tree, -len(tree.split(",")[0]) // 2, 0, dyes[0]),
                (beast, u, 0, dyes[1]),
                (BIRD, u + 3, 11, dyes[2]),
            ):
                self._stamp(motif, at, ground_line - above - motif.count(","), wools)

    def _close_up(self) -> None:
        """Knots as a weaver sees them: each about two warps, its ends drawn out between."""
        warp = between("w", "k", apart_from=self.ground)
        weft = between("y", "r", apart_from=self.ground + warp)
        yarns = [w for w in TONES if TONES[w] not in {TONES[self.ground], TONES[warp]}]
        self.chance.shuffle(yarns)
        for j, i in product(range(8), range(2)):
            yarn = yarns[(i + min(j, 7 - j)) % len(yarns)]
            self._stamp(KNOT, 12 * i - 6, FIELD + 2 + 9 * j, {"a": yarn, "c": warp, "e": weft})


def _lobe(u: int, v: int, dyes: Dyes) -> str:
    """Return the wool of a lobed medallion at this distance from its centre, or nothing."""
    across, down = (u + 0.5) / 14, (v + 0.5) / 22
    far = hypot(across, down) / (1 + 0.07 * cos(8 * atan2(down, across)))
    rings = {0.5: "e", 0.58: "a", 0.84: "c", 0.9: "e", 1: "a"}
    return next((dyes[letter] for edge, letter in rings.items() if far < edge), "")


def _fold(distance: int) -> int:
    """Count knots to the nearest star of the lattice; stars lie 20 knots apart."""
    rest = distance % 20
    return min(rest, 19 - rest)


def between(*wools: str, apart_from: str) -> str:
    """Return the first wool whose tone differs from all of these."""
    used = {TONES[wool] for wool in apart_from}
    return next(wool for wool in wools or "kwryb" if TONES[wool] not in used)
