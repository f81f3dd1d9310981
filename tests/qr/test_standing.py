"""How labels stand: what was printed, what was found, what to print again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from guide.accounts.model import Account, Role
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.labels import (
    Reason,
    Standing,
    record_check,
    record_prints,
    standings,
    suggested_reprints,
    unverified,
)
from guide.qr.model import DESIGN, Carrier, Check, Code, Label, Print, Verdict
from guide.qr.registry import mint_for
from tests import make

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def exhibit_called(db: Session, slug: str) -> Exhibit:
    called = select(Exhibit).where(Exhibit.slug == slug)
    return db.scalars(called.options(selectinload(Exhibit.exhibition))).one()


def code_of(db: Session, slug: str) -> str:
    return db.scalars(select(Code.code).join(Code.exhibit).where(Exhibit.slug == slug)).one()


def print_all(db: Session, at: datetime = NOW) -> None:
    titles = {
        one.code.code: [one.code.name_in(("az", "en")).text, one.code.name_in(("en",)).text]
        for one in standings(db)
    }
    record_prints(db, titles, stock="L7173", languages=("az", "en"), at=at)


def somebody(db: Session) -> Account:
    account = make.account(Role.GUIDE)
    db.add(account)
    db.flush()
    return account


def reasons(db: Session) -> dict[str, tuple[Reason, ...]]:
    return {one.standing.code.thing.slug: one.reasons for one in suggested_reprints(db)}


def how(db: Session, code: str) -> Standing:
    [standing] = standings(db, code)
    return standing


def test_every_code_has_a_label_and_none_is_printed_yet(museum: Database) -> None:
    with museum.reading() as db:
        assert len(standings(db)) == 27
        assert set(reasons(db).values()) == {(Reason.NEVER_PRINTED,)}
        assert unverified(db) == []


def test_what_was_printed_waits_to_be_found_right(museum: Database) -> None:
    with museum.writing() as db:
        print_all(db)
        by, tar = somebody(db).id, code_of(db, "tar")
        assert len(unverified(db)) == 27
        record_check(db, tar, Verdict.RIGHT, at=LATER, by=by)
        assert len(unverified(db)) == 26
        assert reasons(db) == {}

        print_all(db, at=LATER + timedelta(hours=1))
        assert len(unverified(db)) == 27


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (Verdict.DAMAGED, (Reason.DAMAGED,)),
        (Verdict.MISSING, (Reason.MISSING,)),
        (Verdict.WRONG_PLACE, None),
    ],
)
def test_what_is_not_right_stays_on_the_walk(
    museum: Database, verdict: Verdict, reason: tuple[Reason, ...] | None
) -> None:
    with museum.writing() as db:
        print_all(db)
        by, tar = somebody(db).id, code_of(db, "tar")
        record_check(db, tar, verdict, at=LATER, by=by, note=" under  the lamp ")
        standing = how(db, tar)
        assert standing.is_unverified
        assert standing.last_check
        assert standing.last_check.note == "under the lamp"
        assert reasons(db).get("tar") == reason

        record_check(db, tar, Verdict.RIGHT, at=LATER, by=by)
        assert not how(db, tar).is_unverified
        assert reasons(db) == {}


def test_a_new_name_asks_for_a_reprint_where_the_label_says_it(museum: Database) -> None:
    with museum.writing() as db:
        print_all(db)
        tar = exhibit_called(db, "tar")
        tar.names = {**tar.names, "fr": "Un autre nom"}
        assert reasons(db) == {}
        tar.names = {**tar.names, "en": "Another name"}
        assert reasons(db) == {"tar": (Reason.RENAMED,)}


def test_an_older_design_asks_for_a_reprint(
    museum: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with museum.writing() as db:
        print_all(db)
        monkeypatch.setattr("guide.qr.labels.DESIGN", DESIGN + 1)
        assert set(reasons(db).values()) == {(Reason.OLD_DESIGN,)}


def test_what_is_not_in_use_is_neither_looked_for_nor_printed(museum: Database) -> None:
    with museum.writing() as db:
        print_all(db)
        exhibit_called(db, "saz").withdraw(at=NOW)
        db.get_one(Code, code_of(db, "tar")).retire(at=NOW)
        slugs = {one.code.thing.slug for one in unverified(db)}
        assert len(slugs) == 25
        assert slugs.isdisjoint({"saz", "tar"})


def test_an_exhibit_has_several_labels_and_a_room_has_a_poster(museum: Database) -> None:
    with museum.writing() as db:
        tar = exhibit_called(db, "tar")
        [tag] = mint_for(db, [tar], NOW, Carrier.NFC, "left of the case")
        [poster] = mint_for(db, [db.get_one(Exhibition, tar.exhibition_id)], NOW)
        assert how(db, tag.code).label.place == "left of the case"
        room = [one for one in standings(db) if one.code.room.id == tar.exhibition_id]
        assert room[0].label.code == poster.code
        assert [one.label.carrier for one in room].count(Carrier.NFC) == 1
        assert sorted(one.code.thing.slug for one in room).count("tar") == 2


def test_neither_a_print_nor_a_check_nor_a_place_raises_the_edition(museum: Database) -> None:
    number = text("SELECT number FROM edition")
    with museum.writing() as db:
        before = db.scalar(number)
        print_all(db)
        record_check(db, code_of(db, "tar"), Verdict.RIGHT, at=LATER, by=somebody(db).id)
        how(db, code_of(db, "tar")).label.hang("by the door")
        db.flush()
        assert db.scalar(number) == before


@pytest.mark.parametrize(
    "harm",
    [
        delete(Print),
        update(Print).values(design=1),
        delete(Check),
        update(Check).values(note="nothing"),
        delete(Label),
        update(Label).values(carrier="nfc"),
    ],
)
def test_what_was_done_is_kept(museum: Database, harm: object) -> None:
    with museum.writing() as db:
        print_all(db)
        record_check(db, code_of(db, "tar"), Verdict.RIGHT, at=LATER, by=somebody(db).id)

    with pytest.raises(IntegrityError), museum.writing() as db:
        db.execute(harm)  # type: ignore[call-overload]
