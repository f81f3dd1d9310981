"""Words are found as people type them."""

import pytest

from guide.languages.folding import fold


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Qarabağ", "qarabag"),
        ("İSTANBUL", "istanbul"),
        ("ıstanbul", "istanbul"),
        ("Şəki", "seki"),
        ("Ковёр", "ковер"),
        ("السجادة", "السجاده"),
        ("Kamança", "kamanca"),
        ("ＤＴ７ＺＭ", "dt7zm"),
    ],
)
def test_finds_a_word_as_it_is_typed(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


def test_keeps_words_apart() -> None:
    assert fold("tar") != fold("tər gəl")
