"""Every public page in every language: what is in another language says so."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ON_ONE_DATABASE, Phone
from tests.e2e.markup import Element, read

pytestmark = [pytest.mark.browser, *ON_ONE_DATABASE]

SCRIPTS = {
    "az": "LATIN",
    "en": "LATIN",
    "fr": "LATIN",
    "tr": "LATIN",
    "ru": "CYRILLIC",
    "zh-Hans": "CJK",
    "ar": "ARABIC",
}
RIGHT_TO_LEFT = {"ar"}
CODELESS = "zxx"
"""The tag of what is in no language: a code, a host name."""

REFUSALS = ("code?c=by6v2", "code?c=hello-there", "exhibits/nowhere", "exhibits/garmon")
CONTAINERS = {"telling", "opening", "facts"}
SWITCHERS = {"switcher", "languages"}
DOTTED = "\u0307"
"""The combining dot that a Turkic İ leaves behind where somebody lowered it as English."""

in_every_language = pytest.mark.parametrize("tag", SCRIPTS)


@in_every_language
def test_every_page_names_its_language_and_direction(served: str, tag: str) -> None:
    direction = "rtl" if tag in RIGHT_TO_LEFT else "ltr"

    said = {
        path: (page.attributes["lang"], page.attributes["dir"])
        for path, page in pages(served, tag).items()
    }

    assert {path: one for path, one in said.items() if one != (tag, direction)} == {}


@in_every_language
def test_no_text_is_in_a_script_that_its_language_is_not_written_in(
    served: str, tag: str
) -> None:
    told = faults(served, tag, texts_in_another_script)

    assert not told, "\n".join(told)


@in_every_language
def test_a_text_in_another_language_stands_under_a_note_that_says_so(
    served: str, tag: str
) -> None:
    told = faults(served, tag, texts_without_a_note)

    assert not told, "\n".join(told)


@in_every_language
def test_nothing_is_empty_or_left_over(served: str, tag: str) -> None:
    told = faults(served, tag, leftovers)

    assert not told, "\n".join(told)


@in_every_language
def test_one_heading_leads_and_every_field_has_a_label(served: str, tag: str) -> None:
    told = faults(served, tag, missing_names)

    assert not told, "\n".join(told)


@in_every_language
def test_a_page_keeps_to_one_system_of_digits(served: str, tag: str) -> None:
    told = faults(served, tag, second_digits)

    assert not told, "\n".join(told)


def test_no_azerbaijani_letter_falls_apart(served: str) -> None:
    broken = [path for path, page in pages(served, "az").items() if DOTTED in page.text]

    assert broken == []


@pytest.mark.parametrize("tag", ["zh-Hans", "ar", "ru"])
def test_the_note_can_be_seen(phone: Phone, tag: str) -> None:
    page = phone("en")

    page.goto(f"/{tag}/exhibits/tar")

    expect(page.locator(".fallback").first).to_be_visible()
    direction = page.evaluate("getComputedStyle(document.querySelector('h1')).direction")
    assert direction == ("rtl" if tag in RIGHT_TO_LEFT else "ltr")


Check = Callable[[Element], Iterator[str]]

RUSSIAN = "<p lang='ru'>Слово</p>"
FAULTY = {
    "<p>Слово</p>": ["«Слово» is not in the script of en"],
    RUSSIAN: ["<p> «Слово» is in ru, without a note"],
    f"<section><p class='fallback'><bdi lang='az'>A</bdi></p>{RUSSIAN}</section>": [
        "<p> «Слово» is in ru, without a note"
    ],
    f"<section><p class='fallback'><bdi lang='ru'>Р</bdi></p>{RUSSIAN}</section>": [],
    "<p><bdi lang='ru'>Слово</bdi></p>": [],
    "<ul><li></li></ul>": ["<li> «» is empty"],
    "<p>None</p>": ["«None» is left over"],
    "<p>None of these.</p>": [],
    "<h1>Again</h1>": ["2 headings lead"],
    "<p id='c'>A</p><p id='c'>B</p>": ["the id c is there twice"],
    "<input id='c'>": ["<input> «» has no label"],
    "<p>٣ of 3</p>": ["digits of 2 systems"],
}


@pytest.mark.parametrize(("main", "told"), FAULTY.items())
def test_the_checks_see_a_fault(main: str, told: list[str]) -> None:
    page = read(
        f"<html lang='en' dir='ltr'><body><main><h1>One</h1>{main}</main></body></html>"
    )
    checks = (
        texts_in_another_script,
        texts_without_a_note,
        leftovers,
        missing_names,
        second_digits,
    )

    assert [fault for check in checks for fault in check(page)] == told


def faults(served: str, tag: str, check: Check) -> list[str]:
    """Collect what a check finds on every page, once per fault, with the first page."""
    found: dict[str, str] = {}
    for path, page in pages(served, tag).items():
        for fault in check(page):
            found.setdefault(fault, path)
    return [f"{path}: {fault}" for fault, path in found.items()]


@cache
def pages(served: str, tag: str) -> dict[str, Element]:
    """Read every page of a language that links lead to, and its refusals."""
    waiting = [f"/{tag}/", *(f"/{tag}/{one}" for one in REFUSALS)]
    seen: dict[str, Element] = {}
    with httpx2.Client(base_url=served, headers={"accept-language": tag}) as client:
        while waiting:
            path = waiting.pop()
            if path not in seen:
                answer = client.get(path)
                assert not answer.is_server_error, f"{path} could not be shown"
                seen[path] = page = read(answer.text)
                waiting += [href for href in links(page) if href.startswith(f"/{tag}/")]
    return seen


def links(page: Element) -> Iterator[str]:
    for link in page.named("a"):
        yield urlsplit(link.attributes["href"])._replace(fragment="").geturl()


def texts_in_another_script(page: Element) -> Iterator[str]:
    for element, text in page.texts():
        expected = SCRIPTS.get(element.language)
        if element.language != CODELESS and script(text) not in {None, expected}:
            yield f"«{text.strip()[:60]}» is not in the script of {element.language}"


def script(text: str) -> str | None:
    """Return the script that most letters of a text are of; None if it has no letters."""
    letters = [unicodedata.name(one, "?").split()[0] for one in text if one.isalpha()]
    return Counter(letters).most_common(1)[0][0] if letters else None


def texts_without_a_note(page: Element) -> Iterator[str]:
    """Find blocks in a language that no note before them names.

    One note stands for all that follows in the same language; a name in `bdi` carries its
    own mark.
    """
    noted: set[str] = set()
    for one in page:
        if "fallback" in one.classes:
            noted |= {n.attributes["lang"] for n in one if "lang" in n.attributes}
        tag = one.attributes.get("lang", page.attributes["lang"])
        is_marked_otherwise = one.name == "bdi" or any(
            SWITCHERS & up.classes for up in one.upwards()
        )
        if tag in {page.attributes["lang"], CODELESS} or is_marked_otherwise:
            continue
        if tag not in noted:
            yield f"{one} is in {tag}, without a note"


def leftovers(page: Element) -> Iterator[str]:
    for one in page.named(
        "h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "a", "button", "title"
    ):
        if not one.text and not one.named("img", "input"):
            yield f"{one} is empty"
    for _, text in page.texts():
        if text.strip() == "None" or "%(" in text or "{{" in text:
            yield f"«{text.strip()[:60]}» is left over"


def missing_names(page: Element) -> Iterator[str]:
    leading = len(page.named("h1"))
    if leading != 1:
        yield f"{leading} headings lead"
    ids = [one.attributes["id"] for one in page if "id" in one.attributes]
    yield from (f"the id {one} is there twice" for one, n in Counter(ids).items() if n > 1)
    labelled = {one.attributes.get("for") for one in page.named("label") if one.text}
    for one in page.named("input", "select", "textarea"):
        is_hidden = one.attributes.get("type") == "hidden"
        if not is_hidden and one.attributes.get("id") not in labelled:
            yield f"{one} has no label"


def second_digits(page: Element) -> Iterator[str]:
    zeros = {ord(one) - unicodedata.digit(one) for one in page.text if one.isdecimal()}
    if len(zeros) > 1:
        yield f"digits of {len(zeros)} systems"
