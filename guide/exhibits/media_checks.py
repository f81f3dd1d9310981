"""What pictures and recordings lack: before a text is published, and for the whole table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from guide.exhibits.pictures import ExhibitPicture, ExhibitRecording, PictureKind


@dataclass(frozen=True)
class MediaLack:
    """Something shown that lacks a word.

    `word` is "alt", "caption", "transcript", "short-transcript", "credit" or "licence";
    `what` is "picture" or "recording", `id` its number; `anchor` is the id of the field in
    its page that is to be filled.
    """

    what: str
    id: int
    word: str
    anchor: str


@dataclass(frozen=True)
class MediaStanding:
    """What of an exhibit is shown in one language.

    `alt` is true when every picture that is shown has its words in that language, or is
    decorative; without any picture there is nothing to say, and it is true.
    """

    audio: bool = False
    transcript: bool = False
    alt: bool = True
    photo: bool = False


NOTHING = MediaStanding()


def lacks_of(db: Session, exhibit_id: int, language: str) -> tuple[MediaLack, ...]:
    """List what the shown pictures and recordings of an exhibit lack in a language."""
    pictures = db.scalars(
        select(ExhibitPicture)
        .where(ExhibitPicture.exhibit_id == exhibit_id, ExhibitPicture.shown_at.is_not(None))
        .order_by(ExhibitPicture.position)
    )
    found = [
        MediaLack("picture", picture.id, lack.word, lack.field)
        for picture in pictures
        for lack in (*picture.lacks_in(language), *picture.lacking_rights)
    ]
    recordings = db.scalars(
        select(ExhibitRecording)
        .where(
            ExhibitRecording.exhibit_id == exhibit_id,
            ExhibitRecording.language == language,
            ExhibitRecording.shown_at.is_not(None),
        )
        .options(joinedload(ExhibitRecording.file))
    )
    found += [
        MediaLack("recording", recording.id, lack.word, lack.field)
        for recording in recordings
        for lack in recording.lacks
    ]
    return tuple(found)


def standings(
    db: Session, exhibits: Iterable[int], languages: Iterable[str]
) -> Mapping[tuple[int, str], MediaStanding]:
    """Tell how many exhibits stand in every language, in two statements."""
    numbers, tags = list(exhibits), list(languages)
    photos: set[int] = set()
    unsaid: set[tuple[int, str]] = set()
    query = select(
        ExhibitPicture.exhibit_id,
        ExhibitPicture.kind,
        ExhibitPicture.alt,
        ExhibitPicture.decorative,
    ).where(ExhibitPicture.shown_at.is_not(None), ExhibitPicture.exhibit_id.in_(numbers))
    for number, kind, alt, decorative in db.execute(query):
        if kind == PictureKind.PHOTO:
            photos.add(number)
        if not decorative:
            unsaid |= {(number, tag) for tag in tags if not alt.get(tag)}
    heard: dict[tuple[int, str], bool] = {}
    spoken = select(
        ExhibitRecording.exhibit_id, ExhibitRecording.language, ExhibitRecording.transcript
    ).where(ExhibitRecording.shown_at.is_not(None), ExhibitRecording.exhibit_id.in_(numbers))
    for number, tag, transcript in db.execute(spoken):
        heard[number, tag] = bool(transcript)
    return {
        (number, tag): MediaStanding(
            audio=(number, tag) in heard,
            transcript=heard.get((number, tag), False),
            alt=(number, tag) not in unsaid,
            photo=number in photos,
        )
        for number in numbers
        for tag in tags
    }
