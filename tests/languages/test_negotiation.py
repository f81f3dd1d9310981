"""Which language a phone gets: the table of docs/adr/0004-languages.md."""

import pytest

from guide.languages.negotiation import preferences, truncations
from tests import make

TABLE = [
    ("zh", "zh-Hans"),
    ("zh-CN", "zh-Hans"),
    ("zh-SG,en;q=0.5", "zh-Hans"),
    ("zh-Hans-CN", "zh-Hans"),
    ("zh-TW", "zh-Hans"),
    ("zh-HK", "zh-Hans"),
    ("zh-MO", "zh-Hans"),
    ("zh-Hant-TW", "zh-Hans"),
    ("yue-Hant-HK", "zh-Hans"),
    ("az", "az"),
    ("az-Cyrl-AZ", "az"),
    ("az-Arab", "az"),
    ("ar-EG", "ar"),
    ("ar-SA-u-nu-arab", "ar"),
    ("fr-CA", "fr"),
    ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
    ("ru-RU", "ru"),
    ("uk", "en"),
    ("uk-UA,uk;q=0.9", "en"),
    ("uk,ru;q=0.5", "ru"),
    ("kk-KZ", "en"),
    ("fa-IR,fa;q=0.9,ar;q=0.3", "ar"),
    ("de-DE,de;q=0.9,fr;q=0.8,en;q=0.7", "fr"),
    ("ka", "en"),
    ("he-IL", "en"),
    ("*", "az"),
    ("*,fr;q=0.5", "az"),
    ("fr;q=0.5,*;q=0.1", "fr"),
    ("", "az"),
    (None, "az"),
    (";;;,,,", "az"),
    ("q=NaN", "az"),
    ("fr;q=NaN", "az"),
    ("en;q=0.1,ar;q=0.9", "ar"),
    ("ar;q=0.9,en;q=0.1", "ar"),
    ("fr;q=0,ru;q=0.2", "ru"),
    ("en;q=0", "az"),
    ("ZH-cn", "zh-Hans"),
    ("AZ", "az"),
    ("FR-fr;Q=0.9,EN;q=0.95", "en"),
    ("fr ; q=0.8 , ru ; q=0.9", "ru"),
    ("de;q=2,fr", "fr"),
    ("xx-" * 3_000, "az"),
    ("fr," + "de;q=0.1," * 1_000, "fr"),
    (",".join(f"a{n:03}" for n in range(1_000)), "az"),
    ("\x00\x01fr", "az"),
    ("français", "az"),
]


@pytest.mark.parametrize(("header", "tag"), TABLE)
def test_a_phone_gets_the_language_of_the_table(header: str | None, tag: str) -> None:
    assert make.offer().for_header(header).tag == tag


def test_a_language_that_is_switched_off_is_not_given() -> None:
    offer = make.offer()
    offer.languages[0].switched_off_at = make.YESTERDAY
    on = type(offer).of(offer.languages, "az")

    assert on.for_header("az,tr;q=0.5").tag == "tr"
    assert on.for_header(None).tag == "en"


def test_equal_weights_keep_their_order() -> None:
    assert preferences("ru,tr,fr") == ["ru", "tr", "fr"]


def test_a_single_letter_is_not_left_at_the_end_of_a_shortened_tag() -> None:
    assert list(truncations("ar-u-nu-arab")) == ["ar-u-nu-arab", "ar-u-nu", "ar"]
