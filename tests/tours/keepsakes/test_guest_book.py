"""A page of the guest book is kept once, whole, and for whoever may read the names alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Role
from guide.db import Database
from guide.tours.keepsakes.vault import LARGEST_SIGNATURE, Vault
from guide.tours.model import State
from guide.tours.walking.events import Kind
from guide.tours.walking.queries import events_of
from tests.accounts.conftest import Desk
from tests.media import samples
from tests.tours.conftest import Booked
from tests.tours.keepsakes.conftest import (
    BOOK,
    asked,
    ink,
    keep,
    letters,
    pages,
    send,
    stored,
    whole,
)
from tests.tours.walking.conftest import Phone, Walking, entry

WRITTEN = "  感谢盖达尔·阿利耶夫中心\r\nشكرًا   Cafe\u0301 "


def test_a_page_is_kept_sign_for_sign(walked: Phone, museum: Database) -> None:
    answer = keep(
        walked,
        BOOK,
        samples.picture(),
        text=WRITTEN,
        language="zh-Hans",
        translation="Təşəkkür edirik",
        signatory="محمد بن راشد",
        publish="asked",
        signature=letters(ink()),
    )

    assert answer.status_code == HTTPStatus.SEE_OTHER
    (page,) = pages(museum)
    assert page.text == "感谢盖达尔·阿利耶夫中心\nشكرًا   Cafe\u0301"
    assert (page.language, page.translation) == ("zh-Hans", "Təşəkkür edirik")
    assert (page.signatory, page.publish) == ("محمد بن راشد", "asked")
    assert page.picture
    assert page.signature
    shown = walked.desk.phone.get(f"{walked.path}/{BOOK}").text
    assert page.text.splitlines()[0] in shown
    assert f"/keepsakes/{page.signature}/small" in shown


def test_g7_the_photograph_says_nothing_of_where_it_was_taken(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    sent = samples.noted(orientation=6)
    with Image.open(BytesIO(sent)) as before:
        assert before.getexif().get_ifd(samples.GPS)

    keep(walked, BOOK, sent)

    (page,) = pages(museum)
    body = whole(vault, page.picture)
    with Image.open(BytesIO(body)) as kept:
        assert not kept.getexif()
        assert kept.size == (800, 1200)
    assert b"Exif" not in body
    assert b"Aysel" not in body


def test_g7_the_report_is_printed_with_the_page_while_it_is_kept(
    walked: Phone, vault: Vault, museum: Database
) -> None:
    walked.send(entry("started"), entry("finished"))
    keep(walked, BOOK, samples.noted(orientation=6), signature=letters(ink()))
    (page,) = pages(museum)
    path = f"{walked.path}/report.pdf?languages=az,ar"
    shown = [vault.read(hash_ or "", "large") for hash_ in (page.picture, page.signature)]

    printed = walked.desk.phone.get(path).content

    assert all(one and one in printed for one in shown)
    assert b"Exif" not in printed
    assert printed.count(b"/Alt") == 4  # each in both languages
    page_path = f"{walked.path}/{BOOK}/{page.id}"
    form = {**walked.desk.form, **asked(walked.desk, page_path)}
    walked.desk.phone.post(f"{page_path}/removal", data=form)
    later = walked.desk.phone.get(path).content
    assert not any(one and one in later for one in shown)
    assert b"/Alt" not in later


def test_what_hides_behind_a_picture_is_not_kept(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, BOOK, samples.picture() + b"<script>alert(1)</script>PK\x03\x04")

    (page,) = pages(museum)
    assert b"script" not in whole(vault, page.picture)


REFUSED: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "76 empty": (lambda: b"", 422, "it is empty"),
    "79 svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "SVG files"),
    "79 html": (lambda: b"<!doctype html><h1>Tar</h1>", 422, "This kind of file"),
    "81 cut": (lambda: samples.picture()[:400], 422, "damaged"),
    "82 pixels": (lambda: samples.png_of(9000, 9000), 422, "too many pixels"),
    "88 large": (lambda: samples.picture() + bytes(30_000_000), 413, "larger than 30 MB"),
    "a recording": (samples.mp3, 422, "This kind of file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_and_what_was_typed_comes_back(
    walked: Phone, museum: Database, vault: Vault, case: str
) -> None:
    body, status, said = REFUSED[case]
    signed = letters(ink())

    answer = keep(walked, BOOK, body(), signatory="Ségolène", signature=signed)

    assert answer.status_code == status
    assert said in answer.text
    assert 'value="Ségolène"' in answer.text
    assert signed.replace("+", "&#43;") in answer.text or signed in answer.text
    assert pages(museum) == []
    assert stored(vault) == set()


@pytest.mark.parametrize(
    ("signature", "status"),
    [
        pytest.param("scribble", 422, id="no picture"),
        pytest.param("data:image/png;base64,????", 422, id="no letters"),
        pytest.param("data:image/svg+xml;base64,PHN2Zy8+", 422, id="svg"),
        pytest.param(letters(samples.picture()), 422, id="another format"),
        pytest.param(letters(ink()[:200]), 422, id="cut"),
        pytest.param(letters(samples.png_of(9000, 9000)), 422, id="pixels"),
        pytest.param(letters(ink() + bytes(LARGEST_SIGNATURE)), 413, id="200 kB"),
        pytest.param('[{"points":[{"x":null}]}]' * 20_000, 413, id="74 a million points"),
    ],
)
def test_74_a_signature_that_is_none_is_refused(
    walked: Phone, museum: Database, vault: Vault, signature: str, status: int
) -> None:
    answer = keep(walked, BOOK, signature=signature, text="Thank you")

    assert answer.status_code == status
    assert "Thank you" in answer.text
    assert "signature" in answer.text
    assert pages(museum) == []
    assert stored(vault) == set()


def test_74_ten_megabytes_are_not_even_read(walked: Phone, museum: Database) -> None:
    answer = keep(walked, BOOK, samples.picture(), signature="1" * 10_000_000)

    assert answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
    assert pages(museum) == []


@pytest.mark.parametrize("typed", ["a\x00b", "e" + "\u0301" * 9, "x" * 8_001, "\u202eabc"])
def test_words_that_cannot_be_kept_are_marked(
    walked: Phone, museum: Database, vault: Vault, typed: str
) -> None:
    answer = keep(walked, BOOK, samples.picture(), text=typed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="text-error"' in answer.text
    assert (pages(museum), stored(vault)) == ([], set())


def test_a_page_without_anything_is_none(walked: Phone, museum: Database) -> None:
    answer = keep(walked, BOOK, signatory="Yang Wanming")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "needs a photograph" in answer.text
    assert pages(museum) == []


def test_70_sent_twice_it_is_kept_once(walked: Phone, museum: Database, vault: Vault) -> None:
    path = f"{walked.path}/{BOOK}"
    form = {**asked(walked.desk, path), "text": "Thank you", "signature": letters(ink())}

    first = send(walked.desk, path, samples.picture(), **form)
    again = send(walked.desk, path, samples.picture(), **form)

    assert first.status_code == again.status_code == HTTPStatus.SEE_OTHER
    (page,) = pages(museum)
    assert stored(vault) == {page.picture, page.signature}
    with museum.reading() as db:
        assert [one.kind for one in events_of(db, walked.tour)] == [Kind.GUEST_BOOK]


def test_70_sent_twice_at_once_it_is_kept_once(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    path = f"{walked.path}/{BOOK}"
    form = asked(walked.desk, path)

    def sent(_: int) -> int:
        return send(walked.desk, path, samples.picture(), **form).status_code

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(sent, range(2)))

    assert answers == [HTTPStatus.SEE_OTHER] * 2
    (page,) = pages(museum)
    assert stored(vault) == {page.picture}


def test_70_the_same_key_with_other_words_is_refused_with_what_is_kept(
    walked: Phone, museum: Database
) -> None:
    path = f"{walked.path}/{BOOK}"
    form = asked(walked.desk, path)
    send(walked.desk, path, **form, text="Thank you")

    answer = send(walked.desk, path, **form, text="Many thanks")

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "<bdi>Thank you</bdi>" in answer.text
    assert "Many thanks</textarea>" in answer.text
    assert [one.text for one in pages(museum)] == ["Thank you"]
    assert form["key"] not in answer.text


def test_a_page_is_changed_and_its_old_photograph_goes(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, BOOK, samples.picture(), text="Thank you")
    (before,) = pages(museum)
    path = f"{walked.path}/{BOOK}/{before.id}"

    answer = send(
        walked.desk,
        path,
        samples.picture(size=(900, 900)),
        **asked(walked.desk, path),
        text="Thank you all",
    )

    assert answer.status_code == HTTPStatus.SEE_OTHER
    (after,) = pages(museum)
    assert after.text == "Thank you all"
    assert after.picture != before.picture
    assert stored(vault) == {after.picture}


def test_a_photograph_is_taken_away_and_the_words_stay(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, BOOK, samples.picture(), text="Thank you")
    path = f"{walked.path}/{BOOK}/{pages(museum)[0].id}"

    form = asked(walked.desk, path)
    send(walked.desk, path, **form, text="Thank you", without_picture="1")

    (page,) = pages(museum)
    assert (page.picture, page.text) == (None, "Thank you")
    assert stored(vault) == set()


def test_what_somebody_else_wrote_meanwhile_is_never_lost(
    walked: Phone, museum: Database
) -> None:
    keep(walked, BOOK, text="Thank you")
    path = f"{walked.path}/{BOOK}/{pages(museum)[0].id}"
    mine, theirs = asked(walked.desk, path), asked(walked.desk, path)
    send(walked.desk, path, **theirs, text="Theirs")

    refused = send(walked.desk, path, **mine, text="Mine")

    assert refused.status_code == HTTPStatus.CONFLICT
    assert "<bdi>Theirs</bdi>" in refused.text
    assert "Mine</textarea>" in refused.text
    assert [one.text for one in pages(museum)] == ["Theirs"]
    deleted = walked.desk.phone.post(f"{path}/removal", data={**walked.desk.form, **mine})
    assert deleted.status_code == HTTPStatus.CONFLICT
    assert len(pages(museum)) == 1


def test_deleting_a_page_removes_its_files(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, BOOK, samples.picture(), signature=letters(ink()))
    (page,) = pages(museum)
    path = f"{walked.path}/{BOOK}/{page.id}"
    assert len(stored(vault)) == 2

    form = {**walked.desk.form, **asked(walked.desk, path)}
    answer = walked.desk.phone.post(f"{path}/removal", data=form)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert (pages(museum), stored(vault)) == ([], set())
    with museum.reading() as db:  # that there was one stays
        assert [one.kind for one in events_of(db, walked.tour)] == [Kind.GUEST_BOOK]


def test_the_same_photograph_on_two_pages_is_two_files(
    walked: Phone, museum: Database, vault: Vault
) -> None:
    keep(walked, BOOK, samples.picture())
    keep(walked, BOOK, samples.picture())
    first, second = pages(museum)
    path = f"{walked.path}/{BOOK}/{first.id}"

    form = {**walked.desk.form, **asked(walked.desk, path)}
    walked.desk.phone.post(f"{path}/removal", data=form)

    assert stored(vault) == {second.picture}
    assert first.picture != second.picture


def test_a_page_is_an_event_of_the_walk_without_a_word(walked: Phone, museum: Database) -> None:
    walked.send(entry("started"))
    keep(walked, BOOK, text="Thank you, Nigar")

    with museum.reading() as db:
        event = events_of(db, walked.tour)[-1]
        assert (event.kind, event.seq, event.note) == (Kind.GUEST_BOOK, 2, None)
        assert event.key == pages(museum)[0].key
        assert event.account_id == walked.desk.number


@pytest.mark.parametrize("state", [State.UNDER_WAY, State.COMPLETED])
def test_pages_are_kept_on_the_way_and_after_it(
    walking: Walking, nigar: Desk, museum: Database, state: State
) -> None:
    answer = keep(walking(nigar, state=state), BOOK, text="Thank you")

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert len(pages(museum)) == 1


def test_before_it_is_confirmed_nothing_is_kept(
    walking: Walking, nigar: Desk, museum: Database, vault: Vault
) -> None:
    phone = walking(nigar, state=State.PLANNED)
    form = {"key": "7f9c24e8-3b12-4c31-9b52-0f2d1e6f0a11"}

    answer = send(nigar, f"{phone.path}/{BOOK}", samples.picture(), **form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert (pages(museum), stored(vault)) == ([], set())


def test_a_picture_goes_to_whoever_may_read_the_names_and_to_no_cache(
    walked: Phone, museum: Database, guide: TestClient, elvin: Desk, booked: Booked
) -> None:
    keep(walked, BOOK, samples.picture())
    hash_ = pages(museum)[0].picture
    path = f"{walked.path}/keepsakes/{hash_}"

    for size, width in (("small", 480), ("large", 960), ("whole", 1200)):
        answer = walked.desk.phone.get(f"{path}/{size}")
        assert answer.status_code == HTTPStatus.OK
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"] == f'inline; filename="{size}.jpg"'
        assert answer.headers["content-security-policy"].startswith("sandbox")
        with Image.open(BytesIO(answer.content)) as picture:
            assert picture.width == width
    another = booked(guide=walked.desk)
    gone = [
        walked.desk.phone.get(f"{path}/../master.jpg"),
        walked.desk.phone.get(f"{path}/master.jpg"),
        walked.desk.phone.get(f"/staff/tours/{another}/keepsakes/{hash_}/small"),
        elvin.phone.get(f"{path}/small"),
        guide.get(f"/media/{hash_}/480.jpg"),
        guide.get(f"/media/private/{hash_}/480.jpg"),
        guide.get(f"/media/{hash_}/master.jpg"),
        walked.desk.phone.get(f"/media/{hash_}/480.jpg"),
    ]
    assert [one.status_code for one in gone] == [HTTPStatus.NOT_FOUND] * len(gone)
    assert guide.get(f"{path}/small").status_code == HTTPStatus.SEE_OTHER


def test_curators_do_not_find_it_among_their_media(
    walked: Phone, museum: Database, signed_in: Callable[..., Desk]
) -> None:
    keep(walked, BOOK, samples.picture())
    hash_ = pages(museum)[0].picture
    curator = signed_in(Role.CURATOR)

    assert curator.phone.get(f"/staff/media/{hash_}/480.jpg").status_code == 404


@pytest.mark.parametrize("level", [2, 3])
def test_whoever_may_not_read_the_names_finds_nothing(  # noqa: PLR0913, PLR0917 (a cast)
    walking: Walking, nigar: Desk, orkhan: Desk, museum: Database, vault: Vault, level: int
) -> None:
    phone = walking(nigar, level=level)
    keep(phone, BOOK, samples.picture(), text="Thank you")
    (page,) = pages(museum)
    files = stored(vault)

    for path in (
        BOOK,
        f"{BOOK}/{page.id}",
        "gifts",
        "happened",
        f"keepsakes/{page.picture}/small",
    ):
        assert orkhan.phone.get(f"{phone.path}/{path}").status_code == HTTPStatus.NOT_FOUND
    for path in (BOOK, f"{BOOK}/{page.id}", "gifts"):
        answer = send(orkhan, f"{phone.path}/{path}", samples.picture(), text="Mine")
        assert answer.status_code == HTTPStatus.NOT_FOUND
    answer = send(orkhan, f"{phone.path}/{BOOK}/{page.id}/removal")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert [one.text for one in pages(museum)] == ["Thank you"]
    assert stored(vault) == files


def test_the_trail_says_what_was_done_and_no_word_of_it(
    walked: Phone, museum: Database
) -> None:
    keep(walked, BOOK, text="Thank you", signatory="Yang Wanming")
    (page,) = pages(museum)
    path = f"{walked.path}/{BOOK}/{page.id}"
    send(walked.desk, path, **asked(walked.desk, path), text="Thanks", signatory="Yang")
    form = {**walked.desk.form, **asked(walked.desk, path)}
    walked.desk.phone.post(f"{path}/removal", data=form)

    with museum.reading() as db:
        ours = select(AuditEntry).where(AuditEntry.deed.startswith("tour.guest-book"))
        told = [(one.deed, one.fields) for one in db.scalars(ours.order_by(AuditEntry.id))]
    name = f"guest-book:{page.id}"
    assert told == [
        ("tour.guest-book.added", [name]),
        ("tour.guest-book.changed", [name, "signatory", "text"]),
        ("tour.guest-book.removed", [name]),
    ]


@pytest.mark.parametrize("tag", ["tlh", "qq-99"])
def test_words_in_a_language_without_rules_are_printed(walked: Phone, tag: str) -> None:
    walked.send(entry("started"), entry("finished"))
    keep(walked, BOOK, None, text="nuqneH", language=tag)

    answer = walked.desk.phone.get(f"{walked.path}/report.pdf?languages=en")

    assert answer.status_code == HTTPStatus.OK
