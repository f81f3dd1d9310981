"""The exhibit page: printed, printed first, and beside what else could serve it."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.answer import Answer
from benchmarks.measuring import (
    Figure,
    Target,
    in_turn,
    need,
    report,
    version_of,
)
from benchmarks.museum import PAGE, Museum, write_content
from benchmarks.serving import guide, nginx
from benchmarks.wagtail_server import make_environment, make_site, versions, wagtail

ROUNDS = 5
SECONDS = 2.0


def main() -> None:
    """Serve every side, load them in turn, and judge."""
    need("wrk", "nginx")
    make_environment()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as held:
        folder = Path(name)
        ours = held.enter_context(guide(folder / "guide"))
        for encoding in ("identity", "br"):
            Answer.of(ours.port, PAGE, encoding)  # printed
        answer, size = (
            Answer.of(ours.port, PAGE),
            len(Answer.of(ours.port, PAGE, "identity").body),
        )
        answer.write(folder / "answer")
        write_content(folder / "guide", size, folder / "content")
        make_site(folder / "wagtail", folder / "content")

        served = {"printed page": ours}
        for what, variant in (
            ("bare ASGI", "bare"),
            ("bare ASGI, uvicorn's own protocol", "bare-plain"),
            ("first print, 32 at once", "first-print"),
        ):
            other = guide(folder / variant / "data", variant, folder / "answer")
            served[what] = held.enter_context(other)
        targets = {
            what: Target(one.process.pid, f"{one.address}{PAGE}")
            for what, one in served.items()
        }
        printing, paths = served["first print, 32 at once"], folder / "paths"
        pages = Museum.of(folder / "first-print" / "data").translated_pages
        paths.write_text("\n".join(pages) + "\n")
        for what, phones in (("32 at once", 32), ("one at a time", 1)):
            targets[f"first print, {what}"] = Target(
                printing.process.pid,
                printing.address,
                connections=phones,
                script=("paths.lua", str(paths)),
            )
        targets["nginx, static file"] = Target(
            *held.enter_context(nginx(folder / "nginx", answer))
        )
        targets["Wagtail"] = held.enter_context(wagtail(folder / "wagtail", size))
        targets["Wagtail with its cache"] = held.enter_context(
            wagtail(folder / "wagtail", size, with_cache=True)
        )
        seen = in_turn(targets, ROUNDS, SECONDS)

    figures = [
        Figure(
            "CPU per request ÷ bare ASGI",
            seen.cost_ratio("printed page", "bare ASGI"),
            1.25,
            1.1,
            more_is_better=False,
        ),
        Figure(
            "requests per second ÷ nginx",
            seen.rate_ratio("printed page", "nginx, static file"),
            0.35,
            0.5,
        ),
        Figure("Wagtail's CPU ÷ ours", seen.cost_ratio("Wagtail", "printed page"), 100, 300),
        Figure(
            "Wagtail's CPU with its cache ÷ ours",
            seen.cost_ratio("Wagtail with its cache", "printed page"),
            10,
            25,
        ),
        Figure(
            "Wagtail's CPU ÷ first print, one at a time",
            seen.cost_ratio("Wagtail", "first print, one at a time"),
            8,
            16,
        ),
        Figure(
            "Wagtail's CPU ÷ first print, 32 at once",
            seen.cost_ratio("Wagtail", "first print, 32 at once"),
            8,
            16,
        ),
    ]
    details = seen.medians()
    details["the page"] = {"html_bytes": size, "brotli_bytes": len(answer.body)}
    others = versions() | {
        "wrk": version_of("wrk", "-v"),
        "nginx": version_of("nginx", "-v"),
    }
    report("page", figures, details, **others)


if __name__ == "__main__":
    main()
