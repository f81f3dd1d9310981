"""What is typed into the office's forms: part C of the catalogue of bad input.

Accounts and passwords are in `tests/accounts`, files in `tests/media` and the tests of bulk.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from guide.db import Database
from tests.accounts.conftest import Desk
from tests.curation.conftest import address, stored, typed

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>[a](javascript:alert(1))"

REFUSED: dict[str, Mapping[str, str]] = {
    "49 a NUL": {"hook": "a\x00b"},
    "49 a bell": {"story": "a\x07b"},
    "49 a control of the second set": {"name": "a\x85b"},
    "58 more than a field takes": {"hook": "x" * 601},
    "58 more than a story takes": {"story": "x" * 6_001},
    "64 a tower of marks": {"hook": "Z" + "\u0301" * 1_000},
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_comes_back_with_the_rest_of_what_was_typed(
    museum: Database, aysel: Desk, case: str
) -> None:
    before = stored(museum)
    form = {**typed(museum, aysel, look_for="Look at this"), **REFUSED[case]}

    answer = aysel.phone.post(f"{address()}/draft", data=form)

    assert answer.status_code == 422
    assert "Look at this" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert stored(museum).version == before.version


TAKEN: dict[str, tuple[Mapping[str, str], str, str]] = {
    "48 only what nobody sees": ({"hook": "\u200b \u200d"}, "hook", ""),
    "60 an accent in two signs": ({"hook": "Qarabag\u0306"}, "hook", "Qarabağ"),
    "62 what turns words around": ({"hook": "a\u202eb\u2066c"}, "hook", "abc"),
    "63 a joiner of Persian": ({"hook": "می\u200cرود"}, "hook", "می\u200cرود"),
    "65 one letter": ({"name": "Ə"}, "name", "Ə"),
    "65 what a program takes for nothing": ({"name": "Null"}, "name", "Null"),
    "65 an apostrophe and a command": (
        {"name": "O'Brien; DROP TABLE exhibits"},
        "name",
        "O'Brien; DROP TABLE exhibits",
    ),
    "73 a template": ({"hook": "{{7*7}} ${7*7} {% raw %}"}, "hook", "{{7*7}} ${7*7} {% raw %}"),
    "mark-up": ({"hook": HOSTILE}, "hook", HOSTILE),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_odd_but_words_is_kept_as_words(
    museum: Database, aysel: Desk, case: str
) -> None:
    said, field, kept = TAKEN[case]

    answer = aysel.phone.post(f"{address()}/draft", data={**typed(museum, aysel), **said})

    assert answer.status_code == 303
    assert getattr(stored(museum).newest, field) == kept
    page = aysel.phone.get(address()).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


BODIES: dict[str, tuple[str, bytes, set[int]]] = {
    "50 half a pair": ("application/x-www-form-urlencoded", b"hook=%ED%A0%80", {422}),
    "53 deep JSON": ("application/json", b"[" * 100_000, {403, 415}),
    "55 UTF-16": (
        "application/x-www-form-urlencoded; charset=utf-16",
        b"\xff\xfeh\x00",
        {403, 415},
    ),
    "56 JSON": ("application/json", b'{"hook": "a"}', {403, 415}),
    "56 XML": ("application/xml", b"<hook/>", {403, 415}),
    "56 plain": ("text/plain", b"hook=a", {403, 415}),
    "57 a list": ("application/json", b"[1]", {403, 415}),
    "58 a megabyte": ("application/x-www-form-urlencoded", b"hook=" + b"x" * 1_000_000, {413}),
    "59 ten thousand fields": (
        "application/x-www-form-urlencoded",
        b"&".join(b"f%d=1" % number for number in range(10_001)),
        {400, 413},
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_is_no_form_is_refused(museum: Database, aysel: Desk, case: str) -> None:
    kind, body, expected = BODIES[case]
    before = stored(museum)
    token = urlencode({**aysel.form, "version": before.version}).encode()

    answer = aysel.phone.post(
        f"{address()}/draft",
        content=token + b"&" + body if kind.startswith("application/x-www") else body,
        headers={"Content-Type": kind},
    )

    assert answer.status_code in expected
    assert stored(museum).version == before.version


NUMBERS = (
    "nan",
    "Infinity",
    "1e400",
    "-1",
    "0",
    "9223372036854775808",
    str(2**70),
    "1.5",
    "৩x",
)


@pytest.mark.parametrize("number", NUMBERS)
def test_51_and_52_a_number_that_is_none_is_refused(aysel: Desk, number: str) -> None:
    page = aysel.phone.get("/staff/exhibits/tar").text
    version = page.split('name="version" value="')[1].split('"')[0]
    form = {
        **aysel.form,
        "version": version,
        "exhibition": "musical-instruments",
        "category": "lute",
        "presence": "reported",
        "position": "1",
        "minutes": number,
    }

    answer = aysel.phone.post("/staff/exhibits/tar", data=form)

    assert answer.status_code == 422
    assert 'id="minutes"' in answer.text
    assert f'value="{version}"' in aysel.phone.get("/staff/exhibits/tar").text


DATES = (
    "0000-01-01T10:00",
    "2027-02-29T10:00",
    "2027-13-01T10:00",
    "2027-05-28T10:00Z",
    "2027-05-28T10:00+14:00",
    "2027-05-28",
    "1970-01-01T00:00",
    "soon",
    "\u0662\u0660\u0662\u0667-05-28T10:00",
    "2027-05-28T10:00" * 50,
)


@pytest.mark.parametrize("due", DATES, ids=range(len(DATES)))
def test_66_a_time_that_no_clock_shows_is_refused(
    museum: Database, aysel: Desk, due: str
) -> None:
    form = typed(museum, aysel, hook="A new sentence.", due=due)

    answer = aysel.phone.post(f"{address()}/publication", data=form)

    assert answer.status_code == 422
    assert "A new sentence." in answer.text
    text = stored(museum)
    assert text.draft is None or text.draft.due_at is None


@pytest.mark.parametrize("csrf", ["", "wrong", "0" * 16 + "." + "0" * 64, "\ud7ff"])
def test_69_a_form_without_its_token_is_refused(
    museum: Database, aysel: Desk, rauf: Desk, csrf: str
) -> None:
    before = stored(museum)

    for token in (csrf, rauf.form["csrf"]):
        form = {**typed(museum, aysel, hook="Forged."), "csrf": token}
        assert aysel.phone.post(f"{address()}/draft", data=form).status_code == 403

    assert stored(museum).version == before.version


def test_70_the_same_form_twice_is_told_and_loses_nothing(
    museum: Database, aysel: Desk
) -> None:
    form = typed(museum, aysel, hook="A new sentence.")

    first = aysel.phone.post(f"{address()}/publication", data=form)
    second = aysel.phone.post(f"{address()}/publication", data=form)

    assert (first.status_code, second.status_code) == (303, 409)
    assert stored(museum).shown.hook == "A new sentence."


def test_71_what_a_form_may_not_say_changes_nothing(museum: Database, aysel: Desk) -> None:
    form = typed(
        museum,
        aysel,
        hook="A new sentence.",
        status="reviewed",
        published_at="2020-01-01",
        saved_by="1",
        exhibit_id="99",
        made_from="{}",
    )

    assert aysel.phone.post(f"{address()}/draft", data=form).status_code == 303

    text = stored(museum)
    assert text.draft
    assert text.draft.saved_by == aysel.number
    assert text.newest.made_from
    assert text.newest.status == text.shown.status


@pytest.mark.parametrize(
    "path",
    [
        "/staff/texts/exhibit/nobody/en",
        "/staff/texts/exhibit/tar/xx",
        "/staff/texts/nothing/tar/en",
        "/staff/texts/exhibit/tar/en/revisions/0",
        "/staff/texts/exhibit/tar/en/revisions/9223372036854775808",
        "/staff/exhibits/nobody/pictures",
        "/staff/exhibits/tar/pictures/9223372036854775808",
        "/staff/exhibits/tar/recordings/x",
        "/staff/exhibitions/nobody",
        "/staff/halls/nobody",
        "/staff/routes/nobody",
        "/staff/glossary/nobody",
        "/staff/vocabularies/nobody",
        "/staff/imports/runs/9223372036854775808",
        "/staff/imports/uploads/nothing",
    ],
)
def test_what_is_not_there_is_not_found(guide: TestClient, aysel: Desk, path: str) -> None:
    assert aysel.phone.get(path).status_code == 404
    assert guide.get(path).status_code in {303, 404}
