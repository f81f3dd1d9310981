"""What is written down of a request: nothing that says who it was or what they asked (T11)."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from structlog.testing import capture_logs

CANARY = "kanareyka-7f3a"
WRITE_A_LINE = """
import structlog
from guide.web import logs

logs.configure()
structlog.get_logger().info("request", method="GET", route=None, status=404, ms=1.5)
"""
PLACES: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "path": ("GET", f"/{CANARY}", {}),
    "path within": ("GET", f"/en/exhibits/{CANARY}", {}),
    "file": ("GET", f"/static/{CANARY}/{CANARY}.css", {}),
    "query": ("GET", f"/en/?{CANARY}={CANARY}", {}),
    "query and another case": ("GET", f"/EN/?x={CANARY}", {}),
    "code": ("GET", f"/q/{CANARY}", {}),
    "calendar": ("GET", f"/calendar/{CANARY}.ics", {}),
    "code that is typed": ("GET", f"/en/code?c={CANARY}", {}),
    "scan": ("GET", f"/q/by6v1?{CANARY}", {"referer": f"https://{CANARY}.example/"}),
    "cookie": ("GET", "/", {"cookie": f"lang={CANARY}; d={CANARY}; {CANARY}=1"}),
    "user agent": ("GET", "/q/by6v1", {"user-agent": CANARY}),
    "languages": ("GET", "/", {"accept-language": CANARY}),
    "address": ("GET", "/en/", {"x-forwarded-for": CANARY, "forwarded": f"for={CANARY}"}),
    "key": ("GET", "/en/", {"authorization": f"Bearer {CANARY}"}),
    "host": ("GET", "/en/", {"host": f"{CANARY}.example"}),
    "origin": ("POST", "/choice", {"origin": f"https://{CANARY}.example"}),
    "type of body": ("POST", "/choice", {"content-type": f"{CANARY}; charset={CANARY}"}),
    "method": ("POST", f"/en/?{CANARY}", {}),
    "refused path": ("GET", f"/{CANARY}%00", {}),
}


def tell(client: TestClient, method: str, path: str, headers: Mapping[str, str]) -> Response:
    form = {"lang": CANARY, "next": f"/{CANARY}", CANARY: CANARY} if method == "POST" else None
    answer = client.request(method, path, data=form, headers=dict(headers))
    assert isinstance(client.app, FastAPI)
    client.app.state.scans.settle()
    return answer


@pytest.mark.parametrize(("method", "path", "headers"), PLACES.values(), ids=PLACES)
def test_a_log_line_says_nothing_of_a_person(
    visitor: TestClient,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    headers: Mapping[str, str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        answer = tell(visitor, method, path, headers)

    (line,) = lines
    assert set(line) == {"event", "log_level", "method", "route", "status", "ms"}
    assert (line["method"], line["status"]) == (method, answer.status_code)
    assert CANARY not in str(lines)
    assert CANARY not in "".join(
        record.getMessage() for record in caplog.records if record.name != "httpx2"
    )


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/q/by6v1", "/q/{code}"),
        ("/en/exhibits/tar", "/{lang}/exhibits/{slug}"),
        ("/en/exhibits/nothing-here", "/{lang}/exhibits/{slug}"),
        ("/static/x/y", "/static/{hash_}/{name:path}"),
        ("/en/nothing/here", None),
    ],
)
def test_a_log_line_names_the_routes_template(
    visitor: TestClient, path: str, route: str | None
) -> None:
    with capture_logs() as lines:
        visitor.get(path)
    assert [line["route"] for line in lines] == [route]


def test_a_body_that_is_too_large_leaves_its_line_too(visitor: TestClient) -> None:
    with capture_logs() as lines:
        visitor.post("/choice", content=CANARY.encode() * 10_000)
    assert [line["status"] for line in lines] == [413]


def test_a_served_guide_writes_each_line_as_json_on_standard_error() -> None:
    told = subprocess.run(  # noqa: S603 (our own words)
        [
            sys.executable,
            "-c",
            WRITE_A_LINE,
        ],
        capture_output=True,
        check=True,
    )
    assert told.stdout == b""
    line = json.loads(told.stderr)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "route": None,
        "status": 404,
        "ms": 1.5,
    }
