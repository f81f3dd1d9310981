"""Files as forms bring them."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from guide.media.cabinet import Cabinet, Kept
from guide.media.refusals import NoRoomError, RefusedFileError
from guide.media.signatures import Kind

FIELD = "file"


def take_in(request: Request, kind: Kind, sent: UploadFile | None) -> Kept | str:
    """Take a file in, before any transaction begins; return the word of a refusal."""
    cabinet: Cabinet = request.app.state.cabinet
    if sent is None:
        return "none"
    try:
        return cabinet.take_in(kind, sent.file)
    except RefusedFileError as refused:
        return refused.word
    except NoRoomError:
        return "room"
    finally:
        sent.file.close()


async def file_sent(request: Request) -> UploadFile | None:
    """Find the file of a form; a field that is called so is none."""
    found = (await request.form()).get(FIELD)
    return found if isinstance(found, UploadFile) and (found.filename or found.size) else None


FileSent = Annotated[UploadFile | None, Depends(file_sent)]
