"""What is missing, at a glance."""

import csv
from io import StringIO

from fastapi.testclient import TestClient

from guide.db import Database
from guide.exhibits import publishing
from tests.accounts.conftest import Desk
from tests.curation.conftest import address, typed


def rows(aysel: Desk) -> dict[tuple[str, str], dict[str, str]]:
    sheet = aysel.phone.get("/staff/exhibits.csv").content.decode("utf-8-sig")
    return {(one["exhibit"], one["language"]): one for one in csv.DictReader(StringIO(sheet))}


def test_has_a_cell_for_every_exhibit_and_language(aysel: Desk) -> None:
    assert len(rows(aysel)) == 27 * 7


def test_says_which_translations_are_behind(museum: Database, aysel: Desk) -> None:
    form = typed(museum, aysel, "az", hook="Yeni cümlə.")
    aysel.phone.post(address("az") + "/draft", data=form)

    table = rows(aysel)

    assert table["tar", "en"]["state"] == "behind"
    assert table["tar", "en"]["behind"] == "hook"
    assert table["saz", "en"]["state"] == "machine"


def test_says_what_blocks_publishing(museum: Database, aysel: Desk) -> None:
    aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=""))

    assert rows(aysel)["tar", "en"]["state"] == "blocked"
    assert "Blocked" in aysel.phone.get("/staff/exhibits?show=blocked").text


def test_an_exhibition_alone_can_be_shown(aysel: Desk) -> None:
    page = aysel.phone.get("/staff/exhibits?exhibition=classic-cars").text

    assert "/staff/texts/exhibit/zis-110/en" in page
    assert "/staff/texts/exhibit/tar/en" not in page


def test_an_unknown_filter_is_not_found(aysel: Desk) -> None:
    assert aysel.phone.get("/staff/exhibits?show=nothing").status_code == 404
    assert aysel.phone.get("/staff/exhibits?exhibition=nothing").status_code == 404


def test_a_name_that_a_spreadsheet_would_run_is_words(museum: Database, aysel: Desk) -> None:
    with museum.writing() as db:
        owner = publishing.owner_of(db, "exhibit", "tar")
        assert owner
        owner.names = {**owner.names, "en": "=cmd|' /C calc'!A0"}

    assert rows(aysel)["tar", "en"]["name"].startswith("'=")


def test_the_desk_names_what_waits(guide: TestClient, museum: Database, aysel: Desk) -> None:
    guide.post("/en/exhibits/tar/problem", data={"words": "The label hangs too low."})
    form = typed(museum, aysel, "az", hook="Yeni cümlə.")
    aysel.phone.post(address("az") + "/draft", data=form)

    desk = aysel.phone.get("/staff").text

    assert "The label hangs too low." in desk
    assert "Translations are behind" in desk
    assert "Your draft is not published" in desk


def test_a_report_is_seen_to_and_put_back(guide: TestClient, aysel: Desk) -> None:
    guide.post("/en/exhibits/tar/problem", data={"words": "The label hangs too low."})

    aysel.phone.post("/staff/problems/1/solution", data=aysel.form)
    assert "The label hangs too low." not in aysel.phone.get("/staff").text

    aysel.phone.post("/staff/problems/1/solution/end", data=aysel.form)
    assert "The label hangs too low." in aysel.phone.get("/staff").text


def test_one_search_finds_names_texts_and_codes(aysel: Desk) -> None:
    assert "/staff/texts/exhibit/kamancha/az" in search(aysel, "kamanca")
    assert "/staff/texts/exhibit/tar/" in search(aysel, "Mulberry")
    assert "/staff/labels/" in search(aysel, "DT7Z-M")
    assert "Nothing was found" in search(aysel, "%_\\")


def search(desk: Desk, words: str) -> str:
    return desk.phone.get("/staff/search", params={"q": words}).text
