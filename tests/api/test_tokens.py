"""Tokens: made, shown once, let in for what their role may, and revoked."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from typer.testing import CliRunner

from guide.accounts.api_tokens import make_token, revoke_named
from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, ApiToken, Role
from guide.accounts.queries import account_with_email, api_tokens, everyone, revoke_everything
from guide.accounts.tokens import hashed
from guide.cli import app
from guide.db import Database
from guide.settings import Settings
from guide.tours.model import Level, State
from guide.tours.queries import colleagues
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.api.conftest import API, Sent, System, WithToken, is_problem
from tests.tours.conftest import Booked

WAYS = (
    *(("GET", "/tours"), ("POST", "/tours"), ("GET", "/tours/{id}")),
    *(("PUT", "/tours/{id}/stops"), ("POST", "/tours/{id}/planning")),
    *(("POST", "/tours/{id}/confirmation"), ("POST", "/tours/{id}/departure")),
    *(("POST", "/tours/{id}/completion"), ("POST", "/tours/{id}/cancellation")),
    *(("POST", "/tours/{id}/events"), ("GET", "/tours/{id}/readiness")),
    ("GET", "/tours/{id}/report"),
)

Command = Callable[..., Any]


def ask(system: System, way: tuple[str, str], tour: int, **headers: Sent) -> Response:
    method, path = way
    body: Sent = {} if method == "GET" else {"json": {}}
    return system.ask(method, path.format(id=tour), headers=headers, **body)


def test_every_way_is_here(guide: TestClient) -> None:
    assert isinstance(guide.app, FastAPI)
    found = {
        (method, (route.path or "").removeprefix(API).replace("{tour_id}", "{id}"))
        for route in iter_route_contexts(guide.app.routes)
        for method in set(route.methods or ()) - {"HEAD"}
        if (route.path or "").startswith(f"{API}/tours")
        and not (route.name or "").startswith("api.refuse")
    }
    assert found == set(WAYS)


# Who is let in.


@pytest.mark.parametrize("way", WAYS)
def test_without_a_token_nothing_is_opened(
    stranger: System, booked: Booked, way: tuple[str, str]
) -> None:
    number = booked()
    for said in ("", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "bearer \xff", "x" * 4_000):
        headers = {"authorization": said.encode("latin-1")} if said else {}
        answer = ask(stranger, way, number, **headers)
        assert is_problem(answer, 401, "no-token"), said
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", [Role.CURATOR, Role.ADMIN])
@pytest.mark.parametrize("way", WAYS)
def test_for_other_roles_there_are_no_tours(
    with_token: WithToken, booked: Booked, way: tuple[str, str], role: Role
) -> None:
    assert is_problem(ask(with_token(role), way, booked()), 404)


@pytest.mark.parametrize("way", WAYS)
def test_a_revoked_token_is_none(
    desk: System, booked: Booked, museum: Database, way: tuple[str, str]
) -> None:
    number = booked()
    with museum.writing() as db:
        revoke_named(db, "desk", datetime.now(UTC))

    assert is_problem(ask(desk, way, number), 401, "no-token")


def test_a_restored_database_lets_no_token_in(desk: System, museum: Database) -> None:
    assert desk.get("/tours").status_code == 200
    with museum.writing() as db:
        revoke_everything(db, datetime.now(UTC))

    assert desk.get("/tours").status_code == 401


def test_a_cookie_is_no_token(leyla: Desk, booked: Booked) -> None:
    assert leyla.phone.get("/staff/tours").status_code == 200
    assert is_problem(leyla.phone.get(f"{API}/tours"), 401)
    form = {"x-csrf-token": leyla.form["csrf"]}
    answer = leyla.phone.post(f"{API}/tours/{booked()}/cancellation", headers=form)
    assert is_problem(answer, 401)


def test_a_token_opens_no_office(desk: System) -> None:
    headers = {"authorization": f"Bearer {desk.token}"}

    answer = desk.phone.get("/staff/tours", headers=headers)

    assert answer.headers["location"].startswith("/staff/session")


def test_a_page_of_another_site_changes_nothing_and_a_token_asks_from_anywhere(
    desk: System, stranger: System, booked: Booked
) -> None:
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    path = f"/tours/{booked()}/cancellation"

    assert stranger.post(path, headers=headers).status_code == 401
    assert desk.post(path, headers=headers).status_code == 200


# Which tours there are for it.


@pytest.mark.parametrize("level", Level)
def test_a_planners_token_opens_what_planners_open(
    desk: System, booked: Booked, level: Level
) -> None:
    number = booked(level=level, persons=[make.person()], stops=[make.stop(note="Quiet")])
    is_there, is_readable = level <= Level.RESTRICTED, level <= Level.INTERNAL

    listed = [one["id"] for one in desk.get("/tours").json()["items"]]
    answer = desk.get(f"/tours/{number}")

    assert listed == ([number] if is_there else [])
    assert answer.status_code == (200 if is_there else 404)
    assert ("Yang Wanming" in answer.text) == is_readable
    assert ("Quiet" in answer.text) == is_readable
    if is_there and not is_readable:
        assert answer.json()["persons"] is None
        assert answer.json()["stops"][0]["note"] is None


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CLOSED])
@pytest.mark.parametrize(
    "way", [way for way in WAYS if way[1] not in {"/tours", "/tours/{id}"}]
)
def test_what_names_persons_is_not_there_for_who_may_not_read_them(
    desk: System, booked: Booked, way: tuple[str, str], level: Level
) -> None:
    assert is_problem(ask(desk, way, booked(level=level)), 404)


@pytest.mark.parametrize("way", [way for way in WAYS if way[1] != "/tours"])
def test_a_guides_token_sees_its_own_alone(
    kiosk: System, booked: Booked, way: tuple[str, str]
) -> None:
    others = booked()

    assert is_problem(ask(kiosk, way, others), 404)
    assert kiosk.get("/tours").json()["items"] == []


def test_whoever_makes_a_closed_tour_sees_it_and_nobody_else(
    desk: System, kiosk: System, with_token: WithToken
) -> None:
    number = desk.post("/tours", {"level": 3}).json()["id"]

    assert desk.get(f"/tours/{number}").json()["persons"] == []
    for other in (kiosk, with_token(Role.PLANNER, "another")):
        assert is_problem(other.get(f"/tours/{number}"), 404)
        assert other.get("/tours").json()["items"] == []


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CLOSED])
def test_a_guides_token_asks_for_no_tour_that_planners_could_not_open(
    kiosk: System, level: Level
) -> None:
    answer = kiosk.post("/tours", {"level": level})

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["faults"] == [{"field": "level", "fault": "planners"}]
    assert kiosk.get("/tours").json()["items"] == []


def test_a_guides_token_plans_and_does_not_decide(kiosk: System) -> None:
    slot = {"starts_at": "2026-12-01T07:00:00Z", "ends_at": "2026-12-01T08:00:00Z"}
    number = kiosk.post("/tours", slot).json()["id"]

    assert kiosk.put_stops(number, {"exhibit": "tar"}).status_code == 200
    assert kiosk.post(f"/tours/{number}/planning").status_code == 200
    for move in ("confirmation", "cancellation"):
        assert is_problem(kiosk.post(f"/tours/{number}/{move}"), 404)


def test_that_a_confidential_tour_was_read_stands_in_the_trail(
    desk: System, booked: Booked, museum: Database
) -> None:
    number = booked(level=Level.RESTRICTED)
    desk.get(f"/tours/{number}")

    with museum.reading() as db:
        opened = select(AuditEntry.account_id).where(AuditEntry.deed == "tour.opened")
        assert db.scalars(opened).all() == [desk.number]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0", str(2**31), str(2**63), "9" * 400])
def test_a_number_that_is_none_is_not_there(desk: System, number: str) -> None:
    assert is_problem(desk.get(f"/tours/{number}"), 404)


# The account of a machine.


def test_nobody_is_offered_a_machine(desk: System, kiosk: System, museum: Database) -> None:
    with museum.reading() as db:
        machines = {desk.number, kiosk.number}
        assert not machines & {one.id for one in everyone(db)}
        for role in (Role.GUIDE, Role.PLANNER):
            assert not machines & {one.id for one in colleagues(db, role)}


def test_an_admin_opens_no_door_for_a_machine(
    desk: System, signed_in: SignedIn, museum: Database
) -> None:
    rauf = signed_in(Role.ADMIN)

    for deed in ("", "/invitation", "/roles", "/return", "/suspension"):
        path = f"/staff/accounts/{desk.number}{deed}"
        ask = rauf.phone.post(path, data=rauf.form) if deed else rauf.phone.get(path)
        assert ask.status_code == 404
    with museum.reading() as db:
        assert db.get_one(Account, desk.number).password_hash is None
        assert account_with_email(db, "desk") is None


def test_the_day_of_the_last_use_is_noted(desk: System, museum: Database) -> None:
    def used() -> object:
        with museum.reading() as db:
            return db.scalars(select(ApiToken.last_used_on)).one()

    assert used() is None
    desk.get("/tours")
    assert used() == datetime.now(UTC).date()


# The office.


def test_an_admin_makes_a_token_and_sees_it_once(
    guide: TestClient, signed_in: SignedIn, museum: Database
) -> None:
    rauf = signed_in(Role.ADMIN)
    form = {**rauf.form, "name": "Front desk", "role": "planner"}

    page = rauf.phone.post("/staff/accounts/tokens", data=form).text

    token = page.partition('id="token" readonly value="')[2].partition('"')[0]
    assert System(guide, token).get("/tours").status_code == 200
    again = rauf.phone.get("/staff/accounts/tokens").text
    assert "Front desk" in again
    assert token not in again
    with museum.reading() as db:
        [made] = api_tokens(db)
        assert made.token_hash == hashed(token)


def test_the_office_offers_every_token_that_opens_anything(
    signed_in: SignedIn, museum: Database
) -> None:
    rauf = signed_in(Role.ADMIN)
    offered = {}
    for language in ("az", "en"):
        with museum.writing() as db:
            db.get_one(Account, rauf.number).language = language
        page = rauf.phone.get("/staff/accounts/tokens").text
        ticks = re.findall(r'name="role" value="(\w+)".*?class="meta">([^<]+)<', page)
        offered[language] = dict(ticks)

    assert list(offered["en"]) == list(offered["az"]) == list(Role)
    assert offered["en"]["curator"] == offered["en"]["admin"]
    assert "scans" in offered["en"]["admin"]
    assert "skan" in offered["az"]["admin"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"name": ""}, 422),
        ({"name": "\u200b"}, 422),
        ({"name": "a" * 121}, 422),
        ({"role": "king"}, 422),
        ({"role": ""}, 422),
        ({"name": "desk"}, 409),
    ],
)
@pytest.mark.usefixtures("desk")
def test_a_token_that_will_not_do_comes_back(
    signed_in: SignedIn, museum: Database, said: dict[str, str], status: int
) -> None:
    rauf = signed_in(Role.ADMIN)
    form = {**rauf.form, "name": "Front desk", "role": "planner", **said}

    answer = rauf.phone.post("/staff/accounts/tokens", data=form)

    assert answer.status_code == status
    assert 'class="error"' in answer.text
    with museum.reading() as db:
        assert len(api_tokens(db)) == 1


def test_an_admin_revokes_a_token(desk: System, signed_in: SignedIn, museum: Database) -> None:
    rauf = signed_in(Role.ADMIN)
    with museum.reading() as db:
        [token] = api_tokens(db)
    path = f"/staff/accounts/tokens/{token.id}/revocation"

    first = rauf.phone.post(path, data=rauf.form)
    again = rauf.phone.post(path, data=rauf.form)

    assert first.status_code == again.status_code == 303
    assert desk.get("/tours").status_code == 401
    with museum.reading() as db:
        deeds = select(AuditEntry.deed).where(AuditEntry.subject == f"token:{token.id}")
        assert db.scalars(deeds).all() == ["token.made", "token.revoked"]


# The command.


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`guide token` over the empty database that `database` opens."""
    monkeypatch.setenv("GUIDE_DATABASE_URL", settings.database)
    monkeypatch.setenv("GUIDE_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(app, ["token", *words])


def test_the_command_makes_lists_and_revokes(command: Command, database: Database) -> None:
    made = command("add", "front-desk", "--role", "planner")

    with database.reading() as db:
        [token] = api_tokens(db)
    assert made.exit_code == 0
    assert token.token_hash == hashed(made.stdout.strip())
    listed = json.loads(command("list", "--json").stdout)
    assert [(one["name"], one["role"], one["revoked"]) for one in listed] == [
        ("front-desk", "planner", None)
    ]
    assert "front-desk  planner" in command("list").stdout
    assert command("revoke", "front-desk").exit_code == 0
    assert json.loads(command("list", "--json").stdout)[0]["revoked"]
    assert command("add", "front-desk", "--role", "guide").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("add", "desk", "--role", "planner"), 1, "there is a token desk already"),
        (("add", "other", "--role", "king"), 1, "king is no role"),
        (("add", "other", "--role", "guide,planner"), 1, "one role"),
        (("add", "\x07", "--role", "guide"), 2, "cannot be read"),
        (("add", "other"), 2, "--role"),
        (("revoke", "other"), 1, "there is no token other"),
    ],
)
def test_the_command_says_why_not(
    command: Command, database: Database, words: tuple[str, ...], code: int, why: str
) -> None:
    with database.writing() as db:
        make_token(db, "desk", Role.PLANNER, None, datetime.now(UTC))

    done = command(*words)

    assert (done.exit_code, why in done.stderr) == (code, True)
    with database.reading() as db:
        assert len(api_tokens(db)) == 1


def test_a_tour_that_is_over_is_still_there(desk: System, booked: Booked) -> None:
    number = booked(
        state=State.COMPLETED,
        date="2020-01-01",
        starts_at=datetime(2020, 1, 1, 8, tzinfo=UTC),
        ends_at=datetime(2020, 1, 1, 8, tzinfo=UTC) + timedelta(hours=1),
    )

    assert desk.get(f"/tours/{number}").status_code == 200
