"""Servers for the length of a benchmark: each a process of its own, ended by its pid."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from benchmarks.answer import Answer
from benchmarks.measuring import ROOT, stop, wide_path
from tests.e2e.server import Server, environment, free_port

LOOPBACK = "127.0.0.1"
SECONDS_TO_START = 60

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  etag off;
  max_ranges 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder};
    location = /page {{
      default_type "{media_type}";
      add_header Last-Modified "";
      {headers}
    }}
  }}
}}
"""


@contextmanager
def guide(data_dir: Path, what: str = "as it is", file: Path | None = None) -> Iterator[Server]:
    """Serve a data folder, with one thing changed (`benchmarks.variants`)."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.variants", what, str(port)]
    printed, complained = (data_dir.parent / f"{port}.{end}" for end in ("out", "err"))
    with printed.open("wb") as out, complained.open("wb") as err:
        process = subprocess.Popen(
            [*command, *([str(file)] if file else [])],
            cwd=ROOT,
            env=environment(data_dir, None),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
    server = Server(process, port, printed, complained)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.end()


@contextmanager
def nginx(folder: Path, answer: Answer) -> Iterator[tuple[int, str]]:
    """Serve an answer's bytes and headers as a static file; one process, Debian's defaults."""
    folder.mkdir()
    port = free_port()
    headers = dict(answer.headers)
    media_type = headers.pop("content-type")
    del headers["content-length"]
    added = "\n      ".join(
        f'add_header {name} "{value.replace(chr(34), chr(92) + chr(34))}";'
        for name, value in headers.items()
    )
    (folder / "page").write_bytes(answer.body)
    config = folder / "nginx.conf"
    config.write_text(
        NGINX.format(folder=folder, port=port, media_type=media_type, headers=added)
    )
    program = shutil.which("nginx", path=wide_path()) or "nginx"
    address = f"http://{LOOPBACK}:{port}/page"
    with running([program, "-c", str(config)], folder, port) as pid:
        given = Answer.of(port, "/page")
        if given.body != answer.body or dict(given.headers) != dict(answer.headers):
            stop(f"nginx answers otherwise than the guide: {given.headers}")
        yield pid, address


@contextmanager
def running(
    command: Sequence[str], folder: Path, port: int, told: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a server until it listens; end it afterwards."""
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(told or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_listening(process, port, folder)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worker_of(pid: int) -> int:
    """Return the one worker process of a server that has a master."""
    deadline = monotonic() + SECONDS_TO_START
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while not (found := children.read_text().split()):
        if monotonic() > deadline:
            stop("the server started no worker")
        sleep(0.05)
    return int(found[-1])


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = monotonic() + SECONDS_TO_START
    wanted = f"0100007F:{port:04X} 00000000:0000 0A"
    while monotonic() < deadline:
        if process.poll() is not None:
            stop((folder / f"{port}.log").read_text())
        if wanted in Path("/proc/net/tcp").read_text():
            return
        sleep(0.05)
    stop(f"{process.args!r} did not listen in {SECONDS_TO_START} s")
