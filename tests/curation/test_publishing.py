"""From a draft to what visitors read."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from guide.accounts.model import Role
from guide.curation.deeds import publish_due
from guide.db import Database
from guide.exhibits import publishing
from guide.exhibits.drafts import LockedError, PublishingRules
from guide.exhibits.manuscript import Manuscript, written_anew
from guide.exhibits.publishing import (
    NothingToPublishError,
    OwnTextError,
    StaleError,
    TextOf,
    UnfinishedError,
)
from guide.exhibits.revisions import Cause, revisions_of
from guide.exhibits.words import fingerprint
from tests import make

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
AYSEL, RAUF = 1, 2
WORDS = Manuscript(name="Tar", hook="Eleven strings.", story="A long neck.")


def text(db: Session, language: str = "en", slug: str = "tar") -> TextOf:
    owner = publishing.owner_of(db, "exhibit", slug, locked=True)
    assert owner is not None
    return publishing.text_of(db, owner, language)


def save(db: Session, words: Manuscript = WORDS, by: int = AYSEL) -> TextOf:
    now = text(db)
    return publishing.save(db, now, words, now.version, by=by, at=NOW)


def cast(db: Session) -> None:
    """Give the two numbers to accounts."""
    for number, email in ((AYSEL, "aysel@example.org"), (RAUF, "rauf@example.org")):
        account = make.account(Role.CURATOR, email=email)
        account.id = number
        db.add(account)
    db.flush()


def test_a_draft_changes_nothing_for_visitors(guide: TestClient, museum: Database) -> None:
    before = guide.get("/en/exhibits/tar").text
    with museum.writing() as db:
        save(db)

    assert guide.get("/en/exhibits/tar").text == before


def test_publishing_shows_the_draft(guide: TestClient, museum: Database) -> None:
    with museum.writing() as db:
        saved = save(db)
        publishing.publish(db, saved, saved.version, by=AYSEL, at=NOW)

    assert "Eleven strings." in guide.get("/en/exhibits/tar").text


def test_saving_what_another_has_changed_is_refused(museum: Database) -> None:
    with museum.writing() as db:
        opened = text(db)
        save(db, by=RAUF)

        with pytest.raises(StaleError):
            publishing.save(db, text(db), WORDS, opened.version, by=AYSEL, at=NOW)


def test_saving_what_another_has_published_is_refused(museum: Database) -> None:
    with museum.writing() as db:
        opened = text(db)
        saved = save(db, by=RAUF)
        publishing.publish(db, saved, saved.version, by=RAUF, at=NOW)

        with pytest.raises(StaleError):
            publishing.save(db, text(db), WORDS, opened.version, by=AYSEL, at=NOW)


def test_saving_the_same_again_makes_no_draft(museum: Database) -> None:
    with museum.writing() as db:
        opened = text(db)
        publishing.save(db, opened, opened.newest, opened.version, by=AYSEL, at=NOW)

        assert text(db).draft is None


def test_nobody_publishes_what_they_wrote_where_two_are_wanted(museum: Database) -> None:
    with museum.writing() as db:
        db.get_one(PublishingRules, 1).second_person_since = NOW
        saved = save(db)
        publishing.submit(db, saved, saved.version, AYSEL, NOW)
        submitted = text(db)

        with pytest.raises(OwnTextError):
            publishing.publish(db, submitted, submitted.version, by=AYSEL, at=NOW)
        publishing.publish(db, submitted, submitted.version, by=RAUF, at=NOW)

        newest = revisions_of(db, *text(db).key)[0]
        assert (newest.account_id, newest.approved_by) == (AYSEL, RAUF)


def test_a_writer_of_a_part_is_a_writer(museum: Database) -> None:
    with museum.writing() as db:
        db.get_one(PublishingRules, 1).second_person_since = NOW
        save(db, by=AYSEL)
        saved = save(db, Manuscript(name="Tar", hook="Eleven strings, one neck."), by=RAUF)

        with pytest.raises(OwnTextError):
            publishing.publish(db, saved, saved.version, by=AYSEL, at=NOW)


def test_what_is_in_review_is_not_edited(museum: Database) -> None:
    with museum.writing() as db:
        saved = save(db)
        publishing.submit(db, saved, saved.version, AYSEL, NOW)

        with pytest.raises(LockedError):
            save(db, Manuscript(name="Tar", hook="Another hook."))


def test_a_text_without_a_hook_is_not_published(museum: Database) -> None:
    with museum.writing() as db:
        saved = save(db, Manuscript(name="Tar"))

        with pytest.raises(UnfinishedError) as refused:
            publishing.publish(db, saved, saved.version, by=AYSEL, at=NOW)
        assert refused.value.fields == ("hook",)


def test_there_is_nothing_to_publish_twice(museum: Database) -> None:
    with museum.writing() as db:
        now = text(db)

        with pytest.raises(NothingToPublishError):
            publishing.publish(db, now, now.version, by=AYSEL, at=NOW)


def test_a_plan_is_published_when_it_is_due(guide: TestClient, museum: Database) -> None:
    due = NOW + timedelta(hours=4)
    with museum.writing() as db:
        cast(db)
        saved = save(db)
        publishing.publish(db, saved, saved.version, by=AYSEL, at=NOW, due=due)

    with museum.writing() as db:
        publish_due(db, due - timedelta(seconds=1))
    assert "Eleven strings." not in guide.get("/en/exhibits/tar").text
    with museum.writing() as db:
        publish_due(db, due)
    assert "Eleven strings." in guide.get("/en/exhibits/tar").text


def test_a_discarded_draft_can_come_back(museum: Database) -> None:
    with museum.writing() as db:
        saved = save(db)
        publishing.discard(db, saved, saved.version, AYSEL, NOW)
        [newest, *_] = revisions_of(db, *saved.key)

        assert text(db).draft is None
        assert newest.cause == Cause.DISCARDED
        publishing.restore(db, text(db), newest, AYSEL, NOW)
        assert text(db).newest == WORDS


def test_restoring_is_a_new_revision(museum: Database) -> None:
    with museum.writing() as db:
        first = revisions_of(db, *text(db).key)[-1]
        saved = save(db)
        publishing.publish(db, saved, saved.version, by=AYSEL, at=NOW)
        publishing.restore(db, text(db), first, RAUF, NOW)

        causes = [one.cause for one in revisions_of(db, *text(db).key)]
        assert causes == [Cause.RESTORED, Cause.PUBLISHED, Cause.IMPORTED]
        assert text(db).newest == first.manuscript


def test_a_withdrawn_text_falls_back_to_another_language(
    guide: TestClient, museum: Database
) -> None:
    hook = "The"
    with museum.writing() as db:
        now = text(db)
        hook = now.shown.hook
        publishing.withdraw(db, now, now.version)
        assert text(db).state == "draft"

    assert hook not in guide.get("/en/exhibits/tar").text


def test_every_translation_of_a_changed_field_is_out_of_date(museum: Database) -> None:
    with museum.writing() as db:
        owner = publishing.owner_of(db, "exhibit", "tar", locked=True)
        assert owner is not None
        az = publishing.text_of(db, owner, "az")
        anew = Manuscript(**{**az.newest.__dict__, "hook": "Başqa cümlə."})
        publishing.save(db, az, anew, az.version, by=AYSEL, at=NOW)

        source = publishing.source_of(db, owner)
        for tag in ("en", "ru", "tr", "zh-Hans", "ar", "fr"):
            text = publishing.text_of(db, owner, tag)
            assert text.newest.out_of_date(source) == ("hook",)


def test_a_translation_of_the_old_source_stays_out_of_date() -> None:
    old = {"hook": fingerprint("Köhnə cümlə.")}
    new = Manuscript(hook="Yeni cümlə.")
    typed = Manuscript(hook="A sentence.")

    written = written_anew(Manuscript(), typed, old, frozenset())

    assert written.out_of_date(new) == ("hook",)


def test_a_field_that_was_not_touched_keeps_what_it_was_made_from() -> None:
    before = Manuscript(hook="A sentence.", made_from={"hook": "0123456789abcdef"})

    written = written_anew(before, before, {"hook": "f" * 16}, frozenset())

    assert written.made_from == before.made_from


def test_somebody_can_say_that_a_field_is_still_right() -> None:
    before = Manuscript(hook="A sentence.", made_from={"hook": "0123456789abcdef"})

    written = written_anew(before, before, {"hook": "f" * 16}, frozenset({"hook"}))

    assert written.made_from == {"hook": "f" * 16}
