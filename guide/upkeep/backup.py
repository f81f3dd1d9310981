"""Backups: one tar file of the whole guide, and the way back.

A restore is prepared beside the present data and takes effect in one step, the change of
the database. Media are keyed by name and never change under it, so new files may come
before that step and old ones go after it: whoever stops it leaves the old guide or the new.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from guide.accounts.queries import revoke_everything
from guide.db import Database, is_known_revision, schema_revision
from guide.durable import working_folder
from guide.settings import Settings
from guide.tours.given import give_what_comes_after, write_down
from guide.tours.links import revoke_every_address
from guide.upkeep import postgres, sqlite_file
from guide.upkeep.archive import (
    DATABASE_MEMBER,
    Archive,
    Kind,
    Manifest,
    NewerBackupError,
    open_archive,
    write_archive,
)
from guide.upkeep.lock import only_server
from guide.upkeep.migration import migrate_whole
from guide.upkeep.purge import forgetting_of, overwrite
from guide.upkeep.refusal import UpkeepError
from guide.upkeep.sqlite_file import DamagedDatabaseError
from guide.upkeep.stored_media import (
    add_media,
    media_folder,
    remove_other_media,
    stored_media,
    unpack_media,
    without,
)

ONE_MOMENT: dict[Kind, dict[str, str]] = {
    "sqlite": {},  # a read transaction is one moment already
    "postgresql": {"isolation_level": "REPEATABLE READ"},
}


class NothingToBackUpError(UpkeepError):
    """The database has no tables yet."""

    def __init__(self) -> None:
        super().__init__("There is nothing to back up yet: the database has no tables.")


class OtherDatabaseError(UpkeepError):
    """A backup goes back into the kind of database that it came from."""

    def __init__(self, backed_up: Kind, here: Kind) -> None:
        super().__init__(
            f"The backup holds a {backed_up} database, but this guide uses {here}. "
            "To change from one to the other, use guide export and guide import."
        )


def back_up(settings: Settings, database: Database, to: Path, at: datetime) -> Manifest:
    """Write the whole guide to one file that only its owner can read, while it may serve.

    The name appears once the file is complete and read back. Raise NothingToBackUpError,
    BackupExistsError, BackupNotWrittenError, DamagedDatabaseError, and on PostgreSQL
    ProgramMissingError or ProgramFailedError.
    """
    with working_folder(settings.data_dir) as folder:
        about = _copy_database(settings, database, folder, at)
        copy = folder / about.database_member
        media = stored_media(media_folder(settings.data_dir))
        return write_archive(to, about, [(copy.name, copy), *media])


def restore(settings: Settings, backup: Path, at: datetime) -> Manifest:
    """Put a backup in the place of the present data, which is first backed up itself.

    Everything is checked before anything changes. Raise AlreadyServingError or
    DatabaseInUseError while the guide is in use; BackupNotReadError, DamagedBackupError,
    NewerBackupError or OtherDatabaseError for a file that cannot be used.
    """
    settings.prepare_data_dir()
    with only_server(settings.data_dir), open_archive(backup) as archive:
        _refuse_unusable(archive, settings)
        place = media_folder(settings.data_dir)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with working_folder(place) as media:
            unpack_media(archive, media)
            if settings.sqlite_file:
                gone = _restore_sqlite(settings.sqlite_file, settings, archive, media, at)
            else:
                gone = _restore_postgres(settings, archive, media, at)
        remove_other_media(without(archive.manifest.media, gone), place)
    return archive.manifest


def kept_backup(settings: Settings, why: str, at: datetime) -> Path:
    """Return where the guide keeps a backup of its own: backups/before-…-<UTC>.tar."""
    folder = settings.data_dir / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"before-{why}-{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.tar"


def _copy_database(
    settings: Settings, database: Database, folder: Path, at: datetime
) -> Manifest:
    """Copy it as it is at one moment; the rows are counted in that moment too."""
    kind = _kind(settings)
    with sqlite_file.told_plainly(), database.reading() as db:
        connection = db.connection(execution_options=ONE_MOMENT[kind])
        revision = schema_revision(connection)
        if revision is None:
            raise NothingToBackUpError
        copy = folder / DATABASE_MEMBER[kind]
        if kind == "postgresql":
            rows = postgres.copy_out(connection, settings.database, copy)
        else:
            rows = sqlite_file.copy_out(connection, copy)
    return Manifest(made_at=at, schema_revision=revision, database=kind, rows=rows)


def _refuse_unusable(archive: Archive, settings: Settings) -> None:
    manifest, here = archive.manifest, _kind(settings)
    if manifest.database != here:
        raise OtherDatabaseError(manifest.database, here)
    if not is_known_revision(manifest.schema_revision):
        raise NewerBackupError(archive.path, f"its schema {manifest.schema_revision}")


def _restore_sqlite(
    file: Path, settings: Settings, archive: Archive, media: Path, at: datetime
) -> frozenset[str]:
    with working_folder(file.parent) as folder:
        copy = folder / archive.manifest.database_member
        archive.extract(copy.name, copy)
        _write_down_what_was_given(settings)
        gone = _make_current(f"sqlite:///{copy}", settings, at)
        sqlite_file.settle(copy)

        damaged = _put_file_aside(settings, at)
        add_media(archive.manifest.media, media, media_folder(settings.data_dir))
        if damaged:
            sqlite_file.put_in_place_of_damaged(copy, file, aside=damaged)
        else:
            sqlite_file.put_in_place(copy, file)
    return gone


def _write_down_what_was_given(settings: Settings) -> None:
    """Ask the present database; of a damaged one counts what the last purge wrote."""
    database = Database.open(settings.database)
    try:
        with suppress(DamagedDatabaseError), sqlite_file.told_plainly():
            write_down(database, settings.data_dir)
    finally:
        database.close()


def _put_file_aside(settings: Settings, at: datetime) -> Path | None:
    """Back up the present data; if it is damaged, return the folder to keep it in as it is."""
    to = kept_backup(settings, "restore", at)
    database = Database.open(settings.database)
    try:
        back_up(settings, database, to, at)
    except NothingToBackUpError:
        return None
    except DamagedDatabaseError:
        return to.with_suffix("")
    finally:
        database.close()
    return None


def _restore_postgres(
    settings: Settings, archive: Archive, media: Path, at: datetime
) -> frozenset[str]:
    postgres.require_programs()
    with working_folder(settings.data_dir) as folder:
        copy = folder / archive.manifest.database_member
        archive.extract(copy.name, copy)

        _put_postgres_aside(settings, at)
        add_media(archive.manifest.media, media, media_folder(settings.data_dir))
        postgres.put_in_place(copy, settings.database, log=folder / "log")
    return _make_current(settings.database, settings, at)


def _put_postgres_aside(settings: Settings, at: datetime) -> None:
    database = Database.open(settings.database)
    try:
        with database.reading() as db:
            postgres.refuse_while_others_are_connected(db.connection())
        with suppress(NothingToBackUpError):
            back_up(settings, database, kept_backup(settings, "restore", at), at)
            write_down(database, settings.data_dir)
    finally:
        database.close()


def _make_current(url: str, settings: Settings, at: datetime) -> frozenset[str]:
    """Migrate what was restored, and let nobody in by what was open when it was backed up.

    Tours that have been forgotten since are forgotten again; return the files that go with
    them, by their hashes. Numbers and references of tours that are lost are not given again.
    """
    database = Database.open(url)
    try:
        migrate_whole(database)
        give_what_comes_after(database, settings.data_dir)
        with database.writing() as db:
            revoke_everything(db, at)
            revoke_every_address(db, at)
        forgotten = forgetting_of(settings, database).forget_due(at)
        overwrite(database)
    finally:
        database.close()
    return forgotten.files


def _kind(settings: Settings) -> Kind:
    return "sqlite" if settings.sqlite_file else "postgresql"
