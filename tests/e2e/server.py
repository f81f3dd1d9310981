"""`guide serve` as a process of its own, the way a museum runs it."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic
from typing import Self

LOOPBACK = "127.0.0.1"
GUIDE = Path(sys.executable).with_name("guide")
SECONDS_TO_START = 60
SECONDS_TO_END = 10
SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True)
class Server:
    """A guide that is being served."""

    process: subprocess.Popen[bytes]
    port: int
    printed: Path
    complained: Path

    @classmethod
    def start(
        cls,
        data_dir: Path,
        database: str | None = None,
        *options: str,
        static: Path | None = None,
    ) -> Self:
        """Serve a data folder on a free port; what it says goes to files beside the folder."""
        data_dir.mkdir(mode=0o700, exist_ok=True)
        port = free_port()
        printed = data_dir.with_name(f"{data_dir.name}-{port}.out")
        complained = data_dir.with_name(f"{data_dir.name}-{port}.err")
        with printed.open("wb") as out, complained.open("wb") as err:
            process = subprocess.Popen(  # noqa: S603 (our own command)
                [GUIDE, "serve", "--port", str(port), *options],
                env={
                    **environment(data_dir, database),
                    **({"GUIDE_STATIC": str(static)} if static else {}),
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        return cls(process, port, printed, complained)

    @property
    def address(self) -> str:
        """Where it serves, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    def wait_until_ready(self) -> None:
        """Return when it answers that it can do its work."""
        deadline = monotonic() + SECONDS_TO_START
        while monotonic() < deadline:
            with suppress(subprocess.TimeoutExpired):
                code = self.process.wait(SECONDS_BETWEEN_LOOKS)
                raise AssertionError(f"it ended with {code}: {self.complained.read_text()}")
            if self._is_ready():
                return
        raise AssertionError(
            f"not ready in {SECONDS_TO_START} s: {self.complained.read_text()}"
        )

    def end(self) -> int:
        """Ask it to end, as systemd and Docker do; return its exit code."""
        self.process.terminate()
        return self.wait()

    def wait(self, seconds: float = SECONDS_TO_END) -> int:
        """Wait for its end; one that does not come is enforced, and is a failure."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"it had not ended after {seconds} s") from None

    def _is_ready(self) -> bool:
        connection = HTTPConnection(LOOPBACK, self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        port: int = asked.getsockname()[1]
        return port


def environment(data_dir: Path, database: str | None) -> Mapping[str, str]:
    """Take ours, without what it may say about another guide."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUIDE_")}
    told = {"GUIDE_DATA_DIR": str(data_dir)}
    if database:
        told["GUIDE_DATABASE_URL"] = database
    return kept | told
