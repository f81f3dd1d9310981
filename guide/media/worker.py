"""Looks at one file that was sent, in a process of its own with little memory and time.

    python -m guide.media.worker picture|recording FILE FOLDER [--as-it-is]

What it makes goes into the folder; one line of JSON on standard output says what that is, or
why the file is refused. It opens no database and knows nothing of the guide.
"""

import errno
import json
import resource
import struct
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageFilter, ImageOps

from guide.media.refusals import RefusedFileError
from guide.media.signatures import HEAD, PICTURES, RECORDINGS, format_of

MEMORY = 512 << 20
SECONDS = 20
"""Of processor time; whoever waits for it has a clock too."""
LARGEST_WRITTEN = 64 << 20

MOST_PIXELS = 40_000_000
MOST_AT_ONCE = 24_000_000
"""Pixels of a WebP, which is read whole, and twice, before it can be made smaller."""
LEAST_SIDE = 200
LONGEST_FOR_ITS_WIDTH = 16
"""How many times longer than wide: as a master, each side has its least pixels still."""
LARGEST_SIDE = 3_200
"""Pixels of the master: what a page of print needs, and a third of a phone's picture."""
MASTER = "master.jpg"

WIDTHS = (480, 960, 1600)
BUDGETS = {480: 45_000, 960: 110_000}
"""Bytes of a copy so wide (`docs/promises.md`); a picture that needs more is made coarser."""
QUALITIES: dict[str, tuple[int, ...]] = {
    "avif": (62, 54, 46, 38, 30),
    "webp": (80, 70, 60, 50, 40, 25),
    "jpg": (82, 74, 66, 58, 50, 35),
}
SOFTNESSES = (0, 1, 2, 4)
"""Pixels: what is still too heavy is texture finer than a phone shows, and is softened."""
OPTIONS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "speed": 7, "max_threads": 1},
    "webp": {"format": "WEBP", "method": 4},
    "jpg": {"format": "JPEG", "optimize": True, "progressive": True},
}

LONGEST_SECONDS = 900
SOUND = (4_000, 1_500_000)
"""Bits of a second of sound, the fewest and the most: a length that is a lie is beyond them."""

FULL = (errno.ENOSPC, errno.EDQUOT)

ORIENTATION = 0x0112
PLAIN_SEGMENTS = {0xDB, 0xC0, 0xC2, 0xC4, 0xDD, 0xDA}
"""Of JPEG: tables, frame, restart, scan. Nothing in them is about anybody."""


def main() -> None:
    """Do the one job that the command line names."""
    job, source, folder, *said = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_WRITTEN, LARGEST_WRITTEN))
    try:
        if job == "picture":
            told = picture(Path(source), Path(folder), as_it_is=bool(said))
        else:
            told = recording(Path(source), Path(folder))
    except RefusedFileError as refused:
        told = {"refused": refused.word}
    except MemoryError:
        told = {"refused": "pixels"}
    except OSError as failed:
        told = {"refused": "room" if failed.errno in FULL else "broken"}
    except (SyntaxError, ValueError, struct.error, EOFError, KeyError, IndexError):
        told = {"refused": "broken"}
    sys.stdout.write(json.dumps(told))


def picture(source: Path, folder: Path, *, as_it_is: bool) -> dict[str, object]:
    """Draw a picture anew: upright, in plain colours, in several widths, saying nothing else.

    `as_it_is` keeps the bytes of a master that was made here before, if it is as plain as one.
    """
    Image.MAX_IMAGE_PIXELS = None  # held to fewer below, before anything is decoded
    ImageFile.MAXBLOCK = 3 * LARGEST_SIDE**2  # a JPEG of noise is as large as its pixels
    with Image.open(source, formats=PICTURES) as opened:
        width, height = opened.size
        if width * height > (MOST_AT_ONCE if opened.format == "WEBP" else MOST_PIXELS):
            raise RefusedFileError("pixels")
        shorter, longer = sorted(opened.size)
        if shorter < LEAST_SIDE or longer > LONGEST_FOR_ITS_WIDTH * shorter:
            raise RefusedFileError("small")
        is_plain = as_it_is and max(width, height) <= LARGEST_SIDE and _is_plain(source)
        clean = _upright(_in_colour(opened), _orientation(opened))
    if is_plain:
        (folder / MASTER).write_bytes(source.read_bytes())
    else:
        clean.save(folder / MASTER, "JPEG", quality=92, subsampling=0, optimize=True)
    widths = sorted({min(one, clean.width) for one in WIDTHS})
    for wide in widths:
        high = max(1, round(clean.height * wide / clean.width))
        smaller = clean.resize((wide, high), Image.Resampling.LANCZOS)
        for ending in QUALITIES:
            (folder / f"{wide}.{ending}").write_bytes(_packed(smaller, ending))
    return {
        "name": MASTER,
        "width": clean.width,
        "height": clean.height,
        "widths": widths,
        "seconds": 0,
    }


def recording(source: Path, folder: Path) -> dict[str, object]:
    """Keep a recording as it sounds, without what it says of people; measure it."""
    from tinytag import TinyTag, TinyTagException  # noqa: PLC0415 (a picture needs none of it)

    body = source.read_bytes()
    found = format_of(body[:HEAD])
    if found not in RECORDINGS:
        raise RefusedFileError("unknown")
    clean = {"MP3": _plain_mp3, "M4A": _plain_m4a, "OGG": _whole_ogg}[found](body)
    kept = folder / f"recording{RECORDINGS[found]}"
    kept.write_bytes(clean)
    try:
        seconds = TinyTag.get(kept).duration or 0
    except TinyTagException:
        raise RefusedFileError("broken") from None
    if not seconds or not SOUND[0] <= len(clean) * 8 / seconds <= SOUND[1]:
        raise RefusedFileError("broken")
    if seconds > LONGEST_SECONDS:
        raise RefusedFileError("long")
    return {
        "name": kept.name,
        "width": 0,
        "height": 0,
        "widths": [],
        "seconds": max(1, round(seconds)),
    }


def _orientation(opened: Image.Image) -> int:
    try:
        return int(opened.getexif().get(ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return 1  # what cannot be read says nothing of how it was held


def _in_colour(opened: Image.Image) -> Image.Image:
    """Return it in eight bits of red, green and blue, on white, no larger than a master."""
    opened.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
    profile = opened.info.get("icc_profile")
    image = opened
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("I").point([step // 256 for step in range(65_536)], "L")
    elif image.mode in {"P", "PA", "LA", "La"} or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode == "1":
        image = image.convert("L")
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = _in_common_colours(image, profile)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain


def _in_common_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Carry the colours of a profile over to sRGB; one that cannot be read is left out."""
    if not profile or image.mode not in {"RGB", "CMYK", "L"}:
        return image
    try:
        made_with = ImageCms.ImageCmsProfile(BytesIO(profile))
        common = ImageCms.createProfile("sRGB")
        carried = ImageCms.profileToProfile(image, made_with, common, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return carried or image


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turned = Image.Exif()
    turned[ORIENTATION] = orientation
    image.info["exif"] = turned.tobytes()
    upright = ImageOps.exif_transpose(image)
    upright.info.clear()
    return upright


def _packed(image: Image.Image, ending: str) -> bytes:
    """Write a copy, coarser until it is as light as a phone's network asks."""
    most = BUDGETS.get(image.width, LARGEST_WRITTEN)
    written = b""
    for softness in SOFTNESSES:
        soft = image.filter(ImageFilter.GaussianBlur(softness)) if softness else image
        for quality in QUALITIES[ending]:
            made = BytesIO()
            soft.save(made, quality=quality, **OPTIONS[ending])
            written = made.getvalue()
            if len(written) <= most:
                return written
    return written


def _is_plain(source: Path) -> bool:
    """Say whether a JPEG holds nothing but its picture: as every master here."""
    body = source.read_bytes()
    place = 2
    while body[place : place + 1] == b"\xff" and place + 4 <= len(body):
        marker = body[place + 1]
        length = struct.unpack(">H", body[place + 2 : place + 4])[0]
        is_bare_header = marker == 0xE0 and length == 16  # noqa: PLR2004 (JFIF, no thumbnail)
        if marker not in PLAIN_SEGMENTS and not is_bare_header:
            return False
        place += 2 + length
        if marker == 0xDA:  # noqa: PLR2004 (the scan: what follows is the picture)
            return body.find(b"\xff\xd9", place) == len(body) - 2
    return False


def _plain_mp3(body: bytes) -> bytes:
    """Leave out the tags before and behind; what is left must begin with two frames."""
    while body.startswith(b"ID3") and len(body) > 10:  # noqa: PLR2004 (its header)
        size = 0
        for seven_bits in body[6:10]:
            size = size << 7 | seven_bits & 0x7F
        body = body[10 + size + (10 if body[5] & 0x10 else 0) :]
    body = body.lstrip(b"\x00")
    if body[-128:-125] == b"TAG":
        body = body[:-128]
    if body[-32:-24] == b"APETAGEX":
        body = body[: -32 - int.from_bytes(body[-20:-16], "little")]
    length = _length_of_frame(body[:4])
    if not length or not _length_of_frame(body[length : length + 4]):
        raise RefusedFileError("broken")
    return body


RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _length_of_frame(head: bytes) -> int:
    """Return the bytes of an MPEG layer III frame that begins so; 0 if none does."""
    bits = int.from_bytes(head, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    rate, sample = bits >> 12 & 15, bits >> 10 & 3
    is_frame = len(head) == 4 and bits >> 21 == 0x7FF and layer == 1  # noqa: PLR2004
    if not is_frame or version == 1 or rate in {0, 15} or sample == 3:  # noqa: PLR2004
        return 0
    is_first = version == 3  # noqa: PLR2004 (MPEG 1)
    kilobits = RATES[is_first][rate]
    return (144 if is_first else 72) * kilobits * 1000 // SAMPLES[version][sample] + (
        bits >> 9 & 1
    )


ABOUT = {b"udta", b"meta", b"uuid"}
HOLDS_OTHERS = {b"moov", b"trak", b"mdia"}


def _plain_m4a(body: bytes) -> bytes:
    """Blank what the boxes say of people; there must be sound in them, and no film."""
    made = bytearray(body)
    found = set(_boxes(made, 0, len(made)))
    if not {b"ftyp", b"moov", b"mdat", b"soun"} <= found or b"vide" in found:
        raise RefusedFileError("broken")
    return bytes(made)


def _boxes(body: bytearray, place: int, end: int) -> list[bytes]:
    """Walk the boxes between two places, which they must fill; name them and what plays."""
    found: list[bytes] = []
    while place < end:
        size, name = struct.unpack(">I4s", body[place : place + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", body[place + 8 : place + 16])[0], 16
        size = size or end - place
        if size < head or place + size > end:
            raise RefusedFileError("broken")
        found.append(name)
        if name in ABOUT:
            body[place + 4 : place + 8] = b"free"
            body[place + head : place + size] = bytes(size - head)
        elif name in HOLDS_OTHERS:
            found += _boxes(body, place + head, place + size)
        elif name == b"hdlr":
            found.append(bytes(body[place + head + 8 : place + head + 12]))
        place += size
    return found


def _whole_ogg(body: bytes) -> bytes:
    """Walk the pages, which must fill the file."""
    place = 0
    while place < len(body):
        if body[place : place + 5] != b"OggS\x00" or place + 27 > len(body):
            raise RefusedFileError("broken")
        segments = body[place + 26]
        place += 27 + segments + sum(body[place + 27 : place + 27 + segments])
    if place != len(body):
        raise RefusedFileError("broken")
    return body


if __name__ == "__main__":
    main()
