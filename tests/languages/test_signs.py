"""Every sign that visitors are shown is in a face: one that is sent, or one of the phone's."""

import re
from pathlib import Path

import pytest
from fontTools.subset import parse_unicodes
from fontTools.ttLib import TTFont

from guide.languages.catalogues import CATALOGUES
from guide.settings import FILES
from tests.conftest import EXHIBITIONS

STATIC = FILES / "static"
FACES = re.findall(
    r'url\("(vendor/[^"]+)"\)[^}]*unicode-range: ([^;]+);',
    (STATIC / "css" / "tokens.css").read_text("utf-8"),
)
"""The files that are sent, each with what the style sheet says that it draws."""

SENT = {sign for _, declared in FACES for sign in parse_unicodes(declared)}

OF_THE_PHONE = {
    *range(0x0600, 0x0700),  # Arabic
    *range(0x3000, 0x3040),  # Chinese marks
    *range(0x4E00, 0xA000),  # Chinese
    *range(0xFF00, 0xFFF0),  # full-width marks
}
"""What is left to the phone's own faces, for no file of it is small enough to send."""

DRAWN = {*map(chr, SENT | OF_THE_PHONE), "\n"}

KINDS = {".html", ".md", ".po", ".toml"}


def test_a_face_draws_what_the_style_sheet_says_of_it() -> None:
    assert len(FACES) == 2
    for file, declared in FACES:
        assert set(parse_unicodes(declared)) == drawn_by(file), file


@pytest.mark.parametrize("folder", [EXHIBITIONS, CATALOGUES, FILES / "templates"])
def test_every_sign_that_is_shown_can_be_drawn(folder: Path) -> None:
    written = [path for path in folder.rglob("*") if path.suffix in KINDS]
    missing = {path.name: undrawn(path.read_text("utf-8")) for path in written}

    assert written
    assert {name: signs for name, signs in missing.items() if signs} == {}


def test_a_sign_that_no_face_draws_is_seen() -> None:
    assert undrawn("Ə, ё, 毯，خ, œ, ₼\n") == set()
    assert undrawn("Ҹ ∮ i\u0307") == {"Ҹ", "∮", "\u0307"}


def undrawn(text: str) -> set[str]:
    """Find the signs of a text that are in no face."""
    return {*text} - DRAWN


def drawn_by(file: str) -> set[int]:
    with TTFont(STATIC / file) as font:
        return set(font.getBestCmap())
