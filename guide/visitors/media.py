"""Pictures and recordings as pages show them, and the address that they are sent from."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from babel.units import format_unit
from fastapi import APIRouter, HTTPException, Request, Response

from guide.exhibits.pictures import PictureKind
from guide.exhibits.showing import OnShow
from guide.exhibits.shown_media import ShownPicture, ShownRecording
from guide.exhibits.words import Passage, first_in
from guide.languages.catalogues import locale
from guide.media.cabinet import Cabinet
from guide.media.serving import answer

router = APIRouter()

WIDEST_ON_PHONES = 960
"""Pixels across of what a page shows at first; the large picture's page shows all there is."""

MEGABYTE = 1_000_000


@router.api_route("/media/{hash_}/{file}", methods=["GET", "HEAD"], name="visitors.media")
def send_file(request: Request, hash_: str, file: str) -> Response:
    """Send a picture or recording that is shown; what was taken off is gone from here too."""
    on_show: OnShow = request.app.state.on_show
    cabinet: Cabinet = request.app.state.cabinet
    if not on_show.shows_file(hash_):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return answer(request, cabinet.store, hash_, file)


@dataclass(frozen=True)
class Photo:
    """A picture that is a file, in several widths; without `alt` it is decorative."""

    hash: str
    is_illustration: bool
    width: int
    height: int
    widths: tuple[int, ...]
    alt: Passage | None
    caption: Passage | None
    rights: str

    @property
    def light(self) -> tuple[int, ...]:
        """The widths that a phone may choose from."""
        return tuple(one for one in self.widths if one <= WIDEST_ON_PHONES) or self.widths[:1]

    @classmethod
    def of(cls, shown: ShownPicture, chain: Sequence[str]) -> Self:
        """Show a picture with its words in the first language that has them."""
        return cls(
            hash=shown.hash,
            is_illustration=shown.kind != PictureKind.PHOTO,
            width=shown.width,
            height=shown.height,
            widths=tuple(shown.widths),
            alt=first_in(shown.alt, chain),
            caption=first_in(shown.caption, chain),
            rights=" · ".join(one for one in (shown.credit, shown.licence) if one),
        )


@dataclass(frozen=True)
class Sound:
    """A recording with its words to read; how long and large it is stands there in words."""

    hash: str
    name: str
    language: str
    length: str
    size: str
    transcript: tuple[str, ...]
    rights: str

    @classmethod
    def of(
        cls, recordings: Sequence[ShownRecording], chain: Sequence[str], lang: str
    ) -> Self | None:
        """Choose the recording in the first language that has one."""
        by_language = {one.language: one for one in recordings}
        chosen = next((by_language[tag] for tag in chain if tag in by_language), None)
        if chosen is None:
            return None
        return cls(
            hash=chosen.hash,
            name=chosen.name,
            language=chosen.language,
            length=_length(chosen.seconds, lang),
            size=_size(chosen.bytes, lang),
            transcript=tuple(one for one in chosen.transcript.split("\n") if one.strip()),
            rights=" · ".join(one for one in (chosen.credit, chosen.licence) if one),
        )


def _length(seconds: int, lang: str) -> str:
    minutes, rest = divmod(seconds, 60)
    parts = (("minute", minutes), ("second", rest))
    return " ".join(
        format_unit(number, f"duration-{unit}", "short", locale=locale(lang))
        for unit, number in parts
        if number
    )


def _size(size: int, lang: str) -> str:
    megabytes = max(0.1, round(size / MEGABYTE, 1))
    return format_unit(megabytes, "digital-megabyte", "short", locale=locale(lang))
