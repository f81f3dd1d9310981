"""Pictures and recordings made for tests, whole and harmful."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

GPS = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F


def picture(
    form: str = "JPEG",
    size: tuple[int, int] = (1200, 800),
    mode: str = "RGB",
    **options: Any,  # noqa: ANN401 (of whatever the format takes)
) -> bytes:
    """Draw a dull picture: a dark left half, a bright right half."""
    drawn = Image.new("RGB", size, (40, 60, 90))
    ImageDraw.Draw(drawn).rectangle((size[0] // 2, 0, *size), fill=(220, 180, 90))
    made = BytesIO()
    drawn.convert(mode).save(made, form, **options)
    return made.getvalue()


def noted(orientation: int = 1) -> bytes:
    """Make a photograph that tells by whom, with what and where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "Aysel's phone"
    exif.get_ifd(GPS).update({1: "N", 2: (40.0, 23.0, 45.0), 3: "E", 4: (49.0, 52.0, 3.0)})
    return picture(exif=exif)


def mp3(seconds: int = 3) -> bytes:
    """Make silence: MPEG 1 layer III, 32 kbit/s, 44.1 kHz, one channel."""
    frame = b"\xff\xfb\x10\xc4" + bytes(100)
    return frame * round(seconds * 44_100 / 1152)


def tagged_mp3(name: str = "Aysel", seconds: int = 3) -> bytes:
    """Put the name of a person before and behind it."""
    text = b"\x03" + name.encode()
    frame = b"TPE1" + struct.pack(">I", len(text)) + b"\x00\x00" + text
    head = b"ID3\x03\x00\x00" + bytes((0, 0, len(frame) >> 7, len(frame) & 0x7F))
    return head + frame + mp3(seconds) + b"TAG" + name.encode().ljust(125, b"\x00")


def ogg(seconds: int = 3) -> bytes:
    """Make silence: Opus in Ogg, fifty packets a second."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    silence = b"\xf8" + bytes(59)
    pages = [_page(0, 2, 0, [head]), _page(1, 0, 0, [tags])]
    for second in range(seconds):
        is_last = 4 if second == seconds - 1 else 0
        pages.append(_page(second + 2, is_last, (second + 1) * 48_000, [silence] * 50))
    return b"".join(pages)


def m4a(seconds: int = 3, *, said_seconds: int | None = None, last: bool = True) -> bytes:
    """Make boxes as a recorder writes them; how long it is stands in moov.

    `last`: moov stands at the end.
    """
    long = (said_seconds if said_seconds is not None else seconds) * 1000
    mvhd = struct.pack(">IIIII", 0, 0, 0, 1000, long) + bytes(80)
    mdhd = struct.pack(">IIIIIHH", 0, 0, 0, 1000, long, 0, 0)
    hdlr = struct.pack(">II4s", 0, 0, b"soun") + bytes(13)
    entry = bytes(6) + struct.pack(">HIIHHHHI", 1, 0, 0, 1, 16, 0, 0, 44_100 << 16)
    decoder = b"\x04\x11\x40\x15" + bytes(3) + struct.pack(">II", 32_000, 32_000)
    esds = box(b"esds", bytes(4) + b"\x03\x19\x00\x00\x00" + decoder + b"\x05\x02\x12\x10")
    stsd = struct.pack(">II", 0, 1) + box(b"mp4a", entry + esds)
    minf = box(b"minf", box(b"stbl", box(b"stsd", stsd)))
    mdia = box(b"mdia", box(b"mdhd", mdhd) + box(b"hdlr", hdlr) + minf)
    trak = box(b"trak", box(b"tkhd", bytes(84)) + mdia)
    udta = box(b"udta", box(b"name", b"Aysel"))
    moov = box(b"moov", box(b"mvhd", mvhd) + trak + udta)
    mdat = box(b"mdat", bytes(4_000 * seconds))
    kind = box(b"ftyp", b"M4A \x00\x00\x02\x00M4A mp42isom")
    return kind + (mdat + moov if last else moov + mdat)


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def png_of(width: int, height: int, *chunks: tuple[bytes, bytes], bits: int = 1) -> bytes:
    """Make a PNG of nothing, whatever its size: a line takes next to no bytes."""
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    line = b"\x00" + bytes((width * bits + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    parts = ((b"IHDR", head), *chunks, (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + crc


def _page(number: int, flags: int, granule: int, packets: list[bytes]) -> bytes:
    segments = bytes(len(one) for one in packets)
    head = b"OggS\x00" + struct.pack("<BqIII", flags, granule, 1, number, 0)
    page = bytearray(head + bytes((len(segments),)) + segments + b"".join(packets))
    page[22:26] = struct.pack("<I", _crc(bytes(page)))
    return bytes(page)


def _crc(page: bytes) -> int:
    crc = 0
    for one in page:
        crc ^= one << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc
