"""Languages are switched off and on in the office."""

from fastapi.testclient import TestClient

from tests.accounts.conftest import Desk

FRENCH = "/staff/languages/fr/offer"


def test_a_language_that_is_off_is_not_found(guide: TestClient, aysel: Desk) -> None:
    aysel.phone.post(FRENCH + "/end", data=aysel.form)

    assert guide.get("/fr/exhibits/tar").status_code == 404
    assert 'hreflang="fr"' not in guide.get("/en/exhibits/tar").text
    assert guide.get("/", headers={"accept-language": "fr"}).headers["location"] == "/en/"


def test_it_comes_back_as_it_was(guide: TestClient, aysel: Desk) -> None:
    shown = guide.get("/fr/exhibits/tar").text
    aysel.phone.post(FRENCH + "/end", data=aysel.form)

    aysel.phone.post(FRENCH, data=aysel.form)

    assert guide.get("/fr/exhibits/tar").text == shown


def test_its_texts_can_be_written_while_it_is_off(aysel: Desk) -> None:
    aysel.phone.post(FRENCH + "/end", data=aysel.form)

    assert aysel.phone.get("/staff/texts/exhibit/tar/fr").status_code == 200


def test_the_language_of_the_source_stays_on(guide: TestClient, aysel: Desk) -> None:
    answer = aysel.phone.post("/staff/languages/az/offer/end", data=aysel.form)

    assert answer.status_code == 409
    assert guide.get("/az/exhibits/tar").status_code == 200


def test_an_unknown_language_is_not_found(aysel: Desk) -> None:
    assert aysel.phone.post("/staff/languages/xx/offer", data=aysel.form).status_code == 404
