"""Pictures drawn from data: served as files, labelled in words, and never more than drawn."""

import brotli
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibit

NOT_A_PHOTOGRAPH = {
    "az": "İllüstrasiya — fotoşəkil deyil",
    "en": "Illustration, not a photograph",
    "ru": "Иллюстрация, не фотография",
    "tr": "İllüstrasyon, fotoğraf değildir",
    "zh-Hans": "示意图，非照片",
    "ar": "رسم توضيحي وليس صورة فوتوغرافية",
    "fr": "Illustration, pas une photographie",
}


NOT_PHOTOGRAPHS = {
    "az": "İllüstrasiyalar — fotoşəkil deyil",
    "en": "Illustrations, not photographs",
    "ru": "Иллюстрации, не фотографии",
    "tr": "İllüstrasyonlar, fotoğraf değildir",
    "zh-Hans": "图为示意图，非照片",
    "ar": "رسوم توضيحية وليست صورا فوتوغرافية",
    "fr": "Illustrations, pas des photographies",
}

LISTS = (
    "",
    "exhibitions/carpet-dance-of-loops",
    "exhibitions/mini-azerbaijan",
    "exhibitions/musical-instruments",
    "exhibitions/classic-cars",
)
LARGEST_PAGE = 14_000
"""Bytes of a page with its headers as brotli sends it: what fits the first ten packets."""


def source_of_drawing(page: str) -> str:
    return page.partition('<img class="drawing" src="')[2].partition('"')[0]


@pytest.mark.parametrize("tag", NOT_A_PHOTOGRAPH)
def test_a_drawing_says_visibly_that_it_is_no_photograph(visitor: TestClient, tag: str) -> None:
    for address in ("creation", "creation/picture"):
        page = visitor.get(f"/{tag}/exhibits/{address}").text
        caption = page.partition("<figcaption")[2].partition("</figcaption>")[0]
        assert NOT_A_PHOTOGRAPH[tag] in caption


def test_a_carpet_is_a_file_that_may_be_kept_for_ever(visitor: TestClient) -> None:
    address = source_of_drawing(visitor.get("/en/exhibits/creation").text)
    drawing = visitor.get(address)
    assert drawing.status_code == 200
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert "immutable" in drawing.headers["cache-control"]
    assert len(brotli.compress(drawing.content)) <= 8_000


def test_a_drawing_under_another_hash_is_not_found(visitor: TestClient) -> None:
    assert visitor.get("/media/000000000000/creation.svg").status_code == 404
    assert visitor.get("/media/000000000000/nothing.svg").status_code == 404


def test_an_exhibit_without_a_drawing_has_no_hole_where_one_would_be(
    guide: TestClient, museum: Database
) -> None:
    with museum.writing() as db:
        db.scalars(select(Exhibit).where(Exhibit.slug == "creation")).one().illustration = None
    page = guide.get("/en/exhibits/creation")
    assert page.status_code == 200
    assert "<figure" not in page.text
    assert guide.get("/en/exhibits/creation/picture").status_code == 404


def test_every_carpet_has_a_drawing_of_its_own(visitor: TestClient) -> None:
    carpets = [
        "creation",
        "bandi-rumi",
        "shabakali",
        "lachak-turunj",
        "shikargah",
        "khans-hunt",
    ]
    sources = {source_of_drawing(visitor.get(f"/az/exhibits/{one}").text) for one in carpets}
    assert len(sources) == len(carpets)


@pytest.mark.parametrize("tag", NOT_PHOTOGRAPHS)
@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_drawings_says_that_they_are_no_photographs(
    visitor: TestClient, tag: str, path: str
) -> None:
    drawings = list_in(visitor.get(f"/{tag}/{path}").text)

    assert drawings.count('class="thumb"') > 3
    assert NOT_PHOTOGRAPHS[tag] in drawings.partition("</figcaption>")[0]


def test_every_exhibition_on_the_first_page_has_a_drawing_with_words_for_it(
    visitor: TestClient,
) -> None:
    drawings = list_in(visitor.get("/en/").text)

    for name in ("Creation", "Azerbaijan National Carpet Museum", "Tar", "GAZ-13 Chaika"):
        assert f'"Illustration: {name}"' in drawings


def test_a_list_without_drawings_speaks_of_none(guide: TestClient, museum: Database) -> None:
    with museum.writing() as db:
        for exhibit in db.scalars(select(Exhibit)):
            exhibit.illustration = None

    for path in LISTS:
        page = guide.get(f"/en/{path}")
        assert page.status_code == 200
        assert "Illustration" not in page.text


@pytest.mark.parametrize("tag", NOT_PHOTOGRAPHS)
@pytest.mark.parametrize("path", LISTS)
def test_a_page_with_its_drawings_fits_the_first_packets(
    visitor: TestClient, tag: str, path: str
) -> None:
    answer = visitor.get(f"/{tag}/{path}")
    headers = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())

    assert len(brotli.compress(answer.content, quality=4)) + headers <= LARGEST_PAGE


def list_in(page: str) -> str:
    """Cut out the figure that holds rows."""
    return next(one for one in page.split("<figure")[1:] if 'class="row"' in one).partition(
        "</figure>"
    )[0]
