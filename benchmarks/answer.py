"""One answer of the guide, so that others can give the same one."""

import base64
import json
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

ADDED_BY_SERVERS = {"date", "server", "connection"}


@dataclass(frozen=True)
class Answer:
    """Headers, without those that every server adds itself, and the body as it was sent."""

    headers: list[tuple[str, str]]
    body: bytes

    @classmethod
    def of(cls, port: int, path: str, encoding: str = "br") -> Self:
        """Ask a server on this machine."""
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": encoding})
            got = connection.getresponse()
            if got.status != HTTPStatus.OK:
                raise RuntimeError(f"{path} answered {got.status}")
            headers = [(name.lower(), value) for name, value in got.getheaders()]
            kept = [(name, value) for name, value in headers if name not in ADDED_BY_SERVERS]
            return cls(kept, got.read())
        finally:
            connection.close()

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what was kept."""
        kept = json.loads(file.read_text())
        return cls([(n, v) for n, v in kept["headers"]], base64.b64decode(kept["body"]))

    def write(self, file: Path) -> None:
        """Keep it for another process."""
        body = base64.b64encode(self.body).decode()
        file.write_text(json.dumps({"headers": self.headers, "body": body}))
