"""The PostgreSQL database, taken out and put back by PostgreSQL's own programs."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url

from guide.upkeep.refusal import UpkeepError
from guide.upkeep.sqlite_file import DatabaseInUseError

OURS = ("--no-owner", "--no-privileges")

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)

BEGIN_EMPTY = b"""
BEGIN;
SET LOCAL lock_timeout = '10s';
DO $$
DECLARE removal text;
BEGIN
  FOR removal IN
    SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype) FROM pg_type
    WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
  LOOP
    EXECUTE removal;
  END LOOP;
END $$;
"""
"""Begin, and remove the guide's tables, functions and types, but nothing of an extension.

pg_restore --clean removes only what the backup knows, and stumbles over a newer table.
"""


class ProgramMissingError(UpkeepError):
    """A program of PostgreSQL is not installed."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"The program {program} was not found. Install PostgreSQL's client programs, "
            "of the server's version or newer, and put them on PATH."
        )


class ProgramFailedError(UpkeepError):
    """A program of PostgreSQL gave up; it says why."""

    def __init__(self, program: str, said: str) -> None:
        super().__init__(f"{program} failed: {said.strip() or 'it did not say why'}")


def copy_out(connection: Connection, url: str, to: Path) -> dict[str, int]:
    """Write what this connection's REPEATABLE READ transaction sees; return the rows."""
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    options = ("--format=custom", f"--snapshot={snapshot}", f"--file={to}")
    ended = subprocess.run(  # noqa: S603 (a fixed program, no shell)
        [_found("pg_dump"), *OURS, *options, "--no-password", _address(url)],
        env=_environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise ProgramFailedError("pg_dump", ended.stderr)
    return _count_rows(connection)


def refuse_while_others_are_connected(connection: Connection) -> None:
    """Raise DatabaseInUseError while any other client, on any machine, is connected."""
    if connection.scalar(OTHERS):
        raise DatabaseInUseError


def put_in_place(dumped: Path, url: str, log: Path) -> None:
    """Replace the database in one transaction; `log` receives what the programs say.

    The commit is sent only after pg_restore ended well: if anything dies, psql's input ends
    without it, and the old data stands.
    """
    unpack = [_found("pg_restore"), *OURS, "--file=-", str(dumped)]
    quietly = ("--no-psqlrc", "--no-password", "--quiet", "--set=ON_ERROR_STOP=1")
    play = [_found("psql"), *quietly, _address(url)]
    pipe, nowhere, env = subprocess.PIPE, subprocess.DEVNULL, _environment(url)
    with (
        log.open("wb") as said,
        subprocess.Popen(unpack, stdout=pipe, stderr=said) as unpacking,  # noqa: S603 (same)
        subprocess.Popen(play, stdin=pipe, stdout=nowhere, stderr=said, env=env) as playing,  # noqa: S603 (same)
    ):
        _pass_on(unpacking, playing)
    if unpacking.returncode or playing.returncode:
        program = "psql" if playing.returncode else "pg_restore"
        raise ProgramFailedError(program, log.read_text(errors="replace"))


def require_programs() -> None:
    """Raise ProgramMissingError unless all that a restore needs is there."""
    for program in ("pg_dump", "pg_restore", "psql"):
        _found(program)


def _pass_on(unpacking: subprocess.Popen[bytes], playing: subprocess.Popen[bytes]) -> None:
    script, played = _pipe(unpacking.stdout), _pipe(playing.stdin)
    with script, suppress(BrokenPipeError), played:  # psql says itself why it closed the pipe
        played.write(BEGIN_EMPTY)
        shutil.copyfileobj(script, played)
        if unpacking.wait() == 0:
            played.write(b"\nCOMMIT;\n")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the program was started without its pipe")
    return pipe


def _count_rows(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    count = "SELECT count(*) FROM "
    return {
        name: connection.scalar(text(f"{count}{quote(name)}")) or 0
        for name in sorted(inspect(connection).get_table_names())
    }


def _found(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise ProgramMissingError(program)
    return found


def _address(url: str) -> str:
    """Return the address for libpq, without the password: others can see a command line."""
    return make_url(url).set(drivername="postgresql", password=None).render_as_string()


def _environment(url: str) -> dict[str, str]:
    password = make_url(url).password
    return {**os.environ, "PGPASSWORD": password} if password else dict(os.environ)
