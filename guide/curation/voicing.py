"""The recordings of an exhibit: sent, written down, let be heard, taken off."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Curator, Person
from guide.curation import media_deeds as deeds
from guide.curation.editing import AREA, READ, account_of
from guide.curation.media_forms import recording_in, values_of_recording
from guide.curation.media_pages import (
    RecordingPage,
    RecordingRow,
    RecordingsPage,
    Said,
    counted,
)
from guide.curation.pages import Tongue
from guide.curation.picturing import REFUSED, whose
from guide.curation.queries import tongues
from guide.curation.recording import RECORD, ExhibitInPath
from guide.exhibits.model import Exhibit
from guide.exhibits.pictures import ExhibitRecording, UnfinishedError, recordings_of
from guide.media.cabinet import Kept
from guide.media.receiving import FileSent, take_in
from guide.media.signatures import Kind
from guide.web.forms import Number, Posted
from guide.web.pages import render
from guide.web.session import Db

router = APIRouter()
RECORDINGS = RECORD + "/recordings"
ONE = RECORDINGS + "/{recording_id}"
DONE = frozenset({"added", "already", "saved", "shown", "taken-off", "removed", "brought-back"})


def recording_sent(request: Request, _curator: Curator, sent: FileSent) -> Kept | str:
    """Keep a recording before the transaction begins; a word says why it is not taken."""
    return take_in(request, Kind.RECORDING, sent)


RecordingSent = Annotated[Kept | str, Depends(recording_sent)]


def recording_in_path(db: Db, exhibit: ExhibitInPath, recording_id: Number) -> ExhibitRecording:
    """Find the recording that the address names; its exhibit is held by whoever changes it."""
    for one in recordings_of(db, exhibit.id):
        if one.id == recording_id:
            return one
    raise HTTPException(HTTPStatus.NOT_FOUND)


RecordingInPath = Annotated[ExhibitRecording, Depends(recording_in_path)]


@router.api_route(RECORDINGS, methods=READ, name="curation.recordings")
def list_recordings(  # noqa: PLR0913, PLR0917 (the exhibit, and what is said of what was done)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    done: str = "",
    about: str = "",
) -> Response:
    """Show the recordings of an exhibit."""
    said = Said(done=done if done in DONE else "", about=about if about.isdecimal() else "")
    return render(request, _list(request, db, curator, exhibit, said))


@router.post(RECORDINGS, name="curation.recording.create")
def add_recording(  # noqa: PLR0913, PLR0917 (what the address names, and what was sent)
    request: Request,
    curator: Curator,
    kept: RecordingSent,
    db: Db,
    exhibit: ExhibitInPath,
    fields: Posted,
) -> Response:
    """Add a recording; nobody hears it until its words are written down and it is shown."""
    language = fields.get("language", "")
    is_known = language in {one.tag for one in tongues(db)}
    if isinstance(kept, str) or not is_known:
        problem = kept if isinstance(kept, str) else "language"
        page = _list(request, db, curator, exhibit, Said(problem=problem), language)
        return render(request, page, REFUSED.get(problem, HTTPStatus.UNPROCESSABLE_ENTITY))
    by, at = account_of(db, curator), datetime.now(UTC)
    recording, is_new = deeds.add_recording(db, exhibit, kept, language, by=by, at=at)
    return _again(request, exhibit, recording, "added" if is_new else "already")


@router.api_route(ONE, methods=READ, name="curation.recording")
def show_recording(  # noqa: PLR0913, PLR0917 (what the address names, and what was done)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    recording: RecordingInPath,
    done: str = "",
) -> Response:
    """Show one recording, and what is said of it."""
    said = Said(done=done if done in DONE else "")
    values = values_of_recording(recording)
    return render(request, _page(request, db, curator, (exhibit, recording), values, said=said))


@router.post(ONE, name="curation.recording.save")
def save_recording(  # noqa: PLR0913, PLR0917 (what the address names, and what was sent)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    recording: RecordingInPath,
    fields: Posted,
) -> Response:
    """Save what is said of a recording; of one that is shown visitors read it at once."""
    refused = _saved(request, db, curator, (exhibit, recording), fields)
    return refused or _again(request, exhibit, recording, "saved")


@router.post(ONE + "/publication", name="curation.recording.show")
def show_to_visitors(  # noqa: PLR0913, PLR0917 (what the address names, and what was sent)
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    recording: RecordingInPath,
    fields: Posted,
) -> Response:
    """Save what was typed last, and show the recording; or say what is missing."""
    refused = _saved(request, db, curator, (exhibit, recording), fields)
    if refused:
        return refused
    try:
        by, at = account_of(db, curator), datetime.now(UTC)
        deeds.let_hear(db, recording, recordings_of(db, exhibit.id), by=by, at=at)
    except UnfinishedError as unfinished:
        values = values_of_recording(recording)
        said = Said(problem="unfinished", lacks=unfinished.lacks)
        page = _page(request, db, curator, (exhibit, recording), values, said=said)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _again(request, exhibit, recording, "shown")


@router.post(ONE + "/publication/end", name="curation.recording.hide")
def take_off(
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    recording: RecordingInPath,
) -> Response:
    """Show a recording to visitors no more."""
    deeds.take_off(db, recording, by=account_of(db, curator), at=datetime.now(UTC))
    return _again(request, exhibit, recording, "taken-off")


@router.post(ONE + "/removal", name="curation.recording.remove")
def remove(
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    recording: RecordingInPath,
) -> Response:
    """Put a recording into the bin."""
    deeds.remove(db, recording, by=account_of(db, curator), at=datetime.now(UTC))
    return _to_list(request, exhibit, recording, "removed")


@router.post(ONE + "/removal/end", name="curation.recording.restore")
def bring_back(
    request: Request,
    db: Db,
    curator: Curator,
    exhibit: ExhibitInPath,
    recording: RecordingInPath,
) -> Response:
    """Take a recording out of the bin."""
    deeds.bring_back(db, recording, by=account_of(db, curator), at=datetime.now(UTC))
    return _to_list(request, exhibit, recording, "brought-back")


def _saved(
    request: Request,
    db: Session,
    curator: Person,
    what: tuple[Exhibit, ExhibitRecording],
    fields: Mapping[str, str],
) -> Response | None:
    """Save what was typed; return the page that says why not."""
    _, recording = what
    if recording.removed_at is not None or fields.get("version") != str(recording.version):
        page = _page(request, db, curator, what, fields, said=Said(problem="stale"))
        return render(request, page, HTTPStatus.CONFLICT)
    told, errors = recording_in(fields)
    if errors:
        said = Said(problem="unreadable")
        page = _page(request, db, curator, what, fields, errors=errors, said=said)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        deeds.save(db, recording, told, by=account_of(db, curator), at=datetime.now(UTC))
    except UnfinishedError as unfinished:
        said = Said(problem="would-lack", lacks=unfinished.lacks)
        page = _page(request, db, curator, what, fields, said=said)
        return render(request, page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return None


def _page(  # noqa: PLR0913 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    what: tuple[Exhibit, ExhibitRecording],
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    said: Said,
) -> RecordingPage:
    exhibit, recording = what
    frame = OfficeFrame.around(request, curator, AREA)
    typed = {**dict.fromkeys(values_of_recording(recording), ""), **values}
    spoken, seconds = recording.language, recording.file.seconds
    words, expected = counted(typed["transcript"], spoken, seconds)
    return RecordingPage(
        frame,
        whose=whose(exhibit, frame),
        row=RecordingRow.of(recording, frame, tongues(db)),
        version=recording.version,
        words=words,
        expected=expected,
        values=typed,
        errors=errors or {},
        said=said,
    )


def _list(  # noqa: PLR0913, PLR0917 (what is shown, and what is said of it)
    request: Request,
    db: Session,
    curator: Person,
    exhibit: Exhibit,
    said: Said,
    language: str = "",
) -> RecordingsPage:
    frame = OfficeFrame.around(request, curator, AREA)
    languages = tongues(db)
    rows = [RecordingRow.of(one, frame, languages) for one in recordings_of(db, exhibit.id)]
    return RecordingsPage(
        frame,
        whose=whose(exhibit, frame),
        rows=tuple(row for row in rows if row.state != "removed"),
        removed=tuple(row for row in rows if row.state == "removed"),
        tongues=tuple(Tongue.of(one) for one in languages if one.switched_off_at is None),
        language=language,
        said=said,
    )


def _again(
    request: Request, exhibit: Exhibit, recording: ExhibitRecording, done: str
) -> RedirectResponse:
    parts = {"slug": exhibit.slug, "recording_id": str(recording.id)}
    path = request.app.url_path_for("curation.recording", **parts)
    return RedirectResponse(f"{path}?done={done}", HTTPStatus.SEE_OTHER)


def _to_list(
    request: Request, exhibit: Exhibit, recording: ExhibitRecording, done: str
) -> RedirectResponse:
    path = request.app.url_path_for("curation.recordings", slug=exhibit.slug)
    return RedirectResponse(f"{path}?done={done}&about={recording.id}", HTTPStatus.SEE_OTHER)
