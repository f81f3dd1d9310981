"""Pictures and recordings in the files of exhibitions/, and in backups."""

from pathlib import Path

import pytest

from guide.db import Database
from guide.exhibits.folder import BrokenFolderError
from guide.media.cabinet import Cabinet
from guide.media.store import DiskStore
from guide.upkeep.content import export_folder, import_folder
from tests.accounts.conftest import Desk
from tests.media import samples
from tests.media.conftest import heard, pictures, recordings, shown
from tests.upkeep.test_content import NOW, bytes_of, change

TAR = "musical-instruments/exhibits/tar/media"


@pytest.fixture
def exported(museum: Database, aysel: Desk, cabinet: Cabinet, tmp_path: Path) -> Path:
    """A folder in which the tar has a photograph, an illustration and a recording."""
    shown(aysel, museum, samples.noted())
    shown(
        aysel, museum, samples.picture(size=(900, 900)), kind="diagram", **{"caption-az": "Tar"}
    )
    heard(aysel, museum, samples.mp3())
    with museum.reading() as db:
        export_folder(db, tmp_path / "first", cabinet)
    return tmp_path / "first"


def test_export_empty_database_import_export_gives_the_same_bytes(
    museum: Database, database: Database, exported: Path, tmp_path: Path
) -> None:
    other = Cabinet(tmp_path / "media", _store(tmp_path), reserve=0)

    with database.writing() as db:
        import_folder(db, exported, NOW, cabinet=other)
    with database.reading() as db:
        export_folder(db, tmp_path / "second", other)

    assert len([name for name in bytes_of(exported) if name.startswith(TAR)]) == 6
    assert bytes_of(exported) == bytes_of(tmp_path / "second")
    there, here = pictures(museum), pictures(database)
    assert [one.media_hash for one in there] == [one.media_hash for one in here]
    assert recordings(database)[0].shown_at == recordings(museum)[0].shown_at


def test_what_is_shown_needs_its_words_in_files_too(
    database: Database, exported: Path, tmp_path: Path
) -> None:
    (sheet,) = (
        path
        for path in (exported / TAR).glob("*.picture.toml")
        if "diagram" in path.read_text(encoding="utf-8")
    )
    change(sheet, 'caption]\naz = "Tar"\n', "caption]\n")
    change(sheet, 'credit = "A. Example"\n', "")
    other = Cabinet(tmp_path / "media", _store(tmp_path), reserve=0)

    with pytest.raises(BrokenFolderError) as broken, database.writing() as db:
        import_folder(db, exported, NOW, cabinet=other)

    told = " ".join(str(one) for one in broken.value.faults)
    assert "caption" in told
    assert "credit" in told


def test_a_file_that_is_no_picture_is_a_fault_with_its_name(
    database: Database, exported: Path, tmp_path: Path
) -> None:
    (first, *_) = sorted((exported / TAR).glob("*.jpg"))
    first.write_bytes(b"Dear Sir")

    with pytest.raises(BrokenFolderError) as broken, database.writing() as db:
        import_folder(db, exported, NOW, cabinet=Cabinet(tmp_path / "m", _store(tmp_path), 0))

    assert first.name in str(broken.value.faults[0])


def _store(folder: Path) -> DiskStore:
    return DiskStore(folder / "media")
