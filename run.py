#!/usr/bin/env python3
"""The one entry for a fresh machine: set up, serve, test.

    python3 run.py [--port 8000] [--lan] [--host ADDRESS]   set up and serve, with samples
    python3 run.py setup                                    set up and stop
    python3 run.py test [arguments for pytest]              set up, lint, run every test
    python3 run.py check                                    set up and lint
    python3 run.py prove [arguments for pytest]             set up and run the long tests
    python3 run.py bench                                    set up and run the benchmarks

Needs nothing but Python 3.11 or newer; everything else goes into `.venv` and `node_modules`.
(Older Pythons must still be able to read this file, so that they can be told.)
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMP = VENV / "set-up"

OLDEST_PYTHON = (3, 11)
SERVING = "requirements.lock"
TESTING = "requirements-test.lock"  # holds all of SERVING, at the same versions
READ_AT_SET_UP = (
    *(SERVING, TESTING, "pyproject.toml"),
    *("package.json", "package-lock.json", "vendor.py", "vendor.sha256"),
)

CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
    ("djlint", "--lint", "templates"),
    ("deptry", "."),
)

SHARED = ("--numprocesses=auto", "--maxprocesses=8", "--dist=worksteal")
"""One worker for each core, each with a database server and a browser of its own."""

COMMANDS = ("serve", "setup", "test", "check", "prove", "bench")
TAKING_ARGUMENTS = {  # and what they end in
    "serve": ("guide", "serve", "--demo"),
    "test": ("pytest", *SHARED),
    "prove": ("pytest", *SHARED, "-m", "long"),
}

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_PACKAGES = ("chromium", "fonts-noto-core", "fonts-noto-cjk")


def main(arguments: list[str]) -> None:
    """Do what the first word says; options alone are for `guide serve`."""
    os.chdir(ROOT)
    options_alone = not arguments or arguments[0].startswith("-")
    command, *rest = ["serve", *arguments] if options_alone else arguments
    if rest[:1] in (["-h"], ["--help"]):
        print(__doc__.strip())
        return
    if command not in COMMANDS:
        stop(f"There is no such command: {command}. See python3 run.py --help.", code=2)
    if rest and command not in TAKING_ARGUMENTS:
        stop(f"python3 run.py {command} takes no arguments.", code=2)

    set_up(SERVING if command in {"serve", "setup"} else TESTING)
    if command in {"test", "prove"}:
        find_browser()
    if command in {"test", "check"}:
        check()
    if command == "bench":
        bench()
    if command in TAKING_ARGUMENTS:
        become(*TAKING_ARGUMENTS[command], *rest)


def set_up(lock: str) -> None:
    """Install what the lock names and the guide itself, unless that was done before."""
    if os.name == "nt":
        stop("The guide runs on Linux and macOS. On Windows, run it inside WSL.")
    if sys.version_info < OLDEST_PYTHON:
        stop(f"The guide needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

    place, versions = fingerprint_of_place(), fingerprint_of_versions()
    stamp = STAMP.read_text().split() if STAMP.exists() else []
    if stamp in ([place, versions, lock], [place, versions, TESTING]):
        return

    started = time.monotonic()
    if stamp[:1] != [place]:
        make_environment()
    elif TESTING in stamp:
        lock = TESTING  # what was there for the tests stays in step
    say(f"Installing {lock} into .venv …")
    install("--require-hashes", "--only-binary", ":all:", "--requirement", lock)
    install("--no-index", "--no-deps", "--no-build-isolation", "--editable", ".")
    say("Making the fonts …")
    run(str(PYTHON), "vendor.py", *(["--with-tests"] if lock == TESTING else []))
    STAMP.write_text(f"{place} {versions} {lock}\n")
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def fingerprint_of_place() -> str:
    """Tell this folder and this Python from any other: an environment cannot be moved."""
    return fingerprint(f"{VENV} {sys.base_prefix} {sys.version}".encode())


def fingerprint_of_versions() -> str:
    """Tell whether anything that set-up reads has changed."""
    return fingerprint(*(Path(name).read_bytes() for name in READ_AT_SET_UP))


def fingerprint(*parts: bytes) -> str:
    """Join the parts into one short word without spaces."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_environment() -> None:
    """Make an empty `.venv`, in place of any that is there."""
    if importlib.util.find_spec("ensurepip") is None:
        stop(
            "This Python cannot make virtual environments (its ensurepip is missing). "
            "On Debian and Ubuntu: apt-get install python3-venv. Elsewhere: the full Python."
        )
    say("Making .venv …")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))


def install(*arguments: str) -> None:
    """Install into `.venv` with uv where there is one, else with pip."""
    uv = shutil.which("uv")
    if uv:
        run(uv, "pip", "install", "--quiet", "--python", str(PYTHON), *arguments)
    else:
        quiet = ("--quiet", "--disable-pip-version-check")
        run(str(PYTHON), "-m", "pip", "install", *quiet, *arguments)


def find_browser() -> None:
    """Name a browser for the tests in CHROME_PATH; on Debian and as root, install one."""
    if os.environ.get("CHROME_PATH"):
        return
    browser = installed_browser()
    if browser is None:
        install_browser()
        browser = installed_browser() or stop("Chromium was installed but is not on the PATH.")
    os.environ["CHROME_PATH"] = browser


def installed_browser() -> str | None:
    """Find the program of the first browser that the machine has."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> None:
    """Install Chromium and the fonts of every language with apt, or say who can."""
    apt = ["apt-get", "install", "--yes", "--no-install-recommends", *BROWSER_PACKAGES]
    if shutil.which("apt-get") is None:
        stop("The tests need a Chromium or Chrome: install one, or set CHROME_PATH to it.")
    if os.geteuid() != 0:
        stop(f"The tests need Chromium. Install it with: sudo {' '.join(apt)}")
    say(f"Installing {', '.join(BROWSER_PACKAGES)} with apt-get …")
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    run("apt-get", "update", "--quiet=2")
    run(*apt, "--quiet=2")


def check() -> None:
    """Run the linters in order and stop at the first that finds something."""
    for name, *rest in CHECKS:
        started = time.monotonic()
        found = subprocess.run(
            [BIN / name, *rest], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        seconds = time.monotonic() - started
        verdict = "FAILED" if found.returncode else "ok"
        say(f"{' '.join((name, *rest)):<30} {verdict:<6} {seconds:5.1f} s")
        if found.returncode:
            sys.stdout.buffer.write(found.stdout)
            sys.exit(1)


def bench() -> None:
    """Run every benchmark, one after the other."""
    benchmarks = sorted(Path("benchmarks").glob("bench_*.py"))
    if not benchmarks:
        say("There are no benchmarks yet.")
    for benchmark in benchmarks:
        say(f"{benchmark} …")
        run(str(PYTHON), str(benchmark))


def become(program: str, *arguments: str) -> NoReturn:
    """Hand this process over, so that signals and the exit code are the program's own."""
    sys.stdout.flush()
    os.execv(BIN / program, [program, *arguments])  # noqa: S606  no shell, on purpose


def run(*command: str) -> None:
    """Run one step; if it fails, its own words say why and one sentence says which it was."""
    if subprocess.run(command, check=False).returncode:
        stop(f"This step failed: {' '.join(command)}")


def say(sentence: str) -> None:
    """Tell the person what is going on, at once."""
    print(sentence, flush=True)


def stop(sentence: str, code: int = 1) -> NoReturn:
    """Give up with one plain sentence."""
    print(sentence, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        stop("Stopped.", code=130)
