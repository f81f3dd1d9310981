"""A room is read once for each edition, and never hides an exhibit that has come to it."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, create_engine, select, update

from guide.db import Database
from guide.exhibits.model import Exhibit, ExhibitText
from guide.exhibits.showing import OnShow, ShownExhibit, next_publication
from guide.web.edition import KeptForEdition, Watch

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def change(museum: Database, slug: str, **columns: object) -> None:
    with museum.writing() as db:
        exhibit = db.scalars(select(Exhibit).where(Exhibit.slug == slug)).one()
        for name, value in columns.items():
            setattr(exhibit, name, value)


def room_of(museum: Database, slug: str) -> int:
    with museum.reading() as db:
        return db.scalars(select(Exhibit.exhibition_id).where(Exhibit.slug == slug)).one()


def shown(museum: Database, slug: str) -> ShownExhibit:
    exhibit = OnShow(museum, Watch(museum, next_publication)).exhibit(slug)
    assert exhibit is not None
    return exhibit


def test_a_room_is_kept_until_the_edition_moves_on(museum: Database) -> None:
    watch = Watch(museum, next_publication)
    watch.look()
    on_show = OnShow(museum, watch)
    tar, kept = on_show.exhibit("tar"), on_show.exhibit("saz")
    assert tar
    assert kept
    assert tar.room is kept.room
    assert on_show.exhibit("tar") is tar

    change(museum, "saz", names={"en": "A saz of another name"})
    afresh = on_show.exhibit("tar")
    assert afresh
    assert afresh.room.signposts[afresh.room.places["saz"]].names == {
        "en": "A saz of another name"
    }


def test_what_this_process_has_written_is_shown_at_once(
    guide: TestClient, museum: Database
) -> None:
    change(museum, "saz", withdrawn_at=NOW)
    assert "saz" not in guide.get("/en/exhibits/kamancha").text

    change(museum, "saz", withdrawn_at=None)
    assert guide.get("/en/exhibits/saz").status_code == 200


def test_a_text_that_is_planned_is_shown_when_it_is_due(museum: Database) -> None:
    watch = Watch(museum, next_publication)
    on_show = OnShow(museum, watch)
    due = datetime.now(UTC) + timedelta(seconds=1)
    with museum.writing() as db:
        saz = db.scalars(select(Exhibit).where(Exhibit.slug == "saz")).one()
        db.execute(
            update(ExhibitText).where(ExhibitText.exhibit_id == saz.id).values(published_at=due)
        )
    planned, before = on_show.exhibit("saz"), watch.number
    assert planned
    assert not planned.is_published
    assert not planned.texts

    while datetime.now(UTC) < due:
        watch.look()
        assert watch.number == before or datetime.now(UTC) >= due
    watch.look()
    published = on_show.exhibit("saz")
    assert published
    assert published.is_published
    assert published.texts
    assert watch.number == before + 1

    watch.look()
    assert watch.number == before + 1


def test_the_first_and_the_last_of_a_room_have_one_neighbour(museum: Database) -> None:
    room = shown(museum, "tar").room
    first, last = room.signposts[0], room.signposts[-1]
    assert room.beside(first.slug, -1) is None
    assert room.beside(first.slug, +1) == room.signposts[1]
    assert room.beside(last.slug, +1) is None


def test_one_connection_is_enough_to_read_an_exhibit(museum: Database) -> None:
    assert isinstance(museum.reader, Engine)
    reader = create_engine(museum.reader.url, pool_size=1, max_overflow=0, pool_timeout=1)
    single = Database(reader, museum.writer)
    on_show = OnShow(single, Watch(single, next_publication))
    assert on_show.exhibit("tar")
    assert on_show.exhibition("musical-instruments")
    assert on_show.exhibitions()
    reader.dispose()


def test_what_was_read_of_an_edition_never_stands_in_the_next(museum: Database) -> None:
    watch = Watch(museum, next_publication)
    watch.look()

    class MovingOn(int):
        """As if another thread saw the next edition, and read, in the midst of keeping."""

        def __le__(self, other: int) -> bool:
            watch.number += 1
            kept.most = 1_000
            assert kept.get("b") == "new"
            return super().__le__(other)

    told = {"a": "old", "b": "new"}
    kept = KeptForEdition(watch, MovingOn(1_000), lambda key: told[key])
    kept.get("b")
    kept.most = MovingOn(1_000)
    assert kept.get("a") == "old"
    assert kept.known("a") is None


def test_a_clock_that_was_ahead_loses_no_publication(
    museum: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def next_change(rows: Connection, now: datetime) -> datetime | None:
        asked.append(now)
        return next_publication(rows, now)

    watch = Watch(museum, next_change)
    watch.look()
    monkeypatch.setattr(watch, "_looked", datetime.now(UTC) + timedelta(hours=1))
    before = watch.number
    watch.look()
    assert (len(asked), watch.number) == (2, before + 1)
