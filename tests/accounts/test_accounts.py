"""An admin keeps the accounts, and cannot lock everybody out."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account, Role
from guide.accounts.tokens import hashed
from guide.db import Database
from tests import make
from tests.accounts.conftest import SignedIn, stored
from tests.accounts.test_own_account import with_codes
from tests.conftest import client_of

NEW = {"name": "Günel Məmmədova", "email": "Gunel@Example.org", "curator": "on", "guide": "on"}


def deeds(museum: Database) -> list[str]:
    with museum.reading() as db:
        return list(db.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)))


def test_somebody_new_gets_a_link_that_is_shown_once(
    signed_in: SignedIn, museum: Database
) -> None:
    admin = signed_in(Role.ADMIN)

    answer = admin.phone.post("/staff/accounts", data={**NEW, **admin.form})

    assert answer.status_code == 200
    link = re.search(r'value="http://127.0.0.1:8000(/staff/invitations/[^"]+)"', answer.text)
    assert link
    assert admin.phone.get(link[1]).status_code == 200
    listed = admin.phone.get("/staff/accounts").text
    assert "Günel Məmmədova" in listed
    assert "Invited" in listed
    assert link[1] not in listed
    with museum.reading() as db:
        made = db.scalars(select(Account).where(Account.email == "gunel@example.org")).one()
    assert made.language == "az"
    assert deeds(museum) == ["account.made", "invitation.made"]
    assert "gunel" not in str(admin.phone.get("/staff/accounts/trail").text)


WRONG: list[tuple[dict[str, str], str]] = [
    ({"email": "admin@example.org"}, "There is an account"),
    ({"email": "ADMIN@EXAMPLE.ORG"}, "There is an account"),
    ({"email": "günel@example.org"}, "not an address"),
    ({"email": "gunel"}, "not an address"),
    ({"email": ""}, "not an address"),
    ({"email": "g@" + "e" * 250 + ".org"}, "not an address"),
    ({"name": " \u200b "}, "not a name"),
    ({"name": "a\x00b"}, "not a name"),
    ({"name": "Z" + "\u0327" * 40}, "not a name"),
    ({"name": "x" * 121}, "not a name"),
    ({"name": "\u0958" * 120}, "not a name"),  # twice as many when it is composed
    ({"curator": "", "guide": ""}, "at least one role"),
]


def test_what_will_not_do_comes_back_with_the_reason(
    signed_in: SignedIn, museum: Database
) -> None:
    admin = signed_in(Role.ADMIN)
    for wrong, why in WRONG:
        fields = {name: said for name, said in (NEW | wrong).items() if said or name == "email"}

        answer = admin.phone.post("/staff/accounts", data={**fields, **admin.form})

        assert answer.status_code == 422, wrong
        assert why in answer.text, wrong
        assert 'value="Günel Məmmədova"' in answer.text or "name" in wrong
    with museum.reading() as db:
        assert len(db.scalars(select(Account.id)).all()) == 1


def test_people_are_called_what_they_are_called(signed_in: SignedIn, museum: Database) -> None:
    admin = signed_in(Role.ADMIN)
    names = {"Ə", "O'Brien; DROP TABLE", "Null", "毛", "شهرزاد\u200cها"}

    for number, name in enumerate(names):
        new = {**NEW, "name": name, "email": f"{number}@example.org", **admin.form}
        assert admin.phone.post("/staff/accounts", data=new).status_code == 200

    with museum.reading() as db:
        assert names < set(db.scalars(select(Account.name)))


def test_roles_are_changed_and_whoever_holds_them_signs_in_anew(
    signed_in: SignedIn, museum: Database
) -> None:
    admin, other = signed_in(Role.ADMIN), signed_in(Role.GUIDE)
    path = f"/staff/accounts/{other.number}/roles"

    answer = admin.phone.post(path, data={"planner": "on", "curator": "on", **admin.form})

    assert answer.status_code == 303
    assert other.phone.get("/staff").status_code == 303
    page = admin.phone.get(f"/staff/accounts/{other.number}").text
    ticked = re.findall(r'name="(\w+)" checked', page)
    assert ticked == ["planner", "curator"]
    assert deeds(museum) == ["roles.given"]


def test_nobody_holds_no_role(signed_in: SignedIn) -> None:
    admin, other = signed_in(Role.ADMIN), signed_in(Role.GUIDE)
    path = f"/staff/accounts/{other.number}/roles"

    assert admin.phone.post(path, data=admin.form).status_code == 422
    assert other.phone.get("/staff").status_code == 200


@pytest.mark.parametrize("deed", ["roles", "suspension"])
def test_the_last_admin_stays_one(signed_in: SignedIn, museum: Database, deed: str) -> None:
    admin = signed_in(Role.ADMIN)
    gone = signed_in(Role.ADMIN, email="gone@example.org")
    path = f"/staff/accounts/{gone.number}/suspension"
    assert admin.phone.post(path, data=admin.form).status_code == 303

    own = f"/staff/accounts/{admin.number}/{deed}"
    answer = admin.phone.post(own, data={"curator": "on", **admin.form})

    assert answer.status_code == 409
    assert "Make somebody else an admin first" in answer.text
    assert stored(museum, admin.number).disabled_at is None
    assert admin.phone.get("/staff/accounts").status_code == 200


def test_an_admin_who_was_only_invited_is_not_one_yet(
    signed_in: SignedIn, museum: Database
) -> None:
    admin = signed_in(Role.ADMIN)
    with museum.writing() as db:
        db.add(make.account(Role.ADMIN, email="invited@example.org"))

    path = f"/staff/accounts/{admin.number}/suspension"
    assert admin.phone.post(path, data=admin.form).status_code == 409


def test_a_disabled_account_is_out_at_once_and_may_return(signed_in: SignedIn) -> None:
    admin, other = signed_in(Role.ADMIN), signed_in(Role.CURATOR)
    path = f"/staff/accounts/{other.number}"

    admin.phone.post(f"{path}/suspension", data=admin.form)
    assert other.phone.get("/staff").status_code == 303
    assert admin.phone.post(f"{path}/invitation", data=admin.form).status_code == 409
    admin.phone.post(f"{path}/return", data=admin.form)

    assert "Active" in admin.phone.get(path).text
    assert other.phone.get("/staff").status_code == 303  # the session stays ended


def test_a_lost_phone_is_helped_by_an_admin(signed_in: SignedIn, museum: Database) -> None:
    admin, other = signed_in(Role.ADMIN), signed_in(Role.CURATOR)
    with_codes(museum, other)
    path = f"/staff/accounts/{other.number}"
    assert "Is the phone lost?" in admin.phone.get(path).text

    admin.phone.post(f"{path}/code/removal", data=admin.form)

    assert not stored(museum, other.number).has_code
    assert other.phone.get("/staff").status_code == 303


def test_an_admin_opens_no_way_in_to_their_own_account(
    signed_in: SignedIn, museum: Database
) -> None:
    admin = signed_in(Role.ADMIN)
    with_codes(museum, admin)
    path = f"/staff/accounts/{admin.number}"

    for deed in ("invitation", "code/removal"):
        assert admin.phone.post(f"{path}/{deed}", data=admin.form).status_code == 409
        assert f"{path}/{deed}" not in admin.phone.get(path).text
    assert stored(museum, admin.number).has_code


def test_somebody_who_is_invited_by_many_at_once_has_one_account(
    signed_in: SignedIn, guide: TestClient
) -> None:
    admin = signed_in(Role.ADMIN)
    assert isinstance(guide.app, FastAPI)
    phones = [client_of(guide.app) for _ in range(6)]

    def invite(phone: TestClient) -> int:
        phone.cookies.set("staff", admin.token)
        return phone.post("/staff/accounts", data={**NEW, **admin.form}).status_code

    with ThreadPoolExecutor(len(phones)) as browsers:
        answered = Counter(browsers.map(invite, phones))

    assert answered == {200: 1, 422: len(phones) - 1}


def test_fields_that_no_form_has_change_nothing(signed_in: SignedIn) -> None:
    desk = signed_in(Role.CURATOR)
    sent = {"language": "az", "role": "admin", "admin": "on", "account_id": "1", **desk.form}

    assert desk.phone.post("/staff/account/language", data=sent).status_code == 303

    assert desk.phone.get("/staff/accounts").status_code == 404


def test_the_trail_goes_back_page_by_page(signed_in: SignedIn, museum: Database) -> None:
    admin = signed_in(Role.ADMIN)
    with museum.writing() as db:
        account = db.get_one(Account, admin.number)
        for number in range(60):
            db.add(AuditEntry.of(None, f"deed.{number}", "", account.made_at))
    newest = admin.phone.get("/staff/accounts/trail").text
    older = re.search(r'href="(/staff/accounts/trail\?before=\d+)"', newest)
    assert older

    oldest = admin.phone.get(older[1]).text

    assert "deed.59" in newest
    assert "deed.9<" not in newest.replace(" ", "<")
    assert "deed.0" in oldest
    assert "?before=" not in oldest


def test_a_token_in_an_address_is_never_the_one_that_is_kept() -> None:
    assert hashed("x") == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def test_a_number_that_no_row_has_is_refused_plainly(signed_in: SignedIn) -> None:
    admin = signed_in(Role.ADMIN)
    for number in ("0", "-1", "2147483647", "2147483648", "9" * 40, "1e3", "1_000", "x", "%F0"):
        for path in (f"/staff/accounts/{number}", f"/staff/accounts/trail?before={number}"):
            assert admin.phone.get(path).status_code in {200, 400, 404, 422}, path
