"""What a file is, by its first bytes; what it is called has no part in it."""

from enum import StrEnum

HEAD = 64
"""Bytes of a file that say what it is."""


class Kind(StrEnum):
    """What is taken: pictures are drawn anew, recordings are kept as they sound."""

    PICTURE = "picture"
    RECORDING = "recording"


PICTURES = ("JPEG", "PNG", "WEBP", "AVIF")
RECORDINGS = {"MP3": ".mp3", "M4A": ".m4a", "OGG": ".ogg"}

MP3_SYNC = 0xFFE0
"""The eleven bits that an MPEG frame begins with."""
AUDIO_BRANDS = (b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"iso5", b"iso6", b"dash")


def format_of(head: bytes) -> str:
    """Name the format of a file that begins so, "" when it is none that is taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head.startswith(b"OggS") and b"OpusHead" in head:
        return "OGG"
    is_frame = int.from_bytes(head[:2], "big") & MP3_SYNC == MP3_SYNC
    return "MP3" if head.startswith(b"ID3") or is_frame else ""


def kind_of(head: bytes) -> Kind | None:
    """Say whether a file that begins so is a picture or a recording."""
    found = format_of(head)
    if found in PICTURES:
        return Kind.PICTURE
    return Kind.RECORDING if found in RECORDINGS else None


def _of_brand(brand: bytes) -> str:
    if brand in {b"avif", b"mif1"}:
        return "AVIF"
    return "M4A" if brand in AUDIO_BRANDS else ""
