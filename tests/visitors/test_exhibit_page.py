"""What an exhibit's page says, and what it does not."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from guide.db import Database
from guide.exhibits.model import Exhibit, Fact
from guide.exhibits.queries import exhibit as exhibit_with_slug
from guide.exhibits.words import fingerprint
from guide.web.markdown import html
from tests import make

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![x](http://evil.example/x.png)",
    "<svg/onload=alert(1)>",
    "<a href='x' onclick='alert(1)'>x</a>",
    '<p style="background:url(x)">x</p>',
    "<iframe src=//evil></iframe>",
    "<!-- --><style>*{}</style>",
]


def test_shows_hook_look_for_story_facts_and_neighbours(visitor: TestClient) -> None:
    page = visitor.get("/en/exhibits/kamancha").text
    order = [
        "<h1",
        'class="hook',
        "Look for",
        "Facts",
        "Where this is from",
        "See also",
        "Previous",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert 'href="/en/exhibits/tar"' in page
    assert 'href="/en/exhibits/saz"' in page


def test_a_fact_without_a_source_is_never_shown(guide: TestClient, museum: Database) -> None:
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        unsourced = Fact({"en": "Rumour"}, {"en": "unsourced words"}, "", "high")
        sourced = Fact({"en": "Known"}, {"en": "sourced words"}, "https://a.example/", "high")
        tar.facts = (unsourced, sourced)

    page = guide.get("/en/exhibits/tar").text
    assert "sourced words" in page
    assert "unsourced words" not in page


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("tar", "A named source reports"),
        ("pile-knotting", "Background: this page is about a type"),
        ("gaz-13-chaika", "No source confirms"),
    ],
)
def test_says_in_words_what_sources_say_about_its_being_shown(
    visitor: TestClient, slug: str, words: str
) -> None:
    assert words in visitor.get(f"/en/exhibits/{slug}").text


def test_a_machine_translation_says_so_and_a_reviewed_text_does_not(
    guide: TestClient, museum: Database
) -> None:
    assert "Machine translation, not reviewed" in guide.get("/en/exhibits/tar").text
    with museum.writing() as db:
        tar = exhibit_with_slug(db, "tar")
        assert tar is not None
        for text in tar.texts:
            text.status = "reviewed"

    page = guide.get("/en/exhibits/tar").text
    assert "Machine translation" not in page
    assert "not yet reviewed" not in page


def test_each_field_falls_back_by_itself_and_says_so(
    guide: TestClient, museum: Database
) -> None:
    with museum.writing() as db:
        tar = exhibit_with_slug(db, "tar")
        assert tar is not None
        tar.texts = [text for text in tar.texts if text.language in {"az", "en"}]
        db.flush()
        french = make.text("fr", hook="Une phrase.", story="")
        french.publish(at=NOW)
        tar.texts.append(french)

    page = guide.get("/fr/exhibits/tar").text
    assert '<p class="hook">Une phrase.</p>' in page
    assert '<div lang="en" dir="ltr"><h2>' in page
    assert 'class="fallback"' in page


def test_an_unpublished_exhibit_is_not_found_and_not_listed(
    guide: TestClient, museum: Database
) -> None:
    with museum.writing() as db:
        tar = exhibit_with_slug(db, "tar")
        assert tar is not None
        for text in tar.texts:
            text.published_at = None

    assert guide.get("/en/exhibits/tar").status_code == 404
    for page in ("/en/exhibitions/musical-instruments", "/en/exhibits/kamancha"):
        assert "/exhibits/tar" not in guide.get(page).text


@pytest.mark.parametrize("vector", HOSTILE)
def test_markdown_of_a_curator_cannot_run_or_fetch_anything(vector: str) -> None:
    shown = html(f"Before {vector} after")
    for harm in ("<script", "<img", "<svg", "<iframe", "<style", "<a href='x' on", "<p style"):
        assert harm not in shown
    for scheme in ("javascript:", "data:", "vbscript:"):
        assert f'href="{scheme}' not in shown.lower()


def test_a_translation_is_out_of_date_field_by_field() -> None:
    source = make.text("az", hook="Bir.", story="İki.")
    translation = make.text("en", made_from=source.fingerprints())
    assert translation.out_of_date(source) == []
    source.hook = "Bir,  \n başqa."
    assert translation.out_of_date(source) == ["hook"]
    source.hook = " Bir. "
    assert translation.out_of_date(source) == []
    assert fingerprint("e\u0301") == fingerprint("\u00e9")


def test_an_exhibit_page_takes_few_statements(guide: TestClient, museum: Database) -> None:
    statements: list[str] = []
    engine = museum.reader
    assert isinstance(engine, Engine)
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    assert guide.get("/en/exhibits/tar").status_code == 200
    assert len([told for told in statements if told.startswith("SELECT")]) <= 7, statements
