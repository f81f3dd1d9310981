"""What the pages of pictures and recordings show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame, OfficePage
from guide.curation.pages import Tongue
from guide.exhibits.counting import words
from guide.exhibits.pictures import (
    ExhibitPicture,
    ExhibitRecording,
    Lack,
    OfAnExhibit,
    PictureKind,
    expected_words,
)
from guide.exhibits.words import Passage
from guide.languages.model import Language
from guide.media.cabinet import LARGEST
from guide.media.cropping import RATIOS, crop

SMALL, MIDDLING = 480, 960
"""Pixels across of a picture in a list, and in its form."""

MEGABYTE = 1_000_000
LICENCES = ("CC BY 4.0", "CC BY-SA 4.0", "CC0 1.0", "Public domain", "© Heydar Aliyev Center")


@dataclass(frozen=True)
class Cut:
    """A frame of one shape: its name, and the part of the picture that is in it."""

    name: str
    wide: int
    high: int
    box: str


@dataclass(frozen=True)
class ShownFile:
    """A picture of the list or of its form, as the office sees it."""

    id: str
    hash: str
    file: str
    width: int
    height: int
    cuts: tuple[Cut, ...]

    @classmethod
    def of(cls, picture: ExhibitPicture, x: float, y: float, wide: int) -> Self:
        """Show the copy that is about so wide, and how it is cut around a point."""
        file = picture.file
        width = min(file.widths, key=lambda one: abs(one - wide))
        cuts = []
        for across, down in RATIOS:
            part = crop(file.width, file.height, across, down, x, y)
            box = f"{part.left} {part.top} {part.width} {part.height}"
            cuts.append(Cut(f"{across}:{down}", across, down, box))
        return cls(
            str(picture.id), file.hash, f"{width}.jpg", file.width, file.height, tuple(cuts)
        )


@dataclass(frozen=True)
class PictureRow:
    """A picture in the list; `state` is "shown", "ready", "unfinished" or "removed"."""

    shown: ShownFile
    kind: str
    alt: Passage | None
    is_decorative: bool
    state: str
    since: str
    lacks: tuple[Lack, ...]
    unsaid: tuple[Tongue, ...]

    @classmethod
    def of(
        cls, picture: ExhibitPicture, frame: OfficeFrame, languages: Iterable[Language]
    ) -> Self:
        """Show how a picture stands."""
        told = picture.alt
        tag = next((one for one in (frame.lang, "az", "en", *told) if told.get(one)), "")
        return cls(
            shown=ShownFile.of(picture, picture.focus_x, picture.focus_y, SMALL),
            kind=picture.kind,
            alt=Passage(told[tag], tag) if tag else None,
            is_decorative=bool(picture.decorative),
            state=state_of(picture),
            since=_since(picture, frame),
            lacks=picture.lacks,
            unsaid=unsaid_in(picture, languages),
        )


@dataclass(frozen=True)
class RecordingRow:
    """A recording in the list."""

    id: str
    hash: str
    file: str
    tongue: Tongue
    length: str
    size: str
    state: str
    since: str
    lacks: tuple[Lack, ...]

    @classmethod
    def of(
        cls, recording: ExhibitRecording, frame: OfficeFrame, languages: Iterable[Language]
    ) -> Self:
        """Show how a recording stands."""
        file, tag = recording.file, recording.language
        spoken = next((Tongue.of(one) for one in languages if one.tag == tag), None)
        return cls(
            id=str(recording.id),
            hash=file.hash,
            file=file.name,
            tongue=spoken or Tongue(tag, tag, "ltr"),
            length=f"{file.seconds // 60}:{file.seconds % 60:02}",
            size=f"{max(0.1, file.bytes / MEGABYTE):.1f}",
            state=state_of(recording),
            since=_since(recording, frame),
            lacks=recording.lacks,
        )


@dataclass(frozen=True)
class Whose:
    """The exhibit that pictures and recordings are of."""

    slug: str
    name: Passage


@dataclass(frozen=True)
class Said:
    """What is said of what was done, or of why it was not; words that the templates say."""

    done: str = ""
    problem: str = ""
    about: str = ""
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class InTongue:
    """A field in one language, as it is typed."""

    tongue: Tongue
    name: str
    value: str


@dataclass(frozen=True)
class PicturesPage(OfficePage):
    """The pictures of an exhibit in their order, and those in the bin."""

    template: ClassVar[str] = "curation/pictures.html"

    whose: Whose
    rows: tuple[PictureRow, ...]
    removed: tuple[PictureRow, ...]
    said: Said = field(default_factory=Said)
    most: int = LARGEST // MEGABYTE


@dataclass(frozen=True)
class PicturePage(OfficePage):
    """One picture: what is said of it, and what matters in it."""

    template: ClassVar[str] = "curation/picture.html"

    whose: Whose
    shown: ShownFile
    version: int
    state: str
    since: str
    lacks: tuple[Lack, ...]
    unsaid: tuple[Tongue, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    alts: tuple[InTongue, ...]
    captions: tuple[InTongue, ...]
    said: Said = field(default_factory=Said)
    kinds: tuple[str, ...] = tuple(PictureKind)
    licences: tuple[str, ...] = LICENCES


@dataclass(frozen=True)
class RecordingsPage(OfficePage):
    """The recordings of an exhibit, and those in the bin."""

    template: ClassVar[str] = "curation/recordings.html"

    whose: Whose
    rows: tuple[RecordingRow, ...]
    removed: tuple[RecordingRow, ...]
    tongues: tuple[Tongue, ...]
    language: str = ""
    said: Said = field(default_factory=Said)
    most: int = LARGEST // MEGABYTE


@dataclass(frozen=True)
class RecordingPage(OfficePage):
    """One recording: its words to read, and whose it is."""

    template: ClassVar[str] = "curation/recording.html"

    whose: Whose
    row: RecordingRow
    version: int
    words: int
    expected: int
    values: Mapping[str, str]
    errors: Mapping[str, str]
    said: Said = field(default_factory=Said)
    licences: tuple[str, ...] = LICENCES


def state_of(one: OfAnExhibit) -> str:
    """Say how a picture or recording stands, in a word."""
    if one.removed_at:
        return "removed"
    if one.shown_at:
        return "shown"
    return "unfinished" if one.lacks else "ready"


def unsaid_in(picture: ExhibitPicture, languages: Iterable[Language]) -> tuple[Tongue, ...]:
    """List the languages that are on in which a picture lacks words."""
    return tuple(
        Tongue.of(one)
        for one in languages
        if one.switched_off_at is None and picture.lacks_in(one.tag)
    )


def in_tongues(
    name: str, values: Mapping[str, str], languages: Iterable[Language]
) -> tuple[InTongue, ...]:
    """Lay a field out in the languages that are on, and in those that it has words in."""
    return tuple(
        InTongue(Tongue.of(one), f"{name}-{one.tag}", values.get(f"{name}-{one.tag}", ""))
        for one in languages
        if one.switched_off_at is None or values.get(f"{name}-{one.tag}")
    )


def counted(transcript: str, language: str, seconds: int) -> tuple[int, int]:
    """Return how many words there are, and how many were to be expected."""
    return round(words(transcript, language)), round(expected_words(seconds))


def _since(one: OfAnExhibit, frame: OfficeFrame) -> str:
    at = one.removed_at or one.shown_at
    return frame.moment(at) if at else ""
