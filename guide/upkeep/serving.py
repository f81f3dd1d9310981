"""Serving: the schema brought up to date, an empty database filled, then uvicorn."""

import socket
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.db import Database
from guide.languages.model import Language
from guide.media.cabinet import Cabinet
from guide.upkeep.content import Imported, import_folder

NOWHERE = ("192.0.2.1", 9)
"""An address of RFC 5737 that nobody has: asking for the way there sends nothing."""


def fill_if_empty(
    database: Database, folder: Path, at: datetime, cabinet: Cabinet | None = None
) -> Imported | None:
    """Import the first printing into a database that has no content; None where it has."""
    with database.writing() as db:
        return import_folder(db, folder, at, cabinet=cabinet) if is_empty(db) else None


def is_empty(db: Session) -> bool:
    """Say whether nothing was ever imported."""
    return db.scalar(select(Language.tag).limit(1)) is None


def own_address() -> str:
    """Return the address that others on this network reach the machine by."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(NOWHERE)
        except OSError:
            return "127.0.0.1"
        return str(asked.getsockname()[0])
