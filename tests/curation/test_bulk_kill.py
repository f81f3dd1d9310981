"""A server that is killed while it imports: the file went in whole, or not at all."""

import json
import random
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from guide.accounts.model import Role, StaffSession
from guide.accounts.tokens import form_token, fresh_token, hashed
from guide.curation.contents import Contents
from guide.curation.exports import as_json
from guide.curation.holdings import holdings
from guide.curation.proposing import propose
from guide.curation.runs import Run, Step
from guide.curation.shelf import Shelf, Upload
from guide.db import Database
from guide.exhibits.drafts import Draft
from guide.exhibits.revisions import Revision
from tests import make
from tests.conftest import Copy
from tests.e2e.server import LOOPBACK, Server

LONGEST = 0.6
"""Seconds from asking to the kill, at most: an import of everything takes about half of it."""


def renumbered(museum: Database, number: int) -> Contents:
    """Change every exhibit and every English text of the guide."""
    with museum.reading() as db:
        whole = json.loads(as_json(holdings(db)))
    for sheet in whole["sheets"]:
        if sheet["kind"] == "exhibit":
            sheet["minutes"] = 1 + number % 100
        elif sheet.get("language") == "en":
            sheet["hook"] = f"Sentence {number}"
    return Contents("json", sheets=tuple(whole["sheets"]))


def counted(museum: Database) -> tuple[int, ...]:
    """Count what an import adds: runs, steps, drafts, revisions by their runs."""
    with museum.reading() as db:
        runs = db.scalar(select(func.count(Run.id))) or 0
        steps = db.scalar(select(func.count(Step.id))) or 0
        kept = db.scalar(select(func.count(Revision.id)).where(Revision.run.is_not(None))) or 0
        hooks = {one.manuscript.hook for one in db.scalars(select(Draft))}
    return runs, steps, kept, len(hooks)


def ask(port: int, token: str, secret: str, name: str, digest: str) -> int:
    csrf = form_token(secret, hashed(token), "salt")
    connection = HTTPConnection(LOOPBACK, port, timeout=20)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"staff={token}",
    }
    body = urlencode({"csrf": csrf, "digest": digest})
    try:
        connection.request("POST", f"/staff/imports/uploads/{name}/run", body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def rounds(count: int, location: str, data_dir: Path) -> None:
    token, chance = fresh_token(), random.Random(5)  # noqa: S311 (moments, no secrets)
    museum = Database.open(location)
    with museum.writing() as db:
        account = make.account(Role.CURATOR)
        db.add(account)
        db.flush()
        number = account.id
        db.add(StaffSession.of(account, hashed(token), datetime.now(UTC)))
    for round_ in range(1, count + 1):
        contents = renumbered(museum, round_)
        with museum.reading() as db:
            proposal = propose(contents, (), holdings(db))
        assert not proposal.faults
        before = counted(museum)
        server = Server.start(data_dir, location)
        server.wait_until_ready()
        upload = Upload("all.json", datetime.now(UTC), number, contents)
        name = Shelf(data_dir / "imports").put(upload)
        secret = (data_dir / "secret").read_text().strip()
        with ThreadPoolExecutor(1) as office:
            asked = office.submit(ask, server.port, token, secret, name, proposal.digest)
            wait([asked], chance.uniform(0, LONGEST))  # the moment of the kill
            server.process.kill()
            server.process.wait()
            status = asked.result()
        runs, steps, kept, hooks = counted(museum)
        is_done = runs > before[0]
        assert status in {0, 303}
        assert is_done or status == 0
        whole = len(proposal.steps) if is_done else 0
        assert (runs, steps, kept) == (
            before[0] + is_done,
            before[1] + whole,
            before[2] + whole,
        )
        assert hooks == (1 if runs else 0)
        with museum.reading() as db:
            left = len(propose(contents, (), holdings(db)).steps)
        assert left == (0 if is_done else len(proposal.steps))
    museum.close()


def test_a_kill_leaves_no_half_of_an_import(copied: Copy, tmp_path: Path) -> None:
    rounds(1, copied("starter"), tmp_path / "data")


@pytest.mark.long
def test_twenty_kills_leave_no_half_of_an_import(copied: Copy, tmp_path: Path) -> None:
    rounds(20, copied("starter"), tmp_path / "data")
