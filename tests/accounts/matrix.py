"""The matrix of routes and roles, made from the routes; docs/permissions.md is printed from it.

.venv/bin/python -m tests.accounts.matrix > docs/permissions.md
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from guide.accounts.model import Role
from guide.accounts.permissions import Open, rule_of, staff_routes
from guide.app import create_app
from guide.db import Database
from tests.conftest import settings_for

HEAD = """# Who may

Printed from the rules of the routes (`python -m tests.accounts.matrix`), and held to them by
`tests/accounts/test_matrix.py`. Every address below `/staff` is here, or the guide does not
start. What somebody may not see is 404 for them; who is not signed in is led to the form.

| | | anyone | guide | planner | curator | admin |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Way:
    """One method at one address, and who it is for."""

    method: str
    path: str
    roles: frozenset[Role]
    is_open: bool

    @property
    def row(self) -> str:
        """Print one line of the table."""
        marks = [self.is_open, *(self.is_open or role in self.roles for role in Role)]
        cells = " | ".join("yes" if mark else "–" for mark in marks)
        return f"| {self.method} | `{self.path}` | {cells} |\n"


def ways(app: FastAPI) -> Iterator[Way]:
    """Go through every method of every address below /staff, in the order of the addresses."""
    for route in sorted(staff_routes(app), key=lambda route: str(route.path)):
        rule = rule_of(route)
        assert rule, f"{route.path} has no rule"
        roles = frozenset() if isinstance(rule, Open) else rule.roles
        for method in sorted(set(route.methods or ()) - {"HEAD"}):
            yield Way(method, str(route.path), roles, isinstance(rule, Open))


def table(app: FastAPI) -> str:
    """Print the document."""
    return HEAD + "".join(way.row for way in ways(app))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/none.sqlite3")
        made = create_app(settings_for("sqlite://", Path(folder) / "data"), database)
        sys.stdout.write(table(made))
