"""The record of an exhibit: facts, place, and whether it is to be seen."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.curation.record_forms import slug_of_name, values_of
from guide.db import Database
from guide.exhibits.exchange import exhibit_sheet
from guide.exhibits.queries import exhibit
from guide.exhibits.revisions import latest_number, revisions_of
from guide.qr.model import Code
from tests.accounts.conftest import Desk
from tests.curation.conftest import stored

RECORD = "/staff/exhibits/tar"


def form(museum: Database, desk: Desk, **changed: str) -> dict[str, str]:
    """Fill the form as a browser sends it that has just opened the page."""
    with museum.reading() as db:
        tar = exhibit(db, "tar")
        assert tar
        values = values_of(exhibit_sheet(tar))
        version = str(latest_number(db, "exhibit", tar.id, ""))
    return {**desk.form, "version": version, **values, **changed}


def test_a_saved_fact_is_on_the_page_at_once(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    fact = {
        "fact-20-label-en": "Strings of the lid",
        "fact-20-value-en": "Four",
        "fact-20-source": "https://example.org/tar",
        "fact-20-confidence": "high",
    }

    aysel.phone.post(RECORD, data=form(museum, aysel, **fact))

    assert "Strings of the lid" in guide.get("/en/exhibits/tar").text


def test_a_fact_without_a_source_is_kept_and_not_shown(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    fact = {
        "fact-20-label-en": "Strings of the lid",
        "fact-20-value-en": "Four",
        "fact-20-confidence": "low",
    }

    aysel.phone.post(RECORD, data=form(museum, aysel, **fact))

    assert "Strings of the lid" in aysel.phone.get(RECORD).text
    assert "Strings of the lid" not in guide.get("/en/exhibits/tar").text


def test_every_save_is_a_revision(museum: Database, aysel: Desk) -> None:
    aysel.phone.post(RECORD, data=form(museum, aysel, minutes="7"))

    owner = stored(museum).owner
    with museum.reading() as db:
        newest = revisions_of(db, "exhibit", owner.id)[0]
    assert newest.said["minutes"] == 7
    assert newest.account_id == aysel.number


def test_saving_the_same_makes_no_revision(museum: Database, aysel: Desk) -> None:
    before = form(museum, aysel)

    aysel.phone.post(RECORD, data=before)

    assert form(museum, aysel)["version"] == before["version"]


def test_the_second_of_two_editors_loses_nothing(
    museum: Database, aysel: Desk, rauf: Desk
) -> None:
    opened = form(museum, rauf, category="what Rauf typed")
    aysel.phone.post(RECORD, data=form(museum, aysel, category="what Aysel typed"))

    answer = rauf.phone.post(RECORD, data=opened)

    assert answer.status_code == 409
    assert "what Rauf typed" in answer.text
    assert "what Aysel typed" in answer.text
    assert form(museum, aysel)["category"] == "what Aysel typed"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("minutes", "0"),
        ("minutes", "121"),
        ("minutes", "٣"),
        ("minutes", "1e3"),
        ("position", "-1"),
        ("position", "99999999999999999999"),
        ("category", ""),
        ("category", "a\x00b"),
        ("exhibition", "../etc"),
        ("exhibition", "no-such-room"),
        ("presence", "on-show"),
        ("fact-0-source", "javascript:alert(1)"),
        ("fact-0-confidence", "very"),
        ("related-0-exhibit", "no-such-thing"),
        ("related-0-reason", "because"),
    ],
)
def test_what_cannot_be_is_refused_and_comes_back(
    museum: Database, aysel: Desk, field: str, typed: str
) -> None:
    before = form(museum, aysel)

    answer = aysel.phone.post(RECORD, data={**before, field: typed})

    assert answer.status_code == 422
    assert form(museum, aysel) == before


def test_facts_change_places(museum: Database, aysel: Desk) -> None:
    before = form(museum, aysel)

    aysel.phone.post(RECORD, data={**before, "move": "down-0"})

    after = form(museum, aysel)
    assert after["fact-0-label-en"] == before["fact-1-label-en"]
    assert after["fact-1-label-en"] == before["fact-0-label-en"]


@pytest.mark.parametrize("move", ["down-" + "1" * 5_000, "down-²", "down-", "down-99"])
def test_a_fact_that_is_not_there_goes_nowhere(
    museum: Database, aysel: Desk, move: str
) -> None:
    before = form(museum, aysel)

    answer = aysel.phone.post(RECORD, data={**before, "move": move})

    assert answer.status_code == 303
    assert form(museum, aysel)["fact-0-label-en"] == before["fact-0-label-en"]


def test_a_fact_is_left_out(museum: Database, aysel: Desk) -> None:
    before = form(museum, aysel)

    aysel.phone.post(RECORD, data={**before, "fact-0-remove": "yes"})

    assert form(museum, aysel)["fact-0-label-en"] == before["fact-1-label-en"]


def test_is_off_display_and_on_again(guide: TestClient, aysel: Desk) -> None:
    shown = guide.get("/en/exhibits/tar").text

    aysel.phone.post(RECORD + "/display/end", data=aysel.form)
    assert guide.get("/en/exhibits/tar").text != shown

    aysel.phone.post(RECORD + "/display", data=aysel.form)
    assert guide.get("/en/exhibits/tar").text == shown


def test_is_withdrawn_and_back(guide: TestClient, aysel: Desk) -> None:
    aysel.phone.post(RECORD + "/withdrawal", data=aysel.form)
    assert guide.get("/en/exhibits/tar").status_code == 410

    aysel.phone.post(RECORD + "/withdrawal/end", data=aysel.form)
    assert guide.get("/en/exhibits/tar").status_code == 200


def test_a_new_exhibit_has_a_code_and_no_visitor(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    fields = {"name": "Çəng (arfa)", "exhibition": "musical-instruments", "category": "harp"}

    answer = aysel.phone.post("/staff/exhibits/new", data={**aysel.form, **fields})

    assert answer.headers["location"] == "/staff/texts/exhibit/ceng-arfa/az"
    assert guide.get("/az/exhibits/ceng-arfa").status_code == 404
    owner = stored(museum, "az", "ceng-arfa").owner
    with museum.reading() as db:
        assert db.scalars(select(Code).where(Code.exhibit_id == owner.id)).one()


def test_two_exhibits_of_one_name_have_two_addresses(aysel: Desk) -> None:
    fields = {"name": "Tar", "exhibition": "musical-instruments", "category": "lute"}

    answer = aysel.phone.post("/staff/exhibits/new", data={**aysel.form, **fields})

    assert answer.headers["location"] == "/staff/texts/exhibit/tar-2/az"


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "\u200b"}, {"exhibition": "nothing"}, {"category": ""}]
)
def test_a_new_exhibit_needs_a_name_and_a_room(aysel: Desk, wrong: dict[str, str]) -> None:
    fields = {"name": "Çəng", "exhibition": "musical-instruments", "category": "harp"}

    answer = aysel.phone.post("/staff/exhibits/new", data={**aysel.form, **fields, **wrong})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Şəki xanlarının sarayı", "seki-xanlarinin-sarayi"), ("地毯", ""), ("Tar!", "tar")],
)
def test_a_slug_is_suggested_from_a_name(name: str, slug: str) -> None:
    assert slug_of_name(name) == slug
