"""The faces of printed matter: whole files, put here by vendor.py and never served."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "_fonts"
"""What typst is given as `font_paths`: each family in Regular and Bold."""

FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans SC")
"""What `text(font: …)` is given, in the order in which a character is looked for."""


def missing(text: str) -> set[str]:
    """Return the characters that no family can draw; typst would leave them out silently."""
    return {one for one in text if ord(one) not in _drawn()}


@cache
def _drawn() -> frozenset[int]:
    drawn: set[int] = set()
    for path in FOLDER.glob("*_400Regular.ttf"):
        with TTFont(path, lazy=True) as face:
            # Else fontTools makes up a name for each of 30,000 glyphs.
            face.setGlyphOrder([str(number) for number in range(face["maxp"].numGlyphs)])
            drawn |= face.getBestCmap().keys()
    return frozenset(drawn)
