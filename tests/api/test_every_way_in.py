"""Requests of every shape that the contract allows, and of many that it does not."""

import json
import re
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema_rs import Validator, validator_for
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from guide.accounts.model import Role
from guide.tours.model import State
from tests import make
from tests.api.conftest import API, PROBLEM, System, WithToken
from tests.tours.conftest import Booked

FEW, MANY = 200, 20_000
"""Requests of one of those below in every run, and of all of them in the long one."""

WHO = ("stranger", *Role)
JSON = "application/json"
ACCEPTED = (JSON, "text/html, */*;q=0.1", "image/png", "*/*", "text/*;q=0.5, application/pdf")
"""What is asked for in turn where there are several media types."""
TOUR = re.compile(r"/tours/(\d+)")

Told = dict[str, Any]
Case = schemathesis.Case[Any]
Way = APIOperation[Any, Any, Any, Any]


class Shapes:
    """What the contract says of answers; how a shape is checked is made out once."""

    def __init__(self, contract: Told) -> None:
        self.contract = contract
        self._known: dict[str, Validator] = {}

    def answers(self, case: Case) -> dict[str, Told]:
        way: Told = self.contract["paths"][case.operation.path][case.method.casefold()]
        answers: dict[str, Told] = way["responses"]
        return answers

    def is_kept(self, schema: Told, told: object) -> bool:
        name = json.dumps(schema)
        if name not in self._known:
            whole = {**schema, "components": self.contract["components"]}
            self._known[name] = validator_for(whole)
        return self._known[name].is_valid(told)


@pytest.fixture
def whoever(
    request: pytest.FixtureRequest, stranger: System, with_token: WithToken, booked: Booked
) -> System:
    """Somebody by the name of a role, in a house with a tour in every state."""
    for state in State:
        booked(state=state, stops=[make.stop(names={"en": "Tea"})])
    name = str(request.param)
    return stranger if name == "stranger" else with_token(Role(name))


@pytest.mark.parametrize("whoever", WHO, indirect=True)
def test_nothing_that_is_sent_is_too_much(whoever: System) -> None:
    assert sent_every_way(whoever, FEW) >= FEW


@pytest.mark.long
@pytest.mark.parametrize("whoever", WHO, indirect=True)
def test_nothing_that_is_sent_for_long_is_too_much(whoever: System) -> None:
    assert sent_every_way(whoever, MANY // len(WHO)) >= MANY // len(WHO)


def sent_every_way(system: System, cases: int) -> int:
    """Send so many requests, right ones and wrong ones; return how many were sent."""
    contract = system.phone.get("/api/v1/openapi.json").json()
    turns = [
        (found.ok(), mode)
        for found in schemathesis.openapi.from_dict(contract).get_all_operations()
        if isinstance(found, Ok)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    shapes = Shapes(contract)
    sent = 0

    def send(case: Case) -> None:
        nonlocal sent
        sent += 1
        check(system, shapes, case, ACCEPTED[sent % len(ACCEPTED)])

    def has_more(way: Way, mode: GenerationMode, each: int) -> bool:
        before = sent
        like = settings(
            max_examples=each,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        with suppress(Unsatisfiable):  # where nothing can be asked wrongly
            like(given(case=way.as_strategy(generation_mode=mode))(send))()
        return sent - before >= each

    while turns and sent < cases:  # of some addresses there are fewer
        each = -(-(cases - sent) // len(turns))
        turns = [turn for turn in turns if has_more(*turn, each)]
    return sent


def check(system: System, shapes: Shapes, case: Case, accepted: str) -> None:
    """Send a request; whatever it is, the answer is one that the contract knows."""
    asked = case.as_transport_kwargs(base_url="http://localhost")
    path = TOUR.sub(lambda named: f"/tours/{int(named[1]) % 8}", asked["url"])
    headers = {
        name.encode(): str(said).encode()
        for name, said in asked["headers"].items()
        if name.isascii() and name.casefold() not in {"host", "authorization"}
    }
    content = asked.get("data", b"")
    if "json" in asked:
        content = json.dumps(asked["json"])
        headers[b"content-type"] = b"application/json"
    if system.token:
        headers[b"authorization"] = f"Bearer {system.token}".encode()
    known = shapes.answers(case)
    kinds = {kind for answer in known.values() for kind in answer.get("content", ())}
    if kinds > {JSON, PROBLEM}:
        headers[b"accept"] = accepted.encode()
    answer = system.phone.request(
        asked["method"],
        path.removeprefix("http://localhost"),
        params=[(name, _words(said)) for name, said in asked["params"].items()],
        headers=headers,
        content=content if isinstance(content, (str, bytes)) else b"",
    )

    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    kind = answer.headers["content-type"].partition(";")[0]
    described = known.get(str(answer.status_code)) or known["default"]
    assert kind in described["content"]
    if kind in {JSON, PROBLEM}:
        assert shapes.is_kept(described["content"][kind]["schema"], answer.json())


def _words(said: object) -> str:
    return said if isinstance(said, str) else json.dumps(said)


def test_the_contract_names_every_address(stranger: System) -> None:
    told = stranger.get("/openapi.json").json()

    assert told["openapi"].startswith("3.1")
    assert {path.removeprefix(API) for path in told["paths"]} >= {
        *("/exhibitions", "/exhibits/{slug}", "/languages", "/tours", "/tours/{tour_id}/stops"),
    }
    for methods in told["paths"].values():
        for operation in methods.values():
            is_public = operation["tags"] == ["Exhibitions"]
            assert is_public == ("security" not in operation)
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_the_examples_of_the_contract_can_be_sent(desk: System) -> None:
    told = desk.get("/openapi.json").json()["components"]["schemas"]

    number = desk.post("/tours", told["TourSent"]["examples"][0]).json()["id"]
    route = told["StopsSent"]["examples"][0]
    answer = desk.ask("PUT", f"/tours/{number}/stops", json=route, headers={"if-match": '"1"'})

    assert answer.status_code == HTTPStatus.OK


def test_the_contract_is_a_page_too(stranger: System) -> None:
    page = stranger.phone.get("/api/docs")

    assert page.status_code == HTTPStatus.OK
    assert page.headers["content-language"] == "en"
    told = stranger.get("/openapi.json").json()
    for path in told["paths"]:
        assert f"</b> {path}</code>" in page.text
    for shape in told["components"]["schemas"]:
        assert f'<h3 id="{shape}">' in page.text
