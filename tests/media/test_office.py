"""What a curator does with pictures and recordings, and what visitors get of it."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from guide.accounts.audit import AuditEntry
from guide.db import Database
from guide.exhibits.media_checks import MediaStanding, lacks_of, standings
from guide.exhibits.model import Exhibit
from tests.accounts.conftest import Desk
from tests.curation.conftest import address, typed
from tests.media import samples
from tests.media.conftest import (
    PICTURES,
    RECORDINGS,
    described,
    heard,
    pictures,
    recordings,
    send,
    send_recording,
    shown,
)

TAR = "/en/exhibits/tar"


def deeds(museum: Database) -> list[str]:
    with museum.reading() as db:
        return list(db.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)))


def exhibit_id(museum: Database) -> int:
    with museum.reading() as db:
        return db.scalars(select(Exhibit.id).where(Exhibit.slug == "tar")).one()


def test_a_picture_is_seen_when_it_is_shown_and_no_more_when_it_is_taken_off(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    before = guide.get(TAR).text
    send(aysel, samples.picture())
    (picture,) = pictures(museum)
    address = f"/media/{picture.media_hash}/480.avif"
    assert guide.get(TAR).text == before
    assert guide.get(address).status_code == 404

    aysel.phone.post(f"{PICTURES}/{picture.id}/publication", data=described(aysel, picture))

    page = guide.get(TAR).text
    assert 'alt="A tar from the front"' in page
    assert "A. Example · CC BY 4.0" in page
    assert 'type="image/avif"' in page
    assert "Illustration, not a photograph" not in page, "the drawing steps back"
    assert guide.get(address).headers["content-type"] == "image/avif"
    assert 'alt="Tar, qarşıdan"' in guide.get("/az/exhibits/tar").text
    assert (
        'alt="A tar from the front" lang="en" dir="ltr"' in guide.get("/ar/exhibits/tar").text
    )
    assert f"{picture.media_hash}/1200.jpg" in guide.get(f"{TAR}/picture").text

    aysel.phone.post(f"{PICTURES}/{picture.id}/publication/end", data=aysel.form)

    assert guide.get(TAR).text == before
    assert guide.get(address).status_code == 404
    assert deeds(museum)[-4:] == [
        "picture.added", "picture.saved", "picture.shown", "picture.taken-off",
    ]  # fmt: skip


def test_an_illustration_is_called_one_and_the_drawing_stays(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    said = {"kind": "illustration", "caption-az": "Tarın hissələri", "caption-en": "Parts"}
    shown(aysel, museum, samples.picture(), **said)

    page = guide.get(TAR).text
    assert page.count("Illustration, not a photograph.") == 2
    assert page.count('data-image-kind="illustration"') == 2
    assert "Parts" in page


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        ({"alt-az": ""}, "alt-az"),
        ({"credit": ""}, "credit"),
        ({"licence": " "}, "licence"),
        ({"kind": "illustration"}, "caption-az"),
        ({"kind": "diagram"}, "caption-az"),
    ],
)
def test_c4_a_picture_is_not_shown_without_what_it_needs_and_the_way_there_is_told(
    museum: Database, aysel: Desk, left_out: dict[str, str], field: str
) -> None:
    send(aysel, samples.picture())
    (picture,) = pictures(museum)
    said = described(aysel, picture, **left_out)

    answer = aysel.phone.post(f"{PICTURES}/{picture.id}/publication", data=said)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert pictures(museum)[0].shown_at is None
    assert pictures(museum)[0].alt.get("en") == "A tar from the front", "what was typed is kept"


def test_a_decorative_picture_needs_a_reason_and_no_words(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    said = {"alt-az": "", "alt-en": "", "decorative": "A pattern of the wall"}
    shown(aysel, museum, samples.picture(), **said)

    assert 'loading="eager" alt=""' in guide.get(TAR).text


@pytest.mark.parametrize(
    ("transcript", "status"), [("", 422), ("One two", 422), ("One two three four", 303)]
)
def test_c4_a_recording_is_not_heard_without_three_fifths_of_its_words(
    museum: Database, aysel: Desk, transcript: str, status: int
) -> None:
    send_recording(aysel, samples.mp3(3), "en")
    (recording,) = recordings(museum)
    said = {
        **aysel.form,
        "version": "1",
        "transcript": transcript,
        "credit": "A",
        "licence": "CC0",
    }

    answer = aysel.phone.post(f"{RECORDINGS}/{recording.id}/publication", data=said)

    assert answer.status_code == status
    assert ('href="#transcript"' in answer.text) == (status == 422)


def test_a_recording_is_heard_in_its_language_and_said_to_be_of_another_in_others(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    recording = heard(aysel, museum, samples.mp3(65), "en")

    page = guide.get(TAR).text
    assert '<audio controls preload="none"' in page
    assert "autoplay" not in page
    assert f"/media/{recording.media_hash}/recording.mp3" in page
    assert "1 min 5 sec" in page
    assert "0.3 MB" in page
    order = [
        "<h1",
        'class="hook',
        'data-image-kind="',
        "<audio",
        "<details",
        "Look for",
        "Facts",
    ]
    start = page.index("<h1")
    places = [page.index(words, start) for words in order]
    assert places == sorted(places)
    french = guide.get("/fr/exhibits/tar").text
    assert french.index('class="fallback"', french.index('class="sound"')) < french.index(
        "<audio"
    )
    assert '<div lang="en" dir="ltr">' in french


def test_one_recording_is_heard_in_a_language(museum: Database, aysel: Desk) -> None:
    first = heard(aysel, museum, samples.mp3(3), "az")
    other = heard(aysel, museum, samples.mp3(4), "en")
    second = heard(aysel, museum, samples.ogg(3), "az")

    heard_now = {one.id for one in recordings(museum) if one.shown_at}
    assert heard_now == {other.id, second.id}
    assert first.id not in heard_now


def test_the_bin_gives_back_what_was_put_into_it(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    picture = shown(aysel, museum, samples.picture())

    answer = aysel.phone.post(f"{PICTURES}/{picture.id}/removal", data=aysel.form)
    listed = aysel.phone.get(answer.headers["location"]).text

    assert "Undo" in listed
    assert "In the bin: 1" in listed
    assert picture.media_hash not in guide.get(TAR).text
    aysel.phone.post(f"{PICTURES}/{picture.id}/removal/end", data=aysel.form)
    (found,) = pictures(museum)
    assert found.removed_at is None
    assert found.shown_at is None
    assert found.alt == {"az": "Tar, qarşıdan", "en": "A tar from the front"}


def test_the_order_is_what_a_page_shows(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    first = shown(aysel, museum, samples.picture(size=(1200, 800)))
    second = shown(aysel, museum, samples.picture(size=(900, 600)))
    page = guide.get(TAR).text
    assert page.index(first.media_hash) < page.index(second.media_hash)
    assert page.count('loading="eager" alt="A tar') == 1
    assert page.count('loading="lazy" alt="A tar') == 1

    aysel.phone.post(f"{PICTURES}/{second.id}/place", data={**aysel.form, "to": "up"})

    page = guide.get(TAR).text
    assert page.index(second.media_hash) < page.index(first.media_hash)


def test_an_older_form_does_not_replace_what_another_has_saved(
    museum: Database, aysel: Desk
) -> None:
    send(aysel, samples.picture())
    (picture,) = pictures(museum)
    path = f"{PICTURES}/{picture.id}"
    assert aysel.phone.post(path, data=described(aysel, picture)).status_code == 303

    answer = aysel.phone.post(path, data=described(aysel, picture, credit="Somebody else"))

    assert answer.status_code == 409
    assert "Somebody else" in answer.text
    assert pictures(museum)[0].credit == "A. Example"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"focus_x": "101"}, "focus_x"),
        ({"focus_y": "left"}, "focus_y"),
        ({"focus_x": "nan"}, "focus_x"),
        ({"alt-en": "x" * 301}, "alt-en"),
        ({"credit": "a\x00b"}, "credit"),
        ({"source": "javascript:alert(1)"}, "source"),
        ({"kind": "film"}, "kind"),
    ],
)
def test_a_form_that_cannot_be_read_comes_back_as_it_was_typed(
    museum: Database, aysel: Desk, said: dict[str, str], field: str
) -> None:
    send(aysel, samples.picture())
    (picture,) = pictures(museum)

    answer = aysel.phone.post(
        f"{PICTURES}/{picture.id}", data=described(aysel, picture, **said)
    )

    assert answer.status_code == 422
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', answer.text)
    assert pictures(museum)[0].credit == ""


def test_the_same_file_twice_is_one_picture_and_one_file(museum: Database, aysel: Desk) -> None:
    first = send(aysel, samples.picture())
    second = send(aysel, samples.picture(), "another name.jpg")

    assert (
        second.headers["location"].partition("?")[0]
        == first.headers["location"].partition("?")[0]
    )
    assert len(pictures(museum)) == 1


def test_media_cost_one_statement_and_nothing_where_there_are_none(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    engine = museum.reader
    assert isinstance(engine, Engine)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    def counted(path: str) -> int:
        statements.clear()
        assert guide.get(path).status_code == 200
        return len([told for told in statements if "media_files" in told])

    assert counted(TAR) == 0
    shown(aysel, museum, samples.picture())
    heard(aysel, museum, samples.mp3())
    assert counted(TAR) == 1
    assert counted("/en/exhibits/saz") == 0


Standing = Callable[[str], MediaStanding]


def test_the_checks_name_what_lacks_in_each_language(museum: Database, aysel: Desk) -> None:
    owner = exhibit_id(museum)
    shown(aysel, museum, samples.picture())
    heard(aysel, museum, samples.mp3(), "en")

    with museum.reading() as db:
        assert lacks_of(db, owner, "az") == ()
        assert lacks_of(db, owner, "en") == ()
        (lack,) = lacks_of(db, owner, "fr")
        assert (lack.what, lack.word, lack.anchor) == ("picture", "alt", "alt-fr")
        table = standings(db, [owner, owner + 1], ["az", "en", "fr"])
    assert table[owner, "en"] == MediaStanding(
        audio=True, transcript=True, alt=True, photo=True
    )
    assert table[owner, "fr"] == MediaStanding(alt=False, photo=True)
    assert table[owner + 1, "fr"] == MediaStanding()


def test_a_curator_hears_and_sees_what_visitors_do_not_yet(
    museum: Database, aysel: Desk
) -> None:
    send(aysel, samples.picture())
    (picture,) = pictures(museum)

    answer = aysel.phone.get(f"/staff/media/{picture.media_hash}/480.jpg")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        ({"alt-az": ""}, "alt-az"),
        ({"credit": ""}, "credit"),
        ({"licence": ""}, "licence"),
        ({"kind": "diagram"}, "caption-az"),
    ],
)
def test_c4_what_visitors_see_keeps_what_it_needs(
    museum: Database, aysel: Desk, left_out: dict[str, str], field: str
) -> None:
    shown(aysel, museum, samples.picture())
    (picture,) = pictures(museum)
    said = described(aysel, picture, **left_out, source="https://example.org/typed")

    answer = aysel.phone.post(f"{PICTURES}/{picture.id}", data=said)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "https://example.org/typed" in answer.text, "what was typed comes back"
    (kept,) = pictures(museum)
    assert (kept.alt, kept.credit, kept.licence, kept.kind, kept.source) == (
        picture.alt,
        picture.credit,
        picture.licence,
        picture.kind,
        "",
    )
    assert deeds(museum).count("picture.saved") == 1


def test_c4_what_visitors_hear_keeps_its_words(museum: Database, aysel: Desk) -> None:
    recording = heard(aysel, museum, samples.mp3())
    version = str(recordings(museum)[0].version)
    said = {**aysel.form, "version": version, "credit": "A", "licence": "CC0"}

    answer = aysel.phone.post(f"{RECORDINGS}/{recording.id}", data=said)

    assert answer.status_code == 422
    assert 'href="#transcript"' in answer.text
    assert recordings(museum)[0].transcript


def test_what_lies_in_the_bin_is_not_shown(museum: Database, aysel: Desk) -> None:
    send(aysel, samples.picture())
    (picture,) = pictures(museum)
    aysel.phone.post(f"{PICTURES}/{picture.id}/removal", data=aysel.form)

    for version in (picture.version, pictures(museum)[0].version):
        said = {**described(aysel, picture), "version": str(version)}
        answer = aysel.phone.post(f"{PICTURES}/{picture.id}/publication", data=said)
        assert answer.status_code == 409

    assert pictures(museum)[0].shown_at is None


def test_the_pictures_of_a_withdrawn_exhibit_are_withdrawn_with_it(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    picture = shown(aysel, museum, samples.picture())
    path = f"/media/{picture.media_hash}/480.jpg"
    assert guide.get(path).status_code == 200

    with museum.writing() as db:
        db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one().withdraw(
            datetime.now(UTC)
        )

    assert guide.get(path).status_code == 404


def test_c4_a_text_is_not_published_beside_a_picture_without_words_in_its_language(
    museum: Database, aysel: Desk
) -> None:
    picture = shown(aysel, museum, samples.picture())
    form = typed(museum, aysel, "fr", hook="Une phrase nouvelle.")

    answer = aysel.phone.post(f"{address('fr')}/publication", data=form)

    assert answer.status_code == 422
    assert f'href="{PICTURES}/{picture.id}#alt-fr"' in answer.text
    form = typed(museum, aysel, "en", hook="A new sentence.")
    assert aysel.phone.post(f"{address('en')}/publication", data=form).status_code == 303


def test_the_table_says_what_pictures_and_recordings_there_are(
    museum: Database, aysel: Desk
) -> None:
    shown(aysel, museum, samples.picture())
    heard(aysel, museum, samples.mp3(), "en")
    sheet = aysel.phone.get("/staff/exhibits.csv").content.decode("utf-8-sig")

    told = {
        one["language"]: (one["state"], one["beside"])
        for one in csv.DictReader(StringIO(sheet))
        if one["exhibit"] == "tar"
    }

    assert told["en"] == ("machine", "audio transcript alt photo")
    assert told["fr"] == ("blocked", "photo")
    without = aysel.phone.get("/staff/exhibits?show=no-photo").text
    assert "/staff/exhibits/saz/pictures" in without
    assert "/staff/exhibits/tar/pictures" not in without
