"""Halls, plan and routes in and out of files."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.folder import BrokenFolderError
from guide.exhibits.halls import Hall, minutes_between
from guide.exhibits.model import Exhibit
from guide.exhibits.revisions import Revision
from guide.upkeep.content import Side, export_folder, import_folder, sheets_of
from tests.conftest import EXHIBITIONS
from tests.hall_files import CARS, furnish

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter content with halls of a house that does not exist."""
    made = Path(shutil.copytree(EXHIBITIONS, tmp_path / "exhibitions"))
    furnish(made)
    return made


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def bring(database: Database, folder: Path, prefer: Side | None = None) -> None:
    with database.writing() as db:
        import_folder(db, folder, NOW, prefer)


def faults(database: Database, folder: Path) -> list[str]:
    with pytest.raises(BrokenFolderError) as broken:
        bring(database, folder)
    return [str(fault) for fault in broken.value.faults]


def test_halls_are_exported_as_the_bytes_that_were_imported(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    bring(database, folder)

    with database.reading() as db:
        export_folder(db, tmp_path / "out")

    for name in ("halls.toml", "plan.svg", "routes.toml", str(CARS)):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()


def test_importing_halls_twice_changes_nothing(database: Database, folder: Path) -> None:
    bring(database, folder)

    with database.writing() as db:
        assert import_folder(db, folder, NOW).is_nothing


def test_the_way_between_halls_is_the_same_both_ways(database: Database, folder: Path) -> None:
    bring(database, folder)

    with database.reading() as db:
        assert minutes_between(db) == {
            ("long-hall", "small-hall"): 2,
            ("small-hall", "long-hall"): 2,
        }


def test_a_hall_that_the_files_do_not_name_goes_when_they_are_right(
    database: Database, folder: Path
) -> None:
    bring(database, folder)
    for name in ("halls.toml", "plan.svg", "routes.toml"):
        (folder / name).unlink()
    (folder / "halls.toml").write_text('[[halls]]\nslug = "x"\nfloor = 2\nnames = {az = "X"}\n')
    for record in folder.rglob("*.toml"):
        text = record.read_text("utf-8")
        record.write_text(text.replace('hall = "long-hall"\n', ""), encoding="utf-8")
    change(folder / "musical-instruments/exhibits/tar/exhibit.toml", '"small-hall"', '"x"')

    bring(database, folder, Side.FILES)

    with database.reading() as db:
        assert list(db.scalars(select(Hall.slug))) == ["x"]
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        assert tar.hall_id == db.scalars(select(Hall.id)).one()


def test_every_hall_and_route_has_a_revision(database: Database, folder: Path) -> None:
    bring(database, folder)

    with database.reading() as db:
        kinds = list(db.scalars(select(Revision.kind)))
        assert (kinds.count("hall"), kinds.count("route"), kinds.count("plan")) == (3, 1, 1)


def test_no_hall_is_invented(museum: Database) -> None:
    with museum.reading() as db:
        assert not sheets_of(db).keys() & {("halls", "", ""), ("plan", "", "")}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("halls.toml", "floor = 1", "floor = 99", "halls.toml:16: found «99»"),
        ("halls.toml", "minutes = 2", "minutes = 0", "halls.toml:22: found «0»"),
        ("halls.toml", '"small-hall"]', '"attic"]', "halls.toml:21: found «attic»"),
        ("halls.toml", '"small-hall"]', '"long-hall"]', "two different halls"),
        ("halls.toml", 'slug = "upper-hall"', 'slug = "long-hall"', "halls.toml:15: found a s"),
        ("halls.toml", 'en = "Upper', 'xx = "Upper', "halls.toml:18: found the language «xx»"),
        ("halls.toml", '"entrance"', '"dragon"', "halls.toml:25: found «dragon»"),
        ("routes.toml", '"saz"', '"lyre"', "routes.toml:4: found «lyre»"),
        (str(CARS), '"long-hall"', '"attic"', "classic-cars/exhibition.toml:3: found «attic»"),
        ("plan.svg", "<circle", "<script/><circle", "plan.svg:7: found <script>"),
    ],
)
def test_a_fault_is_told_by_file_and_line(  # noqa: PLR0913, PLR0917 (the cases)
    database: Database, folder: Path, file: str, old: str, new: str, told: str
) -> None:
    change(folder / file, old, new)

    assert told in "\n".join(faults(database, folder))
