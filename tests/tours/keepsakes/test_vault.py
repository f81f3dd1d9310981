"""Private files go when nothing names them, and a backup carries them."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from guide.curation.clearing import Clearing
from guide.db import Database
from guide.media.bucket import BucketStore
from guide.settings import Settings
from guide.tours.keepsakes.vault import Vault, named_files
from guide.upkeep.stored_media import media_folder, stored_media
from tests.media import samples
from tests.tours.keepsakes.conftest import BOOK, GIFTS, gifts, keep, pages, stored
from tests.tours.walking.conftest import Phone

DAY = timedelta(days=1)


def test_what_no_row_names_is_swept_after_a_day(
    guide: TestClient, walked: Phone, museum: Database, vault: Vault
) -> None:
    assert isinstance(guide.app, FastAPI)
    clearing: Clearing = guide.app.state.clearing
    keep(walked, BOOK, samples.picture())
    (page,) = pages(museum)
    left = vault.photograph("nobody", BytesIO(samples.picture()))

    clearing.clear(datetime.now(UTC))
    assert stored(vault) == {page.picture, left}

    clearing.clear(datetime.now(UTC) + DAY + timedelta(minutes=1))
    assert stored(vault) == {page.picture}


def test_what_curators_clear_up_leaves_private_files_alone(
    guide: TestClient, walked: Phone, museum: Database, vault: Vault
) -> None:
    assert isinstance(guide.app, FastAPI)
    keep(walked, BOOK, samples.picture())

    assert list(guide.app.state.cabinet.store.kept()) == []
    guide.app.state.clearing.clear(datetime.now(UTC) + 2 * DAY)

    assert stored(vault) == {pages(museum)[0].picture}


def test_the_files_of_a_tour_are_deleted_with_its_rows(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, BOOK, samples.picture())
    keep(walked, GIFTS, samples.picture(), description_en="A vase")
    with museum.writing() as db:
        files = named_files(db, walked.tour)
        for row in (*pages(museum), *gifts(museum)):
            db.delete(db.merge(row))

    assert files == stored(vault)
    vault.clear_away(walked.tour, files)

    assert stored(vault) == set()


def test_a_file_that_is_named_is_not_cleared_away(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, BOOK, samples.picture())

    vault.clear_away(walked.tour, stored(vault))

    assert stored(vault) == {pages(museum)[0].picture}


def test_a_backup_holds_them(guide: TestClient, walked: Phone, museum: Database) -> None:
    assert isinstance(guide.app, FastAPI)
    settings: Settings = guide.app.state.settings
    keep(walked, BOOK, samples.picture())
    hash_ = pages(museum)[0].picture
    assert hash_

    names = [name for name, _ in stored_media(media_folder(settings.data_dir))]

    assert f"media/private/{hash_[:2]}/{hash_}/master.jpg" in names


def test_nobody_else_on_the_machine_can_read_them(walked: Phone, vault: Vault) -> None:
    keep(walked, BOOK, samples.picture())

    assert vault.cabinet.folder.stat().st_mode & 0o077 == 0


def test_in_a_bucket_the_public_ones_do_not_list_them(tmp_path: Path) -> None:
    bucket = tmp_path / "bucket"
    (bucket / "private").mkdir(parents=True)
    made = tmp_path / "made"
    made.mkdir()
    (made / "master.jpg").write_bytes(b"ink")
    public = BucketStore(f"file://{bucket}")
    private = BucketStore(f"file://{bucket}/private")

    public.put("aa" * 32, made)
    private.put("bb" * 32, made)

    assert [hash_ for hash_, _ in public.kept()] == ["aa" * 32]
    assert [hash_ for hash_, _ in private.kept()] == ["bb" * 32]
    assert public.size("bb" * 32, "master.jpg") is None
