"""A delegation's own page: what it shows, to whom it opens, until when (T10; 15 and 21)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Text, select
from structlog.testing import capture_logs

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Account
from guide.app import create_app
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.model import Code
from guide.qr.scanning import Scanning
from guide.tours.delegation import Opening
from guide.tours.links import TourLink
from guide.tours.model import BRIEF, Level, Party, PublishedTour, State, TourBrief
from guide.tours.people import Interpreter, Mode, TourInterpreter, TourPerson
from guide.visitors.press import Press
from tests import make
from tests.accounts.conftest import Desk
from tests.conftest import BROWSER, settings_for
from tests.e2e.markup import Element, read
from tests.test_house import app_of
from tests.tours.conftest import Booked

BAKU = ZoneInfo("Asia/Baku")
EVERY_LANGUAGE = ("az", "en", "ru", "tr", "zh-Hans", "ar", "fr")
CANARY = "Kanareyka7f3a"
GUESTS = (
    Party("organisation", {"az": "Dostluq Cəmiyyəti", "zh-Hans": "友好协会", "ar": "الجمعية"}),
    Party("country", {}, "CN"),
)
NOBODY = "A" * 22
LISTED = "/staff/tours?view=list"

Addressed = Callable[..., str]
"""Puts a tour into the book and makes its address; returns the path."""


def on_day(days: int, hour: int = 11, **lasting: int) -> dict[str, object]:
    """Take place so many days from the museum's today, for 90 minutes or as told."""
    day = datetime.now(BAKU).date() + timedelta(days=days)
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=BAKU).astimezone(UTC)
    ends_at = starts_at + (timedelta(**lasting) if lasting else timedelta(minutes=90))
    return {"starts_at": starts_at, "ends_at": ends_at, "date": day.isoformat()}


@pytest.fixture
def things(museum: Database) -> dict[str, int]:
    """The numbers of exhibits by their slugs, and of one exhibition."""
    with museum.reading() as db:
        found = {slug: number for number, slug in db.execute(select(Exhibit.id, Exhibit.slug))}
        rooms = select(Exhibition.id).where(Exhibition.slug == "classic-cars")
        return {**found, "classic-cars": db.scalars(rooms).one()}


@pytest.fixture
def addressed(
    guide: TestClient, museum: Database, booked: Booked, things: dict[str, int]
) -> Addressed:
    def address(**fields: object) -> str:
        stops = [
            make.stop(1, names={"az": "Görüş", "zh-Hans": "会见"}, minutes=20),
            make.stop(2, exhibit_id=things["tar"], minutes=10),
            make.stop(3, exhibit_id=things["kamancha"], minutes=10),
            make.stop(4, exhibition_id=things["classic-cars"], minutes=15),
        ]
        dull = {"state": State.CONFIRMED, "parties": GUESTS, "languages": ["ja", "ar", "fr"]}
        number = booked(**{**dull, **on_day(1), "stops": stops, **fields})
        return made(guide, museum, number)

    return address


def made(guide: TestClient, museum: Database, number: int) -> str:
    """Make the address of a tour; return it as a path."""
    secret: str = app_of(guide).state.secret
    with museum.writing() as db:
        link = TourLink.made(number, secret, datetime.now(UTC))
        db.add(link)
        return f"/d/{link.token(secret)}"


def shown(guide: TestClient, path: str, lang: str = "en", **headers: str) -> Element:
    answer = guide.get(path, params={"lang": lang} if lang else {}, headers=headers)
    assert answer.status_code == HTTPStatus.OK
    return read(answer.text)


def words(page: Element) -> str:
    (main,) = page.named("main")
    return main.text


# What it shows.


def test_a_confirmed_visit_shows_its_programme(guide: TestClient, addressed: Addressed) -> None:
    page = shown(guide, addressed(**on_day(1)), "zh-Hans")

    assert [one.text for one in page.named("h1")] == ["欢迎来到盖达尔·阿利耶夫中心"]
    said = words(page)
    told = ("友好协会", "中国", "11:00–12:30", "11:00 会见", "11:22", "11:32", "11:44")
    positions = [said.index(one) for one in told]
    assert positions[3:] == sorted(positions[3:])
    tomorrow = datetime.now(BAKU).date() + timedelta(days=1)
    assert f"{tomorrow.year}年{tomorrow.month}月{tomorrow.day}日" in said


@pytest.mark.parametrize("lang", EVERY_LANGUAGE)
def test_it_speaks_every_language(guide: TestClient, addressed: Addressed, lang: str) -> None:
    for state in (State.CONFIRMED, State.COMPLETED):
        page = shown(guide, addressed(state=state), lang)

        assert page.attributes["lang"] == lang
        assert page.attributes["dir"] == ("rtl" if lang == "ar" else "ltr")
        headings = page.named("h1", "h2", "h3", "title")
        assert len(headings) == 3
        assert all(one.text for one in headings)
        assert all(one.text for one in page.named("p", "li", "a", "time"))
        assert "None" not in words(page)


@pytest.mark.parametrize("lang", EVERY_LANGUAGE)
def test_its_links_lead_to_the_pages_in_its_language(
    guide: TestClient, addressed: Addressed, lang: str
) -> None:
    (main,) = shown(guide, addressed(), lang).named("main")
    hrefs = [one.attributes["href"] for one in main.named("a")]

    assert hrefs == [
        f"/{lang}/exhibitions/musical-instruments",
        f"/{lang}/exhibits/tar",
        f"/{lang}/exhibits/kamancha",
        f"/{lang}/exhibitions/classic-cars",
    ]
    assert {guide.get(one).status_code for one in hrefs} == {HTTPStatus.OK}


def test_what_has_no_page_is_named_and_leads_nowhere(
    guide: TestClient, museum: Database, addressed: Addressed
) -> None:
    path = addressed()
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.withdraw(at=datetime.now(UTC))
        cars = db.scalars(select(Exhibition).where(Exhibition.slug == "classic-cars")).one()
        cars.removed_at = datetime.now(UTC)
    app_of(guide).state.watch.look()

    page = shown(guide, path)

    assert "11:22 Tar" in words(page)
    hrefs = [one.attributes["href"] for one in page.named("a")]
    assert "/en/exhibits/kamancha" in hrefs
    assert "/en/exhibits/tar" not in hrefs
    assert "/en/exhibitions/classic-cars" not in hrefs


def test_a_visit_without_stops_has_a_greeting_and_its_time(
    guide: TestClient, addressed: Addressed
) -> None:
    page = shown(guide, addressed(stops=[]))

    assert page.named("h2") == []
    assert "11:00–12:30" in words(page)


# Until when.


@pytest.mark.parametrize(
    ("state", "days", "is_over"),
    [
        (State.CONFIRMED, 40, False),
        (State.CONFIRMED, 0, False),
        (State.UNDER_WAY, 0, False),
        (State.COMPLETED, 0, True),
        (State.CONFIRMED, -1, True),
        (State.UNDER_WAY, -1, True),
        (State.COMPLETED, -30, True),
    ],
)
def test_a_visit_that_was_is_thanked_for(
    guide: TestClient, addressed: Addressed, state: State, days: int, *, is_over: bool
) -> None:
    page = shown(guide, addressed(state=state, **on_day(days)))

    heading = "Thank you for your visit" if is_over else "Welcome to the Heydar Aliyev Center"
    assert [one.text for one in page.named("h1")] == [heading]
    assert ("11:22" in words(page)) == (state == State.CONFIRMED and not is_over)
    assert "Kamancha" in words(page)


def test_the_day_ends_at_the_museums_midnight() -> None:
    late = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)  # 23:30 in Baku
    tour = make.tour(
        state=State.CONFIRMED, starts_at=late, ends_at=late + timedelta(minutes=20)
    )

    opening = Opening.of(tour, BAKU)

    midnight = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
    assert opening is not None
    assert (opening.over, opening.gone) == (midnight, midnight + timedelta(days=30))
    assert not opening.thanks(midnight - timedelta(seconds=1))
    assert opening.thanks(midnight)


@pytest.mark.parametrize(
    ("ends", "last"),
    [
        (datetime(2026, 12, 1, 20, 0, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 1, 20, 1, tzinfo=UTC), date(2026, 12, 2)),
    ],
)
def test_a_visit_that_ends_at_midnight_is_over_then(ends: datetime, last: date) -> None:
    tour = make.tour(state=State.CONFIRMED, starts_at=ends - timedelta(hours=2), ends_at=ends)

    opening = Opening.of(tour, BAKU)

    assert opening is not None
    assert opening.over.astimezone(BAKU).date() == last + timedelta(days=1)
    assert opening.over.astimezone(BAKU).strftime("%H:%M") == "00:00"


@pytest.mark.parametrize(
    ("day", "last_day", "over"),
    [
        ("2026-12-01", None, date(2026, 12, 2)),
        ("2026-12-01", "2026-12-03", date(2026, 12, 4)),
        ("2026-12", None, None),
        (None, None, None),
    ],
)
def test_without_hours_the_last_day_that_is_known_counts(
    day: str | None, last_day: str | None, over: date | None
) -> None:
    tour = make.tour(
        state=State.COMPLETED, starts_at=None, ends_at=None, date=day, last_date=last_day
    )

    opening = Opening.of(tour, BAKU)

    assert (opening and opening.over.astimezone(BAKU).date()) == over


# What opens nothing.


def test_all_that_opens_nothing_answers_alike(
    guide: TestClient, museum: Database, addressed: Addressed
) -> None:
    revoked = addressed()
    with museum.writing() as db:
        for link in db.scalars(select(TourLink)):
            link.revoke(datetime.now(UTC))
    paths = [
        f"/d/{NOBODY}",
        "/d/x",
        f"/d/{'A' * 4_000}",
        revoked,
        addressed(state=State.REQUESTED),
        addressed(state=State.PLANNED),
        addressed(state=State.CANCELLED),
        addressed(state=State.COMPLETED, **on_day(-31)),
        addressed(state=State.COMPLETED, starts_at=None, ends_at=None, date="2026"),
    ]

    answers = [guide.get(path, headers={"accept-language": "ar"}) for path in paths]

    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
    assert "set-cookie" not in answers[0].headers
    assert_unlisted(answers[0])


def test_it_is_the_houses_own_page_that_is_not_there(guide: TestClient) -> None:
    headers = {"accept-language": "fr"}
    nowhere = guide.get("/nowhere/at/all", headers=headers).text

    assert guide.get(f"/d/{NOBODY}", headers=headers).text == nowhere.replace(
        'value="/nowhere/at/all"', 'value="/"'
    )


def assert_unlisted(answer: Response) -> None:
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["referrer-policy"] == "no-referrer"


# What nobody learns.


def test_the_page_is_listed_and_logged_nowhere(
    guide: TestClient, museum: Database, addressed: Addressed
) -> None:
    path = addressed()
    token = path.removeprefix("/d/")

    with capture_logs() as lines:
        answer = guide.get(path)
        guide.get(path + "x")
        guide.get(f"{path}?lang=fr")

    assert_unlisted(answer)
    assert '<meta name="robots" content="noindex">' in answer.text
    assert {line["route"] for line in lines} == {"/d/{token}"}
    assert token not in str(lines)
    assert token not in answer.text
    assert len(token) * 6 >= 128
    with museum.reading() as db:
        assert token not in str(vars(db.scalars(select(TourLink)).one()))


@pytest.fixture
def private(nigar: Desk, museum: Database, things: dict[str, int]) -> dict[str, object]:
    """A tour that says the same word wherever one may name somebody, in columns to come too."""
    texts = {c.key for c in TourPerson.__table__.columns if isinstance(c.type, Text)}
    told = (c.key for c in PublishedTour.__table__.columns if isinstance(c.type, Text))
    with museum.writing() as db:
        db.get_one(Account, nigar.number).name = CANARY
        interpreter = Interpreter(name=CANARY, contact=CANARY, languages=["ar"])
        db.add(interpreter)
        db.flush()
        at_work = TourInterpreter(
            interpreter_id=interpreter.id,
            from_language="az",
            to_language="ar",
            mode=Mode.WHISPERED,
            whisper_sets=CANARY,
        )
    published = dict.fromkeys(told, CANARY) | {"displays": [CANARY], "also": {CANARY: CANARY}}
    person = dict.fromkeys(texts - {"name_official"}, CANARY) | {
        "positions": {"az": CANARY, "ar": CANARY}
    }
    return {
        "guide": nigar,
        "reference": CANARY,
        "persons": [make.person(CANARY, **person)],
        "brief": TourBrief(**dict.fromkeys(BRIEF, CANARY)),
        "published": PublishedTour(confidence="high", language="en", **published),
        "interpreters": [at_work],
        "stops": [make.stop(1, exhibit_id=things["tar"], note=CANARY)],
    }


@pytest.mark.parametrize(
    "opening",
    [*product((State.CONFIRMED, State.UNDER_WAY, State.COMPLETED), Level)],
    ids=lambda opening: f"{opening[0]}-{opening[1]}",
)
def test_no_private_word_is_said(
    guide: TestClient,
    addressed: Addressed,
    nigar: Desk,
    private: dict[str, object],
    opening: tuple[State, Level],
) -> None:
    state, level = opening
    path = addressed(state=state, level=level, **private)

    for lang in ("", *EVERY_LANGUAGE, CANARY):
        answer = guide.get(path, params={"lang": lang})
        assert answer.status_code == HTTPStatus.OK
        assert CANARY not in answer.text
        assert CANARY not in str(answer.headers)
    number = re.findall(r"/staff/tours/(\d+)", nigar.phone.get(LISTED).text)[0]
    assert CANARY in nigar.phone.get(f"/staff/tours/{number}").text, "it is there to be said"


@pytest.mark.parametrize("state", [State.CONFIRMED, State.COMPLETED])
def test_of_a_closed_visit_not_even_the_parties_are_named(
    guide: TestClient, addressed: Addressed, state: State
) -> None:
    open_ = words(shown(guide, addressed(state=state, level=Level.RESTRICTED), "az"))
    closed = words(shown(guide, addressed(state=state, level=Level.CLOSED), "az"))

    for party in ("Dostluq Cəmiyyəti", "Çin"):
        assert party in open_
        assert party not in closed
    assert "Kamança" in closed


# In which language.


@pytest.mark.parametrize(
    ("asked", "chosen", "got"),
    [
        ("", "", "ar"),
        ("", "ru", "ru"),
        ("fr", "ru", "fr"),
        ("FR", "", "fr"),
        ("zz", "", "ar"),
        ("../../x", "xx", "ar"),
    ],
)
def test_the_address_comes_before_the_choice_before_the_delegation(
    guide: TestClient, addressed: Addressed, asked: str, chosen: str, got: str
) -> None:
    if chosen:
        guide.cookies.set("lang", chosen)
    answer = guide.get(addressed(), params={"lang": asked}, headers={"accept-language": "en"})

    assert answer.headers["content-language"] == got
    assert answer.headers["vary"] == "Accept-Language, Cookie"


def test_a_delegation_of_no_language_here_is_met_in_the_phones(
    guide: TestClient, addressed: Addressed
) -> None:
    page = guide.get(addressed(languages=["ja"]), headers={"accept-language": "tr"})

    assert page.headers["content-language"] == "tr"


def test_the_switcher_leads_to_this_page(guide: TestClient, addressed: Addressed) -> None:
    page = shown(guide, addressed())
    (form,) = [one for one in page.named("form") if "method" in one.attributes]

    assert form.attributes == {"method": "get"}
    buttons = [one.attributes for one in form.named("button")]
    assert [one["value"] for one in buttons] == [*EVERY_LANGUAGE]
    assert {one["name"] for one in buttons} == {"lang"}


# What a phone remembers.


@pytest.fixture
def front(museum: Database, tmp_path: Path) -> Iterator[TestClient]:
    """A phone before the guide as it is served, the scans in front of it."""
    app = create_app(settings_for("sqlite://", tmp_path / "front"), museum)
    press = Press(Scanning(app), app.state)
    press.watch.look()
    press.state.scans.start()
    yield TestClient(
        press, base_url="http://localhost", headers=BROWSER, follow_redirects=False
    )
    press.state.scans.close()


def scanned(phone: TestClient, museum: Database) -> list[str]:
    """Scan a label twice, by the route and by the board, and open the entrance."""
    with museum.reading() as db:
        code = db.scalars(
            select(Code.code)
            .join(Exhibit, Exhibit.id == Code.exhibit_id)
            .where(Exhibit.slug == "tar")
        ).first()
    answers = [
        phone.get(path, headers={"accept-language": "en"})
        for path in (f"/q/{code}", f"/q/{code}", "/")
    ]
    assert {answer.headers["vary"] for answer in answers} == {"Accept-Language, Cookie"}
    return [answer.headers["location"] for answer in answers]


def test_scans_open_in_the_language_of_the_delegation(
    front: TestClient, museum: Database, addressed: Addressed
) -> None:
    path = addressed()
    assert scanned(front, museum) == ["/en/exhibits/tar", "/en/exhibits/tar", "/en/"]

    front.get(path)
    assert scanned(front, museum) == ["/ar/exhibits/tar", "/ar/exhibits/tar", "/ar/"]

    front.get(path, params={"lang": "fr"})
    assert scanned(front, museum) == ["/fr/exhibits/tar", "/fr/exhibits/tar", "/fr/"]

    front.cookies.set("lang", "ru")
    assert scanned(front, museum) == ["/ru/exhibits/tar", "/ru/exhibits/tar", "/ru/"]


def test_a_cookie_that_was_tampered_with_is_ignored(
    front: TestClient, museum: Database, addressed: Addressed
) -> None:
    front.get(addressed())
    kept = front.cookies["d"]
    said, dot, signature = kept.rpartition(".")
    front.cookies.clear()

    for forged in (f"{said}x{dot}{signature}", f"{said}{dot}{signature[:-2]}xx", said):
        front.cookies.set("d", forged)
        assert scanned(front, museum)[-1] == "/en/"
        front.cookies.clear()
    front.cookies.set("d", kept)
    assert scanned(front, museum)[-1] == "/ar/"


def test_the_cookie_lasts_until_the_day_is_over_and_no_script_reads_it(
    guide: TestClient, addressed: Addressed
) -> None:
    cookie = guide.get(addressed(**on_day(0, 23, minutes=59))).headers["set-cookie"]

    midnight = datetime.now(BAKU).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    left = (midnight - datetime.now(BAKU)).total_seconds()
    (seconds,) = re.findall(r"Max-Age=(\d+)", cookie)
    assert abs(int(seconds) - left) < 5
    assert cookie.startswith("d=")
    for told in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert told in cookie


def test_after_the_day_nothing_is_remembered(guide: TestClient, addressed: Addressed) -> None:
    answer = guide.get(addressed(state=State.COMPLETED, **on_day(-1)))

    assert answer.status_code == HTTPStatus.OK
    assert "set-cookie" not in answer.headers


# Revoking.


def test_an_address_is_revoked_and_another_made(
    guide: TestClient, museum: Database, leyla: Desk, booked: Booked
) -> None:
    number = booked(planner=leyla, state=State.CONFIRMED, **on_day(1))
    papers = f"/staff/tours/{number}/papers"
    first = made(guide, museum, number)
    assert guide.get(first).status_code == HTTPStatus.OK

    for _ in range(2):
        answer = leyla.phone.post(f"{papers}/address/revocation", data=leyla.form)
        assert answer.status_code == HTTPStatus.SEE_OTHER
    page = leyla.phone.get(answer.headers["location"]).text

    assert guide.get(first).status_code == HTTPStatus.NOT_FOUND
    assert "The address opens nothing any more" in page
    assert "Make the address" in page
    leyla.phone.post(f"{papers}/address", data=leyla.form)
    secret: str = app_of(guide).state.secret
    with museum.reading() as db:
        links = db.scalars(select(TourLink).order_by(TourLink.id)).all()
        second = f"/d/{links[-1].token(secret)}"
        deeds = db.scalars(select(AuditEntry.deed).order_by(AuditEntry.id)).all()
    assert second != first
    assert guide.get(second).status_code == HTTPStatus.OK
    assert deeds == ["tour.address.revoked", "tour.address.made"]


def test_nobody_revokes_the_address_of_a_tour_that_they_may_not_read(
    guide: TestClient, museum: Database, nigar: Desk, elvin: Desk, booked: Booked
) -> None:
    number = booked(guide=nigar, state=State.CONFIRMED, **on_day(1))
    path = made(guide, museum, number)

    answer = elvin.phone.post(
        f"/staff/tours/{number}/papers/address/revocation", data=elvin.form
    )

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert guide.get(path).status_code == HTTPStatus.OK
