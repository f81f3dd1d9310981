"""Labels as a curator keeps them, and what the trail has of it."""

import csv
from http import HTTPStatus
from io import StringIO

from fastapi import FastAPI
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Role
from guide.db import Database
from guide.exhibits.model import Exhibition
from guide.qr.model import Carrier, Scan
from guide.qr.queries import followed
from tests.accounts.conftest import Desk, SignedIn
from tests.qr.test_follow import code_of
from tests.qr.test_standing import how


def do(desk: Desk, path: str, **fields: str) -> str:
    """Post a form; return the code of the label that is shown then."""
    answer = desk.phone.post(f"/staff/labels/{path}", data=desk.form | fields)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    shown = desk.phone.get(answer.headers["location"])
    assert shown.status_code == HTTPStatus.OK
    return answer.headers["location"].rpartition("/")[2].partition("?")[0]


def deeds(museum: Database, code: str) -> list[str]:
    trail = select(AuditEntry.deed).where(AuditEntry.subject == f"code:{code}")
    with museum.reading() as db:
        return [*db.scalars(trail.order_by(AuditEntry.id))]


def test_an_exhibit_gets_a_further_code_with_a_place(
    museum: Database, signed_in: SignedIn
) -> None:
    desk = signed_in(Role.CURATOR)
    further = do(desk, "list", kind="exhibit", slug="tar", place="at the  door")
    assert further != code_of(museum, "saz")
    assert deeds(museum, further) == ["code.minted"]
    with museum.reading() as db:
        assert followed(db, further).exhibit == "tar"
        assert how(db, further).label.place == "at the door"


def test_a_poster_leads_to_its_exhibition_and_its_scans_are_kept(
    museum: Database, signed_in: SignedIn
) -> None:
    desk = signed_in(Role.CURATOR)
    poster = do(desk, "list", kind="exhibition", slug="classic-cars")
    desk.phone.cookies.clear()
    answer = desk.phone.get(f"/q/{poster}")
    assert answer.headers["location"] == "/az/exhibitions/classic-cars"
    assert desk.phone.get(answer.headers["location"]).status_code == HTTPStatus.OK
    typed = desk.phone.get(f"/en/code?c={poster}")
    assert typed.headers["location"] == "/en/exhibitions/classic-cars"
    assert isinstance(desk.phone.app, FastAPI)
    desk.phone.app.state.scans.settle()
    with museum.reading() as db:
        scans = db.execute(select(Scan.code, Scan.exhibit_id, Exhibition.slug).join(Exhibition))
        assert [*map(tuple, scans)] == [(poster, None, "classic-cars")] * 2


def test_what_is_no_exhibit_gets_no_code(signed_in: SignedIn) -> None:
    desk = signed_in(Role.CURATOR)
    for fields in ({"kind": "exhibit", "slug": "nothing"}, {"kind": "hall", "slug": "tar"}):
        answer = desk.phone.post("/staff/labels/list", data=desk.form | fields)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_retired_label_still_leads_on(museum: Database, signed_in: SignedIn) -> None:
    desk, code = signed_in(Role.CURATOR), code_of(museum, "tar")
    do(desk, f"{code}/retirement")
    do(desk, f"{code}/retirement")
    assert deeds(museum, code) == ["code.retired"], "twice is once"
    assert f"/staff/labels/{code}" in desk.phone.get("/staff/labels/list?show=retired").text
    assert f"/staff/labels/{code}" not in desk.phone.get("/staff/labels/list").text
    with museum.reading() as db:
        assert followed(db, code).exhibit == "tar"


def test_merged_codes_lead_where_the_other_leads_and_never_in_a_circle(
    museum: Database, signed_in: SignedIn
) -> None:
    desk = signed_in(Role.CURATOR)
    tar, saz, gaval = (code_of(museum, slug) for slug in ("tar", "saz", "gaval"))
    do(desk, f"{tar}/merger", into=saz.upper())
    do(desk, f"{saz}/merger", into=gaval)
    with museum.reading() as db:
        assert [followed(db, one).exhibit for one in (tar, saz, gaval)] == ["gaval"] * 3
    for code, into in ((gaval, tar), (gaval, gaval), (gaval, "zzzzz"), (gaval, "")):
        path = f"/staff/labels/{code}/merger"
        answer = desk.phone.post(path, data=desk.form | {"into": into})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert deeds(museum, gaval) == []


def test_the_page_of_a_label_tells_what_happened(museum: Database, signed_in: SignedIn) -> None:
    desk, code = signed_in(Role.CURATOR), code_of(museum, "tar")
    do(desk, f"{code}/place", place="left of the case")
    do(desk, f"{code}/damage")
    page = desk.phone.get(f"/staff/labels/{code}").text
    for told in ("Given its place", "Found damaged", "Minted", "left of the case"):
        assert told in page
    assert f"/staff/labels/{code}" in desk.phone.get("/staff/labels/list?show=damaged").text
    unreadable = desk.form | {"place": "\x07"}
    answer = desk.phone.post(f"/staff/labels/{code}/place", data=unreadable)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_tags_have_codes_of_their_own_and_a_list_to_write_them_from(
    museum: Database, signed_in: SignedIn
) -> None:
    desk, printed = signed_in(Role.CURATOR), code_of(museum, "tar")
    tag = do(desk, "list", kind="exhibit", slug="tar", carrier="nfc", place="=the case")
    do(desk, f"{tag}/writing")

    answer = desk.phone.get("/staff/labels/nfc.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    [row] = csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))
    assert row["code"] == tag != printed
    assert row["address"].endswith(f"/q/{tag}")
    assert row["place"] == "'=the case"
    assert row["written"]
    with museum.reading() as db:
        assert how(db, tag).label.carrier == Carrier.NFC
        assert how(db, tag).is_unverified
    wrote = desk.phone.post(f"/staff/labels/{printed}/writing", data=desk.form)
    assert wrote.status_code == HTTPStatus.CONFLICT


def test_a_list_that_is_not_there_is_not_found(signed_in: SignedIn) -> None:
    desk = signed_in(Role.CURATOR)
    assert desk.phone.get("/staff/labels/list?show=lost").status_code == HTTPStatus.NOT_FOUND
