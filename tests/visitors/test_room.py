"""A room is read once for each edition, and never hides an exhibit that has come to it."""

from datetime import UTC, datetime

from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.model import Exhibit
from guide.exhibits.showing import Rooms
from guide.web.edition import Watch

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def change(museum: Database, slug: str, **columns: object) -> None:
    with museum.writing() as db:
        exhibit = db.scalars(select(Exhibit).where(Exhibit.slug == slug)).one()
        for name, value in columns.items():
            setattr(exhibit, name, value)


def room_of(museum: Database, slug: str) -> int:
    with museum.reading() as db:
        return db.scalars(select(Exhibit.exhibition_id).where(Exhibit.slug == slug)).one()


def test_a_room_is_kept_until_the_edition_moves_on(museum: Database) -> None:
    watch = Watch(museum)
    watch.look()
    rooms, music = Rooms(watch), room_of(museum, "tar")
    with museum.reading() as db:
        kept = rooms.holding(db, music, "tar")
        assert rooms.holding(db, music, "saz") is kept

    change(museum, "saz", names={"en": "A saz of another name"})
    watch.look()
    with museum.reading() as db:
        afresh = rooms.holding(db, music, "tar")
    assert afresh.signposts[afresh.places["saz"]].names == {"en": "A saz of another name"}


def test_an_exhibit_that_has_come_to_a_kept_room_is_shown_at_once(
    guide: TestClient, museum: Database
) -> None:
    change(museum, "saz", withdrawn_at=NOW)
    assert "saz" not in guide.get("/en/exhibits/kamancha").text

    change(museum, "saz", withdrawn_at=None)
    assert guide.get("/en/exhibits/saz").status_code == 200


def test_the_first_and_the_last_of_a_room_have_one_neighbour(museum: Database) -> None:
    with museum.reading() as db:
        room = Rooms(Watch(museum)).read(db, room_of(museum, "tar"))
    first, last = room.signposts[0], room.signposts[-1]
    assert room.beside(first.slug, -1) is None
    assert room.beside(first.slug, +1) == room.signposts[1]
    assert room.beside(last.slug, +1) is None
