"""What set-up makes: the faces of pages and of printed matter, and locks that name no host."""

import json
import re
import shutil
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fontTools.subset import parse_unicodes
from fontTools.ttLib import TTFont

from guide import fonts
from guide.settings import FILES
from guide.web.assets import Assets

STATIC = FILES / "static"
CONTENT = [
    *sorted((FILES / "exhibitions").rglob("*.toml")),
    *sorted((FILES / "exhibitions").rglob("*.md")),
    *sorted((FILES / "guide" / "languages").rglob("*.po")),
    *sorted((FILES / "templates").rglob("*.html")),
]

CHARACTERS = {
    one: path.relative_to(FILES).as_posix()
    for path in CONTENT
    for one in {*path.read_text("utf-8")} - {"\n"}
}
"""Every character that can come to be shown, and a file that it is in."""

LARGEST = {"commissioner-latin.woff2": 17_000, "commissioner-cyrillic.woff2": 12_000}
"""Bytes of each file (visitor.md, 2.5)."""
FACES = re.findall(
    r"@font-face \{[^}]*?vendor/([^\"]+)[^}]*?unicode-range: ([^;]+);",
    (STATIC / "css" / "tokens.css").read_text("utf-8"),
)

LEFT_TO_THE_SYSTEM = parse_unicodes(
    "600-6FF, 750-77F, FB50-FDFF, FE70-FEFF, "  # Arabic
    "3000-303F, 4E00-9FFF, FF00-FFEF, "  # Han and its punctuation
    "200E-200F, 2066-2069"  # what turns the direction, and is not seen
)


def drawn_by(path: Path) -> set[int]:
    with TTFont(path) as face:
        return {*face.getBestCmap()}


def test_what_was_made_is_what_was_sealed() -> None:
    made = sorted([*fonts.FOLDER.iterdir(), *(STATIC / "vendor").iterdir()])

    sums = [
        f"{sha256(one.read_bytes()).hexdigest()}  {one.relative_to(FILES).as_posix()}"
        for one in made
    ]

    assert sums == (FILES / "vendor.sha256").read_text().splitlines()


# Faces of pages.


def test_a_face_draws_what_the_style_sheet_says() -> None:
    assert {name for name, _ in FACES} == LARGEST.keys()
    for name, characters in FACES:
        assert drawn_by(STATIC / "vendor" / name) == {*parse_unicodes(characters)}


@pytest.mark.parametrize(("name", "most"), [*LARGEST.items()])
def test_a_face_is_small(name: str, most: int) -> None:
    assert (STATIC / "vendor" / name).stat().st_size <= most


def test_letters_of_azerbaijani_and_turkish_keep_their_dots_and_their_distance() -> None:
    with TTFont(STATIC / "vendor" / "commissioner-latin.woff2") as face:
        rules = {table: face[table].table for table in ("GSUB", "GPOS")}

    features = {
        one.FeatureTag for table in rules.values() for one in table.FeatureList.FeatureRecord
    }
    latin = next(
        one.Script for one in rules["GSUB"].ScriptList.ScriptRecord if one.ScriptTag == "latn"
    )

    assert features == {"kern", "locl"}
    assert {"AZE ", "TRK "} <= {one.LangSysTag for one in latin.LangSysRecord}


def test_every_character_of_the_content_can_be_drawn() -> None:
    drawn = {*LEFT_TO_THE_SYSTEM}.union(*(parse_unicodes(said) for _, said in FACES))

    beyond = {one: place for one, place in CHARACTERS.items() if ord(one) not in drawn}

    assert not beyond


def test_the_style_sheet_leads_to_the_faces(visitor: TestClient) -> None:
    assert isinstance(visitor.app, FastAPI)
    style = visitor.get(visitor.app.state.assets.path("guide.css")).text

    served = [visitor.get(path) for path in re.findall(r'url\("(/static/[^"]+)"\)', style)]

    assert len(served) == len(FACES)
    for answer in served:
        assert answer.status_code == HTTPStatus.OK
        assert answer.headers["content-type"] == "font/woff2"


def test_without_them_pages_are_set_in_what_there_is(tmp_path: Path) -> None:
    shutil.copytree(STATIC / "css", tmp_path / "css")

    assert Assets(tmp_path).path("guide.css")


# Faces of printed matter.


def test_every_character_of_the_content_can_be_printed() -> None:
    assert fonts.missing("".join(CHARACTERS)) == set()


def test_a_character_that_cannot_be_printed_is_named() -> None:
    assert fonts.missing("თარი, tar") == set("თარი")


def test_each_family_is_there_in_regular_and_bold_alike() -> None:
    families: dict[str, dict[int, set[int]]] = {}
    for path in fonts.FOLDER.iterdir():
        with TTFont(path) as face:
            family, weight = face["name"].getBestFamilyName(), face["OS/2"].usWeightClass
        families.setdefault(family, {})[weight] = drawn_by(path)

    assert families.keys() == {*fonts.FAMILIES}
    for weights in families.values():
        assert weights.keys() == {400, 700}
        assert weights[400] == weights[700]


def test_they_are_not_served() -> None:
    assert not [*STATIC.rglob("*.ttf")]


# Locks.


def test_the_lock_names_versions_and_hashes_and_no_host() -> None:
    lock = json.loads((FILES / "package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}

    assert len(packages) > 100
    for name, one in packages.items():
        assert {"version", "integrity"} <= one.keys(), name
        assert "resolved" not in one, name
        assert not one.get("hasInstallScript"), name
