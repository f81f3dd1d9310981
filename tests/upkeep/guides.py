"""Small guides to back up and restore."""

from pathlib import Path

from guide.db import Database
from guide.settings import Settings
from guide.upkeep.migration import migrate_whole
from tests.conftest import settings_for


def sqlite_guide(data_dir: Path) -> tuple[Settings, Database]:
    """Make a migrated guide on SQLite, where its database stands by default."""
    settings = settings_for(f"sqlite:///{data_dir / 'guide.sqlite3'}", data_dir)
    database = Database.open(settings.database)
    migrate_whole(database)
    return settings, database


def store(settings: Settings, name: str, held: bytes) -> None:
    """Put a file into the media folder."""
    path = settings.data_dir / "media" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(held)


def stored(settings: Settings) -> dict[str, bytes]:
    """Return what the media folder holds, working folders and all."""
    media = settings.data_dir / "media"
    return {
        path.relative_to(media).as_posix(): path.read_bytes()
        for path in media.rglob("*")
        if path.is_file()
    }
