"""Before it is forgotten: what is marked of a confidential tour is on no page for everybody."""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.accounts.permissions import STAFF
from guide.db import Database
from guide.tours.links import TourLink
from guide.tours.model import Level, State
from guide.tours.people import Duty, TourStaff
from guide.upkeep.content import export_folder
from tests.accounts.conftest import Desk
from tests.tours.forgetting.conftest import Marked
from tests.tours.forgetting.marked import MARK, mark

SOON = datetime.now(UTC) + timedelta(hours=2)
EXAMPLES = {
    "lang": "en",
    "slug": "tar",
    "code": "dt7zm",
    "word": "tar",
    "kind": "picture",
    "route": "highlights",
}
OF_ITS_OWN = {mark("tour_stops.names"), mark("tours.parties")}
"""What a delegation reads on its own page: its programme, and who it is."""
STREAMS = "/events"
"""What never ends is tested where it is built."""


@pytest.fixture(params=[Level.RESTRICTED, Level.CLOSED])
def secret(request: pytest.FixtureRequest, marked: Marked, leyla: Desk) -> int:
    """A confidential tour of today, confirmed, with the address of its page made."""
    return marked(
        level=request.param,
        state=State.CONFIRMED,
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=1),
        date=SOON.date().isoformat(),
        staff=[TourStaff(account_id=leyla.number, duty=Duty.PLANNER)],
    )


def public_paths(guide: TestClient, token: str) -> list[str]:
    """Return every address for everybody that needs no more than an example."""
    assert isinstance(guide.app, FastAPI)
    examples = {**EXAMPLES, "token": token}
    found: list[str] = []
    for route in iter_route_contexts(guide.app.routes):
        path = str(route.path)
        named = set(re.findall(r"{(\w+)(?::\w+)?}", path))
        is_asked = "GET" in (route.methods or ()) and not path.startswith(STAFF)
        if is_asked and named <= examples.keys() and not path.endswith(STREAMS):
            found.append(re.sub(r"{(\w+)(:\w+)?}", lambda name: examples[name[1]], path))
    return found


def test_no_page_log_export_or_calendar_says_a_marked_word(  # noqa: PLR0913, PLR0917 (fixtures)
    guide: TestClient,
    museum: Database,
    leyla: Desk,
    secret: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert isinstance(guide.app, FastAPI)
    with museum.reading() as db:
        link = db.scalars(select(TourLink).where(TourLink.tour_id == secret)).one()
    token = link.token(guide.app.state.secret)
    pages = public_paths(guide, token)
    assert len(pages) > 15
    for path in pages:
        said = set(re.findall(rf"{MARK}\w*", guide.get(path).text))
        assert not said - (OF_ITS_OWN if token in path else set()), path
    assert guide.get(f"/d/{token}").status_code == HTTPStatus.OK
    searched = guide.get("/en/search?q=zanzibartour").text
    assert MARK not in searched
    assert guide.get(f"/staff/tours/{secret}?q={MARK}").status_code != HTTPStatus.OK

    made = leyla.phone.post("/staff/tours/calendars", data={**leyla.form, "kind": "all"})
    [address] = set(re.findall(r"/calendar/[\w-]+\.ics", made.text))
    assert MARK.encode() not in guide.get(address).content

    with museum.reading() as db:
        export_folder(db, tmp_path / "exported")
    written = [path for path in (tmp_path / "exported").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if MARK.encode() in path.read_bytes()]
    logged = "".join(capsys.readouterr())
    assert "route" in logged
    assert MARK not in logged
