"""Load, CPU seconds, medians, and the table and file that a benchmark leaves behind.

Absolute rates on a busy machine swing by two. So every comparison runs its sides in turn in
one run, and what is judged is the median of the rounds' ratios.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
TICKS = os.sysconf("SC_CLK_TCK")
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Mobile Safari/537.36"
PROGRAMS = {"wrk": "wrk", "nginx": "nginx-light"}
LIBRARIES = ("uvicorn", "fastapi", "starlette", "sqlalchemy", "jinja2", "brotli")


@dataclass(frozen=True)
class Figure:
    """One line of `performance.md`: a ratio or size that must hold, and how it came out."""

    name: str
    measured: float
    wanted: float
    ambition: float
    more_is_better: bool = True

    @property
    def reached(self) -> str:
        """Say which of the two bounds it keeps."""
        if self._keeps(self.ambition):
            return "yes, and the ambition"
        return "yes" if self._keeps(self.wanted) else "no"

    @property
    def row(self) -> tuple[str, ...]:
        """Write it as a line of the table."""
        sign = "≥" if self.more_is_better else "≤"
        bounds = (f"{sign} {self.wanted:g}", f"{sign} {self.ambition:g}")
        return (self.name, short(self.measured), *bounds, self.reached)

    def _keeps(self, bound: float) -> bool:
        if self.more_is_better:
            return self.measured >= bound
        return self.measured <= bound


@dataclass(frozen=True)
class Load:
    """What one round of requests came to."""

    requests: int
    seconds: float
    cpu: float
    p50_ms: float
    p99_ms: float
    scans: int = 0

    @property
    def rate(self) -> float:
        """Return the requests per second."""
        return self.requests / self.seconds

    @property
    def cost(self) -> float:
        """Return the server's CPU microseconds per request."""
        return self.cpu / self.requests * 1_000_000


@dataclass(frozen=True)
class Target:
    """A server under load: its process, an address, and how it is asked."""

    pid: int
    address: str
    connections: int = 32
    script: Sequence[str] = ("report.lua",)

    def load(self, seconds: float = 2.0, settle: Callable[[], object] | None = None) -> Load:
        """Ask as fast as it answers; `settle` waits for work that is done afterwards."""
        script, *arguments = self.script
        before = cpu_seconds(self.pid)
        told = subprocess.run(
            [
                "wrk",
                "--threads=1",
                f"--connections={self.connections}",
                f"--duration={max(1, round(seconds))}s",
                "--header=Accept-Encoding: br",
                f"--header=User-Agent: {PHONE}",
                f"--script=benchmarks/{script}",
                self.address,
                "--",
                *arguments,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        if settle:
            settle()
        cpu = cpu_seconds(self.pid) - before
        said = json.loads(told.stdout.splitlines()[-1])
        if said.pop("failed"):
            stop(f"{self.address}: some requests failed\n{told.stdout.decode()}")
        return Load(cpu=cpu, **said)


def in_turn(targets: Mapping[str, Target], rounds: int, seconds: float) -> "Rounds":
    """Load each target once a round; the first seconds of each are not counted."""
    for target in targets.values():
        target.load(1)
    turns = [{name: one.load(seconds) for name, one in targets.items()} for _ in range(rounds)]
    return Rounds(turns)


@dataclass(frozen=True)
class Rounds:
    """The loads of every side, round by round."""

    turns: Sequence[Mapping[str, Load]]

    def cost_ratio(self, one: str, other: str) -> float:
        """Return the median of CPU per request of one side ÷ the other."""
        return median(turn[one].cost / turn[other].cost for turn in self.turns)

    def rate_ratio(self, one: str, other: str) -> float:
        """Return the median of requests per second of one side ÷ the other."""
        return median(turn[one].rate / turn[other].rate for turn in self.turns)

    def medians(self) -> dict[str, dict[str, float]]:
        """Return each side's medians."""
        return {
            name: {
                "cpu_us": round(median(turn[name].cost for turn in self.turns), 1),
                "requests_per_second": round(median(turn[name].rate for turn in self.turns)),
                "p50_ms": round(median(turn[name].p50_ms for turn in self.turns), 2),
                "p99_ms": round(median(turn[name].p99_ms for turn in self.turns), 2),
            }
            for name in self.turns[0]
        }


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process, its threads included, not its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process in megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def need(*programs: str) -> None:
    """Stop with one sentence if the machine lacks a program; end servers when told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    missing = [
        PROGRAMS[name] for name in programs if shutil.which(name, path=wide_path()) is None
    ]
    if missing:
        stop(f"This benchmark needs: apt-get install --yes {' '.join(missing)}")


def wide_path() -> str:
    """Return the PATH, with the folder of Debian's servers, which users often lack."""
    return f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"


def report(
    name: str,
    figures: Sequence[Figure],
    details: Mapping[str, Mapping[str, float]],
    **others: str,
) -> None:
    """Print what was measured, and keep it in `benchmarks/results/`."""
    asked = argparse.ArgumentParser(description=f"Benchmark: {name}")
    asked.add_argument("--date", default=day_of_code(), help="YYYY-MM-DD for the file")
    date = asked.parse_args().date
    columns = list(dict.fromkeys(column for one in details.values() for column in one))
    _print_table(
        ("measured", *columns),
        [
            (side, *(short(one[c]) if c in one else "" for c in columns))
            for side, one in details.items()
        ],
    )
    _print_table(
        ("figure", "measured", "wanted", "ambition", "reached"), [one.row for one in figures]
    )
    versions = {"python": platform.python_version(), **{n: version(n) for n in LIBRARIES}}
    kept = {
        "date": date,
        "versions": versions | others,
        "figures": [asdict(one) | {"reached": one.reached} for one in figures],
        "details": details,
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(kept, ensure_ascii=False, indent=2, default=float)
    (RESULTS / f"{name}.json").write_text(f"{text}\n")


def day_of_code() -> str:
    """Return the day on which the newest file of what is measured was written."""
    newest = max(
        file.stat().st_mtime
        for folder in ("guide", "templates")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".html"}
    )
    return f"{datetime.fromtimestamp(newest, UTC):%Y-%m-%d}"


def version_of(*command: str) -> str:
    """Return the first version number in what a program says of itself."""
    said = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        env=os.environ | {"PATH": wide_path()},
    )
    words = said.stdout.decode().replace("/", " ").split()
    return next((word for word in words if word[0].isdigit()), "unknown")


def short(number: float) -> str:
    """Write a number with three digits that say something."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"  # noqa: PLR2004


def say(sentence: str) -> None:
    """Tell the person what is going on, at once."""
    print(sentence, flush=True)


def stop(sentence: str) -> NoReturn:
    """Give up with one plain sentence."""
    sys.exit(sentence)


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    for row in (head, *rows):
        cells = (
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())
    print(flush=True)
