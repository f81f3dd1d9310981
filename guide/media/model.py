"""What is known of a file that is kept."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant


class MediaFile(Base):
    """A picture or a recording as it was made clean: its master, named `name`.

    Of a picture `widths` tells how wide its copies are, in pixels; a recording has `seconds`.
    """

    __tablename__ = "media_files"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(24))
    bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    widths: Mapped[Sequence[int]] = mapped_column(JSON)
    seconds: Mapped[int]
    stored_at: Mapped[Instant]

    @property
    def ending(self) -> str:
        """How the names of its copies end outside: `.jpg`, `.mp3`."""
        return PurePosixPath(self.name).suffix
