"""What lay in the bin for thirty days goes, and files that nothing names."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.curation.clearing import Clearing
from guide.db import Database
from guide.exhibits.pictures import ExhibitPicture
from guide.media.cabinet import Cabinet
from guide.media.model import MediaFile
from guide.media.signatures import Kind
from tests.accounts.conftest import Desk
from tests.media import samples
from tests.media.conftest import PICTURES, pictures, send, shown

DAY = timedelta(days=1)


@pytest.fixture
def clearing(guide: TestClient) -> Clearing:
    assert isinstance(guide.app, FastAPI)
    found: Clearing = guide.app.state.clearing
    return found


def hashes(museum: Database) -> set[str]:
    with museum.reading() as db:
        return set(db.scalars(select(MediaFile.hash)))


def test_a_picture_stays_in_the_bin_for_thirty_days(
    museum: Database, aysel: Desk, cabinet: Cabinet, clearing: Clearing
) -> None:
    kept = shown(aysel, museum, samples.picture())
    send(aysel, samples.picture(size=(900, 900)))
    (binned,) = (one for one in pictures(museum) if one.id != kept.id)
    aysel.phone.post(f"{PICTURES}/{binned.id}/removal", data=aysel.form)
    now = datetime.now(UTC)

    clearing.clear(now + 29 * DAY)
    assert len(pictures(museum)) == 2

    clearing.clear(now + 31 * DAY)
    assert [one.id for one in pictures(museum)] == [kept.id]
    assert hashes(museum) == {kept.media_hash}
    assert [hash_ for hash_, _ in cabinet.store.kept()] == [kept.media_hash]


def test_a_file_that_another_exhibit_shows_stays(
    museum: Database, aysel: Desk, cabinet: Cabinet, clearing: Clearing
) -> None:
    send(aysel, samples.picture())
    send(aysel, samples.picture(), to="/staff/exhibits/saz/pictures")
    with museum.writing() as db:
        one = db.scalars(select(ExhibitPicture)).first()
        assert one
        one.remove(datetime.now(UTC) - 31 * DAY)

    clearing.clear(datetime.now(UTC) + 2 * DAY)

    assert len(pictures(museum)) == 1
    assert len(list(cabinet.store.kept())) == 1


def test_a_file_without_a_row_is_swept_after_a_day(
    museum: Database, cabinet: Cabinet, clearing: Clearing
) -> None:
    kept = cabinet.take_in(Kind.PICTURE, BytesIO(samples.picture()))
    now = datetime.now(UTC)

    clearing.clear(now)
    assert [hash_ for hash_, _ in cabinet.store.kept()] == [kept.hash]

    place = cabinet.folder / kept.hash[:2] / kept.hash
    os.utime(place, ((now - 2 * DAY).timestamp(),) * 2)
    clearing.clear(now)
    assert list(cabinet.store.kept()) == []
    assert hashes(museum) == set()
