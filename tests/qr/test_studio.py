"""The studio: what is chosen in its address is shown, warned of, printed and noted."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
import typst
from fastapi import FastAPI
from PIL import Image, ImageChops, ImageFilter
from sqlalchemy import select

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Role
from guide.app import create_app
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.apart import drawn_apart
from guide.qr.model import Code, Print
from guide.qr.printing import print_apart
from guide.qr.printshop import Printshop, PrintshopBusyError, State, Ticket
from guide.qr.proof import prove
from guide.qr.typesetting import forme_of
from guide.settings import FILES
from tests import make
from tests.accounts.conftest import Desk, SignedIn, desk_of
from tests.conftest import client_of, settings_for
from tests.qr.test_labels import (
    FOREIGN,
    LONG,
    label,
    pages_of,
    run_of,
    words_of,
)
from tests.qr.test_printing import TOO_LONG

PUBLIC = "https://g.hac.az"
STUDIO = "/staff/labels"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TICKET = Ticket("exhibit=tar", "labels-tar", "Aysel", NOW.isoformat(), 1, 1, is_draft=True)
DPI = 600
NEAR_MM = 0.1


@pytest.fixture
def curator(signed_in: SignedIn) -> Desk:
    return signed_in(Role.CURATOR)


@pytest.fixture
def at_the_center(museum: Database, tmp_path: Path) -> Iterator[Desk]:
    """A curator of a guide that has a public address, so that labels are final."""
    settings = settings_for("sqlite://", tmp_path / "public")
    app = create_app(settings.model_copy(update={"public_url": PUBLIC}), museum)
    with client_of(app) as client:
        desk = desk_of(client, museum, make.account(Role.CURATOR))
        desk.phone.base_url = PUBLIC
        desk.phone.cookies.set("__Host-staff", desk.token)
        yield desk


def shop_of(desk: Desk) -> Printshop:
    assert isinstance(desk.phone.app, FastAPI)
    shop: Printshop = desk.phone.app.state.studio.printshop
    return shop


def printed(desk: Desk, query: str) -> str:
    """Ask for a print and wait for it; return the path of its page."""
    answer = desk.phone.post(f"{STUDIO}/runs?{query}", data=desk.form)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    shop_of(desk).close()
    return str(answer.headers["location"])


def drawn(svg: bytes) -> Image.Image:
    """Draw an SVG of a sheet as pixels, by another way than the preview's."""
    page = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""
    png = typst.compile(page, format="png", ppi=DPI, sys_inputs={"svg": svg.decode()})
    assert isinstance(png, bytes)
    return Image.open(BytesIO(png)).convert("L")


def ink(image: Image.Image) -> Image.Image:
    return image.point(lambda grey: 255 if grey < 128 else 0)


@pytest.mark.parametrize(
    ("stock", "start", "language"),
    [("L7173", 3, "az"), ("L7165", 1, "ar"), ("A6", 2, "zh-Hans"), ("L7160", 5, "az")],
)
def test_what_is_shown_is_what_is_printed(stock: str, start: int, language: str) -> None:
    """C6: every symbol within 0.1 mm, and the same ink all over the sheet."""
    titles = FOREIGN if language != "az" else LONG
    faces = [label(f"ab1{n}n", titles=titles) for n in "23"]
    run = run_of(*faces, stock=stock, start=start, language=language)
    shown, paper = drawn(drawn_apart(forme_of(run))), pages_of(print_apart(run).pdf, DPI)[0]
    mm = DPI / 25.4
    for spot in run.spots[0]:
        wide = spot.side + 2 * spot.quiet
        left, top = (spot.left - spot.quiet) * mm, (spot.top - spot.quiet) * mm
        frame = (left, top, left + wide * mm, top + wide * mm)
        boxes = [ink(image.crop(frame)).getbbox() for image in (shown, paper)]
        assert all(boxes), "there is a symbol on both"
        off = max(abs(a - b) for a, b in zip(*boxes, strict=True))
        assert off / mm <= NEAR_MM
    size = (min(shown.width, paper.width), min(shown.height, paper.height))
    pair = [ink(image.crop((0, 0, *size))) for image in (shown, paper)]
    thick = ImageChops.difference(*pair).filter(ImageFilter.MinFilter(5))
    assert thick.getbbox() is None, "no stroke is on one alone; edges differ by a pixel"


def test_the_first_look_shows_an_exhibition_and_its_address_shows_the_same(
    curator: Desk,
) -> None:
    page = curator.phone.get(STUDIO)
    assert page.status_code == HTTPStatus.OK
    found = re.search(r'href="(/staff/labels/sheets/preview.svg[^"]+)"', page.text)
    assert found
    svg = curator.phone.get(found[1].replace("&amp;", "&"))
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.headers["cache-control"] == "no-store"
    assert svg.content.startswith(b"<svg")
    assert 'name="exhibition" value="carpet-dance-of-loops" checked' in page.text


def test_a_label_is_cut_out_of_its_sheet(curator: Desk) -> None:
    query = "exhibition=classic-cars&label=3&closer=on"
    svg = curator.phone.get(f"{STUDIO}/sheets/preview.svg?{query}").text
    left, top = 4.65 * 72 / 25.4, 63 * 72 / 25.4
    assert f'viewBox="{left:.3f} {top:.3f} {99.1 * 72 / 25.4:.3f}' in svg[:120]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("stock=L7173", "Nothing is chosen"),
        ("exhibit=no-such-exhibit", "Nothing is chosen"),
        ("exhibit=tar&stock=Z9", "no such stock"),
        ("exhibit=tar&language=xx", "one to three languages"),
        ("exhibit=tar&language=az&language=en&language=ru", "holds names in 2 languages"),
        ("exhibit=tar&start=11", "no such label to begin at"),
        ("exhibit=tar&start=eleven", "no such label to begin at"),
        ("exhibit=tar&distance=-1", "from 1 to 1000"),
        (f"exhibit={'a' * 81}", "cannot be read: exhibit"),
    ],
)
def test_what_cannot_be_printed_is_said_and_not_printed(
    curator: Desk, query: str, told: str
) -> None:
    page = curator.phone.get(f"{STUDIO}?{query}")
    assert page.status_code == HTTPStatus.OK
    assert told in page.text
    refused = curator.phone.post(f"{STUDIO}/runs?{query}", data=curator.form)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in refused.text
    assert curator.phone.get(f"{STUDIO}/sheets/preview.svg?{query}").status_code == 404


def test_what_to_know_before_printing_is_said(curator: Desk, museum: Database) -> None:
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.take_off_display(NOW)
        tar.names = {"az": "Tar"}
        room = db.get_one(Exhibition, tar.exhibition_id)
        unpublished = make.exhibit("a-new-one", of=room, published=False)
        db.add(Code.minted("ab12n", unpublished, NOW))

    page = curator.phone.get(
        f"{STUDIO}?exhibit=tar&exhibit=a-new-one&exhibit=nothing&stock=L7163&distance=90"
    ).text

    for told in (
        "its page says so to whoever scans it",
        "finds no page until it is published",
        "The name of another language is printed",
        "A machine wrote the text",
        "from up to 26 cm, not from 90",
        "so it is not printed: <bdi>nothing</bdi>",
    ):
        assert told in page


def test_names_that_do_not_fit_are_named_and_refused(curator: Desk, museum: Database) -> None:
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.names = {"az": TOO_LONG[0].text, "en": TOO_LONG[0].text}
    page = curator.phone.get(f"{STUDIO}?exhibit=tar").text
    assert "the names do not fit on L7173" in page
    assert 'class="sheet"' not in page

    told = curator.phone.get(printed(curator, "exhibit=tar"))

    assert "do not fit at a size that can be read" in told.text
    assert curator.phone.get(f"{told.url.path}/labels.pdf").status_code == 404


def test_a_draft_is_proved_and_not_noted(curator: Desk, museum: Database) -> None:
    path = printed(curator, "exhibit=tar&calibration=on")
    page = curator.phone.get(path)
    assert "The draft is there" in page.text
    assert "refresh" not in page.headers
    pdf = curator.phone.get(f"{path}/labels.pdf")
    assert pdf.headers["cache-control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="labels-draft-tar-l7173-[\d-]{10}\.pdf"',
        pdf.headers["content-disposition"],
    )
    assert "DRAFT" in words_of(pdf.content)
    assert len(pages_of(pdf.content, 30)) == 2
    with museum.reading() as db:
        assert db.scalars(select(Print)).all() == []


def test_labels_for_the_wall_are_proved_and_noted(
    at_the_center: Desk, museum: Database
) -> None:
    path = printed(at_the_center, "exhibition=classic-cars&stock=A5&language=ar&language=en")
    pdf = at_the_center.phone.get(f"{path}/labels.pdf").content
    slip = json.loads(at_the_center.phone.get(f"{path}/slip.json").content)
    codes = [code for page in slip["pages"] for code in page["codes"]]
    with museum.reading() as db:
        noted = db.scalars(select(Print)).all()
        assert sorted(one.code for one in noted) == sorted(codes)
        assert {(one.stock, one.account_id) for one in noted} == {("A5", at_the_center.number)}
        assert {tuple(one.languages) for one in noted} == {("ar", "en")}
        deeds = db.scalars(select(AuditEntry.deed)).all()
    assert "labels.printed" in deeds
    assert len(pages_of(pdf, 30)) == len(slip["pages"]) == 3
    assert "DRAFT" not in words_of(pdf)
    suggested = at_the_center.phone.get(f"{STUDIO}?exhibit=tar").text
    assert f'name="code" value="{codes[0]}"' not in suggested


def test_a_label_that_is_suggested_is_printed_by_itself(
    at_the_center: Desk, museum: Database
) -> None:
    printed(at_the_center, "exhibit=tar")
    with museum.writing() as db:
        tar = db.scalars(select(Exhibit).where(Exhibit.slug == "tar")).one()
        tar.names = tar.names | {"en": "The tar"}  # type: ignore[operator]  # a dict from JSON
        code = db.scalars(select(Code.code).where(Code.exhibit_id == tar.id)).one()
    page = at_the_center.phone.get(STUDIO).text
    assert "has another name now" in page

    path = printed(at_the_center, f"code={code}")

    pdf = at_the_center.phone.get(f"{path}/labels.pdf").content
    assert "The tar" in words_of(pdf)
    assert "has another name now" not in at_the_center.phone.get(STUDIO).text


def test_a_stock_of_the_centers_own_is_offered_and_a_broken_file_is_told(
    curator: Desk, tmp_path: Path
) -> None:
    own = tmp_path / "data" / "stocks"
    own.mkdir()
    measures = "label = [99.1, 57.0]\ncolumns = 1\nrows = 3\nsymbol = 50\n"
    (own / "own.toml").write_text(f'name = "Herma 4457"\n{measures}')
    (own / "broken.toml").write_text(measures)
    page = curator.phone.get(f"{STUDIO}?exhibit=tar&stock=Herma+4457").text
    assert "Herma 4457 · 99.1 × 57 mm" in page
    assert "broken.toml: name" in page
    assert "1 label · 1 sheet · Herma 4457" in re.sub(r"\s+", " ", page)


def test_a_second_print_waits_and_is_told(tmp_path: Path) -> None:
    shop, may_end = Printshop(tmp_path / "runs", wait_seconds=0), Event()
    run = run_of(label("ab12n"))
    number = shop.begin(run, TICKET, NOW, lambda: may_end.wait(60))
    with pytest.raises(PrintshopBusyError):
        shop.begin(run, TICKET, NOW, lambda: None)
    working = shop.find(number)
    may_end.set()
    shop.close()
    done = shop.find(number)
    assert working
    assert done
    assert (working.state, done.state) == (State.WORKING, State.DONE)
    prove(done.pdf(), run.spots)
    again = shop.begin(run, TICKET, NOW, lambda: None)
    shop.close()
    assert again != number


def test_what_is_being_printed_is_told_to_whoever_comes_second(curator: Desk) -> None:
    assert isinstance(curator.phone.app, FastAPI)
    shop, may_end = shop_of(curator), Event()
    shop._wait = 0  # noqa: SLF001 (nobody has to wait here)
    number = shop.begin(run_of(label("ab12n")), TICKET, NOW, lambda: may_end.wait(60))
    told = curator.phone.post(f"{STUDIO}/runs?exhibit=tar", data=curator.form)
    waiting = curator.phone.get(f"{STUDIO}/runs/{number}")
    early = curator.phone.get(f"{STUDIO}/runs/{number}/labels.pdf")
    may_end.set()
    shop.close()
    assert told.status_code == HTTPStatus.CONFLICT
    assert "Try again in a moment" in told.text
    assert waiting.headers["refresh"] == "2"
    assert early.status_code == HTTPStatus.NOT_FOUND


def test_a_print_that_cannot_be_noted_is_not_handed_out(tmp_path: Path) -> None:
    def refuse() -> None:
        raise OSError("the disk is full")

    shop = Printshop(tmp_path / "runs")
    number = shop.begin(run_of(label("ab12n")), TICKET, NOW, refuse)
    shop.close()
    found = shop.find(number)
    assert found
    assert (found.state, found.refused) == (State.REFUSED, ("refused", "the disk is full"))


def test_prints_of_the_week_before_are_cleared_away(tmp_path: Path) -> None:
    shop = Printshop(tmp_path / "runs")
    old = shop.begin(run_of(label("ab12n")), TICKET, NOW, lambda: None)
    shop.close()
    later = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1)
    new = shop.begin(run_of(label("ab12n")), TICKET, later, lambda: None)
    shop.close()
    assert shop.find(old) is None
    assert shop.find(new)


@pytest.mark.parametrize("number", ["", "..", "0123", "0" * 16, "../secret"])
def test_a_number_that_was_never_given_finds_nothing(tmp_path: Path, number: str) -> None:
    assert Printshop(tmp_path / "runs").find(number) is None


PRINT_AND_WAIT = """
import sys
from pathlib import Path
from guide.qr.printshop import Printshop
from tests.qr.test_studio import NOW, TICKET, label, run_of

def noted():
    print("proved", flush=True)
    sys.stdin.read()

Printshop(Path(sys.argv[1])).begin(run_of(label("ab12n")), TICKET, NOW, noted)
"""


def test_a_print_whose_guide_was_killed_has_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PRINT_AND_WAIT, str(tmp_path / "runs")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=FILES) as guide:  # noqa: S603 (ourselves)
        assert guide.stdout
        assert guide.stdout.readline() == b"proved\n"
        shop = Printshop(tmp_path / "runs")
        [folder] = (tmp_path / "runs").iterdir()
        before = shop.find(folder.name)
        guide.kill()
        guide.wait()
    after = shop.find(folder.name)
    assert before
    assert after
    assert (before.state, after.state) == (State.WORKING, State.STOPPED)


def test_a_print_that_has_stopped_is_not_handed_out_and_can_be_made_again(
    curator: Desk, tmp_path: Path
) -> None:
    path = printed(curator, "exhibit=tar")
    (tmp_path / "data" / "runs" / path.rpartition("/")[2] / "slip.json").unlink()

    page = curator.phone.get(path)

    assert "stopped while it printed" in page.text
    assert "runs?exhibit=tar" in page.text
    assert curator.phone.get(f"{path}/labels.pdf").status_code == 404
