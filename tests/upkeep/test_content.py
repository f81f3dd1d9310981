"""Content in and out: the same bytes both ways, and nothing overwritten by accident."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from guide.db import Database
from guide.exhibits.folder import BrokenFolderError
from guide.exhibits.model import Exhibit, ExhibitText
from guide.exhibits.queries import exhibit as exhibit_with_slug
from guide.qr.model import Code
from guide.upkeep.content import (
    FolderDiffersError,
    NotEmptyError,
    Side,
    export_folder,
    import_folder,
    sheets_of,
)
from tests.conftest import EXHIBITIONS

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TAR = Path("musical-instruments/exhibits/tar")
HOOKS_OF_TAR = (
    select(ExhibitText.language, ExhibitText.hook)
    .join(Exhibit, Exhibit.id == ExhibitText.exhibit_id)
    .where(Exhibit.slug == "tar")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the starter content to change."""
    return Path(shutil.copytree(EXHIBITIONS, tmp_path / "exhibitions"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def faults(database: Database, folder: Path) -> list[str]:
    with pytest.raises(BrokenFolderError) as broken, database.writing() as db:
        import_folder(db, folder, NOW)
    return [str(fault) for fault in broken.value.faults]


def test_the_starter_content_is_exported_as_the_bytes_that_were_imported(
    museum: Database, tmp_path: Path
) -> None:
    with museum.reading() as db:
        export_folder(db, tmp_path / "out")

    assert bytes_of(tmp_path / "out") == bytes_of(EXHIBITIONS)


def test_export_empty_database_import_export_gives_the_same_bytes(
    museum: Database, database: Database, tmp_path: Path
) -> None:
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.take_off_display(at=NOW)
        tar.names = {**tar.names, "az": 'Tar "yeni"\\ İ'}
        db.scalars(select(Exhibit).where(Exhibit.slug == "saz")).one().withdraw(at=NOW)
        first, second = db.scalars(select(Code).order_by(Code.code).limit(2))
        first.retire(at=NOW)
        first.alias_of = second.code
    with museum.reading() as db:
        export_folder(db, tmp_path / "first")
    with database.writing() as db:
        import_folder(db, tmp_path / "first", NOW)
    with database.reading() as db:
        export_folder(db, tmp_path / "second")

    assert bytes_of(tmp_path / "first") == bytes_of(tmp_path / "second")
    assert bytes_of(tmp_path / "first") != bytes_of(EXHIBITIONS)


def test_importing_twice_changes_nothing(museum: Database) -> None:
    with museum.reading() as db:
        before = sheets_of(db)
    with museum.writing() as db:
        assert import_folder(db, EXHIBITIONS, NOW).is_nothing
    with museum.reading() as db:
        assert sheets_of(db) == before


def test_a_difference_is_listed_and_nothing_is_written(museum: Database, folder: Path) -> None:
    change(folder / TAR / "text.en.md", "The body of a tar", "The belly of a tar")
    change(folder / TAR / "exhibit.toml", 'ru = "Тар"', 'ru = "Тара"')
    with museum.reading() as db:
        before = sheets_of(db)

    with pytest.raises(FolderDiffersError) as refused, museum.writing() as db:
        import_folder(db, folder, NOW)

    told = str(refused.value)
    assert "exhibit text tar en, hook: files say «The belly of a tar" in told
    assert "exhibit tar, names.ru: files say «Тара», the database says «Тар»" in told
    with museum.reading() as db:
        assert sheets_of(db) == before


def test_the_files_win_when_told_so(museum: Database, folder: Path) -> None:
    change(folder / TAR / "text.en.md", "The body of a tar", "The belly of a tar")

    with museum.writing() as db:
        done = import_folder(db, folder, NOW, Side.FILES)

    assert (done.added, done.changed) == (0, 1)
    with museum.reading() as db:
        tar = exhibit_with_slug(db, "tar")
        assert tar is not None
        assert any(text.hook.startswith("The belly") for text in tar.texts)


def test_the_database_wins_when_told_so_and_what_is_new_still_comes_in(
    museum: Database, folder: Path
) -> None:
    change(folder / TAR / "text.en.md", "The body of a tar", "The belly of a tar")
    new = (folder / TAR / "text.en.md").read_text(encoding="utf-8")
    (folder / TAR / "text.fr.md").write_text(new, encoding="utf-8")
    with museum.writing() as db:
        db.execute(delete(ExhibitText).where(ExhibitText.language == "fr"))
        for french in folder.rglob("*.fr.md"):
            if french.parent != folder / TAR:
                french.unlink()

    with museum.writing() as db:
        done = import_folder(db, folder, NOW, Side.DATABASE)

    assert (done.added, done.changed) == (1, 0)
    with museum.reading() as db:
        hooks = dict(db.execute(HOOKS_OF_TAR).all())
        assert hooks["fr"].startswith("The belly")
        assert not hooks["en"].startswith("The belly")


def test_a_draft_is_not_published_and_machine_and_reviewed_texts_are(
    database: Database, folder: Path
) -> None:
    change(folder / TAR / "text.en.md", 'status = "machine"', 'status = "draft"')
    change(folder / TAR / "text.az.md", 'status = "machine"', 'status = "reviewed"')

    with database.writing() as db:
        import_folder(db, folder, NOW)
    with database.reading() as db:
        tar = exhibit_with_slug(db, "tar")
        assert tar is not None
        published = {text.language for text in tar.texts if text.published_at}
        assert "az" in published
        assert "en" not in published


def test_a_dry_run_writes_nothing(database: Database) -> None:
    with database.writing() as db:
        done = import_folder(db, EXHIBITIONS, NOW)
        db.rollback()

    assert done.added > 90
    with database.reading() as db:
        assert sheets_of(db) == {}


def test_a_broken_folder_lists_every_fault_at_once_and_changes_nothing(
    database: Database, folder: Path
) -> None:
    (folder / "notes.txt").write_text("hello", encoding="utf-8")
    (folder / "musical-instruments/exhibits/saz/text.en.md").write_bytes(
        b'+++\nhook = "\xff"\n'
    )
    (folder / "musical-instruments/exhibits/gaval/text.en.md").write_text("no fences", "utf-8")
    change(folder / TAR / "exhibit.toml", 'presence = "reported"', 'presence = "maybe"')
    change(folder / TAR / "exhibit.toml", "minutes = 4", "minutes = 0")
    change(folder / TAR / "exhibit.toml", 'confidence = "medium"', 'confidence = "sure"')
    change(folder / TAR / "exhibit.toml", 'exhibit = "kamancha"', 'exhibit = "guitar"')
    change(folder / "classic-cars/exhibition.toml", "[names]", "[names\n")
    change(folder / "center.toml", 'fr = "Centre Heydar Aliyev"', 'xx = "Centre"')

    told = faults(database, folder)

    tar = "musical-instruments/exhibits/tar/exhibit.toml"
    assert any(fault.startswith("notes.txt:1: found a file of no known kind") for fault in told)
    assert any(
        "saz/text.en.md:2: found the byte 0xff, expected text in UTF-8" in f for f in told
    )
    assert any(
        "gaval/text.en.md:1: found «no fences», expected front matter" in f for f in told
    )
    assert f"{tar}:3: found «maybe», expected at presence: should be" in " ".join(told)
    assert any(fault.startswith(f"{tar}:5: found «0», expected at minutes:") for fault in told)
    sure = line_holding(folder / tar, '"sure"')
    assert any(fault.startswith(f"{tar}:{sure}: found «sure»") for fault in told)
    assert any("classic-cars/exhibition.toml" in fault and "TOML" in fault for fault in told)
    with database.reading() as db:
        assert sheets_of(db) == {}


def line_holding(file: Path, words: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_faults_between_files_are_told_with_their_lines(
    database: Database, folder: Path
) -> None:
    change(folder / TAR / "exhibit.toml", 'exhibit = "kamancha"', 'exhibit = "guitar"')
    change(folder / "center.toml", 'fr = "Centre Heydar Aliyev"', 'xx = "Centre"')
    (folder / TAR / "text.xx.md").write_text(
        '+++\nstatus = "draft"\nhook = "h"\n+++\n', "utf-8"
    )
    (folder / "classic-cars/exhibition.toml").unlink()
    change(folder / "codes.toml", 'exhibit = "tar"', 'exhibit = "lute"')

    told = faults(database, folder)

    guitar = line_holding(folder / TAR / "exhibit.toml", "guitar")
    lute = line_holding(folder / "codes.toml", "lute")
    centre = line_holding(folder / "center.toml", "Centre")
    assert f"{TAR}/exhibit.toml:{guitar}: found «guitar», expected the slug" in " ".join(told)
    assert any(
        fault.startswith(f"center.toml:{centre}: found the language «xx»") for fault in told
    )
    assert any(
        fault.startswith(f"{TAR}/text.xx.md:1: found the language «xx»") for fault in told
    )
    assert any("expected classic-cars/exhibition.toml" in fault for fault in told)
    assert any(
        fault.startswith(f"codes.toml:{lute}: found the exhibit «lute»") for fault in told
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('az = "Tar"', 'az = ""'),
        ('az = "Tar"', 'az = "\\u202eTar"'),
        ('az = "Tar"', 'az = "T\\u0000ar"'),
        ('source = "http', 'source = "javascript:http'),
        ("position = 1", "position = 9223372036854775808"),
        ("position = 1", "position = nan"),
        ("position = 1", 'position = "1"'),
        ("position = 1", "position = 1\nowner_id = 7"),
        ("position = 1", "position = 1\nposition = 2"),
        ("position = 1", 'position = 1\nexhibition = "classic-cars"'),
        ("minutes = 4", "withdrawn = 2026-11-24T09:00:00"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    database: Database, folder: Path, old: str, new: str
) -> None:
    change(folder / TAR / "exhibit.toml", old, new)
    assert faults(database, folder)


def test_a_missing_language_list_is_said_plainly(database: Database, folder: Path) -> None:
    (folder / "languages.toml").unlink()
    assert faults(database, folder)[0].startswith("languages.toml:1: found no such file")


def test_an_export_never_replaces_other_files(museum: Database, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("…", encoding="utf-8")

    with pytest.raises(NotEmptyError), museum.reading() as db:
        export_folder(db, tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").exists()


def test_an_export_replaces_an_earlier_one(museum: Database, folder: Path) -> None:
    (folder / TAR / "text.en.md").unlink()
    with museum.reading() as db:
        export_folder(db, folder)
    assert bytes_of(folder) == bytes_of(EXHIBITIONS)


def test_line_endings_and_a_byte_order_mark_make_no_difference(
    museum: Database, folder: Path
) -> None:
    for file in folder.rglob("*.*"):
        text = file.read_text(encoding="utf-8")
        file.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    with museum.writing() as db:
        assert import_folder(db, folder, NOW).is_nothing
