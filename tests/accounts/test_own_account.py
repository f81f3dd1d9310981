"""One's own account: password, one-time codes, browsers, language."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import zxingcpp
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw
from pyotp import TOTP, parse_uri
from sqlalchemy import select

from guide.accounts.codes import STEP_SECONDS, address_of, key_of, step_of
from guide.accounts.model import Account, Role, StaffSession
from guide.accounts.pages import CodeKey
from guide.accounts.passwords import Passwords
from guide.db import Database
from tests.accounts.conftest import PASSWORD, Desk, SignedIn, desk_of, stored
from tests.conftest import OPENING_DAY, client_of

KEY = key_of("a key for tests", "salt")


def code_now(account: Account, steps: int = 0) -> str:
    assert account.totp_salt
    totp = TOTP(key_of("a key for tests", account.totp_salt))
    return totp.at(datetime.now(UTC), counter_offset=steps)


def with_codes(museum: Database, desk: Desk) -> None:
    """Set codes up; the one that was used is of long ago."""
    with museum.writing() as db:
        account = db.get_one(Account, desk.number)
        account.prepare_code("salt")
        account.confirm_code(0, OPENING_DAY)


# Passwords.


def test_a_new_password_signs_other_browsers_out_and_this_one_anew(
    signed_in: SignedIn, guide: TestClient, museum: Database
) -> None:
    desk = signed_in(Role.CURATOR)
    with museum.reading() as db:
        account = db.get_one(Account, desk.number)
    other = desk_of(guide, museum, account)
    new = "balaban nağara tütək"

    sent = {"password": PASSWORD, "new": new, **desk.form}
    answer = desk.phone.post("/staff/account/password", data=sent)

    assert answer.headers["location"] == "/staff/account?done=password"
    assert other.phone.get("/staff").status_code == 303
    fresh = {cookie.value for cookie in desk.phone.cookies.jar} - {desk.token}
    assert len(fresh) == 1
    desk.phone.cookies.clear()
    desk.phone.cookies.set("staff", desk.token)
    assert desk.phone.get("/staff").status_code == 303
    signed = {"email": "curator@example.org", "password": new}
    assert guide.post("/staff/session", data=signed).status_code == 303


@pytest.mark.parametrize(
    ("password", "new", "why"),
    [
        ("wrong", "balaban nağara tütək", "The present password is wrong"),
        (PASSWORD, "short", "fewer than 15"),
        (PASSWORD, "qwertyuiopasdfgh", "easily guessed"),
    ],
)
def test_a_password_is_changed_only_by_who_knows_it_and_for_a_good_one(
    signed_in: SignedIn, museum: Database, password: str, new: str, why: str
) -> None:
    desk = signed_in(Role.CURATOR)
    before = stored(museum, desk.number).password_hash

    sent = {"password": password, "new": new, **desk.form}
    answer = desk.phone.post("/staff/account/password", data=sent)

    assert answer.status_code == 422
    assert why in answer.text
    assert stored(museum, desk.number).password_hash == before
    assert desk.phone.get("/staff").status_code == 200


def test_whoever_found_a_browser_open_cannot_try_passwords_for_ever(
    signed_in: SignedIn,
) -> None:
    desk = signed_in(Role.CURATOR)
    sent = {"password": "wrong", "new": "balaban nağara tütək", **desk.form}
    for _ in range(10):
        desk.phone.post("/staff/account/password", data=sent)

    answer = desk.phone.post("/staff/account/password", data={**sent, "password": PASSWORD})

    assert "Too many attempts" in answer.text


class Meanwhile(Passwords):
    """Lets something else happen while a new password is hashed."""

    def __init__(self, deed: Callable[[], None]) -> None:
        super().__init__()
        self.deed = deed

    async def hashed(self, password: str) -> str:
        self.deed()
        return await super().hashed(password)


@pytest.mark.parametrize("meanwhile", ["session ended", "password changed"])
def test_a_password_is_not_changed_once_it_is_no_longer_theirs(
    signed_in: SignedIn, guide: TestClient, museum: Database, meanwhile: str
) -> None:
    desk = signed_in(Role.CURATOR)

    def happens() -> None:
        now = datetime.now(UTC)
        with museum.writing() as db:
            if meanwhile == "session ended":
                db.scalars(select(StaffSession)).one().revoke(now)
            else:
                db.get_one(Account, desk.number).set_password("of the owner", now)

    before = stored(museum, desk.number).password_hash
    _app(guide).state.passwords = Meanwhile(happens)
    sent = {"password": PASSWORD, "new": "balaban nağara tütək", **desk.form}
    answer = desk.phone.post("/staff/account/password", data=sent)

    assert answer.headers["location"] == "/staff/session"
    kept = before if meanwhile == "session ended" else "of the owner"
    assert stored(museum, desk.number).password_hash == kept


def test_a_new_password_that_will_not_do_costs_no_try(signed_in: SignedIn) -> None:
    desk = signed_in(Role.CURATOR)
    sent = {"password": PASSWORD, "new": "short", **desk.form}
    for _ in range(10):
        desk.phone.post("/staff/account/password", data=sent)

    sent["new"] = "balaban nağara tütək"
    assert desk.phone.post("/staff/account/password", data=sent).status_code == 303


# One-time codes.


def test_codes_are_asked_for_once_one_was_right(
    signed_in: SignedIn, guide: TestClient, museum: Database
) -> None:
    desk = signed_in(Role.ADMIN)
    page = desk.phone.post("/staff/account/code", data=desk.form).text
    account = stored(museum, desk.number)
    assert not account.has_code
    assert key_of("a key for tests", account.totp_salt or "")[:4] in page

    sent = {"code": code_now(account), **desk.form}
    assert desk.phone.post("/staff/account/code/confirmation", data=sent).status_code == 303

    assert stored(museum, desk.number).has_code
    first = {"email": "admin@example.org", "password": PASSWORD, "next": "/staff/accounts"}
    asked = guide.post("/staff/session", data=first)
    assert asked.status_code == 200
    assert "set-cookie" not in asked.headers
    proved = re.search(r'name="proved" value="([^"]+)"', asked.text)
    assert proved
    second = {"proved": proved[1], "next": "/staff/accounts"}
    used = {**second, "code": sent["code"]}
    assert guide.post("/staff/session/code", data=used).status_code == 422
    fresh = {**second, "code": code_now(account, steps=1)}
    let_in = guide.post("/staff/session/code", data=fresh)
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/staff/accounts")
    assert guide.get("/staff").status_code == 200
    assert client_of(_app(guide)).post("/staff/session/code", data=fresh).status_code == 422


@pytest.mark.parametrize("proved", ["", "forged", "WzEsICIiXQ.x.y"])
def test_no_code_is_looked_at_before_the_password(
    signed_in: SignedIn, guide: TestClient, museum: Database, proved: str
) -> None:
    desk = signed_in(Role.ADMIN)
    with_codes(museum, desk)
    code = code_now(stored(museum, desk.number))

    answer = guide.post("/staff/session/code", data={"proved": proved, "code": code})

    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_ten_wrong_codes_lock(signed_in: SignedIn, guide: TestClient, museum: Database) -> None:
    desk = signed_in(Role.ADMIN)
    with_codes(museum, desk)
    first = {"email": "admin@example.org", "password": PASSWORD}
    page = guide.post("/staff/session", data=first).text
    proved = re.search(r'name="proved" value="([^"]+)"', page)
    assert proved

    sent = {"proved": proved[1], "code": "000000x"}
    answers = [guide.post("/staff/session/code", data=sent).status_code for _ in range(11)]

    assert answers == [422] * 9 + [429] * 2  # the password was the first of ten tries
    right = {**sent, "code": code_now(stored(museum, desk.number))}
    assert guide.post("/staff/session/code", data=right).status_code == 429


def test_a_code_lets_in_once_however_many_bring_it_at_once(
    signed_in: SignedIn, guide: TestClient, museum: Database
) -> None:
    desk = signed_in(Role.ADMIN)
    with_codes(museum, desk)
    first = {"email": "admin@example.org", "password": PASSWORD}
    page = guide.post("/staff/session", data=first).text
    proved = re.search(r'name="proved" value="([^"]+)"', page)
    assert proved
    sent = {"proved": proved[1], "code": code_now(stored(museum, desk.number))}
    phones = [client_of(_app(guide)) for _ in range(6)]

    def bring(phone: TestClient) -> int:
        return phone.post("/staff/session/code", data=sent).status_code

    with ThreadPoolExecutor(len(phones)) as thieves:
        answered = Counter(thieves.map(bring, phones))

    assert answered == {303: 1, 422: len(phones) - 1}


def test_codes_are_no_longer_asked_for_after_a_last_one(
    signed_in: SignedIn, museum: Database
) -> None:
    desk = signed_in(Role.ADMIN)
    with_codes(museum, desk)
    path = "/staff/account/code/removal"

    assert desk.phone.post(path, data={"code": "000000x", **desk.form}).status_code == 422
    assert stored(museum, desk.number).has_code
    sent = {"code": code_now(stored(museum, desk.number)), **desk.form}
    assert desk.phone.post(path, data=sent).status_code == 303
    assert not stored(museum, desk.number).has_code


def test_a_key_that_is_in_use_is_not_replaced(signed_in: SignedIn, museum: Database) -> None:
    desk = signed_in(Role.ADMIN)
    with_codes(museum, desk)

    assert desk.phone.post("/staff/account/code", data=desk.form).status_code == 409
    assert stored(museum, desk.number).totp_salt == "salt"


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True)])
def test_a_clock_may_be_off_by_half_a_minute(steps: int, is_taken: bool) -> None:
    code = TOTP(KEY).at(OPENING_DAY, counter_offset=steps)
    assert (step_of(KEY, f" {code[:3]} {code[3:]} ", OPENING_DAY, None) is not None) == is_taken


def test_a_code_is_good_for_once_and_nothing_before_it() -> None:
    now = int(OPENING_DAY.timestamp()) // STEP_SECONDS
    code = TOTP(KEY).at(OPENING_DAY)
    assert step_of(KEY, code, OPENING_DAY, after=now - 1) == now
    assert step_of(KEY, code, OPENING_DAY, after=now) is None
    assert step_of(KEY, code, OPENING_DAY, after=now + 1) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00" * 6])
def test_anything_may_be_typed_for_a_code(typed: str) -> None:
    assert step_of(KEY, typed, OPENING_DAY, None) is None


def test_a_phone_reads_the_key_from_the_symbol() -> None:
    key = CodeKey.of(KEY, address_of(KEY, "aysel@example.org"))
    drawn = Image.new("L", (key.size * 4, key.size * 4), 255)
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1", key.dark):
        corner = (int(x) * 4, int(y) * 4)
        far = (corner[0] + int(wide) * 4 - 1, corner[1] + 3)
        ImageDraw.Draw(drawn).rectangle((corner, far), fill=0)

    [read] = zxingcpp.read_barcodes(drawn)

    meant = parse_uri(read.text)
    assert (meant.secret, meant.name) == (KEY, "aysel@example.org")


# Browsers and language.


def test_one_browser_is_signed_out_or_every_other(
    signed_in: SignedIn, guide: TestClient, museum: Database
) -> None:
    desk = signed_in(Role.GUIDE)
    with museum.reading() as db:
        account = db.get_one(Account, desk.number)
    lost, home, office = (desk_of(guide, museum, account) for _ in range(3))
    with museum.reading() as db:
        numbers = db.scalars(select(StaffSession.id).order_by(StaffSession.id)).all()

    desk.phone.post(f"/staff/account/sessions/{numbers[1]}/end", data=desk.form)
    assert lost.phone.get("/staff").status_code == 303
    assert home.phone.get("/staff").status_code == 200

    desk.phone.post("/staff/account/sessions/end", data=desk.form)
    assert [one.phone.get("/staff").status_code for one in (home, office, desk)] == [
        303,
        303,
        200,
    ]


def test_the_browser_of_somebody_else_does_not_exist(
    signed_in: SignedIn, museum: Database
) -> None:
    desk, other = signed_in(Role.GUIDE), signed_in(Role.ADMIN)
    with museum.reading() as db:
        ours = StaffSession.account_id == other.number
        number = db.scalars(select(StaffSession.id).where(ours)).one()

    answer = desk.phone.post(f"/staff/account/sessions/{number}/end", data=desk.form)

    assert answer.status_code == 404
    assert other.phone.get("/staff").status_code == 200


def test_the_office_speaks_the_language_of_the_account(signed_in: SignedIn) -> None:
    desk = signed_in(Role.CURATOR)
    assert "Your account" in desk.phone.get("/staff").text

    desk.phone.post("/staff/account/language", data={"language": "az", **desk.form})

    page = desk.phone.get("/staff", headers={"accept-language": "en"})
    assert page.headers["content-language"] == "az"
    assert "Hesabınız" in page.text
    refused = desk.phone.post("/staff/account/language", data={"language": "ru", **desk.form})
    assert refused.status_code == 422


def _app(guide: TestClient) -> FastAPI:
    assert isinstance(guide.app, FastAPI)
    return guide.app
