"""The glossary and the vocabularies in the office."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.curation.word_forms import values_of_vocabulary, values_of_word
from guide.db import Database
from guide.exhibits.glossary import Vocabulary, Word
from guide.exhibits.glossary_sheets import VocabularySheet, WordSheet, sheet_of
from guide.exhibits.revisions import latest_number
from tests.accounts.conftest import Desk

WORD, LIST = "/staff/glossary/tar", "/staff/vocabularies/carpet-schools"
BUTA = {"name-az": "Buta", "meaning-az": "Bir naxış", "source": "https://example.org/buta"}


def of_word(museum: Database, desk: Desk, slug: str = "tar", **changed: str) -> dict[str, str]:
    """Fill the form as a browser sends it that has just opened the page."""
    with museum.reading() as db:
        word = db.scalars(select(Word).where(Word.slug == slug)).one()
        sheet = sheet_of(word)
        assert isinstance(sheet, WordSheet)
        version = str(latest_number(db, "word", word.id, ""))
    return {**desk.form, "version": version, **values_of_word(sheet), **changed}


def of_list(museum: Database, desk: Desk, **changed: str) -> dict[str, str]:
    with museum.reading() as db:
        found = db.scalars(select(Vocabulary)).one()
        sheet = sheet_of(found)
        assert isinstance(sheet, VocabularySheet)
        version = str(latest_number(db, "vocabulary", found.id, ""))
    return {**desk.form, "version": version, **values_of_vocabulary(sheet), **changed}


def terms(museum: Database) -> list[str]:
    with museum.reading() as db:
        return [one.slug for one in db.scalars(select(Vocabulary)).one().terms]


def test_a_new_word_is_explained_to_visitors_at_once(guide: TestClient, aysel: Desk) -> None:
    answer = aysel.phone.post("/staff/glossary/new", data={**aysel.form, **BUTA})

    assert answer.headers["location"] == "/staff/glossary/buta?done=saved"
    page = guide.get("/fr/glossary").text
    assert 'id="buta"' in page
    assert "Bir naxış" in page


def test_a_word_is_changed_in_one_language_alone(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    french = guide.get("/fr/glossary").text
    changed = of_word(museum, aysel, **{"meaning-en": "Eleven strings"})
    aysel.phone.post(WORD, data=changed)

    assert "Eleven strings" in guide.get("/en/glossary").text
    assert guide.get("/fr/glossary").text == french


def test_what_somebody_wrote_or_read_is_no_longer_called_unread(
    museum: Database, aysel: Desk
) -> None:
    changed = of_word(museum, aysel, **{"meaning-en": "Eleven strings", "read-fr": "yes"})
    aysel.phone.post(WORD, data=changed)

    with museum.reading() as db:
        unread = set(db.scalars(select(Word).where(Word.slug == "tar")).one().unread)
        assert unread == {"az", "ru", "tr", "zh-Hans", "ar"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": ""},
        {"source": "javascript:alert(1)"},
        {"name-az": ""},
        {"meaning-az": " "},
        {"meaning-az": "a\x00"},
    ],
)
def test_a_word_without_source_name_or_meaning_comes_back(
    guide: TestClient, aysel: Desk, wrong: dict[str, str]
) -> None:
    typed = {**aysel.form, **BUTA, **wrong}
    answer = aysel.phone.post("/staff/glossary/new", data=typed)

    assert answer.status_code == 422
    assert "Buta" in answer.text or "Bir nax" in answer.text
    assert 'id="buta"' not in guide.get("/az/glossary").text


def test_the_second_of_two_editors_loses_nothing(
    museum: Database, aysel: Desk, rauf: Desk
) -> None:
    opened = of_word(museum, rauf, **{"meaning-en": "What Rauf typed"})
    aysel.phone.post(WORD, data=of_word(museum, aysel, **{"meaning-en": "What Aysel typed"}))

    answer = rauf.phone.post(WORD, data=opened)

    assert answer.status_code == 409
    assert "What Rauf typed" in answer.text
    assert "What Aysel typed" in answer.text


def test_a_word_goes_into_the_bin_and_comes_back(guide: TestClient, aysel: Desk) -> None:
    shown = guide.get("/az/glossary").text
    aysel.phone.post("/staff/bin/word/tar", data=aysel.form)

    assert 'id="tar"' not in guide.get("/az/glossary").text
    assert "In the bin" in aysel.phone.get(WORD).text

    aysel.phone.post("/staff/bin/word/tar/end", data=aysel.form)
    assert guide.get("/az/glossary").text == shown


def test_two_words_of_one_name_have_two_addresses(aysel: Desk) -> None:
    data = {**aysel.form, **BUTA}
    first = aysel.phone.post("/staff/glossary/new", data=data).headers["location"]
    second = aysel.phone.post("/staff/glossary/new", data=data).headers["location"]

    assert (first, second) == (
        "/staff/glossary/buta?done=saved",
        "/staff/glossary/buta-2?done=saved",
    )


def test_curators_decide_which_schools_there_are(museum: Database, aysel: Desk) -> None:
    before = terms(museum)
    more = {
        "term-30-name-az": "Naxçıvan xalçaçılıq məktəbi",
        "term-30-source": "https://example.org/eighth",
        "term-0-remove": "yes",
    }
    aysel.phone.post(LIST, data=of_list(museum, aysel, **more))

    assert terms(museum) == [*before[1:], "naxcivan-xalcaciliq-mektebi"]
    record = aysel.phone.get("/staff/exhibits/tar").text
    assert '<option value="Naxçıvan xalçaçılıq məktəbi">' in record


@pytest.mark.parametrize("wrong", [{"term-30-name-az": "Sözü", "term-30-source": ""}])
def test_a_term_without_a_source_comes_back(
    museum: Database, aysel: Desk, wrong: dict[str, str]
) -> None:
    before = terms(museum)
    answer = aysel.phone.post(LIST, data=of_list(museum, aysel, **wrong))

    assert answer.status_code == 422
    assert "Sözü" in answer.text
    assert terms(museum) == before


def test_a_new_vocabulary_has_terms(museum: Database, aysel: Desk) -> None:
    with museum.writing() as db:
        db.delete(db.scalars(select(Vocabulary)).one())
    typed = {
        "name-en": "Techniques",
        "source": "https://example.org/techniques",
        "term-0-name-en": "Pile",
        "term-0-source": "https://example.org/pile",
    }
    answer = aysel.phone.post("/staff/vocabularies/new", data={**aysel.form, **typed})

    assert answer.headers["location"] == "/staff/vocabularies/techniques?done=saved"
    assert terms(museum) == ["pile"]


def test_everything_is_listed(aysel: Desk) -> None:
    page = aysel.phone.get("/staff/glossary").text

    assert WORD in page
    assert LIST in page
