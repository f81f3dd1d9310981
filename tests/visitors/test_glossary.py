"""The words that visitors find explained."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.glossary import Word

LANGUAGES = ["az", "en", "ru", "tr", "zh-Hans", "ar", "fr"]


def word(museum: Database, **changes: object) -> None:
    with museum.writing() as db:
        found = db.scalars(select(Word).where(Word.slug == "tar")).one()
        for name, value in changes.items():
            setattr(found, name, value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_has_an_anchor_and_a_source(guide: TestClient, lang: str) -> None:
    page = guide.get(f"/{lang}/glossary").text

    assert len(re.findall(r"<dfn>", page)) == 15
    assert 'id="sumakh"' in page
    assert 'class="fallback"' not in page
    assert 'class="unreviewed"' in page
    assert 'href="http://musicmuseum.az' in page


def test_other_languages_name_the_azerbaijani_word_too(guide: TestClient) -> None:
    assert '<bdi class="meta" lang="az" dir="ltr">Şəddə</bdi>' in guide.get("/ru/glossary").text
    assert '<bdi class="meta" lang="az"' not in guide.get("/az/glossary").text


def test_a_meaning_that_is_missing_falls_back_and_says_so(
    guide: TestClient, museum: Database
) -> None:
    word(museum, meanings={"en": "Eleven strings"})
    page = guide.get("/ar/glossary").text

    assert page.count('class="fallback"') == 1
    assert re.search(r'<p lang="en" dir="ltr"[^>]*>Eleven strings', page)


def test_a_word_that_means_nothing_in_the_chain_is_left_out(
    guide: TestClient, museum: Database
) -> None:
    word(museum, meanings={"fr": "Onze cordes"})

    assert 'id="tar"' not in guide.get("/en/glossary").text


def test_what_people_have_read_carries_no_note(guide: TestClient, museum: Database) -> None:
    with museum.writing() as db:
        for one in db.scalars(select(Word)):
            one.unread = [tag for tag in one.unread if tag != "fr"]

    assert 'class="unreviewed"' not in guide.get("/fr/glossary").text
    assert 'class="unreviewed"' in guide.get("/en/glossary").text


def test_every_page_leads_there(guide: TestClient) -> None:
    assert 'href="/tr/glossary"' in guide.get("/tr/exhibits/tar").text


def test_an_empty_glossary_says_so(guide: TestClient, museum: Database) -> None:
    with museum.writing() as db:
        for one in db.scalars(select(Word)):
            db.delete(one)

    assert "No word is explained yet." in guide.get("/en/glossary").text
