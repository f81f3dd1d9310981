"""The colours keep the contrast that the design promises, in light and in dark."""

import re
from itertools import product

import pytest

from guide.settings import FILES

SHEET = (FILES / "static" / "css" / "tokens.css").read_text("utf-8")
CLOSE = 0.05

GROUNDS = ("bg", "surface")
PROMISED = {
    # Contrast on bg and on surface, in light, then in dark.
    "surface": ((1.04, 1), (1.09, 1)),
    "sunk": ((1.09, 1.14), (1.03, 1.13)),
    "line": ((1.40, 1.46), (1.45, 1.33)),
    "line-strong": ((3.53, 3.68), (4.78, 4.38)),
    "ink": ((16.01, 16.71), (15.87, 14.53)),
    "ink-2": ((7.90, 8.24), (10.11, 9.25)),
    "ink-3": ((5.22, 5.45), (7.24, 6.62)),
    "madder": ((7.16, 7.47), (8.29, 7.59)),
    "indigo": ((10.09, 10.53), (9.82, 8.99)),
    "teal": ((7.16, 7.47), (10.16, 9.30)),
    "saffron": ((5.68, 5.93), (10.35, 9.48)),
    "ok": ((6.24, 6.52), (10.53, 9.64)),
    "error": ((7.20, 7.51), (9.47, 8.67)),
    "focus": ((10.09, 10.53), (11.86, 10.86)),
}

COLOURS = {
    name: pair
    for name, *pair in re.findall(
        r"--([\w-]+): var\(--light, (#[0-9a-f]{6})\) var\(--dark, (#[0-9a-f]{6})\);", SHEET
    )
}
"""Every colour of the sheet, light and dark."""

themes = pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])


@themes
@pytest.mark.parametrize(
    ("name", "ground"), [pair for pair in product(PROMISED, GROUNDS) if len({*pair}) > 1]
)
def test_a_colour_has_its_contrast(name: str, ground: str, theme: int) -> None:
    promised = PROMISED[name][theme][GROUNDS.index(ground)]

    measured = contrast(COLOURS[name][theme], COLOURS[ground][theme])

    assert measured == pytest.approx(promised, abs=CLOSE)


@themes
@pytest.mark.parametrize(
    ("accent", "promised"),
    [
        pytest.param("madder", (7.47, 8.29), id="madder"),
        pytest.param("indigo", (10.53, 8.29), id="indigo"),
        pytest.param("teal", (7.47, 8.29), id="teal"),
    ],
)
def test_a_word_on_an_accent_can_be_read(
    accent: str, promised: tuple[float, float], theme: int
) -> None:
    measured = contrast(COLOURS["on-accent"][theme], COLOURS[accent][theme])

    assert measured >= promised[theme] - CLOSE


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return WCAG's relative luminance of #rrggbb."""
    channels = (value / 255 for value in bytes.fromhex(colour.removeprefix("#")))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
