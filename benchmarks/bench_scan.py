"""`/q/{code}`: what counting scans costs, and that every scan is counted."""

import sqlite3
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from benchmarks.measuring import Figure, Rounds, Target, need, report, stop, version_of
from benchmarks.museum import PAGE, Museum
from benchmarks.serving import guide

ROUNDS = 7
SCANS = 8_000
SECONDS_AT_MOST = 30
SECONDS_TO_SETTLE = 10
COUNTING, SILENT = "with logging", "without logging"


def main() -> None:
    """Scan a fixed number of times with and without counting, in turn."""
    need("wrk")
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as held:
        folder = Path(name)
        counting = held.enter_context(guide(folder / "counting" / "data"))
        silent = held.enter_context(guide(folder / "silent" / "data", "no-log"))
        targets = {}
        for what, server, data in (
            (COUNTING, counting, folder / "counting" / "data"),
            (SILENT, silent, folder / "silent" / "data"),
        ):
            address = f"{server.address}/q/{Museum.of(data).code}"
            script = ("scans.lua", str(SCANS), PAGE)
            targets[what] = Target(server.process.pid, address, script=script)
        tally = Tally(folder / "counting" / "data" / "guide.sqlite3")
        for target in targets.values():
            warm = target.load(SECONDS_AT_MOST)
            tally.expected += warm.scans if target is targets[COUNTING] else 0
        tally.settle()
        turns = []
        for _ in range(ROUNDS):
            without = targets[SILENT].load(SECONDS_AT_MOST)
            tally.expected += SCANS
            with_it = targets[COUNTING].load(SECONDS_AT_MOST, tally.settle)
            for one in (without, with_it):
                if one.scans != SCANS:
                    stop(f"{one.scans} scans were answered, not {SCANS}")
            turns.append({COUNTING: with_it, SILENT: without})
        nothing = Tally(folder / "silent" / "data" / "guide.sqlite3").rows()
    if nothing:
        stop("the guide that counts nothing has counted")
    seen = Rounds(turns)
    figures = [
        Figure(
            "requests per second with logging ÷ without",
            seen.rate_ratio(COUNTING, SILENT),
            0.85,
            0.95,
        ),
        Figure(
            "CPU per request without logging ÷ with",
            seen.cost_ratio(SILENT, COUNTING),
            0.85,
            0.95,
        ),
        Figure("rows ÷ scans", tally.rows() / tally.expected, 1, 1),
    ]
    report("scan", figures, seen.medians(), wrk=version_of("wrk", "-v"))


@dataclass
class Tally:
    """The rows that there are, and those that there must be."""

    file: Path
    expected: int = 0
    last: int = 0

    def rows(self) -> int:
        """Count the rows; once the file is gone, return the last count."""
        if self.file.exists():
            with closing(sqlite3.connect(self.file)) as db:
                self.last = int(db.execute("SELECT count(*) FROM scans").fetchone()[0])
        return self.last

    def settle(self) -> None:
        """Wait until every scan is a row; stop when one is missing or there is one too many."""
        deadline = monotonic() + SECONDS_TO_SETTLE
        while self.rows() < self.expected and monotonic() < deadline:
            sleep(0.05)
        if self.last != self.expected:
            stop(f"{self.expected} scans, but {self.last} rows")


if __name__ == "__main__":
    main()
