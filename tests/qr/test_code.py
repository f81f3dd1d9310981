"""What a code is: five characters that forgive how they are typed (labels.md, Q8)."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.qr.code import (
    ALPHABET,
    canonical,
    check_character,
    grouped,
    is_consistent,
    is_decent,
    mint,
)
from tests.conftest import EXHIBITIONS


def codes(count: int) -> list[str]:
    taken: set[str] = set()
    for _ in range(count):
        taken.add(mint(taken))
    return sorted(taken)


def test_the_check_character_is_crockfords() -> None:
    assert check_character("ab12") == "n"


def test_every_single_wrong_character_is_noticed() -> None:
    for code in codes(200):
        for place in range(5):
            for other in set(ALPHABET) - {code[place]}:
                assert not is_consistent(code[:place] + other + code[place + 1 :])


def test_every_swap_of_neighbours_is_noticed() -> None:
    for code in codes(200):
        for place in range(4):
            first, second = code[place], code[place + 1]
            if first != second:
                assert not is_consistent(code[:place] + second + first + code[place + 2 :])


@pytest.mark.parametrize(
    "typed",
    [
        "ab12n",
        "AB12N",
        "AB12-N",
        "ab12-n",
        " ab12n ",
        "a b 1 2 n",
        "ABI2N",
        "abl2n",
        "ＡＢ１２Ｎ",
    ],
)
def test_case_hyphens_and_look_alikes_are_forgiven(typed: str) -> None:
    assert canonical(typed) == "ab12n"


def test_a_typed_o_is_a_zero() -> None:
    assert canonical("OooO0") == "00000"


@pytest.mark.parametrize(
    "typed", ["", "a", "ab12", "ab12nn", "ab12ü", "a" * 65, "ab1\u202e2n", "👩‍🎨"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert canonical(typed) is None


@given(st.text())
def test_any_text_is_a_code_or_none(typed: str) -> None:
    read = canonical(typed)
    assert read is None or (len(read) == 5 and set(read) <= set(ALPHABET))


def test_minted_codes_are_consistent_decent_and_new() -> None:
    minted = codes(500)
    assert len(set(minted)) == 500
    assert all(is_consistent(code) and is_decent(code) for code in minted)


def test_the_codes_of_the_starter_content_are_consistent_and_decent() -> None:
    registry = tomllib.loads((EXHIBITIONS / "codes.toml").read_text(encoding="utf-8"))
    assert len(registry["codes"]) == 27
    assert all(is_consistent(code) and is_decent(code) for code in registry["codes"])


@pytest.mark.parametrize("code", ["sex00", "5ex00", "0a551", "f4g00", "k1ll0", "p1c00"])
def test_a_code_that_reads_as_an_unwanted_word_is_not_decent(code: str) -> None:
    assert is_decent("ab12n")
    assert not is_decent(code)


def test_a_code_is_printed_in_capitals_with_a_hyphen() -> None:
    assert grouped("ab12n") == "AB12-N"
