"""Every route below /staff, for every role and for strangers, as its rule says."""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.accounts.model import (
    IDLE,
    LONGEST_SESSION,
    Account,
    Invitation,
    Role,
    StaffSession,
)
from guide.accounts.permissions import RouteWithoutRuleError, require_rules
from guide.accounts.tokens import hashed
from guide.app import create_app
from guide.curation.contents import Contents, Grid
from guide.curation.runs import Run
from guide.curation.shelf import Shelf, Upload
from guide.db import Database
from guide.exhibits.halls import Hall
from guide.exhibits.model import Exhibit
from guide.exhibits.pictures import ExhibitPicture, ExhibitRecording
from guide.exhibits.problems import Problem
from guide.exhibits.visitor_routes import Route
from guide.media.cabinet import Cabinet
from guide.media.signatures import Kind
from guide.qr.model import Code
from guide.qr.printshop import Printshop, Ticket
from guide.settings import FILES, Settings
from guide.tours.keepsakes.model import Direction, Gift, GuestBookPage
from guide.tours.keepsakes.vault import Vault
from guide.tours.model import State
from guide.tours.people import Duty, Interpreter, TourStaff
from guide.tours.reporting.model import TourReport
from guide.tours.reporting.words import Words
from guide.tours.sample import sample_tour
from guide.tours.stops import Closure
from tests import make
from tests.accounts.conftest import Desk, SignedIn
from tests.accounts.matrix import Way, table, ways
from tests.conftest import settings_for
from tests.make import YESTERDAY
from tests.media import samples
from tests.qr.test_labels import label, run_of

MARGIN = timedelta(seconds=1)


@pytest.fixture
def examples(museum: Database, guide: TestClient) -> dict[str, str]:
    """What stands in each address for what it names; a room that names more says what."""
    now = datetime.now(UTC)
    assert isinstance(guide.app, FastAPI)
    cabinet: Cabinet = guide.app.state.cabinet
    upload = one_upload(guide, now)
    with museum.writing() as db:
        run = Run(at=now, file="a.csv", format="csv", created=0, changed=0, same=0)
        db.add(run)
        somebody = make.account(Role.GUIDE, email="somebody@example.org")
        db.add(Invitation.to(somebody, hashed("invited"), now))
        session = StaffSession.of(somebody, hashed("another"), now)
        db.add(session)
        owner = db.scalars(select(Exhibit)).first()
        assert owner
        problem = Problem(exhibit_id=owner.id, language="en", words="It hangs askew.", at=now)
        db.add(problem)
        kept = cabinet.take_in(Kind.PICTURE, BytesIO(samples.picture(size=(200, 200))))
        sound = cabinet.take_in(Kind.RECORDING, BytesIO(samples.mp3()))
        picture = ExhibitPicture(
            exhibit_id=owner.id, file=kept.row(db, now), name="one", position=1, added_at=now
        )
        recording = ExhibitRecording(
            exhibit_id=owner.id,
            file=sound.row(db, now),
            name="one",
            language="en",
            added_at=now,
        )
        db.add_all([picture, recording])
        db.add(Hall(slug="hall", position=1, floor=0, names={"en": "Hall"}))
        db.add(Route(slug="walk", position=1, minutes=9, names={"en": "Walk"}))
        visit = sample_tour(db, now)
        assert visit
        tour = make.tour(persons=[make.person()])
        over = make.tour(state=State.COMPLETED)
        interpreter = Interpreter(name="Mei", languages=["en"])
        db.add_all([tour, over, interpreter])
        db.flush()
        vault: Vault = guide.app.state.vault
        photo = vault.photograph("examples", BytesIO(samples.picture(size=(200, 200))))
        told = {"tour_id": tour.id, "key": str(uuid4()), "made_at": now}
        page = GuestBookPage(**told, picture=photo)
        gift = Gift(**told, direction=Direction.GIVEN)
        db.add_all([page, gift])
        closure = Closure(starts_at=now, ends_at=now + MARGIN, reason="Repairs")
        db.add(closure)
        db.flush()
        db.add(TourReport(tour_id=over.id, number=1, made_at=now, words=Words().kept()))
        return {
            "tour_id": str(tour.id),
            "reported_id": str(over.id),
            "interpreter_id": str(interpreter.id),
            "paper": "brief",
            "page_id": str(page.id),
            "gift_id": str(gift.id),
            "keepsake": photo,
            "size": "small",
            "person_id": str(tour.persons[0].id),
            "kind": "exhibit",
            "slug": owner.slug,
            "exhibition": "classic-cars",
            "word": "tar",
            "vocabulary": "carpet-schools",
            "hall": "hall",
            "route": "walk",
            "language": "en",
            "lang": "az",
            "number": "1",
            "account_id": str(somebody.id),
            "session_id": str(session.id),
            "token": "invited",
            "token_id": "1",
            "picture_id": str(picture.id),
            "recording_id": str(recording.id),
            "hash_": kept.hash,
            "past_id": str(visit.id),
            "file": "200.jpg",
            "run_number": one_print(guide),
            "upload": upload,
            "run": str(run.id),
            "format_": "csv",
            "code": db.scalars(select(Code.code)).first() or "",
            "closure_id": str(closure.id),
            "feed_id": "1",
        }


def one_print(guide: TestClient) -> str:
    """Print a label; return the number of the print."""
    assert isinstance(guide.app, FastAPI)
    shop: Printshop = guide.app.state.studio.printshop
    ticket = Ticket("", "labels", "Aysel", YESTERDAY.isoformat(), 1, 1, is_draft=True)
    number = shop.begin(run_of(label("ab12n")), ticket, YESTERDAY, lambda: None)
    shop.close()
    return number


def one_upload(guide: TestClient, now: datetime) -> str:
    """Upload a table for whoever signs in first after `somebody`; return its name."""
    assert isinstance(guide.app, FastAPI)
    settings: Settings = guide.app.state.settings
    contents = Contents("csv", Grid(("exhibit", "minutes"), ((2, ("tar", "3")),)))
    shelf = Shelf(settings.data_dir / "imports")
    return shelf.put(Upload("a.csv", now, 2, contents, ("exhibit", "minutes")))


def all_ways(guide: TestClient) -> list[Way]:
    assert isinstance(guide.app, FastAPI)
    return list(ways(guide.app))


def lead(museum: Database, desk: Desk, tour_id: str) -> None:
    """Put somebody in charge of a tour, since a guide sees their own alone."""
    with museum.writing() as db:
        db.add(TourStaff(tour_id=int(tour_id), account_id=desk.number, duty=Duty.GUIDE))


def ask(phone: TestClient, way: Way, examples: dict[str, str]) -> HTTPStatus:
    if (
        "/report" in way.path or "{tour_id}/published" in way.path
    ):  # of a tour that is over; the others are still planned
        examples = {**examples, "tour_id": examples["reported_id"]}
    path = re.sub(r"{(\w+)(:\w+)?}", lambda named: examples[named[1]], way.path)
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = phone.request(way.method, path, headers={} if way.method == "GET" else form)
    if answer.headers.get("location", "").startswith("/staff/session"):
        return HTTPStatus.UNAUTHORIZED
    return HTTPStatus(answer.status_code)


def test_strangers_are_led_to_the_form_and_no_further(
    guide: TestClient, examples: dict[str, str]
) -> None:
    for way in all_ways(guide):
        answered = ask(guide, way, examples)
        assert (answered is not HTTPStatus.UNAUTHORIZED) == way.is_open, way


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_what_its_rule_says_and_nothing_else_exists(
    signed_in: SignedIn,
    museum: Database,
    guide: TestClient,
    examples: dict[str, str],
    role: Role,
) -> None:
    desk = signed_in(role)
    for tour_id in ("tour_id", "reported_id"):
        lead(museum, desk, examples[tour_id])
    seen = 0
    for way in all_ways(guide):
        answered = ask(desk.phone, way, examples)
        if way.is_open:
            continue
        if role not in way.roles:
            assert answered is HTTPStatus.NOT_FOUND, way
        elif way.method == "GET":
            assert answered is HTTPStatus.OK, way
            seen += 1
        else:  # no token came with the form: a rule looks at the role first
            assert answered is HTTPStatus.FORBIDDEN, way
            seen += 1
    assert seen


def test_no_roles_is_nothing_at_all(
    signed_in: SignedIn, guide: TestClient, examples: dict[str, str]
) -> None:
    desk = signed_in()
    for way in all_ways(guide):
        if not way.is_open:
            assert ask(desk.phone, way, examples) is HTTPStatus.NOT_FOUND, way


def end(museum: Database, desk: Desk, how: str) -> None:
    now = datetime.now(UTC)
    with museum.writing() as db:
        ours = select(StaffSession).where(StaffSession.token_hash == hashed(desk.token))
        session = db.scalars(ours).one()
        if how == "disabled":
            db.get_one(Account, desk.number).disable(now)
        elif how == "revoked":
            session.revoke(now)
        elif how == "idle":
            session.seen_at = now - IDLE - MARGIN
        else:
            session.made_at = now - LONGEST_SESSION - MARGIN


@pytest.mark.parametrize("ended", ["disabled", "revoked", "idle", "old"])
def test_whose_session_has_ended_is_a_stranger(
    signed_in: SignedIn,
    museum: Database,
    guide: TestClient,
    examples: dict[str, str],
    ended: str,
) -> None:
    desk = signed_in(*Role)
    assert desk.phone.get("/staff").status_code == HTTPStatus.OK
    end(museum, desk, ended)

    for way in all_ways(guide):
        if not way.is_open:
            assert ask(desk.phone, way, examples) is HTTPStatus.UNAUTHORIZED, way


def test_a_route_without_a_rule_stops_the_guide(museum: Database, tmp_path: Path) -> None:
    app = create_app(settings_for("sqlite://", tmp_path / "data"), museum)
    careless = APIRouter()
    careless.add_api_route("/staff/careless", lambda: "everyone sees this")
    app.include_router(careless)

    with pytest.raises(RouteWithoutRuleError, match="/staff/careless"):
        require_rules(app)


def test_the_table_of_the_papers_is_the_table_of_the_routes(guide: TestClient) -> None:
    assert isinstance(guide.app, FastAPI)
    paper = (FILES / "docs" / "permissions.md").read_text("utf-8")
    assert paper == table(guide.app)
