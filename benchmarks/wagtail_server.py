"""A Wagtail site with one exhibit page of as many bytes as ours, served by gunicorn.

What `wagtail start` makes, in a temporary folder, from `requirements-bench.lock` in an
environment of its own; production settings, SQLite, one sync worker.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.answer import Answer
from benchmarks.measuring import ROOT, Target, say, stop
from benchmarks.serving import LOOPBACK, running, worker_of
from tests.e2e.server import free_port

VENV = ROOT / ".venv-bench"
BIN = VENV / "bin"
LOCK = ROOT / "requirements-bench.lock"
OURS = ROOT / "benchmarks" / "wagtail_site"
PAGE, CODE = "/exhibit-1/", "/q/x"


def make_environment() -> None:
    """Install Wagtail into `.venv-bench`, unless that was done before."""
    stamp, wanted = VENV / "set-up", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Installing requirements-bench.lock into .venv-bench …")
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    (VENV / ".gitignore").write_text("*\n")
    python = str(BIN / "python")
    uv = shutil.which("uv")
    installer = (
        [uv, "pip", "install", "--python", python]
        if uv
        else [python, "-m", "pip", "install", "--disable-pip-version-check"]
    )
    exactly = ["--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK)]
    _run([*installer, "--quiet", *exactly])
    stamp.write_text(wanted)


def make_site(folder: Path, content: Path) -> None:
    """Generate the project and fill it."""
    folder.mkdir()
    _run([str(BIN / "wagtail"), "start", "museum", str(folder)])
    templates = folder / "home" / "templates" / "home"
    for name, target in (
        ("models.py", folder / "home"),
        ("exhibit_page.html", templates),
        ("served.py", folder / "museum" / "settings"),
        ("urls.py", folder / "museum"),
        ("fill.py", folder),
    ):
        shutil.copy(OURS / name, target)
    python, manage = str(BIN / "python"), str(folder / "manage.py")
    for step in (("makemigrations", "home"), ("migrate",), ("collectstatic", "--no-input")):
        _run([python, manage, *step, "--verbosity=0"], folder)
    _run([python, "fill.py", str(content)], folder)


@contextmanager
def wagtail(folder: Path, size: int, *, with_cache: bool = False) -> Iterator[Target]:
    """Serve the site."""
    port = free_port()
    command = [str(BIN / "gunicorn"), "--workers=1", f"--bind={LOOPBACK}:{port}"]
    told = {"DJANGO_SETTINGS_MODULE": "museum.settings.served"}
    if with_cache:
        told["BENCH_CACHE"] = "1"
    with running([*command, "museum.wsgi"], folder, port, told) as pid:
        if len(Answer.of(port, PAGE).body) != size:
            stop(f"Wagtail's page has not the {size} bytes of ours")
        yield Target(worker_of(pid), f"http://{LOOPBACK}:{port}{PAGE}")


def versions() -> dict[str, str]:
    """Return the versions that the lock names."""
    pinned = dict(
        line.partition(" ")[0].split("==")
        for line in LOCK.read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    )
    code = "import django; print(django.__version__)"
    django = subprocess.run([BIN / "python", "-c", code], stdout=subprocess.PIPE, check=True)
    return {
        "wagtail": pinned["wagtail"],
        "gunicorn": pinned["gunicorn"],
        "django": django.stdout.decode().strip(),
    }


def _run(command: list[str], folder: Path | None = None) -> None:
    told = os.environ | {"DJANGO_SETTINGS_MODULE": "museum.settings.served"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        stop(f"{' '.join(command)}\n{done.stdout.decode()}")
