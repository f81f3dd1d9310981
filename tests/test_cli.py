"""The guide command, as somebody at a terminal uses it."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select
from typer.main import get_command
from typer.testing import CliRunner

from guide.cli import app
from guide.db import Database
from guide.qr.model import Print
from tests.conftest import EXHIBITIONS, Copy

Guide = Callable[..., Any]
"""Runs the command with words; what comes back is typer's own result."""
COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]  # it is a group


@pytest.fixture
def run(copied: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guide:
    """Run the command over the starter content."""
    monkeypatch.setenv("GUIDE_DATABASE_URL", copied("starter"))
    monkeypatch.setenv("GUIDE_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(command: str) -> None:
    helped = CliRunner().invoke(app, [command, "--help"])
    assert helped.exit_code == 0
    assert f"Example: guide {command}" in helped.output


def test_wrong_usage_ends_with_2(run: Guide) -> None:
    assert run("symbol").exit_code == 2
    assert run("nothing").exit_code == 2
    assert run("symbol", "ab12n", "--out", "x.gif").exit_code == 2


def test_codes_are_listed_with_address_and_exhibit(run: Guide) -> None:
    lines = run("codes", "--exhibition", "classic-cars").stdout.splitlines()
    assert len(lines) == 6
    code, address, exhibit = lines[0].split()[:3]
    assert address == f"http://127.0.0.1:8000/q/{code.replace('-', '').casefold()}"
    assert exhibit == "gaz-13-chaika"


def test_codes_are_listed_for_a_script_with_the_public_address(
    run: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://g.hac.az")
    listed = json.loads(run("codes", "--json").stdout)
    assert len(listed) == 27
    assert all(one["address"].startswith("https://g.hac.az/q/") for one in listed)


def code_of(run: Guide, exhibit: str) -> str:
    listed = json.loads(run("codes", "--json").stdout)
    return next(str(one["code"]) for one in listed if one["exhibit"] == exhibit)


def test_a_symbol_for_print_carries_the_public_address(
    run: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://g.hac.az/")
    code = code_of(run, "tar")
    drawn = run("symbol", code, "--out", tmp_path / "tar.png")
    assert drawn.exit_code == 0, drawn.output
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO((tmp_path / "tar.png").read_bytes())))
    assert read.text == f"https://g.hac.az/q/{code.replace('-', '').casefold()}"


def test_without_a_public_address_there_is_only_a_draft(run: Guide, tmp_path: Path) -> None:
    code, file = code_of(run, "tar"), tmp_path / "tar.svg"
    refused = run("symbol", code, "--out", file)
    assert refused.exit_code == 1
    assert "GUIDE_PUBLIC_URL" in refused.stderr
    assert not file.exists()

    assert run("symbol", code, "--out", file, "--draft").exit_code == 0
    assert "DRAFT http://127.0.0.1:8000/q/" in file.read_text(encoding="utf-8")


def test_a_symbol_of_a_code_that_was_never_minted_is_refused(
    run: Guide, tmp_path: Path
) -> None:
    refused = run("symbol", "00000", "--out", tmp_path / "x.svg", "--draft")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "not a code of this guide" in refused.stderr


def test_import_says_what_it_would_do_and_does_nothing_twice(run: Guide) -> None:
    told = run("import", EXHIBITIONS, "--dry-run").stdout
    assert told == "0 files would be added, 0 would be changed, 0 codes would be minted.\n"
    assert run("import", EXHIBITIONS).stdout == "0 files added, 0 changed, 0 codes minted.\n"


def test_import_of_a_broken_folder_says_where_and_ends_with_1(
    run: Guide, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "languages.toml").write_text("x = \n", encoding="utf-8")
    refused = run("import", tmp_path / "broken")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("languages.toml:1: found")


def test_import_of_no_folder_says_so(run: Guide, tmp_path: Path) -> None:
    assert "is not a folder" in run("import", tmp_path / "nowhere").stderr


def test_export_writes_the_folder_that_was_imported(run: Guide, tmp_path: Path) -> None:
    assert run("export", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out/codes.toml").read_bytes() == (
        EXHIBITIONS / "codes.toml"
    ).read_bytes()


def test_migrate_says_that_the_schema_is_up_to_date(run: Guide) -> None:
    assert run("migrate").stdout == "The schema is up to date.\n"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("GUIDE_PUBLIC_URL", "http://g.hac.az", "GUIDE_PUBLIC_URL: "),
        ("GUIDE_PUBLIC_URL", "https://G.hac.az", "GUIDE_PUBLIC_URL: "),
        ("GUIDE_PUBLIC_URL", "https://g.hac.az/guide", "GUIDE_PUBLIC_URL: "),
        ("GUIDE_TIMEZONE", "Mars/Olympus", "GUIDE_TIMEZONE: "),
        ("GUIDE_DATABASE_URL", "nonsense", "GUIDE_DATABASE_URL: it must begin with sqlite://"),
        (
            "GUIDE_DATABASE_URL",
            "postgresql+psycopg://u@127.0.0.1:1/x",
            "the database cannot be used",
        ),
        ("GUIDE_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3", "/nowhere/at/all.sqlite3"),
        ("GUIDE_DATA_DIR", "/proc/guide", "/proc/guide"),
    ],
)
def test_an_unusable_setting_is_one_plain_sentence(
    run: Guide, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    refused = run("codes")
    assert refused.exit_code == 1
    assert told in refused.stderr
    assert "Traceback" not in refused.output


def test_a_secret_that_others_can_read_is_refused(run: Guide, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data/secret").write_text("known to all", encoding="utf-8")
    (tmp_path / "data/secret").chmod(0o644)
    refused = run("codes")
    assert refused.exit_code == 1
    assert "chmod 600" in refused.stderr


def test_labels_are_written_with_their_slip_once_they_are_proved(
    run: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://g.hac.az")
    out, slip = tmp_path / "cars.pdf", tmp_path / "cars.json"
    what = ("--exhibition", "classic-cars", "--stock", "L7165", "--languages", "az,en,ru")
    how = ("--start", "8", "--crop-marks", "--calibration", "--slip", slip)
    made = run("labels", "--out", out, *what, *how)
    assert made.exit_code == 0, made.stderr
    assert (
        "6 labels, 2 sheets, each code read back; to be scanned from up to 53 cm" in made.stdout
    )
    assert out.read_bytes().startswith(b"%PDF")
    assert [len(page["codes"]) for page in json.loads(slip.read_text())["pages"]] == [0, 1, 5]


def test_labels_are_set_on_a_stock_of_the_center_s_own(run: Guide, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('name = "Own"\nlabel = [99.1, 57]\ncolumns = 2\nrows = 4\nsymbol = 50\n')
    made = run("labels", "--out", tmp_path / "own.pdf", "--stock", own, "--draft")
    assert made.exit_code == 0, made.stderr
    assert "27 labels, 4 sheets" in made.stdout
    own.write_text("")
    refused = run("labels", "--out", tmp_path / "x.pdf", "--stock", own, "--draft")
    assert refused.exit_code == 1
    assert f"{own}: name: Field required" in refused.stderr
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("--stock", "none.toml"), "none.toml: No such file"),
        (("--stock", "L7161"), "there is no stock L7161"),
        (("--start", "0"), "from 1 to 10"),
        (("--start", "11"), "from 1 to 10"),
        (("--languages", "az,en,ru,tr"), "name one to three"),
        (("--languages", "az,en,ru"), "L7173 holds titles in 2 languages"),
        (("--languages", "az,az"), "name one to three"),
        (("--exhibition", "nowhere"), "no code to print in nowhere"),
    ],
)
def test_labels_that_cannot_be_made_are_refused_and_nothing_is_written(
    run: Guide, tmp_path: Path, asked: tuple[str, str], answer: str
) -> None:
    refused = run("labels", "--out", tmp_path / "x.pdf", "--draft", *asked)
    assert refused.exit_code == 1
    assert answer in refused.stderr
    assert not list(tmp_path.glob("*.pdf"))


def test_a_further_code_is_minted_merged_and_retired(run: Guide) -> None:
    further = run("codes", "mint", "tar", "--place", "at the door").stdout.strip()
    tag = run("codes", "mint", "tar", "--nfc").stdout.strip()
    listed = {one["code"]: one for one in json.loads(run("codes", "--json").stdout)}
    assert listed[further]["exhibit"] == listed[tag]["exhibit"] == "tar"
    assert (listed[further]["place"], listed[tag]["carrier"]) == ("at the door", "nfc")

    assert run("codes", "damaged", further).exit_code == 0
    assert run("codes", "merge", further, tag).exit_code == 0
    refused = run("codes", "merge", tag, further)
    assert refused.exit_code == 1
    assert "follows" in refused.stderr
    assert run("codes", "retire", further).exit_code == 0
    assert further not in run("codes").stdout
    assert run("codes", "mint", "nothing").exit_code == 1
    assert run("codes", "retire", "zzzzz").exit_code == 1


def test_prints_are_recorded_and_drafts_are_not(
    run: Guide, copied: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = copied("starter")
    monkeypatch.setenv("GUIDE_DATABASE_URL", address)
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://g.hac.az")
    what = ("labels", "--out", tmp_path / "x.pdf", "--exhibition", "classic-cars")
    database = Database.open(address)
    for how, recorded in ((("--draft",), 0), ((), 6)):
        assert run(*what, *how).exit_code == 0
        with database.reading() as db:
            prints = db.scalars(select(Print)).all()
        assert len(prints) == recorded
    assert {(one.stock, tuple(one.languages), one.account_id) for one in prints} == {
        ("L7173", ("az", "en"), None)
    }
    assert ["QAZ-13 «Çayka»", "GAZ-13 Chaika"] in [[*one.titles] for one in prints]
    database.close()


def test_a_poster_is_printed_on_a3_once_its_room_has_a_code(run: Guide, tmp_path: Path) -> None:
    what = ("labels", "--out", tmp_path / "x.pdf", "--poster", "--draft")
    refused = run(*what)
    assert refused.exit_code == 1
    assert "no poster's code to print" in refused.stderr
    poster = run("codes", "mint", "classic-cars").stdout.strip()
    made = run(*what)
    assert made.exit_code == 0, made.stderr
    assert "1 labels, 1 sheets" in made.stdout
    with pypdfium2.PdfDocument(tmp_path / "x.pdf") as pdf:
        assert poster in pdf[0].get_textpage().get_text_bounded()
        assert [round(one / 72 * 25.4) for one in pdf[0].get_size()] == [297, 420]
