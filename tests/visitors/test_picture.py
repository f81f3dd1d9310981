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
