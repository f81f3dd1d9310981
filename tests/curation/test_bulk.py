"""Files in and out: nothing written before somebody says so, everything taken back after."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO, StringIO

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import Workbook, load_workbook
from sqlalchemy import select, table, text

from guide.accounts.audit import AuditEntry
from guide.accounts.model import Role
from guide.curation.runs import Run
from guide.db import Database
from guide.exhibits.model import Exhibit, Exhibition
from guide.qr.model import Code
from tests.accounts.conftest import Desk, SignedIn
from tests.curation.conftest import stored

IMPORTS = "/staff/imports"
TABLES = (
    "exhibits",
    "exhibitions",
    "center",
    "exhibit_texts",
    "exhibition_texts",
    "center_texts",
    "drafts",
    "revisions",
    "import_runs",
    "import_steps",
    "audit_entries",
    "codes",
)
CONTENT = TABLES[:6]
"""What visitors read; drafts are compared by what they say."""

SEEDED = """exhibit,category,minutes,presence,exhibition,hook_en,hook_fr
tar,,a few,,,A hook,
kamancha,,,on the moon,,,
No Slug,,,,,A hook,
tar-of-nobody,,3,,,A hook,
balaban,,,,in the cellar,,
saz,,,,,{long},
"""


def send(desk: Desk, body: bytes, name: str = "sheet.csv") -> Response:
    return desk.phone.post(IMPORTS, data=desk.form, files={"file": (name, body)})


def trial_of(desk: Desk, body: bytes, name: str = "sheet.csv") -> str:
    """Upload a file, and take what is suggested for its columns."""
    at = send(desk, body, name).headers["location"]
    if at.endswith("/columns"):
        page = desk.phone.get(at).text
        chosen = dict(desk.form)
        for place, part in enumerate(page.split('<select id="column-')[1:]):
            options = [one for one in part.split("<option ")[1:] if " selected" in one]
            chosen[f"column-{place}"] = options[0].split('"')[1] if options else ""
        at = desk.phone.post(at, data=chosen).headers["location"]
    return at


def digest_on(page: str) -> str:
    return page.partition('name="digest" value="')[2].partition('"')[0]


def import_of(desk: Desk, body: bytes, name: str = "sheet.csv") -> Response:
    at = trial_of(desk, body, name)
    digest = digest_on(desk.phone.get(at).text)
    return desk.phone.post(f"{at}/run", data={**desk.form, "digest": digest})


def rows(museum: Database, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    with museum.reading() as db:
        found = {
            one: db.execute(select(text("*")).select_from(table(one)))
            for one in tables or TABLES
        }
        return {
            one: sorted((tuple(row) for row in some), key=str) for one, some in found.items()
        }


def said(museum: Database) -> list[tuple[object, ...]]:
    with museum.reading() as db:
        query = "SELECT kind, owner_id, language, said, writers FROM drafts"
        return sorted((tuple(row) for row in db.execute(text(query))), key=str)


def tally(page: str) -> list[int]:
    found = page.partition('class="tally"')[2].partition("</ul>")[0]
    return [int(one.partition("<")[0]) for one in found.split('class="number">')[1:]]


def exported(desk: Desk, address: str = "exhibits.csv") -> bytes:
    answer = desk.phone.get(f"/staff/exports/{address}")
    assert answer.status_code == 200
    return answer.content


def test_a_dry_run_writes_nothing(museum: Database, aysel: Desk) -> None:
    before = rows(museum)

    page = aysel.phone.get(trial_of(aysel, b"exhibit,hook_en\ntar,Another hook\n")).text

    assert tally(page) == [0, 1, 0, 0]
    assert rows(museum) == before


def test_every_seeded_error_is_found_and_nothing_is_imported(
    museum: Database, aysel: Desk
) -> None:
    before = rows(museum)
    at = trial_of(aysel, SEEDED.format(long="long " * 200).encode())
    page = aysel.phone.get(at).text

    found = list(
        csv.DictReader(
            StringIO(aysel.phone.get(f"{at}/errors.csv").content.decode("utf-8-sig"))
        )
    )
    sheet = load_workbook(BytesIO(aysel.phone.get(f"{at}/errors.xlsx").content)).active
    answer = aysel.phone.post(f"{at}/run", data={**aysel.form, "digest": digest_on(page)})

    assert tally(page)[3] == 6
    assert {one["row"] for one in found} == {"2", "3", "4", "5", "6", "7"}
    assert all(one["how_to_fix"] and one["expected"] for one in found)
    assert sheet
    assert sheet.max_row == len(found) + 1
    assert answer.status_code == 422
    assert rows(museum) == before


def test_a_text_becomes_a_draft_that_no_visitor_sees(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    shown = guide.get("/en/exhibits/tar").text

    answer = import_of(aysel, b"exhibit,hook_en\ntar,Another hook\n")

    assert answer.status_code == 303
    assert aysel.phone.get(answer.headers["location"]).status_code == 200
    assert stored(museum).newest.hook == "Another hook"
    assert stored(museum).state == "changed"
    assert guide.get("/en/exhibits/tar").text == shown


def test_a_record_changes_at_once(museum: Database, aysel: Desk) -> None:
    import_of(aysel, b"exhibit,minutes\ntar,17\n")

    with museum.reading() as db:
        assert db.scalars(select(Exhibit.minutes).where(Exhibit.slug == "tar")).one() == 17


@pytest.mark.parametrize("name", ["exhibits.csv", "exhibits.xlsx", "exhibits.json"])
def test_what_was_exported_changes_nothing(aysel: Desk, name: str) -> None:
    page = aysel.phone.get(trial_of(aysel, exported(aysel, name), name)).text

    created, changed, same, wrong = tally(page)
    assert (created, changed, wrong) == (0, 0, 0)
    assert same
    assert not digest_on(page)


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans"])
def test_a_language_beside_its_source_changes_nothing(aysel: Desk, language: str) -> None:
    table = exported(aysel, f"exhibits.xlsx?language={language}")
    catalogue = exported(aysel, f"texts.po?language={language}")

    for body, name in ((table, "x.xlsx"), (catalogue, "x.po")):
        created, changed, _, wrong = tally(aysel.phone.get(trial_of(aysel, body, name)).text)
        assert (created, changed, wrong) == (0, 0, 0)


def test_the_same_file_again_changes_nothing(aysel: Desk) -> None:
    body = b"exhibit,hook_en,minutes\ntar,Another hook,17\nkamancha,A third,9\n"
    import_of(aysel, body)

    assert tally(aysel.phone.get(trial_of(aysel, body)).text) == [0, 0, 2, 0]


def test_taken_back_everything_is_as_it_was(museum: Database, aysel: Desk) -> None:
    import_of(aysel, b"exhibit,hook_en\ntar,A draft that stands already\n")
    before, drafts = rows(museum, *CONTENT), said(museum)
    run = import_of(aysel, b"exhibit,hook_en,hook_fr,minutes\ntar,Another,Autre,17\n")
    assert rows(museum, *CONTENT) != before

    answer = aysel.phone.post(f"{run.headers['location']}/reversal", data=aysel.form)
    again = aysel.phone.post(f"{run.headers['location']}/reversal", data=aysel.form)

    assert (answer.status_code, again.status_code) == (303, 303)
    assert rows(museum, *CONTENT) == before
    assert said(museum) == drafts


def test_what_was_changed_since_stays(museum: Database, aysel: Desk) -> None:
    run = import_of(aysel, b"exhibit,hook_en,minutes\ntar,Another,17\n")
    import_of(aysel, b"exhibit,hook_en\ntar,A better one\n")
    before = rows(museum)

    answer = aysel.phone.post(f"{run.headers['location']}/reversal", data=aysel.form)

    assert answer.status_code == 409
    assert "exhibit:tar/en" in answer.text
    assert rows(museum) == before


def test_a_new_exhibit_has_a_code_and_is_withdrawn_when_taken_back(
    museum: Database, aysel: Desk
) -> None:
    with museum.reading() as db:
        slug = db.scalars(select(Exhibition.slug)).first()
    body = f"exhibit,exhibition,category,minutes,name_az,hook_az\nqosha,{slug},a,3,Qoşa,H\n"

    run = import_of(aysel, body.encode())
    with museum.reading() as db:
        made = db.scalars(select(Exhibit).where(Exhibit.slug == "qosha")).one()
        assert made.names == {"az": "Qoşa"}
        codes = list(db.scalars(select(Code).where(Code.exhibit_id == made.id)))
    aysel.phone.post(f"{run.headers['location']}/reversal", data=aysel.form)

    assert codes
    with museum.reading() as db:
        made = db.scalars(select(Exhibit).where(Exhibit.slug == "qosha")).one()
        assert made.withdrawn_at


def test_of_two_commits_at_once_one_wins(museum: Database, aysel: Desk) -> None:
    at = trial_of(aysel, b"exhibit,hook_en,minutes\ntar,Another,17\n")
    form = {**aysel.form, "digest": digest_on(aysel.phone.get(at).text)}

    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(lambda _: aysel.phone.post(f"{at}/run", data=form), range(2)))

    assert sorted(one.status_code for one in answers) == [303, 409]
    with museum.reading() as db:
        assert len(list(db.scalars(select(Run)))) == 1


def test_a_guide_that_moved_on_is_not_written_over(museum: Database, aysel: Desk) -> None:
    at = trial_of(aysel, b"exhibit,hook_en\ntar,Another\n")
    form = {**aysel.form, "digest": digest_on(aysel.phone.get(at).text)}
    import_of(aysel, b"exhibit,hook_en\ntar,A better one\n")

    assert aysel.phone.post(f"{at}/run", data=form).status_code == 409
    assert stored(museum).newest.hook == "A better one"


def test_a_text_in_review_is_not_written_over(museum: Database, aysel: Desk) -> None:
    import_of(aysel, b"exhibit,hook_en\ntar,Another\n")
    version = stored(museum).version
    submit = {**aysel.form, "version": version}
    aysel.phone.post("/staff/texts/exhibit/tar/en/review", data=submit)
    assert stored(museum).state == "in-review"

    page = aysel.phone.get(trial_of(aysel, b"exhibit,hook_en\ntar,A better one\n")).text

    assert tally(page) == [0, 0, 0, 1]


def test_nobody_sees_what_somebody_else_uploaded(aysel: Desk, rauf: Desk) -> None:
    at = trial_of(aysel, b"exhibit,hook_en\ntar,Another\n")

    for where in (at, f"{at}/columns", f"{at}/errors.csv"):
        assert rauf.phone.get(where).status_code == 404
    form = {**rauf.form, "digest": digest_on(aysel.phone.get(at).text)}
    assert rauf.phone.post(f"{at}/run", data=form).status_code == 404


@pytest.mark.parametrize("role", [Role.GUIDE, Role.PLANNER, Role.ADMIN])
def test_others_than_curators_import_nothing(signed_in: SignedIn, role: Role) -> None:
    desk = signed_in(role)

    assert send(desk, b"exhibit,hook_en\ntar,Another\n").status_code == 404
    assert desk.phone.get("/staff/exports/exhibits.csv").status_code == 404


def test_the_trail_knows_who_imported_and_who_took_it_back(
    museum: Database, aysel: Desk, rauf: Desk
) -> None:
    run = import_of(aysel, b"exhibit,hook_en,minutes\ntar,Another,17\n")
    rauf.phone.post(f"{run.headers['location']}/reversal", data=rauf.form)

    with museum.reading() as db:
        deeds = [
            (one.deed, one.account_id, one.fields)
            for one in db.scalars(select(AuditEntry).order_by(AuditEntry.id))
            if one.subject == "import:1"
        ]
    assert deeds == [
        ("import.done", aysel.number, ["hook", "minutes"]),
        ("import.reverted", rauf.number, []),
    ]


def test_a_spreadsheet_calculates_nothing_of_what_it_gets(aysel: Desk) -> None:
    nasty = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1+1", "'=kept"]
    sheet = StringIO()
    csv.writer(sheet).writerows(
        [
            ("exhibit", "language", "hook"),
            *(
                (slug, "en", words)
                for slug, words in zip(
                    ("tar", "kamancha", "balaban", "saz"), nasty, strict=False
                )
            ),
        ]
    )
    assert import_of(aysel, sheet.getvalue().encode()).status_code == 303

    table = list(csv.reader(StringIO(exported(aysel).decode("utf-8-sig"))))
    book = load_workbook(BytesIO(exported(aysel, "exhibits.xlsx"))).active

    cells = [cell for row in table for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝"))]
    assert book
    kinds = {cell.data_type for row in book.iter_rows() for cell in row}
    assert "f" not in kinds
    again = trial_of(aysel, exported(aysel))
    assert tally(aysel.phone.get(again).text)[1] == 0


def test_columns_are_suggested_and_settled_by_a_person(aysel: Desk) -> None:
    body = "Eksponat;Başlıq (az);İlk cümlə (en);Qeyd\ntar;Tar;Another hook;x\n".encode()
    at = send(aysel, body).headers["location"]
    page = aysel.phone.get(at).text

    assert page.count(" selected>") == 3
    answer = aysel.phone.post(at, data={**aysel.form, "column-0": "exhibit"})
    assert answer.status_code == 422
    chosen = {"column-0": "exhibit", "column-2": "hook en"}
    answer = aysel.phone.post(at, data={**aysel.form, **chosen})
    assert tally(aysel.phone.get(answer.headers["location"]).text) == [0, 1, 0, 0]


def test_a_workbook_keeps_zeros_and_tells_of_dates(aysel: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["exhibit", "hook_en", "category"])
    sheet.append(["tar", "007", date(2019, 9, 17)])
    made = BytesIO()
    book.save(made)

    page = aysel.phone.get(trial_of(aysel, made.getvalue(), "x.xlsx")).text

    assert tally(page) == [0, 0, 0, 1]
    assert "2019-09-17" in page


def test_json_takes_texts_and_facts(museum: Database, aysel: Desk) -> None:
    whole = json.loads(exported(aysel, "exhibits.json"))
    tar = next(
        one for one in whole["sheets"] if one["slug"] == "tar" and one["kind"] == "exhibit"
    )
    tar["minutes"] = 11
    answer = import_of(aysel, json.dumps(whole).encode(), "all.json")

    assert answer.status_code == 303
    with museum.reading() as db:
        assert db.scalars(select(Exhibit.minutes).where(Exhibit.slug == "tar")).one() == 11


def test_what_lies_in_the_bin_goes_nowhere_and_takes_nothing(aysel: Desk) -> None:
    aysel.phone.post("/staff/bin/exhibit/saz", data=aysel.form)

    sheet = aysel.phone.get("/staff/exports/exhibits.csv").text
    page = aysel.phone.get(trial_of(aysel, b"exhibit,hook_en\nsaz,A hook\n")).text

    assert "\nsaz," not in sheet
    assert "\ntar," in sheet
    assert "It lies in the bin" in page


def test_the_page_of_a_run_names_what_was_changed_and_nothing_else(aysel: Desk) -> None:
    at = trial_of(aysel, b"exhibit,hook_en\ntar,A hook\n")
    form = {**aysel.form, "digest": digest_on(aysel.phone.get(at).text)}

    done = aysel.phone.post(f"{at}/run", data=form).headers["location"]

    page = aysel.phone.get(done).text
    change = page[page.index('id="changes"') :]
    assert "Hook" in change
    for other in ("Name", "Story", "Look for"):
        assert other not in change
