"""Writing a text in the office."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from guide.db import Database
from guide.exhibits.drafts import PublishingRules
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.model import Status
from guide.exhibits.words import fingerprint
from tests.accounts.conftest import Desk
from tests.curation.conftest import address, stored, typed

HOOK = "Eleven strings over a skin of mulberry."
SCRIPT = {"accept": "application/json"}


def test_saves_a_draft_and_shows_it_again(museum: Database, aysel: Desk) -> None:
    answer = aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=HOOK))

    assert HOOK in aysel.phone.get(answer.headers["location"]).text
    assert stored(museum).newest.hook == HOOK
    assert stored(museum).newest.story != ""


def test_a_saved_draft_is_seen_by_no_visitor(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    before = guide.get("/en/exhibits/tar").content

    aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=HOOK))

    assert guide.get("/en/exhibits/tar").content == before


def test_tells_a_script_what_it_saved(museum: Database, aysel: Desk) -> None:
    form = typed(museum, aysel, hook=HOOK)

    answer = aysel.phone.post(address() + "/draft", data=form, headers=SCRIPT)

    assert answer.json()["version"] == stored(museum).version


def test_publishes_what_was_typed_last(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    aysel.phone.post(address() + "/publication", data=typed(museum, aysel, hook=HOOK))

    assert HOOK in guide.get("/en/exhibits/tar").text


def test_the_second_of_two_editors_gets_both_texts(
    museum: Database, aysel: Desk, rauf: Desk
) -> None:
    opened = typed(museum, rauf, hook="What Rauf wrote.")
    aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=HOOK))

    answer = rauf.phone.post(address() + "/draft", data=opened)

    assert answer.status_code == 409
    assert "What Rauf wrote." in answer.text
    assert "mulberry" in answer.text
    assert stored(museum).newest.hook == HOOK


def test_what_was_put_together_is_saved(museum: Database, aysel: Desk, rauf: Desk) -> None:
    aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=HOOK))

    rauf.phone.post(address() + "/draft", data=typed(museum, rauf, hook="Of both."))

    assert stored(museum).newest.hook == "Of both."


def test_publishing_over_another_publishes_nothing(
    guide: TestClient, museum: Database, aysel: Desk, rauf: Desk
) -> None:
    opened = typed(museum, rauf, hook="What Rauf wrote.")
    aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=HOOK))

    answer = rauf.phone.post(address() + "/publication", data=opened)

    assert answer.status_code == 409
    assert "What Rauf wrote." not in guide.get("/en/exhibits/tar").text


@pytest.mark.parametrize(
    ("field", "words"),
    [
        pytest.param("hook", "a" * 601, id="too long a hook"),
        pytest.param("story", "a" * 6_001, id="too long a story"),
        pytest.param("name", "a" * 201, id="too long a name"),
        pytest.param("hook", "a\x00b", id="NUL"),
        pytest.param("story", "a\x08b", id="a control"),
        pytest.param("hook", "a" + "\u0301" * 1_000, id="a tower of marks"),
    ],
)
def test_what_cannot_be_read_comes_back_as_it_was_typed(
    museum: Database, aysel: Desk, field: str, words: str
) -> None:
    form = typed(museum, aysel, **{field: words})

    answer = aysel.phone.post(address() + "/draft", data=form)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert stored(museum).draft is None


@pytest.mark.parametrize(
    ("typed_in", "kept"),
    [
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="markup"),
        pytest.param("{{7*7}}", "{{7*7}}", id="a template"),
        pytest.param("\u202eevil\u202c", "evil", id="a direction override"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner that a word needs"),
        pytest.param("  two   spaces ", "two spaces", id="white space"),
        pytest.param("\u200b \u00a0", "", id="nothing that is seen"),
        pytest.param("Café", "Café", id="letters and marks apart"),
    ],
)
def test_words_are_kept_as_words(
    museum: Database, aysel: Desk, typed_in: str, kept: str
) -> None:
    aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=typed_in))

    assert stored(museum).newest.hook == kept


def test_published_markup_is_neutral(guide: TestClient, museum: Database, aysel: Desk) -> None:
    story = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) **bold**"
    form = typed(museum, aysel, hook="<script>alert(1)</script>", story=story)

    aysel.phone.post(address() + "/publication", data=form)

    page = guide.get("/en/exhibits/tar").text
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_a_text_without_a_hook_is_not_published(museum: Database, aysel: Desk) -> None:
    form = typed(museum, aysel, hook="")

    answer = aysel.phone.post(address() + "/publication", data=form)

    assert answer.status_code == 422
    assert '<a href="#hook">' in answer.text
    assert stored(museum).newest.hook == ""
    assert stored(museum).shown.hook != ""


def test_is_published_at_ten_in_baku(museum: Database, aysel: Desk) -> None:
    form = typed(museum, aysel, hook=HOOK, due="2031-05-28T10:00")

    aysel.phone.post(address() + "/publication", data=form)

    draft = stored(museum).draft
    assert draft
    assert draft.due_at == datetime(2031, 5, 28, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "due",
    ["2020-01-01T10:00", "yesterday", "2031-02-30T10:00", "2031-05-28T10:00+14:00", "0000-00"],
)
def test_a_time_that_cannot_be_is_refused(museum: Database, aysel: Desk, due: str) -> None:
    form = typed(museum, aysel, hook=HOOK, due=due)

    answer = aysel.phone.post(address() + "/publication", data=form)

    assert answer.status_code == 422
    draft = stored(museum).draft
    assert draft
    assert draft.due_at is None


def test_what_is_planned_can_be_taken_back(museum: Database, aysel: Desk) -> None:
    form = typed(museum, aysel, hook=HOOK, due="2031-05-28T10:00")
    aysel.phone.post(address() + "/publication", data=form)

    aysel.phone.post(address() + "/review/end", data=aysel.form)

    draft = stored(museum).draft
    assert draft
    assert draft.due_at is None
    assert draft.manuscript.hook == HOOK


def test_nobody_edits_what_is_planned(museum: Database, aysel: Desk) -> None:
    form = typed(museum, aysel, hook=HOOK, due="2031-05-28T10:00")
    aysel.phone.post(address() + "/publication", data=form)

    answer = aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook="Late."))

    assert answer.status_code == 409
    assert stored(museum).newest.hook == HOOK


def test_a_second_person_reads_and_publishes(
    guide: TestClient, museum: Database, aysel: Desk, rauf: Desk
) -> None:
    want_two(museum)
    aysel.phone.post(address() + "/review", data=typed(museum, aysel, hook=HOOK))
    own = aysel.phone.post(
        address() + "/publication", data={**aysel.form, "version": stored(museum).version}
    )
    assert own.status_code == 409
    assert HOOK not in guide.get("/en/exhibits/tar").text

    rauf.phone.post(
        address() + "/publication", data={**rauf.form, "version": stored(museum).version}
    )

    assert HOOK in guide.get("/en/exhibits/tar").text
    revision = aysel.phone.get(address() + "/revisions/3").text
    assert "Aysel" in revision


def test_a_text_is_sent_back_with_a_note(museum: Database, aysel: Desk, rauf: Desk) -> None:
    aysel.phone.post(address() + "/review", data=typed(museum, aysel, hook=HOOK))
    note = {"note": "Count the strings again.", "version": stored(museum).version}

    rauf.phone.post(address() + "/review/return", data={**rauf.form, **note})

    assert "Count the strings again." in aysel.phone.get(address()).text
    assert "Count the strings again." in aysel.phone.get("/staff").text


def test_a_translation_is_reviewed_only_when_somebody_says_so(
    museum: Database, aysel: Desk
) -> None:
    aysel.phone.post(address() + "/publication", data=typed(museum, aysel, hook=HOOK))
    assert stored(museum).shown.status == Status.MACHINE

    read = typed(museum, aysel, hook="Another.", is_read="yes")
    aysel.phone.post(address() + "/publication", data=read)

    assert stored(museum).shown.status == Status.REVIEWED


def test_a_changed_source_is_shown_word_by_word(museum: Database, aysel: Desk) -> None:
    form = typed(museum, aysel, "az", hook="Tarın gövdəsi qozdandır.")
    aysel.phone.post(address("az") + "/publication", data=form)

    page = aysel.phone.get(address("en")).text

    assert "<ins>" in page
    assert "Made from source revision 1; the source is now at revision 2." in page


def test_saying_that_it_still_says_the_same_mends_it(museum: Database, aysel: Desk) -> None:
    anew = "Tarın gövdəsi qozdandır."
    az = typed(museum, aysel, "az", hook=anew)
    aysel.phone.post(address("az") + "/publication", data=az)
    source = Manuscript(hook=anew)
    assert "hook" in stored(museum).newest.out_of_date(source)

    form = typed(museum, aysel)
    confirmed = {"confirm-hook": "yes", "source-hook": fingerprint(anew)}
    aysel.phone.post(address() + "/draft", data={**form, **confirmed})

    assert "hook" not in stored(museum).newest.out_of_date(source)


def test_an_old_revision_comes_back_as_a_draft(museum: Database, aysel: Desk) -> None:
    old = stored(museum).shown.hook
    aysel.phone.post(address() + "/publication", data=typed(museum, aysel, hook=HOOK))

    aysel.phone.post(address() + "/revisions/1/restoration", data=aysel.form)

    assert stored(museum).newest.hook == old
    assert stored(museum).shown.hook == HOOK


def test_two_revisions_are_compared(museum: Database, aysel: Desk) -> None:
    aysel.phone.post(address() + "/publication", data=typed(museum, aysel, hook=HOOK))

    page = aysel.phone.get(address() + "/revisions/2?against=1").text

    assert "<del>" in page
    assert "<ins>" in page


@pytest.mark.parametrize(
    "path",
    [
        address("xx"),
        address(slug="nothing"),
        address(kind="tour"),
        address(kind="center"),
        address() + "/revisions/99",
    ],
)
def test_what_is_not_there_is_not_found(aysel: Desk, path: str) -> None:
    assert aysel.phone.get(path).status_code == 404


def test_the_center_and_exhibitions_have_texts_too(aysel: Desk) -> None:
    center, room = address(kind="center", slug="center"), address(slug="classic-cars")

    assert aysel.phone.get(center).status_code == 200
    assert aysel.phone.get(room.replace("exhibit/", "exhibition/")).status_code == 200


def test_a_draft_is_read_on_a_phone(guide: TestClient, museum: Database, aysel: Desk) -> None:
    aysel.phone.post(address() + "/draft", data=typed(museum, aysel, hook=HOOK))
    page = aysel.phone.get(address()).text
    path = page.partition('href="/preview/')[2].partition('"')[0]

    answer = guide.get(f"/preview/{path}")

    assert HOOK in answer.text
    assert "Draft, not published" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"


def test_a_forged_preview_is_not_found(guide: TestClient) -> None:
    assert guide.get("/preview/abc.def.ghi").status_code == 404


def test_a_text_goes_back_from_visitors(
    guide: TestClient, museum: Database, aysel: Desk
) -> None:
    hook = stored(museum).shown.hook
    form = {**aysel.form, "version": stored(museum).version}

    aysel.phone.post(address() + "/publication/end", data=form)

    assert hook not in guide.get("/en/exhibits/tar").text


def test_no_machine_drafts_where_none_is_set_up(museum: Database, aysel: Desk) -> None:
    form = {**aysel.form, "version": stored(museum).version}

    answer = aysel.phone.post(address() + "/machine-draft", data=form)

    assert answer.status_code == 422
    assert stored(museum).draft is None


def want_two(museum: Database) -> None:
    with museum.writing() as db:
        long_ago = datetime.now(UTC) - timedelta(days=1)
        db.get_one(PublishingRules, 1).second_person_since = long_ago
