"""Which language a page comes in: address, choice, delegation, phone (V4, acceptance 2)."""

from time import time

import pytest
from fastapi.testclient import TestClient

from guide.web.reader import DelegationPass, pass_signer

PAGES = ["", "exhibitions/classic-cars", "exhibits/tar", "code", "languages", "glossary"]


def delegation(visitor: TestClient, language: str, *, seconds: int = 3_600) -> str:
    """Make the cookie of a delegation's phone, as its own page will set it."""
    secret: str = visitor.app.state.secret  # type: ignore[attr-defined]  # a FastAPI
    shown = DelegationPass(visit=1, language=language, until=int(time()) + seconds)
    signed = pass_signer(secret).dumps(shown.model_dump())
    return signed if isinstance(signed, str) else signed.decode()


def landed(visitor: TestClient, *, phone: str | None = None, **cookies: str) -> str:
    for name, value in cookies.items():
        visitor.cookies.set(name, value)
    headers = {"accept-language": phone} if phone else {}
    answer = visitor.get("/", headers=headers)
    assert answer.status_code == 302
    assert answer.headers["vary"] == "Accept-Language, Cookie"
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["location"]


def test_the_phones_language_is_met(visitor: TestClient) -> None:
    assert landed(visitor, phone="fr-CH, fr;q=0.9, en;q=0.8") == "/fr/"


def test_a_delegations_language_beats_the_phones(visitor: TestClient) -> None:
    assert landed(visitor, phone="en", d=delegation(visitor, "zh-Hans")) == "/zh-Hans/"


def test_a_choice_beats_the_delegations_language(visitor: TestClient) -> None:
    assert landed(visitor, phone="en", d=delegation(visitor, "zh-Hans"), lang="ar") == "/ar/"


@pytest.mark.parametrize("where", PAGES)
def test_the_address_beats_everything_and_is_never_redirected(
    visitor: TestClient, where: str
) -> None:
    visitor.cookies.set("lang", "ar")
    visitor.cookies.set("d", delegation(visitor, "zh-Hans"))
    answer = visitor.get(f"/fr/{where}", headers={"accept-language": "ru"})
    assert answer.status_code == 200
    assert answer.headers["content-language"] == "fr"
    assert '<html lang="fr" dir="ltr">' in answer.text


def test_a_visit_that_is_over_no_longer_chooses(visitor: TestClient) -> None:
    over = delegation(visitor, "zh-Hans", seconds=-1)
    assert landed(visitor, phone="en", d=over) == "/en/"


@pytest.mark.parametrize("forged", ["", "x", "eyJ2aXNpdCI6MX0.forged", "%%%", '{"visit":1}'])
def test_a_forged_pass_is_ignored(visitor: TestClient, forged: str) -> None:
    assert landed(visitor, phone="en", d=forged) == "/en/"


@pytest.mark.parametrize("unknown", ["zz", "", "../../x", "EN"])
def test_an_unknown_choice_is_ignored(visitor: TestClient, unknown: str) -> None:
    assert landed(visitor, phone="fr", lang=unknown) == "/fr/"


@pytest.mark.parametrize("where", PAGES)
def test_a_page_is_the_same_bytes_for_everyone(visitor: TestClient, where: str) -> None:
    plain = visitor.get(f"/az/{where}")
    visitor.cookies.set("lang", "ar")
    visitor.cookies.set("d", delegation(visitor, "zh-Hans"))
    other = visitor.get(f"/az/{where}?utm_source=x", headers={"accept-language": "zh"})
    assert other.content == plain.content
    assert "set-cookie" not in other.headers
    assert "vary" not in other.headers
    assert other.headers["cache-control"] == "public, no-cache"


def test_the_wrong_case_is_corrected_and_an_unknown_language_is_not_found(
    visitor: TestClient,
) -> None:
    answer = visitor.get("/ZH-hans/exhibits/tar?a=b")
    assert (answer.status_code, answer.headers["location"]) == (
        308,
        "/zh-Hans/exhibits/tar?a=b",
    )
    assert visitor.get("/zz/exhibits/tar").status_code == 404


def test_the_switcher_names_every_language_in_itself_and_keeps_the_exhibit(
    visitor: TestClient,
) -> None:
    page = visitor.get("/ar/exhibits/tar").text
    assert 'name="next" value="/ar/exhibits/tar"' in page
    for tag, endonym in {"az": "Azərbaycanca", "zh-Hans": "简体中文", "ar": "العربية"}.items():
        assert f'name="lang" value="{tag}"' in page
        assert endonym in page


def test_a_refusal_speaks_the_language_of_its_address(visitor: TestClient) -> None:
    answer = visitor.get("/ar/exhibits/nothing", headers={"accept-language": "fr"})
    assert answer.status_code == 404
    assert '<html lang="ar" dir="rtl">' in answer.text
