"""What is sent to be kept: part D of the catalogue of bad input (`docs/promises.md`)."""

import os
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import func, select

from guide.db import Database
from guide.durable import WORKING
from guide.media.cabinet import Cabinet
from guide.media.model import MediaFile
from guide.media.refusals import NoRoomError
from guide.media.signatures import Kind
from guide.media.store import DiskStore
from tests.accounts.conftest import Desk
from tests.media import samples
from tests.media.conftest import PICTURES, pictures, recordings, send, send_recording

Body = Callable[[], bytes]


def noise(form: str = "JPEG", size: tuple[int, int] = (1600, 1600)) -> bytes:
    """Make what packs worst: no two pixels alike."""
    made = BytesIO()
    grain = Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1]))
    grain.save(made, form, quality=95)
    return made.getvalue()


def plain(form: str, size: tuple[int, int]) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, form)
    return made.getvalue()


def animated() -> bytes:
    made = BytesIO()
    frames = [Image.new("RGB", (240, 240), (step, 0, 0)) for step in range(60)]
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:])
    return made.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED: dict[str, tuple[Body, str]] = {
    "76 empty": (lambda: b"", "it is empty"),
    "77 text that is called a picture": (lambda: b"Dear Sir", "This kind of file is not"),
    "79 svg": (lambda: SVG, "SVG files are not taken"),
    "79 svg behind a comment": (lambda: b"<!-- -->" + SVG, "SVG files are not taken"),
    "79 html": (lambda: b"<!doctype html><h1>Tar</h1>", "This kind of file is not"),
    "79 exe": (lambda: b"MZ" + bytes(200), "This kind of file is not"),
    "79 php": (lambda: b"<?php echo 1;", "This kind of file is not"),
    "81 cut JPEG": (lambda: samples.picture()[:400], "damaged"),
    "81 cut PNG": (lambda: samples.picture("PNG")[:400], "damaged"),
    "81 first bytes alone": (lambda: b"\xff\xd8\xff\xe0", "damaged"),
    "82 9000 x 9000 in one bit": (lambda: samples.png_of(9000, 9000), "too many pixels"),
    "82 13000 x 13000": (lambda: samples.png_of(13000, 13000), "too many pixels"),
    "82 1 x 65535": (lambda: samples.png_of(1, 65535), "too small, or far too long"),
    "82 300 x 65535": (lambda: samples.png_of(300, 65535), "too small, or far too long"),
    "82 a small one": (lambda: samples.png_of(199, 400), "too small"),
    "82 WebP of 36 million": (lambda: plain("WEBP", (6000, 6000)), "twenty-four million"),
    "a recording where a picture goes": (samples.mp3, "This kind of file is not"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_is_refused_with_its_reason(
    museum: Database, aysel: Desk, cabinet: Cabinet, case: str
) -> None:
    body, reason = REFUSED[case]

    answer = send(aysel, body())

    assert answer.status_code == 422
    assert reason in answer.text
    assert pictures(museum) == []
    assert list(cabinet.store.kept()) == []
    assert left_behind(cabinet) == []


def left_behind(cabinet: Cabinet) -> list[Path]:
    return list(cabinet.folder.glob(f"{WORKING}*"))


TAKEN: dict[str, Body] = {
    "77 a PNG that is called .jpg": lambda: samples.picture("PNG"),
    "78 a page behind the picture": lambda: samples.picture() + b"<script>alert(1)</script>",
    "82 a WebP that moves": animated,
    "83 a long text in it": lambda: samples.png_of(
        300, 300, (b"tEXt", b"Comment\x00" + b"A" * 5_000_000)
    ),
    "83 colours that cannot be read": lambda: samples.png_of(
        300, 300, (b"iCCP", b"x\x00\x00" + b"no profile")
    ),
    "84 CMYK": lambda: samples.picture(mode="CMYK"),
    "84 sixteen bits": lambda: samples.png_of(300, 300, bits=16),
    "84 on its side": lambda: samples.noted(orientation=6),
    "84 held in a way that there is not": lambda: samples.noted(orientation=99),
    "85 where it was taken": samples.noted,
    "noise as JPEG": noise,
    "noise as AVIF": lambda: noise("AVIF", (1000, 1000)),
    "forty million pixels": lambda: plain("JPEG", (8000, 5000)),
    "WebP of 24 million": lambda: plain("WEBP", (6000, 4000)),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_a_picture_is_drawn_anew(
    museum: Database, aysel: Desk, cabinet: Cabinet, case: str
) -> None:
    answer = send(aysel, TAKEN[case](), "photo.jpg")

    assert answer.status_code == 303, answer.text
    (picture,) = pictures(museum)
    with museum.reading() as db:
        file = db.get_one(MediaFile, picture.media_hash)
        widths = list(file.widths)
        master = b"".join(cabinet.master(file))
    for width, most in ((480, 45_000), (960, 110_000)):
        for ending in ("avif", "webp", "jpg"):
            if width in widths:
                size = cabinet.store.size(picture.media_hash, f"{width}.{ending}")
                assert 0 < (size or 0) <= most, (width, ending, size)
    with Image.open(BytesIO(master)) as clean:
        assert clean.format == "JPEG"
        assert not clean.getexif()
        assert clean.size == (file.width, file.height)
    for word in (b"Aysel", b"script", b"Comment"):
        assert word not in master


NAMES = (
    "../../etc/passwd",
    "C:\\x.jpg",
    "CON",
    "a%00.png",
    "x" * 255,
    "\u202egpj.exe",
    "s\u0327a\u0306kil.jpg",
    "photo.php.jpg",
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_80_what_it_is_called_has_no_part_in_it(
    museum: Database, aysel: Desk, cabinet: Cabinet, name: str
) -> None:
    assert send(aysel, samples.picture(), name).status_code == 303

    (picture,) = pictures(museum)
    assert [hash_ for hash_, _ in cabinet.store.kept()] == [picture.media_hash]
    assert picture.name == picture.media_hash[:12]


SOUNDS: dict[str, tuple[Body, int, str]] = {
    "86 what is known stands at the end": (lambda: samples.m4a(last=True), 303, ""),
    "86 no length": (lambda: samples.m4a(said_seconds=0), 422, "damaged"),
    "86 a length that is a lie": (lambda: samples.m4a(said_seconds=80_000), 422, "damaged"),
    "86 cut": (lambda: samples.m4a()[:200], 422, "damaged"),
    "longer than a quarter of an hour": (lambda: samples.mp3(901), 422, "quarter of an hour"),
    "an ogg": (samples.ogg, 303, ""),
    "a picture where a recording goes": (samples.picture, 422, "This kind of file is not"),
}


@pytest.mark.parametrize("case", SOUNDS)
def test_recordings_are_taken_or_refused_with_a_reason(
    museum: Database, aysel: Desk, case: str
) -> None:
    body, status, reason = SOUNDS[case]

    answer = send_recording(aysel, body())

    assert answer.status_code == status
    assert reason in answer.text
    assert len(recordings(museum)) == (status == 303)


def test_the_person_that_a_recording_names_is_left_out(
    museum: Database, aysel: Desk, cabinet: Cabinet
) -> None:
    send_recording(aysel, samples.tagged_mp3("Aysel"))
    send_recording(aysel, samples.m4a())

    with museum.reading() as db:
        kept = [b"".join(cabinet.master(one)) for one in db.scalars(select(MediaFile))]
    assert len(kept) == 2
    assert not any(b"Aysel" in body for body in kept)


BOUNDARY = "multipart/form-data; boundary=x"
PARTS: dict[str, tuple[str, bytes]] = {
    "87 no boundary": ("multipart/form-data", b"--x--"),
    "87 a thousand and one parts": (
        BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1_001 + b"--x--",
    ),
    "87 a head of a megabyte": (
        BOUNDARY,
        b"--x\r\nContent-Disposition: form-data; name="
        + b"a" * 1_000_000
        + b"\r\n\r\n1\r\n--x--",
    ),
    "80 a name of five thousand signs": (
        BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
        + b"a" * 5_000
        + b'"\r\n\r\n1\r\n--x--',
    ),
    "87 never ended": (BOUNDARY, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
}


@pytest.mark.parametrize("case", PARTS)
def test_87_a_form_that_cannot_be_read_is_refused(
    museum: Database, aysel: Desk, case: str
) -> None:
    kind, body = PARTS[case]

    answer = aysel.phone.post(PICTURES, content=body, headers={"Content-Type": kind})

    assert 400 <= answer.status_code < 500
    assert pictures(museum) == []


def test_87_a_field_where_the_file_should_be_is_none(museum: Database, aysel: Desk) -> None:
    answer = aysel.phone.post(PICTURES, data={**aysel.form, "file": "photo.jpg"})

    assert answer.status_code == 422
    assert "No file was chosen" in answer.text
    assert pictures(museum) == []


def test_88_what_is_too_large_is_refused(museum: Database, aysel: Desk) -> None:
    answer = send(aysel, samples.picture() + bytes(30_000_000))

    assert answer.status_code == 413
    assert "30 MB" in answer.text
    assert pictures(museum) == []


def test_88_a_disk_that_is_nearly_full_takes_nothing_and_shows_everything(
    guide: TestClient, aysel: Desk, cabinet: Cabinet
) -> None:
    cabinet.reserve = 1 << 60

    answer = send(aysel, samples.picture())

    assert answer.status_code == 507
    assert "The disk is nearly full" in answer.text
    assert guide.get("/en/exhibits/tar").status_code == 200
    cabinet.reserve = 0
    assert send(aysel, samples.picture()).status_code == 303


class FullStore(DiskStore):
    """A disk that is full at the last moment."""

    def put(self, hash_: str, made: Path) -> None:  # noqa: ARG002 (what a store is given)
        raise OSError(28, "No space left on device")


def test_88_a_disk_that_is_full_while_a_file_is_kept_says_so(tmp_path: Path) -> None:
    cabinet = Cabinet(tmp_path, FullStore(tmp_path), reserve=0)

    with pytest.raises(NoRoomError):
        cabinet.take_in(Kind.PICTURE, BytesIO(samples.picture()))

    assert left_behind(cabinet) == []


def test_89_the_same_file_twice_at_once_is_one(museum: Database, aysel: Desk) -> None:
    body = samples.picture()
    others = ("tar", "saz", "kamancha", "balaban")

    def sent(slug: str) -> int:
        return send(aysel, body, to=f"/staff/exhibits/{slug}/pictures").status_code

    with ThreadPoolExecutor(len(others)) as hands:
        assert set(hands.map(sent, others)) == {303}

    with museum.reading() as db:
        assert db.scalar(select(func.count()).select_from(MediaFile)) == 1
    assert len(pictures(museum)) == len(others)


def test_a_part_of_a_recording_can_be_asked_for(
    museum: Database, aysel: Desk, cabinet: Cabinet
) -> None:
    send_recording(aysel, samples.mp3(3))
    (recording,) = recordings(museum)
    path = f"/staff/media/{recording.media_hash}/recording.mp3"
    size = cabinet.store.size(recording.media_hash, "recording.mp3")
    asked = {
        "bytes=0-9": (206, f"bytes 0-9/{size}"),
        "bytes=-10": (206, f"bytes {(size or 0) - 10}-{(size or 0) - 1}/{size}"),
        "bytes=9-0": (416, f"bytes */{size}"),
        f"bytes={2**64}-": (200, None),
        "bytes=0-0,1-1": (200, None),
        "bytes=999999999-": (416, f"bytes */{size}"),
    }

    for header, (status, told) in asked.items():
        answer = aysel.phone.get(path, headers={"Range": header})
        assert (answer.status_code, answer.headers.get("content-range")) == (status, told)


def test_nothing_in_a_picture_stays_of_what_it_was(museum: Database, aysel: Desk) -> None:
    """A JPEG may carry another one, for a preview: it shows what was cut off."""
    inner = samples.picture(size=(160, 120))
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\x00\x00\x00" + inner
    send(aysel, samples.picture(exif=exif.tobytes() + struct.pack(">H", 0)))

    (picture,) = pictures(museum)
    answer = aysel.phone.get(f"/staff/media/{picture.media_hash}/480.jpg")
    assert inner not in answer.content
