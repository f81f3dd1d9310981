"""A made-up house for tests; where the exhibitions really stand no source says."""

from pathlib import Path

HALLS = """[[halls]]
slug = "long-hall"
floor = 0
capacity = 30
place = [10, 20, 120, 60]
names = {az = "Uzun zal", en = "Long hall", ar = "القاعة الطويلة"}

[[halls]]
slug = "small-hall"
floor = 0
place = [150, 20, 60, 60]
names = {az = "Kiçik zal", en = "Small hall"}

[[halls]]
slug = "upper-hall"
floor = 1
capacity = 12
names = {az = "Yuxarı zal", en = "Upper hall"}

[[ways]]
between = ["long-hall", "small-hall"]
minutes = 2

[[marks]]
what = "entrance"
floor = 0
at = [10, 110]
"""

PLAN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 120">
  <path stroke-width="2" d="M5 5h225v100H5z"/>
  <g id="floor-0">
    <path d="M40 105v-10h40v10" stroke="currentColor" fill="none"/>
  </g>
  <g id="floor-1">
    <circle cx="120" cy="60" r="20"/>
  </g>
</svg>
"""

ROUTES = """[[routes]]
slug = "strings"
minutes = 20
stops = ["tar", "saz"]
names = {az = "Simlər", en = "Strings"}
"""

CARS = Path("classic-cars/exhibition.toml")
TAR = Path("musical-instruments/exhibits/tar/exhibit.toml")


def furnish(folder: Path) -> None:
    """Give content these halls: the cars stand in the long one, the tar in the small one."""
    for name, text in (("halls.toml", HALLS), ("plan.svg", PLAN), ("routes.toml", ROUTES)):
        (folder / name).write_text(text, encoding="utf-8")
    place(folder / CARS, "accent", "long-hall")
    place(folder / TAR, "category", "small-hall")


def place(file: Path, after: str, hall: str) -> None:
    """Write a hall into a record, after the line of another name."""
    lines = file.read_text("utf-8").split("\n")
    (line,) = (n for n, line in enumerate(lines) if line.startswith(f"{after} = "))
    lines.insert(line + 1, f'hall = "{hall}"')
    file.write_text("\n".join(lines), encoding="utf-8")
