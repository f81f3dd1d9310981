"""Other systems: each with a token of its own, and whoever has none."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from guide.accounts.api_tokens import make_token
from guide.accounts.model import Role
from guide.accounts.queries import token_named
from guide.db import Database
from tests.tours.conftest import booked, elvin, leyla, nigar, orkhan, signed_in

__all__ = ["booked", "elvin", "leyla", "nigar", "orkhan", "signed_in"]

API = "/api/v1"
PROBLEM = "application/problem+json"

Told = dict[str, Any]
Sent = Any
"""What httpx takes besides: too many kinds of things to name."""


class System:
    """Another system with a token, or without."""

    def __init__(self, phone: TestClient, token: str, number: int = 0) -> None:
        self.phone = phone
        self.token = token
        self.number = number

    def ask(self, method: str, path: str, **sent: Sent) -> Response:
        headers = {**sent.pop("headers", {})}
        if self.token:
            headers.setdefault("authorization", f"Bearer {self.token}")
        if (told := sent.pop("json", None)) is not None:
            sent["content"] = json.dumps(told)  # as letters of ASCII, half pairs among them
            headers.setdefault("content-type", "application/json")
        return self.phone.request(method, API + path, headers=headers, **sent)

    def get(self, path: str, **sent: Sent) -> Response:
        return self.ask("GET", path, **sent)

    def post(self, path: str, told: object = None, **sent: Sent) -> Response:
        return self.ask("POST", path, json=told, **sent)

    def put_stops(self, tour: int, *stops: Told, version: int = 1, **said: Sent) -> Response:
        body = {"stops": stops, **said}
        headers = {"if-match": f'"{version}"'}
        return self.ask("PUT", f"/tours/{tour}/stops", json=body, headers=headers)


WithToken = Callable[..., System]


@pytest.fixture
def with_token(guide: TestClient, museum: Database) -> WithToken:
    """Give another system a token."""

    def give(role: Role, name: str = "") -> System:
        with museum.writing() as db:
            token = make_token(db, name or f"the {role}", role, None, datetime.now(UTC))
        with museum.reading() as db:
            made = token_named(db, name or f"the {role}")
            assert made
            return System(guide, token, made.account_id)

    return give


@pytest.fixture
def stranger(guide: TestClient) -> System:
    """A system without a token."""
    return System(guide, "")


@pytest.fixture
def desk(with_token: WithToken) -> System:
    """The system of the protocol office: a planner."""
    return with_token(Role.PLANNER, "desk")


@pytest.fixture
def kiosk(with_token: WithToken) -> System:
    """A system that asks for tours: a guide."""
    return with_token(Role.GUIDE, "kiosk")


def is_problem(answer: Response, status: int, kind: str = "") -> bool:
    """Say whether an answer is a problem document of a status, and of a kind if one is told."""
    told = answer.json()
    return (
        answer.status_code == status == told["status"]
        and answer.headers["content-type"] == PROBLEM
        and told["type"].startswith("about:blank#")
        and (not kind or told["type"] == f"about:blank#{kind}")
    )
