"""Labels: what the guide adds to typst, PDFium and zxing-cpp, and how much memory it takes."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.measuring import ROOT, Figure, report, say
from guide.db import Database
from guide.settings import Settings
from guide.upkeep.schema import bring_up_to_date
from guide.upkeep.serving import fill_if_empty

ROUNDS = 5
LABELS = 1_000
RUNS = (50, 500, 1_000, 5_000)
SIDES = ("typst", "sheet", "bare", "lean", "proved")

Taken = Mapping[str, float]


def main() -> None:
    """Make the same labels on every side in turn, then runs of other lengths with the proof."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        fill(folder)
        drawn = taken(folder, "keep", max(RUNS))
        rounds = []
        for number in range(ROUNDS):
            say(f"Round {number + 1} of {ROUNDS} …")
            rounds.append({side: taken(folder, side, LABELS) for side in SIDES})
        lengths = {f"{many:,} proved": taken(folder, "proved", many) for many in RUNS}
    figures = [
        Figure(
            f"{LABELS:,} labels, sheet alone ÷ typst compile alone, CPU",
            ratio(rounds, "sheet", "typst"),
            2,
            1.3,
            more_is_better=False,
        ),
        Figure(
            f"{LABELS:,} labels with the proof ÷ typst, PDFium and zxing-cpp bare, CPU",
            ratio(rounds, "proved", "bare"),
            1.3,
            1.1,
            more_is_better=False,
        ),
    ]
    sides = {f"{LABELS:,} {side}": medians(rounds, side) for side in SIDES}
    libraries = {name: version(name) for name in ("typst", "pypdfium2", "zxing-cpp", "qrcode")}
    report(
        "labels", figures, {f"{max(RUNS):,} symbols": drawn, **sides, **lengths}, **libraries
    )


def fill(folder: Path) -> None:
    """Make a guide over the starter content."""
    settings = Settings(data_dir=folder)
    settings.prepare_data_dir()
    database, now = Database.open(settings.database), datetime.now(UTC)
    bring_up_to_date(settings, database, now)
    fill_if_empty(database, settings.exhibitions, now)
    database.close()


def taken(folder: Path, side: str, labels: int) -> Taken:
    """Let a process of its own do one side, and return what it took."""
    said = subprocess.run(
        [sys.executable, "benchmarks/labelling.py", str(folder), side, str(labels)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    told: Taken = json.loads(said.stdout)
    return told


def ratio(rounds: Sequence[Mapping[str, Taken]], one: str, other: str) -> float:
    """Return the median of the CPU of one side ÷ the other."""
    return median(turn[one]["cpu_s"] / turn[other]["cpu_s"] for turn in rounds)


def medians(rounds: Sequence[Mapping[str, Taken]], side: str) -> Taken:
    """Return the medians of what a side took."""
    return {what: median(turn[side][what] for turn in rounds) for what in rounds[0][side]}


if __name__ == "__main__":
    main()
