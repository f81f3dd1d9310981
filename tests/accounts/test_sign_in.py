"""Signing in: the same for everyone until the last moment, and anew every time."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select
from structlog.testing import capture_logs

from guide.accounts.allowance import MOST_TRIES, Allowance
from guide.accounts.audit import AuditEntry
from guide.accounts.forms import CodeForm, SignInForm
from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.passwords import Passwords, argon2id
from guide.accounts.permissions import cookie_name
from guide.accounts.signing_in import MOST_OF_AN_ADDRESS, FailuresByAddress, spend_a_try
from guide.accounts.tokens import hashed
from guide.app import create_app
from guide.db import Database
from tests import make
from tests.accounts.conftest import HASH, PASSWORD, SignedIn
from tests.conftest import OPENING_DAY, client_of, settings_for
from tests.web.test_choice import ELSEWHERE

WRONG = "E-mail or password is wrong."
LOCKED = "Too many attempts."


@pytest.fixture
def curator(museum: Database) -> str:
    """Somebody with a password; returns their e-mail address."""
    with museum.writing() as db:
        db.add(make.account(Role.CURATOR, password=HASH))
    return "aysel@example.org"


def sign_in(guide: TestClient, email: str, password: str = PASSWORD, **more: str) -> Response:
    fields = {"email": email, "password": password, **more}
    return guide.post("/staff/session", data=fields, headers={"accept-language": "en"})


def test_the_right_password_leads_to_where_somebody_wanted(
    guide: TestClient, curator: str
) -> None:
    asked = guide.get("/staff/account?done=password")
    wanted = asked.headers["location"]
    assert (asked.status_code, wanted) == (
        303,
        "/staff/session?next=%2Fstaff%2Faccount%3Fdone%3Dpassword",
    )
    next_ = re.search(r'name="next" value="([^"]+)"', guide.get(wanted).text)
    assert next_

    answer = sign_in(guide, curator, next=next_[1])

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/staff/account?done=password",
    )
    assert guide.get("/staff").status_code == 200


@pytest.mark.parametrize(
    "typed", [" AYSEL@Example.ORG ", "aysel@example.org", "Aysel@example.org"]
)
def test_an_address_is_one_in_any_case(guide: TestClient, curator: str, typed: str) -> None:
    assert curator
    assert sign_in(guide, typed).status_code == 303


@pytest.mark.parametrize(
    "composed", ["saz tar kamança balaban", "saz tar kamanc\u0327a balaban"]
)
def test_a_password_is_one_however_it_is_composed(
    guide: TestClient, curator: str, composed: str
) -> None:
    assert sign_in(guide, curator, composed).status_code == 303


def test_the_cookie_is_for_us_alone(guide: TestClient, curator: str) -> None:
    set_cookie = sign_in(guide, curator).headers["set-cookie"]

    name, _, rest = set_cookie.partition("=")
    assert name == "staff"
    assert set(rest.split("; ")[1:]) == {"HttpOnly", "Max-Age=43200", "Path=/", "SameSite=lax"}


def test_over_https_the_cookie_is_held_to_this_host(museum: Database, tmp_path: Path) -> None:
    settings = settings_for("sqlite://", tmp_path / "data")
    public = settings.model_copy(update={"public_url": "https://g.example.az"})
    with museum.writing() as db:
        db.add(make.account(Role.CURATOR, password=HASH))
    with client_of(create_app(public, museum)) as phone:
        set_cookie = sign_in(phone, "aysel@example.org").headers["set-cookie"]

    assert cookie_name(public) == "__Host-staff"
    assert set_cookie.startswith("__Host-staff=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(set_cookie.split("; "))
    assert "Domain" not in set_cookie


def test_only_a_hash_of_the_token_is_kept(
    guide: TestClient, museum: Database, curator: str
) -> None:
    sign_in(guide, curator)

    with museum.reading() as db:
        kept = db.scalars(select(StaffSession.token_hash)).one()
    assert kept == hashed(guide.cookies["staff"])
    assert guide.cookies["staff"] not in kept
    assert len(guide.cookies["staff"]) >= 43


def test_signing_in_begins_anew(guide: TestClient, curator: str) -> None:
    guide.cookies.set("staff", "planted by somebody else")
    sign_in(guide, curator)
    first = guide.cookies.get("staff", domain="localhost.local")
    guide.cookies.clear()
    guide.cookies.set("staff", first or "")

    sign_in(guide, curator)

    second = {cookie.value for cookie in guide.cookies.jar} - {first}
    assert len(second) == 1
    guide.cookies.clear()
    guide.cookies.set("staff", first or "")
    assert guide.get("/staff").status_code == 303


@pytest.mark.parametrize(
    "person", ["unknown", "not an address", "disabled", "invited", "wrong", "ı"]
)
def test_whoever_is_not_let_in_gets_one_answer(
    guide: TestClient, museum: Database, curator: str, person: str
) -> None:
    with museum.writing() as db:
        gone = make.account(Role.ADMIN, email="gone@example.org", password=HASH)
        gone.disable(OPENING_DAY)
        db.add_all([gone, make.account(Role.ADMIN, email="new@example.org")])
    email, password = {
        "unknown": ("nobody@example.org", PASSWORD),
        "not an address": ("' OR 1=1 --", PASSWORD),
        "disabled": ("gone@example.org", PASSWORD),
        "invited": ("new@example.org", ""),
        "wrong": (curator, "saz tar kamança nağara"),
        "ı": ("aysel@example.org".replace("e", "е"), PASSWORD),
    }[person]

    answer = sign_in(guide, email, password)

    assert answer.status_code == 422
    assert WRONG in answer.text
    assert "set-cookie" not in answer.headers
    other = sign_in(guide, "somebody@example.org", "x")
    told = [
        page.text.replace(said, "").replace("' OR 1=1 --", "")
        for page, said in ((answer, email), (other, "somebody@example.org"))
    ]
    assert re.sub(r'value="[^"]*"', "", told[0]) == re.sub(r'value="[^"]*"', "", told[1])


@pytest.mark.parametrize("email", ["aysel@example.org", "nobody@example.org"])
def test_ten_wrong_passwords_lock_known_and_unknown_alike(
    guide: TestClient, museum: Database, curator: str, email: str
) -> None:
    answers = [sign_in(guide, email, "wrong") for _ in range(MOST_TRIES + 2)]

    assert [one.status_code for one in answers] == [422] * MOST_TRIES + [429, 429]
    assert LOCKED in answers[-1].text
    assert answers[-1].headers["retry-after"] == "60"
    assert sign_in(guide, email).status_code == 429
    with museum.reading() as db:
        deeds = db.execute(select(AuditEntry.deed, AuditEntry.account_id)).all()
        is_known = email == curator
        assert [tuple(one) for one in deeds] == [("account.locked", None)] * is_known
        assert db.scalars(select(Allowance.key)).one() != email


def test_many_at_once_are_no_more_than_were_left(guide: TestClient, curator: str) -> None:
    with ThreadPoolExecutor(30) as strangers:
        asked = [strangers.submit(sign_in, guide, curator, "wrong") for _ in range(30)]

    answered = Counter(one.result().status_code for one in asked)
    assert answered == {422: MOST_TRIES, 429: 30 - MOST_TRIES}


def test_many_at_once_who_are_right_are_all_let_in(guide: TestClient, curator: str) -> None:
    assert isinstance(guide.app, FastAPI)
    phones = [client_of(guide.app) for _ in range(MOST_TRIES)]

    with ThreadPoolExecutor(len(phones)) as browsers:
        asked = [browsers.submit(sign_in, phone, curator) for phone in phones]

    assert Counter(one.result().status_code for one in asked) == {303: len(phones)}


def test_an_unknown_address_takes_as_long_as_a_known_one(
    guide: TestClient, curator: str
) -> None:
    def least(email: str) -> float:
        """Take the quickest of eight: what others do on the machine only makes it longer."""
        return min(sign_in(guide, email, "wrong").elapsed.total_seconds() for _ in range(8))

    known, unknown = least(curator), least("nobody@example.org")

    assert 0.5 < known / unknown < 2  # a hash is most of the work by far


def test_a_minute_later_there_is_a_try_again(
    guide: TestClient, museum: Database, curator: str
) -> None:
    for _ in range(MOST_TRIES + 1):
        sign_in(guide, curator, "wrong")
    with museum.writing() as db:
        tries = db.scalars(select(Allowance)).one()
        tries.full_at -= timedelta(minutes=1)

    assert sign_in(guide, curator).status_code == 303
    with museum.reading() as db:
        assert db.scalar(select(func.count()).select_from(Allowance)) == 0


def test_an_address_that_fails_too_often_waits_whoever_it_asks_for() -> None:
    failures = FailuresByAddress()
    for number in range(MOST_OF_AN_ADDRESS):
        assert not failures.is_spent("2001:db8::1", OPENING_DAY)
        failures.count(f"2001:db8::{number}", OPENING_DAY)

    assert failures.is_spent("2001:db8::ffff", OPENING_DAY)
    assert not failures.is_spent("2001:db8:0:1::1", OPENING_DAY)
    assert not failures.is_spent("192.0.2.1", OPENING_DAY)
    assert not failures.is_spent("2001:db8::1", OPENING_DAY + timedelta(seconds=6))


def test_an_ipv4_address_is_one_however_it_comes() -> None:
    failures = FailuresByAddress()
    for _ in range(MOST_OF_AN_ADDRESS):
        failures.count("::ffff:192.0.2.1", OPENING_DAY)

    assert failures.is_spent("192.0.2.1", OPENING_DAY)
    assert not failures.is_spent("::ffff:192.0.2.2", OPENING_DAY)


def test_a_burst_from_one_address_is_no_more_than_was_left(
    guide: TestClient, curator: str
) -> None:
    assert isinstance(guide.app, FastAPI)
    for _ in range(MOST_OF_AN_ADDRESS - 1):
        guide.app.state.failures.count("testclient", datetime.now(UTC))
    assert sign_in(guide, curator).status_code == 303  # who is right costs nothing

    with ThreadPoolExecutor(6) as strangers:
        asked = [strangers.submit(sign_in, guide, curator, "wrong") for _ in range(6)]

    answered = Counter(one.result().status_code for one in asked)
    assert answered == {422: 1, 429: 5}


def test_whoever_would_wait_too_long_is_told_to_come_again(
    guide: TestClient, curator: str
) -> None:
    assert isinstance(guide.app, FastAPI)
    guide.app.state.passwords = Passwords(most_waiting=0)

    answer = sign_in(guide, curator)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_long_attack_is_told_once_a_day(database: Database) -> None:
    aysel = make.account(Role.CURATOR)
    with database.writing() as db:
        db.add_all([aysel, make.account(Role.CURATOR, email="noise@example.org")])
        db.flush()
        for day, minute in product(range(2), range(4)):
            at = OPENING_DAY + timedelta(days=day, minutes=minute)
            for _ in range(MOST_TRIES if minute == 0 else 1):
                assert spend_a_try(db, "tries of aysel", aysel, at)

    with database.reading() as db:
        told = db.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()
    assert told == [OPENING_DAY, OPENING_DAY + timedelta(days=1)]


@pytest.mark.parametrize(
    "itself", ["/staff/session", "/staff/session?next=/staff", "/staff/%73ession#x"]
)
def test_signing_in_never_leads_to_itself(signed_in: SignedIn, itself: str) -> None:
    desk = signed_in(Role.CURATOR)
    answer = desk.phone.get("/staff/session", params={"next": itself})
    assert answer.headers["location"] == "/staff"


def test_signing_in_never_leads_to_another_site() -> None:
    assert {SignInForm(next=elsewhere).next for elsewhere in ELSEWHERE} == {"/staff"}
    assert {CodeForm(next=elsewhere).next for elsewhere in ELSEWHERE} == {"/staff"}


def test_a_password_is_hashed_as_owasp_asks() -> None:
    assert argon2id.hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_anything_may_be_typed(guide: TestClient, curator: str) -> None:
    for password in ["", "x" * 1_025, "ə" * 513, "x\x00y", "\U0001f3db" * 300]:
        assert sign_in(guide, curator, password).status_code == 422
    for email in ["", "\x00@example.org", "a" * 9_000, "\u202e@e.org", "%00", "a@b@c.org"]:
        assert sign_in(guide, email).status_code == 422


def test_signing_out_ends_the_session_and_empties_the_cache(signed_in: SignedIn) -> None:
    desk = signed_in(Role.GUIDE)

    answer = desk.phone.post("/staff/session/end", data=desk.form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/session")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert answer.headers["set-cookie"].startswith('staff=""; ')
    desk.phone.cookies.clear()
    desk.phone.cookies.set("staff", desk.token)
    assert desk.phone.get("/staff").status_code == 303


def test_a_session_that_is_used_stays_open(signed_in: SignedIn, museum: Database) -> None:
    desk = signed_in(Role.CURATOR, since=timedelta(minutes=29))
    assert desk.phone.get("/staff").status_code == 200

    with museum.reading() as db:
        seen = db.scalars(select(StaffSession.seen_at)).one()
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


def test_a_guides_phone_may_rest_in_a_pocket(signed_in: SignedIn) -> None:
    later = timedelta(hours=2)
    assert signed_in(Role.GUIDE, since=later).phone.get("/staff").status_code == 200
    both = signed_in(Role.GUIDE, Role.ADMIN, since=later)
    assert both.phone.get("/staff").status_code == 303


@pytest.mark.parametrize("said", [None, "", "other", "session", "cut"])
def test_a_form_without_its_token_changes_nothing(
    signed_in: SignedIn, museum: Database, said: str | None
) -> None:
    desk, other = signed_in(Role.ADMIN), signed_in(Role.CURATOR)
    wrong = {
        None: {},
        "": {"csrf": ""},
        "other": other.form,
        "session": {"csrf": desk.token},
        "cut": {"csrf": desk.form["csrf"][:-1]},
    }[said]

    answer = desk.phone.post("/staff/account/language", data={"language": "az", **wrong})

    assert answer.status_code == 403
    with museum.reading() as db:
        assert set(db.scalars(select(Account.language))) == {"en"}


def test_a_script_sends_the_token_in_a_header(signed_in: SignedIn) -> None:
    desk = signed_in(Role.CURATOR)
    told = {"x-csrf-token": desk.form["csrf"]}

    answer = desk.phone.post("/staff/account/language", data={"language": "az"}, headers=told)

    assert answer.status_code == 303


def test_a_script_of_nobody_is_told_plainly(guide: TestClient) -> None:
    told = {"x-csrf-token": "x"}
    assert guide.post("/staff/account/language", headers=told).status_code == 401


def test_a_cookie_that_is_nothing_is_taken_back(visitor: TestClient) -> None:
    for cookie in [b"%%%", b"x" * 6_400, b"\x7f", b"a=b; c", "ə".encode()]:
        answer = visitor.get("/staff", headers={b"cookie": b"staff=" + cookie})

        assert answer.status_code == 303
        assert answer.headers["set-cookie"].startswith('staff=""; ')


def test_nothing_of_a_person_is_logged(guide: TestClient, curator: str) -> None:
    with capture_logs() as lines:
        sign_in(guide, curator)
        sign_in(guide, "canary-7f3a@example.org", "canary-7f3a")
        guide.get("/staff/invitations/canary-7f3a")

    told = str(lines)
    assert len(lines) == 3
    for word in ("canary", "aysel", PASSWORD, guide.cookies["staff"]):
        assert word not in told


def test_reading_twice_changes_nothing(signed_in: SignedIn, museum: Database) -> None:
    desk = signed_in(*Role)

    def contents() -> list[object]:
        with museum.reading() as db:
            tables = (Account, StaffSession, AuditEntry, Allowance)
            return [
                tuple(row)
                for one in tables
                for row in db.execute(select(*one.__table__.columns))
            ]

    before = contents()
    for path in ("/staff", "/staff/account", "/staff/accounts", "/staff/accounts/trail"):
        for _ in range(2):
            assert desk.phone.get(path).status_code == 200
    assert contents() == before


def test_the_office_is_for_no_ones_cache(signed_in: SignedIn) -> None:
    desk = signed_in(*Role)
    for path in ("/staff", "/staff/account", "/staff/accounts", "/staff/session"):
        headers = desk.phone.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["vary"] == "Cookie"


def test_the_office_speaks_the_language_of_the_reader_before_sign_in(guide: TestClient) -> None:
    assert isinstance(guide.app, FastAPI)
    spoken = {
        said: guide.get("/staff/session", headers={"accept-language": said}).headers[
            "content-language"
        ]
        for said in ("az", "en", "ru", "ar")
    }
    assert spoken == {"az": "az", "en": "en", "ru": "en", "ar": "en"}
