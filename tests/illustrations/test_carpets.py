import re
from itertools import chain, pairwise, product
from typing import get_args
from xml.etree import ElementTree as ET

import brotli
import pytest

from guide.illustrations.carpet_patterns import FIELD, TONES, Layout
from guide.illustrations.carpets import ABRASH, PALETTES, Carpet, Dye, shade

DYES: tuple[Dye, ...] = get_args(Dye)
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
SIMPLY = Carpet(kind="carpet", seed=1, palette="madder", field="medallions", medallions=3)

EVERY = [
    Carpet(kind="carpet", seed=seed, palette=palette, field=field, medallions=1 + seed // 6 % 3)
    for seed, (palette, field) in enumerate(product(DYES, LAYOUTS))
]
every_carpet = pytest.mark.parametrize("carpet", EVERY, ids=lambda carpet: carpet.field)


@every_carpet
def test_the_left_half_mirrors_the_right(carpet: Carpet) -> None:
    knots = carpet.knots()

    assert {len(row) for row in knots} == {72}
    assert len(knots) == 108
    assert knots == [row[::-1] for row in knots]


@every_carpet
def test_the_border_turns_every_corner_by_mirroring(carpet: Carpet) -> None:
    knots = carpet.knots()

    for x in range(36):
        for y in range(FIELD):
            assert knots[y][x] == knots[x][y] == knots[-1 - y][x]


@every_carpet
def test_wools_of_one_tone_never_touch(carpet: Carpet) -> None:
    knots = carpet.knots()
    columns = map("".join, zip(*knots, strict=True))

    neighbours = {pair for line in chain(knots, columns) for pair in pairwise(line)}

    assert [(a, b) for a, b in neighbours if a != b and TONES[a] == TONES[b]] == []


@pytest.mark.parametrize("palette", DYES)
def test_wools_of_different_tones_differ_to_the_eye_whatever_their_abrash(palette: Dye) -> None:
    wools = PALETTES[palette].wools

    for a, b in ((a, b) for a in wools for b in wools if TONES[a] < TONES[b]):
        assert contrast(shade(wools[a], 1), shade(wools[b], -1)) >= 1.8, (a, b)


@pytest.mark.parametrize("palette", DYES)
def test_the_palette_of_a_carpet_is_never_a_pure_colour(palette: Dye) -> None:
    for colour in PALETTES[palette].wools.values():
        assert min(channels(colour)) > 0x10
        assert max(channels(colour)) * (1 + ABRASH) <= 0xFF


@every_carpet
def test_a_carpet_is_light_to_send(carpet: Carpet) -> None:
    assert len(brotli.compress(carpet.svg().encode(), quality=4)) <= 8 * 1024


@every_carpet
def test_a_carpet_is_a_file_of_its_own_that_does_and_says_nothing(carpet: Carpet) -> None:
    drawing = ET.fromstring(carpet.svg())  # noqa: S314  our own

    elements = list(drawing.iter())
    assert {element.tag.rpartition("}")[2] for element in elements} == {"svg", "g", "path"}
    assert not any(element.text for element in elements)
    attributes = {name for element in elements for name in element.attrib}
    assert attributes <= {
        "viewBox", "fill", "d", "stroke", "stroke-width", "stroke-opacity",
        "stroke-dasharray", "stroke-dashoffset",
    }  # fmt: skip


@every_carpet
def test_each_colour_is_one_path(carpet: Carpet) -> None:
    fills = re.findall('fill="(#.+?)"', carpet.svg())

    assert len(fills) == len(set(fills))


@every_carpet
def test_the_file_shows_the_knots_of_the_pattern(carpet: Carpet) -> None:
    wools = PALETTES[carpet.palette].wools
    tones = {
        shade(colour, drift): wool for wool, colour in wools.items() for drift in (-1, 0, 1)
    }
    shown = [[""] * 72 for _ in range(108)]
    for colour, path in re.findall('<path fill="(#[^"]+)" d="(m[^"]+)"', carpet.svg()):
        at_x = at_y = 0
        for move in re.findall(r"m(-?\d+) ?(-?\d+)h(\d+)v(\d+)", path):
            dx, dy, width, height = map(int, move)
            at_x, at_y = at_x + dx, at_y + dy
            for y in range(at_y, at_y + height):
                shown[y][at_x : at_x + width] = [tones[colour]] * width
            at_y += height

    assert ["".join(row) for row in shown] == carpet.knots()


def test_the_same_seed_draws_the_same_carpet() -> None:
    assert SIMPLY.svg() == SIMPLY.model_copy().svg()


@pytest.mark.parametrize("field", LAYOUTS)
def test_another_seed_draws_another_carpet(field: Layout) -> None:
    carpet = SIMPLY.model_copy(update={"field": field})

    assert carpet.svg() != carpet.model_copy(update={"seed": 2}).svg()


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(colour: str) -> list[int]:
    return list(bytes.fromhex(colour.removeprefix("#")))
